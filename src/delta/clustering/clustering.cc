#include "delta/clustering/clustering.h"

#include <algorithm>
#include <map>

#include "base/json.h"
#include "delta/table_feature.h"

namespace tarn::delta {
namespace {

using Path = std::vector<std::string>;

// The names of the schema for names of data files; nothing when the schema has no such column.
std::optional<Path> LogicalPath(const json::Array& physical, const columnar::Fields* fields,
                                ColumnMappingMode mode) {
  Path path;
  for (const json::Value& part : physical) {
    if (fields == nullptr || !part.is_string()) return std::nullopt;
    auto at = std::find_if(fields->begin(), fields->end(), [&](const columnar::Field& field) {
      return (mode == ColumnMappingMode::kNone ? field.name : PhysicalName(field)) ==
             part.as_string();
    });
    if (at == fields->end()) return std::nullopt;
    path.push_back(at->name);
    fields = at->type.is(columnar::TypeKind::kStruct) ? &at->type.fields() : nullptr;
  }
  return path;
}

std::string Tag(const AddFile& file, const char* name) {
  auto at = file.tags.find(name);
  return at == file.tags.end() ? "" : at->second;
}

}  // namespace

bool ClusteringSupported(const Protocol& protocol) { return NamesFeature(protocol, "clustering"); }

std::vector<Path> ClusteringColumns(const Snapshot& snapshot) {
  std::vector<Path> columns;
  auto domain = snapshot.domains().find(kClusteringDomain);
  if (domain == snapshot.domains().end()) return columns;
  Result<json::Value> configuration = json::Parse(domain->second.configuration);
  if (!configuration.ok()) return columns;
  const json::Value* named = configuration->Find("clusteringColumns");
  if (named == nullptr || !named->is_array()) return columns;
  for (const json::Value& column : named->as_array()) {
    if (!column.is_array()) continue;
    auto path =
        LogicalPath(column.as_array(), &snapshot.schema().fields, snapshot.column_mapping_mode());
    if (path && !path->empty()) columns.push_back(*std::move(path));
  }
  return columns;
}

std::string ZorderByTag(const std::vector<Path>& columns) {
  json::Array names;
  for (const Path& column : columns) {
    std::string name;
    for (const std::string& part : column) {
      name += (name.empty() ? "" : ".") + columnar::QuoteIfNeeded(part);
    }
    names.emplace_back(std::move(name));
  }
  return json::Value(std::move(names)).ToString();
}

Files FilesToCluster(const Snapshot& snapshot, const std::vector<Path>& columns,
                     const ClusteringChoice& choice) {
  std::string ours = ZorderByTag(columns);
  Files loose;
  Files of_other_columns;
  std::map<std::string, Files> cubes;
  for (const auto& file : snapshot.files()) {
    std::string tag = Tag(*file, kZCubeZorderBy);
    std::string cube = Tag(*file, kZCubeId);
    bool in_cube = !cube.empty() && !tag.empty();
    bool theirs = file->clustering_provider.value_or(kClusteringProvider) != kClusteringProvider;
    if (theirs || (in_cube && tag != ours)) {
      of_other_columns.push_back(file);
    } else if (in_cube) {
      cubes[cube].push_back(file);
    } else {
      loose.push_back(file);
    }
  }
  std::erase_if(cubes, [&](const auto& cube) {
    int64_t bytes = 0;
    for (const auto& file : cube.second) bytes += file->size_bytes;
    return bytes >= choice.min_cube_bytes;
  });
  bool again = choice.full && !of_other_columns.empty();
  if (!again && loose.empty() && cubes.size() <= 1) return {};
  Files chosen = std::move(loose);
  for (const auto& [id, files] : cubes) chosen.insert(chosen.end(), files.begin(), files.end());
  if (again) chosen.insert(chosen.end(), of_other_columns.begin(), of_other_columns.end());
  return chosen;
}

DomainMetadata ClusteringDomain(const std::vector<std::vector<std::string>>& physical_paths) {
  json::Array columns;
  for (const auto& path : physical_paths) {
    json::Array parts;
    for (const std::string& part : path) parts.emplace_back(part);
    columns.emplace_back(std::move(parts));
  }
  json::Object object;
  object.Set("clusteringColumns", std::move(columns));
  object.Set("domainName", kClusteringDomain);
  return {kClusteringDomain, json::Value(std::move(object)).ToString(), false};
}

}  // namespace tarn::delta
