#pragma once
/// \file  A table of files without rows, in memory.
#include "base/testing.h"
#include "delta/checkpoint/checkpoint.h"
#include "delta/log_path.h"
#include "delta/testing/text_parquet_for_test.h"
#include "delta/transaction.h"
#include "io/memory_store.h"

namespace tarn::delta {

inline AddFile FileOf(const std::string& path, int64_t size_bytes = 10) {
  AddFile file;
  file.path = path;
  file.size_bytes = size_bytes;
  file.stats = R"({"numRecords":1,"minValues":{"n":1},"maxValues":{"n":2},"nullCount":{"n":0}})";
  return file;
}

class DeltaTableTest : public ::testing::Test {
 protected:
  void Create(std::map<std::string, std::string> properties = {}, Protocol protocol = {},
              std::vector<std::string> partitions = {}) {
    Transaction create = Transaction::Create(log_);
    create.SetProtocol(std::move(protocol));
    Metadata metadata;
    metadata.id = "id";
    metadata.schema_string =
        columnar::Schema{{{"n", columnar::TypeKind::kLong}, {"p", columnar::TypeKind::kInteger}}}
            .ToJson();
    metadata.partition_columns = std::move(partitions);
    metadata.configuration = std::move(properties);
    create.SetMetadata(metadata);
    EXPECT_THAT(create.Commit({"CREATE TABLE", {}, {}, "ada"}), ::tarn::testing::IsOk());
  }
  // With the features, those that readers mind as reader features too.
  static Protocol With(std::vector<std::string> reader, std::vector<std::string> writer = {}) {
    Protocol protocol{3, 7, reader, reader};
    protocol.writer_features->insert(protocol.writer_features->end(), writer.begin(), writer.end());
    return protocol;
  }

  Version Commit(const std::vector<AddFile>& added, const std::vector<AddFile>& removed = {}) {
    Transaction txn(log_, Latest());
    for (const AddFile& file : added) txn.Add(file);
    for (const AddFile& file : removed) txn.Remove(file);
    Result<Version> version = txn.Commit({"WRITE", {}, {}, "ada"});
    EXPECT_THAT(version, ::tarn::testing::IsOk());
    return version.ok() ? *version : -1;
  }

  std::shared_ptr<const Snapshot> Latest() { return At({}); }
  std::shared_ptr<const Snapshot> At(std::optional<Version> version) {
    auto snapshot = log_->Load(version);
    EXPECT_THAT(snapshot, ::tarn::testing::IsOk());
    return snapshot.ok() ? *snapshot : nullptr;
  }
  std::vector<std::string> Paths(const Snapshot& snapshot) {
    std::vector<std::string> paths;
    for (const auto& file : snapshot.files()) paths.emplace_back(file.path());
    std::sort(paths.begin(), paths.end());
    return paths;
  }
  void DropCommits(Version from, Version to) {
    for (Version v = from; v <= to; ++v) Drop(CommitPath("/t", v));
  }
  void Drop(const std::string& path) { EXPECT_THAT(store_->Delete(path), ::tarn::testing::IsOk()); }
  bool Exists(const std::string& path) { return store_->Head(path).ok(); }
  std::vector<std::string> Names(const std::string& ending) {
    std::vector<std::string> names;
    auto files = log_->store().List("/t/_delta_log", true);
    for (const auto& file : *files) {
      if (file.path.ends_with(ending)) names.push_back(file.path.substr(file.path.rfind('/') + 1));
    }
    return names;
  }

  std::shared_ptr<io::MemoryStore> store_ = std::make_shared<io::MemoryStore>();
  std::shared_ptr<const Log> log_ =
      std::make_shared<const Log>(store_, std::make_shared<TextParquet>(store_), "/t");
};

}  // namespace tarn::delta
