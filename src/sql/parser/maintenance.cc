#include "sql/ast/maintenance.h"

#include <charconv>

#include "sql/parser/token_reader.h"

namespace tarn::sql {

Result<NameParts> TokenReader::ParseTableOrPath(SourceRange& range) {
  if (Peek().kind != TokenKind::kString) return ParseName(range);
  uint32_t begin = Begin();
  TARN_TRY(std::string path, ParseString());
  range = Since(begin);
  return NameParts{"delta", std::move(path)};
}

Result<int64_t> TokenReader::ParseCount() {
  int64_t count = 0;
  const std::string& text = Peek().text;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  bool whole = Peek().kind == TokenKind::kInteger && error == std::errc() &&
               end == text.data() + text.size();
  if (!whole) return Unexpected();
  Take();
  return count;
}

Result<StatementPtr> TokenReader::ParseVacuum() {
  Take();
  auto node = std::make_unique<Vacuum>();
  TARN_TRY(node->table, ParseTableOrPath(node->table_range));
  std::set<std::string> seen;
  for (;;) {
    Token first = Peek();
    if (TakeWord("LITE")) {
      node->lite = true;
    } else if (TakeWord("FULL")) {
      node->lite = false;
    } else if (IsWord("USING")) {
      return Unsupported("VACUUM … USING INVENTORY");
    } else if (TakeWord("RETAIN")) {
      uint32_t begin = Begin();
      bool negative = TakeOp("-");
      double hours = 0;
      const std::string& text = Peek().text;
      auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hours);
      bool number = Peek().kind == TokenKind::kInteger || Peek().kind == TokenKind::kNumber;
      if (!number || error != std::errc() || end != text.data() + text.size()) return Unexpected();
      Take();
      node->retain_hours = negative ? -hours : hours;
      TARN_RETURN_IF_ERROR(ExpectWord("HOURS"));
      node->retain_range = Since(begin);
    } else if (TakeWord("DRY")) {
      TARN_RETURN_IF_ERROR(ExpectWord("RUN"));
      node->dry_run = true;
    } else {
      return StatementPtr(std::move(node));
    }
    if (first.upper == "FULL" || first.upper == "LITE") first.upper = "LITE/FULL";
    TARN_RETURN_IF_ERROR(CheckOnce(seen, first));
  }
}

Result<StatementPtr> TokenReader::ParseRestore() {
  Take();
  TakeWord("TABLE");
  auto node = std::make_unique<Restore>();
  node->table = std::make_unique<TableRelation>();
  TARN_TRY(node->table->name, ParseTableOrPath(node->table->range));
  TakeWord("TO");
  TARN_RETURN_IF_ERROR(ParseTimeTravel(*node->table));
  if (!node->table->version_as_of && !node->table->timestamp_as_of) return Unexpected();
  return StatementPtr(std::move(node));
}

Result<StatementPtr> TokenReader::ParseOptimize() {
  Take();
  auto node = std::make_unique<Optimize>();
  TARN_TRY(node->table, ParseTableOrPath(node->table_range));
  node->full = TakeWord("FULL");
  if (TakeWord("WHERE")) {
    TARN_TRY(node->where, ParseExpr());
  }
  uint32_t begin = Begin();
  if (TakeWord("ZORDER")) {
    TARN_RETURN_IF_ERROR(ExpectWord("BY"));
    if (IsOp("(")) {
      TARN_TRY(node->zorder_by, ParseNameList());
    } else {
      do {
        TARN_TRY(NameParts column, ParseName());
        node->zorder_by.push_back(std::move(column));
      } while (TakeOp(","));
    }
    node->zorder_range = Since(begin);
  }
  return StatementPtr(std::move(node));
}

Result<StatementPtr> TokenReader::ParseReorg() {
  Take();
  TARN_RETURN_IF_ERROR(ExpectWord("TABLE"));
  auto node = std::make_unique<Optimize>();
  node->purge = true;
  TARN_TRY(node->table, ParseTableOrPath(node->table_range));
  if (TakeWord("WHERE")) {
    TARN_TRY(node->where, ParseExpr());
  }
  TARN_RETURN_IF_ERROR(ExpectWord("APPLY"));
  TARN_RETURN_IF_ERROR(ExpectOp("("));
  if (IsWord("UPGRADE")) return Unsupported("REORG TABLE … APPLY (UPGRADE UNIFORM)");
  TARN_RETURN_IF_ERROR(ExpectWord("PURGE"));
  TARN_RETURN_IF_ERROR(ExpectOp(")"));
  return StatementPtr(std::move(node));
}

// After CREATE [OR REPLACE] TABLE [IF NOT EXISTS] name.
Result<StatementPtr> TokenReader::ParseClone(CreateTable header) {
  auto node = std::make_unique<CloneTable>();
  node->name = std::move(header.name);
  node->name_range = header.name_range;
  node->or_replace = header.or_replace;
  node->if_not_exists = header.if_not_exists;
  node->deep = !TakeWord("SHALLOW");
  if (node->deep) TakeWord("DEEP");
  TARN_RETURN_IF_ERROR(ExpectWord("CLONE"));
  TARN_TRY(node->source, ParseTableRelation());
  std::set<std::string> seen;
  for (;;) {
    Token first = Peek();
    if (TakeWord("TBLPROPERTIES")) {
      TARN_TRY(node->properties, ParseProperties());
    } else if (TakeWord("LOCATION")) {
      TARN_TRY(node->location, ParseString());
    } else {
      return StatementPtr(std::move(node));
    }
    TARN_RETURN_IF_ERROR(CheckOnce(seen, first));
  }
}

Result<StatementPtr> TokenReader::ParseConvert() {
  Take();
  TARN_RETURN_IF_ERROR(ExpectWord("TO"));
  TARN_RETURN_IF_ERROR(ExpectWord("DELTA"));
  auto node = std::make_unique<ConvertToDelta>();
  TARN_TRY(node->table, ParseName(node->table_range));
  node->no_statistics = TakeWords({"NO", "STATISTICS"});
  if (TakeWords({"PARTITIONED", "BY"})) {
    TARN_RETURN_IF_ERROR(ExpectOp("("));
    do {
      TARN_TRY(ColumnDefinition column, ParseColumnDefinition());
      node->partitioned_by.push_back(std::move(column));
    } while (TakeOp(","));
    TARN_RETURN_IF_ERROR(ExpectOp(")"));
  }
  return StatementPtr(std::move(node));
}

Result<StatementPtr> TokenReader::ParseAnalyze() {
  Take();
  if (!TakeWord("TABLE")) return Unsupported("ANALYZE " + Peek().upper);
  auto node = std::make_unique<AnalyzeTable>();
  TARN_TRY(node->table, ParseTableOrPath(node->table_range));
  if (IsWord("PARTITION")) return Unsupported("ANALYZE TABLE … PARTITION");
  TARN_RETURN_IF_ERROR(ExpectWord("COMPUTE"));
  node->delta = TakeWord("DELTA");
  TARN_RETURN_IF_ERROR(ExpectWord("STATISTICS"));
  if (node->delta) return StatementPtr(std::move(node));
  node->no_scan = TakeWord("NOSCAN");
  if (node->no_scan || !TakeWord("FOR")) return StatementPtr(std::move(node));
  if (TakeWords({"ALL", "COLUMNS"})) {
    node->all_columns = true;
    return StatementPtr(std::move(node));
  }
  TARN_RETURN_IF_ERROR(ExpectWord("COLUMNS"));
  do {
    TARN_TRY(NameParts column, ParseName());
    node->columns.push_back(std::move(column));
  } while (TakeOp(","));
  return StatementPtr(std::move(node));
}

Result<StatementPtr> TokenReader::ParseFsck() {
  Take();
  TARN_RETURN_IF_ERROR(ExpectWord("REPAIR"));
  TARN_RETURN_IF_ERROR(ExpectWord("TABLE"));
  auto node = std::make_unique<FsckRepair>();
  TARN_TRY(node->table, ParseTableOrPath(node->table_range));
  if (TakeWord("DRY")) {
    TARN_RETURN_IF_ERROR(ExpectWord("RUN"));
    node->dry_run = true;
  }
  return StatementPtr(std::move(node));
}

}  // namespace tarn::sql
