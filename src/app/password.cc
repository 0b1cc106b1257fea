#include <cstdio>
#include <iostream>
#include <termios.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/statement_client.h"
#include "base/encoding.h"

namespace tarn::app {
namespace {

constexpr int kFailed = 1;
constexpr int kBadUsage = 2;
constexpr int kNoServer = 3;

// What is typed is not shown while this lives.
class SilentTerminal {
 public:
  SilentTerminal() {
    ::tcgetattr(STDIN_FILENO, &before_);
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~SilentTerminal() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

 private:
  termios before_{};
};

std::string Ask(const char* words) {
  std::fputs(words, stderr);
  std::string line;
  std::getline(std::cin, line);
  std::fputs("\n", stderr);
  return line;
}

Result<std::string> ReadPassword() {
  std::string password;
  if (::isatty(STDIN_FILENO) != 1) {
    std::getline(std::cin, password);
    return password;
  }
  SilentTerminal silent;
  password = Ask("New password: ");
  if (Ask("Once more: ") != password)
    return Fail("INVALID_PARAMETER_VALUE", "the two are not the same");
  return password;
}

// "" is whom the token of the data folder belongs to.
Result<json::Value> FindUser(StatementClient& client, const std::string& name) {
  if (name.empty()) return client.Get("/api/2.0/preview/scim/v2/Me");
  std::string filter = "userName eq " + json::Quote(name);
  TARN_TRY(json::Value list,
           client.Get("/api/2.0/preview/scim/v2/Users?filter=" + PercentEncode(filter)));
  const json::Value* found = list.Find("Resources");
  if (found == nullptr || !found->is_array() || found->as_array().empty())
    return Fail("OBJECT_NOT_FOUND", "there is no user '" + name + "'");
  return found->as_array()[0];
}

Status SetPassword(StatementClient& client, const std::string& name) {
  TARN_TRY(json::Value user, FindUser(client, name));
  TARN_TRY(std::string password, ReadPassword());
  json::Object operation;
  operation.Set("op", "replace");
  operation.Set("path", "password");
  operation.Set("value", password);
  json::Object patch;
  patch.Set("schemas", json::Array{"urn:ietf:params:scim:api:messages:2.0:PatchOp"});
  patch.Set("Operations", json::Array{std::move(operation)});
  TARN_RETURN_IF_ERROR(
      client.Patch("/api/2.0/preview/scim/v2/Users/" + user.GetString("id"), patch));
  std::printf("The password of %s is set.\n", user.GetString("userName").c_str());
  return Ok();
}

int Report(const Error& error, int code) {
  std::fprintf(stderr, "tarn: %s\n", error.message().c_str());
  return code;
}

}  // namespace

int RunPassword(const Options& options) {
  if (options.rest.size() > 1 || (!options.rest.empty() && options.rest[0].starts_with("-"))) {
    std::fprintf(stderr, "tarn: at most one user name; see tarn help password\n");
    return kBadUsage;
  }
  Result<ServerStatus> status = ReadStatus(options.data_dir);
  if (!status.ok()) return Report(status.error(), kNoServer);
  Result<StatementClient> client = StatementClient::Connect(*status);
  if (!client.ok()) return Report(client.error(), kNoServer);
  Status set = SetPassword(*client, options.rest.empty() ? "" : options.rest[0]);
  return set.ok() ? 0 : Report(set.error(), kFailed);
}

}  // namespace tarn::app
