#include "delta/checkpoint/md5.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace tarn::delta {
namespace {

using State = std::array<uint32_t, 4>;

void Mix(State& state, const char* block) {
  static constexpr int kShifts[4][4] = {
      {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
  uint32_t words[16];
  std::memcpy(words, block, sizeof(words));  // little-endian machines only, as all of Arrow here
  auto [a, b, c, d] = state;
  for (uint32_t i = 0; i < 64; ++i) {
    uint32_t mixed;
    uint32_t word;
    switch (i / 16) {
      case 0:
        mixed = (b & c) | (~b & d);
        word = i;
        break;
      case 1:
        mixed = (d & b) | (~d & c);
        word = (5 * i + 1) % 16;
        break;
      case 2:
        mixed = b ^ c ^ d;
        word = (3 * i + 5) % 16;
        break;
      default:
        mixed = c ^ (b | ~d);
        word = (7 * i) % 16;
    }
    auto constant = static_cast<uint32_t>(std::fabs(std::sin(i + 1.0)) * 4294967296.0);
    uint32_t sum = a + mixed + constant + words[word];
    a = d;
    d = c;
    c = b;
    b += std::rotl(sum, kShifts[i / 16][i % 4]);
  }
  state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d};
}

}  // namespace

std::string Md5Hex(std::string_view bytes) {
  State state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  std::string padded(bytes);
  padded += '\x80';
  padded.resize((padded.size() + 8 + 63) / 64 * 64 - 8);
  uint64_t bits = bytes.size() * 8;
  padded.append(reinterpret_cast<const char*>(&bits), sizeof(bits));
  for (size_t at = 0; at < padded.size(); at += 64) Mix(state, padded.data() + at);
  std::string hex;
  for (uint32_t part : state) {
    for (int byte = 0; byte < 4; ++byte) {
      constexpr char kDigits[] = "0123456789abcdef";
      uint32_t value = part >> (8 * byte) & 0xff;
      hex += kDigits[value / 16];
      hex += kDigits[value % 16];
    }
  }
  return hex;
}

}  // namespace tarn::delta
