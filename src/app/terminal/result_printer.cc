#include "app/terminal/result_printer.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "app/terminal/text_width.h"
#include "base/json.h"

namespace tarn::app {
namespace {

constexpr size_t kGap = 2;
constexpr size_t kNarrowest = 12;         ///< columns are not cut below this
constexpr size_t kWidestUnlimited = 120;  ///< of a cell where there is no terminal
constexpr std::string_view kNull = "NULL";

bool StartsWithAny(const std::string& type, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return type.rfind(word, 0) == 0; });
}

bool IsNumber(const std::string& type) {
  return StartsWithAny(type,
                       {"TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL"}) &&
         !StartsWithAny(type, {"INTERVAL"});
}

bool IsNested(const std::string& type) { return StartsWithAny(type, {"ARRAY", "MAP", "STRUCT"}); }

using Row = std::vector<std::optional<std::string>>;

std::string Shown(const std::optional<std::string>& cell) {
  return cell ? OneLine(*cell) : std::string(kNull);
}

// Widths of the columns within the terminal; empty when the table cannot be made to fit.
std::vector<size_t> FitColumns(const QueryResult& result, size_t columns) {
  std::vector<size_t> widths;
  std::vector<size_t> smallest;
  for (size_t c = 0; c < result.names.size(); ++c) {
    size_t head = std::max(CellWidth(OneLine(result.names[c])), CellWidth(result.types[c]));
    size_t width = std::min(head, kWidestUnlimited);
    for (const Row& row : result.rows) width = std::max(width, CellWidth(Shown(row[c])));
    widths.push_back(std::min(width, columns == 0 ? kWidestUnlimited : width));
    // A number that is cut is a wrong number.
    smallest.push_back(IsNumber(result.types[c]) ? width : std::min(width, kNarrowest));
  }
  if (columns == 0) return widths;
  size_t total = kGap * (widths.size() - 1);
  for (size_t width : widths) total += width;
  while (total > columns) {
    size_t widest = widths.size();
    for (size_t c = 0; c < widths.size(); ++c) {
      bool can_shrink = widths[c] > smallest[c];
      if (can_shrink && (widest == widths.size() || widths[c] > widths[widest])) widest = c;
    }
    if (widest == widths.size()) return {};
    --widths[widest];
    --total;
  }
  return widths;
}

std::string Line(const std::vector<std::string>& cells) {
  std::string line;
  for (size_t c = 0; c < cells.size(); ++c)
    line += (c > 0 ? std::string(kGap, ' ') : "") + cells[c];
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

void PrintAligned(const QueryResult& result, const std::vector<size_t>& widths,
                  const PrintOptions& options, std::ostream& out) {
  const Style& style = options.style;
  std::array<std::vector<std::string>, 3> head;
  for (size_t c = 0; c < widths.size(); ++c) {
    bool right = IsNumber(result.types[c]);
    std::string name = CutToWidth(OneLine(result.names[c]), widths[c]);
    std::string type = CutToWidth(result.types[c], widths[c]);
    std::string rule;
    for (size_t i = 0; i < widths[c]; ++i) rule += "─";
    head[0].push_back(style.Bold(Pad(name, widths[c], right)));
    head[1].push_back(style.Dim(Pad(type, widths[c], right)));
    head[2].push_back(style.Dim(rule));
  }
  for (const auto& cells : head) out << Line(cells);
  std::vector<std::string> cells(widths.size());
  for (const Row& row : result.rows) {
    for (size_t c = 0; c < widths.size(); ++c) {
      std::string text =
          Pad(CutToWidth(Shown(row[c]), widths[c]), widths[c], IsNumber(result.types[c]));
      cells[c] = row[c] ? text : style.Dim(text);
    }
    out << Line(cells);
  }
}

void PrintRecords(const QueryResult& result, const PrintOptions& options, std::ostream& out) {
  const Style& style = options.style;
  size_t names = 0;
  for (const std::string& name : result.names) names = std::max(names, CellWidth(OneLine(name)));
  if (options.columns > 0) names = std::min(names, options.columns / 3);
  size_t room = options.columns > names + kGap ? options.columns - names - kGap : 0;
  for (size_t r = 0; r < result.rows.size(); ++r) {
    out << style.Dim(fmt::format("─── row {} ───", r + 1)) << "\n";
    for (size_t c = 0; c < result.names.size(); ++c) {
      std::string value = Shown(result.rows[r][c]);
      if (room > 0) value = CutToWidth(value, room);
      if (!result.rows[r][c]) value = style.Dim(value);
      out << style.Bold(Pad(CutToWidth(OneLine(result.names[c]), names), names, false))
          << std::string(kGap, ' ') << value << "\n";
    }
  }
}

void PrintForPeople(const QueryResult& result, const PrintOptions& options, double seconds,
                    std::ostream& out) {
  std::string time = options.timing ? fmt::format(" ({:.3f} s)", seconds) : "";
  if (result.names.empty()) {
    out << "OK" << options.style.Dim(time) << "\n";
    return;
  }
  // One cell of several lines is text to read: a plan or a statement.
  bool is_text = result.names.size() == 1 && result.rows.size() == 1 && result.rows[0][0] &&
                 result.rows[0][0]->find('\n') != std::string::npos;
  if (is_text && options.format == OutputFormat::kTable) {
    out << *result.rows[0][0] << "\n";
    return;
  }
  std::vector<size_t> widths;
  if (options.format == OutputFormat::kTable) widths = FitColumns(result, options.columns);
  widths.empty() ? PrintRecords(result, options, out) : PrintAligned(result, widths, options, out);
  std::string rows =
      fmt::format("{} row{}", result.rows.size(), result.rows.size() == 1 ? "" : "s");
  if (result.truncated) rows += ", the first of more than the server returns";
  out << options.style.Dim(rows + time) << "\n";
}

std::string CsvCell(const std::optional<std::string>& cell) {
  if (!cell) return "";
  if (!cell->empty() && cell->find_first_of(",\"\n\r") == std::string::npos) return *cell;
  std::string quoted = "\"";
  for (char c : *cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

void PrintCsvHead(const QueryResult& result, std::ostream& out) {
  for (size_t c = 0; c < result.names.size(); ++c)
    out << (c > 0 ? "," : "") << CsvCell(result.names[c]);
  if (!result.names.empty()) out << "\n";
}

void PrintCsv(const QueryResult& result, std::ostream& out) {
  for (const Row& row : result.rows) {
    for (size_t c = 0; c < row.size(); ++c) out << (c > 0 ? "," : "") << CsvCell(row[c]);
    out << "\n";
  }
}

bool IsJsonNumber(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789+-.eE") == std::string::npos;
}

void WriteJsonCell(json::Writer& w, const std::string& type, const std::string& text) {
  if (IsNumber(type) && IsJsonNumber(text)) {
    w.Raw(text);
  } else if (type == "BOOLEAN") {
    w.Bool(text == "true");
  } else if (IsNested(type) && json::Parse(text).ok()) {
    w.Raw(text);
  } else {
    w.String(text);
  }
}

void PrintJson(const QueryResult& result, std::ostream& out) {
  for (const Row& row : result.rows) {
    json::Writer w;
    w.BeginObject();
    for (size_t c = 0; c < row.size(); ++c) {
      w.Key(result.names[c]);
      if (row[c]) {
        WriteJsonCell(w, result.types[c], *row[c]);
      } else {
        w.Null();
      }
    }
    w.EndObject();
    out << w.text() << "\n";
  }
}

}  // namespace

Result<OutputFormat> ParseOutputFormat(const std::string& name) {
  for (OutputFormat format :
       {OutputFormat::kTable, OutputFormat::kVertical, OutputFormat::kCsv, OutputFormat::kJson}) {
    if (name == FormatName(format)) return format;
  }
  return Fail("INVALID_PARAMETER_VALUE",
              "a format is table, vertical, csv or json, not '" + name + "'");
}

const char* FormatName(OutputFormat format) {
  switch (format) {
    case OutputFormat::kTable:
      return "table";
    case OutputFormat::kVertical:
      return "vertical";
    case OutputFormat::kCsv:
      return "csv";
    case OutputFormat::kJson:
      return "json";
  }
  return "";
}

Status ResultPrinter::CheckOutput() {
  out_.flush();
  return out_ ? Ok() : Status(Fail("IO_ERROR", "the output cannot be written"));
}

Status ResultPrinter::Take(const QueryResult& part) {
  bool first = !std::exchange(begun_, true);
  kept_.truncated = part.truncated;
  if (options_.format == OutputFormat::kCsv) {
    if (first) PrintCsvHead(part, out_);
    PrintCsv(part, out_);
    return CheckOutput();
  }
  if (options_.format == OutputFormat::kJson) {
    PrintJson(part, out_);
    return CheckOutput();
  }
  kept_.names = part.names;
  kept_.types = part.types;
  kept_.rows.insert(kept_.rows.end(), part.rows.begin(), part.rows.end());
  return Ok();
}

Status ResultPrinter::Finish(double seconds) {
  bool for_people = options_.format != OutputFormat::kCsv && options_.format != OutputFormat::kJson;
  if (for_people) PrintForPeople(kept_, options_, seconds, out_);
  return CheckOutput();
}

}  // namespace tarn::app
