#pragma once
/// \file  Rows of a table's files that are written anew as they are.
#include "engine/catalog_resolver.h"

namespace tarn::engine {

/// The rows of `files`, a binding of the table to those of its files that are to be copied: the
/// table's columns and, where it tracks rows, their row ids and row commit versions, which `target`
/// is told of. Whoever commits them says so with Transaction::KeepsRowIds.
plan::PlanRef CopiedRows(plan::TableBinding files, WriteTarget* target);

/// The columns behind the table's that keep row ids; none where the table does not track rows.
columnar::Fields RowIdColumns(const delta::Snapshot& table);

}  // namespace tarn::engine
