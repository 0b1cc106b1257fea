#include "app/terminal/interrupt.h"

#include <signal.h>

namespace tarn::app {

std::atomic<bool>& Interrupted() {
  static std::atomic<bool> flag{false};
  return flag;
}

void TakeInterrupts() {
  Interrupted() = false;
  struct sigaction action {};
  action.sa_handler = [](int) { Interrupted() = true; };
  ::sigaction(SIGINT, &action, nullptr);
}

}  // namespace tarn::app
