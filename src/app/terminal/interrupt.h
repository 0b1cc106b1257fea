#pragma once
/// \file  Ctrl-C as a flag: it cancels what runs and never ends the program by itself.
#include <atomic>

namespace tarn::app {

/// True from a SIGINT on until somebody sets it back.
std::atomic<bool>& Interrupted();
/// Takes SIGINT for the rest of the process.
void TakeInterrupts();

}  // namespace tarn::app
