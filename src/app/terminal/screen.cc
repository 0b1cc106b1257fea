#include "app/terminal/screen.h"

#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>

namespace tarn::app {
namespace {

bool IsCaretLine(std::string_view line) {
  return line.find('^') != line.npos && line.find_first_not_of("-^ ") == line.npos;
}

}  // namespace

std::string Style::Wrap(std::string_view code, std::string_view text) const {
  if (!on || text.empty()) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

Style StyleOf(int fd) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  bool refused = no_color != nullptr && no_color[0] != '\0';
  bool dumb = term == nullptr || std::string_view(term) == "dumb";
  return {::isatty(fd) == 1 && !refused && !dumb};
}

size_t ColumnsOf(int fd) {
  winsize size{};
  if (::isatty(fd) != 1 || ::ioctl(fd, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

std::string PaintError(const std::string& message, const Style& style) {
  std::string out;
  for (size_t begin = 0; begin <= message.size();) {
    size_t end = std::min(message.find('\n', begin), message.size());
    std::string line = message.substr(begin, end - begin);
    size_t bracket = line.find(']');
    if (IsCaretLine(line)) {
      out += style.Red(line);
    } else if (begin == 0 && line[0] == '[' && bracket != line.npos) {
      out += style.Wrap("1;31", line.substr(0, bracket + 1)) + line.substr(bracket + 1);
    } else {
      out += line;
    }
    if (end < message.size()) out += '\n';
    begin = end + 1;
  }
  return out;
}

}  // namespace tarn::app
