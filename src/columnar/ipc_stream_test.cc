/// \file  Streams of several batches. With TARN_IPC_SAMPLES set they are left in that folder, where
/// tests/conformance/arrow_ipc reads them with pyarrow.
#include <cstdlib>
#include <fstream>

#include "base/testing.h"
#include "columnar/batch_builder.h"
#include "columnar/ipc_writer.h"

namespace tarn::columnar {
namespace {

constexpr int kRowsOfBatches[] = {5, 0, 1000, 1};

Schema StreamSchema() {
  return {{{"n", TypeKind::kLong},
           {"i", TypeKind::kInteger},
           {"b", TypeKind::kBoolean},
           {"x", TypeKind::kDouble},
           {"s", TypeKind::kString},
           {"d", TypeKind::kDate},
           {"t", TypeKind::kTimestamp},
           {"a", DataType::Array(TypeKind::kString, true)},
           {"m", DataType::Map(TypeKind::kString, TypeKind::kString, true)}}};
}

// Row `n` of the stream; every seventh is NULL but for its number. test_ipc_streams.py knows this.
void AppendRow(BatchBuilder& builder, int64_t n) {
  builder.Int(n);
  if (n % 7 == 3) {
    for (int i = 0; i < 8; ++i) builder.Null();
    return;
  }
  std::string text = "text " + std::to_string(n);
  builder.Int(-n).Bool(n % 2 == 0).Double(static_cast<double>(n) / 4).String(text);
  builder.Int(n).Int(n * 1'000'001);
  builder.Strings(n % 3 == 0 ? std::vector<std::string>{} : std::vector<std::string>{text, ""});
  builder.StringMap({{"key", text}});
}

Result<std::string> Stream(IpcCompression compression) {
  IpcWriter writer(StreamSchema(), compression, "Europe/Paris");
  TARN_TRY(std::string stream, writer.SchemaMessage());
  int64_t n = 0;
  for (int rows : kRowsOfBatches) {
    BatchBuilder builder(StreamSchema());
    for (int i = 0; i < rows; ++i) AppendRow(builder, n++);
    RecordBatch batch = builder.Finish();
    TARN_TRY(std::string message, writer.RecordBatchMessage(batch));
    stream += message;
  }
  return stream + IpcWriter::EndOfStream();
}

TEST(IpcStreamTest, SeveralBatchesFollowOneSchema) {
  for (auto [compression, name] :
       {std::pair(IpcCompression::kNone, "plain"), std::pair(IpcCompression::kLz4Frame, "lz4")}) {
    TARN_ASSERT_OK_AND_ASSIGN(std::string stream, Stream(compression));
    EXPECT_EQ(stream.size() % 8, 0u);
    EXPECT_EQ(stream.substr(stream.size() - 8), std::string("\xff\xff\xff\xff\0\0\0\0", 8));
    if (const char* folder = std::getenv("TARN_IPC_SAMPLES"); folder != nullptr) {
      std::ofstream out(std::string(folder) + "/" + name + ".arrows", std::ios::binary);
      out << stream;
      ASSERT_TRUE(out.good());
    }
  }
}

}  // namespace
}  // namespace tarn::columnar
