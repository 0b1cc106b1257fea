#pragma once
/// \file  Liquid clustering: which columns a table is clustered by, and which files were clustered
/// together. Spec: PROTOCOL.md, "Clustered Table"; the tags are delta-spark's.
#include <optional>
#include <string>
#include <vector>

#include "delta/snapshot.h"

namespace tarn::delta {

inline constexpr const char* kClusteringDomain = "delta.clustering";
inline constexpr const char* kClusteringProvider = "liquid";
inline constexpr const char* kZCubeId = "ZCUBE_ID";
inline constexpr const char* kZCubeZorderBy = "ZCUBE_ZORDER_BY";

/// Whether the protocol has the feature, with clustering columns or without.
bool ClusteringSupported(const Protocol& protocol);
/// The columns, or fields inside them, as the schema spells them; empty for none. What the domain
/// names and the schema does not have is left out.
std::vector<std::vector<std::string>> ClusteringColumns(const Snapshot& snapshot);
/// The domain that says which columns they are, by paths of physical names.
DomainMetadata ClusteringDomain(const std::vector<std::vector<std::string>>& physical_paths);
/// The value of kZCubeZorderBy for these columns: a list of dotted names.
std::string ZorderByTag(const std::vector<std::vector<std::string>>& columns);

/// What clustering rewrites. Files of complete cubes, and of columns that are no longer those of
/// the table, stay, unless `full`; a single cube that holds everything stays as well.
struct ClusteringChoice {
  int64_t min_cube_bytes = 0;
  bool full = false;
};
using Files = std::vector<FileRef<AddFile>>;  ///< of the snapshot, which must outlive them
/// In the order in which they are to be put into cubes: files without one first.
Files FilesToCluster(const Snapshot& snapshot, const std::vector<std::vector<std::string>>& columns,
                     const ClusteringChoice& choice);

}  // namespace tarn::delta
