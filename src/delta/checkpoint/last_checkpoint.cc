#include "delta/checkpoint/last_checkpoint.h"

#include <algorithm>

#include "base/encoding.h"
#include "delta/checkpoint/md5.h"

namespace tarn::delta {
namespace {

// More would make the hint slower to read than the checkpoint.
constexpr size_t kMaxListed = 30;

std::string Quoted(std::string_view text) { return "\"" + PercentEncode(text, "") + "\""; }

// Every value with the path that leads to it; NULLs are left out.
void Flatten(const json::Value& value, const std::string& path, std::vector<std::string>* pairs) {
  auto below = [&](const std::string& step) { return path.empty() ? step : path + "+" + step; };
  if (value.is_object()) {
    for (const auto& [key, member] : value.as_object()) Flatten(member, below(Quoted(key)), pairs);
  } else if (value.is_array()) {
    size_t i = 0;
    for (const json::Value& item : value.as_array()) {
      Flatten(item, below(std::to_string(i++)), pairs);
    }
  } else if (!value.is_null()) {
    pairs->push_back(path + "=" +
                     (value.is_string() ? Quoted(value.as_string()) : value.ToString()));
  }
}

std::optional<int64_t> Integer(const json::Value& object, const char* member) {
  const json::Value* value = object.Find(member);
  if (value == nullptr || !value->is_int()) return std::nullopt;
  return value->as_int();
}

json::Value Parsed(const std::string& text) {
  Result<json::Value> value = json::Parse(text);
  return value.ok() ? *std::move(value) : json::Value();
}

json::Object TopLevelJson(const LastCheckpoint::TopLevel& top) {
  json::Object object;
  object.Set("path", top.name);
  object.Set("sizeInBytes", top.size_bytes);
  object.Set("modificationTime", top.modification_time_ms);
  if (top.table_actions.size() <= kMaxListed) {
    json::Array actions;
    for (const Action& action : top.table_actions) actions.push_back(Parsed(ActionToJson(action)));
    object.Set("nonFileActions", std::move(actions));
  }
  if (top.sidecars.size() <= kMaxListed) {
    json::Array sidecars;
    for (const Sidecar& sidecar : top.sidecars) {
      sidecars.push_back(*Parsed(ActionToJson(sidecar)).Find("sidecar"));
    }
    object.Set("sidecarFiles", std::move(sidecars));
  }
  return object;
}

}  // namespace

std::string CanonicalJson(const json::Object& object) {
  std::vector<std::string> pairs;
  for (const auto& [key, member] : object) {
    if (key != "checksum") Flatten(member, Quoted(key), &pairs);
  }
  std::sort(pairs.begin(), pairs.end());
  std::string text;
  for (const std::string& pair : pairs) text += (text.empty() ? "" : ",") + pair;
  return text;
}

std::string LastCheckpoint::ToJson() const {
  json::Object object;
  object.Set("version", version);
  object.Set("size", actions);
  if (parts) object.Set("parts", *parts);
  if (size_bytes) object.Set("sizeInBytes", *size_bytes);
  if (added_files) object.Set("numOfAddFiles", *added_files);
  if (v2) object.Set("v2Checkpoint", TopLevelJson(*v2));
  object.Set("checksum", Md5Hex(CanonicalJson(object)));
  return json::Value(std::move(object)).ToString();
}

std::optional<LastCheckpoint> LastCheckpoint::Parse(std::string_view text) {
  Result<json::Value> root = json::Parse(text);
  if (!root.ok() || !root->is_object()) return std::nullopt;
  const json::Value* checksum = root->Find("checksum");
  if (checksum != nullptr && checksum->is_string() &&
      checksum->as_string() != Md5Hex(CanonicalJson(root->as_object()))) {
    return std::nullopt;
  }
  std::optional<int64_t> version = Integer(*root, "version");
  std::optional<int64_t> actions = Integer(*root, "size");
  if (!version || !actions) return std::nullopt;
  LastCheckpoint hint;
  hint.version = *version;
  hint.actions = *actions;
  hint.parts = Integer(*root, "parts");
  hint.size_bytes = Integer(*root, "sizeInBytes");
  hint.added_files = Integer(*root, "numOfAddFiles");
  if (root->Find("v2Checkpoint") != nullptr) hint.v2.emplace();
  return hint;
}

}  // namespace tarn::delta
