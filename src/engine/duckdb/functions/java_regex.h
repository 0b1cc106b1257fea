#pragma once
/// \file  Regular expressions of java.util.regex, run by RE2 where both mean the same.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace tarn::engine {

/// Thread-safe once made.
class JavaRegex {
 public:
  /// Compiled patterns are kept per thread. Raises INVALID_PARAMETER_VALUE.PATTERN for what is no
  /// pattern, and UNSUPPORTED_FEATURE for what RE2 cannot do: look-around, back-references,
  /// possessive quantifiers, classes inside classes.
  static std::shared_ptr<const JavaRegex> Compile(std::string_view pattern,
                                                  std::string_view function);

  struct Match {
    size_t begin = 0;
    size_t end = 0;
    /// Group 0 is the whole; groups that took no part have no data.
    std::vector<std::string_view> groups;
  };
  /// The next match at or after `from`. Raises UNSUPPORTED_FEATURE for texts on which the two
  /// differ, such as a '$' in the pattern and a line end at the end of the text.
  bool Find(std::string_view text, size_t from, Match& match) const;
  /// Where the search for the match after `match` starts.
  static size_t After(std::string_view text, const Match& match);
  int group_count() const { return group_count_; }

 private:
  void CheckText(std::string_view text) const;

  std::shared_ptr<const re2::RE2> compiled_;
  int group_count_ = 0;
  bool has_dollar_ = false;    ///< a last line end would matter
  bool has_boundary_ = false;  ///< \b: letters beyond ASCII would matter
  bool ignores_case_ = false;  ///< K and s have partners beyond ASCII
  bool multiline_ = false;     ///< line ends other than \n would matter
};

}  // namespace tarn::engine
