// table_changes: which commits, and what they changed.
#include "delta/feed/change_feed.h"
#include "engine/catalog_resolver.h"
#include "engine/time_travel.h"

namespace tarn::engine {
namespace {

/// A boundary of the range: a version, or the instant that stands for one.
struct Boundary {
  delta::Version version = 0;
  std::optional<int64_t> instant_ms;
};

class RangeResolver {
 public:
  RangeResolver(Engine& engine, const delta::Snapshot& latest)
      : engine_(engine), latest_(latest), log_(engine.snapshots().OpenLog(latest.table_path())) {}

  /// The first commit at or after the instant.
  Result<Boundary> Start(const plan::TimeTravel& travel) {
    if (travel.version) return Boundary{*travel.version, std::nullopt};
    TARN_TRY(int64_t at, Instant(travel));
    Result<delta::Version> before = log_->VersionAt(at);
    if (!before.ok() &&
        before.error().reason() == "DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION") {
      TARN_TRY(auto history, log_->History(0));
      return Boundary{history.back().version, at};
    }
    if (!before.ok()) return std::move(before).error();
    TARN_TRY(auto snapshot, engine_.snapshots().At(latest_.table_path(), *before));
    return Boundary{snapshot->timestamp_ms() >= at ? *before : *before + 1, at};
  }

  /// The last commit at or before the instant.
  Result<Boundary> End(const plan::TimeTravel& travel) {
    if (travel.version) return Boundary{*travel.version, std::nullopt};
    TARN_TRY(int64_t at, Instant(travel));
    TARN_TRY(delta::Version version, log_->VersionAt(at));
    return Boundary{version, at};
  }

  /// Ascending.
  Result<std::vector<delta::Log::Commit>> Commits(delta::Version start, delta::Version end) {
    TARN_TRY(auto history, log_->History(static_cast<int>(latest_.version() - start + 1)));
    std::vector<delta::Log::Commit> commits;
    for (auto commit = history.rbegin(); commit != history.rend(); ++commit) {
      if (commit->version >= start && commit->version <= end) commits.push_back(std::move(*commit));
    }
    if (commits.empty() || commits.front().version != start) {
      return Fail("DELTA_VERSION_NOT_FOUND", "version " + std::to_string(start) + " of " +
                                                 latest_.table_path() + " is not there");
    }
    return commits;
  }

 private:
  Result<int64_t> Instant(const plan::TimeTravel& travel) {
    Result<int64_t> at = InstantOf(engine_, travel.timestamp);
    bool null = !at.ok() && at.error().reason() == "INVALID_TIME_TRAVEL_TIMESTAMP_EXPR.INPUT" &&
                travel.timestamp->op == plan::ExprOp::kLiteral && !travel.timestamp->value;
    if (!null) return at;
    return Fail("DELTA_CDC_READ_NULL_RANGE_BOUNDARY",
                "CDC read start/end parameters cannot be null. Please provide a valid version or "
                "timestamp.");
  }

  Engine& engine_;
  const delta::Snapshot& latest_;
  std::shared_ptr<const delta::Log> log_;
};

Error EndBeforeStart(delta::Version start, delta::Version end) {
  std::string from = std::to_string(start);
  std::string to = std::to_string(end);
  return Fail("DELTA_INVALID_CDC_RANGE",
              "CDC range from start " + from + " to end " + to +
                  " was invalid. End cannot be before start.",
              {{"start", from}, {"end", to}});
}

// The versions to read, or none: two instants between the same two commits.
Result<std::optional<delta::ChangeRange>> RangeOf(RangeResolver& resolver,
                                                  const delta::Snapshot& latest,
                                                  const plan::TimeTravel& from,
                                                  const std::optional<plan::TimeTravel>& to) {
  TARN_TRY(Boundary start, resolver.Start(from));
  if (start.version > latest.version()) {
    std::string first = std::to_string(start.version);
    std::string last = std::to_string(latest.version());
    return Fail("DELTA_CDC_START_VERSION_AFTER_LATEST",
                "Start version " + first +
                    " for change data feed exceeds the latest table version " + last + ".",
                {{"start", first}, {"latest", last}});
  }
  Boundary end{latest.version(), std::nullopt};
  if (to) {
    TARN_TRY(end, resolver.End(*to));
  }
  if (start.instant_ms && end.instant_ms) {
    if (*start.instant_ms > *end.instant_ms) return EndBeforeStart(start.version, end.version);
    if (end.version == start.version - 1) return std::optional<delta::ChangeRange>();
  }
  if (end.version < start.version) return EndBeforeStart(start.version, end.version);
  return std::optional(
      delta::ChangeRange{start.version, std::min(end.version, latest.version()), {}});
}

bool IsMapped(const delta::Snapshot& snapshot) {
  return snapshot.column_mapping_mode() != delta::ColumnMappingMode::kNone;
}

}  // namespace

Result<std::vector<plan::TableBinding>> CatalogResolver::ResolveChanges(
    const std::vector<std::string>& name, const plan::TimeTravel& from,
    const std::optional<plan::TimeTravel>& to) {
  TARN_TRY(Table table, Find(name, {catalog::Operation::kSelect}));
  if (table.record && !table.record->policy.empty()) {
    return Fail("UNSUPPORTED_FEATURE",
                "The table " + table.record->full_name +
                    " has a row filter or column masks; Tarn does not read its changes.");
  }
  TARN_TRY(std::shared_ptr<const delta::Snapshot> latest, Pin(table.location));
  delta::SnapshotCache& snapshots = session_.services().engine->snapshots();
  RangeResolver resolver(*session_.services().engine, *latest);
  TARN_TRY(std::optional<delta::ChangeRange> range, RangeOf(resolver, *latest, from, to));
  std::shared_ptr<const delta::Snapshot> read_as = latest;
  std::shared_ptr<const delta::Snapshot> at_start = latest;
  if (range) {
    TARN_TRY(at_start, snapshots.At(table.location, range->start));
    TARN_TRY(auto at_end, snapshots.At(table.location, range->end));
    // Columns may have been renamed or dropped since.
    if (IsMapped(*latest) || IsMapped(*at_start) || IsMapped(*at_end)) read_as = std::move(at_end);
    TARN_TRY(range->commits, resolver.Commits(range->start, range->end));
  } else {
    range.emplace(delta::ChangeRange{latest->version(), latest->version(), {}});
  }
  TARN_TRY(auto changes, delta::ChangesOf(*session_.services().store, *read_as, *at_start, *range));
  std::vector<plan::TableBinding> bindings;
  for (auto& snapshot : changes) {
    TARN_RETURN_IF_ERROR(CheckOutsideFiles(table, *snapshot));
    plan::TableBinding binding;
    binding.name = table.name;
    binding.schema = snapshot->schema();
    binding.partition_columns = snapshot->partition_columns();
    binding.snapshot = std::move(snapshot);
    bindings.push_back(std::move(binding));
  }
  return bindings;
}

}  // namespace tarn::engine
