#include "engine/duckdb/layout/row_curve.h"

#include <set>

#include <gtest/gtest.h>

namespace tarn::engine {
namespace {

// Every point once, and neighbours on the curve are neighbours in the cube.
void ExpectHilbert(size_t axes, int bits) {
  uint64_t points = uint64_t{1} << (axes * static_cast<size_t>(bits));
  std::vector<std::vector<uint32_t>> by_index(points);
  for (uint64_t n = 0; n < points; ++n) {
    std::vector<uint32_t> point(axes);
    for (size_t i = 0; i < axes; ++i) {
      point[i] = static_cast<uint32_t>(n >> (i * static_cast<size_t>(bits)) & ((1u << bits) - 1));
    }
    uint64_t index = HilbertIndex(point, bits);
    ASSERT_LT(index, points);
    ASSERT_TRUE(by_index[index].empty());
    by_index[index] = point;
  }
  for (uint64_t n = 1; n < points; ++n) {
    int steps = 0;
    for (size_t i = 0; i < axes; ++i) {
      steps += std::abs(static_cast<int>(by_index[n][i]) - static_cast<int>(by_index[n - 1][i]));
    }
    ASSERT_EQ(steps, 1) << n;
  }
}

TEST(RowCurve, HilbertVisitsEveryPointByNeighbours) {
  ExpectHilbert(2, 1);
  ExpectHilbert(2, 5);
  ExpectHilbert(3, 3);
  ExpectHilbert(4, 2);
}

}  // namespace
}  // namespace tarn::engine
