#include <algorithm>
#include <set>

#include <fnmatch.h>

#include "engine/command/command.h"

namespace tarn::engine {
namespace {

// Loaded files are remembered in the log itself, one transaction identifier each: the same commit
// that adds the rows says where they came from, so that a file is loaded exactly once whatever
// crashes.
std::string AppIdOf(const std::string& path) { return "copy-into:" + path; }

bool Flag(const sql::Properties& options, std::string_view name) {
  for (const auto& [key, value] : options) {
    bool same = key.size() == name.size() &&
                std::equal(key.begin(), key.end(), name.begin(), [](char a, char b) {
                  return std::tolower(static_cast<unsigned char>(a)) ==
                         std::tolower(static_cast<unsigned char>(b));
                });
    if (same) return value == "true";
  }
  return false;
}

}  // namespace

Result<plan::FileSource> CatalogResolver::ResolveCopySource(const plan::TableBinding& target,
                                                            const sql::CopyInto& statement) {
  if (Flag(statement.copy_options, "mergeSchema") ||
      Flag(statement.format_options, "mergeSchema")) {
    return Fail("UNSUPPORTED_FEATURE", "Tarn does not support COPY INTO … mergeSchema yet.");
  }
  std::string format = statement.file_format;
  for (char& c : format) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (format != "csv" && format != "json" && format != "parquet") {
    return Fail("UNSUPPORTED_FEATURE",
                "Tarn's COPY INTO reads CSV, JSON and PARQUET, not " + statement.file_format + ".");
  }
  TARN_TRY(std::string root, ResolvePath(statement.source, catalog::Operation::kReadVolume));
  plan::FileSource files;
  files.format = format;
  files.options = statement.format_options;
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
  } else if (store.Head(root).ok()) {
    files.paths.push_back(root);
  } else {
    TARN_TRY(auto listed, store.List(root, true));
    for (const io::ObjectInfo& info : listed) {
      std::string relative = info.path.substr(root.size() + 1);
      std::string name = relative.substr(relative.rfind('/') + 1);
      if (name[0] == '_' || name[0] == '.') continue;
      if (statement.pattern && ::fnmatch(statement.pattern->c_str(), relative.c_str(), 0) != 0)
        continue;
      files.paths.push_back(info.path);
    }
    if (listed.empty())
      return Fail("PATH_NOT_FOUND", "Path does not exist: " + statement.source + ".");
  }
  if (!Flag(statement.copy_options, "force")) {
    std::shared_ptr<const delta::Snapshot> snapshot = SnapshotOf(target);
    std::erase_if(files.paths, [&](const std::string& path) {
      return snapshot->LastTransaction(AppIdOf(path)) >= 0;
    });
  }
  if (!files.paths.empty()) {
    TARN_RETURN_IF_ERROR(session_.services().engine->InspectFiles(files));
  }
  return files;
}

StreamResult Run(const CommandContext& context, const plan::CopyInto& command) {
  auto answer = [](int64_t rows) {
    return Counts({{"num_affected_rows", rows},
                   {"num_inserted_rows", rows},
                   {"num_skipped_corrupt_files", 0}});
  };
  if (!command.rows) return answer(0);
  std::shared_ptr<const delta::Snapshot> bound = SnapshotOf(command.target);
  const delta::Snapshot& snapshot = *bound;
  TARN_TRY(auto files, context.engine().WriteFiles(
                           command.rows,
                           {snapshot.table_path(), snapshot.schema(), snapshot.partition_columns()},
                           context.cancel));
  int64_t count = RowCount(files);
  int64_t bytes = 0;
  size_t written = files.size();
  delta::Transaction txn(context.engine().snapshots().OpenLog(snapshot.table_path()), bound);
  for (auto& file : files) {
    bytes += file.size_bytes;
    txn.Add(std::move(file));
  }
  for (const std::string& path : command.files.paths) {
    txn.SetTransactionVersion(AppIdOf(path), snapshot.LastTransaction(AppIdOf(path)) + 1);
  }
  TARN_RETURN_IF_ERROR(
      txn.Commit({"COPY INTO",
                  {{"source", command.source}, {"fileFormat", command.file_format}},
                  {{"numFiles", std::to_string(written)},
                   {"numOutputRows", std::to_string(count)},
                   {"numOutputBytes", std::to_string(bytes)}},
                  context.who().name},
                 context.cancel));
  return answer(count);
}

}  // namespace tarn::engine
