#pragma once
/// \file  Rows that a plan gave, kept to be read by other plans: PlanKind::kKept.
#include "engine/duckdb/query_stream.h"

namespace tarn::engine {

/// Immutable; read by any number of statements at once. Lives as long as the plans that read it.
class KeptRows {
 public:
  KeptRows(QueryResources resources, duckdb::unique_ptr<duckdb::MaterializedQueryResult> rows)
      : resources_(std::move(resources)),
        collection_(rows->TakeCollection()),
        bytes_(static_cast<int64_t>(collection_->SizeInBytes())) {}

  /// For a reader that does not outlive this object.
  duckdb::ColumnDataCollection& collection() const { return *collection_; }
  int64_t bytes() const { return bytes_; }

 private:
  QueryResources resources_;  // of the database whose memory holds the rows
  duckdb::unique_ptr<duckdb::ColumnDataCollection> collection_;
  int64_t bytes_;
};

}  // namespace tarn::engine
