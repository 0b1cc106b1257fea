#pragma once
/// \file  Structured log: one JSON object a line on standard error.
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace tarn {

enum class LogLevel { kDebug, kInfo, kWarn, kError };

/// A field of a log line. Values are text; numbers convert.
struct LogField {
  LogField(std::string_view key, std::string_view value) : key(key), value(value) {}
  LogField(std::string_view key, const char* value) : key(key), value(value) {}
  LogField(std::string_view key, const std::string& value) : key(key), value(value) {}
  LogField(std::string_view key, long long value) : key(key), value(std::to_string(value)) {}
  LogField(std::string_view key, long value) : key(key), value(std::to_string(value)) {}
  LogField(std::string_view key, int value) : key(key), value(std::to_string(value)) {}
  LogField(std::string_view key, unsigned long value) : key(key), value(std::to_string(value)) {}
  LogField(std::string_view key, double value) : key(key), value(std::to_string(value)) {}
  std::string_view key;
  std::string value;
};
using LogFields = std::initializer_list<LogField>;

/// "debug", "info", "warn" or "error"; any other name is kInfo.
LogLevel LogLevelOf(std::string_view name);
/// Lines below `level` are dropped. Thread-safe.
void SetLogLevel(LogLevel level);
/// Writes one line with time, level, thread and the fields. Thread-safe; a line
/// is one write(2). Never pass a token, a password or table data.
void Log(LogLevel level, std::string_view message, LogFields fields = {});

inline void LogDebug(std::string_view m, LogFields f = {}) { Log(LogLevel::kDebug, m, f); }
inline void LogInfo(std::string_view m, LogFields f = {}) { Log(LogLevel::kInfo, m, f); }
inline void LogWarn(std::string_view m, LogFields f = {}) { Log(LogLevel::kWarn, m, f); }
inline void LogError(std::string_view m, LogFields f = {}) { Log(LogLevel::kError, m, f); }

}  // namespace tarn
