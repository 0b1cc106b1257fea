#include "plan/command/maintenance.h"

#include <algorithm>

#include "plan/resolve_statement.h"
#include "sql/ast/maintenance.h"

namespace tarn::plan {
namespace {

bool HasSubquery(const Expr& expr) { return expr.plan != nullptr; }

const Expr* FindOtherColumn(const Expr& expr, const std::vector<Attribute>& allowed) {
  bool other = expr.op == ExprOp::kColumn &&
               std::none_of(allowed.begin(), allowed.end(),
                            [&](const Attribute& column) { return column.id == expr.id; });
  if (other) return &expr;
  for (const ExprRef& arg : expr.args) {
    if (const Expr* found = FindOtherColumn(*arg, allowed)) return found;
  }
  return nullptr;
}

Error NoColumn(const TableBinding& table, const std::vector<std::string>& name) {
  std::string proposal;
  for (const columnar::Field& field : table.schema.fields) {
    proposal += (proposal.empty() ? "" : ", ") + columnar::QuoteIdentifier(field.name);
  }
  return Fail("UNRESOLVED_COLUMN.WITH_SUGGESTION",
              "A column, variable, or function parameter with name " + QuotedName(name) +
                  " cannot be resolved. Did you mean one of the following? [" + proposal + "].",
              {{"objectName", QuotedName(name)}, {"proposal", proposal}});
}

// A column, or a field inside it, as the table spells it.
Result<std::vector<std::string>> ColumnPath(const TableBinding& table,
                                            const std::vector<std::string>& name) {
  const columnar::Fields* fields = &table.schema.fields;
  std::vector<std::string> path;
  for (const std::string& part : name) {
    auto at = fields == nullptr ? table.schema.fields.end()
                                : std::find_if(fields->begin(), fields->end(), [&](const auto& f) {
                                    return SameName(f.name, part);
                                  });
    if (fields == nullptr || at == fields->end()) return NoColumn(table, name);
    path.push_back(at->name);
    fields = at->type.is(columnar::TypeKind::kStruct) ? &at->type.fields() : nullptr;
  }
  return path;
}

}  // namespace

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveMaintenance(const sql::Statement& s) {
  switch (s.kind) {
    case sql::StatementKind::kVacuum: {
      const auto& v = s.As<sql::Vacuum>();
      TARN_TRY(auto name, Complete(v.table, 3, v.table_range));
      return AnalyzedStatement(Vacuum{std::move(name), v.table_range, v.lite, v.retain_hours,
                                      v.retain_range, v.dry_run});
    }
    case sql::StatementKind::kRestore: {
      const sql::TableRelation& table = *s.As<sql::Restore>().table;
      TARN_TRY(auto name, Complete(table.name, 3, table.range));
      TARN_TRY(TimeTravel travel, Analyzer::QueryResolver(state_).Travel(table));
      return AnalyzedStatement(Restore{std::move(name), table.range, std::move(travel)});
    }
    case sql::StatementKind::kOptimize:
      return ResolveOptimize(s.As<sql::Optimize>());
    case sql::StatementKind::kCloneTable:
      return ResolveClone(s.As<sql::CloneTable>());
    case sql::StatementKind::kConvertToDelta: {
      const auto& c = s.As<sql::ConvertToDelta>();
      ConvertToDelta convert;
      TARN_TRY(convert.name, Complete(c.table, 3, c.table_range));
      convert.name_range = c.table_range;
      convert.no_statistics = c.no_statistics;
      for (const sql::ColumnDefinition& column : c.partitioned_by) {
        convert.partitioned_by.push_back({column.name, column.type, column.nullable});
      }
      return AnalyzedStatement(std::move(convert));
    }
    case sql::StatementKind::kAnalyzeTable:
      return ResolveAnalyze(s.As<sql::AnalyzeTable>());
    case sql::StatementKind::kFsckRepair: {
      const auto& f = s.As<sql::FsckRepair>();
      TARN_TRY(auto name, Complete(f.table, 3, f.table_range));
      return AnalyzedStatement(FsckRepair{std::move(name), f.table_range, f.dry_run});
    }
    default:
      return state_.At(NotYet("this statement"), s.range);
  }
}

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveOptimize(const sql::Optimize& o) {
  Optimize result;
  result.target_range = o.table_range;
  result.full = o.full;
  result.purge = o.purge;
  TARN_TRY(result.target, BindTarget(o.table, o.table_range, TargetUse::kReadAndWrite));
  TARN_TRY(result.scan, ScanTarget(result.target, "", o.table_range));
  if (o.where) {
    TARN_TRY(result.condition, PartitionCondition(*o.where, result.target, *result.scan));
    result.predicate = std::string(
        state_.text.substr(o.where->range.begin, o.where->range.end - o.where->range.begin));
  }
  result.zorder_range = o.zorder_range;
  for (const sql::NameParts& name : o.zorder_by) {
    Result<std::vector<std::string>> path = ColumnPath(result.target, name);
    if (!path.ok()) return state_.At(std::move(path).error(), o.zorder_range);
    result.zorder_by.push_back(*std::move(path));
  }
  return AnalyzedStatement(std::move(result));
}

Result<ExprRef> Analyzer::StatementResolver::PartitionCondition(const sql::Expr& syntax,
                                                                const TableBinding& table,
                                                                const LogicalPlan& scan) {
  Scope scope(nullptr);
  scope.Add(scan.output);
  TARN_TRY(ExprRef condition, ExprResolver(state_, scope).ResolveCondition(syntax, "WHERE"));
  if (AnyExpr(condition, HasSubquery)) {
    return state_.At(Fail("DELTA_UNSUPPORTED_SUBQUERY_IN_PARTITION_PREDICATES",
                          "Subquery is not supported in partition predicates."),
                     syntax.range);
  }
  std::vector<Attribute> partitions;
  std::string list;
  for (const std::string& name : table.partition_columns) {
    partitions.push_back(scan.output[static_cast<size_t>(table.schema.FindField(name))]);
    list += (list.empty() ? "" : ", ") + name;
  }
  if (const Expr* other = FindOtherColumn(*condition, partitions)) {
    return state_.At(Fail("DELTA_NON_PARTITION_COLUMN_REFERENCE",
                          "Predicate references non-partition column '" + other->name +
                              "'. Only the partition columns may be referenced: [" + list + "].",
                          {{"columnName", other->name}, {"columnList", list}}),
                     syntax.range);
  }
  return condition;
}

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveClone(const sql::CloneTable& c) {
  if (state_.context.resolver == nullptr) {
    return state_.At(Fail("TABLE_OR_VIEW_NOT_FOUND", "There are no tables here."), c.source->range);
  }
  CloneTable clone;
  TARN_TRY(clone.name, Complete(c.name, 3, c.name_range));
  clone.name_range = c.name_range;
  clone.or_replace = c.or_replace;
  clone.if_not_exists = c.if_not_exists;
  clone.deep = c.deep;
  clone.properties = c.properties;
  clone.location = c.location;
  clone.source_range = c.source->range;
  TARN_TRY(auto source, Complete(c.source->name, 3, c.source->range));
  TARN_TRY(TimeTravel travel, Analyzer::QueryResolver(state_).Travel(*c.source));
  Result<TableBinding> binding = state_.context.resolver->ResolveTable(source, travel);
  if (!binding.ok()) return state_.At(std::move(binding).error(), c.source->range);
  clone.source = *std::move(binding);
  if (!clone.source.policy.empty()) {
    return state_.At(NotYet("cloning tables with row filters or masks"), c.source->range);
  }
  return AnalyzedStatement(std::move(clone));
}

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveAnalyze(const sql::AnalyzeTable& a) {
  AnalyzeTable analyze;
  analyze.target_range = a.table_range;
  analyze.delta = a.delta;
  analyze.no_scan = a.no_scan;
  TARN_TRY(analyze.target, BindTarget(a.table, a.table_range, TargetUse::kReadAndWrite));
  TARN_TRY(analyze.scan, ScanTarget(analyze.target, "", a.table_range));
  for (const sql::NameParts& name : a.columns) {
    Result<std::vector<std::string>> path = ColumnPath(analyze.target, name);
    if (!path.ok()) return state_.At(std::move(path).error(), a.table_range);
    analyze.columns.push_back(path->front());
  }
  if (a.all_columns) {
    for (const columnar::Field& field : analyze.target.schema.fields) {
      analyze.columns.push_back(field.name);
    }
  }
  return AnalyzedStatement(std::move(analyze));
}

}  // namespace tarn::plan
