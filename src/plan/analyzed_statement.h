#pragma once
/// \file  What analysis makes of one statement: a query's plan or a command.
#include <variant>

#include "plan/command/access.h"
#include "plan/command/change.h"
#include "plan/command/definition.h"
#include "plan/command/inspect.h"
#include "plan/command/session.h"

namespace tarn::plan {

struct Query {
  PlanRef plan;
};

using AnalyzedStatement =
    std::variant<Query, Explain, CreateCatalog, CreateSchema, CreateTable, CreateVolume, Drop,
                 Insert, Delete, CopyInto, Show, Describe, CommentOn, AlterOwner, Grant, ShowGrants,
                 Use, SetConf, ResetConf>;

}  // namespace tarn::plan
