#include "sql/printer/tree.h"

namespace tarn::sql {

Tree ColumnTree(const ColumnDefinition& column) {
  Tree tree("column:" + QuotedName({column.name}));
  tree.Add(column.type.ToCatalogString());
  tree.AddFlag("NOT_NULL", !column.nullable);
  tree.AddPart("default", column.default_value).AddPart("generated", column.generated);
  if (column.identity) {
    tree.Add(Tree(column.identity->always ? "identity_always" : "identity_by_default")
                 .Add(std::to_string(column.identity->start))
                 .Add(std::to_string(column.identity->step)));
  }
  return tree.AddText("comment", column.comment);
}

Tree CheckTree(const CheckDefinition& check) {
  Tree tree("check");
  if (!check.name.empty()) tree.Add(QuotedName({check.name}));
  if (check.condition) tree.Add(ToTree(*check.condition));
  return tree;
}

Tree NamesTree(const char* label, const std::vector<NameParts>& names) {
  Tree tree(label);
  for (const NameParts& name : names) tree.Add(QuotedName(name));
  return tree;
}

namespace {

const char* WordLabel(SecurableWord word) {
  static constexpr const char* kWords[] = {"metastore", "catalog", "schema",  "table",
                                           "view",      "volume",  "function"};
  return kWords[static_cast<int>(word)];
}

Tree AssignmentTree(const std::pair<NameParts, ExprPtr>& assignment) {
  return Tree("=").Add(QuotedName(assignment.first)).Add(ToTree(*assignment.second));
}

Tree PartitionTree(const std::pair<std::string, ExprPtr>& part) {
  Tree partition("partition:" + QuotedName({part.first}));
  if (part.second) partition.Add(ToTree(*part.second));
  return partition;
}

Tree PlaceTree(const ColumnPosition& position) {
  return position.after.empty() ? Tree("first") : Tree("after").Add(QuotedName({position.after}));
}

Tree CreateTableTree(const CreateTable& node) {
  Tree tree(node.replace      ? "replace_table"
            : node.or_replace ? "create_or_replace_table"
                              : "create_table");
  tree.Add(QuotedName(node.name));
  tree.AddFlag("IF_NOT_EXISTS", node.if_not_exists).AddFlag("EXTERNAL", node.external);
  if (!node.like.empty()) tree.Add(Tree("like").Add(QuotedName(node.like)));
  for (const ColumnDefinition& column : node.columns) tree.Add(ColumnTree(column));
  for (const CheckDefinition& check : node.checks) tree.Add(CheckTree(check));
  if (!node.provider.empty()) tree.Add(Tree("using").Add(node.provider));
  if (!node.partitioned_by.empty()) {
    Tree columns("partitioned_by");
    for (const std::string& name : node.partitioned_by) columns.Add(QuotedName({name}));
    tree.Add(std::move(columns));
  }
  if (!node.cluster_by.empty()) tree.Add(NamesTree("cluster_by", node.cluster_by));
  tree.AddFlag("CLUSTER_BY_AUTO", node.cluster_by_auto);
  tree.AddText("location", node.location).AddText("comment", node.comment);
  tree.AddProperties("options", node.options).AddProperties("properties", node.properties);
  if (node.as_select) tree.Add(Tree("as").Add(ToTree(*node.as_select)));
  return tree;
}

Tree CreateTree(const Statement& statement) {
  if (statement.kind == StatementKind::kCreateTable) {
    return CreateTableTree(statement.As<CreateTable>());
  }
  if (statement.kind == StatementKind::kCreateCatalog) {
    const auto& node = statement.As<CreateCatalog>();
    Tree tree("create_catalog");
    tree.Add(QuotedName({node.name})).AddFlag("IF_NOT_EXISTS", node.if_not_exists);
    return tree.AddText("location", node.location).AddText("comment", node.comment);
  }
  if (statement.kind == StatementKind::kCreateSchema) {
    const auto& node = statement.As<CreateSchema>();
    Tree tree("create_schema");
    tree.Add(QuotedName(node.name)).AddFlag("IF_NOT_EXISTS", node.if_not_exists);
    tree.AddText("location", node.location).AddText("comment", node.comment);
    return tree.AddProperties("properties", node.properties);
  }
  const auto& node = statement.As<CreateVolume>();
  Tree tree(node.external ? "create_external_volume" : "create_volume");
  tree.Add(QuotedName(node.name)).AddFlag("IF_NOT_EXISTS", node.if_not_exists);
  return tree.AddText("location", node.location).AddText("comment", node.comment);
}

Tree InsertTree(const Insert& node) {
  static constexpr const char* kModes[] = {"insert", "insert_overwrite", "insert_replace_where",
                                           "insert_replace_using", "insert_replace_on"};
  Tree tree(kModes[static_cast<int>(node.mode)]);
  tree.Add(QuotedName(node.table));
  auto add_names = [&](const char* part, const std::vector<std::string>& names) {
    if (names.empty()) return;
    Tree list(part);
    for (const std::string& name : names) list.Add(QuotedName({name}));
    tree.Add(std::move(list));
  };
  if (!node.alias.empty()) add_names("as", {node.alias});
  tree.AddFlag("WITH_SCHEMA_EVOLUTION", node.schema_evolution);
  add_names("columns", node.columns);
  tree.AddFlag("BY_NAME", node.by_name);
  for (const auto& part : node.partition) tree.Add(PartitionTree(part));
  add_names("using", node.replace_using);
  const char* part = node.mode == InsertMode::kReplaceOn ? "on" : "where";
  tree.AddPart(part, node.replace_condition).Add(ToTree(*node.query));
  if (!node.query_alias.empty()) add_names("query_as", {node.query_alias});
  return tree;
}

Tree MergeTree(const Merge& node) {
  static constexpr const char* kMatches[] = {"matched", "not_matched", "not_matched_by_source"};
  static constexpr const char* kActions[] = {"delete", "update", "update_*", "insert", "insert_*"};
  Tree tree(node.schema_evolution ? "merge_with_schema_evolution" : "merge");
  tree.Add(ToTree(*node.target)).Add(Tree("using").Add(ToTree(*node.source)));
  tree.AddPart("on", node.on);
  for (const MergeClause& clause : node.clauses) {
    Tree when(kMatches[static_cast<int>(clause.match)]);
    when.AddPart("and", clause.condition);
    Tree action(kActions[static_cast<int>(clause.action)]);
    for (const auto& assignment : clause.assignments) action.Add(AssignmentTree(assignment));
    tree.Add(when.Add(std::move(action)));
  }
  return tree;
}

Tree CopyTree(const CopyInto& node) {
  Tree tree("copy_into");
  tree.Add(QuotedName(node.table)).Add(Tree("from").Add(QuotedText(node.source)));
  if (!node.projection.empty()) {
    Tree select("select");
    for (const SelectItem& item : node.projection) select.Add(ItemTree(item));
    tree.Add(std::move(select));
  }
  tree.Add(Tree("format").Add(node.file_format));
  if (!node.files.empty()) {
    Tree files("files");
    for (const std::string& file : node.files) files.Add(QuotedText(file));
    tree.Add(std::move(files));
  }
  tree.AddText("pattern", node.pattern);
  tree.AddProperties("format_options", node.format_options);
  return tree.AddProperties("copy_options", node.copy_options);
}

Tree AlterTableTree(const AlterTable& node) {
  static constexpr const char* kActions[] = {
      "rename",         "set_properties", "unset_properties", "add_columns",   "drop_columns",
      "rename_column",  "column_type",    "column_comment",   "set_not_null",  "drop_not_null",
      "set_default",    "drop_default",   "column_position",  "sync_identity", "cluster_by",
      "add_constraint", "drop_constraint"};
  Tree tree("alter_table");
  tree.Add(QuotedName(node.name)).Add(kActions[static_cast<int>(node.action)]);
  tree.AddFlag("IF_EXISTS", node.if_exists);
  if (!node.columns.empty()) tree.Add(NamesTree("columns", node.columns));
  if (!node.new_name.empty()) tree.Add(Tree("to").Add(QuotedName(node.new_name)));
  tree.AddProperties("properties", node.properties);
  for (const std::string& key : node.property_keys) tree.Add(QuotedText(key));
  for (const AddedColumn& added : node.added) {
    Tree column = ColumnTree(added.definition);
    if (added.name.size() > 1) column.Add(Tree("path").Add(QuotedName(added.name)));
    if (added.position) column.Add(PlaceTree(*added.position));
    tree.Add(std::move(column));
  }
  if (node.action == AlterTableAction::kColumnType) tree.Add(node.type.ToCatalogString());
  tree.AddText("comment", node.comment).AddPart("default", node.default_value);
  if (node.position) tree.Add(PlaceTree(*node.position));
  if (!node.check.name.empty()) tree.Add(CheckTree(node.check));
  return tree;
}

Tree ShowTree(const Show& node) {
  static constexpr const char* kKinds[] = {"catalogs",     "schemas",       "tables",
                                           "volumes",      "columns",       "functions",
                                           "create_table", "tblproperties", "partitions"};
  Tree tree(std::string("show_") + kKinds[static_cast<int>(node.what)]);
  if (!node.scope.empty()) tree.Add(node.scope);
  if (!node.in.empty()) tree.Add(Tree("in").Add(QuotedName(node.in)));
  for (const auto& part : node.partition) tree.Add(PartitionTree(part));
  return tree.AddText("like", node.like).AddText("key", node.property);
}

Tree DescribeTree(const Describe& node) {
  static constexpr const char* kKinds[] = {"table",   "schema", "catalog", "volume",
                                           "history", "detail", "query",   "function"};
  Tree tree(std::string("describe_") + kKinds[static_cast<int>(node.what)]);
  tree.AddFlag("EXTENDED", node.extended);
  if (!node.name.empty()) tree.Add(QuotedName(node.name));
  if (!node.column.empty()) tree.Add(Tree("column").Add(QuotedName(node.column)));
  if (node.query) tree.Add(ToTree(*node.query));
  if (node.limit) tree.Add(Tree("limit").Add(std::to_string(*node.limit)));
  return tree;
}

Tree GrantTree(const Grant& node) {
  Tree tree(node.revoke ? "revoke" : "grant");
  for (const std::string& privilege : node.privileges) tree.Add("[" + privilege + "]");
  tree.Add(Tree("on").Add(std::string(WordLabel(node.object)) + ":" + QuotedName(node.name)));
  return tree.Add(Tree(node.revoke ? "from" : "to").Add(QuotedName({node.principal})));
}

Tree ChangeTree(const Statement& statement) {
  switch (statement.kind) {
    case StatementKind::kInsert:
      return InsertTree(statement.As<Insert>());
    case StatementKind::kDelete: {
      const auto& node = statement.As<Delete>();
      return Tree("delete").Add(ToTree(*node.table)).AddPart("where", node.where);
    }
    case StatementKind::kUpdate: {
      const auto& node = statement.As<Update>();
      Tree tree("update");
      tree.Add(ToTree(*node.table));
      for (const auto& assignment : node.assignments) tree.Add(AssignmentTree(assignment));
      return tree.AddPart("where", node.where);
    }
    case StatementKind::kMerge:
      return MergeTree(statement.As<Merge>());
    case StatementKind::kTruncate:
      return Tree("truncate").Add(QuotedName(statement.As<Truncate>().table));
    case StatementKind::kCopyInto:
      return CopyTree(statement.As<CopyInto>());
    case StatementKind::kDrop: {
      const auto& node = statement.As<Drop>();
      return Tree(std::string("drop_") + WordLabel(node.object))
          .Add(QuotedName(node.name))
          .AddFlag("IF_EXISTS", node.if_exists)
          .AddFlag("CASCADE", node.cascade);
    }
    case StatementKind::kAlterTable:
      return AlterTableTree(statement.As<AlterTable>());
    default:
      return MaintenanceTree(statement);
  }
}

Tree SessionTree(const Statement& statement) {
  switch (statement.kind) {
    case StatementKind::kUse: {
      const auto& node = statement.As<Use>();
      return Tree(node.catalog ? "use_catalog" : "use").Add(QuotedName(node.name));
    }
    case StatementKind::kGrant:
      return GrantTree(statement.As<Grant>());
    case StatementKind::kShowGrants: {
      const auto& node = statement.As<ShowGrants>();
      Tree tree("show_grants");
      if (!node.principal.empty()) tree.Add(QuotedName({node.principal}));
      return tree.Add(
          Tree("on").Add(std::string(WordLabel(node.object)) + ":" + QuotedName(node.name)));
    }
    case StatementKind::kSet: {
      const auto& node = statement.As<Set>();
      Tree tree("set");
      if (!node.key.empty()) tree.Add(QuotedText(node.key));
      return tree.AddText("to", node.value);
    }
    case StatementKind::kReset:
      return Tree("reset").Add(QuotedText(statement.As<Reset>().key));
    case StatementKind::kCommentOn: {
      const auto& node = statement.As<CommentOn>();
      Tree tree("comment_on");
      tree.Add(std::string(WordLabel(node.object)) + ":" + QuotedName(node.name));
      if (!node.column.empty()) tree.Add(Tree("column").Add(QuotedName(node.column)));
      return tree.AddText("is", node.comment);
    }
    case StatementKind::kAlterOwner: {
      const auto& node = statement.As<AlterOwner>();
      Tree tree("alter_owner");
      tree.Add(std::string(WordLabel(node.object)) + ":" + QuotedName(node.name));
      return tree.Add(Tree("to").Add(QuotedName({node.owner})));
    }
    default:
      return ChangeTree(statement);
  }
}

}  // namespace

Tree ToTree(const Statement& statement) {
  switch (statement.kind) {
    case StatementKind::kQuery:
      return ToTree(*statement.As<QueryStatement>().query);
    case StatementKind::kExplain: {
      static constexpr const char* kModes[] = {"explain", "explain_extended", "explain_formatted",
                                               "explain_cost"};
      const auto& node = statement.As<Explain>();
      return Tree(kModes[static_cast<int>(node.mode)]).Add(ToTree(*node.statement));
    }
    case StatementKind::kCreateCatalog:
    case StatementKind::kCreateSchema:
    case StatementKind::kCreateTable:
    case StatementKind::kCreateVolume:
      return CreateTree(statement);
    case StatementKind::kShow:
      return ShowTree(statement.As<Show>());
    case StatementKind::kDescribe:
      return DescribeTree(statement.As<Describe>());
    default:
      return SessionTree(statement);
  }
}

}  // namespace tarn::sql
