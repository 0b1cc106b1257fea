#include "compute/local_process_provider.h"

#include <cerrno>
#include <cstring>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tarn::compute {

Result<int> LocalProcessProvider::Start(const NodeSpec& spec) {
  TARN_TRY(std::vector<std::string> words, command_line_(spec));
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t server = ::getpid();
  pid_t child = ::fork();
  if (child < 0) {
    return Fail("NODE_START_FAILED", std::string("cannot start a node: ") + std::strerror(errno));
  }
  if (child == 0) {
    // Only what is safe between fork and exec of a program with threads.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != server) ::_exit(127);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::setsid();
    // Sockets, files and locks of the server are none of a node's business.
    ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  return child;
}

void LocalProcessProvider::Kill(int pid) { ::kill(pid, SIGKILL); }

bool LocalProcessProvider::HasEnded(int pid) {
  int status = 0;
  pid_t ended = ::waitpid(pid, &status, WNOHANG);
  return ended == pid || (ended < 0 && errno == ECHILD);
}

}  // namespace tarn::compute
