#include "engine/compaction.h"

#include <gtest/gtest.h>

#include "delta/clustering/clustering.h"
#include "delta/file_stats.h"
#include "engine/engine_fixture_for_test.h"

namespace tarn::engine {
namespace {

using columnar::TypeKind;
using ::tarn::testing::IsOk;

// How the engine lays out rows along a curve.
class RowOrderTest : public EngineTest {
 protected:
  // Of each file, the widths of the ranges of x and y.
  std::vector<std::pair<int64_t, int64_t>> Widths(RowCurve::Kind kind) {
    const std::string table = kind == RowCurve::Kind::kZOrder ? "zorder" : "hilbert";
    EXPECT_THAT(
        CreateTable(table,
                    "SELECT a.id AS x, b.id AS y FROM range(1000) a CROSS JOIN range(1000) b "
                    "ORDER BY hash(a.id, b.id)"),
        IsOk());
    auto snapshot = Latest(table);
    auto plan = Plan("SELECT * FROM " + table);
    EXPECT_THAT(snapshot, IsOk());
    EXPECT_THAT(plan, IsOk());
    WriteTarget target = WriteTarget::Of(**snapshot);
    target.curve = RowCurve{kind, {{"x"}, {"y"}}};
    target.file_size_bytes = 1;  // a file for each row group
    auto files = engine_->WriteFiles(*plan, target, {});
    EXPECT_THAT(files, IsOk());
    std::vector<std::pair<int64_t, int64_t>> widths;
    int64_t rows = 0;
    for (const delta::AddFile& file : *files) {
      delta::FileStats stats = delta::FileStats::Parse(file.stats);
      auto width = [&](const char* column) {
        return stats.max_values.Find(column)->as_int() - stats.min_values.Find(column)->as_int();
      };
      widths.emplace_back(width("x"), width("y"));
      rows += *stats.num_records;
    }
    EXPECT_EQ(rows, 1000 * 1000);
    return widths;
  }
};

// A curve that favours one column would leave the other at its full width of 999 in every file.
TEST_F(RowOrderTest, FilesAreNarrowInEveryColumn) {
  for (auto kind : {RowCurve::Kind::kZOrder, RowCurve::Kind::kHilbert}) {
    auto widths = Widths(kind);
    ASSERT_GT(widths.size(), 4u);
    int64_t x = 0;
    int64_t y = 0;
    for (const auto& [wide, high] : widths) {
      x += wide;
      y += high;
    }
    auto files = static_cast<int64_t>(widths.size());
    EXPECT_LT(x / files, 750);
    EXPECT_LT(y / files, 750);
  }
}

TEST_F(RowOrderTest, StatisticsAreComputedAsTheyAreWritten) {
  ASSERT_THAT(CreateTable("t",
                          "SELECT CAST(id AS INT) AS i, concat('s', id) AS s, named_struct('d', "
                          "CAST(id AS DECIMAL(9,2)), 'f', CAST(id AS DOUBLE)) AS n, "
                          "CAST(NULL AS DATE) AS d, TIMESTAMP'2024-01-01 00:00:00.123456' AS t, "
                          "array(id) AS a, CAST('x' AS BINARY) AS b, id % 2 = 0 AS e "
                          "FROM range(100)"),
              IsOk());
  auto snapshot = Latest("t");
  ASSERT_THAT(snapshot, IsOk());
  auto computed = engine_->ComputeStatistics(*snapshot, {});
  ASSERT_THAT(computed, IsOk());
  ASSERT_EQ(computed->size(), 1u);
  auto written = json::Parse((*snapshot)->files()[0]->stats);
  auto again = json::Parse((*computed)[0]);
  ASSERT_THAT(written, IsOk());
  ASSERT_THAT(again, IsOk());
  for (const char* bound : {"numRecords", "minValues", "maxValues"}) {
    EXPECT_EQ(written->Find(bound)->ToString(), again->Find(bound)->ToString());
  }
}

}  // namespace
}  // namespace tarn::engine
