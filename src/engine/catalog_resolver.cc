#include "engine/catalog_resolver.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "delta/schema/check_constraint.h"
#include "delta/table_feature.h"
#include "engine/file_listing.h"
#include "engine/file_options.h"
#include "engine/time_travel.h"

namespace tarn::engine {
namespace {

std::string DefaultFormat(const std::string& path, const std::string& format) {
  if (!format.empty()) {
    std::string lower = format;
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return lower;
  }
  for (const char* known : {"csv", "json", "parquet"}) {
    std::string ending = std::string(".") + known;
    if (path.size() > ending.size() &&
        path.compare(path.size() - ending.size(), ending.size(), ending) == 0)
      return known;
  }
  return "parquet";
}

// delta.`/path`
bool IsPath(const std::vector<std::string>& name) {
  return name.size() == 2 && (name[0] == "delta" || name[0] == "DELTA") &&
         name[1].find('/') != std::string::npos;
}

plan::TableBinding BindingOf(CatalogResolver::Table table,
                             std::shared_ptr<const delta::Snapshot> snapshot) {
  plan::TableBinding binding;
  binding.name = std::move(table.name);
  if (table.record) binding.policy = {table.record->policy.row_filter, table.record->policy.masks};
  binding.schema = snapshot->schema();
  binding.partition_columns = snapshot->partition_columns();
  binding.checks = delta::ChecksOf(snapshot->metadata());
  binding.snapshot = std::move(snapshot);
  return binding;
}

std::string Dotted(const std::vector<std::string>& name) {
  std::string text;
  for (const std::string& part : name) text += (text.empty() ? "" : ".") + part;
  return text;
}

}  // namespace

std::shared_ptr<const delta::Snapshot> SnapshotOf(const plan::TableBinding& binding) {
  return std::static_pointer_cast<const delta::Snapshot>(binding.snapshot);
}

// A log may name any file of the machine. One that is not below its table's folder may be read only
// by whoever may read it without the table: by its path, or, when the catalog knows the table, as a
// file of another table, as a shallow clone's are.
Status CatalogResolver::CheckOutsideFiles(const Table& table,
                                          const delta::Snapshot& snapshot) const {
  if (snapshot.outside_files().empty()) return Ok();
  std::error_code error;
  std::string folder = std::filesystem::weakly_canonical(snapshot.table_path(), error).string();
  const catalog::Catalog& catalog = *session_.services().catalog;
  // Of tables whose files a clone names: one answer is for all of them.
  std::set<std::string> readable = {folder};
  for (const std::string& file : snapshot.outside_files()) {
    std::string real = std::filesystem::weakly_canonical(file, error).string();
    auto within = [&](const std::string& known) { return io::IsWithin(real, known); };
    if (!error && std::any_of(readable.begin(), readable.end(), within)) continue;
    if (table.record && !error) {
      Result<std::string> other = catalog.ResolveTableFile(session_.principal(), file);
      if (other.ok() && within(*other)) {
        readable.insert(*other);
        continue;
      }
    }
    Result<std::string> allowed = catalog.ResolveExternalPath(session_.principal(), file);
    if (!allowed.ok()) {
      return Fail("PERMISSION_DENIED",
                  "The table " + Dotted(table.name) + " names the file '" + file +
                      "', which is not in its folder: " + allowed.error().message());
    }
  }
  return Ok();
}

Result<CatalogResolver::Table> CatalogResolver::Find(
    const std::vector<std::string>& name, std::initializer_list<catalog::Operation> operations) {
  Table table;
  if (IsPath(name)) {
    table.name = name;
    catalog::Operation operation = catalog::Operation::kReadVolume;
    for (catalog::Operation asked : operations) {
      if (asked != catalog::Operation::kSelect) operation = catalog::Operation::kWriteVolume;
    }
    TARN_TRY(table.location, ResolvePath(name[1], operation));
    return table;
  }
  const catalog::Catalog& catalog = *session_.services().catalog;
  TARN_TRY(std::string full, catalog::FullName(name));
  if (operations.size() == 0) {
    TARN_TRY(table.record, catalog.Get(session_.principal(), catalog::SecurableKind::kTable, full));
  }
  for (catalog::Operation operation : operations) {
    TARN_TRY(table.record, catalog.Resolve(session_.principal(), catalog::SecurableKind::kTable,
                                           full, operation));
  }
  table.location = table.record->storage_location;
  size_t dot = full.find('.');
  size_t last = full.rfind('.');
  table.name = {full.substr(0, dot), full.substr(dot + 1, last - dot - 1), full.substr(last + 1)};
  return table;
}

Result<std::shared_ptr<const delta::Snapshot>> CatalogResolver::Pin(const std::string& location) {
  std::shared_ptr<const delta::Snapshot>& pinned = pinned_[location];
  if (!pinned) {
    TARN_TRY(pinned, session_.services().engine->snapshots().Latest(location));
  }
  return pinned;
}

Status CheckNoPolicy(const catalog::Securable& table) {
  if (table.policy.empty()) return Ok();
  return Fail(
      "UNSUPPORTED_FEATURE",
      "The table " + table.full_name +
          " has a row filter or column masks; Tarn does not support changing its data yet.");
}

Result<plan::TableBinding> CatalogResolver::ResolveTable(const std::vector<std::string>& name,
                                                         const plan::TimeTravel& travel) {
  TARN_TRY(Table table, Find(name, {catalog::Operation::kSelect}));
  delta::SnapshotCache& snapshots = session_.services().engine->snapshots();
  std::shared_ptr<const delta::Snapshot> snapshot;
  if (travel.version) {
    TARN_TRY(snapshot, snapshots.At(table.location, *travel.version));
  } else if (travel.timestamp) {
    TARN_TRY(int64_t at, InstantOf(*session_.services().engine, travel.timestamp));
    TARN_TRY(delta::Version version, snapshots.OpenLog(table.location)->VersionAt(at));
    TARN_TRY(snapshot, snapshots.At(table.location, version));
  } else {
    TARN_TRY(snapshot, Pin(table.location));
  }
  TARN_RETURN_IF_ERROR(CheckOutsideFiles(table, *snapshot));
  return BindingOf(std::move(table), std::move(snapshot));
}

Result<plan::TableBinding> CatalogResolver::ResolveTarget(const std::vector<std::string>& name,
                                                          plan::TargetUse use) {
  catalog::Operation operation =
      use == plan::TargetUse::kDefine ? catalog::Operation::kManage : catalog::Operation::kModify;
  TARN_TRY(Table table, Find(name, {operation}));
  if (table.record) TARN_RETURN_IF_ERROR(CheckNoPolicy(*table.record));
  if (use == plan::TargetUse::kReadAndWrite) {
    TARN_RETURN_IF_ERROR(Find(name, {catalog::Operation::kSelect}));
  }
  TARN_TRY(std::shared_ptr<const delta::Snapshot> snapshot, Pin(table.location));
  TARN_RETURN_IF_ERROR(CheckOutsideFiles(table, *snapshot));
  // Asked before any data file is written, and again by the commit.
  TARN_RETURN_IF_ERROR(
      delta::CheckWritable(snapshot->protocol(), snapshot->metadata(), snapshot->schema()));
  return BindingOf(std::move(table), std::move(snapshot));
}

Result<std::string> CatalogResolver::ResolvePath(const std::string& path,
                                                 catalog::Operation operation) {
  const catalog::Catalog& catalog = *session_.services().catalog;
  std::string plain = path.rfind("dbfs:", 0) == 0 ? path.substr(5) : path;
  if (plain.rfind("/Volumes/", 0) == 0)
    return catalog.ResolveVolumePath(session_.principal(), plain, operation);
  return catalog.ResolveExternalPath(session_.principal(), plain);
}

Result<plan::FileSource> CatalogResolver::ResolveFiles(
    const std::string& path, const std::string& format,
    const std::vector<std::pair<std::string, std::string>>& options) {
  plan::FileSource files;
  files.format = DefaultFormat(path, format);
  files.options = options;
  // Asked before anything is looked at.
  TARN_TRY(FileOptions parsed,
           ParseFileOptions(files.format, files.options, FileStatement::kReadFiles));
  if (files.format == "csv")
    files.options.emplace_back("inferSchema", parsed.infer_types ? "true" : "false");
  // A pattern is in the last part only; the folder before it is what permissions are asked for.
  size_t slash = path.rfind('/');
  bool pattern =
      path.find_first_of("*?[", slash == std::string::npos ? 0 : slash) != std::string::npos;
  std::string folder = pattern ? path.substr(0, slash) : path;
  TARN_TRY(std::string root, ResolvePath(folder, catalog::Operation::kReadVolume));
  io::ObjectStore& store = *session_.services().store;
  FileChoice choice{!pattern, pattern ? path.substr(slash + 1) : "", parsed.path_glob_filter};
  // A file may have the very name that reads like a pattern.
  if (pattern) {
    TARN_TRY(std::string whole, ResolvePath(path, catalog::Operation::kReadVolume));
    if (store.Head(whole).ok()) {
      root = whole;
      choice.pattern.clear();
    }
  }
  TARN_TRY(files.paths, ListFiles(store, root, choice, path));
  if (files.paths.empty()) {
    return Fail("PATH_NOT_FOUND", "Path does not exist: " + path + ".", {{"path", path}});
  }
  TARN_RETURN_IF_ERROR(session_.services().engine->InspectFiles(files));
  return files;
}

}  // namespace tarn::engine
