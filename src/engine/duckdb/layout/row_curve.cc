#include "engine/duckdb/layout/row_curve.h"

#include <algorithm>

#include "duckdb/parser/parsed_data/sample_options.hpp"

#include "engine/duckdb/functions/row_curve.h"
#include "engine/duckdb/tree.h"

namespace tarn::engine {
namespace {

using duckdb::Value;
using tree::ExprPtr;

// delta-spark's default of spark.databricks.io.skipping.mdc.rangeId.max.
constexpr size_t kRanges = 1000;
constexpr int64_t kSampledRows = 100'000;

// A column of the rows, or a field inside it, as a key whose bytes sort as its values do.
ExprPtr SortKey(const WriteTarget& target, const std::vector<std::string>& path) {
  int column = target.schema.FindField(path[0]);
  ExprPtr value =
      duckdb::make_uniq<duckdb::ColumnRefExpression>("c" + std::to_string(column), "rows_to_write");
  for (size_t i = 1; i < path.size(); ++i) {
    value = tree::Make("struct_extract", std::move(value), tree::Text(path[i].c_str()));
  }
  // With a text beside it the key is always bytes; short keys alone would be numbers.
  return tree::Make("create_sort_key", std::move(value), tree::Text("ASC NULLS FIRST"),
                    tree::Text(""), tree::Text("ASC NULLS FIRST"));
}

duckdb::unique_ptr<duckdb::SubqueryRef> RowsRef(const duckdb::QueryNode& rows,
                                                const WriteTarget& target) {
  auto statement = duckdb::make_uniq<duckdb::SelectStatement>();
  statement->node = rows.Copy();
  auto from = duckdb::make_uniq<duckdb::SubqueryRef>(std::move(statement), "rows_to_write");
  for (size_t i = 0; i < target.schema.fields.size(); ++i) {
    from->column_name_alias.push_back("c" + std::to_string(i));
  }
  return from;
}

// Every 1/1000 of the sorted sample; values that fill several ranges bound one.
std::vector<std::string> BoundsOf(std::vector<std::string> sample) {
  std::sort(sample.begin(), sample.end());
  std::vector<std::string> bounds;
  for (size_t i = 1; i < kRanges; ++i) {
    size_t at = i * sample.size() / kRanges;
    if (at >= sample.size()) break;
    const std::string& bound = sample[at];
    if (bound != sample.front() && (bounds.empty() || bounds.back() != bound)) {
      bounds.push_back(bound);
    }
  }
  return bounds;
}

}  // namespace

// J. Skilling, "Programming the Hilbert curve", AIP Conference Proceedings 707 (2004): axes to the
// transposed index.
uint64_t HilbertIndex(std::vector<uint32_t> point, int bits) {
  size_t axes = point.size();
  for (uint32_t q = 1u << (bits - 1); q > 1; q >>= 1) {
    uint32_t below = q - 1;
    for (size_t i = 0; i < axes; ++i) {
      if ((point[i] & q) != 0) {
        point[0] ^= below;
      } else {
        uint32_t swap = (point[0] ^ point[i]) & below;
        point[0] ^= swap;
        point[i] ^= swap;
      }
    }
  }
  for (size_t i = 1; i < axes; ++i) point[i] ^= point[i - 1];
  uint32_t flip = 0;
  for (uint32_t q = 1u << (bits - 1); q > 1; q >>= 1) {
    if ((point[axes - 1] & q) != 0) flip ^= q - 1;
  }
  for (uint32_t& axis : point) axis ^= flip;
  uint64_t index = 0;
  for (int bit = bits - 1; bit >= 0; --bit) {
    for (uint32_t axis : point) index = index << 1 | ((axis >> bit) & 1);
  }
  return index;
}

Result<CurveBounds> SampleBounds(QueryResources& resources, const duckdb::QueryNode& rows,
                                 const WriteTarget& target, const CancelToken& cancel) {
  auto select = duckdb::make_uniq<duckdb::SelectNode>();
  for (const auto& path : target.curve->columns) {
    select->select_list.push_back(SortKey(target, path));
  }
  auto from = RowsRef(rows, target);
  from->sample = duckdb::make_uniq<duckdb::SampleOptions>(0);
  from->sample->sample_size = Value::BIGINT(kSampledRows);
  from->sample->is_percentage = false;
  from->sample->method = duckdb::SampleMethod::RESERVOIR_SAMPLE;
  select->from_table = std::move(from);
  auto statement = duckdb::make_uniq<duckdb::SelectStatement>();
  statement->node = std::move(select);
  TARN_TRY(auto result, RunToEnd(resources, std::move(statement), cancel));
  CurveBounds bounds;
  for (size_t column = 0; column < target.curve->columns.size(); ++column) {
    std::vector<std::string> sample;
    for (auto& chunk : result->Collection().Chunks()) {
      duckdb::UnifiedVectorFormat keys;
      chunk.data[column].ToUnifiedFormat(chunk.size(), keys);
      const auto* values = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(keys);
      for (duckdb::idx_t row = 0; row < chunk.size(); ++row) {
        sample.push_back(values[keys.sel->get_index(row)].GetString());
      }
    }
    bounds.push_back(BoundsOf(std::move(sample)));
  }
  return bounds;
}

void AddCurveOrder(const RowCurve& curve, const WriteTarget& target, const CurveBounds& bounds,
                   duckdb::SelectNode& select) {
  tree::ExprList args;
  args.push_back(duckdb::make_uniq<duckdb::ConstantExpression>(
      Value::BOOLEAN(curve.kind == RowCurve::Kind::kHilbert && curve.columns.size() > 1)));
  for (const auto& column : bounds) {
    duckdb::vector<Value> items;
    for (const std::string& bound : column) items.push_back(Value::BLOB_RAW(bound));
    args.push_back(duckdb::make_uniq<duckdb::ConstantExpression>(
        Value::LIST(duckdb::LogicalType::BLOB, std::move(items))));
  }
  for (const auto& path : curve.columns) args.push_back(SortKey(target, path));
  auto order = duckdb::make_uniq<duckdb::OrderModifier>();
  order->orders.emplace_back(
      duckdb::OrderType::ASCENDING, duckdb::OrderByNullType::NULLS_FIRST,
      duckdb::make_uniq<duckdb::FunctionExpression>(kCurveKey, std::move(args)));
  select.modifiers.push_back(std::move(order));
}

}  // namespace tarn::engine
