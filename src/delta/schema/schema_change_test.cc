#include "delta/schema/schema_change.h"

#include "base/testing.h"
#include "delta/schema/type_widening.h"
#include "delta/table_feature.h"

namespace tarn::delta {
namespace {

using columnar::DataType;
using columnar::Schema;
using columnar::TypeKind;

Schema Sample() {
  DataType point = DataType::Struct({{"x", TypeKind::kInteger}, {"y", TypeKind::kString}});
  return {{{"id", TypeKind::kInteger},
           {"at", point},
           {"list", DataType::Array(point, true)},
           {"map", DataType::Map(TypeKind::kString, TypeKind::kFloat, true)}}};
}

std::string Shown(const Result<Schema>& schema) {
  return schema.ok() ? DataType::Struct(schema->fields).ToCatalogString()
                     : std::string(schema.error().reason());
}

TEST(SchemaChangeTest, FieldsAreAddedWhereAsked) {
  columnar::Field field{"n", TypeKind::kDate};
  EXPECT_EQ(Shown(WithField(Sample(), {}, field, FieldPosition{})).substr(0, 15),
            "struct<n:date,i");
  EXPECT_EQ(Shown(WithField(Sample(), {"AT"}, field, FieldPosition{"X"})),
            "struct<id:int,at:struct<x:int,n:date,y:string>,list:array<struct<x:int,y:string>>,"
            "map:map<string,float>>");
  EXPECT_EQ(Shown(WithField(Sample(), {"list", "element"}, field, std::nullopt)),
            "struct<id:int,at:struct<x:int,y:string>,list:array<struct<x:int,y:string,n:date>>,"
            "map:map<string,float>>");
  EXPECT_EQ(Shown(WithField(Sample(), {}, {"ID", TypeKind::kDate}, std::nullopt)),
            "FIELD_ALREADY_EXISTS");
  EXPECT_EQ(Shown(WithField(Sample(), {"id"}, field, std::nullopt)),
            "DELTA_ADD_COLUMN_PARENT_NOT_STRUCT");
  EXPECT_EQ(Shown(WithField(Sample(), {}, field, FieldPosition{"nothing"})),
            "UNRESOLVED_COLUMN.WITH_SUGGESTION");
}

TEST(SchemaChangeTest, FieldsAreDroppedRenamedAndMoved) {
  EXPECT_EQ(Shown(WithoutField(Sample(), {"list", "element", "x"})).find("array<struct<y:string>>"),
            45u);
  Result<Schema> one = WithoutField(Sample(), {"at", "x"});
  EXPECT_EQ(Shown(WithoutField(*one, {"at", "y"})), "DELTA_DROP_COLUMN_ON_SINGLE_FIELD_SCHEMA");
  EXPECT_EQ(Shown(WithoutField(Sample(), {"map", "value", "x"})),
            "UNRESOLVED_COLUMN.WITH_SUGGESTION");
  EXPECT_EQ(Shown(WithFieldRenamed(Sample(), {"at", "x"}, "z")).substr(0, 34),
            "struct<id:int,at:struct<z:int,y:st");
  EXPECT_EQ(Shown(WithFieldRenamed(Sample(), {"id"}, "At")), "FIELD_ALREADY_EXISTS");
  EXPECT_EQ(Shown(WithFieldRenamed(Sample(), {"id"}, "ID")).substr(0, 13), "struct<ID:int");
  EXPECT_EQ(Shown(WithFieldMoved(Sample(), {"at", "y"}, {})).substr(0, 37),
            "struct<id:int,at:struct<y:string,x:in");
  EXPECT_EQ(Shown(WithFieldMoved(Sample(), {"id"}, {"map"})).substr(0, 9), "struct<at");
  EXPECT_EQ(Shown(WithFieldMoved(Sample(), {"id"}, {"id"})), Shown(Sample()));
}

TEST(SchemaChangeTest, WideningIsNotedAtTheNearestField) {
  Schema schema{{{"l", DataType::Array(DataType::Array(TypeKind::kByte, true), true)},
                 {"s", DataType::Struct({{"x", TypeKind::kShort}})}}};
  Result<Schema> once = WithTypeWidened(schema, {"l", "element", "element"}, TypeKind::kInteger);
  ASSERT_TRUE(once.ok());
  EXPECT_EQ(once->fields[0].metadata.Find("delta.typeChanges")->ToString(),
            R"([{"toType":"integer","fromType":"byte","fieldPath":"element.element"}])");
  Result<Schema> twice = WithTypeWidened(*once, {"s", "x"}, TypeKind::kLong);
  ASSERT_TRUE(twice.ok());
  EXPECT_EQ(twice->fields[1].type.fields()[0].metadata.Find("delta.typeChanges")->ToString(),
            R"([{"toType":"long","fromType":"short"}])");
  EXPECT_TRUE(CheckTypeChanges(*twice).ok());
  schema.fields[0].metadata.Set(
      "delta.typeChanges",
      *json::Parse(R"([{"toType":"byte","fromType":"long","fieldPath":"element"}])"));
  EXPECT_EQ(CheckTypeChanges(schema).error().reason(), "DELTA_UNSUPPORTED_TYPE_CHANGE_IN_SCHEMA");
}

TEST(TypeWideningTest, HasTheChangesOfTheProtocol) {
  auto decimal = [](int p, int s) { return DataType::Decimal(p, s); };
  std::vector<std::pair<DataType, DataType>> allowed = {{TypeKind::kByte, TypeKind::kShort},
                                                        {TypeKind::kShort, TypeKind::kLong},
                                                        {TypeKind::kInteger, TypeKind::kDouble},
                                                        {TypeKind::kFloat, TypeKind::kDouble},
                                                        {TypeKind::kDate, TypeKind::kTimestampNtz},
                                                        {decimal(5, 2), decimal(7, 4)},
                                                        {decimal(5, 2), decimal(6, 2)},
                                                        {TypeKind::kInteger, decimal(10, 0)},
                                                        {TypeKind::kByte, decimal(12, 2)},
                                                        {TypeKind::kLong, decimal(20, 0)}};
  for (const auto& [from, to] : allowed) {
    EXPECT_TRUE(IsWidening(from, to)) << from.ToSqlString() << " to " << to.ToSqlString();
  }
  std::vector<std::pair<DataType, DataType>> refused = {
      {TypeKind::kLong, TypeKind::kInteger},  {TypeKind::kLong, TypeKind::kDouble},
      {TypeKind::kInteger, TypeKind::kFloat}, {TypeKind::kDate, TypeKind::kTimestamp},
      {decimal(5, 2), decimal(5, 2)},         {decimal(5, 2), decimal(6, 4)},
      {TypeKind::kInteger, decimal(9, 0)},    {TypeKind::kLong, decimal(19, 0)},
      {TypeKind::kInteger, TypeKind::kString}};
  for (const auto& [from, to] : refused) {
    EXPECT_FALSE(IsWidening(from, to)) << from.ToSqlString() << " to " << to.ToSqlString();
  }
}

std::string Shown(const Protocol& protocol) {
  std::string text = std::to_string(protocol.min_reader_version) + "," +
                     std::to_string(protocol.min_writer_version);
  for (const auto* list : {&protocol.reader_features, &protocol.writer_features}) {
    if (!*list) continue;
    text += " [";
    for (const std::string& name : **list) text += (text.back() == '[' ? "" : " ") + name;
    text += "]";
  }
  return text;
}

TEST(WithFeaturesTest, TheLowestVersionsThatSayIt) {
  Protocol plain;
  EXPECT_EQ(Shown(WithFeatures(plain, {})), "1,2");
  EXPECT_EQ(Shown(WithFeatures(plain, {"checkConstraints"})), "1,3");
  EXPECT_EQ(Shown(WithFeatures(plain, {"columnMapping"})),
            "2,7 [appendOnly invariants columnMapping]");
  EXPECT_EQ(Shown(WithFeatures(plain, {"clustering"})),
            "1,7 [appendOnly invariants clustering domainMetadata]");
  Protocol vectors = WithFeatures(plain, {"deletionVectors"});
  EXPECT_EQ(Shown(vectors), "3,7 [deletionVectors] [appendOnly invariants deletionVectors]");
  EXPECT_EQ(Shown(WithFeatures(vectors, {"columnMapping"})),
            "3,7 [deletionVectors columnMapping] [appendOnly invariants deletionVectors "
            "columnMapping]");
  Protocol five{.min_reader_version = 2, .min_writer_version = 5};
  EXPECT_EQ(Shown(WithFeatures(five, {"checkConstraints"})), "2,5");
  EXPECT_EQ(Shown(WithFeatures(five, {"typeWidening"})),
            "3,7 [columnMapping typeWidening] [appendOnly invariants checkConstraints "
            "changeDataFeed generatedColumns columnMapping typeWidening]");
  EXPECT_TRUE(HasFeature(five, "changeDataFeed"));
  EXPECT_FALSE(HasFeature(five, "identityColumns"));
}

}  // namespace
}  // namespace tarn::delta
