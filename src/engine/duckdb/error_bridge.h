#pragma once
/// \file  Seam: DuckDB's exceptions and error data → Error values, and back inside callbacks.
#include "base/result.h"
#include "engine/duckdb/pch.h"

namespace tarn::engine {

Error FromDuckdb(const duckdb::ErrorData& error);
/// For `catch (const std::exception&)`.
Error FromException(const std::exception& e);
/// Throws an error that FromDuckdb turns into the same Error again.
[[noreturn]] void ThrowToDuckdb(const Error& error);
/// The message an expression's error() call must carry for the same purpose.
std::string TaggedMessage(std::string_view reason, std::string_view message);

}  // namespace tarn::engine
