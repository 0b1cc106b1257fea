#include "delta/deletion_vector.h"
#include "engine/command/command.h"

namespace tarn::engine {
namespace {

using columnar::TypeKind;

columnar::Schema MissingRows() {
  return {{{"dataFilePath", TypeKind::kString},
           {"dataFileMissing", TypeKind::kBoolean},
           {"deletionVectorPath", TypeKind::kString},
           {"deletionVectorFileMissing", TypeKind::kBoolean}}};
}

Result<bool> IsThere(io::ObjectStore& store, const std::string& path) {
  auto found = store.Head(path);
  if (found.ok()) return true;
  // A store that does not answer has not lost the file.
  if (found.error().reason() != "OBJECT_NOT_FOUND") return std::move(found).error();
  return false;
}

}  // namespace

// A file whose deletion vector is gone cannot be read either: without it, deleted rows would be
// back. Both are taken out of the table, and only by this statement.
StreamResult Run(const CommandContext& context, const plan::FsckRepair& command) {
  TARN_TRY(CatalogResolver::Table table,
           context.At(command.name_range,
                      context.resolver.Find(command.name, {catalog::Operation::kModify})));
  TARN_TRY(auto snapshot, context.At(command.name_range, context.resolver.Pin(table.location)));
  io::ObjectStore& store = *context.session.services().store;
  delta::Transaction txn(context.engine().snapshots().OpenLog(table.location), snapshot);
  columnar::BatchBuilder rows(MissingRows());
  int64_t bytes = 0;
  for (const auto& file : snapshot->files()) {
    TARN_RETURN_IF_ERROR(context.cancel.Check());
    TARN_TRY(bool there, IsThere(store, snapshot->FullPath(*file)));
    std::optional<std::string> vector;
    bool vector_there = true;
    if (file->deletion_vector && file->deletion_vector->storage_type != 'i') {
      TARN_TRY(vector, delta::DeletionVectorPath(*file->deletion_vector, snapshot->table_path()));
      TARN_TRY(vector_there, IsThere(store, *vector));
    }
    if (there && vector_there) continue;
    rows.String(file->path).Bool(!there).StringOrNull(vector).Bool(!vector_there);
    bytes += file->size_bytes;
    txn.Remove(*file);
  }
  if (command.dry_run || rows.num_rows() == 0) return Rows(std::move(rows));
  TARN_RETURN_IF_ERROR(txn.Commit({"FSCK",
                                   {{"dryRun", false}},
                                   {{"numRemovedFiles", std::to_string(rows.num_rows())},
                                    {"removedFilesSize", std::to_string(bytes)}},
                                   context.who().name},
                                  context.cancel));
  return Rows(std::move(rows));
}

}  // namespace tarn::engine
