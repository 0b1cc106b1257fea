#pragma once
/// \file  `_last_checkpoint`: a hint at the newest checkpoint. Spec: PROTOCOL.md, "Last Checkpoint
/// File" and "JSON checksum".
#include <optional>
#include <string>
#include <vector>

#include "delta/action.h"

namespace tarn::delta {

struct LastCheckpoint {
  Version version = 0;
  int64_t actions = 0;  ///< sidecars' included
  std::optional<int64_t> parts;
  std::optional<int64_t> size_bytes;
  std::optional<int64_t> added_files;

  /// Of a V2 checkpoint.
  struct TopLevel {
    std::string name;
    int64_t size_bytes = 0;
    int64_t modification_time_ms = 0;
    std::vector<Action> table_actions;  ///< left out of the text when they are many
    std::vector<Sidecar> sidecars;      ///< the same
  };
  std::optional<TopLevel> v2;

  std::string ToJson() const;
  /// Nothing for a text that is no hint or does not agree with its own checksum. What is said of V2
  /// checkpoints is not taken over but its presence.
  static std::optional<LastCheckpoint> Parse(std::string_view text);
};

/// The form of a JSON object that its checksum is of, without its member "checksum".
std::string CanonicalJson(const json::Object& object);

}  // namespace tarn::delta
