#include <algorithm>

#include "plan/output_name.h"
#include "plan/resolve_statement.h"

namespace tarn::plan {

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveCopyInto(const sql::CopyInto& copy) {
  CopyInto result;
  result.target_range = copy.table_range;
  result.source = copy.source;
  result.file_format = copy.file_format;
  result.validate = copy.validate;
  result.validate_rows = copy.validate_rows;
  TARN_TRY(result.target, BindTarget(copy.table, copy.table_range, TargetUse::kWrite));
  Result<FileSource> files = state_.context.resolver->ResolveCopySource(result.target, copy);
  if (!files.ok()) return state_.At(std::move(files).error(), copy.source_range);
  result.files = *std::move(files);
  if (result.files.paths.empty()) return AnalyzedStatement(std::move(result));
  auto scan = std::make_shared<LogicalPlan>();
  scan->kind = PlanKind::kFileScan;
  for (const columnar::Field& field : result.files.schema.fields) {
    scan->output.push_back({state_.NewId(), field.name, field.type, true, {}});
  }
  scan->files = result.files;
  TARN_TRY(PlanRef source, CopyProjection(copy, std::move(scan)));
  bool merges =
      std::any_of(copy.copy_options.begin(), copy.copy_options.end(), [](const auto& option) {
        return SameName(option.first, "mergeSchema") && SameName(option.second, "true");
      });
  if (merges || state_.context.schema_evolution) {
    TARN_TRY(result.target, EvolvedFor(result.target, source->output, copy.table_range));
  }
  TARN_TRY(std::vector<ExprRef> values,
           ValuesByName(*source, result.target, {}, copy.source_range));
  TARN_TRY(result.rows, RowsFor(result.target, std::move(source), std::move(values),
                                Storing::kFromFiles, copy.source_range));
  return AnalyzedStatement(std::move(result));
}

// FROM (SELECT … FROM 'path')
Result<PlanRef> Analyzer::StatementResolver::CopyProjection(const sql::CopyInto& copy,
                                                            PlanRef files) {
  if (copy.projection.empty()) return files;
  Scope scope(nullptr);
  scope.Add(files->output);
  auto project = std::make_shared<LogicalPlan>();
  project->kind = PlanKind::kProject;
  project->children = {std::move(files)};
  for (const sql::SelectItem& item : copy.projection) {
    ExprResolver resolver(state_, scope);
    std::vector<std::pair<std::string, ExprRef>> found;
    if (item.expr->kind == sql::ExprKind::kStar) {
      TARN_TRY(found, resolver.ExpandStar(item.expr->As<sql::Star>()));
    } else {
      TARN_TRY(ExprRef expr, resolver.Resolve(*item.expr));
      found.emplace_back(
          item.alias.empty() ? ItemName(*item.expr, state_.names, state_.text) : item.alias, expr);
    }
    for (auto& [name, expr] : found) {
      project->output.push_back({state_.NewId(), name, expr->type, expr->nullable, {}});
      project->exprs.push_back(std::move(expr));
    }
  }
  return PlanRef(project);
}

}  // namespace tarn::plan
