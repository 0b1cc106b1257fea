#include <algorithm>

#include "plan/coercion.h"
#include "plan/lower_case.h"
#include "plan/output_name.h"
#include "plan/resolve_expression.h"

namespace tarn::plan {

using columnar::DataType;
using columnar::TypeKind;

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

// Whether a value of the order's type and an offset make another value of that type.
bool FitsRange(const DataType& key, const DataType& offset) {
  bool months = offset.is(TypeKind::kYearMonthInterval);
  if (key.is(TypeKind::kDate)) {
    bool days = offset.is(TypeKind::kDayTimeInterval) &&
                offset.interval_end() == columnar::IntervalField::kDay;
    return offset.is(TypeKind::kInteger) || months || days;
  }
  if (key.is(TypeKind::kTimestamp) || key.is(TypeKind::kTimestampNtz)) {
    return months || offset.is(TypeKind::kDayTimeInterval);
  }
  return key.is_numeric() && key == offset;
}

// Where a bound lies, in rows or units after the current row; offsets that only running the
// statement can tell count as one.
int64_t Position(sql::BoundKind kind, const ExprRef& offset) {
  int64_t distance = 1;
  if (offset && offset->op == ExprOp::kLiteral && offset->value &&
      (offset->type.is(TypeKind::kInteger) || offset->type.is(TypeKind::kLong))) {
    distance = std::stoll(*offset->value);
  }
  switch (kind) {
    case sql::BoundKind::kUnboundedPreceding:
      return INT64_MIN;
    case sql::BoundKind::kPreceding:
      return -distance;
    case sql::BoundKind::kCurrentRow:
      return 0;
    case sql::BoundKind::kFollowing:
      return distance;
    case sql::BoundKind::kUnboundedFollowing:
      return INT64_MAX;
  }
  return 0;
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

Result<ExprRef> Analyzer::ExprResolver::ResolveFrameOffset(const sql::FrameBound& bound,
                                                           sql::FrameUnit unit,
                                                           const std::vector<SortKey>& order) {
  TARN_TRY(ExprRef offset, Resolve(*bound.offset));
  bool varies = AnyExpr(offset, [](const Expr& e) { return e.op == ExprOp::kColumn || e.plan; });
  if (varies) {
    return Fail("DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WITHOUT_FOLDABLE",
                "The bound of a window frame must be a constant.");
  }
  if (unit == sql::FrameUnit::kRows) {
    if (offset->type.is(TypeKind::kInteger)) return offset;
    return Fail(
        "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE",
        "The data type of a bound of ROWS must be \"INT\", not \"" + offset->type.ToSqlString() +
            "\".",
        {{"exprType", "\"" + offset->type.ToSqlString() + "\""}, {"expectedType", "\"INT\""}});
  }
  if (order.empty()) return offset;  // refused by the caller
  const DataType& key = order[0].expr->type;
  if (FitsRange(key, offset->type)) return offset;
  bool instant =
      key.is(TypeKind::kDate) || key.is(TypeKind::kTimestamp) || key.is(TypeKind::kTimestampNtz);
  if (!instant && key.is_numeric() && CanCast(offset->type, key, state_.context.ansi)) {
    return MakeCast(std::move(offset), key);
  }
  return Fail("DATATYPE_MISMATCH.RANGE_FRAME_INVALID_TYPE",
              "The data type \"" + key.ToSqlString() +
                  "\" used in the order specification does not support the data type \"" +
                  offset->type.ToSqlString() + "\" which is used in the range frame.",
              {{"orderSpecType", "\"" + key.ToSqlString() + "\""},
               {"valueBoundaryType", "\"" + offset->type.ToSqlString() + "\""}});
}

Result<Frame> Analyzer::ExprResolver::ResolveFrame(const sql::WindowFrame& written,
                                                   const std::vector<SortKey>& order) {
  Frame frame;
  frame.unit = written.unit;
  frame.start = written.start.kind;
  frame.end = written.end.kind;
  bool whole = frame.start == sql::BoundKind::kUnboundedPreceding &&
               frame.end == sql::BoundKind::kUnboundedFollowing;
  bool by_value = written.start.offset || written.end.offset;
  if (frame.unit == sql::FrameUnit::kRange && !whole && order.empty()) {
    return Fail("DATATYPE_MISMATCH.RANGE_FRAME_WITHOUT_ORDER",
                "A range window frame cannot be used in an unordered window specification.");
  }
  if (frame.unit == sql::FrameUnit::kRange && by_value && order.size() > 1) {
    return Fail("DATATYPE_MISMATCH.RANGE_FRAME_MULTI_ORDER",
                "A range window frame with value boundaries cannot be used in a window "
                "specification with multiple order by expressions.");
  }
  if (written.start.offset) {
    TARN_TRY(frame.start_offset, ResolveFrameOffset(written.start, frame.unit, order));
  }
  if (written.end.offset) {
    TARN_TRY(frame.end_offset, ResolveFrameOffset(written.end, frame.unit, order));
  }
  if (Position(frame.start, frame.start_offset) > Position(frame.end, frame.end_offset)) {
    return Fail("DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WRONG_COMPARISON",
                "The lower bound of a window frame must be less than or equal to the upper bound.",
                {{"comparison", "less than or equal"}});
  }
  return frame;
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
    TARN_TRY(Frame frame, ResolveFrame(*spec->frame, node->order_by));
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
