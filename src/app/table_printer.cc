#include "app/table_printer.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/json.h"

namespace tarn::app {
namespace {

constexpr size_t kMaxCellWidth = 60;

// Characters of UTF-8 text; good enough for alignment of Latin scripts.
size_t Width(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::string Cut(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  if (Width(text) <= kMaxCellWidth) return text;
  size_t at = 0;
  for (size_t n = 0; n < kMaxCellWidth - 1; ++n) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
  }
  return text.substr(0, at) + "…";
}

bool IsNumber(const std::string& type) {
  return type == "INT" || type == "BIGINT" || type == "DOUBLE" || type == "FLOAT" ||
         type == "SMALLINT" || type == "TINYINT" || type.rfind("DECIMAL", 0) == 0;
}

std::string Padded(const std::string& text, size_t width, bool right) {
  std::string blanks(width - std::min(width, Width(text)), ' ');
  return right ? blanks + text : text + blanks;
}

void PrintTable(const QueryResult& result, double seconds, std::ostream& out) {
  size_t columns = result.names.size();
  if (columns == 0) {
    out << fmt::format("OK ({:.3f} s)\n", seconds);
    return;
  }
  // One cell of several lines is text to read: a plan or a statement.
  if (columns == 1 && result.rows.size() == 1 && result.rows[0][0] &&
      result.rows[0][0]->find('\n') != std::string::npos) {
    out << *result.rows[0][0] << "\n";
    return;
  }
  std::vector<size_t> widths;
  for (size_t c = 0; c < columns; ++c) {
    size_t width = Width(result.names[c]);
    for (const auto& row : result.rows) width = std::max(width, row[c] ? Width(Cut(*row[c])) : 4);
    widths.push_back(width);
  }
  std::string line;
  for (size_t c = 0; c < columns; ++c) {
    out << (c > 0 ? "  " : "") << Padded(result.names[c], widths[c], IsNumber(result.types[c]));
    line += (c > 0 ? "  " : "");
    for (size_t i = 0; i < widths[c]; ++i) line += "─";
  }
  out << "\n" << line << "\n";
  for (const auto& row : result.rows) {
    for (size_t c = 0; c < columns; ++c) {
      out << (c > 0 ? "  " : "")
          << Padded(row[c] ? Cut(*row[c]) : "NULL", widths[c], IsNumber(result.types[c]));
    }
    out << "\n";
  }
  out << fmt::format("{} row{} ({:.3f} s)\n", result.rows.size(),
                     result.rows.size() == 1 ? "" : "s", seconds);
}

std::string CsvCell(const std::optional<std::string>& cell) {
  if (!cell) return "";
  if (!cell->empty() && cell->find_first_of(",\"\n\r") == std::string::npos) return *cell;
  std::string quoted = "\"";
  for (char c : *cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

Result<OutputFormat> ParseOutputFormat(const std::string& name) {
  if (name == "table") return OutputFormat::kTable;
  if (name == "csv") return OutputFormat::kCsv;
  if (name == "json") return OutputFormat::kJson;
  return Fail("INVALID_PARAMETER_VALUE", "--format is table, csv or json, not '" + name + "'");
}

void PrintResult(const QueryResult& result, OutputFormat format, double seconds,
                 std::ostream& out) {
  if (format == OutputFormat::kTable) {
    PrintTable(result, seconds, out);
  } else if (format == OutputFormat::kCsv) {
    for (size_t c = 0; c < result.names.size(); ++c)
      out << (c > 0 ? "," : "") << CsvCell(result.names[c]);
    out << "\n";
    for (const auto& row : result.rows) {
      for (size_t c = 0; c < row.size(); ++c) out << (c > 0 ? "," : "") << CsvCell(row[c]);
      out << "\n";
    }
  } else {
    for (const auto& row : result.rows) {
      json::Writer w;
      w.BeginObject();
      for (size_t c = 0; c < row.size(); ++c) {
        w.Key(result.names[c]);
        row[c] ? w.String(*row[c]) : w.Null();
      }
      w.EndObject();
      out << w.text() << "\n";
    }
  }
  out.flush();
}

}  // namespace tarn::app
