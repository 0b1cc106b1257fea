#pragma once
/// \file  One edited line from a terminal: keys as in Emacs, history in a file, completion.
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tarn::app {

/// What may stand before the cursor instead of the last `replaced` bytes.
struct Completion {
  size_t replaced = 0;
  std::vector<std::string> candidates;
};

/// Not thread-safe; one at a time, since it owns stdin. Ctrl-C is seen through Interrupted().
class LineEditor {
 public:
  using Complete = std::function<Completion(std::string_view before, std::string_view after)>;
  enum class Outcome { kLine, kInterrupted, kEnd };

  /// Reads the history file if there is one. Errors: IO_ERROR when stdin is no terminal.
  static Result<std::unique_ptr<LineEditor>> Open(std::string history_path, Complete complete);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  /// Stores the line without its end.
  Outcome Read(const std::string& prompt, std::string& line);
  /// Adds an entry, of several lines perhaps, and writes the history file.
  void Remember(const std::string& entry);

 private:
  struct Editor;
  explicit LineEditor(std::unique_ptr<Editor> editor);
  std::unique_ptr<Editor> editor_;
};

/// The longest text that all candidates begin with, letter case aside: that of the first.
std::string CommonPrefix(const std::vector<std::string>& candidates);

}  // namespace tarn::app
