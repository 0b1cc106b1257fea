#include "sql/printer/tree.h"

namespace tarn::sql {
namespace {

Tree BoundTree(const FrameBound& bound) {
  static constexpr const char* kNames[] = {"unbounded_preceding", "preceding", "current_row",
                                           "following", "unbounded_following"};
  Tree tree(kNames[static_cast<int>(bound.kind)]);
  if (bound.offset) tree.Add(ToTree(*bound.offset));
  return tree;
}

Tree GroupTree(const GroupingElement& element) {
  static constexpr const char* kNames[] = {"plain", "rollup", "cube", "sets", "ALL"};
  Tree tree(kNames[static_cast<int>(element.kind)]);
  if (element.kind == GroupingKind::kPlain) return ToTree(*element.sets[0][0]);
  for (const ExprList& set : element.sets) {
    tree.Add(set.empty() ? Tree("()") : ListTree("set", set));
  }
  return tree;
}

Tree SelectTree(const Select& select) {
  Tree tree(select.distinct ? "select_distinct" : "select");
  for (const SelectItem& item : select.items) tree.Add(ItemTree(item));
  if (select.from) tree.Add(Tree("from").Add(ToTree(*select.from)));
  tree.AddPart("where", select.where);
  if (!select.group_by.empty()) {
    Tree group("group_by");
    for (const GroupingElement& element : select.group_by) group.Add(GroupTree(element));
    tree.Add(std::move(group));
  }
  tree.AddPart("having", select.having);
  tree.AddPart("qualify", select.qualify);
  for (const auto& [name, spec] : select.windows) {
    tree.Add(Tree("window").Add(name).Add(WindowTree(spec)));
  }
  return tree;
}

Tree RowsTree(const ValuesRelation& values) {
  Tree tree("values");
  for (const ExprList& row : values.rows) tree.Add(ListTree("row", row));
  return tree;
}

std::string JoinLabel(const JoinRelation& join) {
  static constexpr const char* kNames[] = {"inner", "left",      "right",    "full",
                                           "cross", "left_semi", "left_anti"};
  return std::string(join.natural ? "natural_" : "") + kNames[static_cast<int>(join.join)] +
         "_join";
}

Tree JoinTree(const JoinRelation& join) {
  Tree tree(JoinLabel(join));
  tree.Add(ToTree(*join.left)).Add(ToTree(*join.right));
  tree.AddPart("on", join.condition);
  if (!join.using_columns.empty()) {
    Tree columns("using");
    for (const std::string& name : join.using_columns) columns.Add(QuotedName({name}));
    tree.Add(std::move(columns));
  }
  return tree;
}

Tree BareRelation(const Relation& relation) {
  switch (relation.kind) {
    case RelationKind::kTable: {
      const auto& node = relation.As<TableRelation>();
      Tree tree(QuotedName(node.name));
      tree.AddPart("version_as_of", node.version_as_of);
      tree.AddPart("timestamp_as_of", node.timestamp_as_of);
      return tree;
    }
    case RelationKind::kSubquery: {
      const auto& node = relation.As<SubqueryRelation>();
      return Tree(node.lateral ? "lateral" : "subquery").Add(ToTree(*node.query));
    }
    case RelationKind::kJoin:
      return JoinTree(relation.As<JoinRelation>());
    case RelationKind::kFunction: {
      const auto& node = relation.As<FunctionRelation>();
      Tree tree((node.lateral ? "lateral_function:" : "table_function:") + QuotedName({node.name}));
      for (const Argument& argument : node.args) {
        Tree value = ToTree(*argument.value);
        if (!argument.name.empty()) value = Tree(argument.name + "=>").Add(std::move(value));
        tree.Add(std::move(value));
      }
      return tree;
    }
    case RelationKind::kValues:
      return RowsTree(relation.As<ValuesRelation>());
  }
  return "(unknown)";
}

}  // namespace

Tree ItemTree(const SelectItem& item) {
  Tree tree = ToTree(*item.expr);
  if (item.alias.empty()) return tree;
  return Tree("as:" + QuotedName({item.alias})).Add(std::move(tree));
}

Tree WindowTree(const WindowSpec& spec) {
  Tree tree("over");
  if (!spec.name.empty()) tree.Add(Tree("ref").Add(spec.name));
  if (!spec.partition_by.empty()) tree.Add(ListTree("partition_by", spec.partition_by));
  if (!spec.order_by.empty()) tree.Add(OrderTree("order_by", spec.order_by));
  if (spec.frame) {
    tree.Add(Tree(spec.frame->unit == FrameUnit::kRows ? "rows" : "range")
                 .Add(BoundTree(spec.frame->start))
                 .Add(BoundTree(spec.frame->end)));
  }
  if (tree.children.empty()) tree.label += "()";
  return tree;
}

Tree ToTree(const Relation& relation) {
  Tree tree = BareRelation(relation);
  if (relation.alias.empty()) return tree;
  Tree alias("as:" + QuotedName({relation.alias}));
  if (!relation.column_aliases.empty()) {
    Tree columns("columns");
    for (const std::string& name : relation.column_aliases) columns.Add(QuotedName({name}));
    alias.Add(std::move(columns));
  }
  return alias.Add(std::move(tree));
}

Tree ToTree(const QueryBody& body) {
  switch (body.kind) {
    case BodyKind::kSelect:
      return SelectTree(body.As<Select>());
    case BodyKind::kSetOperation: {
      static constexpr const char* kNames[] = {"union", "intersect", "except"};
      const auto& node = body.As<SetOperation>();
      return Tree(std::string(kNames[static_cast<int>(node.op)]) + (node.all ? "_all" : ""))
          .Add(ToTree(*node.left))
          .Add(ToTree(*node.right));
    }
    case BodyKind::kValues:
      return ToTree(static_cast<const Relation&>(*body.As<ValuesBody>().values));
    case BodyKind::kQuery:
      return ToTree(*body.As<QueryInParentheses>().query);
    case BodyKind::kTable:
      return Tree("table").Add(ToTree(static_cast<const Relation&>(*body.As<TableBody>().table)));
  }
  return "(unknown)";
}

Tree ToTree(const Query& query) {
  Tree body = ToTree(*query.body);
  bool bare = query.with.empty() && query.order_by.empty() && !query.limit && !query.offset &&
              query.distribute_by.empty();
  if (bare) return body;
  Tree tree("query");
  for (const CommonTable& table : query.with) {
    Tree with("with:" + QuotedName({table.name}));
    for (const std::string& name : table.columns) with.Add(QuotedName({name}));
    tree.Add(with.Add(ToTree(*table.query)));
  }
  tree.Add(std::move(body));
  if (!query.distribute_by.empty()) tree.Add(ListTree("distribute_by", query.distribute_by));
  if (!query.order_by.empty()) {
    tree.Add(OrderTree(query.sort_within_partitions ? "sort_by" : "order_by", query.order_by));
  }
  tree.AddPart("limit", query.limit);
  tree.AddPart("offset", query.offset);
  return tree;
}

}  // namespace tarn::sql
