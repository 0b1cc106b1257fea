#include "engine/command/identity_mark.h"

#include "columnar/column_metadata.h"

namespace tarn::engine {

Status AdvanceIdentities(delta::Transaction& txn, const std::vector<size_t>& identities,
                         int64_t rows) {
  if (identities.empty() || rows == 0) return Ok();
  delta::Metadata metadata = txn.metadata();
  TARN_TRY(columnar::Schema schema, columnar::Schema::FromJson(metadata.schema_string));
  for (size_t column : identities) {
    columnar::Field& field = schema.fields[column];
    TARN_TRY(std::optional<columnar::Identity> identity, columnar::IdentityOf(field));
    TARN_TRY(int64_t first, identity->Next());
    int64_t last = 0;
    if (__builtin_mul_overflow(identity->step, rows - 1, &last) ||
        __builtin_add_overflow(first, last, &last)) {
      return Fail("ARITHMETIC_OVERFLOW", "The identity column has no values left.");
    }
    identity->high_water_mark = last;
    columnar::SetIdentity(field, *identity);
  }
  metadata.schema_string = schema.ToJson();
  txn.SetMetadata(std::move(metadata));
  return Ok();
}

}  // namespace tarn::engine
