#pragma once
/// \file  Immutable view of one table version. Spec: PROTOCOL.md, "Action Reconciliation".
#include <map>
#include <memory>
#include <set>
#include <unordered_map>

#include "columnar/types.h"
#include "delta/column_mapping.h"
#include "delta/files/file_list.h"
#include "io/object_store.h"

namespace tarn::delta {

/// Active files and metadata of a table at one version.
/// Thread-safety: immutable; share freely. Lifetime: owns everything it returns.
class Snapshot {
 public:
  const std::string& table_path() const { return table_path_; }
  Version version() const { return version_; }
  /// Commit time of the version, milliseconds since 1970.
  int64_t timestamp_ms() const { return timestamp_ms_; }
  const Protocol& protocol() const { return protocol_; }
  const Metadata& metadata() const { return metadata_; }
  const columnar::Schema& schema() const { return schema_; }
  const std::vector<std::string>& partition_columns() const { return metadata_.partition_columns; }
  /// In the order their commits added them. Files are kept as columns, about a hundred bytes each;
  /// statistics and tags of files that a checkpoint holds are read when first asked for.
  const FileList<AddFile>& files() const { return files_; }
  int64_t size_bytes() const { return size_bytes_; }
  /// Last committed version of a transaction's application, or -1.
  int64_t LastTransaction(const std::string& app_id) const;
  const std::map<std::string, SetTransaction>& transactions() const { return transactions_; }
  /// By domain; removed ones are left out.
  const std::map<std::string, DomainMetadata>& domains() const { return domains_; }
  /// Files removed at or before this version whose retention has not been looked at.
  const FileList<RemoveFile>& tombstones() const { return tombstones_; }
  ColumnMappingMode column_mapping_mode() const { return column_mapping_mode_; }
  /// A property of the table, or nothing.
  std::optional<std::string> Property(const std::string& key) const;
  /// Of a boolean property, which is false when absent.
  bool Enabled(const std::string& key) const;

  /// Absolute path of a data file. The log may name any file of the machine: see outside_files.
  std::string FullPath(std::string_view path) const;
  std::string FullPath(const AddFile& file) const { return FullPath(file.path); }
  /// Full paths of active files and of their deletion vectors that are not below the table's
  /// folder, once for each that names them. Whoever opens this snapshot for somebody decides
  /// whether they may read those.
  const std::multiset<std::string>& outside_files() const { return outside_files_; }

 private:
  friend class SnapshotBuilder;
  std::string table_path_;
  Version version_ = -1;
  int64_t timestamp_ms_ = 0;
  Protocol protocol_;
  Metadata metadata_;
  columnar::Schema schema_;
  FileList<AddFile> files_;
  FileList<RemoveFile> tombstones_;
  int64_t size_bytes_ = 0;
  std::multiset<std::string> outside_files_;
  std::map<std::string, SetTransaction> transactions_;
  std::map<std::string, DomainMetadata> domains_;
  ColumnMappingMode column_mapping_mode_ = ColumnMappingMode::kNone;
};

/// Replays actions in version order into a snapshot. Not thread-safe.
class SnapshotBuilder {
 public:
  explicit SnapshotBuilder(std::string table_path);
  /// Starts from a snapshot instead of from nothing; its blocks of files are shared, not copied.
  explicit SnapshotBuilder(const Snapshot& base);

  /// Files of a checkpoint; none of them may be known already.
  void ApplyBlock(std::shared_ptr<const FileBlock> added);
  void ApplyRemovedBlock(std::shared_ptr<const FileBlock> removed);
  /// `timestamp_ms` is the time of the commit's file; an in-commit timestamp counts instead where
  /// the table has them.
  void Apply(Version version, int64_t timestamp_ms, std::vector<Action> actions);
  /// Errors: DELTA_STATE_RECOVER_ERROR without protocol or metadata, INVALID_JSON_DATA_TYPE,
  /// DELTA_UNSUPPORTED_FEATURES_FOR_READ.
  Result<std::shared_ptr<const Snapshot>> Finish();

 private:
  /// What became of one key since the last Settle: a place in added_ or removed_.
  struct Change {
    std::string path;
    std::optional<DeletionVectorDescriptor> deletion_vector;
    std::optional<size_t> added;
    std::optional<size_t> removed;
  };
  using ByHash = std::unordered_multimap<uint32_t, const Change*>;

  Change& Touch(const std::string& path, const std::optional<DeletionVectorDescriptor>& vector);
  /// Lets the changes take effect on the lists of files.
  void Settle();
  template <typename File>
  void DropTouched(FileList<File>& files, const ByHash& touched);
  template <typename File>
  void Append(FileList<File>& files, std::vector<std::optional<File>>& fresh);
  void Account(const FileBlock& block, size_t row, int sign);

  std::shared_ptr<Snapshot> snapshot_;
  bool have_protocol_ = false;
  bool have_metadata_ = false;
  bool metadata_changed_ = false;
  std::optional<int64_t> in_commit_timestamp_ms_;    // of the version applied last
  std::unordered_map<std::string, Change> changes_;  // by FileKey
  std::vector<std::optional<AddFile>> added_;
  std::vector<std::optional<RemoveFile>> removed_;
};

}  // namespace tarn::delta
