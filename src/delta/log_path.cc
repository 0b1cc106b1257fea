#include "delta/log_path.h"

#include <charconv>

#include <fmt/core.h>

#include "io/object_store.h"

namespace tarn::delta {
namespace {

constexpr size_t kVersionDigits = 20;

// Takes exactly `digits` digits and the character after them from the front.
bool TakeNumber(std::string_view& text, size_t digits, int64_t* out) {
  if (text.size() < digits) return false;
  auto [end, error] = std::from_chars(text.data(), text.data() + digits, *out);
  if (error != std::errc() || end != text.data() + digits || *out < 0) return false;
  text.remove_prefix(digits);
  return true;
}

}  // namespace

std::string LogFolder(const std::string& table_path) {
  return io::JoinPath(table_path, "_delta_log");
}

std::string CommitPath(const std::string& table_path, Version version) {
  return io::JoinPath(LogFolder(table_path), fmt::format("{:020}.json", version));
}

std::string CheckpointPath(const std::string& table_path, Version version) {
  return io::JoinPath(LogFolder(table_path), fmt::format("{:020}.checkpoint.parquet", version));
}

std::string CheckpointPartPath(const std::string& table_path, Version version, int64_t part,
                               int64_t parts) {
  return io::JoinPath(LogFolder(table_path),
                      fmt::format("{:020}.checkpoint.{:010}.{:010}.parquet", version, part, parts));
}

std::string ChecksumPath(const std::string& table_path, Version version) {
  return io::JoinPath(LogFolder(table_path), fmt::format("{:020}.crc", version));
}

std::string CompactionPath(const std::string& table_path, Version first, Version last) {
  return io::JoinPath(LogFolder(table_path),
                      fmt::format("{:020}.{:020}.compacted.json", first, last));
}

std::string LastCheckpointPath(const std::string& table_path) {
  return io::JoinPath(LogFolder(table_path), "_last_checkpoint");
}

std::string SidecarPath(const std::string& table_path, const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  return io::JoinPath(io::JoinPath(LogFolder(table_path), "_sidecars"), name);
}

LogFileName ParseLogFileName(std::string_view name) {
  LogFileName file;
  int64_t version;
  if (!TakeNumber(name, kVersionDigits, &version)) return file;
  file.version = version;
  if (name == ".json") {
    file.kind = LogFileName::Kind::kCommit;
    return file;
  }
  if (name == ".crc") {
    file.kind = LogFileName::Kind::kChecksum;
    return file;
  }
  int64_t end_version;
  std::string_view rest = name.empty() ? name : name.substr(1);
  if (name.starts_with('.') && TakeNumber(rest, kVersionDigits, &end_version) &&
      rest == ".compacted.json" && end_version >= version) {
    file.kind = LogFileName::Kind::kCompaction;
    file.end_version = end_version;
    return file;
  }
  constexpr std::string_view kCheckpoint = ".checkpoint.";
  if (name.substr(0, kCheckpoint.size()) != kCheckpoint) return file;
  name.remove_prefix(kCheckpoint.size());
  if (name == "parquet") {
    file.kind = LogFileName::Kind::kCheckpoint;
    return file;
  }
  int64_t part;
  int64_t parts;
  std::string_view numbers = name;
  if (TakeNumber(numbers, 10, &part) && numbers.starts_with('.')) {
    numbers.remove_prefix(1);
    if (TakeNumber(numbers, 10, &parts) && numbers == ".parquet" && part >= 1 && part <= parts) {
      file.kind = LogFileName::Kind::kCheckpointPart;
      file.part = static_cast<int>(part);
      file.parts = static_cast<int>(parts);
      return file;
    }
  }
  constexpr size_t kUuidCharacters = 36;
  std::string_view ending = name.substr(std::min(name.size(), kUuidCharacters));
  if (ending == ".json" || ending == ".parquet") file.kind = LogFileName::Kind::kV2Checkpoint;
  return file;
}

}  // namespace tarn::delta
