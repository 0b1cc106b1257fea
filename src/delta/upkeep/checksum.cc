#include "delta/upkeep/checksum.h"

#include <algorithm>

#include "delta/table_feature.h"

namespace tarn::delta {
namespace {

// Above it, listing the files again in every checksum costs more than it saves.
constexpr size_t kMaxListedFiles = 50;

// Where the bins of delta-spark begin, in MiB from 1 MiB on: they get wider with the sizes.
std::vector<int64_t> BinBegins() {
  constexpr int64_t kKib = 1024;
  constexpr int64_t kMib = 1024 * kKib;
  std::vector<int64_t> begins = {0};
  for (int64_t at = 8 * kKib; at < kMib; at *= 2) begins.push_back(at);
  auto steps = [&](int64_t from_mib, int64_t to_mib, int64_t step_mib) {
    for (int64_t at = from_mib; at < to_mib; at += step_mib) begins.push_back(at * kMib);
  };
  begins.insert(begins.end(), {kMib, 2 * kMib});
  steps(4, 40, 4);
  steps(40, 120, 8);
  steps(120, 144, 4);
  steps(144, 160, 16);
  steps(160, 576, 16);
  steps(576, 640, 64);
  steps(640, 1472, 64);
  steps(1536, 2048, 128);
  steps(2048, 4096, 256);
  for (int64_t at = 4096; at <= 262'144; at *= 2) begins.push_back(at * kMib);
  return begins;
}

// An action without the object around it that names its kind.
std::string Content(const Action& action) {
  std::string line = ActionToJson(action);
  size_t begin = line.find(':') + 1;
  return line.substr(begin, line.size() - 1 - begin);
}

template <typename Each>
std::string List(const Each& actions) {
  std::string text = "[";
  for (const auto& action : actions) text += (text.size() > 1 ? "," : "") + Content(action);
  return text + "]";
}

template <typename Numbers>
std::string NumberList(const Numbers& numbers) {
  std::string text = "[";
  for (int64_t n : numbers) text += (text.size() > 1 ? "," : "") + std::to_string(n);
  return text + "]";
}

// The actions of one kind that a member of a checksum holds.
template <typename Kind>
Result<std::vector<Kind>> Actions(const json::Value& contents, const char* kind,
                                  const std::string& source) {
  std::string lines;
  for (const json::Value& content : contents.as_array()) {
    lines += "{\"" + std::string(kind) + "\":" + content.ToString() + "}\n";
  }
  TARN_TRY(std::vector<Action> actions, ParseActions(lines, source));
  std::vector<Kind> result;
  for (Action& action : actions) {
    auto* found = std::get_if<Kind>(&action);
    if (found != nullptr) result.push_back(std::move(*found));
  }
  return result;
}

template <typename Kind>
Status ReadOne(const json::Value& root, const char* member, const char* kind,
               const std::string& source, std::optional<Kind>* out) {
  const json::Value* content = root.Find(member);
  if (content == nullptr || !content->is_object()) return Ok();
  TARN_TRY(std::vector<Kind> actions, Actions<Kind>(json::Array{*content}, kind, source));
  if (!actions.empty()) *out = std::move(actions[0]);
  return Ok();
}

template <typename Kind>
Status ReadList(const json::Value& root, const char* member, const char* kind,
                const std::string& source, std::optional<std::vector<Kind>>* out) {
  const json::Value* contents = root.Find(member);
  if (contents == nullptr || !contents->is_array()) return Ok();
  TARN_TRY(*out, Actions<Kind>(*contents, kind, source));
  return Ok();
}

std::optional<int64_t> Integer(const json::Value& root, const char* member) {
  const json::Value* value = root.Find(member);
  if (value == nullptr || !value->is_int()) return std::nullopt;
  return value->as_int();
}

// 0: none; 1: 1 to 9; … 9: more than an INT counts.
size_t DeletedCountBin(int64_t deleted) {
  if (deleted >= INT32_MAX) return 9;
  size_t bin = 0;
  while (deleted > 0 && bin < 8) {
    deleted /= 10;
    ++bin;
  }
  return bin;
}

}  // namespace

FileSizeHistogram FileSizeHistogram::Empty() {
  FileSizeHistogram histogram;
  histogram.bin_begins = BinBegins();
  histogram.counts.resize(histogram.bin_begins.size());
  histogram.total_bytes.resize(histogram.bin_begins.size());
  return histogram;
}

void FileSizeHistogram::Add(int64_t size_bytes) {
  auto after = std::upper_bound(bin_begins.begin(), bin_begins.end(), size_bytes);
  auto bin = static_cast<size_t>(std::max<ptrdiff_t>(after - bin_begins.begin(), 1)) - 1;
  ++counts[bin];
  total_bytes[bin] += size_bytes;
}

Checksum Checksum::Of(const Snapshot& snapshot) {
  Checksum checksum;
  checksum.table_size_bytes = snapshot.size_bytes();
  checksum.num_files = static_cast<int64_t>(snapshot.files().size());
  bool vectors = NamesFeature(snapshot.protocol(), "deletionVectors");
  checksum.histogram = FileSizeHistogram::Empty();
  std::array<int64_t, 10> deleted_counts{};
  int64_t deleted = 0;
  int64_t with_vector = 0;
  for (const FileRef<AddFile>& file : snapshot.files()) {
    checksum.histogram->Add(file.size_bytes());
    const DeletionVectorDescriptor* vector = file.deletion_vector();
    int64_t rows = vector == nullptr ? 0 : vector->cardinality;
    deleted += rows;
    with_vector += vector == nullptr ? 0 : 1;
    ++deleted_counts[DeletedCountBin(rows)];
  }
  if (vectors) {
    checksum.num_deleted_records = deleted;
    checksum.num_deletion_vectors = with_vector;
    checksum.deleted_record_counts = deleted_counts;
  }
  if (snapshot.Enabled("delta.enableInCommitTimestamps")) {
    checksum.in_commit_timestamp_ms = snapshot.timestamp_ms();
  }
  checksum.transactions.emplace();
  for (const auto& [app_id, txn] : snapshot.transactions()) checksum.transactions->push_back(txn);
  checksum.domains.emplace();
  for (const auto& [name, domain] : snapshot.domains()) checksum.domains->push_back(domain);
  checksum.metadata = snapshot.metadata();
  checksum.protocol = snapshot.protocol();
  if (snapshot.files().size() <= kMaxListedFiles) {
    checksum.all_files.emplace();
    for (const FileRef<AddFile>& file : snapshot.files()) {
      AddFile listed = *file;
      listed.data_change = false;
      checksum.all_files->push_back(std::move(listed));
    }
  }
  return checksum;
}

std::string Checksum::ToJson() const {
  std::string text = "{";
  auto member = [&](const char* name, const std::string& json) {
    text += (text.size() > 1 ? ",\"" : "\"") + std::string(name) + "\":" + json;
  };
  auto number = [&](const char* name, std::optional<int64_t> value) {
    if (value) member(name, std::to_string(*value));
  };
  if (txn_id) member("txnId", json::Value(*txn_id).ToString());
  number("tableSizeBytes", table_size_bytes);
  number("numFiles", num_files);
  number("numDeletedRecordsOpt", num_deleted_records);
  number("numDeletionVectorsOpt", num_deletion_vectors);
  number("numMetadata", 1);
  number("numProtocol", 1);
  number("inCommitTimestampOpt", in_commit_timestamp_ms);
  if (transactions) member("setTransactions", List(*transactions));
  if (domains) member("domainMetadata", List(*domains));
  if (metadata) member("metadata", Content(*metadata));
  if (protocol) member("protocol", Content(*protocol));
  if (histogram) {
    member("fileSizeHistogram", "{\"sortedBinBoundaries\":" + NumberList(histogram->bin_begins) +
                                    ",\"fileCounts\":" + NumberList(histogram->counts) +
                                    ",\"totalBytes\":" + NumberList(histogram->total_bytes) + "}");
  }
  if (deleted_record_counts) {
    member("deletedRecordCountsHistogramOpt",
           "{\"deletedRecordCounts\":" + NumberList(*deleted_record_counts) + "}");
  }
  if (all_files) member("allFiles", List(*all_files));
  return text + "}\n";
}

Result<Checksum> Checksum::Parse(std::string_view text, const std::string& source) {
  Result<json::Value> root = json::Parse(text);
  if (!root.ok() || !root->is_object()) {
    return Fail("DELTA_LOG_CORRUPT", source + " is not a version checksum", {{"file", source}});
  }
  std::optional<int64_t> size = Integer(*root, "tableSizeBytes");
  std::optional<int64_t> files = Integer(*root, "numFiles");
  if (!size || !files) {
    return Fail("DELTA_LOG_CORRUPT", source + " has no tableSizeBytes or numFiles",
                {{"file", source}});
  }
  Checksum checksum;
  checksum.table_size_bytes = *size;
  checksum.num_files = *files;
  const json::Value* txn_id = root->Find("txnId");
  if (txn_id != nullptr && txn_id->is_string()) checksum.txn_id = txn_id->as_string();
  checksum.num_deleted_records = Integer(*root, "numDeletedRecordsOpt");
  checksum.num_deletion_vectors = Integer(*root, "numDeletionVectorsOpt");
  checksum.in_commit_timestamp_ms = Integer(*root, "inCommitTimestampOpt");
  TARN_RETURN_IF_ERROR(ReadList(*root, "setTransactions", "txn", source, &checksum.transactions));
  TARN_RETURN_IF_ERROR(
      ReadList(*root, "domainMetadata", "domainMetadata", source, &checksum.domains));
  TARN_RETURN_IF_ERROR(ReadOne(*root, "metadata", "metaData", source, &checksum.metadata));
  TARN_RETURN_IF_ERROR(ReadOne(*root, "protocol", "protocol", source, &checksum.protocol));
  TARN_RETURN_IF_ERROR(ReadList(*root, "allFiles", "add", source, &checksum.all_files));
  return checksum;
}

std::vector<Action> Checksum::TableActions() const {
  std::vector<Action> actions;
  if (protocol) actions.emplace_back(*protocol);
  if (metadata) actions.emplace_back(*metadata);
  if (transactions) actions.insert(actions.end(), transactions->begin(), transactions->end());
  if (domains) actions.insert(actions.end(), domains->begin(), domains->end());
  return actions;
}

Status Checksum::Validate(const Snapshot& snapshot) const {
  if (metadata && metadata->id != snapshot.metadata().id) return Ok();
  auto found = static_cast<int64_t>(snapshot.files().size());
  if (found == num_files && snapshot.size_bytes() == table_size_bytes) return Ok();
  return Fail("DELTA_TXN_LOG_FAILED_INTEGRITY",
              "The transaction log has failed integrity checks. Failed verification at version " +
                  std::to_string(snapshot.version()) + " of " + snapshot.table_path() +
                  ": the log adds up to " + std::to_string(found) + " files of " +
                  std::to_string(snapshot.size_bytes()) + " bytes, its checksum says " +
                  std::to_string(num_files) + " files of " + std::to_string(table_size_bytes) +
                  " bytes");
}

}  // namespace tarn::delta
