#include "catalog/not_found.h"

namespace tarn::catalog {

Error NotFound(SecurableKind kind, const std::string& name) {
  std::string quoted;
  size_t begin = 0;
  while (begin <= name.size()) {
    size_t dot = std::min(name.find('.', begin), name.size());
    quoted +=
        (quoted.empty() ? "" : ".") + columnar::QuoteIdentifier(name.substr(begin, dot - begin));
    begin = dot + 1;
  }
  switch (kind) {
    case SecurableKind::kCatalog:
      return Fail("CATALOG_NOT_FOUND",
                  "The catalog " + quoted +
                      " cannot be found. Verify the spelling and correctness of the name.",
                  {{"catalogName", quoted}});
    case SecurableKind::kSchema:
      return Fail(
          "SCHEMA_NOT_FOUND",
          "The schema " + quoted +
              " cannot be found. Verify the spelling and correctness of the schema and catalog.",
          {{"schemaName", quoted}});
    case SecurableKind::kTable:
      return Fail(
          "TABLE_OR_VIEW_NOT_FOUND",
          "The table or view " + quoted +
              " cannot be found. Verify the spelling and correctness of the schema and catalog.",
          {{"relationName", quoted}});
    default:
      return Fail("VOLUME_NOT_FOUND", "Volume '" + name + "' does not exist.");
  }
}

Error AlreadyExists(SecurableKind kind, const std::string& full_name) {
  std::string_view reason = kind == SecurableKind::kCatalog  ? "CATALOG_ALREADY_EXISTS"
                            : kind == SecurableKind::kSchema ? "SCHEMA_ALREADY_EXISTS"
                            : kind == SecurableKind::kTable  ? "TABLE_OR_VIEW_ALREADY_EXISTS"
                                                             : "VOLUME_ALREADY_EXISTS";
  return Fail(std::string(reason), KindTitle(kind) + " '" + full_name + "' already exists");
}

}  // namespace tarn::catalog
