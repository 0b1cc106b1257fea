#include "delta/row_tracking.h"

#include <algorithm>

#include "base/ids.h"
#include "delta/file_stats.h"

namespace tarn::delta {
namespace {

constexpr const char* kMarkKey = "rowIdHighWaterMark";
constexpr const char* kEnabled = "delta.enableRowTracking";
constexpr const char* kRowIdColumn = "delta.rowTracking.materializedRowIdColumnName";
constexpr const char* kRowCommitVersionColumn =
    "delta.rowTracking.materializedRowCommitVersionColumnName";

int64_t MarkIn(const DomainMetadata& domain) {
  Result<json::Value> parsed = json::Parse(domain.configuration);
  return parsed.ok() ? parsed->GetInt(kMarkKey, -1) : -1;
}

}  // namespace

bool RowTrackingSupported(const Protocol& protocol) {
  return protocol.writer_features &&
         std::find(protocol.writer_features->begin(), protocol.writer_features->end(),
                   "rowTracking") != protocol.writer_features->end();
}

void NameMaterializedRowIds(std::map<std::string, std::string>* configuration) {
  auto enabled = configuration->find(kEnabled);
  if (enabled == configuration->end() || enabled->second != "true") return;
  configuration->emplace(kRowIdColumn, "_row-id-col-" + NewUuid());
  configuration->emplace(kRowCommitVersionColumn, "_row-commit-version-col-" + NewUuid());
}

std::optional<MaterializedRowIds> MaterializedRowIdsOf(const Snapshot& snapshot) {
  if (!snapshot.Enabled(kEnabled)) return std::nullopt;
  auto id = snapshot.Property(kRowIdColumn);
  auto version = snapshot.Property(kRowCommitVersionColumn);
  if (!id || !version) return std::nullopt;
  return MaterializedRowIds{*std::move(id), *std::move(version)};
}

int64_t RowIdHighWaterMark(const std::map<std::string, DomainMetadata>& domains) {
  auto at = domains.find(kRowTrackingDomain);
  return at == domains.end() ? -1 : MarkIn(at->second);
}

std::optional<int64_t> RowIdHighWaterMarkOf(const std::vector<Action>& commit) {
  for (const Action& action : commit) {
    const auto* domain = std::get_if<DomainMetadata>(&action);
    if (domain != nullptr && domain->domain == kRowTrackingDomain) return MarkIn(*domain);
  }
  return std::nullopt;
}

Status AssignRowIds(int64_t high_water_mark, Version version, std::vector<Action>* actions) {
  int64_t mark = high_water_mark;
  for (Action& action : *actions) {
    auto* add = std::get_if<AddFile>(&action);
    if (add == nullptr) continue;
    if (!add->base_row_id) {
      std::optional<int64_t> rows = FileStats::Parse(add->stats).num_records;
      if (!rows) {
        return Fail("DELTA_ROW_ID_ASSIGNMENT_WITHOUT_STATS",
                    "Cannot assign row IDs without row count statistics: file " + add->path +
                        " has none. Collect them by running ANALYZE TABLE … COMPUTE DELTA "
                        "STATISTICS.");
      }
      add->base_row_id = mark + 1;
      mark += *rows;
    }
    if (!add->default_row_commit_version) add->default_row_commit_version = version;
  }
  if (mark == high_water_mark) return Ok();
  json::Object configuration;
  configuration.Set(kMarkKey, mark);
  actions->push_back(
      DomainMetadata{kRowTrackingDomain, json::Value(std::move(configuration)).ToString(), false});
  return Ok();
}

}  // namespace tarn::delta
