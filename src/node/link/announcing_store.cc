#include "node/link/announcing_store.h"

#include "node/link/lost_statement.h"

namespace tarn::node {
namespace {

class AnnouncingWriter final : public io::ObjectWriter {
 public:
  AnnouncingWriter(std::unique_ptr<io::ObjectWriter> writer, std::string path,
                   const AnnouncingStore::Announce& announce)
      : writer_(std::move(writer)), path_(std::move(path)), announce_(announce) {}

  Status Write(std::string_view bytes) override {
    // As much as the announcement takes.
    if (HeadOf(head_).size() == head_.size()) head_ += HeadOf(bytes);
    return writer_->Write(bytes);
  }
  Status Close() override { return writer_->Close(); }
  Status CloseIfAbsent() override {
    TARN_RETURN_IF_ERROR(announce_(path_, head_));
    return writer_->CloseIfAbsent();
  }

 private:
  std::unique_ptr<io::ObjectWriter> writer_;
  const std::string path_;
  const AnnouncingStore::Announce announce_;
  std::string head_;
};

}  // namespace

Result<std::string> AnnouncingStore::Get(const std::string& path) { return store_->Get(path); }

Result<std::string> AnnouncingStore::GetRange(const std::string& path, io::ByteRange range) {
  return store_->GetRange(path, range);
}

Result<io::ObjectInfo> AnnouncingStore::Head(const std::string& path) { return store_->Head(path); }

Status AnnouncingStore::Put(const std::string& path, std::string_view bytes) {
  return store_->Put(path, bytes);
}

Status AnnouncingStore::PutIfAbsent(const std::string& path, std::string_view bytes) {
  TARN_RETURN_IF_ERROR(announce_(path, bytes));
  return store_->PutIfAbsent(path, bytes);
}

Result<std::unique_ptr<io::ObjectWriter>> AnnouncingStore::OpenWriter(const std::string& path) {
  TARN_TRY(std::unique_ptr<io::ObjectWriter> writer, store_->OpenWriter(path));
  return std::unique_ptr<io::ObjectWriter>(
      std::make_unique<AnnouncingWriter>(std::move(writer), path, announce_));
}

Status AnnouncingStore::Delete(const std::string& path) { return store_->Delete(path); }

Result<std::vector<io::ObjectInfo>> AnnouncingStore::List(const std::string& folder, bool recursive,
                                                          const std::string& start_after) {
  return store_->List(folder, recursive, start_after);
}

}  // namespace tarn::node
