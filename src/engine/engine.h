#pragma once
/// \file  The embedded vectorized engine of one process: runs typed plans over Delta snapshots and
/// files, and writes data files.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "delta/snapshot_cache.h"
#include "engine/result_stream.h"
#include "plan/logical_plan.h"

namespace tarn::engine {

struct EngineOptions {
  int64_t memory_limit_bytes = 0;  ///< 0: the engine's default share of the machine
  int threads = 0;                 ///< 0: one per core
  std::string temp_directory;      ///< where larger-than-memory work spills
  std::string time_zone = "UTC";
};

/// A space-filling curve along which rows are put, so that rows with like values in each of the
/// columns come to lie in few files.
struct RowCurve {
  enum class Kind {
    kZOrder,   ///< the bits of each column's range, one column after the other
    kHilbert,  ///< neighbours on the curve are neighbours in every column
  };
  Kind kind = Kind::kZOrder;
  std::vector<std::vector<std::string>> columns;  ///< or fields inside them
};

/// Where a query's rows become data files.
struct WriteTarget {
  std::string table_path;
  columnar::Schema schema;
  std::vector<std::string> partition_columns;
  std::map<std::string, std::string> properties = {};  ///< the table's, as its metadata has them
  std::optional<int64_t> file_size_bytes = {};  ///< of each file, whatever the properties say
  std::optional<RowCurve> curve = {};           ///< order of the rows; else as they come
  /// Columns that follow those of the schema in the rows and the files, without statistics.
  columnar::Fields more_columns = {};
  /// Files of changed rows, in the table's folder for them. Spec: "Add CDC File".
  bool change_data = false;

  static WriteTarget Of(const delta::Snapshot& snapshot);
  /// The same target under the names that its files, partition values and statistics have.
  WriteTarget Physical() const;
};

/// How the engine runs a plan, as text for EXPLAIN.
struct EnginePlan {
  std::string optimized;
  std::string physical;
};

/// Thread-safe. Statements run concurrently. Lives as long as its streams.
class Engine : public std::enable_shared_from_this<Engine> {
 public:
  virtual ~Engine() = default;

  /// Errors: ENGINE_VERSION_MISMATCH when the library is not the one Tarn was built for.
  static Result<std::shared_ptr<Engine>> Open(EngineOptions options,
                                              std::shared_ptr<io::ObjectStore> store);

  /// Starts a plan. Rows come through the stream; cancelling the token ends it within 100 ms.
  virtual Result<std::unique_ptr<ResultStream>> Run(plan::PlanRef plan, CancelToken cancel) = 0;
  /// Runs a plan to its end and gives one that has the same rows and columns, and reads them from
  /// memory, or from disk where memory does not hold them. They live as long as that plan.
  virtual Result<plan::PlanRef> Keep(plan::PlanRef plan, CancelToken cancel) = 0;
  /// Runs a plan whose output is the target's columns in order and writes its rows as Parquet
  /// files, flushed to disk, in the order of the rows. The files belong to no table until a
  /// transaction adds them. Codec, file size and statistics follow the target's properties. Errors:
  /// DELTA_NOT_NULL_CONSTRAINT_VIOLATED, CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION,
  /// OUT_OF_SPACE, those of the plan.
  virtual Result<std::vector<delta::AddFile>> WriteFiles(plan::PlanRef plan,
                                                         const WriteTarget& target,
                                                         CancelToken cancel) = 0;
  /// Whether, by what the log says of its files, a plan over one scan may give rows.
  virtual Result<bool> MayHaveRows(plan::PlanRef plan) = 0;
  /// Fills in the schema of files from their content and options. Errors: those of
  /// ParseFileOptions, FAILED_READ_FILE.
  virtual Status InspectFiles(plan::FileSource& files) = 0;
  /// The statistics of each file of a snapshot, from its rows, as WriteFiles would have written
  /// them. Files with deletion vectors would lack rows: there must be none.
  virtual Result<std::vector<std::string>> ComputeStatistics(
      std::shared_ptr<const delta::Snapshot> snapshot, CancelToken cancel) = 0;
  virtual Result<EnginePlan> Explain(plan::PlanRef plan) = 0;

  virtual delta::SnapshotCache& snapshots() = 0;
};

}  // namespace tarn::engine
