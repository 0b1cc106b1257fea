#include "app/terminal/line_editor.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <histedit.h>
#include <wchar.h>

#include "app/terminal/interrupt.h"
#include "app/terminal/screen.h"
#include "app/terminal/text_width.h"

namespace tarn::app {
namespace {

constexpr int kHistoryEntries = 1000;
constexpr size_t kMostShown = 100;

// While a key is awaited, and only then, SIGINT may arrive: between a look at the flag and the wait
// it would go unseen.
class BlockedInterrupt {
 public:
  BlockedInterrupt() {
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &blocked, &before_);
  }
  ~BlockedInterrupt() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockedInterrupt(const BlockedInterrupt&) = delete;
  BlockedInterrupt& operator=(const BlockedInterrupt&) = delete;

 private:
  sigset_t before_{};
};

// 1 with a character, 0 at the end of input, -1 after Ctrl-C or an error.
int ReadKey(EditLine*, wchar_t* out) {
  std::mbstate_t state{};
  for (;;) {
    if (Interrupted()) return -1;
    pollfd input{STDIN_FILENO, POLLIN, 0};
    sigset_t none;
    sigemptyset(&none);
    if (::ppoll(&input, 1, nullptr, &none) < 0) {
      if (errno == EINTR) continue;
      return -1;
    }
    char byte = 0;
    ssize_t got = ::read(STDIN_FILENO, &byte, 1);
    if (got == 0) return 0;
    if (got < 0) return -1;
    size_t used = std::mbrtowc(out, &byte, 1, &state);
    if (used == static_cast<size_t>(-2)) continue;
    if (used == static_cast<size_t>(-1)) *out = L'?';
    return 1;
  }
}

void ShowCandidates(std::vector<std::string> candidates) {
  size_t left_out = candidates.size() > kMostShown ? candidates.size() - kMostShown : 0;
  candidates.resize(candidates.size() - left_out);
  size_t width = 0;
  for (const std::string& candidate : candidates) width = std::max(width, CellWidth(candidate) + 2);
  size_t per_line = std::max<size_t>(1, std::max<size_t>(ColumnsOf(1), 80) / width);
  std::string text = "\n";
  for (size_t i = 0; i < candidates.size(); ++i) {
    bool ends = (i + 1) % per_line == 0 || i + 1 == candidates.size();
    text += ends ? candidates[i] + "\n" : Pad(candidates[i], width, false);
  }
  if (left_out > 0) text += "and " + std::to_string(left_out) + " more\n";
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

}  // namespace

struct LineEditor::Editor {
  EditLine* line = nullptr;
  History* history = nullptr;
  std::string history_path;
  std::string prompt;
  Complete complete;

  ~Editor() {
    if (line != nullptr) ::el_end(line);
    if (history != nullptr) ::history_end(history);
  }

  static Editor& Of(EditLine* line) {
    void* data = nullptr;
    ::el_get(line, EL_CLIENTDATA, &data);
    return *static_cast<Editor*>(data);
  }
  static char* Prompt(EditLine* line) { return Of(line).prompt.data(); }

  static unsigned char OnTab(EditLine* line, int) {
    const LineInfo* info = ::el_line(line);
    std::string_view before(info->buffer, static_cast<size_t>(info->cursor - info->buffer));
    std::string_view after(info->cursor, static_cast<size_t>(info->lastchar - info->cursor));
    Completion completion = Of(line).complete(before, after);
    if (completion.candidates.empty()) return CC_REFRESH_BEEP;
    std::string common = CommonPrefix(completion.candidates);
    bool only = completion.candidates.size() == 1;
    bool longer = common.size() > completion.replaced;
    if (!only && !longer) {
      ShowCandidates(std::move(completion.candidates));
      return CC_REDISPLAY;
    }
    ::el_deletestr(line, static_cast<int>(completion.replaced));
    ::el_insertstr(line, common.c_str());
    return CC_REFRESH;
  }
};

std::string CommonPrefix(const std::vector<std::string>& candidates) {
  std::string common = candidates.empty() ? "" : candidates[0];
  for (const std::string& other : candidates) {
    size_t same = 0;
    while (same < common.size() && same < other.size() &&
           std::tolower(static_cast<unsigned char>(common[same])) ==
               std::tolower(static_cast<unsigned char>(other[same]))) {
      ++same;
    }
    common.resize(same);
  }
  return common;
}

LineEditor::LineEditor(std::unique_ptr<Editor> editor) : editor_(std::move(editor)) {}
LineEditor::~LineEditor() = default;

Result<std::unique_ptr<LineEditor>> LineEditor::Open(std::string history_path, Complete complete) {
  auto editor = std::make_unique<Editor>();
  editor->history_path = std::move(history_path);
  editor->complete = std::move(complete);
  editor->line = ::el_init("tarn", stdin, stdout, stderr);
  editor->history = ::history_init();
  if (editor->line == nullptr || editor->history == nullptr)
    return Fail("IO_ERROR", "the terminal cannot be used for editing");
  HistEvent event;
  ::history(editor->history, &event, H_SETSIZE, kHistoryEntries);
  ::history(editor->history, &event, H_SETUNIQUE, 1);
  ::history(editor->history, &event, H_LOAD, editor->history_path.c_str());
  EditLine* line = editor->line;
  ::el_set(line, EL_CLIENTDATA, editor.get());
  ::el_set(line, EL_PROMPT, &Editor::Prompt);
  ::el_set(line, EL_EDITOR, "emacs");
  ::el_set(line, EL_HIST, ::history, editor->history);
  ::el_set(line, EL_GETCFN, &ReadKey);
  ::el_set(line, EL_ADDFN, "tarn-complete", "complete a name", &Editor::OnTab);
  ::el_set(line, EL_BIND, "^I", "tarn-complete", nullptr);
  ::el_set(line, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  ::el_source(line, nullptr);
  return std::unique_ptr<LineEditor>(new LineEditor(std::move(editor)));
}

LineEditor::Outcome LineEditor::Read(const std::string& prompt, std::string& line) {
  Interrupted() = false;
  editor_->prompt = prompt;
  BlockedInterrupt blocked;
  ::el_resize(editor_->line);
  int count = 0;
  const char* text = ::el_gets(editor_->line, &count);
  if (Interrupted()) {
    Interrupted() = false;
    std::fputs("^C\n", stdout);
    std::fflush(stdout);
    return Outcome::kInterrupted;
  }
  if (text == nullptr || count <= 0) return Outcome::kEnd;
  line.assign(text, static_cast<size_t>(count));
  if (!line.empty() && line.back() == '\n') line.pop_back();
  return Outcome::kLine;
}

void LineEditor::Remember(const std::string& entry) {
  HistEvent event;
  ::history(editor_->history, &event, H_ENTER, entry.c_str());
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(editor_->history_path).parent_path(),
                                      ignored);
  ::history(editor_->history, &event, H_SAVE, editor_->history_path.c_str());
}

}  // namespace tarn::app
