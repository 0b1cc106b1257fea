#include "delta/feed/change_feed.h"

#include <algorithm>

#include "columnar/value_text.h"
#include "delta/deletion_vector.h"
#include "delta/file_stats.h"

namespace tarn::delta {
namespace {

using columnar::DataType;
using columnar::Field;
using columnar::Fields;
using columnar::Schema;
using columnar::TypeKind;

bool RecordsChanges(const Metadata& metadata) {
  auto at = metadata.configuration.find("delta.enableChangeDataFeed");
  return at != metadata.configuration.end() && (at->second == "true" || at->second == "TRUE");
}

bool TypeReadsAs(const DataType& type, const DataType& read);

// Whether rows with fields `fields` can be read as rows with `read`: fields may have come, none may
// have gone, been renamed, changed its type or been closed to NULL.
bool FieldsReadAs(const Fields& fields, const Fields& read) {
  return std::all_of(fields.begin(), fields.end(), [&](const Field& field) {
    auto at = std::find_if(read.begin(), read.end(),
                           [&](const Field& f) { return f.name == field.name; });
    return at != read.end() && PhysicalName(*at) == PhysicalName(field) &&
           (at->nullable || !field.nullable) && TypeReadsAs(field.type, at->type);
  });
}

bool TypeReadsAs(const DataType& type, const DataType& read) {
  if (type.kind() != read.kind()) return false;
  switch (type.kind()) {
    case TypeKind::kStruct:
      return FieldsReadAs(type.fields(), read.fields());
    case TypeKind::kArray:
      return TypeReadsAs(type.element(), read.element());
    case TypeKind::kMap:
      return TypeReadsAs(type.key(), read.key()) && TypeReadsAs(type.value(), read.value());
    default:
      return type == read;
  }
}

// Whether nothing changed, or only the newer of the two has more.
Status CheckReadable(const Snapshot& read_as, const Metadata& metadata, Version version,
                     bool is_change, const ChangeRange& range) {
  TARN_TRY(Schema schema, Schema::FromJson(metadata.schema_string));
  bool older = version <= read_as.version();
  bool readable = older ? FieldsReadAs(schema.fields, read_as.schema().fields)
                        : FieldsReadAs(read_as.schema().fields, schema.fields);
  if (readable) return Ok();
  std::string start = std::to_string(range.start);
  std::string end = std::to_string(range.end);
  std::string at = std::to_string(version);
  std::string begin = "Retrieving table changes between version " + start + " and " + end +
                      " failed because of an incompatible " +
                      (is_change ? "schema change" : "data schema") + ". Your read schema is " +
                      read_as.schema().ToJson() + " at version " +
                      std::to_string(read_as.version()) + ", but we found an incompatible " +
                      (is_change ? "schema change" : "data schema") + " at version " + at + ". ";
  if (is_change) {
    return Fail("DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_SCHEMA_CHANGE",
                begin + "If possible, please query table changes separately from version " + start +
                    " to " + at + " - 1, and from version " + at + " to " + end + ".",
                {{"start", start}, {"end", end}, {"incompatibleVersion", at}});
  }
  return Fail("DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_DATA_SCHEMA",
              begin +
                  "If possible, please retrieve the table changes of a range in which the "
                  "schema stays readable.",
              {{"start", start}, {"end", end}, {"incompatibleVersion", at}});
}

Error NotRecorded(Version version, const ChangeRange& range) {
  std::string start = std::to_string(range.start);
  std::string end = std::to_string(range.end);
  std::string at = std::to_string(version);
  return Fail("DELTA_MISSING_CHANGE_DATA",
              "Error getting change data for range [" + start + " , " + end +
                  "] as change data was not recorded for version [" + at +
                  "]. If you've enabled change data feed on this table, use `DESCRIBE HISTORY` to "
                  "see when it was first enabled. Otherwise, to start recording change data, use "
                  "`ALTER TABLE table_name SET TBLPROPERTIES (delta.enableChangeDataFeed=true)`.",
              {{"startVersion", start}, {"endVersion", end}, {"version", at}});
}

// MERGE may write files anew without a change of any row, and says so.
bool ChangedNoRow(const std::vector<Action>& commit) {
  for (const Action& action : commit) {
    const auto* info = std::get_if<CommitInfo>(&action);
    if (info == nullptr) continue;
    const json::Value* operation = info->fields.Find("operation");
    const json::Value* metrics = info->fields.Find("operationMetrics");
    if (operation == nullptr || !operation->is_string() || operation->as_string() != "MERGE" ||
        metrics == nullptr) {
      return false;
    }
    for (const char* name :
         {"numTargetRowsInserted", "numTargetRowsUpdated", "numTargetRowsDeleted"}) {
      const json::Value* value = metrics->Find(name);
      if (value == nullptr || !value->is_string() || value->as_string() != "0") return false;
    }
    return true;
  }
  return false;
}

/// Tables of changes under construction. A file that several commits name stands in as many of
/// them, as a table holds it once.
class ChangeTables {
 public:
  ChangeTables(const Snapshot& read_as, bool with_change_files)
      : read_as_(read_as), with_change_files_(with_change_files) {}

  void Add(AddFile file) {
    std::string key = FileKey(file.path, file.deletion_vector);
    size_t table = 0;
    while (table < keys_.size() && !keys_[table].insert(key).second) ++table;
    if (table == keys_.size()) {
      keys_.push_back({key});
      files_.emplace_back();
    }
    files_[table].emplace_back(std::move(file));
  }

  Result<std::vector<std::shared_ptr<const Snapshot>>> Finish() {
    Metadata metadata = read_as_.metadata();
    Schema schema = read_as_.schema();
    schema.fields.push_back({kChangeTypeColumn, TypeKind::kString});
    schema.fields.push_back({kCommitVersionColumn, TypeKind::kLong});
    schema.fields.push_back({kCommitTimestampColumn, TypeKind::kTimestamp});
    metadata.schema_string = schema.ToJson();
    if (!with_change_files_) metadata.partition_columns.emplace_back(kChangeTypeColumn);
    metadata.partition_columns.emplace_back(kCommitVersionColumn);
    metadata.partition_columns.emplace_back(kCommitTimestampColumn);
    std::vector<std::shared_ptr<const Snapshot>> tables;
    // Without a file there is still a table, which has the columns.
    if (files_.empty()) files_.emplace_back();
    for (std::vector<Action>& files : files_) {
      SnapshotBuilder builder(read_as_.table_path());
      files.insert(files.begin(), {read_as_.protocol(), metadata});
      builder.Apply(read_as_.version(), read_as_.timestamp_ms(), std::move(files));
      TARN_TRY(auto table, builder.Finish());
      tables.push_back(std::move(table));
    }
    return tables;
  }

 private:
  const Snapshot& read_as_;
  bool with_change_files_;
  std::vector<std::set<std::string>> keys_;
  std::vector<std::vector<Action>> files_;
};

/// The changes of commits, one after another.
class Collector {
 public:
  Collector(io::ObjectStore& store, const Snapshot& read_as)
      : store_(store), read_as_(read_as), recorded_(read_as, true), derived_(read_as, false) {}

  Status Add(const Log::Commit& commit) {
    version_ = commit.version;
    timestamp_ms_ = commit.timestamp_ms;
    bool recorded = false;
    for (const Action& action : commit.actions) {
      if (const auto* info = std::get_if<CommitInfo>(&action)) {
        timestamp_ms_ = InCommitTimestampOf(*info).value_or(timestamp_ms_);
      }
    }
    for (const Action& action : commit.actions) {
      const auto* cdc = std::get_if<AddCdcFile>(&action);
      if (cdc == nullptr) continue;
      recorded = true;
      AddFile file;
      file.path = cdc->path;
      file.partition_values = cdc->partition_values;
      file.size_bytes = cdc->size_bytes;
      recorded_.Add(Dated(std::move(file)));
    }
    if (recorded || ChangedNoRow(commit.actions)) return Ok();
    return Derive(commit.actions);
  }

  Result<std::vector<std::shared_ptr<const Snapshot>>> Finish() {
    TARN_TRY(auto tables, recorded_.Finish());
    TARN_TRY(auto derived, derived_.Finish());
    tables.insert(tables.end(), derived.begin(), derived.end());
    return tables;
  }

 private:
  struct Change {
    const AddFile* added = nullptr;
    const RemoveFile* removed = nullptr;
  };

  Status Derive(const std::vector<Action>& actions) {
    std::map<std::string, Change> changes;
    for (const Action& action : actions) {
      const auto* add = std::get_if<AddFile>(&action);
      const auto* remove = std::get_if<RemoveFile>(&action);
      if (add != nullptr && add->data_change) changes[add->path].added = add;
      if (remove != nullptr && remove->data_change) changes[remove->path].removed = remove;
    }
    for (const auto& [path, change] : changes) {
      if (change.added != nullptr && change.removed != nullptr) {
        TARN_RETURN_IF_ERROR(Compare(*change.added, *change.removed));
      } else if (change.added != nullptr) {
        derived_.Add(Typed(*change.added, "insert"));
      } else {
        AddFile gone;
        gone.path = change.removed->path;
        gone.partition_values = change.removed->partition_values;
        gone.size_bytes = change.removed->size_bytes;
        gone.deletion_vector = change.removed->deletion_vector;
        derived_.Add(Typed(std::move(gone), "delete"));
      }
    }
    return Ok();
  }

  // The same file with another deletion vector: rows that only one of the two hides.
  Status Compare(const AddFile& added, const RemoveFile& removed) {
    TARN_TRY(DeletionVector after, Vector(added.deletion_vector));
    TARN_TRY(DeletionVector before, Vector(removed.deletion_vector));
    AddOnly(added, after.Minus(before), "delete");
    AddOnly(added, before.Minus(after), "insert");
    return Ok();
  }

  void AddOnly(const AddFile& file, const DeletionVector& rows, const char* change_type) {
    if (rows.Cardinality() == 0) return;
    // A file without statistics has as many rows as a vector can list quickly.
    constexpr int64_t kMostRows = int64_t{1} << 32;
    DeletionVector others;
    others.AddRange(
        0, static_cast<uint64_t>(FileStats::Parse(file.stats).num_records.value_or(kMostRows)));
    AddFile only = file;
    only.deletion_vector = InlineDescriptor(others.Minus(rows));
    only.stats.clear();
    derived_.Add(Typed(std::move(only), change_type));
  }

  Result<DeletionVector> Vector(const std::optional<DeletionVectorDescriptor>& descriptor) const {
    if (!descriptor) return DeletionVector();
    return ReadDeletionVector(store_, read_as_.table_path(), *descriptor);
  }

  AddFile Dated(AddFile file) const {
    file.partition_values[kCommitVersionColumn] = std::to_string(version_);
    file.partition_values[kCommitTimestampColumn] = columnar::TimestampText(timestamp_ms_ * 1000);
    return file;
  }

  AddFile Typed(AddFile file, const char* change_type) const {
    file.partition_values[kChangeTypeColumn] = change_type;
    return Dated(std::move(file));
  }

  io::ObjectStore& store_;
  const Snapshot& read_as_;
  ChangeTables recorded_;
  ChangeTables derived_;
  Version version_ = 0;
  int64_t timestamp_ms_ = 0;
};

}  // namespace

Result<std::vector<std::shared_ptr<const Snapshot>>> ChangesOf(io::ObjectStore& store,
                                                               const Snapshot& read_as,
                                                               const Snapshot& at_start,
                                                               const ChangeRange& range) {
  if (!RecordsChanges(at_start.metadata())) return NotRecorded(range.start, range);
  Collector collector(store, read_as);
  for (const Log::Commit& commit : range.commits) {
    for (const Action& action : commit.actions) {
      const auto* metadata = std::get_if<Metadata>(&action);
      if (metadata == nullptr) continue;
      if (!RecordsChanges(*metadata)) return NotRecorded(commit.version, range);
      if (commit.version == range.start) continue;
      TARN_RETURN_IF_ERROR(CheckReadable(read_as, *metadata, commit.version, true, range));
    }
    TARN_RETURN_IF_ERROR(collector.Add(commit));
  }
  TARN_RETURN_IF_ERROR(CheckReadable(read_as, at_start.metadata(), range.start, false, range));
  return collector.Finish();
}

}  // namespace tarn::delta
