#include "base/log.h"

#include <atomic>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/time_format.h"

namespace tarn {
namespace {

std::atomic<LogLevel> g_level{LogLevel::kInfo};

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

}  // namespace

LogLevel LogLevelOf(std::string_view name) {
  for (LogLevel level : {LogLevel::kDebug, LogLevel::kWarn, LogLevel::kError})
    if (name == LevelName(level)) return level;
  return LogLevel::kInfo;
}

void SetLogLevel(LogLevel level) { g_level = level; }

void Log(LogLevel level, std::string_view message, LogFields fields) {
  if (level < g_level.load(std::memory_order_relaxed)) return;
  json::Writer w;
  w.BeginObject();
  w.Key("time").String(FormatRfc3339(Clock::System().Now()));
  w.Key("level").String(LevelName(level));
  w.Key("message").String(message);
  for (const LogField& field : fields) w.Key(field.key).String(field.value);
  w.EndObject();
  std::string line = std::move(w).Take();
  line += '\n';
  // A log that cannot be written has nowhere to be reported.
  [[maybe_unused]] ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace tarn
