#pragma once
/// \file  Which columns of a table have statistics. Spec: PROTOCOL.md, "Per-file Statistics";
/// delta-spark's rules of what is indexed.
#include "engine/engine.h"

namespace tarn::engine {

/// Which leaf columns have statistics: the first 32 (`delta.dataSkippingNumIndexedCols`, -1: all),
/// counted depth first over the columns that the file holds, or those that
/// `delta.dataSkippingStatsColumns` names.
class StatisticsColumns {
 public:
  static StatisticsColumns Of(const WriteTarget& target);
  /// `path` is a leaf: a column's name, then the names of struct fields.
  bool Has(const std::vector<std::string>& path) const;
  /// The same with the names that files have.
  bool HasInFile(const std::vector<std::string>& path) const;

 private:
  std::vector<std::vector<std::string>> leaves_;
  std::vector<std::vector<std::string>> file_leaves_;
};

}  // namespace tarn::engine
