#include "columnar/column_metadata.h"

namespace tarn::columnar {
namespace {

constexpr const char* kCurrentDefault = "CURRENT_DEFAULT";
constexpr const char* kGeneration = "delta.generationExpression";
constexpr const char* kInvariants = "delta.invariants";
constexpr const char* kStart = "delta.identity.start";
constexpr const char* kStep = "delta.identity.step";
constexpr const char* kExplicit = "delta.identity.allowExplicitInsert";
constexpr const char* kHighWaterMark = "delta.identity.highWaterMark";

std::optional<std::string> TextOf(const Field& field, const char* key) {
  const json::Value* value = field.metadata.Find(key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return value->as_string();
}

}  // namespace

std::optional<std::string> DefaultOf(const Field& field) { return TextOf(field, kCurrentDefault); }

void SetDefault(Field& field, std::string expression) {
  field.metadata.Set(kCurrentDefault, std::move(expression));
}

void DropDefault(Field& field) { field.metadata.Erase(kCurrentDefault); }

std::optional<std::string> GenerationOf(const Field& field) { return TextOf(field, kGeneration); }

void SetGeneration(Field& field, std::string expression) {
  field.metadata.Set(kGeneration, std::move(expression));
}

Result<int64_t> Identity::Next() const {
  int64_t next = start;
  if (high_water_mark && __builtin_add_overflow(*high_water_mark, step, &next)) {
    return Fail("ARITHMETIC_OVERFLOW", "The identity column has no values left.");
  }
  return next;
}

void DropIdentityMark(Field& field) { field.metadata.Erase(kHighWaterMark); }

bool IsIdentity(const Field& field) { return field.metadata.Find(kStart) != nullptr; }

Result<std::optional<Identity>> IdentityOf(const Field& field) {
  const json::Value* start = field.metadata.Find(kStart);
  const json::Value* step = field.metadata.Find(kStep);
  const json::Value* may = field.metadata.Find(kExplicit);
  if (start == nullptr && step == nullptr && may == nullptr) return std::optional<Identity>();
  bool whole = start != nullptr && start->is_int() && step != nullptr && step->is_int() &&
               may != nullptr && may->is_bool();
  if (!whole) {
    return Fail("DELTA_IDENTITY_COLUMN_INCONSISTENT_METADATA",
                "Inconsistent IDENTITY metadata for column " + field.name +
                    " detected: " + (start != nullptr ? "true" : "false") + ", " +
                    (step != nullptr ? "true" : "false") + ", " +
                    (may != nullptr ? "true" : "false"),
                {{"colName", field.name}});
  }
  Identity identity{start->as_int(), step->as_int(), may->as_bool(), {}};
  const json::Value* mark = field.metadata.Find(kHighWaterMark);
  if (mark != nullptr && mark->is_int()) identity.high_water_mark = mark->as_int();
  return std::optional<Identity>(identity);
}

void SetIdentity(Field& field, const Identity& identity) {
  field.metadata.Set(kStart, identity.start);
  field.metadata.Set(kStep, identity.step);
  if (identity.high_water_mark) field.metadata.Set(kHighWaterMark, *identity.high_water_mark);
  field.metadata.Set(kExplicit, identity.allow_explicit_insert);
}

Result<std::optional<std::string>> InvariantOf(const Field& field) {
  std::optional<std::string> text = TextOf(field, kInvariants);
  if (!text) {
    if (field.metadata.Find(kInvariants) == nullptr) return std::optional<std::string>();
    text = "";
  }
  Result<json::Value> parsed = json::Parse(*text);
  const json::Value* outer = parsed.ok() ? parsed->Find("expression") : nullptr;
  const json::Value* inner = outer != nullptr ? outer->Find("expression") : nullptr;
  if (inner == nullptr || !inner->is_string()) {
    return Fail(
        "DELTA_UNRECOGNIZED_INVARIANT",
        "The column " + field.name + " has an invariant that is not understood: " + *text + ".",
        {{"colName", field.name}});
  }
  return std::optional<std::string>(inner->as_string());
}

}  // namespace tarn::columnar
