#include <atomic>
#include <set>
#include <thread>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/encoding.h"
#include "base/executor.h"
#include "base/ids.h"
#include "base/testing.h"
#include "base/time_format.h"

namespace tarn {
namespace {

TEST(CancelTest, CallbacksRunOnce) {
  CancelSource source;
  int runs = 0;
  auto keep = source.token().OnCancel([&] { ++runs; });
  {
    auto dropped = source.token().OnCancel([&] { runs += 100; });
  }
  EXPECT_FALSE(source.IsCancelled());
  source.Cancel();
  source.Cancel();
  EXPECT_EQ(runs, 1);
  auto late = source.token().OnCancel([&] { runs += 10; });
  EXPECT_EQ(runs, 11);
  EXPECT_THAT(source.token().Check(), ::tarn::testing::IsError("CANCELLED"));
  EXPECT_THAT(CancelToken().Check(), ::tarn::testing::IsOk());
}

TEST(CancelTest, ADestroyedCallbackIsNotRunning) {
  for (int round = 0; round < 200; ++round) {
    CancelSource source;
    auto alive = std::make_unique<std::atomic<bool>>(true);
    auto callback = source.token().OnCancel([&] { EXPECT_TRUE(alive->load()); });
    std::thread canceller([&] { source.Cancel(); });
    { CancelCallback ended = std::move(callback); }
    *alive = false;
    canceller.join();
  }
}

TEST(ThreadPoolTest, WaitingTasksDoNotStarveOthers) {
  std::atomic<int> done{0};
  std::atomic<bool> release{false};
  {
    ThreadPool pool({.name = "test", .max_threads = 8});
    for (int i = 0; i < 4; ++i) {
      pool.Post([&] {
        while (!release) std::this_thread::yield();
        ++done;
      });
    }
    pool.Post([&] {
      ++done;
      release = true;
    });
  }
  EXPECT_EQ(done, 5);
}

TEST(ThreadPoolTest, IdleThreadsEndAndNewOnesStart) {
  ThreadPool pool({.name = "test", .max_threads = 2, .idle_timeout = std::chrono::milliseconds(1)});
  for (int i = 0; i < 20; ++i) {
    std::atomic<bool> ran{false};
    pool.Post([&] { ran = true; });
    while (!ran) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

TEST(IdsTest, UlidsOfOneProcessAscend) {
  std::string last;
  for (int i = 0; i < 10'000; ++i) {
    std::string id = NewUlid();
    ASSERT_EQ(id.size(), 26u);
    ASSERT_LT(last, id);
    last = id;
  }
}

TEST(IdsTest, UuidsAreWellFormedAndDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    std::string id = i % 2 ? NewUuid() : NewTimeUuid();
    EXPECT_TRUE(IsUuid(id)) << id;
    EXPECT_TRUE(seen.insert(id).second);
    int64_t number = NewInt64Id();
    EXPECT_GT(number, 0);
    EXPECT_LT(number, int64_t{1} << 53);
  }
}

TEST(EncodingTest, RoundTrips) {
  std::string bytes = RandomBytes(1000);
  for (size_t n : {0, 1, 2, 3, 4, 5, 255, 1000}) {
    std::string part = bytes.substr(0, n);
    EXPECT_THAT(HexDecode(HexEncode(part)), ::tarn::testing::IsOkAndHolds(part));
    EXPECT_THAT(Base64Decode(Base64Encode(part)), ::tarn::testing::IsOkAndHolds(part));
    EXPECT_THAT(PercentDecode(PercentEncode(part)), ::tarn::testing::IsOkAndHolds(part));
  }
  EXPECT_EQ(Base64Encode("Ma"), "TWE=");
  EXPECT_EQ(PercentEncode("a b/c", "/"), "a%20b/c");
  EXPECT_THAT(PercentDecode("a%2"), ::tarn::testing::IsError("BAD_REQUEST"));
  EXPECT_THAT(PercentDecode("%zz"), ::tarn::testing::IsError("BAD_REQUEST"));
  EXPECT_THAT(PercentDecode("a%41"), ::tarn::testing::IsOkAndHolds("aA"));
}

TEST(EncodingTest, Utf8IsWhatTheRfcSays) {
  for (std::string_view good : {"", "a", "\xc3\xa4", "\xe2\x82\xac", "\xed\x9f\xbf", "\xee\x80\x80",
                                "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(IsValidUtf8(good)) << HexEncode(good);
  }
  for (std::string_view bad : {"\x80", "\xc0\xaf", "\xc1\xbf", "\xc3", "\xc3(", "\xe0\x9f\xbf",
                               "\xe2\x82", "\xe2\x82(", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                               "\xf0\x90\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
    EXPECT_FALSE(IsValidUtf8(bad)) << HexEncode(bad);
  }
}

TEST(TimeFormatTest, KnownInstants) {
  EXPECT_EQ(FormatRfc3339(UnixMicros(std::chrono::microseconds(0))), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(FormatRfc3339(UnixMicros(std::chrono::microseconds(-1))), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(FormatRfc3339(UnixMicros(std::chrono::seconds(951'782'400))),
            "2000-02-29T00:00:00.000Z");
  for (int64_t day = -800'000; day < 3'000'000; day += 37) {
    CivilDate date = CivilFromDays(day);
    EXPECT_EQ(DaysFromCivil(date.year, date.month, date.day), day);
  }
}

}  // namespace
}  // namespace tarn
