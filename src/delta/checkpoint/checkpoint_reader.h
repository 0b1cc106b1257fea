#pragma once
/// \file  Reading one file of a checkpoint into columns. Spec: PROTOCOL.md, "Checkpoint Schema".
#include <memory>
#include <string>
#include <vector>

#include "delta/files/file_block.h"
#include "delta/parquet_io.h"
#include "io/object_store.h"

namespace tarn::delta {

/// All actions of a checkpoint's Parquet file but those of files: protocol, metadata, transactions,
/// domains, checkpoint metadata and sidecars. Errors: those of ParquetIo::Read, DELTA_LOG_CORRUPT.
Result<std::vector<Action>> ReadTableActions(ParquetIo& parquet, const std::string& path);

/// Which columns of file actions a table makes use of.
struct FileColumnsUsed {
  bool partition_values = true;
  bool deletion_vectors = true;
  bool row_ids = true;

  static FileColumnsUsed By(const Protocol& protocol, const Metadata& metadata);
};

struct CheckpointFileActions {
  std::vector<std::shared_ptr<const FileBlock>> added;
  std::vector<std::shared_ptr<const FileBlock>> removed;
};
/// The file actions of a checkpoint's file or sidecar. Statistics and tags are read when somebody
/// first asks for them; store and port are kept for that.
/// Errors: those of ParquetIo::Read and ObjectStore::Head, DELTA_CHECKPOINT_CORRUPT.
Status ReadFileActions(const std::shared_ptr<io::ObjectStore>& store,
                       const std::shared_ptr<ParquetIo>& parquet, const std::string& path,
                       const FileColumnsUsed& used, CheckpointFileActions* actions);

}  // namespace tarn::delta
