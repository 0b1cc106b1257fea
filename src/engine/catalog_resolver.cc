#include "engine/catalog_resolver.h"

#include <algorithm>

#include <fnmatch.h>

#include "base/time_format.h"
#include "delta/table_feature.h"

namespace tarn::engine {
namespace {

// "2024-05-01[ 10:00:00[.5]]" in UTC → milliseconds.
Result<int64_t> ParseInstant(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0;
  double second = 0;
  int got = std::sscanf(text.c_str(), "%d-%d-%d%*[ T]%d:%d:%lf", &year, &month, &day, &hour,
                        &minute, &second);
  if (got != 3 && got < 5) {
    return Fail("INVALID_TIME_TRAVEL_SPEC", "'" + text + "' is not a timestamp.");
  }
  return (DaysFromCivil(year, month, day) * 86'400 + hour * 3'600 + minute * 60) * 1000 +
         static_cast<int64_t>(second * 1000);
}

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

}  // namespace

Result<plan::TableBinding> CatalogResolver::ResolveTable(const std::vector<std::string>& name,
                                                         const plan::TimeTravel& travel) {
  delta::SnapshotCache& snapshots = session_.services().engine->snapshots();
  std::string location;
  std::vector<std::string> shown = name;
  if (name.size() == 2 && (name[0] == "delta" || name[0] == "DELTA") &&
      name[1].find('/') != std::string::npos) {
    TARN_TRY(location, ResolvePath(name[1], catalog::Operation::kReadVolume));
  } else {
    TARN_TRY(std::string full, session_.Qualify(name, 3));
    TARN_TRY(catalog::Securable table, session_.services().catalog->Resolve(
                                           session_.principal(), catalog::SecurableKind::kTable,
                                           full, catalog::Operation::kSelect));
    location = table.storage_location;
    size_t dot = full.find('.');
    size_t last = full.rfind('.');
    shown = {full.substr(0, dot), full.substr(dot + 1, last - dot - 1), full.substr(last + 1)};
  }
  std::shared_ptr<const delta::Snapshot> snapshot;
  if (travel.version) {
    TARN_TRY(snapshot, snapshots.At(location, *travel.version));
  } else if (travel.timestamp) {
    TARN_TRY(int64_t at, ParseInstant(*travel.timestamp));
    TARN_TRY(delta::Version version, snapshots.OpenLog(location)->VersionAt(at));
    TARN_TRY(snapshot, snapshots.At(location, version));
  } else {
    TARN_TRY(snapshot, snapshots.Latest(location));
  }
  return plan::TableBinding{shown, snapshot->schema(), snapshot};
}

Result<CatalogResolver::Target> CatalogResolver::ResolveTarget(const std::vector<std::string>& name,
                                                               catalog::Operation operation) {
  TARN_TRY(std::string full, session_.Qualify(name, 3));
  Target target;
  TARN_TRY(target.table,
           session_.services().catalog->Resolve(session_.principal(),
                                                catalog::SecurableKind::kTable, full, operation));
  TARN_TRY(target.snapshot,
           session_.services().engine->snapshots().Latest(target.table.storage_location));
  // Asked before any data file is written, and again by the commit.
  if (operation == catalog::Operation::kModify) {
    const delta::Snapshot& snapshot = *target.snapshot;
    TARN_RETURN_IF_ERROR(
        delta::CheckWritable(snapshot.protocol(), snapshot.metadata(), snapshot.schema()));
  }
  size_t dot = full.find('.');
  size_t last = full.rfind('.');
  target.binding = {
      {full.substr(0, dot), full.substr(dot + 1, last - dot - 1), full.substr(last + 1)},
      target.snapshot->schema(),
      target.snapshot};
  return target;
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
  // A pattern is in the last part only; the folder before it is what permissions are asked for.
  size_t slash = path.rfind('/');
  bool pattern =
      path.find_first_of("*?[", slash == std::string::npos ? 0 : slash) != std::string::npos;
  std::string folder = pattern ? path.substr(0, slash) : path;
  TARN_TRY(std::string root, ResolvePath(folder, catalog::Operation::kReadVolume));
  plan::FileSource files;
  files.format = DefaultFormat(path, format);
  files.options = options;
  io::ObjectStore& store = *session_.services().store;
  if (!pattern && store.Head(root).ok()) {
    files.paths.push_back(root);
  } else {
    TARN_TRY(auto listed, store.List(root, !pattern));
    std::string wanted = pattern ? path.substr(slash + 1) : "";
    for (const io::ObjectInfo& info : listed) {
      std::string name = info.path.substr(info.path.rfind('/') + 1);
      if (name[0] == '_' || name[0] == '.') continue;
      if (pattern && ::fnmatch(wanted.c_str(), name.c_str(), 0) != 0) continue;
      files.paths.push_back(info.path);
    }
  }
  if (files.paths.empty()) {
    return Fail("PATH_NOT_FOUND", "Path does not exist: " + path + ".", {{"path", path}});
  }
  TARN_RETURN_IF_ERROR(session_.services().engine->InspectFiles(files));
  return files;
}

}  // namespace tarn::engine
