#include <atomic>
#include <cerrno>
#include <dlfcn.h>
#include <pthread.h>
#include <thread>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/deadline.h"
#include "base/event.h"
#include "base/executor.h"
#include "base/guarded.h"
#include "base/testing.h"

// This program's own symbol wins over the C library's: threads that cannot be made.
static std::atomic<bool> g_no_more_threads{false};
extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                              void* (*start)(void*), void* argument) noexcept {
  using Create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static Create real = reinterpret_cast<Create>(::dlsym(RTLD_NEXT, "pthread_create"));
  return g_no_more_threads ? EAGAIN : real(thread, attributes, start, argument);
}

namespace tarn {
namespace {

using ::tarn::testing::IsError;
using ::tarn::testing::IsOk;

TEST(DeadlineTest, NeverIsLaterThanEverything) {
  EXPECT_FALSE(Deadline::Never().Passed());
  EXPECT_EQ(Deadline::Never().Remaining(), std::chrono::nanoseconds::max());
  Deadline soon = Deadline::After(std::chrono::seconds(5));
  EXPECT_EQ(Deadline().Earlier(soon).at(), soon.at());
  EXPECT_EQ(soon.Earlier(Deadline()).at(), soon.at());
  EXPECT_GT(soon.Remaining(), std::chrono::seconds(1));
}

TEST(DeadlineTest, APassedOneHasNothingLeft) {
  Deadline past = Deadline::After(std::chrono::seconds(-1));
  EXPECT_TRUE(past.Passed());
  EXPECT_EQ(past.Remaining(), std::chrono::nanoseconds(0));
}

TEST(DeadlineTest, PassesOnItsOwnClock) {
  VirtualClock clock;
  Deadline deadline = Deadline::After(std::chrono::seconds(5), clock);
  EXPECT_EQ(deadline.Remaining(), std::chrono::seconds(5));
  clock.Advance(std::chrono::seconds(4));
  EXPECT_FALSE(deadline.Passed());
  EXPECT_EQ(Deadline().Earlier(deadline).Remaining(), std::chrono::seconds(1));
  clock.Advance(std::chrono::seconds(1));
  EXPECT_TRUE(deadline.Passed());
  EXPECT_TRUE(deadline.Earlier(Deadline::After(std::chrono::seconds(1), clock)).Passed());
}

TEST(CancelTest, ADefaultTokenIsNeverCancelled) {
  CancelToken token;
  EXPECT_THAT(token.Check(), IsOk());
  bool called = false;
  CancelCallback callback = token.OnCancel([&] { called = true; });
  EXPECT_FALSE(called);
}

TEST(CancelTest, CopiesShareOneState) {
  CancelSource source;
  CancelSource copy = source;
  CancelToken token = source.token();
  copy.Cancel();
  EXPECT_TRUE(source.IsCancelled());
  EXPECT_THAT(token.Check(), IsError("CANCELLED"));
}

TEST(CancelTest, ACallbackOfACancelledTokenRunsAtOnce) {
  CancelSource source;
  source.Cancel();
  int calls = 0;
  CancelCallback callback = source.token().OnCancel([&] { ++calls; });
  source.Cancel();
  EXPECT_EQ(calls, 1);
}

TEST(CancelTest, AMovedCallbackIsStillTakenBack) {
  CancelSource source;
  int calls = 0;
  {
    CancelCallback first = source.token().OnCancel([&] { ++calls; });
    CancelCallback second = std::move(first);
  }
  source.Cancel();
  EXPECT_EQ(calls, 0);
}

TEST(ThreadPoolTest, TheDestructorRunsWhatWasPosted) {
  std::atomic<int> done{0};
  {
    ThreadPool pool(ThreadPool::Options{"drain", 2, std::chrono::milliseconds(50)});
    for (int i = 0; i < 200; ++i) pool.Post([&] { ++done; });
  }
  EXPECT_EQ(done, 200);
}

TEST(ThreadPoolTest, NeverMoreThreadsThanAllowed) {
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  {
    ThreadPool pool(ThreadPool::Options{"bound", 3, std::chrono::milliseconds(50)});
    for (int i = 0; i < 30; ++i) {
      pool.Post([&] {
        int now = ++running;
        int seen = most;
        while (now > seen && !most.compare_exchange_weak(seen, now)) continue;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        --running;
      });
    }
  }
  EXPECT_LE(most, 3);
  EXPECT_GE(most, 1);
}

TEST(ThreadPoolTest, ATaskMayPostToItsOwnPool) {
  std::atomic<int> done{0};
  {
    ThreadPool pool(ThreadPool::Options{"nested", 1, std::chrono::milliseconds(50)});
    pool.Post([&] { pool.Post([&] { ++done; }); });
    while (done == 0) std::this_thread::yield();
  }
  EXPECT_EQ(done, 1);
}

TEST(ThreadPoolTest, WhatTasksPostWhileThePoolEndsStillRuns) {
  for (int round = 0; round < 50; ++round) {
    std::atomic<int> done{0};
    {
      ThreadPool pool(ThreadPool::Options{"ending", 16, std::chrono::milliseconds(1)});
      for (int i = 0; i < 8; ++i) {
        pool.Post([&] {
          for (int j = 0; j < 8; ++j) pool.Post([&] { ++done; });
        });
      }
    }
    EXPECT_EQ(done, 64);
  }
}

TEST(ThreadPoolTest, RunsTasksWhenItCannotGrow) {
  std::atomic<int> done{0};
  ThreadPool pool(ThreadPool::Options{"stuck", 16, std::chrono::milliseconds(1)});
  g_no_more_threads = true;
  for (int i = 0; i < 100; ++i) pool.Post([&] { ++done; });
  while (done < 100) std::this_thread::yield();
  g_no_more_threads = false;
  EXPECT_EQ(done, 100);
}

TEST(VirtualClockTest, MovesOnlyWhenTold) {
  VirtualClock clock;
  UnixMicros start = clock.Now();
  SteadyTime steady = clock.Steady();
  EXPECT_EQ(clock.Now(), start);
  clock.Advance(std::chrono::milliseconds(1500));
  EXPECT_EQ(clock.Now() - start, std::chrono::milliseconds(1500));
  EXPECT_EQ(clock.Steady() - steady, std::chrono::milliseconds(1500));
  EXPECT_EQ(clock.NowMillis(), 1'700'000'001'500);
}

TEST(EventTest, TheNullSinksTakeEverything) {
  EventSink::Null().Emit({"unityCatalog", "createTable", "ada", UnixMicros(), true, "", {}});
  MetricSink::Null().Count("requests", 1, {{"route", "x"}});
  MetricSink::Null().Observe("seconds", 0.5, {});
  EXPECT_EQ(&EventSink::Null(), &EventSink::Null());
}

TEST(GuardedTest, OneAtATime) {
  Guarded<int> counter(0);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) ++*counter.Lock();
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(*counter.Lock(), 4000);
}

}  // namespace
}  // namespace tarn
