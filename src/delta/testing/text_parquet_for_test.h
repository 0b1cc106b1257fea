#pragma once
/// \file  A Parquet engine for the log's tests: a file holds its rows as lines of JSON.
#include <algorithm>

#include "columnar/batch_builder.h"
#include "delta/parquet_io.h"
#include "io/object_store.h"

namespace tarn::delta {

/// A file that holds "torn" is damaged.
class TextParquet final : public ParquetIo {
 public:
  explicit TextParquet(std::shared_ptr<io::ObjectStore> store) : store_(std::move(store)) {}

  Status Read(const std::string& path, const ParquetRead& read, const RowSink& sink) override {
    TARN_TRY(std::string text, store_->Get(path));
    if (text == "torn") return Fail("DELTA_CHECKPOINT_CORRUPT", path + " is torn");
    columnar::Schema schema;
    for (const ParquetField& field : read.fields) {
      schema.fields.push_back({field.path.back(), field.type});
    }
    columnar::BatchBuilder batch(schema);
    size_t begin = 0;
    while (begin < text.size()) {
      size_t end = std::min(text.find('\n', begin), text.size());
      std::string_view line = std::string_view(text).substr(begin, end - begin);
      begin = end + 1;
      if (line.empty()) continue;
      TARN_TRY(json::Value row, json::Parse(line));
      bool wanted = std::any_of(read.any_of.begin(), read.any_of.end(),
                                [&](const auto& field) { return Member(row, field) != nullptr; });
      if (!wanted) continue;
      for (const ParquetField& field : read.fields) Append(Member(row, field), field.type, batch);
    }
    return sink(batch.Finish());
  }

  Result<int64_t> Write(const std::string& path, const ParquetWrite& write) override {
    std::string text;
    for (bool more = true; more;) {
      TARN_TRY(more, write.next(&text));
    }
    TARN_RETURN_IF_ERROR(store_->PutIfAbsent(path, text));
    return static_cast<int64_t>(text.size());
  }

 private:
  static const json::Value* Member(const json::Value& row, const ParquetField& field) {
    const json::Value* at = &row;
    for (const std::string& name : field.path) {
      at = at->Find(name);
      if (at == nullptr || at->is_null()) return nullptr;
    }
    return at;
  }

  static void Append(const json::Value* value, const columnar::DataType& type,
                     columnar::BatchBuilder& batch) {
    if (value == nullptr) {
      batch.Null();
    } else if (type.is(columnar::TypeKind::kMap)) {
      std::vector<std::pair<std::string, std::string>> entries;
      for (const auto& [key, item] : value->as_object()) {
        entries.emplace_back(key, item.is_string() ? item.as_string() : "");
      }
      batch.StringMap(entries);
    } else if (type.is(columnar::TypeKind::kString)) {
      batch.String(value->is_string() ? value->as_string() : value->ToString());
    } else if (type.is(columnar::TypeKind::kBoolean)) {
      batch.Bool(value->as_bool());
    } else {
      batch.Int(value->as_int());
    }
  }

  std::shared_ptr<io::ObjectStore> store_;
};

}  // namespace tarn::delta
