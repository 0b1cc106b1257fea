#pragma once
/// \file  Builds small record batches row by row: the results of SHOW, DESCRIBE
/// and other commands, and the inputs of tests.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "columnar/arrow.h"

namespace tarn::columnar {

/// Rows of a schema whose columns are BOOLEAN, INT, BIGINT, DOUBLE, STRING,
/// BINARY, DATE or TIMESTAMP, or arrays, maps from STRING and structs of these.
/// Not thread-safe.
class BatchBuilder {
 public:
  explicit BatchBuilder(Schema schema);
  BatchBuilder(BatchBuilder&& other) noexcept;
  ~BatchBuilder();

  /// Appends to the next column of the current row; the row ends itself after
  /// its last column.
  BatchBuilder& Null();
  BatchBuilder& Bool(bool value);
  /// For INT, BIGINT, DATE (days) and TIMESTAMP (microseconds).
  BatchBuilder& Int(int64_t value);
  BatchBuilder& Double(double value);
  BatchBuilder& String(std::string_view value);
  BatchBuilder& StringOrNull(const std::optional<std::string>& value);
  BatchBuilder& Strings(const std::vector<std::string>& values);
  BatchBuilder& StringMap(const std::vector<std::pair<std::string, std::string>>& entries);

  /// For a column of any type: members of a struct by their names, entries of a
  /// map as an object, numbers as Int and Double take them. What is null or
  /// absent becomes NULL.
  BatchBuilder& Json(const json::Value& value);

  const Schema& schema() const { return schema_; }
  int64_t num_rows() const { return rows_; }
  /// Gives the rows so far away and starts over.
  RecordBatch Finish();

 private:
  struct Column;
  Column& Next();
  Schema schema_;
  std::vector<std::unique_ptr<Column>> columns_;
  size_t at_ = 0;
  int64_t rows_ = 0;
};

}  // namespace tarn::columnar
