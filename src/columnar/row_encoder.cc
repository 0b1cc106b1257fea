#include "columnar/row_encoder.h"

#include "base/encoding.h"
#include "base/json.h"

namespace tarn::columnar {
namespace {

std::vector<ArrayView> Columns(const RecordBatch& batch) {
  std::vector<ArrayView> columns;
  const ArrowArray& rows = batch.array.get();
  for (int64_t i = 0; i < rows.n_children; ++i) {
    columns.emplace_back(*rows.children[i], rows.offset);
  }
  return columns;
}

void AppendCsvField(std::string_view text, std::string& out) {
  if (!text.empty() && text.find_first_of(",\"\n\r") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

void AppendCell(const DataType& type, const ArrayView& column, int64_t row,
                const TextOptions& options, std::string& out) {
  if (type.is_nested()) {
    AppendJson(type, column, row, options, out);
  } else if (type.is(TypeKind::kBinary)) {
    out += Base64Encode(column.Bytes(row));
  } else {
    AppendText(type, column, row, options, out);
  }
}

void AppendJsonArrayRows(const Schema& schema, const RecordBatch& batch, int64_t first,
                         int64_t last, const TextOptions& options, std::string& out) {
  std::vector<ArrayView> columns = Columns(batch);
  std::string cell;
  for (int64_t row = first; row < last; ++row) {
    if (!out.empty() && out.back() == ']') out += ',';
    out += '[';
    for (size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) out += ',';
      if (columns[i].IsNull(row)) {
        out += "null";
        continue;
      }
      cell.clear();
      AppendCell(schema.fields[i].type, columns[i], row, options, cell);
      json::AppendQuoted(out, cell);
    }
    out += ']';
  }
}

std::string CsvHeader(const Schema& schema) {
  std::string line;
  for (size_t i = 0; i < schema.fields.size(); ++i) {
    if (i > 0) line += ',';
    AppendCsvField(schema.fields[i].name, line);
  }
  return line + "\n";
}

void AppendCsvRows(const Schema& schema, const RecordBatch& batch, int64_t first, int64_t last,
                   const TextOptions& options, std::string& out) {
  std::vector<ArrayView> columns = Columns(batch);
  std::string cell;
  for (int64_t row = first; row < last; ++row) {
    for (size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) out += ',';
      if (columns[i].IsNull(row)) continue;
      cell.clear();
      AppendCell(schema.fields[i].type, columns[i], row, options, cell);
      AppendCsvField(cell, out);
    }
    out += '\n';
  }
}

}  // namespace tarn::columnar
