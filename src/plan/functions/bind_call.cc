#include "plan/coercion.h"
#include "plan/function_registry.h"

namespace tarn::plan {
namespace {

using columnar::DataType;
using columnar::TypeKind;

struct Signature {
  std::string args;
  size_t required = 0;
  bool repeats = false;
  char result = 'a';
};

Signature ParseSignature(std::string_view text) {
  Signature signature;
  bool optional = false;
  size_t i = 0;
  for (; text[i] != ':'; ++i) {
    if (text[i] == '?') {
      optional = true;
    } else if (text[i] == '*') {
      signature.repeats = true;
    } else {
      signature.args += text[i];
      if (!optional) ++signature.required;
    }
  }
  signature.result = text[i + 1];
  // "s*" takes any number from none on, "WW*" at least two.
  if (signature.repeats && signature.args.size() == 1 && text[0] == 's') signature.required = 0;
  return signature;
}

std::optional<DataType> FixedType(char letter) {
  switch (letter) {
    case 'b':
      return DataType(TypeKind::kBoolean);
    case 'i':
      return DataType(TypeKind::kInteger);
    case 'l':
      return DataType(TypeKind::kLong);
    case 'd':
      return DataType(TypeKind::kDouble);
    case 's':
      return DataType(TypeKind::kString);
    case 'y':
      return DataType(TypeKind::kBinary);
    case 'D':
      return DataType(TypeKind::kDate);
    case 't':
      return DataType(TypeKind::kTimestamp);
    default:
      return std::nullopt;
  }
}

bool IsInterval(const DataType& type) {
  return type.is(TypeKind::kYearMonthInterval) || type.is(TypeKind::kDayTimeInterval);
}

// Whether an argument goes to a fixed type without being asked: what ANSI mode allows.
bool ConvertsTo(const DataType& from, const DataType& to) {
  if (from.is(TypeKind::kNull) || from.SameTypeIgnoringNullability(to)) return true;
  if (to.is_string()) return !from.is_nested() && !from.is(TypeKind::kBinary) && !IsInterval(from);
  if (from.is_string()) return true;
  if (to.is(TypeKind::kDouble)) return from.is_numeric();
  if (to.is_integral()) return from.is_integral() && from.kind() <= to.kind();
  bool datetime =
      from.is(TypeKind::kDate) || from.is(TypeKind::kTimestamp) || from.is(TypeKind::kTimestampNtz);
  if (to.is(TypeKind::kDate) || to.is(TypeKind::kTimestamp)) return datetime;
  return false;
}

Error Mismatch(const FunctionEntry& entry, size_t index, const Expr& arg,
               const std::string& wanted) {
  return Fail("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
              "Cannot resolve " + std::string(entry.name) +
                  " due to data type mismatch: parameter " + std::to_string(index + 1) +
                  " requires " + wanted + ", but has the type \"" + arg.type.ToSqlString() + "\".",
              {{"paramIndex", std::to_string(index + 1)},
               {"requiredType", wanted},
               {"inputType", "\"" + arg.type.ToSqlString() + "\""}});
}

DataType SumType(const DataType& type) {
  if (type.is(TypeKind::kDecimal)) {
    return DataType::Decimal(std::min(38, type.precision() + 10), type.scale());
  }
  return type.is_integral() ? TypeKind::kLong : TypeKind::kDouble;
}

DataType AvgType(const DataType& type) {
  if (!type.is(TypeKind::kDecimal)) return TypeKind::kDouble;
  int scale = std::min(38, type.scale() + 4);
  return DataType::Decimal(std::min(38, type.precision() + 4), scale);
}

Result<DataType> ResultType(const FunctionEntry& entry, char letter,
                            const std::vector<ExprRef>& args) {
  if (auto fixed = FixedType(letter)) {
    // ceil and floor keep decimals exact.
    bool rounds = letter == 'l' && !args.empty() && args[0]->type.is(TypeKind::kDecimal) &&
                  (entry.name == "ceil" || entry.name == "ceiling" || entry.name == "floor");
    if (rounds) {
      const DataType& t = args[0]->type;
      return DataType::Decimal(std::min(38, t.precision() - t.scale() + 1), 0);
    }
    return *fixed;
  }
  switch (letter) {
    case '1':
    case '2':
    case '3':
      return args[static_cast<size_t>(letter - '1')]->type;
    case 'e':
      return args[0]->type.element();
    case 'E':
      return DataType::Array(args.empty() ? DataType() : args[0]->type,
                             entry.kind != FunctionKind::kAggregate);
    case 'S':
      return SumType(args[0]->type);
    case 'V':
      return AvgType(args[0]->type);
    default:
      return Fail("INTERNAL_ERROR", "function " + std::string(entry.name) + " has no result type");
  }
}

}  // namespace

Result<BoundCall> BindCall(const FunctionEntry& entry, std::vector<ExprRef> args) {
  Signature signature = ParseSignature(entry.signature);
  bool too_many = !signature.repeats && args.size() > signature.args.size();
  if (args.size() < signature.required || too_many) {
    std::string expected = std::to_string(signature.required);
    if (signature.repeats) {
      expected = "> " + std::to_string(signature.required == 0 ? 0 : signature.required - 1);
    } else if (signature.args.size() != signature.required) {
      expected = "[" + expected;
      for (size_t n = signature.required + 1; n <= signature.args.size(); ++n) {
        expected += ", " + std::to_string(n);
      }
      expected += "]";
    }
    return Fail("WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
                "The `" + std::string(entry.name) + "` requires " + expected +
                    " parameters but the actual number is " + std::to_string(args.size()) + ".",
                {{"functionName", "`" + std::string(entry.name) + "`"},
                 {"expectedNum", expected},
                 {"actualNum", std::to_string(args.size())}});
  }
  auto letter_of = [&](size_t i) {
    return i < signature.args.size() ? signature.args[i] : signature.args.back();
  };
  std::vector<ExprRef> wide;
  for (size_t i = 0; i < args.size(); ++i) {
    if (letter_of(i) == 'W') wide.push_back(args[i]);
  }
  std::optional<DataType> widened = CommonType(wide);
  if (!wide.empty() && !widened) {
    std::string types;
    for (const ExprRef& arg : wide)
      types += (types.empty() ? "\"" : ", \"") + arg->type.ToSqlString() + "\"";
    return Fail(
        "DATATYPE_MISMATCH.DATA_DIFF_TYPES",
        "Cannot resolve " + std::string(entry.name) +
            " due to data type mismatch: its arguments need one type, but have [" + types + "].",
        {{"functionName", "`" + std::string(entry.name) + "`"}, {"dataType", "[" + types + "]"}});
  }
  BoundCall bound;
  bool any_nullable = false;
  for (size_t i = 0; i < args.size(); ++i) {
    ExprRef arg = std::move(args[i]);
    any_nullable = any_nullable || arg->nullable;
    char letter = letter_of(i);
    if (auto fixed = FixedType(letter)) {
      if (!ConvertsTo(arg->type, *fixed)) {
        return Mismatch(entry, i, *arg, "the \"" + fixed->ToSqlString() + "\" type");
      }
      arg = MakeCast(std::move(arg), *fixed);
    } else if (letter == 'W') {
      arg = MakeCast(std::move(arg), *widened);
    } else if (letter == 'n' || letter == 'N' || letter == 'q') {
      bool interval = letter == 'q' && IsInterval(arg->type);
      if (arg->type.is_string() || arg->type.is(TypeKind::kNull)) {
        arg = MakeCast(std::move(arg), TypeKind::kDouble);
      } else if (!arg->type.is_numeric() && !interval) {
        return Mismatch(entry, i, *arg, "the \"NUMERIC\" type");
      }
    } else if (letter == 'A') {
      bool sized =
          arg->type.is(TypeKind::kMap) && (entry.name == "size" || entry.name == "cardinality");
      if (!arg->type.is(TypeKind::kArray) && !sized) {
        return Mismatch(entry, i, *arg, "the \"ARRAY\" type");
      }
    }
    bound.args.push_back(std::move(arg));
  }
  if (entry.name == "array_contains") {
    bound.args[1] = MakeCast(bound.args[1], bound.args[0]->type.element());
  }
  TARN_TRY(bound.type, ResultType(entry, signature.result, bound.args));
  bound.nullable =
      entry.nulls == Nulls::kAlways || (entry.nulls == Nulls::kPropagate && any_nullable);
  return bound;
}

}  // namespace tarn::plan
