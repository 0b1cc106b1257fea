#include "net/client_hello.h"

#include <string_view>

namespace tarn::net {
namespace {

constexpr size_t kRecordHeader = 5;
constexpr size_t kHandshakeHeader = 4;
constexpr size_t kVersionAndRandom = 2 + 32;
constexpr unsigned kClientHello = 1;
constexpr unsigned kAlpnExtension = 16;

/// A cursor that turns bad once it is asked for more than there is, and stays bad.
class Cursor {
 public:
  Cursor(const unsigned char* bytes, size_t size) : at_(bytes), left_(size) {}

  bool ok() const { return ok_; }
  bool empty() const { return left_ == 0; }

  unsigned Number(int width) {
    unsigned value = 0;
    const unsigned char* bytes = Take(static_cast<size_t>(width));
    for (int i = 0; ok_ && i < width; ++i) value = value << 8 | bytes[i];
    return value;
  }
  void Skip(size_t size) { Take(size); }
  /// A field whose length comes before it in `width` bytes.
  Cursor Field(int width) {
    size_t size = Number(width);
    const unsigned char* bytes = Take(size);
    return ok_ ? Cursor(bytes, size) : Cursor(at_, 0);
  }
  std::string_view text() const { return {reinterpret_cast<const char*>(at_), left_}; }

 private:
  const unsigned char* Take(size_t size) {
    if (!ok_ || size > left_) {
      ok_ = false;
      left_ = 0;
      return at_;
    }
    const unsigned char* bytes = at_;
    at_ += size;
    left_ -= size;
    return bytes;
  }
  const unsigned char* at_;
  size_t left_;
  bool ok_ = true;
};

}  // namespace

AlpnOffer ReadAlpnOffer(const unsigned char* bytes, size_t size) {
  AlpnOffer offer;
  Cursor hello(bytes, size);
  hello.Skip(kRecordHeader);
  if (hello.Number(1) != kClientHello) return offer;
  hello.Skip(kHandshakeHeader - 1 + kVersionAndRandom);
  hello.Field(1);  // session id
  hello.Field(2);  // cipher suites
  hello.Field(1);  // compression methods
  Cursor extensions = hello.Field(2);
  while (hello.ok() && extensions.ok() && !extensions.empty()) {
    unsigned type = extensions.Number(2);
    Cursor extension = extensions.Field(2);
    if (type != kAlpnExtension) continue;
    Cursor protocols = extension.Field(2);
    while (protocols.ok() && !protocols.empty()) {
      std::string_view protocol = protocols.Field(1).text();
      if (protocol == "http/1.1") offer.http1 = true;
      if (protocol == "h2") offer.h2 = true;
    }
    return offer;
  }
  return offer;
}

}  // namespace tarn::net
