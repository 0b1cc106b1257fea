#pragma once
/// \file  One DuckDB instance: checked, set up, and replaced when an internal error has poisoned
/// it.
#include <memory>

#include "base/guarded.h"
#include "base/result.h"
#include "engine/duckdb/pch.h"
#include "engine/engine.h"

namespace tarn::engine {

/// Thread-safe.
class Instance {
 public:
  static Result<std::unique_ptr<Instance>> Open(EngineOptions options);

  /// A connection of its own for one statement. After an internal error the instance is rebuilt
  /// first (10 ms); statements that run on the old one end with their own error.
  Result<duckdb::unique_ptr<duckdb::Connection>> Connect();
  /// Tells that a statement saw the instance invalidated.
  void MarkPoisoned();

 private:
  explicit Instance(EngineOptions options) : options_(std::move(options)) {}
  Result<std::shared_ptr<duckdb::DuckDB>> Build() const;

  EngineOptions options_;
  Guarded<std::shared_ptr<duckdb::DuckDB>> database_;
};

}  // namespace tarn::engine
