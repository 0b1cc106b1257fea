#pragma once
/// \file  Identifiers: UUIDs, ULIDs and the positive int64 ids of the REST
/// APIs.
#include <cstdint>
#include <string>
#include <string_view>

namespace tarn {

/// Bytes from the kernel's generator.
std::string RandomBytes(size_t count);

/// Random UUID (version 4), lower case with dashes.
std::string NewUuid();
/// Time-ordered 26-character ULID: ids made later by one process sort after
/// earlier ones.
std::string NewUlid();
/// The shape of the vendor's statement ids: a UUID whose leading bits are the
/// time (version 1 layout is not reproduced), so that they sort by time.
std::string NewTimeUuid();
/// Positive, 53 bits at most so that JavaScript clients keep it exact.
int64_t NewInt64Id();

bool IsUuid(std::string_view text);

}  // namespace tarn
