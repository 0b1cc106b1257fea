#include <algorithm>

#include "engine/duckdb/emitter.h"
#include "engine/duckdb/query_stream.h"
#include "engine/duckdb/tree.h"
#include "engine/duckdb/types.h"

namespace tarn::engine {

using namespace duckdb;  // NOLINT: this file builds DuckDB's trees
using plan::Attribute;
using plan::LogicalPlan;
using plan::PlanKind;
using tree::ExprPtr;

namespace {

std::string NameOf(plan::ExprId id) { return "c" + std::to_string(id); }

duckdb::vector<string> NamesOf(const std::vector<Attribute>& attributes) {
  duckdb::vector<string> names;
  for (const Attribute& a : attributes) names.push_back(NameOf(a.id));
  return names;
}

duckdb::unique_ptr<ParsedExpression> Column(plan::ExprId id) {
  return make_uniq<ColumnRefExpression>(NameOf(id));
}

ExprPtr Hidden(const char* name) { return make_uniq<ColumnRefExpression>(string(name)); }

ExprPtr Number(const char* name) { return tree::CastTo(LogicalType::BIGINT, Hidden(name)); }

// What a row's file holds of its row id or version, else what the log says of the file.
ExprPtr Tracked(const SnapshotSource& source, const char* written, ExprPtr otherwise) {
  if (!source.tracks_rows()) return tree::CastTo(LogicalType::BIGINT, tree::Null());
  return tree::Coalesce(Hidden(written), std::move(otherwise));
}

ExprPtr RowId(const SnapshotSource& source) {
  return Tracked(source, kWrittenRowId,
                 tree::Make("+", Hidden(kBaseRowId), Number("file_row_number")));
}

ExprPtr RowCommitVersion(const SnapshotSource& source) {
  return Tracked(source, kWrittenRowVersion, Hidden(kDefaultRowVersion));
}

duckdb::vector<ExprPtr> AddressColumns(const SnapshotSource& source) {
  duckdb::vector<ExprPtr> columns;
  columns.push_back(Number("file_index"));
  columns.push_back(Number("file_row_number"));
  columns.push_back(RowId(source));
  columns.push_back(RowCommitVersion(source));
  return columns;
}

// plan::MetadataType, field by field.
duckdb::vector<ExprPtr> MetadataColumn(const SnapshotSource& source) {
  auto of_file = [&](const char* name) {
    return source.tracks_rows() ? Hidden(name) : tree::CastTo(LogicalType::BIGINT, tree::Null());
  };
  duckdb::vector<ExprPtr> parts;
  parts.push_back(tree::Make("||", tree::Text("file://"), Hidden("filename")));
  parts.push_back(tree::Make("regexp_extract", Hidden("filename"), tree::Text("[^/]*$")));
  parts.push_back(Hidden(kFileSize));
  parts.push_back(tree::CastTo(LogicalType::BIGINT, tree::Int(0)));
  parts.push_back(Hidden(kFileSize));
  parts.push_back(Hidden(kFileModified));
  parts.push_back(Number("file_row_number"));
  parts.push_back(of_file(kBaseRowId));
  parts.push_back(of_file(kDefaultRowVersion));
  parts.push_back(RowId(source));
  parts.push_back(RowCommitVersion(source));
  const columnar::DataType type = plan::MetadataType();
  for (size_t i = 0; i < parts.size(); ++i) parts[i]->SetAlias(type.fields()[i].name);
  duckdb::vector<ExprPtr> columns;
  columns.push_back(make_uniq<FunctionExpression>("struct_pack", std::move(parts)));
  return columns;
}

bool OnlyColumns(const LogicalPlan& plan) {
  return std::all_of(plan.exprs.begin(), plan.exprs.end(),
                     [](const plan::ExprRef& e) { return e->op == plan::ExprOp::kColumn; });
}

}  // namespace

Result<duckdb::unique_ptr<SelectStatement>> Emitter::Statement(const LogicalPlan& plan) {
  TARN_TRY(auto node, Query(plan));
  auto statement = make_uniq<SelectStatement>();
  statement->node = std::move(node);
  return statement;
}

Result<duckdb::unique_ptr<QueryNode>> Emitter::Query(const LogicalPlan& plan) {
  switch (plan.kind) {
    case PlanKind::kSetOp:
      return SetOperation(plan);
    case PlanKind::kLimit: {
      TARN_TRY(auto node, Query(*plan.children[0]));
      bool limited = std::any_of(node->modifiers.begin(), node->modifiers.end(), [](const auto& m) {
        return m->type == ResultModifierType::LIMIT_MODIFIER;
      });
      if (limited) {
        auto outer = make_uniq<SelectNode>();
        auto statement = make_uniq<SelectStatement>();
        statement->node = std::move(node);
        outer->from_table =
            make_uniq<SubqueryRef>(std::move(statement), "t" + std::to_string(next_alias_++));
        outer->select_list.push_back(make_uniq<StarExpression>());
        node = std::move(outer);
      }
      auto limit = make_uniq<LimitModifier>();
      if (plan.limit) {
        TARN_TRY(limit->limit, Expr(*plan.limit));
      }
      if (plan.offset) {
        TARN_TRY(limit->offset, Expr(*plan.offset));
      }
      node->modifiers.push_back(std::move(limit));
      return node;
    }
    default: {
      TARN_TRY(auto node, Select(plan));
      return duckdb::unique_ptr<QueryNode>(std::move(node));
    }
  }
}

// One SELECT for a chain of Project, Sort and Filter: fewer levels for DuckDB's binder to undo.
Result<duckdb::unique_ptr<SelectNode>> Emitter::Select(const LogicalPlan& plan) {
  if (plan.kind == PlanKind::kAggregate) return Aggregate(plan);
  auto node = make_uniq<SelectNode>();
  const LogicalPlan* at = &plan;
  if (at->kind == PlanKind::kProject) {
    for (size_t i = 0; i < at->exprs.size(); ++i) {
      TARN_TRY(auto expr, Expr(*at->exprs[i]));
      expr->SetAlias(NameOf(at->output[i].id));
      node->select_list.push_back(std::move(expr));
    }
    // Sorting below a projection that only picks columns is the same as sorting in it.
    const LogicalPlan* child = at->children[0].get();
    if (child->kind == PlanKind::kSort && OnlyColumns(*at)) {
      TARN_RETURN_IF_ERROR(AddOrder(*node, child->sort));
      child = child->children[0].get();
    } else if (child->kind == PlanKind::kFilter) {
      TARN_TRY(node->where_clause, Expr(*child->condition));
      child = child->children[0].get();
    }
    at = child;
  } else {
    for (const Attribute& a : at->output) node->select_list.push_back(Column(a.id));
    if (at->kind == PlanKind::kDistinct) {
      node->modifiers.push_back(make_uniq<DistinctModifier>());
      at = at->children[0].get();
    } else if (at->kind == PlanKind::kSort) {
      TARN_RETURN_IF_ERROR(AddOrder(*node, at->sort));
      at = at->children[0].get();
    } else if (at->kind == PlanKind::kFilter) {
      TARN_TRY(node->where_clause, Expr(*at->condition));
      at = at->children[0].get();
    }
  }
  // A statement without columns still needs one to exist.
  if (node->select_list.empty())
    node->select_list.push_back(make_uniq<ConstantExpression>(Value::INTEGER(1)));
  TARN_TRY(node->from_table, Relation(*at));
  return node;
}

Status Emitter::AddOrder(QueryNode& node, const std::vector<plan::SortKey>& keys) {
  auto order = make_uniq<OrderModifier>();
  for (const plan::SortKey& key : keys) {
    TARN_TRY(auto expr, Expr(*key.expr));
    order->orders.emplace_back(
        key.descending ? OrderType::DESCENDING : OrderType::ASCENDING,
        key.nulls_first ? OrderByNullType::NULLS_FIRST : OrderByNullType::NULLS_LAST,
        std::move(expr));
  }
  node.modifiers.push_back(std::move(order));
  return Ok();
}

Result<duckdb::unique_ptr<SelectNode>> Emitter::Aggregate(const LogicalPlan& plan) {
  auto node = make_uniq<SelectNode>();
  GroupingSet all;
  for (size_t i = 0; i < plan.groups.size(); ++i) {
    TARN_TRY(auto group, Expr(*plan.groups[i]));
    auto shown = group->Copy();
    shown->SetAlias(NameOf(plan.output[i].id));
    node->select_list.push_back(std::move(shown));
    // A constant would be read as the position of a column.
    if (plan.groups[i]->op == plan::ExprOp::kLiteral) {
      group = make_uniq<CastExpression>(LogicalType::VARCHAR, std::move(group));
      node->select_list.back() = group->Copy();
      TARN_TRY(LogicalType type, ToLogicalType(plan.groups[i]->type));
      node->select_list.back() =
          make_uniq<CastExpression>(type, std::move(node->select_list.back()));
      node->select_list.back()->SetAlias(NameOf(plan.output[i].id));
    }
    node->groups.group_expressions.push_back(std::move(group));
    all.insert(i);
  }
  if (!plan.grouping_sets.empty()) {
    for (const auto& set : plan.grouping_sets) {
      GroupingSet emitted;
      for (int i : set) emitted.insert(static_cast<idx_t>(i));
      node->groups.grouping_sets.push_back(std::move(emitted));
    }
  } else if (!plan.groups.empty()) {
    node->groups.grouping_sets.push_back(std::move(all));
  }
  for (size_t i = 0; i < plan.aggregates.size(); ++i) {
    TARN_TRY(auto aggregate, AggregateCall(*plan.aggregates[i]));
    aggregate->SetAlias(NameOf(plan.output[plan.groups.size() + i].id));
    node->select_list.push_back(std::move(aggregate));
  }
  if (node->select_list.empty())
    node->select_list.push_back(make_uniq<ConstantExpression>(Value::INTEGER(1)));
  const LogicalPlan* child = plan.children[0].get();
  if (child->kind == PlanKind::kFilter) {
    TARN_TRY(node->where_clause, Expr(*child->condition));
    child = child->children[0].get();
  }
  TARN_TRY(node->from_table, Relation(*child));
  return node;
}

Result<duckdb::unique_ptr<QueryNode>> Emitter::SetOperation(const LogicalPlan& plan) {
  auto set = make_uniq<SetOperationNode>();
  set->setop_type = plan.set_op == sql::SetOperator::kUnion       ? SetOperationType::UNION
                    : plan.set_op == sql::SetOperator::kIntersect ? SetOperationType::INTERSECT
                                                                  : SetOperationType::EXCEPT;
  set->setop_all = plan.all;
  for (const plan::PlanRef& child : plan.children) {
    // Each side in a SELECT of its own keeps its ORDER BY and LIMIT inside.
    auto side = make_uniq<SelectNode>();
    TARN_TRY(side->from_table, Relation(*child));
    for (const Attribute& a : child->output) side->select_list.push_back(Column(a.id));
    set->children.push_back(std::move(side));
  }
  auto statement = make_uniq<SelectStatement>();
  statement->node = std::move(set);
  auto ref = make_uniq<SubqueryRef>(std::move(statement), "t" + std::to_string(next_alias_++));
  ref->column_name_alias = NamesOf(plan.output);
  auto outer = make_uniq<SelectNode>();
  outer->from_table = std::move(ref);
  for (const Attribute& a : plan.output) outer->select_list.push_back(Column(a.id));
  return duckdb::unique_ptr<QueryNode>(std::move(outer));
}

Result<Emitter::RefPtr> Emitter::Relation(const LogicalPlan& plan) {
  switch (plan.kind) {
    case PlanKind::kOneRow:
      return RefPtr(make_uniq<EmptyTableRef>());
    case PlanKind::kScan:
      return Scan(plan);
    case PlanKind::kFileScan:
      return FileScan(plan);
    case PlanKind::kKept:
      return Kept(plan);
    case PlanKind::kJoin:
      return Join(plan);
    case PlanKind::kValues:
      return Values(plan);
    case PlanKind::kRange: {
      auto ref = make_uniq<TableFunctionRef>();
      TARN_TRY(auto args, Exprs(plan.args));
      ref->function = make_uniq<FunctionExpression>("range", std::move(args));
      ref->alias = "t" + std::to_string(next_alias_++);
      ref->column_name_alias = NamesOf(plan.output);
      return RefPtr(std::move(ref));
    }
    default: {
      TARN_TRY(auto statement, Statement(plan));
      return RefPtr(
          make_uniq<SubqueryRef>(std::move(statement), "t" + std::to_string(next_alias_++)));
    }
  }
}

Result<Emitter::RefPtr> Emitter::Scan(const LogicalPlan& plan) {
  auto snapshot = std::static_pointer_cast<const delta::Snapshot>(plan.table.snapshot);
  TARN_TRY(std::shared_ptr<const SnapshotSource> source, sources_.Find(std::move(snapshot)));
  used_.push_back(std::make_shared<SnapshotScan>(std::move(source)));
  auto ref = make_uniq<TableFunctionRef>();
  duckdb::vector<ExprPtr> args;
  args.push_back(make_uniq<ConstantExpression>(
      Value::POINTER(reinterpret_cast<uintptr_t>(used_.back().get()))));
  // The bounds of row groups may have been made without the NaNs in them.
  args.push_back(make_uniq<ComparisonExpression>(
      ExpressionType::COMPARE_EQUAL, make_uniq<ColumnRefExpression>("can_have_nan"),
      make_uniq<ConstantExpression>(Value::BOOLEAN(true))));
  ref->function = make_uniq<FunctionExpression>(kSnapshotScan, std::move(args));
  ref->alias = "t" + std::to_string(next_alias_++);
  size_t columns = plan.output.size() - (plan.with_address ? plan::kAddressColumns : 0) -
                   (plan.with_metadata ? 1 : 0);
  std::vector<Attribute> named(plan.output.begin(),
                               plan.output.begin() + static_cast<ptrdiff_t>(columns));
  ref->column_name_alias = NamesOf(named);
  if (!plan.with_address && !plan.with_metadata) return RefPtr(std::move(ref));
  // What is known of a row besides its columns, the scan has only when it is asked for by name.
  auto select = make_uniq<SelectNode>();
  for (const Attribute& a : named) select->select_list.push_back(Column(a.id));
  const SnapshotSource& scanned = used_.back()->source();
  duckdb::vector<ExprPtr> more =
      plan.with_metadata ? MetadataColumn(scanned) : AddressColumns(scanned);
  for (size_t i = 0; i < more.size(); ++i) {
    more[i]->SetAlias(NameOf(plan.output[columns + i].id));
    select->select_list.push_back(std::move(more[i]));
  }
  select->from_table = std::move(ref);
  auto statement = make_uniq<SelectStatement>();
  statement->node = std::move(select);
  return RefPtr(make_uniq<SubqueryRef>(std::move(statement), "t" + std::to_string(next_alias_++)));
}

Emitter::RefPtr Emitter::Kept(const LogicalPlan& plan) {
  const auto& kept = *static_cast<const KeptRows*>(plan.kept.get());
  kept_bytes_ += kept.bytes();
  auto ref = make_uniq<ColumnDataRef>(optionally_owned_ptr<ColumnDataCollection>(kept.collection()),
                                      NamesOf(plan.output));
  ref->alias = "t" + std::to_string(next_alias_++);
  return ref;
}

Result<Emitter::RefPtr> Emitter::Join(const LogicalPlan& plan) {
  auto join = make_uniq<JoinRef>(JoinRefType::REGULAR);
  switch (plan.join) {
    case sql::JoinType::kInner:
    case sql::JoinType::kCross:
      join->type = JoinType::INNER;
      break;
    case sql::JoinType::kLeft:
      join->type = JoinType::LEFT;
      break;
    case sql::JoinType::kRight:
      join->type = JoinType::RIGHT;
      break;
    case sql::JoinType::kFull:
      join->type = JoinType::OUTER;
      break;
    case sql::JoinType::kLeftSemi:
      join->type = JoinType::SEMI;
      break;
    case sql::JoinType::kLeftAnti:
      join->type = JoinType::ANTI;
      break;
  }
  TARN_TRY(join->left, Relation(*plan.children[0]));
  TARN_TRY(join->right, Relation(*plan.children[1]));
  if (plan.condition) {
    TARN_TRY(join->condition, Expr(*plan.condition));
  } else if (join->type == JoinType::INNER) {
    join->ref_type = JoinRefType::CROSS;
  } else {
    join->condition = make_uniq<ConstantExpression>(Value::BOOLEAN(true));
  }
  return RefPtr(std::move(join));
}

Result<Emitter::RefPtr> Emitter::Values(const LogicalPlan& plan) {
  auto list = make_uniq<ExpressionListRef>();
  for (const auto& row : plan.rows) {
    TARN_TRY(auto cells, Exprs(row));
    for (size_t i = 0; i < cells.size(); ++i) {
      TARN_TRY(LogicalType type, ToLogicalType(plan.output[i].type));
      cells[i] = make_uniq<CastExpression>(type, std::move(cells[i]));
    }
    list->values.push_back(std::move(cells));
  }
  list->alias = "t" + std::to_string(next_alias_++);
  list->expected_names = NamesOf(plan.output);
  return RefPtr(std::move(list));
}

}  // namespace tarn::engine
