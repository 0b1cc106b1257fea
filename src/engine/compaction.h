#pragma once
/// \file  Rewriting files of a table without changing its rows: the one thing that OPTIMIZE, REORG
/// and automatic compaction do, each with its own choice of files.
#include "engine/command/command.h"

namespace tarn::engine {

struct CompactionRequest {
  enum class Mode {
    kBinPack,  ///< small files, and those of which many rows are deleted, into one each bin
    kZOrder,   ///< whole partitions, along the Z-order curve
    kCluster,  ///< files that are in no complete cube, along the Hilbert curve
    kPurge,    ///< files with deleted rows or dropped columns, each bin into one
  };
  Mode mode = Mode::kBinPack;
  plan::TableBinding table;        ///< at the version that is rewritten
  std::vector<size_t> considered;  ///< positions of the snapshot's files
  /// Of the curve: columns, or fields inside them.
  std::vector<std::vector<std::string>> columns = {};
  std::string predicate = {};  ///< text of the condition, for the history
  bool full = false;           ///< kCluster: also what was clustered by other columns
  bool automatic = false;      ///< nobody asked for it: for the history
  int64_t min_file_bytes = 0;  ///< kBinPack: files from this size on stay
  int64_t max_file_bytes = 0;  ///< of a file to write
};

struct CompactionOutcome {
  std::vector<delta::AddFile> added;
  std::vector<delta::AddFile> removed;
  size_t partitions = 0;
  size_t bins = 0;
  size_t considered = 0;
};

/// Writes and commits. Nothing is committed when no file needs it. Errors: those of
/// delta::Transaction::Commit; UNSUPPORTED_FEATURE for a table whose row ids would be lost.
Result<CompactionOutcome> Compact(const CommandContext& context, const CompactionRequest& request);

/// After a statement that changed rows: compacts the partitions it touched, where the table's
/// property delta.autoOptimize.autoCompact asks for it and small files abound. Never fails the
/// statement.
void CompactAfter(const CommandContext& context, const plan::AnalyzedStatement& statement);

}  // namespace tarn::engine
