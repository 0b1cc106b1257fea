#include <algorithm>

#include "plan/qualify_name.h"
#include "plan/resolve_statement.h"
#include "sql/ast_printer.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::TypeKind;
using sql::SecurableWord;
using sql::StatementKind;

Error NotYet(std::string_view what) {
  return Fail("UNSUPPORTED_FEATURE", "Tarn does not support " + std::string(what) + " yet.");
}

std::string QuotedName(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) {
    out += (out.empty() ? "" : ".") + columnar::QuoteIdentifier(part);
  }
  return out;
}

namespace {

// No column is called so: where the word could stand alone it was replaced before.
bool IsMisplacedDefault(const Error& error) {
  if (error.reason().substr(0, 17) != "UNRESOLVED_COLUMN") return false;
  return std::any_of(error.params().begin(), error.params().end(), [](const auto& param) {
    return param.first == "objectName" && SameName(param.second, "`default`");
  });
}

}  // namespace

Result<AnalyzedStatement> Analyzer::StatementResolver::Resolve(const sql::Statement& s) {
  Result<AnalyzedStatement> found = ResolveStatement(s);
  if (!found.ok() && IsMisplacedDefault(found.error())) {
    return Fail(
        "DEFAULT_PLACEMENT_INVALID",
        "A DEFAULT keyword in a MERGE, INSERT, UPDATE, or SET VARIABLE command could not be "
        "directly assigned to a target column because it was part of an expression. For "
        "example: `UPDATE SET c1 = DEFAULT` is allowed, but `UPDATE T SET c1 = DEFAULT + 1` "
        "is not allowed.");
  }
  if (!found.ok()) return std::move(found).error();
  AnalyzedStatement resolved = *std::move(found);
  if (auto* insert = std::get_if<Insert>(&resolved)) insert->identities = identities_;
  if (auto* merge = std::get_if<Merge>(&resolved)) merge->identities = identities_;
  if (auto* copy = std::get_if<CopyInto>(&resolved)) copy->identities = identities_;
  return resolved;
}

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveStatement(const sql::Statement& s) {
  switch (s.kind) {
    case StatementKind::kQuery: {
      TARN_TRY(PlanRef plan, analyzer_.AnalyzeQuery(*s.As<sql::QueryStatement>().query));
      return AnalyzedStatement(Query{std::move(plan)});
    }
    case StatementKind::kExplain:
      return ResolveExplain(s.As<sql::Explain>());
    case StatementKind::kCreateTable:
      return ResolveCreateTable(s.As<sql::CreateTable>());
    case StatementKind::kInsert:
      return ResolveInsert(s.As<sql::Insert>());
    case StatementKind::kDelete:
      return ResolveDelete(s.As<sql::Delete>());
    case StatementKind::kTruncate:
      return ResolveTruncate(s.As<sql::Truncate>());
    case StatementKind::kCopyInto:
      return ResolveCopyInto(s.As<sql::CopyInto>());
    case StatementKind::kShow:
      return ResolveShow(s.As<sql::Show>());
    case StatementKind::kDescribe:
      return ResolveDescribe(s.As<sql::Describe>());
    case StatementKind::kUpdate:
      return ResolveUpdate(s.As<sql::Update>());
    case StatementKind::kMerge:
      return ResolveMerge(s.As<sql::Merge>());
    case StatementKind::kAlterTable:
      return ResolveAlterTable(s.As<sql::AlterTable>());
    default:
      return ResolveDefinition(s);
  }
}

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveDefinition(const sql::Statement& s) {
  switch (s.kind) {
    case StatementKind::kCreateCatalog: {
      const auto& c = s.As<sql::CreateCatalog>();
      return AnalyzedStatement(
          CreateCatalog{c.name, c.name_range, c.if_not_exists, c.comment, c.location});
    }
    case StatementKind::kCreateSchema: {
      const auto& c = s.As<sql::CreateSchema>();
      TARN_TRY(auto name, Complete(c.name, 2, c.name_range));
      return AnalyzedStatement(CreateSchema{std::move(name), c.name_range, c.if_not_exists,
                                            c.comment, c.location, c.properties});
    }
    case StatementKind::kCreateVolume: {
      const auto& c = s.As<sql::CreateVolume>();
      TARN_TRY(auto name, Complete(c.name, 3, c.name_range));
      return AnalyzedStatement(CreateVolume{std::move(name), c.name_range, c.external,
                                            c.if_not_exists, c.location, c.comment});
    }
    case StatementKind::kDrop: {
      const auto& d = s.As<sql::Drop>();
      TARN_TRY(auto name, CompleteFor(d.object, d.name, d.name_range));
      return AnalyzedStatement(
          Drop{d.object, std::move(name), d.name_range, d.if_exists, d.cascade});
    }
    case StatementKind::kCommentOn:
      return ResolveCommentOn(s.As<sql::CommentOn>());
    case StatementKind::kAlterOwner: {
      const auto& a = s.As<sql::AlterOwner>();
      TARN_TRY(auto name, CompleteFor(a.object, a.name, a.name_range));
      return AnalyzedStatement(AlterOwner{a.object, std::move(name), a.name_range, a.owner});
    }
    default:
      return ResolveSession(s);
  }
}

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveSession(const sql::Statement& s) {
  switch (s.kind) {
    case StatementKind::kUse: {
      const auto& u = s.As<sql::Use>();
      if (u.name.size() > (u.catalog ? 1 : 2)) {
        return state_.At(TooManyParts(u.name), u.name_range);
      }
      if (u.catalog) return AnalyzedStatement(Use{u.name[0], "", u.name_range});
      return AnalyzedStatement(
          Use{u.name.size() > 1 ? u.name[0] : "", u.name.back(), u.name_range});
    }
    case StatementKind::kGrant: {
      const auto& g = s.As<sql::Grant>();
      TARN_TRY(auto name, CompleteFor(g.object, g.name, g.name_range));
      return AnalyzedStatement(
          Grant{g.revoke, g.privileges, g.object, std::move(name), g.name_range, g.principal});
    }
    case StatementKind::kShowGrants: {
      const auto& g = s.As<sql::ShowGrants>();
      TARN_TRY(auto name, CompleteFor(g.object, g.name, g.name_range));
      return AnalyzedStatement(ShowGrants{g.principal, g.object, std::move(name), g.name_range});
    }
    case StatementKind::kSet: {
      const auto& set = s.As<sql::Set>();
      return AnalyzedStatement(SetConf{set.key, set.key_range, set.value});
    }
    case StatementKind::kReset:
      return AnalyzedStatement(ResetConf{s.As<sql::Reset>().key, s.As<sql::Reset>().key_range});
    default:
      return ResolveMaintenance(s);
  }
}

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveExplain(const sql::Explain& explain) {
  TARN_TRY(AnalyzedStatement inner, Resolve(*explain.statement));
  Explain result;
  result.mode = explain.mode;
  result.parsed = sql::PrintTree(*explain.statement);
  result.analyzed = StatementToString(inner);
  result.rows = RowsOf(inner);
  if (!std::holds_alternative<Query>(inner)) result.command = CommandLine(inner);
  return AnalyzedStatement(std::move(result));
}

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveShow(const sql::Show& show) {
  Show result{show.what, show.in, show.in_range, show.like, show.scope, show.property, {}};
  const AnalyzerContext& context = state_.context;
  switch (show.what) {
    case sql::ShowKind::kCatalogs:
    case sql::ShowKind::kFunctions:
      break;
    case sql::ShowKind::kSchemas:
      if (result.in.empty()) {
        result.in = {context.current_catalog};
      } else {
        TARN_TRY(result.in, Complete(show.in, 1, show.in_range));
      }
      break;
    case sql::ShowKind::kTables:
    case sql::ShowKind::kVolumes:
      if (result.in.empty()) {
        result.in = {context.current_catalog, context.current_schema};
      } else {
        TARN_TRY(result.in, Complete(show.in, 2, show.in_range));
      }
      break;
    case sql::ShowKind::kColumns:
    case sql::ShowKind::kCreateTable:
    case sql::ShowKind::kTableProperties:
    case sql::ShowKind::kPartitions: {
      TARN_TRY(result.in, Complete(show.in, 3, show.in_range));
      break;
    }
  }
  Scope empty(nullptr);
  for (const auto& [name, value] : show.partition) {
    ExprRef resolved = MakeLiteral(DataType(), std::nullopt);
    if (value) {
      TARN_TRY(resolved, ExprResolver(state_, empty).Resolve(*value));
    }
    result.partition.emplace_back(name, std::move(resolved));
  }
  return AnalyzedStatement(std::move(result));
}

Result<AnalyzedStatement> Analyzer::StatementResolver::ResolveDescribe(
    const sql::Describe& describe) {
  Describe result{describe.what,     describe.name,   describe.name_range,
                  describe.extended, describe.column, describe.column_range,
                  nullptr,           describe.limit};
  switch (describe.what) {
    case sql::DescribeKind::kQuery: {
      TARN_TRY(result.query, analyzer_.AnalyzeQuery(*describe.query));
      break;
    }
    case sql::DescribeKind::kSchema: {
      TARN_TRY(result.name, Complete(describe.name, 2, describe.name_range));
      break;
    }
    case sql::DescribeKind::kCatalog: {
      TARN_TRY(result.name, Complete(describe.name, 1, describe.name_range));
      break;
    }
    case sql::DescribeKind::kFunction:
      break;
    default: {
      TARN_TRY(result.name, Complete(describe.name, 3, describe.name_range));
      break;
    }
  }
  return AnalyzedStatement(std::move(result));
}

Result<TableBinding> Analyzer::StatementResolver::BindTarget(const sql::NameParts& parts,
                                                             sql::SourceRange range,
                                                             TargetUse use) {
  if (state_.context.resolver == nullptr) {
    return state_.At(Fail("TABLE_OR_VIEW_NOT_FOUND", "There are no tables here."), range);
  }
  TARN_TRY(auto name, Complete(parts, 3, range));
  Result<TableBinding> target = state_.context.resolver->ResolveTarget(name, use);
  if (!target.ok()) return state_.At(std::move(target).error(), range);
  return target;
}

Result<PlanRef> Analyzer::StatementResolver::ScanTarget(const TableBinding& target,
                                                        const std::string& alias,
                                                        sql::SourceRange range) {
  if (!target.policy.empty()) {
    return state_.At(NotYet("changing rows of tables with row filters or masks"), range);
  }
  auto scan = std::make_shared<LogicalPlan>();
  scan->kind = PlanKind::kScan;
  scan->table = target;
  for (const columnar::Field& field : target.schema.fields) {
    DataType type = field.type.is_string() ? DataType(TypeKind::kString) : field.type;
    scan->output.push_back({state_.NewId(), field.name, type, field.nullable,
                            alias.empty() ? target.name : std::vector<std::string>{alias}});
  }
  return PlanRef(scan);
}

Result<std::vector<std::string>> Analyzer::StatementResolver::Complete(const sql::NameParts& parts,
                                                                       size_t count,
                                                                       sql::SourceRange range) {
  Result<std::vector<std::string>> name = CompleteName(parts, count, state_.context);
  if (!name.ok()) return state_.At(std::move(name).error(), range);
  return name;
}

Result<std::vector<std::string>> Analyzer::StatementResolver::CompleteFor(
    SecurableWord object, const sql::NameParts& parts, sql::SourceRange range) {
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

Result<AnalyzedStatement> Analyzer::Analyze(const sql::Statement& statement) {
  return StatementResolver(*this, *state_).Resolve(statement);
}

Result<AnalyzedStatement> Analyze(const sql::Statement& statement, std::string_view text,
                                  AnalyzerContext context) {
  return Analyzer(std::move(context), text).Analyze(statement);
}

}  // namespace tarn::plan
