#pragma once
/// \file  What the Files API asks of every path, and dates and ranges as HTTP writes them.
#include <optional>

#include "api/endpoint.h"

namespace tarn::api::files {

/// The `path` of the route in the storage of its volume. Errors: those of ResolveVolumePath,
/// INVALID_PATH for a name that cannot be one.
Result<std::string> VolumePath(const Call& call, catalog::Operation operation);
Result<std::string> VolumePath(const Call& call, const std::string& path,
                               catalog::Operation operation);
/// That a file can be made there. Errors: INVALID_PATH when a file stands where a folder would be,
/// OBJECT_ALREADY_EXISTS for a folder, and for a file unless `overwrite`.
Status CheckCreatable(const std::string& target, bool overwrite);
Error FileExists();

/// "Thu, 01 Jan 1970 00:00:00 GMT" (RFC 9110, 5.6.7).
std::string HttpDate(int64_t unix_seconds);
std::optional<int64_t> ParseHttpDate(const std::string& text);

struct Range {
  int64_t offset = 0;
  int64_t length = 0;
};
/// The one range that a Range header asks of a file; none when the header is to be ignored, as one
/// in another unit, of several ranges or not well formed is. An empty range cannot be satisfied.
std::optional<Range> ParseRange(std::string_view header, int64_t size_bytes);

void AddDirectories(net::Router& router, const Services& services);
void AddUploads(net::Router& router, const Services& services);

}  // namespace tarn::api::files
