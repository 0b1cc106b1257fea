#include "columnar/result_encoder.h"

#include <lz4frame.h>

#include "base/testing.h"
#include "columnar/batch_builder.h"
#include "columnar/ipc_writer.h"

namespace tarn::columnar {
namespace {

using testing::IsOk;

constexpr ResultFormat kFormats[] = {ResultFormat::kJsonArray, ResultFormat::kArrowStream,
                                     ResultFormat::kCsv, ResultFormat::kArrowBatches};

Schema TwoColumns() { return {{{"n", TypeKind::kLong}, {"s", TypeKind::kString}}}; }

RecordBatch Rows(int64_t first, int64_t last) {
  BatchBuilder builder(TwoColumns());
  for (int64_t n = first; n < last; ++n) builder.Int(n).String("row " + std::to_string(n));
  return builder.Finish();
}

struct Encoded {
  std::vector<EncodedRows> pieces;
  int64_t rows = 0;
  int64_t bytes = 0;
  bool truncated = false;
};

// Batches of 100 rows until the encoder wants no more or there are `count` rows.
Encoded Encode(const ResultOptions& options, int64_t count) {
  ResultEncoder encoder(TwoColumns(), options);
  Encoded out;
  for (int64_t first = 0; first < count && !encoder.truncated(); first += 100)
    EXPECT_THAT(encoder.Append(Rows(first, std::min(count, first + 100)), out.pieces), IsOk());
  for (const EncodedRows& piece : out.pieces) {
    out.rows += piece.row_count;
    out.bytes += static_cast<int64_t>(piece.bytes.size());
    EXPECT_GT(piece.row_count, 0);
  }
  out.truncated = encoder.truncated();
  return out;
}

TEST(ResultEncoderTest, NoFormatGoesOverTheByteLimitNorStopsBeforeIt) {
  for (ResultFormat format : kFormats) {
    ResultOptions options;
    options.format = format;
    options.piece_rows = 30;
    Encoded all = Encode(options, 250);
    EXPECT_EQ(all.rows, 250);
    EXPECT_FALSE(all.truncated);

    options.byte_limit = all.bytes;
    EXPECT_EQ(Encode(options, 250).rows, 250) << "it fits exactly";
    EXPECT_FALSE(Encode(options, 250).truncated);

    for (int64_t limit = 1; limit < all.bytes; limit += 97) {
      options.byte_limit = limit;
      Encoded cut = Encode(options, 250);
      EXPECT_LE(cut.bytes, limit);
      EXPECT_TRUE(cut.truncated) << limit;
      // One row more would not have fitted.
      ResultOptions more = options;
      more.byte_limit = 0;
      more.row_limit = cut.rows + 1;
      EXPECT_GT(Encode(more, 250).bytes, limit) << static_cast<int>(format);
    }
  }
}

TEST(ResultEncoderTest, ALimitBelowOneRowLeavesNothing) {
  ResultOptions options;
  options.byte_limit = 3;
  Encoded cut = Encode(options, 10);
  EXPECT_TRUE(cut.pieces.empty());
  EXPECT_TRUE(cut.truncated);
}

TEST(ResultEncoderTest, TheRowLimitCutsAcrossBatches) {
  ResultOptions options;
  options.row_limit = 150;
  EXPECT_EQ(Encode(options, 250).rows, 150);
  EXPECT_TRUE(Encode(options, 250).truncated);
  EXPECT_EQ(Encode(options, 150).rows, 150);
  EXPECT_FALSE(Encode(options, 150).truncated) << "nothing was left out";
}

TEST(ResultEncoderTest, OnlyTheFirstPieceIsSmaller) {
  ResultOptions options;
  options.piece_rows = 40;
  options.first_piece_rows = 7;
  std::vector<int64_t> sizes;
  for (const EncodedRows& piece : Encode(options, 150).pieces) sizes.push_back(piece.row_count);
  EXPECT_EQ(sizes, (std::vector<int64_t>{7, 40, 40, 13, 40, 10}));
  options.first_piece_rows = 1000;
  EXPECT_EQ(Encode(options, 150).pieces[0].row_count, 40);
}

TEST(ResultEncoderTest, ALz4PieceHoldsTheMessage) {
  ResultOptions options;
  options.format = ResultFormat::kArrowBatches;
  std::string plain = Encode(options, 100).pieces.at(0).bytes;
  options.lz4 = true;
  std::string frame = Encode(options, 100).pieces.at(0).bytes;
  EXPECT_LT(frame.size(), plain.size());
  LZ4F_dctx* context = nullptr;
  ASSERT_EQ(LZ4F_createDecompressionContext(&context, LZ4F_VERSION), 0u);
  std::string out(plain.size(), '\0');
  size_t out_size = out.size();
  size_t in_size = frame.size();
  EXPECT_EQ(LZ4F_decompress(context, out.data(), &out_size, frame.data(), &in_size, nullptr), 0u);
  LZ4F_freeDecompressionContext(context);
  EXPECT_EQ(out_size, plain.size());
  EXPECT_EQ(out, plain);
}

}  // namespace
}  // namespace tarn::columnar
