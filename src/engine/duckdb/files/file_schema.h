#pragma once
/// \file  The schema of files that have none of their own, or more than one.
#include "engine/duckdb/query_stream.h"
#include "plan/relation_resolver.h"

namespace tarn::engine {

/// Fills in `schema` and `file_columns` with Spark's rules of inference. Errors: those of
/// ParseFileOptions, FAILED_READ_FILE, UNSUPPORTED_DATATYPE.
Status FindFileSchema(QueryResources& resources, plan::FileSource& files);

}  // namespace tarn::engine
