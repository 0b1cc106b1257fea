#include "net/connection/websocket_frames.h"

#include <algorithm>

#include "base/encoding.h"

namespace tarn::net {
namespace {

constexpr unsigned char kFinal = 0x80;
constexpr unsigned char kReserved = 0x70;
constexpr unsigned char kMasked = 0x80;
constexpr unsigned char kLength16 = 126;
constexpr unsigned char kLength64 = 127;
constexpr size_t kLargestControl = 125;

void Refuse(FrameEvent& event, CloseCode code, std::string why) {
  event.kind = FrameEvent::Kind::kError;
  event.code = code;
  event.payload = std::move(why);
}

bool IsControl(Opcode opcode) { return static_cast<uint8_t>(opcode) >= 8; }

/// RFC 6455 section 7.4: registered codes that may be sent, and those of applications.
bool MayBeSent(unsigned code) {
  if (code >= 3000) return code <= 4999;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}

void ReadClose(std::string payload, FrameEvent& event) {
  event.kind = FrameEvent::Kind::kClose;
  event.code = CloseCode::kNoStatus;
  if (payload.empty()) return;
  if (payload.size() == 1) return Refuse(event, CloseCode::kProtocolError, "half a close code");
  unsigned code =
      static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
  if (!MayBeSent(code)) {
    return Refuse(event, CloseCode::kProtocolError, "close code " + std::to_string(code));
  }
  payload.erase(0, 2);
  if (!IsValidUtf8(payload)) {
    return Refuse(event, CloseCode::kInvalidPayload, "the close reason is not UTF-8");
  }
  event.code = static_cast<CloseCode>(code);
  event.payload = std::move(payload);
}

}  // namespace

size_t FrameParser::HeadSize() const {
  if (head_size_ < 2) return 2;
  unsigned char length = head_[1] & ~kMasked;
  return 2 + (length == kLength16 ? 2 : length == kLength64 ? 8 : 0) + 4;
}

/// The rules that the first two bytes can break.
bool FrameParser::CheckStart(FrameEvent& event) const {
  auto opcode = static_cast<Opcode>(head_[0] & 0x0f);
  bool final = (head_[0] & kFinal) != 0;
  const char* wrong = nullptr;
  if ((head_[0] & kReserved) != 0) {
    wrong = "reserved bits without an extension";
  } else if ((head_[1] & kMasked) == 0) {
    wrong = "a client must mask its frames";
  } else if (IsControl(opcode)) {
    if (opcode > Opcode::kPong) wrong = "unknown opcode";
    if (!final) wrong = "a control frame in pieces";
    if ((head_[1] & ~kMasked) > static_cast<int>(kLargestControl)) wrong = "a large control frame";
  } else if (opcode > Opcode::kBinary) {
    wrong = "unknown opcode";
  } else if (opcode == Opcode::kContinuation && !in_message_) {
    wrong = "a continuation of nothing";
  } else if (opcode != Opcode::kContinuation && in_message_) {
    wrong = "a new message inside of another";
  }
  if (wrong != nullptr) Refuse(event, CloseCode::kProtocolError, wrong);
  return wrong == nullptr;
}

bool FrameParser::ReadLength(FrameEvent& event) {
  unsigned char first = head_[1] & ~kMasked;
  remaining_ = first;
  size_t bytes = first == kLength16 ? 2 : first == kLength64 ? 8 : 0;
  if (bytes > 0) {
    remaining_ = 0;
    for (size_t i = 0; i < bytes; ++i) remaining_ = remaining_ << 8 | head_[2 + i];
    bool minimal = remaining_ > (bytes == 2 ? kLargestControl : 0xffffU);
    if (!minimal || remaining_ >> 63 != 0) {
      Refuse(event, CloseCode::kProtocolError, "a length in the wrong form");
      return false;
    }
  }
  auto opcode = static_cast<Opcode>(head_[0] & 0x0f);
  if (IsControl(opcode)) return true;
  if (remaining_ > static_cast<uint64_t>(max_message_bytes_) - message_.size()) {
    Refuse(event, CloseCode::kMessageTooBig,
           "a message has at most " + std::to_string(max_message_bytes_) + " bytes");
    return false;
  }
  if (opcode != Opcode::kContinuation) {
    in_message_ = true;
    kind_ = opcode == Opcode::kText ? MessageKind::kText : MessageKind::kBinary;
  }
  return true;
}

void FrameParser::Take(std::string_view bytes) {
  const unsigned char* mask = head_.data() + head_size_ - 4;
  std::string& out = IsControl(static_cast<Opcode>(head_[0] & 0x0f)) ? control_ : message_;
  size_t start = out.size();
  out.append(bytes);
  for (size_t i = start; i < out.size(); ++i) out[i] ^= static_cast<char>(mask[masked_at_++ & 3]);
}

void FrameParser::EndFrame(FrameEvent& event) {
  auto opcode = static_cast<Opcode>(head_[0] & 0x0f);
  bool final = (head_[0] & kFinal) != 0;
  head_size_ = 0;
  in_payload_ = false;
  if (IsControl(opcode)) {
    std::string payload = std::exchange(control_, {});
    if (opcode == Opcode::kClose) return ReadClose(std::move(payload), event);
    event.kind = opcode == Opcode::kPing ? FrameEvent::Kind::kPing : FrameEvent::Kind::kPong;
    event.payload = std::move(payload);
    return;
  }
  if (!final) return;
  in_message_ = false;
  event.kind = FrameEvent::Kind::kMessage;
  event.message = kind_;
  event.payload = std::exchange(message_, {});
  if (kind_ == MessageKind::kText && !IsValidUtf8(event.payload)) {
    Refuse(event, CloseCode::kInvalidPayload, "a text message is not UTF-8");
  }
}

size_t FrameParser::Put(std::string_view bytes, FrameEvent& event) {
  event = {};
  size_t used = 0;
  while (event.kind == FrameEvent::Kind::kNeedMore) {
    if (!in_payload_) {
      while (head_size_ < HeadSize()) {
        if (used == bytes.size()) return used;
        head_[head_size_++] = static_cast<unsigned char>(bytes[used++]);
        if (head_size_ == 2 && !CheckStart(event)) return used;
      }
      if (!ReadLength(event)) return used;
      in_payload_ = true;
      masked_at_ = 0;
    }
    size_t piece = std::min<uint64_t>(remaining_, bytes.size() - used);
    Take(bytes.substr(used, piece));
    used += piece;
    remaining_ -= piece;
    if (remaining_ > 0) return used;
    EndFrame(event);
  }
  return used;
}

std::string FrameHead(Opcode opcode, size_t payload_size) {
  std::string head(1, static_cast<char>(kFinal | static_cast<uint8_t>(opcode)));
  int bytes = payload_size <= kLargestControl ? 0 : payload_size <= 0xffff ? 2 : 8;
  head += static_cast<char>(bytes == 0 ? payload_size : bytes == 2 ? kLength16 : kLength64);
  for (int i = bytes - 1; i >= 0; --i) head += static_cast<char>(payload_size >> (8 * i));
  return head;
}

std::string ClosePayload(CloseCode code, std::string_view reason) {
  if (code == CloseCode::kNoStatus || code == CloseCode::kAbnormal) return "";
  size_t size = std::min(reason.size(), kLargestControl - 2);
  while (size < reason.size() && size > 0 && (reason[size] & 0xc0) == 0x80) --size;
  auto number = static_cast<uint16_t>(code);
  std::string payload{static_cast<char>(number >> 8), static_cast<char>(number & 0xff)};
  payload.append(reason.substr(0, size));
  return payload;
}

}  // namespace tarn::net
