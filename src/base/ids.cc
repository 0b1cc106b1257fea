#include "base/ids.h"

#include <cstdlib>
#include <cstring>
#include <mutex>
#include <sys/random.h>

#include <fmt/core.h>

#include "base/clock.h"
#include "base/encoding.h"

namespace tarn {
namespace {

std::string UuidText(const unsigned char* b) {
  std::string hex = HexEncode(std::string_view(reinterpret_cast<const char*>(b), 16));
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20);
}

}  // namespace

std::string RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  size_t done = 0;
  while (done < count) {
    ssize_t got = ::getrandom(bytes.data() + done, count - done, 0);
    // Without randomness no secret is safe: there is no way to go on.
    if (got <= 0) std::abort();
    done += static_cast<size_t>(got);
  }
  return bytes;
}

std::string NewUuid() {
  std::string bytes = RandomBytes(16);
  auto* b = reinterpret_cast<unsigned char*>(bytes.data());
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  return UuidText(b);
}

std::string NewTimeUuid() {
  std::string bytes = RandomBytes(16);
  auto* b = reinterpret_cast<unsigned char*>(bytes.data());
  uint64_t millis = static_cast<uint64_t>(Clock::System().NowMillis());
  for (int i = 0; i < 6; ++i) b[i] = static_cast<unsigned char>(millis >> (40 - 8 * i));
  b[6] = (b[6] & 0x0f) | 0x70;
  b[8] = (b[8] & 0x3f) | 0x80;
  return UuidText(b);
}

std::string NewUlid() {
  static constexpr char kAlphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  static std::mutex mutex;
  static uint64_t last_millis = 0;
  static std::string last_random;
  uint64_t millis = static_cast<uint64_t>(Clock::System().NowMillis());
  std::string random = RandomBytes(10);
  {
    std::lock_guard lock(mutex);
    if (millis <= last_millis) {
      millis = last_millis;
      random = last_random;
      for (int i = 9; i >= 0 && ++reinterpret_cast<unsigned char&>(random[i]) == 0; --i) {
      }
    }
    last_millis = millis;
    last_random = random;
  }
  std::string text(26, '0');
  for (int i = 9; i >= 0; --i, millis >>= 5) text[i] = kAlphabet[millis & 31];
  unsigned buffer = 0;
  int bits = 0;
  int at = 10;
  for (unsigned char byte : random) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      text[at++] = kAlphabet[(buffer >> (bits - 5)) & 31];
      bits -= 5;
    }
  }
  return text;
}

int64_t NewInt64Id() {
  uint64_t value;
  do {
    std::string bytes = RandomBytes(8);
    std::memcpy(&value, bytes.data(), 8);
    value &= (uint64_t{1} << 53) - 1;
  } while (value == 0);
  return static_cast<int64_t>(value);
}

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !std::isxdigit(static_cast<unsigned char>(text[i]))) return false;
  }
  return true;
}

}  // namespace tarn
