#pragma once
/// \file  Characters of UTF-8 text.
#include <cstdint>
#include <string>
#include <string_view>

namespace tarn::engine {

/// Ill-formed bytes become U+FFFD.
std::u32string CodePoints(std::string_view text);
std::string CodePointText(char32_t code);
int64_t CharacterCount(std::string_view text);
/// Where character `index` (from 0) begins; npos at and beyond the end.
size_t ByteOffset(std::string_view text, int64_t index);
char32_t UpperCase(char32_t code);
char32_t LowerCase(char32_t code);
bool IsUpperCase(char32_t code);
bool IsLowerCase(char32_t code);

}  // namespace tarn::engine
