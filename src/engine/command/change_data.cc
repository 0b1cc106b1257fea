#include "engine/command/change_data.h"

#include <numeric>

namespace tarn::engine {
namespace {

using columnar::TypeKind;
using plan::ExprRef;
using plan::PlanRef;
using plan::RowEffect;

constexpr const char* kChangeType = "_change_type";
// Far from the ids of analysis, which are positive, and of unions, which count down from -1.
constexpr plan::ExprId kChangeTypeId = -1'000'000'000;

// The columns of `rows` at the places, and the kind of change as the last one.
PlanRef Changes(const PlanRef& rows, const std::vector<size_t>& columns, const char* change_type) {
  auto project = std::make_shared<plan::LogicalPlan>(*plan::PickColumns(rows, columns));
  project->exprs.push_back(plan::MakeLiteral(TypeKind::kString, change_type));
  project->output.push_back({kChangeTypeId, kChangeType, TypeKind::kString, false, {}});
  return project;
}

PlanRef EachOnce(PlanRef rows) {
  auto distinct = std::make_shared<plan::LogicalPlan>();
  distinct->kind = plan::PlanKind::kDistinct;
  distinct->output = rows->output;
  distinct->children = {std::move(rows)};
  return distinct;
}

}  // namespace

bool RecordsChanges(const delta::Snapshot& snapshot) {
  return snapshot.Enabled("delta.enableChangeDataFeed");
}

ExprRef ActionIsOneOf(const plan::RowEdits& edits, const plan::LogicalPlan& rows,
                      const std::set<RowEffect>& effects) {
  ExprRef action = plan::MakeColumn(rows.output[plan::kActionColumn]);
  ExprRef any;
  for (size_t i = 0; i < edits.actions.size(); ++i) {
    if (!effects.contains(edits.actions[i])) continue;
    ExprRef one =
        plan::MakeCall("=", {action, plan::MakeLiteral(TypeKind::kInteger, std::to_string(i + 1))},
                       TypeKind::kBoolean, false);
    any = any ? plan::MakeCall("or", {std::move(any), std::move(one)}, TypeKind::kBoolean, false)
              : std::move(one);
  }
  return any;
}

Result<std::vector<delta::AddCdcFile>> WriteChangeData(const CommandContext& context,
                                                       const plan::TableBinding& target,
                                                       const plan::RowEdits& edits,
                                                       const plan::PlanRef& rows, bool repeated) {
  const size_t count = target.schema.fields.size();
  std::vector<size_t> after(count);
  std::iota(after.begin(), after.end(), plan::kNewValues);
  std::vector<size_t> before(count);
  std::iota(before.begin(), before.end(), plan::kNewValues + count);
  std::vector<PlanRef> parts;
  auto add = [&](RowEffect effect, const std::vector<size_t>& columns, const char* change_type) {
    ExprRef chosen = ActionIsOneOf(edits, *rows, {effect});
    if (!chosen) return;
    PlanRef found = plan::RowsWhere(rows, std::move(chosen));
    if (effect == RowEffect::kDelete && repeated) {
      std::vector<size_t> with_address = columns;
      with_address.insert(with_address.end(), {0, 1});
      found = EachOnce(plan::PickColumns(std::move(found), with_address));
      std::vector<size_t> places(columns.size());
      std::iota(places.begin(), places.end(), size_t{0});
      parts.push_back(Changes(found, places, change_type));
      return;
    }
    parts.push_back(Changes(found, columns, change_type));
  };
  add(RowEffect::kUpdate, before, "update_preimage");
  add(RowEffect::kUpdate, after, "update_postimage");
  add(RowEffect::kDelete, before, "delete");
  add(RowEffect::kInsert, after, "insert");
  WriteTarget files = WriteTarget::Of(*SnapshotOf(target));
  files.change_data = true;
  files.more_columns = {{kChangeType, TypeKind::kString}};
  // What was there before a constraint was is recorded too.
  for (columnar::Field& field : files.schema.fields) field.nullable = true;
  TARN_TRY(auto written,
           context.engine().WriteFiles(plan::UnionAll(std::move(parts)), files, context.cancel));
  std::vector<delta::AddCdcFile> changes;
  for (delta::AddFile& file : written) {
    changes.push_back(
        {std::move(file.path), std::move(file.partition_values), file.size_bytes, {}});
  }
  return changes;
}

}  // namespace tarn::engine
