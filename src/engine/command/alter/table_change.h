#pragma once
/// \file  One new version of a table's columns and properties.
#include "engine/command/command.h"

namespace tarn::engine {

/// Begins with what the bound version has; what is changed here becomes one commit, with the
/// protocol that it needs, and the catalog's record follows. Not thread-safe.
class TableChange {
 public:
  TableChange(const CommandContext& context, const plan::TableBinding& target);

  const delta::Snapshot& snapshot() const { return *snapshot_; }
  columnar::Schema& schema() { return schema_; }
  delta::Metadata& metadata() { return metadata_; }  ///< but for the schema
  /// Columns and properties need features by themselves; these come besides.
  void AddFeatures(const std::vector<std::string>& names);
  void AskVersions(std::optional<int> reader, std::optional<int> writer) {
    reader_version_ = reader;
    writer_version_ = writer;
  }
  /// For what metadata does not hold; it knows the whole change as its own.
  delta::Transaction& transaction() { return txn_; }
  /// The commit says nothing of columns and properties unless the protocol changes.
  void KeepMetadata() { keeps_metadata_ = true; }
  /// Rows that were looked at decide: other writers' rows meanwhile do not go unseen.
  void DependsOnRows() { txn_.ReadWholeTable(); }

  /// Errors: WRONG_COLUMN_DEFAULTS_FOR_DELTA_FEATURE_NOT_ENABLED and those of
  /// delta::Transaction::Commit.
  Status Commit(std::string operation, std::map<std::string, json::Value> parameters);

 private:
  Status MapColumns();
  Status RecordInCatalog();

  const CommandContext& context_;
  const plan::TableBinding& target_;
  std::shared_ptr<const delta::Snapshot> snapshot_;
  delta::Transaction txn_;
  columnar::Schema schema_;
  delta::Metadata metadata_;
  std::vector<std::string> features_;
  bool keeps_metadata_ = false;
  std::optional<int> reader_version_;
  std::optional<int> writer_version_;
};

/// ALTER TABLE is one of these, by its action.
StreamResult AlterColumns(const CommandContext& context, const plan::AlterTable& command);
StreamResult AlterColumn(const CommandContext& context, const plan::AlterTable& command);
StreamResult AlterProperties(const CommandContext& context, const plan::AlterTable& command);
StreamResult AlterConstraint(const CommandContext& context, const plan::AlterTable& command);
StreamResult AlterClustering(const CommandContext& context, const plan::AlterTable& command);

/// `a.b` with back quotes where a part needs them.
std::string Dotted(const std::vector<std::string>& path);
/// As the history shows a column: the schema's form, with the path as its name.
json::Object ColumnJson(columnar::Field field, const std::vector<std::string>& parent);
/// main.default.t
std::string TableName(const plan::TableBinding& target);
/// `main`.`default`.`t`
std::string QuotedName(const plan::TableBinding& target);

}  // namespace tarn::engine
