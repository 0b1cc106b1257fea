#include "columnar/batch_builder.h"

#include <cstring>

namespace tarn::columnar {

struct BatchBuilder::Column {
  explicit Column(DataType column_type) : type(std::move(column_type)) {
    if (type.is(TypeKind::kArray)) {
      children.push_back(std::make_unique<Column>(type.element()));
    } else if (type.is(TypeKind::kMap)) {
      children.push_back(std::make_unique<Column>(type.key()));
      children.push_back(std::make_unique<Column>(type.value()));
    } else if (type.is(TypeKind::kStruct)) {
      for (const Field& field : type.fields())
        children.push_back(std::make_unique<Column>(field.type));
    }
    if (has_offsets()) offsets.push_back(0);
  }

  bool has_offsets() const {
    return type.is_string() || type.is(TypeKind::kBinary) || type.is(TypeKind::kArray) ||
           type.is(TypeKind::kMap);
  }

  void Valid(bool valid) {
    if (length % 8 == 0) validity.push_back(0);
    if (valid) validity.back() = static_cast<char>(validity.back() | 1 << (length % 8));
    if (!valid) ++nulls;
    ++length;
  }
  void Append(const void* bytes, size_t size) {
    data.append(static_cast<const char*>(bytes), size);
  }
  void EndOffset(size_t end) { offsets.push_back(static_cast<int32_t>(end)); }

  void Null() {
    Valid(false);
    if (has_offsets()) {
      offsets.push_back(offsets.back());
    } else if (type.is(TypeKind::kStruct)) {
      for (auto& child : children) child->Null();
    } else if (type.is(TypeKind::kBoolean)) {
      if ((length - 1) % 8 == 0) data.push_back(0);
    } else {
      data.append(Width(), '\0');
    }
  }
  void Bool(bool value) {
    if (length % 8 == 0) data.push_back(0);
    if (value) data.back() = static_cast<char>(data.back() | 1 << (length % 8));
    Valid(true);
  }
  void Int(int64_t value) {
    Append(&value, Width());  // little endian: the low bytes come first
    Valid(true);
  }
  void String(std::string_view value) {
    data += value;
    EndOffset(data.size());
    Valid(true);
  }
  void Double(double value) {
    Append(&value, sizeof(value));
    Valid(true);
  }
  void Json(const json::Value& value) {
    if (value.is_null()) return Null();
    switch (type.kind()) {
      case TypeKind::kStruct:
        for (size_t i = 0; i < children.size(); ++i) {
          const json::Value* member = value.Find(type.fields()[i].name);
          member == nullptr ? children[i]->Null() : children[i]->Json(*member);
        }
        return Valid(true);
      case TypeKind::kArray:
        for (const json::Value& item : value.as_array()) children[0]->Json(item);
        EndOffset(static_cast<size_t>(children[0]->length));
        return Valid(true);
      case TypeKind::kMap:
        for (const auto& [key, entry] : value.as_object()) {
          children[0]->String(key);
          children[1]->Json(entry);
        }
        EndOffset(static_cast<size_t>(children[0]->length));
        return Valid(true);
      case TypeKind::kBoolean:
        return Bool(value.as_bool());
      case TypeKind::kDouble:
        return Double(value.as_double());
      case TypeKind::kString:
      case TypeKind::kBinary:
        return String(value.as_string());
      default:
        return Int(value.as_int());
    }
  }
  size_t Width() const {
    switch (type.kind()) {
      case TypeKind::kByte:
        return 1;
      case TypeKind::kShort:
        return 2;
      case TypeKind::kInteger:
      case TypeKind::kDate:
      case TypeKind::kFloat:
        return 4;
      default:
        return 8;
    }
  }

  DataType type;
  int64_t length = 0;
  int64_t nulls = 0;
  std::string validity;
  std::string data;
  std::vector<int32_t> offsets;
  std::vector<std::unique_ptr<Column>> children;
};

namespace {

// Memory of one exported array; freed by its release callback.
struct ArrayStorage {
  std::string validity;
  std::string data;
  std::vector<int32_t> offsets;
  std::vector<const void*> buffers;
  std::vector<std::unique_ptr<ArrowArray>> children;
  std::vector<ArrowArray*> child_pointers;
};

void ReleaseArray(ArrowArray* array) {
  auto* storage = static_cast<ArrayStorage*>(array->private_data);
  for (auto& child : storage->children) {
    if (child->release != nullptr) child->release(child.get());
  }
  delete storage;
  array->release = nullptr;
}

ArrowArray Export(std::unique_ptr<ArrayStorage> storage, int64_t length, int64_t nulls) {
  for (auto& child : storage->children) storage->child_pointers.push_back(child.get());
  ArrowArray array{};
  array.length = length;
  array.null_count = nulls;
  array.n_buffers = static_cast<int64_t>(storage->buffers.size());
  array.buffers = storage->buffers.data();
  array.n_children = static_cast<int64_t>(storage->children.size());
  array.children = storage->child_pointers.data();
  array.release = &ReleaseArray;
  array.private_data = storage.release();
  return array;
}

template <typename Column>
ArrowArray ExportColumn(Column& column) {
  auto storage = std::make_unique<ArrayStorage>();
  storage->validity = std::move(column.validity);
  storage->data = std::move(column.data);
  storage->offsets = std::move(column.offsets);
  storage->buffers.push_back(column.nulls > 0 ? storage->validity.data() : nullptr);
  if (column.has_offsets()) storage->buffers.push_back(storage->offsets.data());
  if (column.type.is(TypeKind::kMap)) {
    auto entries = std::make_unique<ArrayStorage>();
    entries->buffers.push_back(nullptr);
    int64_t count = column.children[0]->length;
    for (auto& child : column.children) {
      entries->children.push_back(std::make_unique<ArrowArray>(ExportColumn(*child)));
    }
    storage->children.push_back(std::make_unique<ArrowArray>(Export(std::move(entries), count, 0)));
  } else if (column.type.is(TypeKind::kArray)) {
    storage->children.push_back(std::make_unique<ArrowArray>(ExportColumn(*column.children[0])));
  } else if (column.type.is(TypeKind::kStruct)) {
    for (auto& child : column.children)
      storage->children.push_back(std::make_unique<ArrowArray>(ExportColumn(*child)));
  } else {
    storage->buffers.push_back(storage->data.data());
  }
  return Export(std::move(storage), column.length, column.nulls);
}

}  // namespace

BatchBuilder::BatchBuilder(Schema schema) : schema_(std::move(schema)) {
  for (const Field& field : schema_.fields)
    columns_.push_back(std::make_unique<Column>(field.type));
}

BatchBuilder::BatchBuilder(BatchBuilder&&) noexcept = default;
BatchBuilder::~BatchBuilder() = default;

BatchBuilder::Column& BatchBuilder::Next() {
  Column& column = *columns_[at_];
  if (++at_ == columns_.size()) {
    at_ = 0;
    ++rows_;
  }
  return column;
}

BatchBuilder& BatchBuilder::Null() {
  Next().Null();
  return *this;
}

BatchBuilder& BatchBuilder::Bool(bool value) {
  Next().Bool(value);
  return *this;
}

BatchBuilder& BatchBuilder::Int(int64_t value) {
  Next().Int(value);
  return *this;
}

BatchBuilder& BatchBuilder::Double(double value) {
  Next().Double(value);
  return *this;
}

BatchBuilder& BatchBuilder::Json(const json::Value& value) {
  Next().Json(value);
  return *this;
}

BatchBuilder& BatchBuilder::String(std::string_view value) {
  Next().String(value);
  return *this;
}

BatchBuilder& BatchBuilder::StringOrNull(const std::optional<std::string>& value) {
  return value ? String(*value) : Null();
}

BatchBuilder& BatchBuilder::Strings(const std::vector<std::string>& values) {
  Column& column = Next();
  for (const std::string& value : values) column.children[0]->String(value);
  column.EndOffset(static_cast<size_t>(column.children[0]->length));
  column.Valid(true);
  return *this;
}

BatchBuilder& BatchBuilder::StringMap(
    const std::vector<std::pair<std::string, std::string>>& entries) {
  Column& column = Next();
  for (const auto& [key, value] : entries) {
    column.children[0]->String(key);
    column.children[1]->String(value);
  }
  column.EndOffset(static_cast<size_t>(column.children[0]->length));
  column.Valid(true);
  return *this;
}

RecordBatch BatchBuilder::Finish() {
  auto storage = std::make_unique<ArrayStorage>();
  storage->buffers.push_back(nullptr);
  for (auto& column : columns_) {
    storage->children.push_back(std::make_unique<ArrowArray>(ExportColumn(*column)));
    column = std::make_unique<Column>(column->type);
  }
  ArrowArray array = Export(std::move(storage), rows_, 0);
  rows_ = 0;
  at_ = 0;
  return RecordBatch{ArrowArrayHandle(std::move(array))};
}

}  // namespace tarn::columnar
