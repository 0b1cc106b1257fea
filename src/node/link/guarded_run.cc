#include "node/link/guarded_run.h"

#include <exception>
#include <new>
#include <string>

#include "base/log.h"

namespace tarn::node {
namespace {

Error Unexpected(const std::string& what) {
  LogError("a statement threw", {{"what", what}});
  return Fail("INTERNAL_ERROR",
              "[INTERNAL_ERROR] The statement failed in a way that it must not: " + what +
                  ". See the log of the server. SQLSTATE: XX000");
}

}  // namespace

Status GuardedRun(const std::function<Status()>& run) {
  try {
    return run();
  } catch (const std::bad_alloc&) {
    return Fail("OUT_OF_MEMORY",
                "[OUT_OF_MEMORY] The statement needs more memory than the process may have. Run "
                "fewer statements at a time or raise --memory-limit. SQLSTATE: 53200");
  } catch (const std::exception& thrown) {
    return Unexpected(thrown.what());
  } catch (...) {
    return Unexpected("an unknown exception");
  }
}

}  // namespace tarn::node
