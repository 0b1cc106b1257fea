#include "engine/command/command.h"

#include <algorithm>

#include "delta/file_stats.h"

namespace tarn::engine {

StreamResult RunCommand(const CommandContext& context, const plan::AnalyzedStatement& statement) {
  return std::visit([&](const auto& command) { return Run(context, command); }, statement);
}

StreamResult Run(const CommandContext& context, const plan::Query& query) {
  return context.engine().Run(query.plan, context.cancel);
}

std::unique_ptr<ResultStream> NoRows() {
  columnar::BatchBuilder builder(columnar::Schema{});
  return StreamOf({}, builder.Finish());
}

std::unique_ptr<ResultStream> Rows(columnar::BatchBuilder builder) {
  columnar::Schema schema = builder.schema();
  return StreamOf(std::move(schema), builder.Finish());
}

std::unique_ptr<ResultStream> Counts(const std::vector<std::pair<std::string, int64_t>>& counts) {
  columnar::Schema schema;
  for (const auto& [name, count] : counts)
    schema.fields.push_back({name, columnar::TypeKind::kLong});
  columnar::BatchBuilder builder(schema);
  for (const auto& [name, count] : counts) builder.Int(count);
  return Rows(std::move(builder));
}

int64_t RowCount(const std::vector<delta::AddFile>& files) {
  int64_t rows = 0;
  for (const delta::AddFile& file : files) {
    rows += delta::FileStats::Parse(file.stats).num_records.value_or(0);
  }
  return rows;
}

Result<catalog::SecurableKind> KindOf(sql::SecurableWord word) {
  switch (word) {
    case sql::SecurableWord::kMetastore:
      return catalog::SecurableKind::kMetastore;
    case sql::SecurableWord::kCatalog:
      return catalog::SecurableKind::kCatalog;
    case sql::SecurableWord::kSchema:
      return catalog::SecurableKind::kSchema;
    case sql::SecurableWord::kTable:
      return catalog::SecurableKind::kTable;
    case sql::SecurableWord::kVolume:
      return catalog::SecurableKind::kVolume;
    default:
      return Fail("UNSUPPORTED_FEATURE",
                  "Tarn does not support views and functions as objects yet.");
  }
}

std::vector<std::string> SplitName(const std::string& full_name) {
  std::vector<std::string> parts;
  size_t begin = 0;
  while (begin <= full_name.size()) {
    size_t dot = std::min(full_name.find('.', begin), full_name.size());
    parts.push_back(full_name.substr(begin, dot - begin));
    begin = dot + 1;
  }
  return parts;
}

namespace {

bool Matches(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] == '*' || pattern[0] == '%') {
    return Matches(pattern.substr(1), name) || (!name.empty() && Matches(pattern, name.substr(1)));
  }
  return !name.empty() &&
         std::tolower(static_cast<unsigned char>(pattern[0])) ==
             std::tolower(static_cast<unsigned char>(name[0])) &&
         Matches(pattern.substr(1), name.substr(1));
}

}  // namespace

bool MatchesPattern(const std::optional<std::string>& pattern, const std::string& name) {
  if (!pattern) return true;
  size_t begin = 0;
  while (begin <= pattern->size()) {
    size_t bar = std::min(pattern->find('|', begin), pattern->size());
    if (Matches(std::string_view(*pattern).substr(begin, bar - begin), name)) return true;
    begin = bar + 1;
  }
  return false;
}

}  // namespace tarn::engine
