#pragma once
/// \file  What the terminal behind stdout and stderr can show.
#include <string>
#include <string_view>

namespace tarn::app {

/// Escape sequences, or nothing where colour is not wanted. Value type.
struct Style {
  bool on = false;

  std::string Bold(std::string_view text) const { return Wrap("1", text); }
  std::string Dim(std::string_view text) const { return Wrap("2", text); }
  std::string Red(std::string_view text) const { return Wrap("31", text); }
  std::string Wrap(std::string_view code, std::string_view text) const;
};

/// Colour for a file descriptor: it is a terminal, not a dumb one, and NO_COLOR is not set.
Style StyleOf(int fd);
/// Columns of the terminal behind a file descriptor; 0 when it is none.
size_t ColumnsOf(int fd);
/// The server's message of a failed statement: its error class and the carets stand out.
std::string PaintError(const std::string& message, const Style& style);

}  // namespace tarn::app
