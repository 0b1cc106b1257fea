#include "app/terminal/progress.h"

#include <array>
#include <cstdio>
#include <unistd.h>

#include <fmt/core.h>

#include "app/terminal/text_width.h"

namespace tarn::app {
namespace {

constexpr double kQuietSeconds = 1;
constexpr std::array<const char*, 8> kFrames = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧"};

std::string Told(const QueryProgress& progress, bool cancelling) {
  if (cancelling) return "cancelling";
  if (progress.state == "PENDING") return "waiting for the warehouse";
  if (progress.state == "SUCCEEDED")
    return fmt::format("fetched {} of {} rows", progress.fetched, progress.total_rows);
  return "running";
}

}  // namespace

Progress::Progress() : start_(std::chrono::steady_clock::now()), shown_(::isatty(2) == 1) {}

Progress::~Progress() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
}

double Progress::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void Progress::Draw(const QueryProgress& progress, bool cancelling) {
  double elapsed = seconds();
  if (!shown_ || elapsed < kQuietSeconds) return;
  std::string line =
      fmt::format("{} {:.1f} s  {}  (Ctrl-C cancels)", kFrames[frame_++ % kFrames.size()], elapsed,
                  Told(progress, cancelling));
  size_t columns = ColumnsOf(2);
  if (columns > 1) line = CutToWidth(line, columns - 1);
  std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
  drawn_ = true;
}

}  // namespace tarn::app
