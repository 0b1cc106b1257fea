#include <filesystem>

#include "catalog/catalog_service.h"
#include "io/object_store.h"

namespace tarn::catalog {
namespace {

// Links followed as far as the path exists. Empty when that cannot be known.
std::string RealPath(const std::string& path) {
  std::error_code error;
  std::string real = std::filesystem::weakly_canonical(path, error).string();
  return error ? "" : real;
}

bool Overlap(const std::string& a, const std::string& b) {
  return io::IsWithin(a, b) || io::IsWithin(b, a);
}

}  // namespace

Result<std::string> CatalogService::ResolveVolumePath(const identity::Principal& who,
                                                      const std::string& path,
                                                      Operation operation) const {
  TARN_TRY(std::string normal, io::NormalizePath(path));
  std::vector<std::string> parts;
  size_t begin = 1;
  while (begin < normal.size() && parts.size() < 4) {
    size_t slash = std::min(normal.find('/', begin), normal.size());
    parts.push_back(normal.substr(begin, slash - begin));
    begin = slash + 1;
  }
  if (parts.size() < 4 || parts[0] != "Volumes") {
    return Fail("INVALID_PATH",
                "'" + path + "' is not a path in a volume: /Volumes/<catalog>/<schema>/<volume>/…");
  }
  TARN_TRY(std::string name, FullName({parts[1], parts[2], parts[3]}));
  TARN_TRY(Securable volume, Resolve(who, SecurableKind::kVolume, name, operation));
  std::string rest = begin < normal.size() ? normal.substr(begin) : "";
  std::string target =
      rest.empty() ? volume.storage_location : io::JoinPath(volume.storage_location, rest);
  // A link inside the volume must not lead out of it.
  std::error_code error;
  std::string real = std::filesystem::weakly_canonical(target, error).string();
  std::string root = std::filesystem::weakly_canonical(volume.storage_location, error).string();
  if (error || !io::IsWithin(real, root))
    return Fail("INVALID_PATH", "'" + path + "' leads out of its volume.");
  return target;
}

Result<std::string> CatalogService::ResolveTableFile(const identity::Principal& who,
                                                     const std::string& path) const {
  Error denied = Fail("PERMISSION_DENIED",
                      "The path '" + path + "' is not in a table that you may select from.");
  TARN_TRY(std::string normal, io::NormalizePath(path));
  std::string real = RealPath(normal);
  auto state = state_.Lock();
  for (const auto& [key, object] : state->objects) {
    const std::string& location = object.storage_location;
    if (key.first != SecurableKind::kTable || location.empty()) continue;
    if (!io::IsWithin(normal, location) && !io::IsWithin(real, location)) continue;
    std::string folder = RealPath(location);
    if (real.empty() || folder.empty() || !io::IsWithin(real, folder)) continue;
    Decision decision = DecideIn(*state, who, key, Operation::kSelect);
    Audit(who, "resolveTableFile", object.full_name, decision.allow);
    // A policy binds whoever reads the table; its files alone would go around it.
    if (!decision.allow || !object.policy.empty()) return denied;
    return folder;
  }
  return denied;
}

Result<std::string> CatalogService::ResolveExternalPath(const identity::Principal& who,
                                                        const std::string& path) const {
  TARN_TRY(std::string normal, io::NormalizePath(path));
  if (io::IsWithin(normal, "/Volumes")) {
    return Fail(
        "LOCATION_OVERLAP",
        "'" + path + "' is a path in a volume, which cannot be a location or an external path.");
  }
  std::string real = RealPath(normal);
  // Around it is as bad as in it: a folder is given with all that is below.
  bool ours = !options_.private_folder.empty() && Overlap(real, RealPath(options_.private_folder));
  // A policy binds whoever reads the table; reading its files would go around it.
  {
    auto state = state_.Lock();
    for (const auto& [key, object] : state->objects) {
      ours = ours || (!object.policy.empty() && Overlap(real, RealPath(object.storage_location)));
    }
  }
  for (const std::string& folder : options_.allowed_folders) {
    if (real.empty() || ours || !who.is_admin) break;
    if (io::IsWithin(real, RealPath(folder))) return real;
  }
  return Fail("PERMISSION_DENIED", "The path '" + path +
                                       "' is not in a folder that an administrator has allowed "
                                       "(--allowed-folders), or you are not an administrator.");
}

Status CatalogService::CheckOverlap(const State& state, const Securable& draft) const {
  auto overlap = [&](const std::string& with) {
    return Fail("LOCATION_OVERLAP", "The location '" + draft.storage_location + "' of " +
                                        KindTitle(draft.kind) + " '" + draft.full_name +
                                        "' overlaps with " + with + ".");
  };
  if (Overlap(draft.storage_location, RealPath(options_.managed_root)))
    return overlap("the storage of the metastore");
  for (const auto& [key, other] : state.objects) {
    if (other.storage_location.empty() || other.managed) continue;
    if (Overlap(draft.storage_location, RealPath(other.storage_location)))
      return overlap(KindTitle(other.kind) + " '" + other.full_name + "'");
  }
  return Ok();
}

}  // namespace tarn::catalog
