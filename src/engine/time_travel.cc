#include "engine/time_travel.h"

#include "columnar/array_view.h"

namespace tarn::engine {
namespace {

Error NotAnInstant(const plan::Expr& expr) {
  std::string text = plan::ExprToString(expr);
  return Fail("INVALID_TIME_TRAVEL_TIMESTAMP_EXPR.INPUT",
              "The time travel timestamp expression \"" + text +
                  "\" is invalid. Cannot be casted to the \"TIMESTAMP\" type.",
              {{"expr", text}});
}

}  // namespace

Result<int64_t> InstantOf(Engine& engine, const plan::ExprRef& timestamp) {
  auto row = std::make_shared<plan::LogicalPlan>();
  row->kind = plan::PlanKind::kOneRow;
  auto project = std::make_shared<plan::LogicalPlan>();
  project->kind = plan::PlanKind::kProject;
  project->children = {std::move(row)};
  project->exprs = {timestamp};
  project->output = {{.id = -1, .name = "instant", .type = timestamp->type}};
  auto run = [&]() -> Result<std::optional<int64_t>> {
    TARN_TRY(auto stream, engine.Run(std::move(project), {}));
    TARN_TRY(auto batch, stream->Next());
    columnar::ArrayView column = columnar::ArrayView(batch->array.get()).Member(0);
    if (column.IsNull(0)) return std::optional<int64_t>();
    return std::optional(column.Fixed<int64_t>(0));
  };
  Result<std::optional<int64_t>> micros = run();
  if (!micros.ok() && micros.error().reason() == "CAST_INVALID_INPUT")
    return NotAnInstant(*timestamp);
  if (!micros.ok()) return std::move(micros).error();
  if (!micros->has_value()) return NotAnInstant(*timestamp);
  int64_t millis = **micros / 1000;
  return millis - (**micros % 1000 < 0 ? 1 : 0);
}

}  // namespace tarn::engine
