#include "columnar/row_encoder.h"

#include <cstring>

#include "base/testing.h"
#include "columnar/batch_builder.h"
#include "columnar/ipc_writer.h"

namespace tarn::columnar {
namespace {

Schema SampleSchema() {
  return {{{"b", TypeKind::kBoolean},
           {"i", TypeKind::kInteger},
           {"s", TypeKind::kString},
           {"d", TypeKind::kDate},
           {"t", TypeKind::kTimestamp},
           {"a", DataType::Array(TypeKind::kString, true)},
           {"m", DataType::Map(TypeKind::kString, TypeKind::kString, true)}}};
}

RecordBatch SampleBatch() {
  BatchBuilder builder(SampleSchema());
  builder.Bool(true).Int(-7).String("a,\"b\"").Int(19844).Int(1714557600500000);
  builder.Strings({"x", "y"}).StringMap({{"k", "v"}});
  for (int i = 0; i < 7; ++i) builder.Null();
  builder.Bool(false).Int(0).String("").Int(-719162).Int(-1).Strings({}).StringMap({});
  return builder.Finish();
}

TEST(RowEncoderTest, JsonArrayHoldsStringsAndNulls) {
  std::string out;
  TextOptions options;
  options.iso_timestamps = true;
  RecordBatch batch = SampleBatch();
  AppendJsonArrayRows(SampleSchema(), batch, 0, 1, options, out);
  AppendJsonArrayRows(SampleSchema(), batch, 1, 3, options, out);
  EXPECT_EQ(out,
            R"json(["true","-7","a,\"b\"","2024-05-01","2024-05-01T10:00:00.500Z",)json"
            R"json("[\"x\",\"y\"]","{\"k\":\"v\"}"],)json"
            R"json([null,null,null,null,null,null,null],)json"
            R"json(["false","0","","0001-01-01","1969-12-31T23:59:59.999999Z","[]","{}"])json");
}

TEST(RowEncoderTest, CsvTellsNullFromEmpty) {
  std::string out = CsvHeader(SampleSchema());
  AppendCsvRows(SampleSchema(), SampleBatch(), 0, 3, {}, out);
  EXPECT_EQ(out,
            "b,i,s,d,t,a,m\n"
            "true,-7,\"a,\"\"b\"\"\",2024-05-01,2024-05-01 "
            "10:00:00.5,\"[\"\"x\"\",\"\"y\"\"]\","
            "\"{\"\"k\"\":\"\"v\"\"}\"\n"
            ",,,,,,\n"
            "false,0,\"\",0001-01-01,1969-12-31 23:59:59.999999,[],{}\n");
}

TEST(ValueTextTest, NumbersAreLaidOutAsJavaDoes) {
  EXPECT_EQ(DoubleText(1), "1.0");
  EXPECT_EQ(DoubleText(-0.0), "-0.0");
  EXPECT_EQ(DoubleText(1e7), "1.0E7");
  EXPECT_EQ(DoubleText(9999999.5), "9999999.5");
  EXPECT_EQ(DoubleText(0.001), "0.001");
  EXPECT_EQ(DoubleText(0.00012), "1.2E-4");
  EXPECT_EQ(DoubleText(1.0 / 0.0), "Infinity");
  EXPECT_EQ(FloatText(3.4e38F), "3.4E38");
  EXPECT_EQ(DecimalText(-5, 3), "-0.005");
  EXPECT_EQ(DecimalText(12345, 2), "123.45");
  EXPECT_EQ(DecimalText(7, 0), "7");
  EXPECT_EQ(DateText(2932897), "+10000-01-01");
}

TEST(IpcWriterTest, MessagesAreFramedAndAligned) {
  for (IpcCompression compression : {IpcCompression::kNone, IpcCompression::kLz4Frame}) {
    IpcWriter writer(SampleSchema(), compression);
    TARN_ASSERT_OK_AND_ASSIGN(std::string schema, writer.SchemaMessage());
    TARN_ASSERT_OK_AND_ASSIGN(std::string batch, writer.RecordBatchMessage(SampleBatch()));
    for (const std::string& message : {schema, batch}) {
      ASSERT_EQ(message.substr(0, 4), "\xff\xff\xff\xff");
      int32_t metadata_bytes;
      std::memcpy(&metadata_bytes, message.data() + 4, 4);
      EXPECT_EQ(metadata_bytes % 8, 0);
      EXPECT_EQ(message.size() % 8, 0u);
    }
  }
}

TEST(ArrowSchemaTest, FormatsAreTheSpecifications) {
  TARN_ASSERT_OK_AND_ASSIGN(ArrowSchemaHandle handle,
                            ToArrowSchema(SampleSchema(), "Europe/Paris"));
  ASSERT_EQ(handle->n_children, 7);
  const char* formats[] = {"b", "i", "u", "tdD", "tsu:Europe/Paris", "+l", "+m"};
  for (int i = 0; i < 7; ++i) EXPECT_STREQ(handle->children[i]->format, formats[i]);
  EXPECT_STREQ(handle->children[6]->children[0]->children[1]->name, "value");
}

}  // namespace
}  // namespace tarn::columnar
