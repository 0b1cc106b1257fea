#include "engine/command/command.h"

#include <algorithm>

#include "columnar/array_view.h"
#include "delta/file_stats.h"

namespace tarn::engine {

Status CommandContext::FollowSchema(const catalog::Securable& table,
                                    const delta::Snapshot& snapshot) const {
  catalog::ObjectChange change;
  change.columns = snapshot.schema();
  change.partition_columns = snapshot.partition_columns();
  auto changed = catalog().Alter(who(), table.kind, table.full_name, change, table.id);
  if (changed.ok() || changed.error().reason() == "PERMISSION_DENIED") return Ok();
  return std::move(changed).error();
}

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

Result<int64_t> CountRows(const CommandContext& context, plan::PlanRef rows) {
  auto count = std::make_shared<plan::Expr>();
  count->op = plan::ExprOp::kAggregate;
  count->function = "count";
  count->args = {plan::MakeLiteral(columnar::TypeKind::kInteger, "1")};
  count->type = columnar::TypeKind::kLong;
  auto plan = std::make_shared<plan::LogicalPlan>();
  plan->kind = plan::PlanKind::kAggregate;
  plan->aggregates = {count};
  plan->output = {{.id = -1, .name = "count", .type = count->type, .nullable = false}};
  plan->children = {std::move(rows)};
  TARN_TRY(auto stream, context.engine().Run(std::move(plan), context.cancel));
  TARN_TRY(auto batch, stream->Next());
  if (!batch) return Fail("INTERNAL_ERROR", "a count without a row");
  return columnar::ArrayView(batch->array.get()).Member(0).Fixed<int64_t>(0);
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

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// The pieces between stars in their order: the first piece at the begin, the last one at the end,
// each other one at its first place, which leaves the most for those behind it.
bool Matches(std::string_view pattern, std::string_view name) {
  size_t star = pattern.find_first_of("*%");
  if (star == std::string_view::npos) return pattern == name;
  if (name.substr(0, star) != pattern.substr(0, star)) return false;
  name.remove_prefix(star);
  pattern.remove_prefix(star + 1);
  while ((star = pattern.find_first_of("*%")) != std::string_view::npos) {
    size_t found = name.find(pattern.substr(0, star));
    if (found == std::string_view::npos) return false;
    name.remove_prefix(found + star);
    pattern.remove_prefix(star + 1);
  }
  return name.size() >= pattern.size() && name.substr(name.size() - pattern.size()) == pattern;
}

}  // namespace

bool MatchesPattern(const std::optional<std::string>& pattern, const std::string& name) {
  if (!pattern) return true;
  std::string patterns = Lower(*pattern);
  std::string lower = Lower(name);
  size_t begin = 0;
  while (begin <= patterns.size()) {
    size_t bar = std::min(patterns.find('|', begin), patterns.size());
    if (Matches(std::string_view(patterns).substr(begin, bar - begin), lower)) return true;
    begin = bar + 1;
  }
  return false;
}

}  // namespace tarn::engine
