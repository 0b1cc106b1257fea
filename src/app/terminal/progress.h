#pragma once
/// \file  One line on stderr that tells how far a statement is, from a second on.
#include <chrono>
#include <cstddef>

#include "app/statement_client.h"
#include "app/terminal/screen.h"

namespace tarn::app {

/// Draws on a terminal only and wipes its line when destroyed.
class Progress {
 public:
  Progress();
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void Draw(const QueryProgress& progress, bool cancelling);
  double seconds() const;

 private:
  std::chrono::steady_clock::time_point start_;
  bool shown_;
  bool drawn_ = false;
  size_t frame_ = 0;
};

}  // namespace tarn::app
