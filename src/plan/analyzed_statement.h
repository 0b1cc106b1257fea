#pragma once
/// \file  What analysis makes of one statement: a query's plan or a command.
#include <variant>

#include "plan/command/access.h"
#include "plan/command/change.h"
#include "plan/command/definition.h"
#include "plan/command/inspect.h"
#include "plan/command/maintenance.h"
#include "plan/command/session.h"

namespace tarn::plan {

struct Query {
  PlanRef plan;
};

using AnalyzedStatement =
    std::variant<Query, Explain, CreateCatalog, CreateSchema, CreateTable, CreateVolume, AlterTable,
                 Drop, Insert, Delete, Update, Merge, CopyInto, Show, Describe, CommentOn,
                 AlterOwner, Grant, ShowGrants, Use, SetConf, ResetConf, Vacuum, Restore, Optimize,
                 CloneTable, ConvertToDelta, AnalyzeTable, FsckRepair>;

/// The query, or the rows a command writes or reads; null when it has none.
PlanRef RowsOf(const AnalyzedStatement& statement);
/// A command's name and what it is about, on one line: "Insert main.s.t"; empty for a query.
std::string CommandLine(const AnalyzedStatement& statement);
/// The line and the rows below it, for EXPLAIN and tests.
std::string StatementToString(const AnalyzedStatement& statement);

}  // namespace tarn::plan
