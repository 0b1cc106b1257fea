#pragma once
/// \file  The names that completion offers, asked of the server and kept for a short while.
#include <chrono>
#include <map>

#include "app/statement_client.h"
#include "app/terminal/completer.h"

namespace tarn::app {

/// Not thread-safe; the client outlives it. A question that fails answers nothing.
class ServerNames final : public NameSource {
 public:
  explicit ServerNames(StatementClient& client) : client_(client) {}

  std::vector<std::string> Catalogs() override;
  std::vector<std::string> Schemas(const std::string& catalog) override;
  std::vector<std::string> Tables(const std::string& catalog, const std::string& schema) override;
  std::vector<std::string> Columns(const std::string& catalog, const std::string& schema,
                                   const std::string& table) override;
  std::string current_catalog() override { return client_.current().catalog; }
  std::string current_schema() override { return client_.current().schema; }
  /// After a statement that may have changed them.
  void Forget() { kept_.clear(); }

 private:
  struct Kept {
    std::chrono::steady_clock::time_point asked;
    std::vector<std::string> names;
  };
  const std::vector<std::string>& Ask(const std::string& path, const std::string& list);

  StatementClient& client_;
  std::map<std::string, Kept> kept_;
};

}  // namespace tarn::app
