#pragma once
/// \file  The flatbuffer metadata of Arrow IPC messages. Internal to this
/// folder's writer and reader. Spec: Apache Arrow format, Message.fbs and
/// Schema.fbs: table slots and enum numbers below are theirs.
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "columnar/types.h"

namespace tarn::columnar::ipc {

enum class MessageHeader : uint8_t { kNone = 0, kSchema = 1, kRecordBatch = 3 };

struct FieldNode {
  int64_t length;
  int64_t null_count;
};

struct BufferSpan {
  int64_t offset;
  int64_t length;
};

struct RecordBatchLayout {
  int64_t length = 0;
  std::vector<FieldNode> nodes;
  std::vector<BufferSpan> buffers;
  bool lz4_frame = false;
  int64_t body_bytes = 0;
};

/// Metadata with its prefix (continuation marker and size), padded to 8 bytes.
Result<std::string> SchemaMetadata(const Schema& schema, const std::string& time_zone);
std::string RecordBatchMetadata(const RecordBatchLayout& layout);

}  // namespace tarn::columnar::ipc
