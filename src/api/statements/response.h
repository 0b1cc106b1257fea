#pragma once
/// \file  Statements and chunks of their results in the JSON of the Statement Execution API.
#include "api/endpoint.h"

namespace tarn::api {

/// The statement as it stands: its status, and manifest and first chunk when it SUCCEEDED. A failed
/// statement is an answer like any other, with HTTP 200.
/// Errors: those of reading the chunk.
Result<std::string> StatementJson(const Call& call, const compute::StatementHandle& handle,
                                  const compute::StatementHandle::Snapshot& s);

/// One chunk, or the link to it. Errors: those of StatementHandle::GetChunk.
Result<std::string> ChunkJson(const Call& call, const compute::StatementHandle& handle,
                              int64_t index);

/// The code of a failed statement: the one of its reason's row, where the API's list for statements
/// has it.
std::string_view StatementErrorCode(const Error& error);

}  // namespace tarn::api
