#pragma once
/// \file  Statements as written. Spec: Databricks SQL reference, "SQL statements".
#include <map>

#include "sql/ast/query.h"

namespace tarn::sql {

enum class StatementKind {
  kQuery,
  kExplain,
  kCreateCatalog,
  kCreateSchema,
  kCreateTable,
  kCreateVolume,
  kDrop,
  kInsert,
  kDelete,
  kUpdate,
  kMerge,
  kTruncate,
  kCopyInto,
  kShow,
  kDescribe,
  kUse,
  kGrant,
  kShowGrants,
  kSet,
  kReset,
  kCommentOn,
  kAlterOwner,
  kAlterTable,
  kVacuum,
  kRestore,
  kOptimize,
  kCloneTable,
  kConvertToDelta,
  kAnalyzeTable,
  kFsckRepair,
};

using NameParts = std::vector<std::string>;
using Properties = std::vector<std::pair<std::string, std::string>>;

struct Statement {
  explicit Statement(StatementKind statement_kind) : kind(statement_kind) {}
  virtual ~Statement() = default;
  template <typename T>
  const T& As() const {
    return static_cast<const T&>(*this);
  }
  StatementKind kind;
  SourceRange range;
};
using StatementPtr = std::unique_ptr<Statement>;

struct QueryStatement final : Statement {
  QueryStatement() : Statement(StatementKind::kQuery) {}
  std::unique_ptr<Query> query;
};

enum class ExplainMode { kSimple, kExtended, kFormatted, kCost };
struct Explain final : Statement {
  Explain() : Statement(StatementKind::kExplain) {}
  ExplainMode mode = ExplainMode::kSimple;
  StatementPtr statement;
};

struct CreateCatalog final : Statement {
  CreateCatalog() : Statement(StatementKind::kCreateCatalog) {}
  std::string name;
  SourceRange name_range;
  bool if_not_exists = false;
  std::optional<std::string> comment;
  std::optional<std::string> location;
};

struct CreateSchema final : Statement {
  CreateSchema() : Statement(StatementKind::kCreateSchema) {}
  NameParts name;
  SourceRange name_range;
  bool if_not_exists = false;
  std::optional<std::string> comment;
  std::optional<std::string> location;
  Properties properties;
};

/// GENERATED … AS IDENTITY [(START WITH n INCREMENT BY n)]
struct IdentityOptions {
  bool always = true;  ///< ALWAYS, else BY DEFAULT
  int64_t start = 1;
  int64_t step = 1;
};

struct ColumnDefinition {
  std::string name;
  columnar::DataType type;
  bool nullable = true;
  ExprPtr default_value;  ///< of DEFAULT; its text is at its range
  ExprPtr generated;      ///< of GENERATED ALWAYS AS (…)
  std::optional<IdentityOptions> identity;
  std::optional<std::string> comment;
  SourceRange range;
};

/// CONSTRAINT name CHECK (condition)
struct CheckDefinition {
  std::string name;  ///< empty: none was given
  ExprPtr condition;
  SourceRange range;
};

struct CreateTable final : Statement {
  CreateTable() : Statement(StatementKind::kCreateTable) {}
  NameParts name;
  SourceRange name_range;
  bool or_replace = false;
  bool replace = false;  ///< REPLACE TABLE: the table must be there
  NameParts like;        ///< of LIKE
  SourceRange like_range;
  std::vector<CheckDefinition> checks;
  bool if_not_exists = false;
  bool external = false;
  std::vector<ColumnDefinition> columns;
  std::string provider;  ///< of USING, lower case; empty means delta
  std::vector<std::string> partitioned_by;
  std::vector<NameParts> cluster_by;  ///< CLUSTER BY (a, b.c); NONE and AUTO leave it empty
  bool cluster_by_auto = false;
  std::optional<std::string> location;  ///< of LOCATION or of OPTIONS (path …)
  std::optional<std::string> comment;
  Properties options;  ///< of OPTIONS, without path
  Properties properties;
  std::unique_ptr<Query> as_select;
};

struct CreateVolume final : Statement {
  CreateVolume() : Statement(StatementKind::kCreateVolume) {}
  NameParts name;
  SourceRange name_range;
  bool external = false;
  bool if_not_exists = false;
  std::optional<std::string> location;
  std::optional<std::string> comment;
};

enum class SecurableWord { kMetastore, kCatalog, kSchema, kTable, kView, kVolume, kFunction };
struct Drop final : Statement {
  Drop() : Statement(StatementKind::kDrop) {}
  SecurableWord object = SecurableWord::kTable;
  NameParts name;
  SourceRange name_range;
  bool if_exists = false;
  bool cascade = false;
};

enum class InsertMode { kAppend, kOverwrite, kReplaceWhere, kReplaceUsing, kReplaceOn };
struct Insert final : Statement {
  Insert() : Statement(StatementKind::kInsert) {}
  InsertMode mode = InsertMode::kAppend;
  bool schema_evolution = false;
  NameParts table;
  SourceRange table_range;
  std::string alias;  ///< of the table, for REPLACE ON and REPLACE WHERE
  std::vector<std::string> columns;
  bool by_name = false;
  /// PARTITION (a = 1, b): a static value, or null for a dynamic one.
  std::vector<std::pair<std::string, ExprPtr>> partition;
  ExprPtr replace_condition;               ///< of REPLACE WHERE and REPLACE ON
  std::vector<std::string> replace_using;  ///< columns of REPLACE USING
  std::string query_alias;                 ///< of REPLACE ON condition (query) AS alias
  std::unique_ptr<Query> query;
};

struct Delete final : Statement {
  Delete() : Statement(StatementKind::kDelete) {}
  std::unique_ptr<TableRelation> table;
  ExprPtr where;
};

struct Update final : Statement {
  Update() : Statement(StatementKind::kUpdate) {}
  std::unique_ptr<TableRelation> table;
  std::vector<std::pair<NameParts, ExprPtr>> assignments;
  ExprPtr where;
};

enum class MergeMatch { kMatched, kNotMatched, kNotMatchedBySource };
enum class MergeAction { kDelete, kUpdate, kUpdateAll, kInsert, kInsertAll };
/// WHEN … [AND condition] THEN action.
struct MergeClause {
  MergeMatch match = MergeMatch::kMatched;
  MergeAction action = MergeAction::kDelete;
  ExprPtr condition;
  /// UPDATE SET column = value; INSERT (columns) VALUES (values) as pairs too.
  std::vector<std::pair<NameParts, ExprPtr>> assignments;
  SourceRange range;
};
struct Merge final : Statement {
  Merge() : Statement(StatementKind::kMerge) {}
  bool schema_evolution = false;
  std::unique_ptr<TableRelation> target;
  RelationPtr source;
  ExprPtr on;
  std::vector<MergeClause> clauses;
};

struct Truncate final : Statement {
  Truncate() : Statement(StatementKind::kTruncate) {}
  NameParts table;
  SourceRange table_range;
};

struct CopyInto final : Statement {
  CopyInto() : Statement(StatementKind::kCopyInto) {}
  NameParts table;
  SourceRange table_range;
  std::string source;  ///< path of FROM 'path' or of the query's source
  SourceRange source_range;
  std::vector<SelectItem> projection;  ///< of FROM (SELECT … FROM 'path'), else empty
  std::string file_format;             ///< upper case
  std::vector<std::string> files;
  std::optional<std::string> pattern;
  Properties format_options;
  Properties copy_options;
  bool validate = false;                 ///< VALIDATE: look at the rows, load none
  std::optional<int64_t> validate_rows;  ///< of VALIDATE n ROWS; empty: ALL
};

enum class ShowKind {
  kCatalogs,
  kSchemas,
  kTables,
  kVolumes,
  kColumns,
  kFunctions,
  kCreateTable,
  kTableProperties,
  kPartitions,
};
struct Show final : Statement {
  Show() : Statement(StatementKind::kShow) {}
  ShowKind what = ShowKind::kTables;
  NameParts in;  ///< the container or object, else empty
  SourceRange in_range;
  std::optional<std::string> like;
  std::string scope;  ///< of SHOW FUNCTIONS: "USER", "SYSTEM", "ALL" or empty
  std::optional<std::string> property;
  /// Of SHOW PARTITIONS … PARTITION (a = 1).
  std::vector<std::pair<std::string, ExprPtr>> partition;
};

enum class DescribeKind {
  kTable,
  kSchema,
  kCatalog,
  kVolume,
  kHistory,
  kDetail,
  kQuery,
  kFunction
};
struct Describe final : Statement {
  Describe() : Statement(StatementKind::kDescribe) {}
  DescribeKind what = DescribeKind::kTable;
  NameParts name;
  SourceRange name_range;
  bool extended = false;
  NameParts column;
  SourceRange column_range;
  std::unique_ptr<Query> query;
  std::optional<int64_t> limit;  ///< of DESCRIBE HISTORY
};

struct Use final : Statement {
  Use() : Statement(StatementKind::kUse) {}
  bool catalog = false;  ///< USE CATALOG c, else USE [SCHEMA] [c.]s
  NameParts name;
  SourceRange name_range;
};

struct Grant final : Statement {
  Grant() : Statement(StatementKind::kGrant) {}
  bool revoke = false;
  std::vector<std::string> privileges;  ///< upper case, one space between words
  SecurableWord object = SecurableWord::kTable;
  NameParts name;
  SourceRange name_range;
  std::string principal;
};

struct ShowGrants final : Statement {
  ShowGrants() : Statement(StatementKind::kShowGrants) {}
  std::string principal;  ///< or empty: of everyone
  SecurableWord object = SecurableWord::kTable;
  NameParts name;
  SourceRange name_range;
};

struct Set final : Statement {
  Set() : Statement(StatementKind::kSet) {}
  std::string key;  ///< empty: list all
  SourceRange key_range;
  std::optional<std::string> value;  ///< empty: show one
};

struct Reset final : Statement {
  Reset() : Statement(StatementKind::kReset) {}
  std::string key;
  SourceRange key_range;
};

struct CommentOn final : Statement {
  CommentOn() : Statement(StatementKind::kCommentOn) {}
  SecurableWord object = SecurableWord::kTable;
  NameParts name;
  SourceRange name_range;
  NameParts column;  ///< of COMMENT ON COLUMN: the last part of its name, else empty
  std::optional<std::string> comment;
};

enum class AlterTableAction {
  kRename,
  kSetProperties,
  kUnsetProperties,
  kAddColumns,
  kDropColumns,
  kRenameColumn,
  kColumnType,
  kColumnComment,
  kColumnSetNotNull,
  kColumnDropNotNull,
  kColumnSetDefault,
  kColumnDropDefault,
  kColumnPosition,
  kSyncIdentity,
  kClusterBy,
  kAddConstraint,
  kDropConstraint,
};
/// FIRST, or AFTER a column.
struct ColumnPosition {
  std::string after;  ///< empty: first
};
struct AddedColumn {
  NameParts name;
  ColumnDefinition definition;  ///< name is the last part
  std::optional<ColumnPosition> position;
};
/// One change of a table; the fields its action does not use are empty.
struct AlterTable final : Statement {
  AlterTable() : Statement(StatementKind::kAlterTable) {}
  AlterTableAction action = AlterTableAction::kSetProperties;
  NameParts name;
  SourceRange name_range;
  bool if_exists = false;  ///< of UNSET TBLPROPERTIES, DROP COLUMN and DROP CONSTRAINT
  NameParts new_name;      ///< of RENAME TO and RENAME COLUMN
  Properties properties;
  std::vector<std::string> property_keys;
  std::vector<AddedColumn> added;
  std::vector<NameParts> columns;  ///< dropped, or the one altered, or of CLUSTER BY (empty: NONE)
  columnar::DataType type;
  std::optional<std::string> comment;
  ExprPtr default_value;
  std::optional<ColumnPosition> position;
  CheckDefinition check;  ///< of ADD and DROP CONSTRAINT; the latter has no condition
};

struct AlterOwner final : Statement {
  AlterOwner() : Statement(StatementKind::kAlterOwner) {}
  SecurableWord object = SecurableWord::kTable;
  NameParts name;
  SourceRange name_range;
  std::string owner;
};

}  // namespace tarn::sql
