#include "engine/engine_fixture_for_test.h"

namespace tarn::engine {
namespace {

using ::tarn::testing::IsOkAndHolds;

class KeptRowsTest : public EngineTest {
 protected:
  // All rows of a plan as JSON_ARRAY text.
  static Result<std::string> Text(Engine& engine, plan::PlanRef plan) {
    TARN_TRY(auto stream, engine.Run(std::move(plan), {}));
    std::string rows;
    for (;;) {
      TARN_TRY(auto batch, stream->Next());
      if (!batch) return rows;
      columnar::AppendJsonArrayRows(stream->schema(), *batch, 0, batch->num_rows(), {}, rows);
    }
  }
};

TEST_F(KeptRowsTest, AreComputedOnce) {
  TARN_ASSERT_OK_AND_ASSIGN(plan::PlanRef drawn, Plan("SELECT rand() AS r FROM range(3)"));
  TARN_ASSERT_OK_AND_ASSIGN(plan::PlanRef kept, engine_->Keep(drawn, {}));
  TARN_ASSERT_OK_AND_ASSIGN(std::string first, Text(*engine_, kept));
  EXPECT_THAT(Text(*engine_, kept), IsOkAndHolds(first));
  EXPECT_THAT(Text(*engine_, plan::UnionAll({kept, kept})), IsOkAndHolds(first + "," + first));
}

TEST_F(KeptRowsTest, BeyondTheLimitOfMemoryLieOnDisk) {
  TARN_ASSERT_OK_AND_ASSIGN(auto small, Engine::Open({.memory_limit_bytes = 192 << 20,
                                                      .threads = 2,
                                                      .temp_directory = root_ + "/spill"},
                                                     std::make_shared<io::LocalStore>()));
  TARN_ASSERT_OK_AND_ASSIGN(
      plan::PlanRef large,
      Plan("SELECT id, concat('a text that is not short at all, number ', id) AS s FROM "
           "range(6000000)"));
  TARN_ASSERT_OK_AND_ASSIGN(plan::PlanRef kept, small->Keep(large, {}));
  plan::ExprRef last = plan::MakeCall(
      "=",
      {plan::MakeColumn(kept->output[0]), plan::MakeLiteral(columnar::TypeKind::kLong, "5999999")},
      columnar::TypeKind::kBoolean, false);
  EXPECT_THAT(Text(*small, plan::RowsWhere(kept, last)),
              IsOkAndHolds(R"(["5999999","a text that is not short at all, number 5999999"])"));
}

}  // namespace
}  // namespace tarn::engine
