#pragma once
/// \file  Columns that a statement gave its target.
#include "engine/command/command.h"

namespace tarn::engine {

/// Tells the catalog of them, once they are committed. What counts is the table's log: a caller who
/// may write rows but not change the record leaves the record as it is.
void RecordColumns(const CommandContext& context, const plan::TableBinding& target);

}  // namespace tarn::engine
