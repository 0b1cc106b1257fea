#include "base/config.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <optional>
#include <sstream>

namespace tarn {
namespace {

constexpr int kLargestPort = 65'535;
constexpr int64_t kKibi = 1024;

Error Invalid(std::string message) { return Fail("INVALID_PARAMETER_VALUE", std::move(message)); }

std::optional<int64_t> WholeNumber(std::string_view text) {
  int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view Trim(std::string_view text) {
  size_t begin = text.find_first_not_of(" \t\r");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

// Reads the values of one line from left to right.
class ValueReader {
 public:
  explicit ValueReader(std::string_view text) : rest_(text) {}

  Status Read(ConfigFileEntry& entry) {
    SkipBlanks();
    entry.is_list = Take('[');
    if (!entry.is_list) {
      TARN_RETURN_IF_ERROR(ReadOne(entry, true));
    } else {
      TARN_RETURN_IF_ERROR(ReadList(entry));
    }
    SkipBlanks();
    if (!rest_.empty() && rest_[0] != '#') return Invalid("there is more after the value");
    return Ok();
  }

 private:
  Status ReadList(ConfigFileEntry& entry) {
    SkipBlanks();
    while (!Take(']')) {
      TARN_RETURN_IF_ERROR(ReadOne(entry, false));
      SkipBlanks();
      if (Take(']')) break;
      if (!Take(',')) return Invalid("a list needs ',' or ']' here");
      SkipBlanks();
    }
    return Ok();
  }

  Status ReadOne(ConfigFileEntry& entry, bool bare_too) {
    if (Take('"')) {
      TARN_TRY(std::string text, ReadText());
      entry.values.push_back(std::move(text));
      return Ok();
    }
    if (!bare_too) return Invalid("a list holds texts in double quotes");
    std::string_view word = rest_.substr(0, rest_.find_first_of(" \t#"));
    if (word != "true" && word != "false" && !WholeNumber(word)) {
      return Invalid("a value is a \"text\", a whole number, true, false or [\"a list\"]");
    }
    entry.values.emplace_back(word);
    rest_.remove_prefix(word.size());
    return Ok();
  }

  Result<std::string> ReadText() {
    std::string text;
    while (!rest_.empty()) {
      char c = rest_[0];
      rest_.remove_prefix(1);
      if (c == '"') return text;
      if (c == '\\') {
        if (rest_.empty()) break;
        char escape = rest_[0];
        rest_.remove_prefix(1);
        if (escape == 'n') {
          text += '\n';
        } else if (escape == 't') {
          text += '\t';
        } else if (escape == '"' || escape == '\\') {
          text += escape;
        } else {
          return Invalid(std::string("there is no escape '\\") + escape + "'");
        }
        continue;
      }
      text += c;
    }
    return Invalid("the text has no closing '\"'");
  }

  bool Take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void SkipBlanks() {
    size_t at = rest_.find_first_not_of(" \t");
    rest_.remove_prefix(at == rest_.npos ? rest_.size() : at);
  }

  std::string_view rest_;
};

Result<ConfigFileEntry> ParseLine(std::string_view line) {
  ConfigFileEntry entry;
  size_t equals = line.find('=');
  if (equals == line.npos) return Invalid("a line is 'name = value'");
  entry.name = Trim(line.substr(0, equals));
  if (entry.name.empty() || !std::all_of(entry.name.begin(), entry.name.end(), IsNameCharacter)) {
    return Invalid("'" + entry.name + "' is not a name of lower-case letters and hyphens");
  }
  TARN_RETURN_IF_ERROR(ValueReader(line.substr(equals + 1)).Read(entry));
  return entry;
}

Result<int64_t> ParseBytes(const std::string& text) {
  static const std::map<std::string, int64_t, std::less<>> kUnits = {
      {"", 1},
      {"KiB", kKibi},
      {"MiB", kKibi * kKibi},
      {"GiB", kKibi * kKibi * kKibi},
      {"TiB", kKibi * kKibi * kKibi * kKibi}};
  size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  auto unit = kUnits.find(Trim(std::string_view(text).substr(digits)));
  std::optional<int64_t> number = WholeNumber(std::string_view(text).substr(0, digits));
  bool fits = unit != kUnits.end() && number.has_value() &&
              *number <= std::numeric_limits<int64_t>::max() / unit->second;
  if (!fits) return Invalid("is not a number of bytes, such as 536870912, 512MiB or 2GiB");
  return *number * unit->second;
}

Result<bool> ParseSwitch(const std::string& text) {
  if (text == "on" || text == "true") return true;
  if (text == "off" || text == "false") return false;
  return Invalid("is neither on nor off");
}

}  // namespace

Result<std::vector<ConfigFileEntry>> ParseConfigFile(std::string_view text,
                                                     const std::string& path) {
  std::vector<ConfigFileEntry> entries;
  int number = 0;
  while (!text.empty()) {
    size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = Trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.empty() || line[0] == '#') continue;
    std::string place = path + ":" + std::to_string(number) + ": ";
    Result<ConfigFileEntry> entry = ParseLine(line);
    if (!entry.ok()) return Invalid(place + entry.error().message());
    for (const ConfigFileEntry& other : entries) {
      if (other.name == entry->name) {
        return Invalid(place + "'" + entry->name + "' is also in line " +
                       std::to_string(other.line));
      }
    }
    entry->line = number;
    entries.push_back(std::move(*entry));
  }
  return entries;
}

void ConfigTable::Text(std::string name, std::string* target, std::string fallback,
                       std::string help) {
  options_.push_back({std::move(name), "TEXT", std::move(fallback), std::move(help), false,
                      [target](const std::vector<std::string>& values) {
                        *target = values[0];
                        return Ok();
                      }});
}

void ConfigTable::Path(std::string name, std::string* target, std::string fallback,
                       std::string help) {
  options_.push_back({std::move(name), "PATH", std::move(fallback), std::move(help), false,
                      [target](const std::vector<std::string>& values) {
                        *target =
                            values[0].empty()
                                ? ""
                                : std::filesystem::absolute(values[0]).lexically_normal().string();
                        return Ok();
                      }});
}

void ConfigTable::Port(std::string name, int* target, int fallback, std::string help) {
  options_.push_back({std::move(name), "PORT", std::to_string(fallback), std::move(help), false,
                      [target](const std::vector<std::string>& values) -> Status {
                        std::optional<int64_t> port = WholeNumber(values[0]);
                        if (!port || *port < 0 || *port > kLargestPort)
                          return Invalid("is not a port from 0 to 65535");
                        *target = static_cast<int>(*port);
                        return Ok();
                      }});
}

void ConfigTable::Bytes(std::string name, int64_t* target, int64_t fallback, std::string help) {
  options_.push_back({std::move(name), "BYTES", std::to_string(fallback), std::move(help), false,
                      [target](const std::vector<std::string>& values) -> Status {
                        TARN_TRY(*target, ParseBytes(values[0]));
                        return Ok();
                      }});
}

void ConfigTable::Switch(std::string name, bool* target, bool fallback, std::string help) {
  options_.push_back({std::move(name), "on|off", fallback ? "on" : "off", std::move(help), false,
                      [target](const std::vector<std::string>& values) -> Status {
                        TARN_TRY(*target, ParseSwitch(values[0]));
                        return Ok();
                      }});
}

void ConfigTable::Choice(std::string name, std::string* target, std::vector<std::string> choices,
                         std::string fallback, std::string help) {
  std::string takes;
  for (const std::string& choice : choices) takes += (takes.empty() ? "" : "|") + choice;
  options_.push_back({std::move(name), takes, std::move(fallback), std::move(help), false,
                      [target, choices, takes](const std::vector<std::string>& values) -> Status {
                        if (std::find(choices.begin(), choices.end(), values[0]) == choices.end())
                          return Invalid("is not one of " + takes);
                        *target = values[0];
                        return Ok();
                      }});
}

void ConfigTable::Folders(std::string name, std::vector<std::string>* target, std::string help) {
  options_.push_back({std::move(name), "PATH:PATH", "", std::move(help), true,
                      [target](const std::vector<std::string>& values) -> Status {
                        target->clear();
                        for (const std::string& value : values) {
                          if (value.empty()) return Invalid("has an empty path in it");
                          target->push_back(std::filesystem::weakly_canonical(value).string());
                        }
                        return Ok();
                      }});
}

std::string ConfigTable::VariableOf(const Option& option) const {
  std::string variable = prefix_ + "_" + option.name;
  std::transform(variable.begin(), variable.end(), variable.begin(), [](char c) {
    return c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  });
  return variable;
}

ConfigTable::Option* ConfigTable::Find(std::string_view name) {
  for (Option& option : options_)
    if (option.name == name) return &option;
  return nullptr;
}

std::vector<std::string> ConfigTable::Split(const Option& option, const std::string& text) const {
  if (!option.is_list) return {text};
  std::vector<std::string> values;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = std::min(text.find(':', begin), text.size());
    values.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return values;
}

Status ConfigTable::Apply(const Option& option, const std::vector<std::string>& values,
                          const std::string& origin) const {
  Status status = option.set(values);
  if (status.ok()) return status;
  std::string shown;
  for (const std::string& value : values) shown += (shown.empty() ? "" : ":") + value;
  return Invalid("option " + option.name + ": '" + shown + "' " + status.error().message() + " (" +
                 origin + ")");
}

Result<ConfigTable::Loaded> ConfigTable::Load(const Sources& sources) {
  Loaded loaded;
  for (const Option& option : options_) {
    std::string variable = VariableOf(option);
    const char* value = sources.variable ? sources.variable(variable) : nullptr;
    TARN_RETURN_IF_ERROR(
        Apply(option, Split(option, value != nullptr ? value : option.fallback),
              value != nullptr ? "from the environment variable " + variable : "its default"));
  }
  if (!sources.file.empty()) {
    std::ifstream in(sources.file);
    if (!in && sources.file_must_exist)
      return Invalid("the configuration file " + sources.file + " cannot be read");
    std::stringstream text;
    if (in) text << in.rdbuf();
    TARN_TRY(std::vector<ConfigFileEntry> entries, ParseConfigFile(text.str(), sources.file));
    for (const ConfigFileEntry& entry : entries) {
      std::string place = sources.file + ":" + std::to_string(entry.line);
      const Option* option = Find(entry.name);
      if (option == nullptr) return Invalid(place + ": there is no option '" + entry.name + "'");
      if (entry.is_list && !option->is_list)
        return Invalid(place + ": option " + entry.name + " takes one value, not a list");
      TARN_RETURN_IF_ERROR(Apply(*option,
                                 entry.is_list ? entry.values : Split(*option, entry.values[0]),
                                 "from " + place));
    }
  }
  const std::vector<std::string>& arguments = sources.arguments;
  for (size_t i = 0; i < arguments.size(); ++i) {
    std::string_view argument = arguments[i];
    size_t equals = argument.find('=');
    std::string_view before = argument.substr(0, equals);
    const Option* option = before.starts_with("--") ? Find(before.substr(2)) : nullptr;
    if (option == nullptr) {
      loaded.rest.push_back(arguments[i]);
      continue;
    }
    std::string flag = "--" + option->name;
    if (equals == argument.npos && i + 1 == arguments.size())
      return Invalid("option " + option->name + ": the flag " + flag + " needs a value");
    std::string value(equals == argument.npos ? std::string_view(arguments[++i])
                                              : argument.substr(equals + 1));
    TARN_RETURN_IF_ERROR(Apply(*option, Split(*option, value), "from the flag " + flag));
    loaded.flags.push_back(flag);
    loaded.flags.push_back(value);
  }
  return loaded;
}

std::string ConfigTable::Describe() const {
  std::string out;
  for (const Option& option : options_) {
    out += "  --" + option.name + " " + option.takes + "   (" + VariableOf(option) + ")\n      " +
           option.help +
           "\n      default: " + (option.fallback.empty() ? "none" : option.fallback) + "\n";
  }
  return out;
}

}  // namespace tarn
