#pragma once
/// \file  The commands of the program, one function each. Each returns the process's exit code.
#include "app/options.h"

namespace tarn::app {

int RunServer(const Options& options);
/// A warehouse's process; started by the server.
int RunNodeCommand(const Options& options);
int RunUp(const Options& options);
int RunDown(const Options& options);
int RunStatus(const Options& options);
int RunSql(const Options& options);
/// Sets the password of a user of the running server.
int RunPassword(const Options& options);
/// Prints docs/coverage/README.md from the tables of routes, features and functions.
int RunCoverage();
const char* Version();

}  // namespace tarn::app
