#pragma once
/// \file  Expressions as written: nothing resolved, nothing typed. Spec: Spark SQL reference,
/// "Expressions".
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "columnar/types.h"

namespace tarn::sql {

struct Query;
struct WindowSpec;

/// Byte offsets into the statement's text, half-open.
struct SourceRange {
  uint32_t begin = 0;
  uint32_t end = 0;
};

enum class ExprKind {
  kLiteral,
  kName,
  kStar,
  kUnary,
  kBinary,
  kCall,
  kCast,
  kCase,
  kBetween,
  kIn,
  kLike,
  kIs,
  kExists,
  kSubquery,
  kSubscript,
  kField,
  kLambda,
  kParameter,
};

struct Expr {
  explicit Expr(ExprKind expr_kind) : kind(expr_kind) {}
  virtual ~Expr() = default;
  template <typename T>
  const T& As() const {
    return static_cast<const T&>(*this);
  }
  ExprKind kind;
  SourceRange range;
};
using ExprPtr = std::unique_ptr<Expr>;
using ExprList = std::vector<ExprPtr>;

enum class LiteralKind {
  kNull,
  kBoolean,
  kTinyInt,
  kSmallInt,
  kInteger,  ///< no suffix: INT, BIGINT or DECIMAL by its size
  kBigInt,
  kFloat,
  kDouble,
  kDecimal,  ///< with a point or the suffix BD
  kString,
  kBinary,        ///< text holds the bytes
  kDate,          ///< DATE '…'
  kTimestamp,     ///< TIMESTAMP '…' or TIMESTAMP_LTZ '…'
  kTimestampNtz,  ///< TIMESTAMP_NTZ '…'
  kInterval,
};

/// One "value unit" part of INTERVAL 1 DAY 2 HOURS, or "'value' FROM TO TO" of the ANSI form.
struct IntervalPart {
  std::string value;  ///< the number or string as written, sign included
  std::string unit;   ///< upper case, singular: "DAY"
  std::string to_unit;
};

struct Literal final : Expr {
  Literal() : Expr(ExprKind::kLiteral) {}
  LiteralKind literal = LiteralKind::kNull;
  std::string text;  ///< digits without suffix, unescaped string, "true"
  std::vector<IntervalPart> interval;
};

/// a, t.a, c.s.t.a: parts without quotes.
struct Name final : Expr {
  Name() : Expr(ExprKind::kName) {}
  std::vector<std::string> parts;
};

struct Star final : Expr {
  Star() : Expr(ExprKind::kStar) {}
  std::vector<std::string> qualifier;
  std::vector<std::vector<std::string>> except;
};

enum class UnaryOp { kMinus, kPlus, kNot, kBitNot };
struct Unary final : Expr {
  Unary() : Expr(ExprKind::kUnary) {}
  UnaryOp op = UnaryOp::kMinus;
  ExprPtr operand;
};

enum class BinaryOp {
  kOr,
  kAnd,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kNullSafeEqual,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kDiv,
  kModulo,
  kConcat,
  kBitAnd,
  kBitOr,
  kBitXor,
  kShiftLeft,
  kShiftRight,
  kShiftRightUnsigned,
};
/// As Spark prints it: "+", "<=>", "AND".
std::string_view BinaryOpText(BinaryOp op);

struct Binary final : Expr {
  Binary() : Expr(ExprKind::kBinary) {}
  BinaryOp op = BinaryOp::kAdd;
  ExprPtr left;
  ExprPtr right;
};

struct OrderItem {
  ExprPtr expr;
  bool descending = false;
  std::optional<bool> nulls_first;
};

struct Argument {
  std::string name;  ///< of `name => value`, else empty
  ExprPtr value;
  std::string alias;  ///< of `struct(value AS alias)` and `(value AS alias, …)`, else empty
};

/// A function call; operators with function syntax (EXTRACT, TRIM…) arrive under their function's
/// name.
struct Call final : Expr {
  Call() : Expr(ExprKind::kCall) {}
  std::vector<std::string> name;
  std::vector<Argument> args;
  bool is_row = false;  ///< written as (a, b): a call of struct
  bool distinct = false;
  std::optional<bool> ignore_nulls;
  ExprPtr filter;
  std::vector<OrderItem> within_group;
  std::shared_ptr<WindowSpec> over;  ///< an empty spec with `name` refers to the WINDOW clause
};

struct Cast final : Expr {
  Cast() : Expr(ExprKind::kCast) {}
  ExprPtr operand;
  columnar::DataType type;
  bool is_try = false;
};

struct Case final : Expr {
  Case() : Expr(ExprKind::kCase) {}
  ExprPtr operand;
  std::vector<std::pair<ExprPtr, ExprPtr>> branches;
  ExprPtr otherwise;
};

struct Between final : Expr {
  Between() : Expr(ExprKind::kBetween) {}
  ExprPtr operand;
  ExprPtr low;
  ExprPtr high;
  bool negated = false;
};

/// IN over a list or a query.
struct In final : Expr {
  In();
  ~In() override;
  ExprPtr operand;
  ExprList list;
  std::unique_ptr<Query> query;
  bool negated = false;
};

enum class LikeKind { kLike, kILike, kRLike };
enum class Quantifier { kNone, kAny, kAll };
struct Like final : Expr {
  Like() : Expr(ExprKind::kLike) {}
  LikeKind like = LikeKind::kLike;
  Quantifier quantifier = Quantifier::kNone;
  ExprPtr operand;
  ExprList patterns;
  std::optional<std::string> escape;
  bool negated = false;
};

enum class IsKind { kNull, kTrue, kFalse, kUnknown, kDistinctFrom };
struct Is final : Expr {
  Is() : Expr(ExprKind::kIs) {}
  IsKind test = IsKind::kNull;
  ExprPtr operand;
  ExprPtr other;  ///< of IS DISTINCT FROM
  bool negated = false;
};

struct Exists final : Expr {
  Exists();
  ~Exists() override;
  std::unique_ptr<Query> query;
};

struct Subquery final : Expr {
  Subquery();
  ~Subquery() override;
  std::unique_ptr<Query> query;
};

struct Subscript final : Expr {
  Subscript() : Expr(ExprKind::kSubscript) {}
  ExprPtr operand;
  ExprPtr index;
};

/// (expr).name; a plain a.b is a Name.
struct FieldAccess final : Expr {
  FieldAccess() : Expr(ExprKind::kField) {}
  ExprPtr operand;
  std::string name;
};

struct Lambda final : Expr {
  Lambda() : Expr(ExprKind::kLambda) {}
  std::vector<std::string> parameters;
  ExprPtr body;
};

/// :name or ?
struct Parameter final : Expr {
  Parameter() : Expr(ExprKind::kParameter) {}
  std::string name;  ///< empty for ?
  int ordinal = 0;   ///< 1-based, for ?
};

}  // namespace tarn::sql
