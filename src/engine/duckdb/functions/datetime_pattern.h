#pragma once
/// \file  Patterns of java.time.DateTimeFormatter, as far as Spark takes them, with English names.
/// The session's zone is UTC.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::engine {

/// Immutable once made.
class DatetimePattern {
 public:
  enum class Use { kFormat, kParse };

  /// Compiled patterns are kept per thread. Raises Spark's errors for patterns it refuses, and
  /// UNSUPPORTED_FEATURE for zone names in texts to be parsed.
  static std::shared_ptr<const DatetimePattern> Compile(std::string_view pattern, Use use);

  /// Microseconds since 1970 of a local date and time → text.
  std::string Format(int64_t micros) const;
  /// Text → microseconds since 1970, or nothing when it does not follow the pattern.
  std::optional<int64_t> Parse(std::string_view text) const;

 private:
  /// letter 0: a literal; '[' and ']': an optional section.
  struct Element {
    char letter = 0;
    int count = 0;
    std::string literal;
    int reserved = 0;  ///< digits of the numbers that follow without anything between
  };
  struct Fields;

  void Add(char letter, int count, Use use, std::string_view pattern);
  bool ParseFrom(std::string_view text, size_t element, size_t end, size_t& at, Fields& f) const;
  static bool ParseElement(const Element& e, std::string_view text, size_t& at, Fields& f);

  std::vector<Element> elements_;
};

}  // namespace tarn::engine
