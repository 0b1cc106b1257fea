#pragma once
/// \file  Spark's keywords and what each may still name. Spec: Spark SQL reference, "ANSI
/// Compliance", "SQL Keywords"; measured on Spark 4.2.
#include <string_view>
#include <vector>

namespace tarn::sql {

enum class KeywordClass {
  kNone,         ///< no keyword
  kNonReserved,  ///< a name wherever one may stand
  kReserved,     ///< a name too, unless ANSI reserved words are enforced
};

struct Keyword {
  std::string_view word;  ///< upper case; lives for the whole process
  KeywordClass keyword_class;
};

/// `upper` in upper case.
KeywordClass ClassifyWord(std::string_view upper);

/// False for the words of joins and set operations, which begin something else after a relation.
bool IsRelationAlias(std::string_view upper);

/// All of them, in order: for sql_keywords(), completion and highlighting.
std::vector<Keyword> Keywords();

}  // namespace tarn::sql
