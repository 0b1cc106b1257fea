#pragma once
/// \file  The actions of the Delta transaction log. Spec: PROTOCOL.md, "Actions". Field names are
/// the protocol's; fields and actions the protocol may add later are ignored when read.
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace tarn::delta {

using Version = int64_t;

/// Column name → serialized value; an empty optional is NULL. Spec: "Partition Value
/// Serialization".
using PartitionValues = std::map<std::string, std::optional<std::string>>;

/// Where the deleted rows of a data file are listed. Spec: "Deletion Vector Descriptor Schema".
struct DeletionVectorDescriptor {
  char storage_type = 'u';        ///< 'u': a file named by a UUID, 'p': by its path, 'i': inline
  std::string path_or_inline_dv;  ///< as the log holds it: Z85 for 'u' and 'i'
  std::optional<int32_t> offset;  ///< in the file, of the vector's size; none when inline
  int32_t size_in_bytes = 0;      ///< of the bitmap, without size and checksum
  int64_t cardinality = 0;        ///< how many rows are deleted

  /// Together with the path the identity of a file in the table.
  std::string UniqueId() const;
  auto operator<=>(const DeletionVectorDescriptor&) const = default;
};

/// A data file that belongs to the table from its commit on. Spec: "Add File and Remove File".
struct AddFile {
  std::string path;  ///< percent-decoded; relative to the table's folder, or absolute
  PartitionValues partition_values;
  int64_t size_bytes = 0;
  int64_t modification_time_ms = 0;
  bool data_change = true;
  std::string stats;  ///< the statistics as JSON text, or empty
  std::map<std::string, std::string> tags;
  std::optional<DeletionVectorDescriptor> deletion_vector;
  std::optional<int64_t> base_row_id;                 ///< Spec: "Row Tracking"
  std::optional<int64_t> default_row_commit_version;  ///< Spec: "Row Tracking"
  std::optional<std::string> clustering_provider;     ///< Spec: "Clustered Table"
};

/// A data file that no longer belongs to the table.
struct RemoveFile {
  std::string path;
  std::optional<int64_t> deletion_timestamp_ms;
  bool data_change = true;
  bool extended_file_metadata = false;
  PartitionValues partition_values;  ///< with extended metadata
  int64_t size_bytes = 0;            ///< with extended metadata
  std::map<std::string, std::string> tags;
  std::optional<DeletionVectorDescriptor> deletion_vector;
  std::optional<int64_t> base_row_id;
  std::optional<int64_t> default_row_commit_version;
};

/// A file of changed rows, beside the data files, for readers of the change data feed.
/// Spec: "Add CDC File".
struct AddCdcFile {
  std::string path;
  PartitionValues partition_values;
  int64_t size_bytes = 0;
  std::map<std::string, std::string> tags;
};

/// Schema, partitioning and properties. Spec: "Change Metadata".
struct Metadata {
  std::string id;
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::string schema_string;  ///< Spark's schema JSON
  std::vector<std::string> partition_columns;
  std::map<std::string, std::string> configuration;
  std::optional<int64_t> created_time_ms;
};

/// What a client must understand to read and write the table. Spec: "Protocol Evolution".
struct Protocol {
  int min_reader_version = 1;
  int min_writer_version = 2;
  std::optional<std::vector<std::string>> reader_features;
  std::optional<std::vector<std::string>> writer_features;
};

/// Where a commit came from; free-form. Spec: "Commit Provenance Information".
struct CommitInfo {
  json::Object fields;
};
/// Milliseconds since 1970. Spec: "In-Commit Timestamps".
std::optional<int64_t> InCommitTimestampOf(const CommitInfo& info);

/// A named piece of metadata that belongs to a feature or an application; one of a domain at a
/// time. Spec: "Domain Metadata".
struct DomainMetadata {
  std::string domain;
  std::string configuration;  ///< JSON by convention of the domain's owner
  bool removed = false;
};

/// Says of a checkpoint's file that it is a V2 checkpoint. Spec: "Checkpoint Metadata".
struct CheckpointMetadata {
  int64_t version = 0;
  std::map<std::string, std::string> tags;
};

/// A file that holds a part of a V2 checkpoint's file actions. Spec: "Sidecar File Information".
struct Sidecar {
  std::string path;  ///< name in `_delta_log/_sidecars`, or an absolute path
  int64_t size_bytes = 0;
  int64_t modification_time_ms = 0;
  std::map<std::string, std::string> tags;
};

/// The newest transaction of one application. Spec: "Transaction Identifiers".
struct SetTransaction {
  std::string app_id;
  int64_t version = 0;
  std::optional<int64_t> last_updated_ms;
};

using Action = std::variant<AddFile, RemoveFile, AddCdcFile, Metadata, Protocol, CommitInfo,
                            SetTransaction, DomainMetadata, CheckpointMetadata, Sidecar>;

/// Identity of a logical file: its path and its deletion vector. Spec: "Add File and Remove File".
std::string FileKey(const std::string& path,
                    const std::optional<DeletionVectorDescriptor>& deletion_vector);

/// One line of a commit file, without its newline. Paths are percent-encoded as the protocol asks.
std::string ActionToJson(const Action& action);

/// Reads every action of a commit file (or of checkpoint rows as JSON lines). `source` names the
/// text in errors. Errors: DELTA_LOG_CORRUPT with file and byte offset.
Result<std::vector<Action>> ParseActions(std::string_view text, const std::string& source);

}  // namespace tarn::delta
