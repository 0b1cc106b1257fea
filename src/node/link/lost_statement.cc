#include "node/link/lost_statement.h"

namespace tarn::node {
namespace {

constexpr size_t kHeadBytes = 4096;
constexpr std::string_view kLogFolder = "/_delta_log/";

std::string TableOf(const std::string& path) { return path.substr(0, path.find(kLogFolder)); }

Error OutcomeUnknown(const std::string& why) {
  return Fail("STATEMENT_OUTCOME_UNKNOWN",
              "[STATEMENT_OUTCOME_UNKNOWN] The process that ran the statement ended, and " + why +
                  " before you run the statement again. SQLSTATE: 08007");
}

}  // namespace

std::string_view HeadOf(std::string_view bytes) { return bytes.substr(0, kHeadBytes); }

bool IsCommit(std::string_view path) {
  constexpr size_t kDigits = 20;
  size_t folder = path.rfind(kLogFolder);
  if (folder == std::string_view::npos) return false;
  std::string_view name = path.substr(folder + kLogFolder.size());
  return name.size() == kDigits + 5 && name.ends_with(".json") &&
         name.substr(0, kDigits).find_first_not_of("0123456789") == std::string_view::npos;
}

Error JudgeLoss(const StatementEffects& effects, bool ended, io::ObjectStore& store) {
  const WriteIntent* open = nullptr;
  for (const WriteIntent& intent : effects.intents) {
    Result<std::string> found = store.Get(intent.path);
    if (found.ok() && HeadOf(*found) == intent.head) {
      return Fail("NODE_LOST_AFTER_COMMIT",
                  "[NODE_LOST_AFTER_COMMIT] The process that ran the statement ended after it had "
                  "committed to the table at '" +
                      TableOf(intent.path) +
                      "'; only its answer is lost. Do not run the statement again; DESCRIBE "
                      "HISTORY shows the commit. SQLSTATE: 08007");
    }
    // Another writer's commit in its place, or none that could still come: it is not there.
    bool settled = found.ok() || (ended && found.error().reason() == "OBJECT_NOT_FOUND");
    if (!settled) open = &intent;
  }
  if (open != nullptr) {
    return OutcomeUnknown("whether it had committed to the table at '" + TableOf(open->path) +
                          "' is not known. Look at the table with DESCRIBE HISTORY");
  }
  if (effects.catalog_changes > 0) {
    return OutcomeUnknown(
        "it had changed the catalog. Look at the objects that the statement names");
  }
  return Fail("NODE_LOST",
              "[NODE_LOST] The process that ran the statement ended; nothing was changed. The "
              "warehouse starts another one; run the statement again. SQLSTATE: 08006");
}

}  // namespace tarn::node
