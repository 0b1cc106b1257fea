#pragma once
/// \file  Typed configuration: a table of options, filled from flags, a file, the environment and
/// defaults, the first of these that names an option winning.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tarn {

/// One `name = value` line of a configuration file.
struct ConfigFileEntry {
  std::string name;
  std::vector<std::string> values;  ///< one, or those of a list
  bool is_list = false;
  int line = 0;
};

/// Reads the text of a configuration file, a small part of TOML: a line is empty, a comment after
/// '#', or `name = value`, where a value is a "text" with the escapes \" \\ \n \t, a whole number,
/// true, false, or a list of texts in brackets on one line. A name is of lower-case letters, digits
/// and hyphens, and appears once. Errors: INVALID_PARAMETER_VALUE with the line.
Result<std::vector<ConfigFileEntry>> ParseConfigFile(std::string_view text,
                                                     const std::string& path);

/// Declares options by name ("http-port": flag --http-port, environment PREFIX_HTTP_PORT, the same
/// name in the file) and fills the variables they are bound to, which must outlive Load.
/// Not thread-safe; used once, while a process starts.
class ConfigTable {
 public:
  explicit ConfigTable(std::string variable_prefix) : prefix_(std::move(variable_prefix)) {}

  void Text(std::string name, std::string* target, std::string fallback, std::string help);
  /// Made absolute, relative to the working folder.
  void Path(std::string name, std::string* target, std::string fallback, std::string help);
  /// A whole number from 0 to 65535.
  void Port(std::string name, int* target, int fallback, std::string help);
  /// A number of bytes, or of KiB, MiB, GiB, TiB with that word behind it; 0 too.
  void Bytes(std::string name, int64_t* target, int64_t fallback, std::string help);
  /// on or off; true and false are the same.
  void Switch(std::string name, bool* target, bool fallback, std::string help);
  /// One of `choices`.
  void Choice(std::string name, std::string* target, std::vector<std::string> choices,
              std::string fallback, std::string help);
  /// Absolute paths without links, separated by ':' outside of a file.
  void Folders(std::string name, std::vector<std::string>* target, std::string help);

  struct Sources {
    std::vector<std::string> arguments;
    std::string file;              ///< "" reads none
    bool file_must_exist = false;  ///< else a missing file counts as an empty one
    std::function<const char*(const std::string&)> variable;  ///< as getenv
  };
  struct Loaded {
    std::vector<std::string> rest;   ///< arguments that are no flags of this table
    std::vector<std::string> flags;  ///< the flags and their values as they were given
  };
  /// Errors: INVALID_PARAMETER_VALUE naming the option and where its value came from, or the name
  /// in the file that is no option.
  Result<Loaded> Load(const Sources& sources);

  /// One paragraph per option: flag, variable, what it is, its default.
  std::string Describe() const;

 private:
  using Set = std::function<Status(const std::vector<std::string>& values)>;
  struct Option {
    std::string name;
    std::string takes;  ///< "PORT" and the like, for Describe
    std::string fallback;
    std::string help;
    bool is_list = false;
    Set set;
  };

  std::string VariableOf(const Option& option) const;
  Option* Find(std::string_view name);
  Status Apply(const Option& option, const std::vector<std::string>& values,
               const std::string& origin) const;
  std::vector<std::string> Split(const Option& option, const std::string& text) const;

  std::string prefix_;
  std::vector<Option> options_;
};

}  // namespace tarn
