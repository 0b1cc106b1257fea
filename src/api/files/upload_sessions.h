#pragma once
/// \file  Uploads in parts: each part is a file of its own until the last one is there.
#include <map>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/guarded.h"
#include "io/object_store.h"

namespace tarn::api::files {

struct UploadedPart {
  std::string path;
  std::string etag;
};

/// One upload. Value; the parts' files are the sessions'.
struct UploadSession {
  std::string volume_path;  ///< "/Volumes/…"
  bool overwrite = false;
  int64_t owner_id = 0;
  std::string link_secret;  ///< who knows it may send parts, without a token
  int64_t expires_unix_ms = 0;
  std::map<int64_t, UploadedPart> parts;
};

/// Thread-safe. Sessions live in memory and their parts in `folder`, which is emptied at start: an
/// upload that a server's end cut off begins anew. Unfinished ones go after a day.
class UploadSessions {
 public:
  UploadSessions(std::string folder, const Clock& clock);

  /// Returns the session's token.
  std::string Begin(UploadSession session);
  /// Errors: RESOURCE_DOES_NOT_EXIST, also for somebody else's.
  Result<UploadSession> Find(const std::string& token, int64_t owner_id) const;
  /// The token that a link's secret stands for. Errors: PERMISSION_DENIED.
  Result<std::string> TokenOf(const std::string& link_secret) const;
  /// Where to write a part that is being received.
  std::string NewPartPath(const std::string& token) const;
  /// Keeps a part; one with the same number goes. Errors: RESOURCE_DOES_NOT_EXIST.
  Status Keep(const std::string& token, int64_t number, UploadedPart part);
  /// Forgets the session and its files.
  void End(const std::string& token);

 private:
  void EndExpired();

  const std::string folder_;
  const Clock& clock_;
  Guarded<std::map<std::string, UploadSession>> sessions_;
};

}  // namespace tarn::api::files
