#pragma once
/// \file  The request of an Execute Statement call, checked field by field.
#include <chrono>
#include <string>

#include "api/fields.h"
#include "compute/statement_runner.h"

namespace tarn::api {

struct Submission {
  compute::StatementSpec spec;  ///< without what its session remembers
  std::string session_id;       ///< empty: the statement has a session of its own
  std::chrono::seconds wait{10};
  bool cancel_on_timeout = false;
};

/// Errors: INVALID_PARAMETER_VALUE naming the field, what it must be and, for names, those there
/// are; UNSUPPORTED_FEATURE for a disposition that is not offered.
Result<Submission> ParseSubmission(const Fields& body);

}  // namespace tarn::api
