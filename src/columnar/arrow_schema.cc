#include <memory>

#include <fmt/core.h>

#include "columnar/arrow.h"

namespace tarn::columnar {
namespace {

// Everything a released schema node has to free.
struct NodeStorage {
  std::string format;
  std::string name;
  std::vector<std::unique_ptr<ArrowSchema>> children;
  std::vector<ArrowSchema*> child_pointers;
};

void ReleaseNode(ArrowSchema* node) {
  auto* storage = static_cast<NodeStorage*>(node->private_data);
  for (auto& child : storage->children) {
    if (child->release != nullptr) child->release(child.get());
  }
  delete storage;
  node->release = nullptr;
}

Result<std::string> FormatOf(const DataType& type, const std::string& time_zone) {
  switch (type.kind()) {
    case TypeKind::kNull:
      return std::string("n");
    case TypeKind::kBoolean:
      return std::string("b");
    case TypeKind::kByte:
      return std::string("c");
    case TypeKind::kShort:
      return std::string("s");
    case TypeKind::kInteger:
    case TypeKind::kYearMonthInterval:
      return std::string("i");
    case TypeKind::kLong:
      return std::string("l");
    case TypeKind::kFloat:
      return std::string("f");
    case TypeKind::kDouble:
      return std::string("g");
    case TypeKind::kDecimal:
      return fmt::format("d:{},{}", type.precision(), type.scale());
    case TypeKind::kString:
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      return std::string("u");
    case TypeKind::kBinary:
      return std::string("z");
    case TypeKind::kDate:
      return std::string("tdD");
    case TypeKind::kTimestamp:
      return "tsu:" + time_zone;
    case TypeKind::kTimestampNtz:
      return std::string("tsu:");
    case TypeKind::kDayTimeInterval:
      return std::string("tDu");
    case TypeKind::kArray:
      return std::string("+l");
    case TypeKind::kMap:
      return std::string("+m");
    case TypeKind::kStruct:
    case TypeKind::kVariant:
      return std::string("+s");
    case TypeKind::kCalendarInterval:
      break;
  }
  return Fail("UNSUPPORTED_ARROWTYPE", "no Arrow type for " + type.ToSqlString());
}

Fields ChildrenOf(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kArray:
      return {{"element", type.element(), type.contains_null()}};
    case TypeKind::kMap:
      return {{"entries",
               DataType::Struct({{"key", type.key(), false},
                                 {"value", type.value(), type.value_contains_null()}}),
               false}};
    case TypeKind::kStruct:
      return type.fields();
    case TypeKind::kVariant:
      return {{"value", TypeKind::kBinary, false}, {"metadata", TypeKind::kBinary, false}};
    default:
      return {};
  }
}

Status Fill(const Field& field, const std::string& time_zone, ArrowSchema* out) {
  TARN_TRY(std::string format, FormatOf(field.type, time_zone));
  auto storage = std::make_unique<NodeStorage>();
  storage->format = std::move(format);
  storage->name = field.name;
  ArrowSchemaHandle node;
  ArrowSchema* c = node.out();
  c->flags = field.nullable ? ARROW_FLAG_NULLABLE : 0;
  c->release = &ReleaseNode;
  c->private_data = storage.get();
  NodeStorage& s = *storage.release();
  for (const Field& child : ChildrenOf(field.type)) {
    s.children.push_back(std::make_unique<ArrowSchema>());
    s.child_pointers.push_back(s.children.back().get());
    TARN_RETURN_IF_ERROR(Fill(child, time_zone, s.children.back().get()));
  }
  c->format = s.format.c_str();
  c->name = s.name.c_str();
  c->n_children = static_cast<int64_t>(s.children.size());
  c->children = s.child_pointers.data();
  *out = node.Release();
  return Ok();
}

}  // namespace

Result<ArrowSchemaHandle> ToArrowSchema(const Schema& schema, const std::string& time_zone) {
  ArrowSchemaHandle handle;
  TARN_RETURN_IF_ERROR(Fill({"", DataType::Struct(schema.fields), false}, time_zone, handle.out()));
  return handle;
}

}  // namespace tarn::columnar
