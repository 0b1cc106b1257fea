#pragma once
/// \file  Frames of RFC 6455 section 5, without I/O.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "net/websocket.h"

namespace tarn::net {

enum class Opcode : uint8_t {
  kContinuation = 0,
  kText = 1,
  kBinary = 2,
  kClose = 8,
  kPing = 9,
  kPong = 10,
};

/// What the bytes of a client came to.
struct FrameEvent {
  enum class Kind { kNeedMore, kMessage, kPing, kPong, kClose, kError };
  Kind kind = Kind::kNeedMore;
  MessageKind message = MessageKind::kText;
  std::string payload;  ///< of a message, ping or pong; the reason of a close or an error
  CloseCode code = CloseCode::kNoStatus;  ///< of a close; what to close with after an error
};

/// Reads what a client sends. Value-like, one thread at a time. After kError or kClose nothing more
/// is to be put.
class FrameParser {
 public:
  explicit FrameParser(int64_t max_message_bytes) : max_message_bytes_(max_message_bytes) {}

  /// Takes bytes up to the next event and says how many; all of them when there is none.
  size_t Put(std::string_view bytes, FrameEvent& event);

 private:
  size_t HeadSize() const;
  bool CheckStart(FrameEvent& event) const;
  bool ReadLength(FrameEvent& event);
  void Take(std::string_view bytes);
  void EndFrame(FrameEvent& event);

  const int64_t max_message_bytes_;
  std::array<unsigned char, 14> head_{};
  size_t head_size_ = 0;
  bool in_payload_ = false;
  uint64_t remaining_ = 0;  ///< of the frame's payload
  size_t masked_at_ = 0;    ///< which byte of the mask is next
  bool in_message_ = false;
  MessageKind kind_ = MessageKind::kText;
  std::string message_;
  std::string control_;
};

/// The head of an unmasked, final frame, as a server sends them.
std::string FrameHead(Opcode opcode, size_t payload_size);
/// The payload of a close frame; the reason is cut at a whole character.
std::string ClosePayload(CloseCode code, std::string_view reason);

}  // namespace tarn::net
