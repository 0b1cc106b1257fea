#include <algorithm>

#include "plan/coercion.h"
#include "plan/functions/signature.h"

namespace tarn::plan {
namespace {

using columnar::DataType;
using columnar::TypeKind;

bool IsInterval(const DataType& type) {
  return type.is(TypeKind::kYearMonthInterval) || type.is(TypeKind::kDayTimeInterval);
}

// Whether an argument goes to a fixed type without being asked.
bool ConvertsTo(const DataType& from, const DataType& to, bool ansi) {
  if (from.is(TypeKind::kNull) || from.SameTypeIgnoringNullability(to)) return true;
  if (to.is_string()) return !from.is_nested() && !from.is(TypeKind::kBinary) && !IsInterval(from);
  if (from.is_string()) return !to.is_nested();
  if (to.is(TypeKind::kDouble)) return from.is_numeric();
  if (to.is(TypeKind::kDecimal)) return from.is_numeric();
  if (to.is_integral()) {
    return from.is_integral() && (!ansi || from.kind() <= to.kind());
  }
  bool datetime =
      from.is(TypeKind::kDate) || from.is(TypeKind::kTimestamp) || from.is(TypeKind::kTimestampNtz);
  if (to.is(TypeKind::kDate) || to.is(TypeKind::kTimestamp) || to.is(TypeKind::kTimestampNtz)) {
    return datetime;
  }
  return false;
}

std::string Quoted(const DataType& type) { return "\"" + type.ToSqlString() + "\""; }

Error Mismatch(const FunctionEntry& entry, size_t index, const Expr& arg,
               const std::string& wanted) {
  return Fail("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
              "Cannot resolve " + std::string(entry.name) +
                  " due to data type mismatch: parameter " + std::to_string(index + 1) +
                  " requires " + wanted + ", but has the type " + Quoted(arg.type) + ".",
              {{"paramIndex", std::to_string(index + 1)},
               {"requiredType", wanted},
               {"inputType", Quoted(arg.type)}});
}

Error DifferentTypes(const FunctionEntry& entry, std::string_view condition,
                     const std::vector<ExprRef>& args) {
  std::string types;
  for (const ExprRef& arg : args) types += (types.empty() ? "" : ", ") + Quoted(arg->type);
  return Fail(
      condition,
      "Cannot resolve " + std::string(entry.name) +
          " due to data type mismatch: its arguments need one type, but have [" + types + "].",
      {{"functionName", "`" + std::string(entry.name) + "`"}, {"dataType", "[" + types + "]"}});
}

Error WrongCount(const FunctionEntry& entry, const Signature& signature, size_t actual) {
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
                  " parameters but the actual number is " + std::to_string(actual) + ".",
              {{"functionName", "`" + std::string(entry.name) + "`"},
               {"expectedNum", expected},
               {"actualNum", std::to_string(actual)}});
}

class Binder {
 public:
  Binder(const FunctionEntry& entry, std::vector<ExprRef> args, bool ansi)
      : entry_(entry),
        signature_(ParseSignature(entry.signature)),
        args_(std::move(args)),
        ansi_(ansi) {}

  Result<BoundCall> Bind() {
    bool too_many = !signature_.repeats && args_.size() > signature_.args.size();
    if (args_.size() < signature_.required || too_many) {
      return WrongCount(entry_, signature_, args_.size());
    }
    TARN_RETURN_IF_ERROR(Widen());
    TARN_RETURN_IF_ERROR(MatchFirstArray());
    for (size_t i = 0; i < args_.size(); ++i) {
      TARN_TRY(args_[i], Argument(i, args_[i]));
    }
    BoundCall bound;
    TARN_TRY(bound.type, ResultType(entry_, signature_.result, args_, widened_));
    // What ANSI mode reports, the other mode answers with NULL.
    bound.nullable = Nullable() || (!ansi_ && !entry_.errors.empty());
    bound.args = std::move(args_);
    return bound;
  }

 private:
  // The one type of all W, or U, arguments.
  Status Widen() {
    std::vector<ExprRef> wide;
    for (size_t i = 0; i < args_.size(); ++i) {
      char letter = signature_.LetterOf(i);
      if (letter == 'W' || letter == 'U') wide.push_back(args_[i]);
    }
    if (wide.empty()) return Ok();
    std::optional<DataType> type = CommonType(wide, ansi_);
    bool maps = signature_.args.find('U') != std::string::npos;
    if (!type || (maps && !type->is(TypeKind::kMap))) {
      return DifferentTypes(entry_, "DATATYPE_MISMATCH.DATA_DIFF_TYPES", wide);
    }
    widened_ = *type;
    return Ok();
  }

  // X and R arguments and the first array get one element type.
  Status MatchFirstArray() {
    if (args_.empty()) return Ok();
    for (size_t i = 1; i < args_.size(); ++i) {
      char letter = signature_.LetterOf(i);
      if (letter != 'X' && letter != 'R') continue;
      if (entry_.kind == FunctionKind::kWindow) {
        args_[i] = MakeCast(args_[i], args_[0]->type);
        continue;
      }
      if (!args_[0]->type.is(TypeKind::kArray)) return Ok();  // Argument() says what is wrong
      std::optional<DataType> element;
      const DataType& mine = args_[0]->type.element();
      if (letter == 'R') {
        if (args_[i]->type.is(TypeKind::kArray)) {
          element = CommonType(mine, args_[i]->type.element(), ansi_);
        }
      } else if (!(args_[i]->type.is_string() && mine.is_numeric())) {
        element = CommonType(mine, args_[i]->type, ansi_);
      }
      if (!element) {
        return DifferentTypes(entry_, "DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES", args_);
      }
      bool null = args_[0]->type.contains_null() || (letter == 'X' && args_[i]->nullable);
      DataType array = DataType::Array(*element, null);
      args_[i] = MakeCast(args_[i], letter == 'R' ? array : *element);
      args_[0] = MakeCast(args_[0], array);
    }
    return Ok();
  }

  Result<ExprRef> Argument(size_t i, const ExprRef& arg) {
    char letter = signature_.LetterOf(i);
    const DataType& type = arg->type;
    auto fits = [&](bool ok, const char* wanted) -> Result<ExprRef> {
      // A bare NULL is fine where only its value counts, not where parts of its type do.
      bool nested = letter == 'A' || letter == 'R' || letter == 'M' || letter == 'C';
      if (ok || (type.is(TypeKind::kNull) && !nested)) return arg;
      return Mismatch(entry_, i, *arg, wanted);
    };
    if (auto fixed = FixedType(letter)) {
      if (!ConvertsTo(type, *fixed, ansi_)) return Mismatch(entry_, i, *arg, Quoted(*fixed));
      return MakeCast(arg, *fixed);
    }
    switch (letter) {
      case 'W':
      case 'U':
        return MakeCast(arg, widened_);
      case 'n':
      case 'N':
      case 'q':
        if (type.is_string() || type.is(TypeKind::kNull)) return MakeCast(arg, TypeKind::kDouble);
        return fits(type.is_numeric() || (letter == 'q' && IsInterval(type)), "\"NUMERIC\"");
      case 'I':
        if (type.is_string() || type.is(TypeKind::kNull)) return MakeCast(arg, TypeKind::kLong);
        return fits(type.is_integral(), "\"INTEGRAL\"");
      case 'B':
        if (type.is(TypeKind::kBinary)) return arg;
        if (!ConvertsTo(type, TypeKind::kString, ansi_)) {
          return Mismatch(entry_, i, *arg, "(\"STRING\" or \"BINARY\")");
        }
        return MakeCast(arg, TypeKind::kString);
      case 'A':
      case 'R':
        return fits(type.is(TypeKind::kArray), "\"ARRAY\"");
      case 'M':
        return fits(type.is(TypeKind::kMap), "\"MAP\"");
      case 'C':
        return fits(type.is(TypeKind::kArray) || type.is(TypeKind::kMap), "(\"ARRAY\" or \"MAP\")");
      case 'Y':
        return args_[0]->type.is(TypeKind::kMap) ? MakeCast(arg, args_[0]->type.key()) : arg;
      default:
        return arg;
    }
  }

  bool Nullable() const {
    auto nullable = [](const ExprRef& e) { return e->nullable; };
    switch (entry_.nulls) {
      case Nulls::kNever:
        return false;
      case Nulls::kAlways:
        return true;
      case Nulls::kPropagate:
        return std::any_of(args_.begin(), args_.end(), nullable);
      case Nulls::kAllArguments:
        return std::all_of(args_.begin(), args_.end(), nullable);
      case Nulls::kBranches:
        return !args_.empty() && std::any_of(args_.begin() + 1, args_.end(), nullable);
      case Nulls::kFirst:
        return !args_.empty() && args_[0]->nullable;
    }
    return true;
  }

  const FunctionEntry& entry_;
  Signature signature_;
  std::vector<ExprRef> args_;
  DataType widened_;
  bool ansi_;
};

}  // namespace

Result<BoundCall> BindCall(const FunctionEntry& entry, std::vector<ExprRef> args, bool ansi) {
  return Binder(entry, std::move(args), ansi).Bind();
}

}  // namespace tarn::plan
