#include "engine/table_protocol.h"

#include <algorithm>

namespace tarn::engine {
namespace {

using Features = std::vector<std::string>;

struct Implied {
  int writer_version;
  const char* feature;
};
constexpr Implied kImplied[] = {
    {2, "appendOnly"},       {2, "invariants"},    {3, "checkConstraints"}, {4, "changeDataFeed"},
    {4, "generatedColumns"}, {5, "columnMapping"}, {6, "identityColumns"}};

Features WriterFeatures(const delta::Protocol& protocol) {
  if (protocol.writer_features) return *protocol.writer_features;
  Features features;
  for (const Implied& implied : kImplied) {
    if (protocol.min_writer_version >= implied.writer_version) features.push_back(implied.feature);
  }
  return features;
}

Features ReaderFeatures(const delta::Protocol& protocol) {
  if (protocol.reader_features) return *protocol.reader_features;
  return protocol.min_reader_version >= 2 ? Features{"columnMapping"} : Features();
}

void AddAll(Features& to, const Features& from) {
  for (const std::string& feature : from) {
    if (std::find(to.begin(), to.end(), feature) == to.end()) to.push_back(feature);
  }
}

}  // namespace

delta::Protocol RaisedProtocol(const delta::Protocol& existing, const delta::Protocol& needed) {
  delta::Protocol raised = existing;
  raised.min_reader_version = std::max(existing.min_reader_version, needed.min_reader_version);
  raised.min_writer_version = std::max(existing.min_writer_version, needed.min_writer_version);
  if (raised.min_writer_version == 7) {
    Features writer = WriterFeatures(existing);
    AddAll(writer, WriterFeatures(needed));
    raised.writer_features = std::move(writer);
  }
  if (raised.min_reader_version == 3) {
    Features reader = ReaderFeatures(existing);
    AddAll(reader, ReaderFeatures(needed));
    raised.reader_features = std::move(reader);
  }
  return raised;
}

Result<delta::Protocol> WithVersions(const delta::Protocol& existing, std::optional<int> reader,
                                     std::optional<int> writer) {
  delta::Protocol asked;
  asked.min_reader_version = reader.value_or(1);
  asked.min_writer_version = writer.value_or(1);
  int writer_after = std::max(asked.min_writer_version, existing.min_writer_version);
  if (asked.min_reader_version == 3 && writer_after < 7) {
    return Fail("DELTA_READ_FEATURE_PROTOCOL_REQUIRES_WRITE",
                "Unable to upgrade only the reader protocol version to use table features. Writer "
                "protocol version must be at least 7 to proceed.",
                {{"writerVersion", "7"}});
  }
  if (asked.min_writer_version == 7) asked.writer_features = Features();
  if (asked.min_reader_version == 3) asked.reader_features = Features();
  delta::Protocol raised = RaisedProtocol(existing, asked);
  // Versions of table features that bring no feature change nothing.
  bool same = WriterFeatures(raised).size() == WriterFeatures(existing).size() &&
              ReaderFeatures(raised).size() == ReaderFeatures(existing).size();
  return same && !existing.writer_features ? existing : raised;
}

Features FeaturesOf(const delta::Protocol& protocol) {
  Features features = WriterFeatures(protocol);
  AddAll(features, ReaderFeatures(protocol));
  std::sort(features.begin(), features.end());
  return features;
}

bool SameProtocol(const delta::Protocol& a, const delta::Protocol& b) {
  return a.min_reader_version == b.min_reader_version &&
         a.min_writer_version == b.min_writer_version && a.reader_features == b.reader_features &&
         a.writer_features == b.writer_features;
}

}  // namespace tarn::engine
