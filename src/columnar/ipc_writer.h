#pragma once
/// \file  Writes the Arrow IPC streaming format from C data, without an Arrow
/// library. Spec: Apache Arrow, "Serialization and Interprocess Communication
/// (IPC)", metadata version V5.
#include <string>
#include <string_view>

#include "columnar/arrow.h"

namespace tarn::columnar {

enum class IpcCompression { kNone, kLz4Frame };

/// Encodes messages of one stream. A whole stream is SchemaMessage, then record
/// batches, then EndOfStream. Thread-safety: const, may be shared.
class IpcWriter {
 public:
  IpcWriter(Schema schema, IpcCompression compression, std::string time_zone = "UTC");

  /// One encapsulated schema message. Errors: UNSUPPORTED_ARROWTYPE.
  Result<std::string> SchemaMessage() const;
  /// One encapsulated record batch message. `batch` has the layouts of
  /// ToArrowSchema; an array offset is honoured. Errors: INTERNAL_ERROR for a
  /// layout that does not fit the schema.
  Result<std::string> RecordBatchMessage(const RecordBatch& batch) const;
  /// The end-of-stream marker.
  static std::string EndOfStream();
  /// The whole stream for one batch: what an external link or a chunk holds.
  Result<std::string> Stream(const RecordBatch& batch) const;

 private:
  Schema schema_;
  IpcCompression compression_;
  std::string time_zone_;
};

/// One LZ4 frame of the bytes, as doors want whole messages packed. Errors: INTERNAL_ERROR.
Result<std::string> CompressLz4Frame(std::string_view bytes);

}  // namespace tarn::columnar
