#include "engine/command/command.h"

namespace tarn::engine {
namespace {

// What the engine does for a command is its rows; the rest is one step above them.
std::string Physical(const plan::Explain& command, const std::string& rows) {
  if (command.command.empty()) return rows;
  return "Execute " + command.command + "\n" + rows;
}

}  // namespace

StreamResult Run(const CommandContext& context, const plan::Explain& command) {
  EnginePlan engine;
  if (command.rows) {
    TARN_TRY(engine, context.engine().Explain(command.rows));
  }
  std::string text;
  auto section = [&](const char* title, const std::string& body) {
    text += (text.empty() ? "== " : "\n== ") + (title + (" ==\n" + body));
    if (text.back() != '\n') text += '\n';
  };
  bool extended = command.mode == sql::ExplainMode::kExtended;
  if (extended) section("Parsed Logical Plan", command.parsed);
  // The engine's plan knows columns by number; this one says which tables and names they are.
  section("Analyzed Logical Plan", command.analyzed);
  if (extended || command.mode == sql::ExplainMode::kCost) {
    section("Optimized Logical Plan", Physical(command, engine.optimized));
  }
  section("Physical Plan", Physical(command, engine.physical));
  columnar::BatchBuilder rows({{{"plan", columnar::TypeKind::kString, false}}});
  rows.String(text);
  return Rows(std::move(rows));
}

}  // namespace tarn::engine
