#include <algorithm>

#include "engine/command/identity_mark.h"
#include "engine/evolved_target.h"
#include "engine/file_listing.h"
#include "engine/file_options.h"

namespace tarn::engine {
namespace {

// Loaded files are remembered in the log itself, one transaction identifier each: the same commit
// that adds the rows says where they came from, so that a file is loaded exactly once whatever
// crashes.
std::string AppIdOf(const std::string& path) { return "copy-into:" + path; }

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

// COPY_OPTIONS: `force` loads files again; `mergeSchema` is the analyzer's.
Result<bool> ReadForce(const sql::Properties& options) {
  bool force = false;
  for (const auto& [name, value] : options) {
    std::string lower = Lower(name);
    if (lower != "force" && lower != "mergeschema") {
      return Fail("CF_UNKNOWN_OPTION_KEYS_ERROR",
                  "Found unknown option keys: " + name +
                      ". Please make sure that all provided option keys are correct.",
                  {{"optionList", name}});
    }
    std::string flag = Lower(value);
    if (flag != "true" && flag != "false") {
      return Fail("INVALID_PARAMETER_VALUE",
                  "The copy option " + name + " is '" + value + "', which is not true or false.");
    }
    if (lower == "force") force = flag == "true";
  }
  return force;
}

}  // namespace

Result<plan::FileSource> CatalogResolver::ResolveCopySource(const plan::TableBinding& target,
                                                            const sql::CopyInto& statement) {
  TARN_TRY(bool force, ReadForce(statement.copy_options));
  plan::FileSource files;
  files.format = Lower(statement.file_format);
  files.options = statement.format_options;
  TARN_TRY(FileOptions options,
           ParseFileOptions(files.format, files.options, FileStatement::kCopyInto));
  TARN_TRY(std::string root, ResolvePath(statement.source, catalog::Operation::kReadVolume));
  io::ObjectStore& store = *session_.services().store;
  if (!statement.files.empty()) {
    for (const std::string& name : statement.files) {
      TARN_TRY(std::string path, io::NormalizePath(io::JoinPath(root, name)));
      if (!io::IsWithin(path, root))
        return Fail("INVALID_PATH", "'" + name + "' leads out of the source folder.");
      if (!store.Head(path).ok()) {
        return Fail("PATH_NOT_FOUND", "Path does not exist: " + statement.source + "/" + name + ".",
                    {{"path", statement.source + "/" + name}});
      }
      files.paths.push_back(path);
    }
  } else {
    FileChoice choice{true, statement.pattern.value_or(""), options.path_glob_filter};
    TARN_TRY(files.paths, ListFiles(store, root, choice, statement.source));
  }
  std::shared_ptr<const delta::Snapshot> snapshot = SnapshotOf(target);
  if (snapshot->Property("delta.setTransactionRetentionDuration")) {
    return Fail("UNSUPPORTED_FEATURE",
                "COPY INTO remembers loaded files by transaction identifiers, which the table "
                "property delta.setTransactionRetentionDuration lets expire: unset it first.");
  }
  if (!force) {
    std::erase_if(files.paths, [&](const std::string& path) {
      return snapshot->LastTransaction(AppIdOf(path)) >= 0;
    });
  }
  if (!files.paths.empty()) {
    TARN_RETURN_IF_ERROR(session_.services().engine->InspectFiles(files));
  }
  return files;
}

namespace {

constexpr int64_t kPreviewRows = 50;

plan::PlanRef AtMost(plan::PlanRef rows, int64_t count) {
  auto limit = std::make_shared<plan::LogicalPlan>();
  limit->kind = plan::PlanKind::kLimit;
  limit->output = rows->output;
  limit->children = {std::move(rows)};
  limit->limit = plan::MakeLiteral(columnar::TypeKind::kLong, std::to_string(count));
  return limit;
}

// VALIDATE: every row is read and converted; some are shown.
StreamResult Validate(const CommandContext& context, const plan::CopyInto& command) {
  if (!command.rows) return NoRows();
  plan::PlanRef rows = command.rows;
  if (command.validate_rows) rows = AtMost(std::move(rows), *command.validate_rows);
  TARN_TRY(rows, context.engine().Keep(std::move(rows), context.cancel));
  for (size_t i = 0; i < rows->output.size(); ++i) {
    const columnar::Field& field = command.target.schema.fields[i];
    if (field.nullable) continue;
    plan::ExprRef missing = plan::MakeCall("isnull", {plan::MakeColumn(rows->output[i])},
                                           columnar::TypeKind::kBoolean, false);
    TARN_TRY(int64_t count, CountRows(context, plan::RowsWhere(rows, std::move(missing))));
    if (count == 0) continue;
    return Fail("DELTA_NOT_NULL_CONSTRAINT_VIOLATED",
                "NOT NULL constraint violated for column: " + field.name + ".");
  }
  return context.engine().Run(AtMost(std::move(rows), kPreviewRows), context.cancel);
}

}  // namespace

StreamResult Run(const CommandContext& context, const plan::CopyInto& command) {
  if (command.validate) return Validate(context, command);
  auto answer = [](int64_t rows) {
    return Counts({{"num_affected_rows", rows},
                   {"num_inserted_rows", rows},
                   {"num_skipped_corrupt_files", 0}});
  };
  if (!command.rows) return answer(0);
  std::shared_ptr<const delta::Snapshot> bound = SnapshotOf(command.target);
  const delta::Snapshot& snapshot = *bound;
  TARN_TRY(auto files,
           context.engine().WriteFiles(command.rows, WriteTarget::Of(snapshot), context.cancel));
  int64_t count = RowCount(files);
  int64_t bytes = 0;
  size_t written = files.size();
  delta::Transaction txn(context.engine().snapshots().OpenLog(snapshot.table_path()), bound);
  if (command.target.evolved) txn.SetMetadata(snapshot.metadata());
  for (auto& file : files) {
    bytes += file.size_bytes;
    txn.Add(std::move(file));
  }
  for (const std::string& path : command.files.paths) {
    txn.SetTransactionVersion(AppIdOf(path), snapshot.LastTransaction(AppIdOf(path)) + 1);
  }
  TARN_RETURN_IF_ERROR(AdvanceIdentities(txn, command.identities, count));
  TARN_RETURN_IF_ERROR(
      txn.Commit({"COPY INTO",
                  {{"source", command.source}, {"fileFormat", command.file_format}},
                  {{"numFiles", std::to_string(written)},
                   {"numOutputRows", std::to_string(count)},
                   {"numOutputBytes", std::to_string(bytes)}},
                  context.who().name},
                 context.cancel));
  RecordColumns(context, command.target);
  return answer(count);
}

}  // namespace tarn::engine
