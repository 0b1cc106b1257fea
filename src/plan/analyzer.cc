#include "plan/analyzer.h"

#include "plan/resolve_expression.h"

namespace tarn::plan {

Analyzer::Analyzer(AnalyzerContext context, std::string_view text)
    : state_(std::make_unique<State>()) {
  state_->context = std::move(context);
  state_->text = text;
}
Analyzer::~Analyzer() = default;

Result<PlanRef> Analyzer::AnalyzeQuery(const sql::Query& query) {
  return QueryResolver(*state_).Resolve(query, nullptr);
}

columnar::Schema SchemaOf(const LogicalPlan& plan) {
  columnar::Schema schema;
  for (const Attribute& a : plan.output) schema.fields.push_back({a.name, a.type, a.nullable});
  return schema;
}

}  // namespace tarn::plan
