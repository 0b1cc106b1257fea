#include "engine/file_options.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "sql/parser.h"

namespace tarn::engine {
namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

Error Invalid(std::string_view option, const std::string& value, std::string_view wanted) {
  return Fail("INVALID_PARAMETER_VALUE", "The option " + std::string(option) + " is '" + value +
                                             "', which is not " + std::string(wanted) + ".");
}

Status ReadFlag(const std::string& name, const std::string& value, bool* out) {
  std::string lower = Lower(value);
  if (lower != "true" && lower != "false") return Invalid(name, value, "true or false");
  *out = lower == "true";
  return Ok();
}

Status ReadCharacter(const std::string& name, const std::string& value, bool may_be_empty,
                     std::string* out) {
  std::string text = value == "\\t" ? "\t" : value == "\\\\" ? "\\" : value;
  bool one = text.size() == 1 || (text.empty() && may_be_empty);
  if (!one) return Invalid(name, value, "one character");
  *out = std::move(text);
  return Ok();
}

Status ReadSeparator(const std::string& name, const std::string& value, std::string* out) {
  std::string text = value == "\\t" ? "\t" : value;
  if (text.empty() || text.size() > 4) return Invalid(name, value, "one to four characters");
  *out = std::move(text);
  return Ok();
}

Status ReadMode(const std::string& name, const std::string& value, ParseMode* out) {
  static const std::map<std::string, ParseMode> modes = {
      {"permissive", ParseMode::kPermissive},
      {"dropmalformed", ParseMode::kDropMalformed},
      {"failfast", ParseMode::kFailFast}};
  auto found = modes.find(Lower(value));
  if (found == modes.end()) return Invalid(name, value, "PERMISSIVE, DROPMALFORMED or FAILFAST");
  *out = found->second;
  return Ok();
}

Status ReadEncoding(const std::string& name, const std::string& value) {
  std::string lower = Lower(value);
  if (lower == "utf-8" || lower == "utf8") return Ok();
  return Fail("UNSUPPORTED_FEATURE",
              "Tarn reads files in UTF-8; " + name + " => '" + value + "' is not supported.");
}

using Reader = Status (*)(const std::string& name, const std::string& value, FileOptions& options);

// Options by lower-case name.
const std::map<std::string, Reader>& CommonOptions() {
  static const std::map<std::string, Reader> readers = {
      {"schema",
       [](const std::string&, const std::string& value, FileOptions& o) -> Status {
         TARN_TRY(columnar::Fields fields, sql::ParseSchema(value));
         o.schema = columnar::Schema{std::move(fields)};
         return Ok();
       }},
      {"schemahints",
       [](const std::string&, const std::string& value, FileOptions& o) -> Status {
         TARN_TRY(o.schema_hints, sql::ParseSchema(value));
         return Ok();
       }},
      {"pathglobfilter",
       [](const std::string&, const std::string& value, FileOptions& o) -> Status {
         o.path_glob_filter = value;
         return Ok();
       }},
  };
  return readers;
}

const std::map<std::string, Reader>& CsvOptions() {
  static const std::map<std::string, Reader> readers = {
      {"header", [](auto& n, auto& v, FileOptions& o) { return ReadFlag(n, v, &o.header); }},
      {"sep", [](auto& n, auto& v, FileOptions& o) { return ReadSeparator(n, v, &o.separator); }},
      {"delimiter",
       [](auto& n, auto& v, FileOptions& o) { return ReadSeparator(n, v, &o.separator); }},
      {"quote",
       [](auto& n, auto& v, FileOptions& o) { return ReadCharacter(n, v, true, &o.quote); }},
      {"escape",
       [](auto& n, auto& v, FileOptions& o) { return ReadCharacter(n, v, true, &o.escape); }},
      {"comment",
       [](auto& n, auto& v, FileOptions& o) { return ReadCharacter(n, v, true, &o.comment); }},
      {"nullvalue",
       [](auto&, auto& v, FileOptions& o) -> Status {
         o.null_value = v;
         return Ok();
       }},
      {"skiprows",
       [](auto& n, auto& v, FileOptions& o) -> Status {
         auto [end, error] = std::from_chars(v.data(), v.data() + v.size(), o.skip_rows);
         bool whole = error == std::errc() && end == v.data() + v.size() && o.skip_rows >= 0;
         if (!whole) return Invalid(n, v, "a number of rows");
         return Ok();
       }},
      {"inferschema",
       [](auto& n, auto& v, FileOptions& o) { return ReadFlag(n, v, &o.infer_types); }},
      {"infercolumntypes",
       [](auto& n, auto& v, FileOptions& o) { return ReadFlag(n, v, &o.infer_types); }},
      {"dateformat",
       [](auto&, auto& v, FileOptions& o) -> Status {
         o.date_format = v;
         return Ok();
       }},
      {"timestampformat",
       [](auto&, auto& v, FileOptions& o) -> Status {
         o.timestamp_format = v;
         return Ok();
       }},
      {"mode", [](auto& n, auto& v, FileOptions& o) { return ReadMode(n, v, &o.mode); }},
      {"encoding", [](auto& n, auto& v, FileOptions&) { return ReadEncoding(n, v); }},
      {"charset", [](auto& n, auto& v, FileOptions&) { return ReadEncoding(n, v); }},
  };
  return readers;
}

const std::map<std::string, Reader>& JsonOptions() {
  static const std::map<std::string, Reader> readers = {
      {"multiline", [](auto& n, auto& v, FileOptions& o) { return ReadFlag(n, v, &o.multi_line); }},
      {"infercolumntypes",
       [](auto& n, auto& v, FileOptions&) -> Status {
         bool infer = false;
         TARN_RETURN_IF_ERROR(ReadFlag(n, v, &infer));
         if (infer) return Ok();
         return Fail("UNSUPPORTED_FEATURE",
                     "Tarn does not read JSON with inferColumnTypes => false; give a schema.");
       }},
      {"mode",
       [](auto& n, auto& v, FileOptions& o) -> Status {
         TARN_RETURN_IF_ERROR(ReadMode(n, v, &o.mode));
         if (o.mode != ParseMode::kDropMalformed) return Ok();
         return Fail("UNSUPPORTED_FEATURE", "Tarn does not support mode => DROPMALFORMED of JSON.");
       }},
      {"encoding", [](auto& n, auto& v, FileOptions&) { return ReadEncoding(n, v); }},
      {"charset", [](auto& n, auto& v, FileOptions&) { return ReadEncoding(n, v); }},
  };
  return readers;
}

const std::map<std::string, Reader>& ParquetOptions() {
  static const std::map<std::string, Reader> readers = {
      {"mergeschema",
       [](auto& n, auto& v, FileOptions& o) { return ReadFlag(n, v, &o.merge_schema); }},
  };
  return readers;
}

// Options of Spark's and Databricks' readers that Tarn does not have.
bool KnownElsewhere(const std::string& lower) {
  static const char* const names[] = {"allowbackslashescapinganycharacter",
                                      "allowcomments",
                                      "allownonnumericnumbers",
                                      "allownumericleadingzeros",
                                      "allowsinglequotes",
                                      "allowunquotedcontrolchars",
                                      "allowunquotedfieldnames",
                                      "badrecordspath",
                                      "chartoescapequoteescaping",
                                      "columnnameofcorruptrecord",
                                      "datetimerebasemode",
                                      "dropfieldifallnull",
                                      "emptyvalue",
                                      "enforceschema",
                                      "ignorecorruptfiles",
                                      "ignoreleadingwhitespace",
                                      "ignoremissingfiles",
                                      "ignoretrailingwhitespace",
                                      "includeexistingfiles",
                                      "inferschema",
                                      "infertimestamp",
                                      "int96rebasemode",
                                      "linesep",
                                      "locale",
                                      "maxbytespertrigger",
                                      "maxcharspercolumn",
                                      "maxcolumns",
                                      "maxfilespertrigger",
                                      "modifiedafter",
                                      "modifiedbefore",
                                      "multiline",
                                      "nanvalue",
                                      "negativeinf",
                                      "partitioncolumns",
                                      "positiveinf",
                                      "preferdate",
                                      "prefersdecimal",
                                      "primitivesasstring",
                                      "readercasesensitive",
                                      "recursivefilelookup",
                                      "rescueddatacolumn",
                                      "rowtag",
                                      "samplingratio",
                                      "schemaevolutionmode",
                                      "schemalocation",
                                      "singlevariantcolumn",
                                      "timestampntzformat",
                                      "timezone",
                                      "unescapedquotehandling",
                                      "usestrictglobber",
                                      "validateoptions",
                                      "mergeschema"};
  return std::find(std::begin(names), std::end(names), lower) != std::end(names);
}

}  // namespace

Result<FileOptions> ParseFileOptions(
    const std::string& format, const std::vector<std::pair<std::string, std::string>>& options,
    FileStatement statement) {
  const std::map<std::string, Reader>* own = format == "csv"       ? &CsvOptions()
                                             : format == "json"    ? &JsonOptions()
                                             : format == "parquet" ? &ParquetOptions()
                                                                   : nullptr;
  if (own == nullptr) {
    return Fail("UNSUPPORTED_FEATURE",
                "Tarn reads CSV, JSON and Parquet files, not " + format + ".");
  }
  FileOptions parsed;
  parsed.infer_types = statement == FileStatement::kReadFiles;
  for (const auto& [name, value] : options) {
    std::string lower = Lower(name);
    auto reader = own->find(lower);
    if (reader == own->end()) {
      reader = CommonOptions().find(lower);
      if (reader == CommonOptions().end()) {
        if (KnownElsewhere(lower)) {
          return Fail("UNSUPPORTED_FEATURE",
                      "Tarn does not support the option " + name + " of " + format + " files yet.");
        }
        return Fail("CF_UNKNOWN_OPTION_KEYS_ERROR",
                    "Found unknown option keys: " + name +
                        ". Please make sure that all provided option keys are correct.",
                    {{"optionList", name}});
      }
    }
    TARN_RETURN_IF_ERROR(reader->second(name, value, parsed));
  }
  return parsed;
}

}  // namespace tarn::engine
