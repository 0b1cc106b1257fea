#include "engine/duckdb/file_statistics.h"

#include <algorithm>
#include <charconv>

#include "engine/duckdb/log_value.h"
#include "engine/duckdb/types.h"

namespace tarn::engine {
namespace {

using columnar::Field;
using columnar::TypeKind;
using duckdb::Value;
using Path = std::vector<std::string>;
using Facts = std::map<std::string, std::string>;

constexpr int kDefaultIndexedColumns = 32;

bool IsPartition(const WriteTarget& target, const std::string& column) {
  return std::find(target.partition_columns.begin(), target.partition_columns.end(), column) !=
         target.partition_columns.end();
}

// A column without parts, as the schema and as files name it.
struct Leaf {
  Path logical;
  Path physical;
};

void CollectLeaves(const Field& logical, const Field& physical, Leaf& at,
                   std::vector<Leaf>& leaves) {
  at.logical.push_back(logical.name);
  at.physical.push_back(physical.name);
  if (logical.type.is(TypeKind::kStruct)) {
    for (size_t i = 0; i < logical.type.fields().size(); ++i) {
      CollectLeaves(logical.type.fields()[i], physical.type.fields()[i], at, leaves);
    }
  } else {
    leaves.push_back(at);
  }
  at.logical.pop_back();
  at.physical.pop_back();
}

bool SameName(std::string_view a, std::string_view b) {
  return duckdb::StringUtil::CIEquals(duckdb::string(a), duckdb::string(b));
}

// "a, b.c, `d,e`" → paths.
std::vector<Path> NamedColumns(std::string_view text) {
  std::vector<Path> columns;
  Path path(1);
  bool quoted = false;
  auto finish = [&] {
    if (path.size() > 1 || !path[0].empty()) columns.push_back(path);
    path = Path(1);
  };
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '`') {
      bool doubled = quoted && i + 1 < text.size() && text[i + 1] == '`';
      if (doubled) path.back() += text[++i];
      if (!doubled) quoted = !quoted;
    } else if (quoted || (c != ',' && c != '.' && c != ' ')) {
      path.back() += c;
    } else if (c == ',') {
      finish();
    } else if (c == '.') {
      path.emplace_back();
    }
  }
  finish();
  return columns;
}

bool IsPrefix(const Path& prefix, const Path& path) {
  return prefix.size() <= path.size() &&
         std::equal(prefix.begin(), prefix.end(), path.begin(), SameName);
}

Facts TextMap(const Value& map) {
  Facts result;
  if (map.IsNull()) return result;
  for (const Value& entry : duckdb::MapValue::GetChildren(map)) {
    const auto& pair = duckdb::StructValue::GetChildren(entry);
    if (!pair[1].IsNull()) result.emplace(pair[0].ToString(), pair[1].ToString());
  }
  return result;
}

// The three objects of the statistics, filled side by side.
class Collector {
 public:
  Collector(const StatisticsColumns& columns, std::map<std::string, Facts> facts)
      : columns_(columns), facts_(std::move(facts)) {}

  Status AddFields(const columnar::Fields& fields, const Path& parent) {
    for (const Field& field : fields) {
      Path path = parent;
      path.push_back(field.name);
      if (field.type.is(TypeKind::kStruct)) {
        TARN_RETURN_IF_ERROR(AddStruct(field, path));
      } else if (columns_.HasInFile(path)) {
        TARN_RETURN_IF_ERROR(AddLeaf(field, path));
      }
    }
    return Ok();
  }

  std::string Finish(int64_t rows, bool with_vectors) const {
    json::Writer writer;
    writer.BeginObject().Key("numRecords").Int(rows);
    writer.Key("minValues").Raw("{" + minimum_ + "}");
    writer.Key("maxValues").Raw("{" + maximum_ + "}");
    writer.Key("nullCount").Raw("{" + nulls_ + "}");
    // Said where it may change: rows may be deleted without the file.
    if (with_vectors) writer.Key("tightBounds").Raw("true");
    writer.EndObject();
    return std::move(writer).Take();
  }

 private:
  static void Append(std::string& object, const std::string& name, const std::string& value) {
    if (!object.empty()) object += ',';
    object += json::Quote(name) + ":" + value;
  }

  Status AddStruct(const Field& field, const Path& path) {
    Collector inner(columns_, {});
    inner.facts_.swap(facts_);
    Status added = inner.AddFields(field.type.fields(), path);
    inner.facts_.swap(facts_);
    TARN_RETURN_IF_ERROR(std::move(added));
    if (!inner.minimum_.empty()) Append(minimum_, field.name, "{" + inner.minimum_ + "}");
    if (!inner.maximum_.empty()) Append(maximum_, field.name, "{" + inner.maximum_ + "}");
    if (!inner.nulls_.empty()) Append(nulls_, field.name, "{" + inner.nulls_ + "}");
    return Ok();
  }

  Status AddLeaf(const Field& field, const Path& path) {
    std::string key;
    for (const std::string& name : path) {
      std::string quoted = duckdb::StringUtil::Replace(name, "\"", "\"\"");
      key += (key.empty() ? "\"" : ".\"") + quoted + "\"";
    }
    auto found = facts_.find(key);
    if (found == facts_.end()) return Ok();
    const Facts& facts = found->second;
    auto get = [&](const char* name) -> const std::string* {
      auto at = facts.find(name);
      return at == facts.end() ? nullptr : &at->second;
    };
    if (const std::string* nulls = get("null_count")) Append(nulls_, field.name, *nulls);
    const std::string* has_nan = get("has_nan");
    if (has_nan != nullptr && *has_nan == "true") return Ok();
    TARN_TRY(duckdb::LogicalType type, ToLogicalType(field.type));
    AddBound(field.name, type, get("min"), false, minimum_);
    AddBound(field.name, type, get("max"), true, maximum_);
    return Ok();
  }

  static void AddBound(const std::string& name, const duckdb::LogicalType& type,
                       const std::string* text, bool maximum, std::string& object) {
    if (text == nullptr || type.IsNested() || type.id() == duckdb::LogicalTypeId::BLOB) return;
    Value value(type);
    std::string error;
    if (!Value(*text).DefaultTryCastAs(type, value, &error, true) || value.IsNull()) return;
    if (std::optional<std::string> bound = BoundJson(value, maximum)) Append(object, name, *bound);
  }

  const StatisticsColumns& columns_;
  std::map<std::string, Facts> facts_;
  std::string minimum_;
  std::string maximum_;
  std::string nulls_;
};

}  // namespace

StatisticsColumns StatisticsColumns::Of(const WriteTarget& target) {
  const WriteTarget physical = target.Physical();
  std::vector<Leaf> all;
  for (size_t i = 0; i < target.schema.fields.size(); ++i) {
    const Field& field = target.schema.fields[i];
    Leaf leaf;
    if (IsPartition(target, field.name)) continue;
    CollectLeaves(field, physical.schema.fields[i], leaf, all);
  }
  StatisticsColumns result;
  auto take = [&](Leaf& leaf) {
    result.leaves_.push_back(std::move(leaf.logical));
    result.file_leaves_.push_back(std::move(leaf.physical));
  };
  auto named = target.properties.find("delta.dataSkippingStatsColumns");
  if (named != target.properties.end()) {
    std::vector<Path> wanted = NamedColumns(named->second);
    for (Leaf& leaf : all) {
      bool chosen = std::any_of(wanted.begin(), wanted.end(),
                                [&](const Path& path) { return IsPrefix(path, leaf.logical); });
      if (chosen) take(leaf);
    }
    return result;
  }
  int limit = kDefaultIndexedColumns;
  auto counted = target.properties.find("delta.dataSkippingNumIndexedCols");
  if (counted != target.properties.end()) {
    const std::string& text = counted->second;
    (void)std::from_chars(text.data(), text.data() + text.size(), limit);
  }
  if (limit >= 0) all.resize(std::min(all.size(), static_cast<size_t>(limit)));
  for (Leaf& leaf : all) take(leaf);
  return result;
}

bool StatisticsColumns::HasInFile(const Path& path) const {
  return std::find(file_leaves_.begin(), file_leaves_.end(), path) != file_leaves_.end();
}

bool StatisticsColumns::Has(const Path& path) const {
  return std::find(leaves_.begin(), leaves_.end(), path) != leaves_.end();
}

Result<std::string> StatisticsJson(const WriteTarget& target, const StatisticsColumns& columns,
                                   const Value& column_statistics, int64_t rows) {
  std::map<std::string, Facts> facts;
  if (!column_statistics.IsNull()) {
    for (const Value& entry : duckdb::MapValue::GetChildren(column_statistics)) {
      const auto& pair = duckdb::StructValue::GetChildren(entry);
      facts.emplace(pair[0].ToString(), TextMap(pair[1]));
    }
  }
  Collector collector(columns, std::move(facts));
  columnar::Fields held;
  for (const Field& field : target.schema.fields) {
    if (!IsPartition(target, field.name)) held.push_back(field);
  }
  TARN_RETURN_IF_ERROR(collector.AddFields(held, {}));
  auto vectors = target.properties.find("delta.enableDeletionVectors");
  return collector.Finish(rows, vectors != target.properties.end() && vectors->second == "true");
}

}  // namespace tarn::engine
