#include "engine/duckdb/functions/row_curve.h"

#include <algorithm>
#include <bit>

#include "engine/duckdb/layout/row_curve.h"

namespace tarn::engine {
namespace {

using namespace duckdb;  // NOLINT: this file is DuckDB's interfaces, implemented

struct CurveData final : FunctionData {
  CurveData(bool is_hilbert, CurveBounds column_bounds)
      : hilbert(is_hilbert), bounds(std::move(column_bounds)) {
    size_t ranges = 1;
    for (const auto& column : bounds) ranges = std::max(ranges, column.size() + 1);
    bits = std::max(1, static_cast<int>(std::bit_width(ranges - 1)));
  }
  duckdb::unique_ptr<FunctionData> Copy() const override {
    return make_uniq<CurveData>(hilbert, bounds);
  }
  bool Equals(const FunctionData& other) const override {
    const auto& data = other.Cast<CurveData>();
    return hilbert == data.hilbert && bounds == data.bounds;
  }

  bool hilbert;
  CurveBounds bounds;
  int bits;  // of a range's number
};

duckdb::unique_ptr<FunctionData> Bind(ClientContext& context, ScalarFunction& function,
                                      duckdb::vector<duckdb::unique_ptr<Expression>>& args) {
  size_t columns = (args.size() - 1) / 2;
  bool hilbert = BooleanValue::Get(ExpressionExecutor::EvaluateScalar(context, *args[0]));
  CurveBounds bounds(columns);
  for (size_t i = 0; i < columns; ++i) {
    Value list = ExpressionExecutor::EvaluateScalar(context, *args[1 + i]);
    for (const Value& bound : ListValue::GetChildren(list)) {
      bounds[i].push_back(StringValue::Get(bound));
    }
  }
  args.erase(args.begin(), args.begin() + static_cast<std::ptrdiff_t>(1 + columns));
  function.arguments.assign(columns, LogicalType::BLOB);
  function.varargs = LogicalType::INVALID;
  return make_uniq<CurveData>(hilbert, std::move(bounds));
}

// Number of the range that holds the key.
uint32_t RangeOf(const std::vector<std::string>& bounds, std::string_view key) {
  auto above = std::upper_bound(
      bounds.begin(), bounds.end(), key,
      [](std::string_view wanted, const std::string& bound) { return wanted < bound; });
  return static_cast<uint32_t>(above - bounds.begin());
}

// Bit by bit, the highest of each column first.
std::string Interleaved(const std::vector<uint32_t>& point, int bits) {
  std::string bytes((point.size() * static_cast<size_t>(bits) + 7) / 8, '\0');
  size_t at = 0;
  for (int bit = bits - 1; bit >= 0; --bit) {
    for (uint32_t axis : point) {
      if ((axis >> bit & 1) != 0) bytes[at / 8] = static_cast<char>(bytes[at / 8] | 0x80 >> at % 8);
      ++at;
    }
  }
  return bytes;
}

std::string BigEndian(uint64_t index) {
  std::string bytes(8, '\0');
  for (size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(index >> (56 - 8 * i));
  return bytes;
}

void Run(DataChunk& in, ExpressionState& state, Vector& out) {
  const auto& data = state.expr.Cast<BoundFunctionExpression>().bind_info->Cast<CurveData>();
  std::vector<UnifiedVectorFormat> keys(in.ColumnCount());
  for (size_t i = 0; i < keys.size(); ++i) in.data[i].ToUnifiedFormat(in.size(), keys[i]);
  bool constant = in.AllConstant();
  out.SetVectorType(VectorType::FLAT_VECTOR);
  std::vector<uint32_t> point(keys.size());
  for (idx_t row = 0; row < (constant ? 1 : in.size()); ++row) {
    for (size_t i = 0; i < keys.size(); ++i) {
      point[i] = RangeOf(data.bounds[i],
                         Cell<std::string_view>::Read(keys[i], keys[i].sel->get_index(row)));
    }
    bool fits = point.size() * static_cast<size_t>(data.bits) <= 64;
    Cell<std::string_view>::Write(out, row,
                                  data.hilbert && fits ? BigEndian(HilbertIndex(point, data.bits))
                                                       : Interleaved(point, data.bits));
  }
  if (constant) out.SetVectorType(VectorType::CONSTANT_VECTOR);
}

}  // namespace

void RegisterRowCurve(Registrar& functions) {
  ScalarFunction function(kCurveKey, {LogicalType::BOOLEAN}, LogicalType::BLOB, &Run, &Bind);
  function.varargs = LogicalType::ANY;
  functions.AddFunction(std::move(function));
}

}  // namespace tarn::engine
