// Functions of arrays. They work on DuckDB's single values: any element type, one row after the
// other.
#include <algorithm>
#include <random>

#include "duckdb/common/value_operations/value_operations.hpp"

#include "engine/duckdb/functions/kernel.h"

namespace tarn::engine {
namespace {

using duckdb::LogicalType;
using duckdb::Value;
using Values = std::vector<Value>;

/// What the result's type is, told by the arguments' types.
enum class Gives { kFirst, kBoolean, kLong, kText, kElement, kArrayOfFirst, kDates };

using ValueFunction = Value (*)(const Values& args, const LogicalType& result);

struct ValueFunctionData final : duckdb::FunctionData {
  ValueFunctionData(ValueFunction run, Gives gives) : run(run), gives(gives) {}
  duckdb::unique_ptr<FunctionData> Copy() const override {
    return duckdb::make_uniq<ValueFunctionData>(run, gives);
  }
  bool Equals(const FunctionData& other) const override {
    return other.Cast<ValueFunctionData>().run == run;
  }
  ValueFunction run;
  Gives gives;
};

struct ValueFunctionInfo final : duckdb::ScalarFunctionInfo {
  ValueFunctionInfo(ValueFunction run, Gives gives) : run(run), gives(gives) {}
  ValueFunction run;
  Gives gives;
};

LogicalType ElementOf(const LogicalType& type) {
  return type.id() == duckdb::LogicalTypeId::LIST ? duckdb::ListType::GetChildType(type)
                                                  : LogicalType(LogicalType::SQLNULL);
}

duckdb::unique_ptr<duckdb::FunctionData> Bind(
    duckdb::ClientContext&, duckdb::ScalarFunction& function,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& args) {
  const auto& info = function.function_info->Cast<ValueFunctionInfo>();
  function.arguments.clear();
  for (const auto& arg : args) function.arguments.push_back(arg->return_type);
  function.varargs = LogicalType::INVALID;
  LogicalType first = args.empty() ? LogicalType(LogicalType::SQLNULL) : args[0]->return_type;
  switch (info.gives) {
    case Gives::kFirst:
      function.SetReturnType(first);
      break;
    case Gives::kBoolean:
      function.SetReturnType(LogicalType::BOOLEAN);
      break;
    case Gives::kLong:
      function.SetReturnType(LogicalType::BIGINT);
      break;
    case Gives::kText:
      function.SetReturnType(LogicalType::VARCHAR);
      break;
    case Gives::kElement:
      function.SetReturnType(ElementOf(first));
      break;
    case Gives::kDates:
      function.SetReturnType(LogicalType::LIST(LogicalType::DATE));
      break;
    case Gives::kArrayOfFirst:
      function.SetReturnType(LogicalType::LIST(first));
      break;
  }
  return duckdb::make_uniq<ValueFunctionData>(info.run, info.gives);
}

void Run(duckdb::DataChunk& in, duckdb::ExpressionState& state, duckdb::Vector& out) {
  const auto& function = state.expr.Cast<duckdb::BoundFunctionExpression>();
  ValueFunction run = function.bind_info->Cast<ValueFunctionData>().run;
  bool constant =
      in.AllConstant() && function.function.GetStability() != duckdb::FunctionStability::VOLATILE;
  duckdb::idx_t count = constant ? 1 : in.size();
  Values args(in.ColumnCount());
  for (duckdb::idx_t row = 0; row < count; ++row) {
    for (duckdb::idx_t i = 0; i < in.ColumnCount(); ++i) args[i] = in.data[i].GetValue(row);
    out.SetValue(row, run(args, out.GetType()));
  }
  if (constant) out.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
}

bool Same(const Value& a, const Value& b) { return duckdb::ValueOperations::NotDistinctFrom(a, b); }

bool Holds(const Values& list, const Value& item) {
  return std::any_of(list.begin(), list.end(), [&](const Value& v) { return Same(v, item); });
}
bool HoldsNull(const Values& list) {
  return std::any_of(list.begin(), list.end(), [](const Value& v) { return v.IsNull(); });
}

Values Items(const Value& list) {
  const auto& children = duckdb::ListValue::GetChildren(list);
  return Values(children.begin(), children.end());
}
Value ListOf(const LogicalType& list, Values items) {
  return Value::LIST(ElementOf(list), duckdb::vector<Value>(items.begin(), items.end()));
}
bool AnyNull(const Values& args) { return HoldsNull(args); }

Value Distinct(const Values& args, const LogicalType& type) {
  if (AnyNull(args)) return Value(type);
  Values kept;
  for (const Value& item : Items(args[0])) {
    if (!Holds(kept, item)) kept.push_back(item);
  }
  return ListOf(type, kept);
}

Value Except(const Values& args, const LogicalType& type) {
  if (AnyNull(args)) return Value(type);
  Values gone = Items(args[1]);
  Values kept;
  for (const Value& item : Items(args[0])) {
    if (!Holds(gone, item) && !Holds(kept, item)) kept.push_back(item);
  }
  return ListOf(type, kept);
}

Value Intersect(const Values& args, const LogicalType& type) {
  if (AnyNull(args)) return Value(type);
  Values both = Items(args[1]);
  Values kept;
  for (const Value& item : Items(args[0])) {
    if (Holds(both, item) && !Holds(kept, item)) kept.push_back(item);
  }
  return ListOf(type, kept);
}

Value Union(const Values& args, const LogicalType& type) {
  if (AnyNull(args)) return Value(type);
  Values kept;
  for (const Value& list : args) {
    for (const Value& item : Items(list)) {
      if (!Holds(kept, item)) kept.push_back(item);
    }
  }
  return ListOf(type, kept);
}

Value Remove(const Values& args, const LogicalType& type) {
  if (AnyNull(args)) return Value(type);
  Values items = Items(args[0]);
  std::erase_if(items, [&](const Value& v) { return Same(v, args[1]); });
  return ListOf(type, items);
}

Value Compact(const Values& args, const LogicalType& type) {
  if (AnyNull(args)) return Value(type);
  Values items = Items(args[0]);
  std::erase_if(items, [](const Value& v) { return v.IsNull(); });
  return ListOf(type, items);
}

Value Append(const Values& args, const LogicalType& type) {
  if (args[0].IsNull()) return Value(type);
  Values items = Items(args[0]);
  items.push_back(args[1]);
  return ListOf(type, items);
}

Value Prepend(const Values& args, const LogicalType& type) {
  if (args[0].IsNull()) return Value(type);
  Values items = Items(args[0]);
  items.insert(items.begin(), args[1]);
  return ListOf(type, items);
}

Value Concat(const Values& args, const LogicalType& type) {
  if (AnyNull(args)) return Value(type);
  Values all;
  for (const Value& list : args) {
    Values items = Items(list);
    all.insert(all.end(), items.begin(), items.end());
  }
  return ListOf(type, all);
}

Value Flatten(const Values& args, const LogicalType& type) {
  if (args[0].IsNull()) return Value(type);
  Values lists = Items(args[0]);
  return Concat(lists, type);
}

// Positions count from 1, or from -1 at the end; a gap is filled with NULLs.
Value Insert(const Values& args, const LogicalType& type) {
  if (args[0].IsNull() || args[1].IsNull()) return Value(type);
  Values items = Items(args[0]);
  int64_t position = args[1].GetValue<int32_t>();
  auto size = static_cast<int64_t>(items.size());
  if (position == 0) {
    Raise("INVALID_INDEX_OF_ZERO", "The index 0 is invalid. An index shall be either < 0 or > 0.");
  }
  Value nothing(ElementOf(type));
  if (position > 0) {
    while (static_cast<int64_t>(items.size()) < position - 1) items.push_back(nothing);
    items.insert(items.begin() + (position - 1), args[2]);
  } else {
    int64_t missing = std::max<int64_t>(0, -position - 1 - size);
    items.insert(items.begin(), static_cast<size_t>(missing), nothing);
    items.insert(items.end() + (position + 1), args[2]);
  }
  return ListOf(type, items);
}

Value Overlap(const Values& args, const LogicalType& type) {
  if (AnyNull(args)) return Value(type);
  Values a = Items(args[0]);
  Values b = Items(args[1]);
  for (const Value& item : a) {
    if (!item.IsNull() && Holds(b, item)) return Value::BOOLEAN(true);
  }
  bool unknown = !a.empty() && !b.empty() && (HoldsNull(a) || HoldsNull(b));
  return unknown ? Value(type) : Value::BOOLEAN(false);
}

Value Contains(const Values& args, const LogicalType& type) {
  if (AnyNull(args)) return Value(type);
  Values items = Items(args[0]);
  if (Holds(items, args[1])) return Value::BOOLEAN(true);
  return HoldsNull(items) ? Value(type) : Value::BOOLEAN(false);
}

Value Position(const Values& args, const LogicalType& type) {
  if (AnyNull(args)) return Value(type);
  Values items = Items(args[0]);
  auto found =
      std::find_if(items.begin(), items.end(), [&](const Value& v) { return Same(v, args[1]); });
  return Value::BIGINT(found == items.end() ? 0 : found - items.begin() + 1);
}

// NULLs are left out, or replaced by the third argument.
Value Join(const Values& args, const LogicalType& type) {
  if (AnyNull(args)) return Value(type);
  std::string out;
  bool first = true;
  for (const Value& item : Items(args[0])) {
    if (item.IsNull() && args.size() < 3) continue;
    if (!first) out += args[1].GetValue<std::string>();
    first = false;
    out += (item.IsNull() ? args[2] : item).GetValue<std::string>();
  }
  return Value(out);
}

// A separator, then texts and arrays of texts.
Value ConcatWs(const Values& args, const LogicalType& type) {
  if (args[0].IsNull()) return Value(type);
  Values texts;
  for (size_t i = 1; i < args.size(); ++i) {
    if (args[i].IsNull()) continue;
    if (args[i].type().id() != duckdb::LogicalTypeId::LIST) {
      texts.push_back(args[i]);
      continue;
    }
    Values items = Items(args[i]);
    texts.insert(texts.end(), items.begin(), items.end());
  }
  return Join({ListOf(LogicalType::LIST(LogicalType::VARCHAR), texts), args[0]}, type);
}

Value Repeat(const Values& args, const LogicalType& type) {
  if (args[1].IsNull()) return Value(type);
  auto count = static_cast<size_t>(std::max(0, args[1].GetValue<int32_t>()));
  return ListOf(type, Values(count, args[0]));
}

Value Slice(const Values& args, const LogicalType& type) {
  if (AnyNull(args)) return Value(type);
  int64_t start = args[1].GetValue<int32_t>();
  int64_t length = args[2].GetValue<int32_t>();
  if (start == 0) {
    Raise(
        "INVALID_PARAMETER_VALUE.START",
        "The value of parameter(s) `start` in `slice` is invalid: Expects a positive or a negative "
        "value for `start`, but got 0.");
  }
  if (length < 0) {
    Raise("INVALID_PARAMETER_VALUE.LENGTH",
          "The value of parameter(s) `length` in `slice` is invalid: Expects `length` greater than "
          "or equal to 0, but got " +
              std::to_string(length) + ".");
  }
  Values items = Items(args[0]);
  auto size = static_cast<int64_t>(items.size());
  int64_t begin = start > 0 ? start - 1 : size + start;
  if (begin < 0 || begin >= size) return ListOf(type, {});
  int64_t end = std::min(size, begin + length);
  return ListOf(type, Values(items.begin() + begin, items.begin() + end));
}

Value Shuffle(const Values& args, const LogicalType& type) {
  if (AnyNull(args)) return Value(type);
  thread_local std::mt19937_64 random{std::random_device{}()};
  Values items = Items(args[0]);
  std::shuffle(items.begin(), items.end(), random);
  return ListOf(type, items);
}

Value Sequence(const Values& args, const LogicalType& type) {
  if (AnyNull(args)) return Value(type);
  auto at = static_cast<__int128>(args[0].GetValue<int64_t>());
  int64_t last = args[1].GetValue<int64_t>();
  int64_t step = args[2].GetValue<int64_t>();
  bool possible = (step > 0 && at <= last) || (step < 0 && at >= last) || (step == 0 && at == last);
  if (!possible) {
    Raise("INVALID_PARAMETER_VALUE", "Illegal sequence boundaries: " + args[0].ToString() + " to " +
                                         args[1].ToString() + " by " + args[2].ToString() + ".");
  }
  constexpr size_t kMost = 2'147'483'632;
  Values items;
  for (; step == 0 ? items.empty() : step > 0 ? at <= last : at >= last; at += step) {
    if (items.size() >= kMost) Raise("OUT_OF_MEMORY", "A sequence has too many elements.");
    items.push_back(Value::BIGINT(static_cast<int64_t>(at)));
  }
  return ListOf(type, items);
}

Value DatesOfDays(const Values& args, const LogicalType& type) {
  if (AnyNull(args)) return Value(type);
  Values dates;
  for (const Value& day : Items(args[0])) {
    dates.push_back(Value::DATE(duckdb::date_t(static_cast<int32_t>(day.GetValue<int64_t>()))));
  }
  return ListOf(type, dates);
}

}  // namespace

void RegisterCollectionFunctions(Registrar& f) {
  auto add = [&](const char* name, Gives gives, ValueFunction run, bool is_volatile = false) {
    duckdb::ScalarFunction function(name, {}, LogicalType::ANY, &Run, &Bind);
    function.varargs = LogicalType::ANY;
    function.function_info = duckdb::make_shared_ptr<ValueFunctionInfo>(run, gives);
    if (is_volatile) function.SetVolatile();
    f.AddFunction(std::move(function));
  };
  add("spark_array_distinct", Gives::kFirst, &Distinct);
  add("spark_array_except", Gives::kFirst, &Except);
  add("spark_array_intersect", Gives::kFirst, &Intersect);
  add("spark_array_union", Gives::kFirst, &Union);
  add("spark_array_remove", Gives::kFirst, &Remove);
  add("spark_array_compact", Gives::kFirst, &Compact);
  add("spark_array_append", Gives::kFirst, &Append);
  add("spark_array_prepend", Gives::kFirst, &Prepend);
  add("spark_array_concat", Gives::kFirst, &Concat);
  add("spark_array_insert", Gives::kFirst, &Insert);
  add("spark_slice", Gives::kFirst, &Slice);
  add("spark_shuffle", Gives::kFirst, &Shuffle, true);
  add("spark_flatten", Gives::kElement, &Flatten);
  add("spark_arrays_overlap", Gives::kBoolean, &Overlap);
  add("spark_array_contains", Gives::kBoolean, &Contains);
  add("spark_array_position", Gives::kLong, &Position);
  add("spark_array_join", Gives::kText, &Join);
  add("spark_concat_ws_arrays", Gives::kText, &ConcatWs);
  add("spark_array_repeat", Gives::kArrayOfFirst, &Repeat);
  add("spark_sequence", Gives::kArrayOfFirst, &Sequence);
  add("spark_dates_of_days", Gives::kDates, &DatesOfDays);
}

}  // namespace tarn::engine
