#include "store/cell.h"

namespace tarn::store::internal {

Error WrongType(const Cell& cell, std::string_view wanted) {
  constexpr const char* kNames[] = {"NULL", "INTEGER", "REAL", "TEXT", "BLOB"};
  return Fail("DATA_FOLDER_CORRUPT", "metadata database: " + std::string(kNames[cell.index()]) +
                                         " where " + std::string(wanted) +
                                         " belongs; restore the data folder from a copy");
}

Result<int64_t> Reader<int64_t>::Read(const Cell& cell) {
  if (const auto* value = std::get_if<int64_t>(&cell)) return *value;
  return WrongType(cell, "INTEGER");
}

Result<bool> Reader<bool>::Read(const Cell& cell) {
  const auto* value = std::get_if<int64_t>(&cell);
  if (value != nullptr && (*value == 0 || *value == 1)) return *value == 1;
  return WrongType(cell, "0 or 1");
}

Result<double> Reader<double>::Read(const Cell& cell) {
  if (const auto* value = std::get_if<double>(&cell)) return *value;
  return WrongType(cell, "REAL");
}

Result<std::string> Reader<std::string>::Read(const Cell& cell) {
  if (const auto* value = std::get_if<std::string>(&cell)) return *value;
  return WrongType(cell, "TEXT");
}

Result<Blob> Reader<Blob>::Read(const Cell& cell) {
  if (const auto* value = std::get_if<Blob>(&cell)) return *value;
  return WrongType(cell, "BLOB");
}

}  // namespace tarn::store::internal
