#include "node/link/wire.h"

#include "base/testing.h"

namespace tarn::node {
namespace {

identity::Principal Somebody() {
  identity::Principal who;
  who.id = 7'000'000'000;
  who.name = "user@example.com";
  who.is_admin = true;
  who.groups = {"a", "b c"};
  return who;
}

// Through bytes, as the wire has it.
template <typename Message>
Message Sent(const Message& message) {
  Message out;
  EXPECT_TRUE(out.ParseFromString(message.SerializeAsString()));
  return out;
}

TEST(WireTest, APrincipal) {
  identity::Principal who = FromWire(Sent(ToWire(Somebody())));
  EXPECT_EQ(who.id, 7'000'000'000);
  EXPECT_EQ(who.name, "user@example.com");
  EXPECT_TRUE(who.is_admin);
  EXPECT_EQ(who.groups, (std::vector<std::string>{"a", "b c"}));
}

TEST(WireTest, ASession) {
  compute::SessionState state{"cat", "sch", {{"ANSI_MODE", "true"}, {"TIMEZONE", "UTC"}}};
  compute::SessionState got = FromWire(Sent(ToWire(state)));
  EXPECT_EQ(got.catalog, "cat");
  EXPECT_EQ(got.schema, "sch");
  EXPECT_EQ(got.settings, state.settings);
}

TEST(WireTest, AStatementWithEveryOption) {
  compute::StatementSpec spec;
  spec.warehouse_id = "abc";
  spec.text = "SELECT :p, '\xc3\xa4'";
  spec.session.catalog = "main";
  spec.parameters = {{"p", "INT", "1"}, {"", "", std::nullopt}, {"e", "STRING", ""}};
  spec.inline_limit_bytes = 25 << 20;
  columnar::ResultOptions& result = spec.result;
  result.format = columnar::ResultFormat::kArrowBatches;
  result.native = {true, false, true, false};
  result.iso_timestamps = false;
  result.row_limit = 10;
  result.byte_limit = int64_t{5} << 32;
  result.piece_rows = 77;
  result.first_piece_rows = 3;
  result.lz4 = true;

  compute::StatementSpec got = FromWire(Sent(ToWire(spec, Somebody())));
  EXPECT_EQ(got.warehouse_id, spec.warehouse_id);
  EXPECT_EQ(got.text, spec.text);
  EXPECT_EQ(got.session.catalog, "main");
  EXPECT_EQ(got.inline_limit_bytes, spec.inline_limit_bytes);
  ASSERT_EQ(got.parameters.size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(got.parameters[i].name, spec.parameters[i].name);
    EXPECT_EQ(got.parameters[i].type, spec.parameters[i].type);
    EXPECT_EQ(got.parameters[i].value, spec.parameters[i].value) << "NULL is no empty text";
  }
  EXPECT_EQ(got.result.format, result.format);
  EXPECT_TRUE(got.result.native.timestamps);
  EXPECT_FALSE(got.result.native.decimals);
  EXPECT_TRUE(got.result.native.nested);
  EXPECT_FALSE(got.result.native.intervals);
  EXPECT_FALSE(got.result.iso_timestamps);
  EXPECT_EQ(got.result.row_limit, 10);
  EXPECT_EQ(got.result.byte_limit, int64_t{5} << 32);
  EXPECT_EQ(got.result.piece_rows, 77);
  EXPECT_EQ(got.result.first_piece_rows, 3);
  EXPECT_TRUE(got.result.lz4);
}

TEST(WireTest, DefaultsStayDefaults) {
  compute::StatementSpec got = FromWire(Sent(ToWire(compute::StatementSpec(), Somebody())));
  columnar::ResultOptions plain;
  EXPECT_EQ(got.result.format, plain.format);
  EXPECT_EQ(got.result.piece_rows, plain.piece_rows);
  EXPECT_EQ(got.result.iso_timestamps, plain.iso_timestamps);
  EXPECT_TRUE(got.result.native.timestamps && got.result.native.intervals);
  EXPECT_EQ(got.inline_limit_bytes, 0);
  EXPECT_TRUE(got.parameters.empty());
}

TEST(WireTest, AnErrorKeepsReasonMessageAndParameters) {
  Error error = Fail("TABLE_OR_VIEW_NOT_FOUND", "line 1\n  ^", {{"relationName", "`t`"}});
  Error got = FromWire(Sent(ToWire(error)));
  EXPECT_EQ(got.reason(), "TABLE_OR_VIEW_NOT_FOUND");
  EXPECT_EQ(got.message(), error.message());
  EXPECT_EQ(got.params(), error.params());
  EXPECT_EQ(got.code(), error.code());
  EXPECT_EQ(got.sqlstate(), error.sqlstate());
}

}  // namespace
}  // namespace tarn::node
