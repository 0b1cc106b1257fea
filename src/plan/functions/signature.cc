#include "plan/functions/signature.h"

#include <algorithm>

namespace tarn::plan {

using columnar::DataType;
using columnar::TypeKind;

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
  if (signature.repeats && signature.args.size() == 1) signature.required = 0;
  return signature;
}

std::optional<DataType> FixedType(char letter) {
  switch (letter) {
    case 'b':
      return DataType(TypeKind::kBoolean);
    case 'c':
      return DataType(TypeKind::kByte);
    case 'i':
      return DataType(TypeKind::kInteger);
    case 'l':
      return DataType(TypeKind::kLong);
    case 'd':
      return DataType(TypeKind::kDouble);
    case 'f':
      return DataType::Decimal(8, 6);
    case 'm':
      return DataType::Decimal(16, 6);
    case 's':
      return DataType(TypeKind::kString);
    case 'y':
      return DataType(TypeKind::kBinary);
    case 'D':
      return DataType(TypeKind::kDate);
    case 't':
      return DataType(TypeKind::kTimestamp);
    case 'T':
      return DataType(TypeKind::kTimestampNtz);
    case 'g':
      return DataType::Array(TypeKind::kString, false);
    default:
      return std::nullopt;
  }
}

namespace {

DataType SumType(const DataType& type) {
  if (type.is(TypeKind::kDecimal)) {
    return DataType::Decimal(std::min(38, type.precision() + 10), type.scale());
  }
  return type.is_integral() ? TypeKind::kLong : TypeKind::kDouble;
}

DataType AvgType(const DataType& type) {
  if (!type.is(TypeKind::kDecimal)) return TypeKind::kDouble;
  return DataType::Decimal(std::min(38, type.precision() + 4), std::min(38, type.scale() + 4));
}

DataType EntriesType(const DataType& map) {
  columnar::Fields fields;
  fields.push_back({"key", map.key(), false});
  fields.push_back({"value", map.value(), map.value_contains_null()});
  return DataType::Array(DataType::Struct(std::move(fields)), false);
}

}  // namespace

Result<DataType> ResultType(const FunctionEntry& entry, char letter,
                            const std::vector<ExprRef>& args, const DataType& widened) {
  if (auto fixed = FixedType(letter)) {
    // ceil and floor keep decimals exact.
    if (letter == 'l' && !args.empty() && args[0]->type.is(TypeKind::kDecimal) &&
        (entry.name == "ceil" || entry.name == "ceiling" || entry.name == "floor")) {
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
    case 'w':
    case 'v':
      return widened;
    case 'G':
      return DataType::Array(widened, false);
    case 'e':
      return args[0]->type.element();
    case 'E':
      return DataType::Array(args.empty() ? DataType() : args[0]->type,
                             entry.kind != FunctionKind::kAggregate);
    case 'k':
      return DataType::Array(args[0]->type.key(), false);
    case 'V':
      return DataType::Array(args[0]->type.value(), args[0]->type.value_contains_null());
    case 'J':
      return EntriesType(args[0]->type);
    case 'O':
      return DataType::Map(args[0]->type.element(), args[1]->type.element(),
                           args[1]->type.contains_null());
    case 'S':
      return SumType(args[0]->type);
    case 'P':
      return AvgType(args[0]->type);
    default:
      return Fail("INTERNAL_ERROR", "function " + std::string(entry.name) + " has no result type");
  }
}

}  // namespace tarn::plan
