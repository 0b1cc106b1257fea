#pragma once
/// \file  Which tables this client may read and write. Spec: PROTOCOL.md, "Table Features".
#include <map>
#include <string>
#include <vector>

#include "columnar/types.h"
#include "delta/action.h"

namespace tarn::delta {

/// One row of the feature table, the source of docs/coverage.
struct TableFeature {
  std::string_view name;
  bool reader;     ///< a reader-writer feature; others concern writers only
  bool can_read;   ///< Tarn reads tables that use it
  bool can_write;  ///< Tarn writes tables that use it
};
const std::vector<TableFeature>& TableFeatures();

/// Errors: DELTA_UNSUPPORTED_FEATURES_FOR_READ naming each feature, DELTA_INVALID_PROTOCOL_VERSION.
Status CheckReadable(const Protocol& protocol);
/// Also refuses what is not in the protocol but active in the metadata (constraints, generated
/// columns…), as older writer versions imply it, and columns that take the names of the change data
/// feed's. Errors: DELTA_UNSUPPORTED_FEATURES_FOR_WRITE, DELTA_TABLE_ALREADY_CONTAINS_CDC_COLUMNS,
/// as above.
Status CheckWritable(const Protocol& protocol, const Metadata& metadata,
                     const columnar::Schema& schema);

/// Features that a schema and properties use, by name; what they depend on is not among them.
std::vector<std::string> FeaturesInUse(const columnar::Schema& schema,
                                       const std::map<std::string, std::string>& configuration);
/// `protocol` with more features and what they depend on, in the lowest versions that say it.
Protocol WithFeatures(const Protocol& protocol, const std::vector<std::string>& names);
/// Whether a protocol has a feature, by its name or by what its versions imply.
bool HasFeature(const Protocol& protocol, std::string_view feature);
/// Protocol of a new table with this schema and these properties: the lowest that holds it.
Protocol ProtocolFor(const columnar::Schema& schema,
                     const std::map<std::string, std::string>& configuration);
/// Whether a feature is in the protocol by its name.
bool NamesFeature(const Protocol& protocol, std::string_view feature);

}  // namespace tarn::delta
