#include "api/unity_catalog/operations.h"

namespace tarn::api {
namespace {

using catalog::SecurableKind;

constexpr int64_t kMaxPrivileges = 1000;
constexpr size_t kMinPrivileges = 150;  // the least a caller may ask a page to hold

// The wire writes USE_CATALOG where SQL writes USE CATALOG.
std::string OnWire(std::string privilege) {
  for (char& c : privilege) {
    if (c == ' ') c = '_';
  }
  return privilege;
}

std::string InSql(std::string privilege) {
  for (char& c : privilege) {
    if (c == '_') c = ' ';
  }
  return privilege;
}

struct Target {
  SecurableKind kind;
  std::string name;
};

Result<Target> TargetOf(const Call& call) {
  TARN_TRY(SecurableKind kind, catalog::ParseKind(call.Param("kind")));
  // The metastore is named by its id.
  if (kind == SecurableKind::kMetastore) return Target{kind, ""};
  size_t parts = kind == SecurableKind::kCatalog ? 1 : kind == SecurableKind::kSchema ? 2 : 3;
  TARN_TRY(std::string name, uc::FullNameOf(call.Param("name"), parts));
  return Target{kind, std::move(name)};
}

struct Assignment {
  std::string principal;
  json::Array privileges;
};

// A page holds whole principals and, as far as those allow, no more privileges than asked for.
Result<json::Value> AssignmentsPage(const Call& call, std::vector<Assignment> all) {
  TARN_TRY(uc::Page page, uc::Page::Of(call, kMaxPrivileges));
  if (page.size() < kMinPrivileges) {
    return Fail("INVALID_PARAMETER_VALUE",
                "max_results must be 0 or at least " + std::to_string(kMinPrivileges) + ".");
  }
  std::string wanted = call.Query("principal");
  json::Array items;
  json::Object answer;
  size_t held = 0;
  std::string last;
  for (Assignment& assignment : all) {
    if (!wanted.empty() && assignment.principal != wanted) continue;
    if (!page.IsAfter(assignment.principal)) continue;
    if (!items.empty() && held + assignment.privileges.size() > page.size()) {
      answer.Set("next_page_token", uc::Page::Token(last));
      break;
    }
    held += assignment.privileges.size();
    last = assignment.principal;
    json::Object a;
    a.Set("principal", std::move(assignment.principal));
    a.Set("privileges", std::move(assignment.privileges));
    items.push_back(std::move(a));
  }
  answer.Set("privilege_assignments", std::move(items));
  return json::Value(std::move(answer));
}

Result<json::Value> Get(const Call& call) {
  TARN_TRY(Target target, TargetOf(call));
  TARN_TRY(auto grants, call.services.catalog->GetGrants(call.who, target.kind, target.name));
  std::vector<Assignment> all;
  for (const auto& grant : grants) {
    Assignment assignment{grant.principal, {}};
    for (const std::string& p : grant.privileges) assignment.privileges.emplace_back(OnWire(p));
    all.push_back(std::move(assignment));
  }
  return AssignmentsPage(call, std::move(all));
}

Result<json::Value> GetEffective(const Call& call) {
  TARN_TRY(Target target, TargetOf(call));
  TARN_TRY(auto grants, call.services.catalog->EffectiveGrants(call.who, target.kind, target.name));
  std::vector<Assignment> all;
  for (const auto& [principal, privileges] : grants) {
    Assignment assignment{principal, {}};
    for (const auto& effective : privileges) {
      json::Object p;
      p.Set("privilege", OnWire(effective.privilege));
      if (effective.at_kind != target.kind) {
        p.Set("inherited_from_type", catalog::KindName(effective.at_kind));
        p.Set("inherited_from_name", effective.at_name);
      }
      assignment.privileges.emplace_back(std::move(p));
    }
    all.push_back(std::move(assignment));
  }
  return AssignmentsPage(call, std::move(all));
}

Result<std::vector<catalog::GrantChange>> ChangesOf(const Call& call) {
  TARN_TRY(const json::Array* changes, call.fields().RequiredList("changes"));
  std::vector<catalog::GrantChange> result;
  for (size_t i = 0; i < changes->size(); ++i) {
    TARN_TRY(Fields change, Fields::Of((*changes)[i], "changes[" + std::to_string(i) + "]"));
    catalog::GrantChange parsed;
    TARN_TRY(parsed.principal, change.RequiredString("principal"));
    TARN_TRY(parsed.add, change.OptionalStrings("add"));
    TARN_TRY(parsed.remove, change.OptionalStrings("remove"));
    for (auto* list : {&parsed.add, &parsed.remove}) {
      for (std::string& privilege : *list) privilege = InSql(std::move(privilege));
    }
    result.push_back(std::move(parsed));
  }
  return result;
}

Result<json::Value> Change(const Call& call) {
  TARN_TRY(Target target, TargetOf(call));
  TARN_TRY(auto changes, ChangesOf(call));
  TARN_RETURN_IF_ERROR(
      call.services.catalog->ChangeGrants(call.who, target.kind, target.name, changes));
  return Get(call);
}

}  // namespace

void AddPermissions(net::Router& router, const Services& services) {
  const std::string path = uc::kBase + "/permissions/{kind}/{name}";
  uc::AddOperation(router, services, "GET", path, &Get);
  uc::AddOperation(router, services, "PATCH", path, &Change);
  uc::AddOperation(router, services, "GET", uc::kBase + "/effective-permissions/{kind}/{name}",
                   &GetEffective);
}

}  // namespace tarn::api
