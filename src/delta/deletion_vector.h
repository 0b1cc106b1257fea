#pragma once
/// \file  Deleted rows of a data file as a compressed bitmap of row positions, read and written in
/// all three storage kinds. Spec: PROTOCOL.md, "Deletion Vectors", "Deletion Vector Format".
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "delta/action.h"
#include "io/object_store.h"

namespace tarn::delta {

/// A set of row positions of one data file, counted from 0 in the order of the file.
/// Immutable once shared; then thread-safe.
class DeletionVector {
 public:
  DeletionVector();
  ~DeletionVector();
  DeletionVector(DeletionVector&&) noexcept;
  DeletionVector& operator=(DeletionVector&&) noexcept;
  DeletionVector(const DeletionVector&);

  void Add(uint64_t row);
  /// All rows of `sorted`, which ascend.
  void AddMany(const std::vector<uint64_t>& sorted);
  void AddRange(uint64_t begin, uint64_t end);
  void Union(const DeletionVector& other);
  /// Rows of this one that `other` lacks.
  DeletionVector Minus(const DeletionVector& other) const;
  bool Intersects(const DeletionVector& other) const;
  bool Contains(uint64_t row) const;
  int64_t Cardinality() const;
  /// Appends the deleted rows in [begin, end), less `begin`, in ascending order. Cost: in
  /// proportion to what is appended.
  void Collect(uint64_t begin, uint64_t end, std::vector<uint32_t>* out) const;
  std::vector<uint64_t> ToRows() const;

  /// Magic number and portable 64-bit Roaring bitmap.
  std::string Serialize() const;
  /// Errors: DELTA_DELETION_VECTOR_CORRUPT.
  static Result<DeletionVector> Deserialize(std::string_view bytes, const std::string& source);

 private:
  struct Bitmaps;
  std::unique_ptr<Bitmaps> bitmaps_;
};

/// A descriptor that holds the vector itself and needs no file.
DeletionVectorDescriptor InlineDescriptor(const DeletionVector& vector);

/// Absolute path of the file that holds a vector of kind 'u' or 'p'.
/// Errors: DELTA_DELETION_VECTOR_CORRUPT for a name that is none.
Result<std::string> DeletionVectorPath(const DeletionVectorDescriptor& descriptor,
                                       const std::string& table_path);

/// Reads a vector; its size, checksum and cardinality are verified. Errors name file and offset:
/// DELTA_DELETION_VECTOR_SIZE_MISMATCH, DELTA_DELETION_VECTOR_CHECKSUM_MISMATCH,
/// DELTA_DELETION_VECTOR_CARDINALITY_MISMATCH, DELTA_DELETION_VECTOR_CORRUPT, OBJECT_NOT_FOUND,
/// IO_ERROR.
Result<DeletionVector> ReadDeletionVector(io::ObjectStore& store, const std::string& table_path,
                                          const DeletionVectorDescriptor& descriptor);

/// Packs the vectors of one commit into as few files as their size allows. Not thread-safe.
class DeletionVectorWriter {
 public:
  DeletionVectorWriter(io::ObjectStore& store, std::string table_path);

  /// The descriptor under which the vector will be found once Finish has succeeded.
  Result<DeletionVectorDescriptor> Append(const DeletionVector& vector);
  /// Writes what is left, durably. Errors: OUT_OF_SPACE, IO_ERROR.
  Status Finish();

 private:
  io::ObjectStore& store_;
  std::string table_path_;
  std::string uuid_;   // of the file being filled, 16 bytes
  std::string bytes_;  // of the file being filled
};

}  // namespace tarn::delta
