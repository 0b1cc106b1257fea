#include <algorithm>

#include "plan/lower_case.h"
#include "plan/output_name.h"
#include "plan/resolve_expression.h"

namespace tarn::plan {

namespace {

std::string_view BoundWords(sql::BoundKind kind) {
  switch (kind) {
    case sql::BoundKind::kUnboundedPreceding:
      return "UNBOUNDED PRECEDING";
    case sql::BoundKind::kPreceding:
      return "PRECEDING";
    case sql::BoundKind::kCurrentRow:
      return "CURRENT ROW";
    case sql::BoundKind::kFollowing:
      return "FOLLOWING";
    case sql::BoundKind::kUnboundedFollowing:
      return "UNBOUNDED FOLLOWING";
  }
  return "";
}

bool RanksRows(const std::string& name) {
  return name == "row_number" || name == "rank" || name == "dense_rank" || name == "percent_rank" ||
         name == "ntile";
}

}  // namespace

Result<const sql::WindowSpec*> Analyzer::ExprResolver::NamedWindow(const std::string& name) const {
  if (windows_ != nullptr) {
    for (const auto& [known, window] : *windows_) {
      if (SameName(known, name)) return &window;
    }
  }
  return Fail("MISSING_WINDOW_SPECIFICATION",
              "Window specification is not defined in the WINDOW clause for " + name + ".",
              {{"windowName", name}});
}

// "OVER (PARTITION BY c ORDER BY a ASC NULLS FIRST ROWS BETWEEN … AND …)"
std::string Analyzer::ExprResolver::WindowText(const sql::Call& call, const sql::WindowSpec& spec,
                                               const std::string& function) const {
  auto text = [&](const sql::Expr& e) { return NameText(e, state_.names, state_.text); };
  std::string out;
  for (const auto& key : spec.partition_by) out += (out.empty() ? "" : ", ") + text(*key);
  if (!out.empty()) out = "PARTITION BY " + out;
  if (!spec.order_by.empty()) {
    out += (out.empty() ? "" : " ") +
           ("ORDER BY " + OrderText(spec.order_by, state_.names, state_.text));
  }
  std::string frame;
  if (function == "lag" || function == "lead") {
    std::string offset = call.args.size() > 1 ? text(*call.args[1].value) : "1";
    if (function == "lag") offset = "-" + offset;
    frame = "ROWS BETWEEN " + offset + " FOLLOWING AND " + offset + " FOLLOWING";
  } else if (spec.frame) {
    auto bound = [&](const sql::FrameBound& b) {
      return (b.offset ? text(*b.offset) + " " : "") + std::string(BoundWords(b.kind));
    };
    frame = (spec.frame->unit == sql::FrameUnit::kRows ? "ROWS BETWEEN " : "RANGE BETWEEN ") +
            bound(spec.frame->start) + " AND " + bound(spec.frame->end);
  } else if (RanksRows(function)) {
    frame = "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW";
  } else if (spec.order_by.empty()) {
    frame = "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING";
  } else {
    frame = "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW";
  }
  return " OVER (" + out + (out.empty() ? "" : " ") + frame + ")";
}

Result<ExprRef> Analyzer::ExprResolver::ResolveWindow(const sql::Call& call, ExprRef function) {
  const sql::WindowSpec* spec = call.over.get();
  if (!spec->name.empty()) {
    bool refined = !spec->partition_by.empty() || !spec->order_by.empty() || spec->frame;
    if (refined) {
      return Fail("PARSE_SYNTAX_ERROR",
                  "A named window cannot be changed: write OVER " + spec->name + ".");
    }
    TARN_TRY(spec, NamedWindow(spec->name));
  }
  auto node = std::make_shared<Expr>();
  node->op = ExprOp::kWindow;
  node->type = function->type;
  node->nullable = function->nullable;
  const std::string name = function->function;
  node->args = {std::move(function)};
  for (const auto& item : spec->partition_by) {
    TARN_TRY(ExprRef key, Resolve(*item));
    node->partition_by.push_back(std::move(key));
  }
  TARN_TRY(node->order_by, ResolveKeys(spec->order_by));
  if (spec->frame) {
    Frame frame;
    frame.unit = spec->frame->unit;
    frame.start = spec->frame->start.kind;
    frame.end = spec->frame->end.kind;
    if (spec->frame->start.offset) {
      TARN_TRY(frame.start_offset, Resolve(*spec->frame->start.offset));
    }
    if (spec->frame->end.offset) {
      TARN_TRY(frame.end_offset, Resolve(*spec->frame->end.offset));
    }
    if (name == "lag" || name == "lead" || RanksRows(name) || name == "cume_dist") {
      return Fail("WINDOW_FUNCTION_AND_FRAME_MISMATCH",
                  name +
                      " function can only be evaluated in an ordered row-based window frame "
                      "with a single offset.",
                  {{"funcName", name}});
    }
    node->frame = std::move(frame);
  }
  state_.names[&call] += WindowText(call, *spec, name);
  bool needs_order = RanksRows(name) || name == "cume_dist" || name == "lag" || name == "lead" ||
                     name == "nth_value";
  if (needs_order && node->order_by.empty()) {
    return Fail("WINDOW_FUNCTION_FRAME_NOT_ORDERED",
                name + " requires window to be ordered, please add ORDER BY clause.",
                {{"wf", name}});
  }
  return ExprRef(std::move(node));
}

}  // namespace tarn::plan
