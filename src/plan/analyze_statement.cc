#include <algorithm>
#include <set>

#include "plan/lower_case.h"
#include "plan/qualify_name.h"
#include "plan/resolve_expression.h"

namespace tarn::plan {

namespace {

using sql::SecurableWord;
using sql::StatementKind;

Error NotYet(std::string_view what) {
  return Fail("UNSUPPORTED_FEATURE", "Tarn does not support " + std::string(what) + " yet.");
}

std::string_view CommandName(StatementKind kind) {
  switch (kind) {
    case StatementKind::kCreateCatalog:
      return "CreateCatalog";
    case StatementKind::kCreateSchema:
      return "CreateSchema";
    case StatementKind::kCreateTable:
      return "CreateTable";
    case StatementKind::kCreateVolume:
      return "CreateVolume";
    case StatementKind::kDrop:
      return "Drop";
    case StatementKind::kInsert:
      return "Insert";
    case StatementKind::kDelete:
    case StatementKind::kTruncate:
      return "Delete";
    case StatementKind::kCopyInto:
      return "CopyInto";
    case StatementKind::kShow:
      return "Show";
    case StatementKind::kDescribe:
      return "Describe";
    default:
      return "Command";
  }
}

columnar::Schema Nullable(columnar::Schema schema) {
  for (columnar::Field& field : schema.fields) field.nullable = true;
  return schema;
}

}  // namespace

class Analyzer::StatementResolver {
 public:
  StatementResolver(Analyzer& analyzer, State& state) : analyzer_(analyzer), state_(state) {}

  Result<AnalyzedStatement> Resolve(const sql::Statement& s) {
    switch (s.kind) {
      case StatementKind::kQuery: {
        TARN_TRY(PlanRef plan, analyzer_.AnalyzeQuery(*s.As<sql::QueryStatement>().query));
        return AnalyzedStatement(Query{std::move(plan)});
      }
      case StatementKind::kExplain:
        return ResolveExplain(s.As<sql::Explain>());
      case StatementKind::kCreateCatalog: {
        const auto& c = s.As<sql::CreateCatalog>();
        return AnalyzedStatement(CreateCatalog{c.name, c.if_not_exists, c.comment, c.location});
      }
      case StatementKind::kCreateSchema: {
        const auto& c = s.As<sql::CreateSchema>();
        TARN_TRY(auto name, Complete(c.name, 2, c.range));
        return AnalyzedStatement(
            CreateSchema{std::move(name), c.if_not_exists, c.comment, c.location, c.properties});
      }
      case StatementKind::kCreateTable:
        return ResolveCreateTable(s.As<sql::CreateTable>());
      case StatementKind::kCreateVolume: {
        const auto& c = s.As<sql::CreateVolume>();
        TARN_TRY(auto name, Complete(c.name, 3, c.range));
        return AnalyzedStatement(
            CreateVolume{std::move(name), c.external, c.if_not_exists, c.location, c.comment});
      }
      case StatementKind::kDrop: {
        const auto& d = s.As<sql::Drop>();
        TARN_TRY(auto name, CompleteFor(d.object, d.name, d.name_range));
        return AnalyzedStatement(Drop{d.object, std::move(name), d.if_exists, d.cascade});
      }
      case StatementKind::kInsert:
        return ResolveInsert(s.As<sql::Insert>());
      case StatementKind::kDelete: {
        const auto& d = s.As<sql::Delete>();
        return ResolveDelete(*d.table, d.where.get());
      }
      case StatementKind::kTruncate: {
        const auto& t = s.As<sql::Truncate>();
        TARN_TRY(TableBinding target, Target(t.table, t.table_range));
        return AnalyzedStatement(Delete{std::move(target), {}, nullptr, nullptr});
      }
      case StatementKind::kCopyInto: {
        const auto& c = s.As<sql::CopyInto>();
        TARN_TRY(TableBinding target, Target(c.table, c.table_range));
        return AnalyzedStatement(CopyInto{std::move(target), &c});
      }
      default:
        return ResolveSession(s);
    }
  }

 private:
  Result<AnalyzedStatement> ResolveSession(const sql::Statement& s) {
    switch (s.kind) {
      case StatementKind::kShow:
        return ResolveShow(s.As<sql::Show>());
      case StatementKind::kDescribe:
        return ResolveDescribe(s.As<sql::Describe>());
      case StatementKind::kUse: {
        const auto& u = s.As<sql::Use>();
        if (u.name.size() > (u.catalog ? 1 : 2)) return TooManyParts(u.name, u.range);
        if (u.catalog) return AnalyzedStatement(Use{u.name[0], ""});
        return AnalyzedStatement(Use{u.name.size() > 1 ? u.name[0] : "", u.name.back()});
      }
      case StatementKind::kGrant: {
        const auto& g = s.As<sql::Grant>();
        TARN_TRY(auto name, CompleteFor(g.object, g.name, g.range));
        return AnalyzedStatement(
            Grant{g.revoke, g.privileges, g.object, std::move(name), g.principal});
      }
      case StatementKind::kShowGrants: {
        const auto& g = s.As<sql::ShowGrants>();
        TARN_TRY(auto name, CompleteFor(g.object, g.name, g.range));
        return AnalyzedStatement(ShowGrants{g.principal, g.object, std::move(name)});
      }
      case StatementKind::kSet:
        return AnalyzedStatement(SetConf{s.As<sql::Set>().key, s.As<sql::Set>().value});
      case StatementKind::kReset:
        return AnalyzedStatement(ResetConf{s.As<sql::Reset>().key});
      case StatementKind::kCommentOn: {
        const auto& c = s.As<sql::CommentOn>();
        TARN_TRY(auto name, CompleteFor(c.object, c.name, c.range));
        return AnalyzedStatement(CommentOn{c.object, std::move(name), c.comment});
      }
      case StatementKind::kAlterOwner: {
        const auto& a = s.As<sql::AlterOwner>();
        TARN_TRY(auto name, CompleteFor(a.object, a.name, a.range));
        return AnalyzedStatement(AlterOwner{a.object, std::move(name), a.owner});
      }
      case StatementKind::kUpdate:
        return state_.At(NotYet("UPDATE"), s.range);
      case StatementKind::kMerge:
        return state_.At(NotYet("MERGE INTO"), s.range);
      default:
        return state_.At(NotYet("this statement"), s.range);
    }
  }

  Result<AnalyzedStatement> ResolveExplain(const sql::Explain& explain) {
    TARN_TRY(AnalyzedStatement inner, Resolve(*explain.statement));
    Explain result{explain.mode, nullptr, ""};
    if (const auto* query = std::get_if<Query>(&inner)) {
      result.query = query->plan;
    } else {
      result.command = CommandName(explain.statement->kind);
    }
    return AnalyzedStatement(std::move(result));
  }

  Result<AnalyzedStatement> ResolveCreateTable(const sql::CreateTable& c) {
    CreateTable create;
    TARN_TRY(create.name, Complete(c.name, 3, c.name_range));
    create.or_replace = c.or_replace;
    create.if_not_exists = c.if_not_exists;
    create.external = c.external;
    create.provider = c.provider.empty() ? "delta" : Lower(c.provider);
    create.location = c.location;
    create.comment = c.comment;
    create.properties = c.properties;
    for (const auto& [key, value] : c.options) {
      create.properties.emplace_back("option." + key, value);
    }
    if (!c.cluster_by.empty() || c.cluster_by_auto) {
      return state_.At(NotYet("CREATE TABLE … CLUSTER BY"), c.name_range);
    }
    if (c.as_select) {
      TARN_TRY(create.query, analyzer_.AnalyzeQuery(*c.as_select));
      create.schema = Nullable(SchemaOf(*create.query));
    }
    for (const sql::ColumnDefinition& column : c.columns) {
      if (column.default_value) return state_.At(NotYet("DEFAULT of a column"), column.range);
      columnar::Field field{column.name, column.type, column.nullable};
      if (column.comment) field.metadata.Set("comment", *column.comment);
      create.schema.fields.push_back(std::move(field));
    }
    std::set<std::string> seen;
    for (const columnar::Field& field : create.schema.fields) {
      if (seen.insert(Lower(field.name)).second) continue;
      return state_.At(Fail("COLUMN_ALREADY_EXISTS",
                            "The column " + columnar::QuoteIdentifier(Lower(field.name)) +
                                " already exists. Choose another name or rename the existing "
                                "column.",
                            {{"columnName", columnar::QuoteIdentifier(Lower(field.name))}}),
                       c.name_range);
    }
    for (const std::string& partition : c.partitioned_by) {
      int column = create.schema.FindField(partition);
      if (column < 0) {
        return state_.At(Fail("UNRESOLVED_COLUMN.WITH_SUGGESTION",
                              "The table has no column " + columnar::QuoteIdentifier(partition) +
                                  " to partition by.",
                              {{"objectName", columnar::QuoteIdentifier(partition)}}),
                         c.range);
      }
      create.partitioned_by.push_back(create.schema.fields[static_cast<size_t>(column)].name);
    }
    return AnalyzedStatement(std::move(create));
  }

  Result<AnalyzedStatement> ResolveInsert(const sql::Insert& insert) {
    if (insert.mode == sql::InsertMode::kReplaceWhere) {
      return state_.At(NotYet("INSERT INTO … REPLACE WHERE"), insert.table_range);
    }
    TARN_TRY(TableBinding target, Target(insert.table, insert.table_range));
    Insert result;
    result.overwrite = insert.mode == sql::InsertMode::kOverwrite;
    TARN_TRY(result.rows, analyzer_.AnalyzeInsertSource(insert, target));
    Scope empty(nullptr);
    for (const auto& [name, value] : insert.partition) {
      int column = target.schema.FindField(name);
      if (!value || column < 0) continue;  // AnalyzeInsertSource has refused unknown columns
      const columnar::Field& field = target.schema.fields[static_cast<size_t>(column)];
      TARN_TRY(ExprRef fixed, ExprResolver(state_, empty).Resolve(*value));
      result.partition.emplace_back(field.name, MakeCast(std::move(fixed), field.type));
    }
    result.target = std::move(target);
    return AnalyzedStatement(std::move(result));
  }

  Result<AnalyzedStatement> ResolveDelete(const sql::TableRelation& table, const sql::Expr* where) {
    TARN_TRY(TableBinding target, Target(table.name, table.range));
    Delete result;
    if (where != nullptr) {
      TARN_TRY(result.kept, analyzer_.AnalyzeRowsOf(table, target, where, true));
      result.columns = result.kept->output;
      // kept is Filter(not(condition <=> true)): the condition stands inside.
      result.condition = result.kept->condition->args[0]->args[0];
    }
    result.target = std::move(target);
    return AnalyzedStatement(std::move(result));
  }

  Result<AnalyzedStatement> ResolveShow(const sql::Show& show) {
    Show result{show.what, show.in, show.like, show.scope, show.property};
    const AnalyzerContext& context = state_.context;
    switch (show.what) {
      case sql::ShowKind::kCatalogs:
      case sql::ShowKind::kFunctions:
        break;
      case sql::ShowKind::kSchemas:
        if (result.in.empty()) result.in = {context.current_catalog};
        break;
      case sql::ShowKind::kTables:
      case sql::ShowKind::kVolumes:
        if (result.in.empty()) {
          result.in = {context.current_catalog, context.current_schema};
        } else {
          TARN_TRY(result.in, Complete(show.in, 2, show.range));
        }
        break;
      case sql::ShowKind::kColumns:
      case sql::ShowKind::kCreateTable:
      case sql::ShowKind::kTableProperties: {
        TARN_TRY(result.in, Complete(show.in, 3, show.range));
        break;
      }
    }
    return AnalyzedStatement(std::move(result));
  }

  Result<AnalyzedStatement> ResolveDescribe(const sql::Describe& describe) {
    Describe result{describe.what, describe.name, describe.extended, describe.column, nullptr};
    switch (describe.what) {
      case sql::DescribeKind::kQuery: {
        TARN_TRY(result.query, analyzer_.AnalyzeQuery(*describe.query));
        break;
      }
      case sql::DescribeKind::kSchema: {
        TARN_TRY(result.name, Complete(describe.name, 2, describe.name_range));
        break;
      }
      case sql::DescribeKind::kCatalog:
      case sql::DescribeKind::kFunction:
        break;
      default: {
        TARN_TRY(result.name, Complete(describe.name, 3, describe.name_range));
        break;
      }
    }
    return AnalyzedStatement(std::move(result));
  }

  Result<TableBinding> Target(const sql::NameParts& parts, sql::SourceRange range) {
    if (state_.context.resolver == nullptr) {
      return state_.At(Fail("TABLE_OR_VIEW_NOT_FOUND", "There are no tables here."), range);
    }
    TARN_TRY(auto name, Complete(parts, 3, range));
    Result<TableBinding> target = state_.context.resolver->ResolveTarget(name);
    if (!target.ok()) return state_.At(std::move(target).error(), range);
    return target;
  }

  Error TooManyParts(const sql::NameParts& parts, sql::SourceRange range) {
    return state_.At(plan::TooManyParts(parts), range);
  }

  Result<std::vector<std::string>> Complete(const sql::NameParts& parts, size_t count,
                                            sql::SourceRange range) {
    Result<std::vector<std::string>> name = CompleteName(parts, count, state_.context);
    if (!name.ok()) return state_.At(std::move(name).error(), range);
    return name;
  }

  Result<std::vector<std::string>> CompleteFor(SecurableWord object, const sql::NameParts& parts,
                                               sql::SourceRange range) {
    switch (object) {
      case SecurableWord::kMetastore:
        return parts;
      case SecurableWord::kCatalog:
        return Complete(parts, 1, range);
      case SecurableWord::kSchema:
        return Complete(parts, 2, range);
      default:
        return Complete(parts, 3, range);
    }
  }

  Analyzer& analyzer_;
  State& state_;
};

Result<AnalyzedStatement> Analyzer::Analyze(const sql::Statement& statement) {
  return StatementResolver(*this, *state_).Resolve(statement);
}

Result<AnalyzedStatement> Analyze(const sql::Statement& statement, std::string_view text,
                                  AnalyzerContext context) {
  return Analyzer(std::move(context), text).Analyze(statement);
}

}  // namespace tarn::plan
