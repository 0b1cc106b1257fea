#include "engine/duckdb/file_pruning.h"

#include <cmath>
#include <functional>

#include "duckdb/planner/filter/list.hpp"

namespace tarn::engine {

using namespace duckdb;  // NOLINT: this file reads DuckDB's expressions

namespace {

// Whether some row of a file may make an expression TRUE, and FALSE.
struct Outcomes {
  bool yes = true;
  bool no = true;
};

bool IsNaN(const Value& value) {
  if (value.IsNull()) return false;
  if (value.type().id() == LogicalTypeId::DOUBLE) return std::isnan(value.GetValueUnsafe<double>());
  return value.type().id() == LogicalTypeId::FLOAT && std::isnan(value.GetValueUnsafe<float>());
}

// Whether NULL on either side makes the comparison NULL.
bool IsPlainComparison(ExpressionType type) {
  return type == ExpressionType::COMPARE_EQUAL || type == ExpressionType::COMPARE_NOTEQUAL ||
         type == ExpressionType::COMPARE_LESSTHAN || type == ExpressionType::COMPARE_GREATERTHAN ||
         type == ExpressionType::COMPARE_LESSTHANOREQUALTO ||
         type == ExpressionType::COMPARE_GREATERTHANOREQUALTO;
}

bool IsFloating(const LogicalType& type) {
  return type.id() == LogicalTypeId::DOUBLE || type.id() == LogicalTypeId::FLOAT;
}

// Never fails for a value of the column and keeps the order of values.
bool KeepsOrder(const LogicalType& from, const LogicalType& to) {
  if (from == to) return true;
  if (from.IsIntegral() && to.IsIntegral()) {
    return GetTypeIdSize(to.InternalType()) > GetTypeIdSize(from.InternalType());
  }
  bool number =
      from.IsIntegral() || from.id() == LogicalTypeId::DECIMAL || from.id() == LogicalTypeId::FLOAT;
  if (to.id() == LogicalTypeId::DOUBLE) return number;
  if (to.id() == LogicalTypeId::DECIMAL && from.id() == LogicalTypeId::DECIMAL) {
    int whole = DecimalType::GetWidth(from) - DecimalType::GetScale(from);
    return DecimalType::GetScale(to) >= DecimalType::GetScale(from) &&
           DecimalType::GetWidth(to) - DecimalType::GetScale(to) >= whole;
  }
  if (to.id() == LogicalTypeId::DECIMAL && from.IsIntegral()) {
    static constexpr int kDigits[] = {3, 5, 10, 19};
    idx_t size = GetTypeIdSize(from.InternalType());
    int digits = size == 1 ? kDigits[0] : size == 2 ? kDigits[1] : size == 4 ? kDigits[2] : 19;
    return DecimalType::GetWidth(to) - DecimalType::GetScale(to) >= digits;
  }
  return from.id() == LogicalTypeId::DATE && to.id() == LogicalTypeId::TIMESTAMP;
}

// The text that every match of a LIKE pattern starts with.
string PatternPrefix(const string& pattern, const string& escape, bool* whole) {
  string prefix;
  *whole = true;
  for (size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (c == '%' || c == '_') {
      *whole = false;
      break;
    }
    if (!escape.empty() && c == escape[0]) {
      if (++i == pattern.size()) break;
      c = pattern[i];
    }
    prefix += c;
  }
  return prefix;
}

}  // namespace

// A small tree of what can be decided; all else is kUnknown and keeps files.
struct FileFilter::Node {
  enum class Kind { kUnknown, kConstant, kAnd, kOr, kNot, kCompare, kIn, kIsNull, kPrefix, kExact };

  Kind kind = Kind::kUnknown;
  std::vector<std::unique_ptr<Node>> children;
  // kConstant: values[0]; kCompare, kPrefix: the constant in values[0]; kIn: all
  std::vector<Value> values;
  ExpressionType compare = ExpressionType::INVALID;
  size_t leaf = 0;
  std::vector<LogicalType> casts;  // of the leaf, innermost first

  // kExact: only partition columns; their references in the expression, by partition position.
  ClientContext* context = nullptr;
  duckdb::unique_ptr<Expression> expression;
  std::function<int(const BoundColumnRefExpression&)> position;
  mutable bool failed = false;

  Outcomes Evaluate(const SnapshotSource::File& file) const {
    switch (kind) {
      case Kind::kUnknown:
        return {};
      case Kind::kConstant:
        if (values[0].IsNull()) return {false, false};
        return {BooleanValue::Get(values[0]), !BooleanValue::Get(values[0])};
      case Kind::kAnd: {
        Outcomes all{true, false};
        for (const auto& child : children) {
          Outcomes one = child->Evaluate(file);
          all = {all.yes && one.yes, all.no || one.no};
        }
        return all;
      }
      case Kind::kOr: {
        Outcomes any{false, true};
        for (const auto& child : children) {
          Outcomes one = child->Evaluate(file);
          any = {any.yes || one.yes, any.no && one.no};
        }
        return any;
      }
      case Kind::kNot: {
        Outcomes inner = children[0]->Evaluate(file);
        return {inner.no, inner.yes};
      }
      case Kind::kIsNull: {
        LeafFacts facts = file.Facts(leaf);
        return {!facts.no_null, !facts.all_null};
      }
      case Kind::kExact:
        return Exact(file);
      default:
        return Bounded(file);
    }
  }

 private:
  Outcomes Exact(const SnapshotSource::File& file) const {
    auto filled = expression->Copy();
    Fill(filled, file);
    Value value;
    if (!ExpressionExecutor::TryEvaluateScalar(*context, *filled, value)) {
      failed = true;  // it shall fail where the statement runs, if it does
      return {};
    }
    if (value.IsNull()) return {false, false};
    return {BooleanValue::Get(value), !BooleanValue::Get(value)};
  }

  void Fill(duckdb::unique_ptr<Expression>& at, const SnapshotSource::File& file) const {
    if (at->GetExpressionClass() == ExpressionClass::BOUND_COLUMN_REF) {
      int found = position(at->Cast<BoundColumnRefExpression>());
      at = make_uniq<BoundConstantExpression>(file.partition_values()[static_cast<size_t>(found)]);
      return;
    }
    ExpressionIterator::EnumerateChildren(
        *at, [&](duckdb::unique_ptr<Expression>& child) { Fill(child, file); });
  }

  // The leaf's bounds under the casts around it; NULL when unknown.
  void Bounds(const LeafFacts& facts, Value* low, Value* high) const {
    *low = facts.minimum;
    *high = facts.maximum;
    for (const LogicalType& type : casts) {
      for (Value* bound : {low, high}) {
        Value cast(type);
        string error;
        if (!bound->IsNull() && !bound->DefaultTryCastAs(type, cast, &error, true))
          cast = Value(type);
        *bound = std::move(cast);
      }
    }
  }

  Outcomes Bounded(const SnapshotSource::File& file) const {
    LeafFacts facts = file.Facts(leaf);
    if (facts.all_null) return {false, false};
    Value low;
    Value high;
    Bounds(facts, &low, &high);
    if (kind == Kind::kPrefix) return Prefix(low, high);
    if (kind == Kind::kCompare) return Compare(compare, values[0], low, high);
    Outcomes any{false, true};
    for (const Value& value : values) {
      Outcomes one = Compare(ExpressionType::COMPARE_EQUAL, value, low, high);
      any = {any.yes || one.yes, any.no && one.no};
    }
    return any;
  }

  Outcomes Prefix(const Value& low, const Value& high) const {
    const string& prefix = StringValue::Get(values[0]);
    bool below = !high.IsNull() && StringValue::Get(high) < prefix;
    // Every text with the prefix is below the prefix with anything higher in its place.
    bool above = !low.IsNull() && StringValue::Get(low).compare(0, prefix.size(), prefix) > 0;
    return {!below && !above, true};
  }

  static Outcomes Compare(ExpressionType type, const Value& constant, const Value& low,
                          const Value& high) {
    if (constant.IsNull()) return {false, false};
    // NaN is above all other values, and bounds may have been made without it.
    bool nan = IsFloating(constant.type());
    if (nan && IsNaN(constant)) return {};
    bool low_known = !low.IsNull();
    bool high_known = !high.IsNull();
    bool low_above = low_known && low > constant;
    bool low_equal = low_known && low == constant;
    bool high_below = high_known && high < constant;
    bool high_equal = high_known && high == constant;
    switch (type) {
      case ExpressionType::COMPARE_EQUAL:
        return {!low_above && !high_below, nan || !(low_equal && high_equal)};
      case ExpressionType::COMPARE_NOTEQUAL:
        return {nan || !(low_equal && high_equal), !low_above && !high_below};
      case ExpressionType::COMPARE_LESSTHAN:
        return {!(low_above || low_equal), nan || !high_below};
      case ExpressionType::COMPARE_LESSTHANOREQUALTO:
        return {!low_above, nan || !(high_below || high_equal)};
      case ExpressionType::COMPARE_GREATERTHAN:
        return {nan || !(high_below || high_equal), !low_above};
      case ExpressionType::COMPARE_GREATERTHANOREQUALTO:
        return {nan || !high_below, !(low_above || low_equal)};
      default:
        return {};
    }
  }
};

class FileFilter::Compiler {
 public:
  Compiler(ClientContext& context, const SnapshotSource& source, idx_t table_index,
           const duckdb::vector<ColumnIndex>& columns)
      : context_(context), source_(source), table_index_(table_index), columns_(columns) {}

  std::unique_ptr<Node> Compile(const Expression& filter) {
    auto node = std::make_unique<Node>();
    switch (filter.GetExpressionClass()) {
      case ExpressionClass::BOUND_CONJUNCTION: {
        node->kind = filter.GetExpressionType() == ExpressionType::CONJUNCTION_AND
                         ? Node::Kind::kAnd
                         : Node::Kind::kOr;
        for (const auto& child : filter.Cast<BoundConjunctionExpression>().children)
          node->children.push_back(Compile(*child));
        return node;
      }
      case ExpressionClass::BOUND_OPERATOR:
        if (filter.GetExpressionType() == ExpressionType::OPERATOR_NOT) {
          node->kind = Node::Kind::kNot;
          node->children.push_back(Compile(*filter.Cast<BoundOperatorExpression>().children[0]));
          return node;
        }
        break;
      default:
        break;
    }
    if (OnlyPartitions(filter)) return ExactNode(filter);
    switch (filter.GetExpressionClass()) {
      case ExpressionClass::BOUND_CONSTANT:
        if (filter.return_type.id() != LogicalTypeId::BOOLEAN) return node;
        node->kind = Node::Kind::kConstant;
        node->values = {filter.Cast<BoundConstantExpression>().value};
        return node;
      case ExpressionClass::BOUND_COMPARISON: {
        const auto& compare = filter.Cast<BoundComparisonExpression>();
        return Comparison(compare.GetExpressionType(), *compare.left, *compare.right);
      }
      case ExpressionClass::BOUND_BETWEEN: {
        const auto& between = filter.Cast<BoundBetweenExpression>();
        node->kind = Node::Kind::kAnd;
        node->children.push_back(
            Comparison(between.LowerComparisonType(), *between.input, *between.lower));
        node->children.push_back(
            Comparison(between.UpperComparisonType(), *between.input, *between.upper));
        return node;
      }
      case ExpressionClass::BOUND_OPERATOR:
        return Operator(filter.Cast<BoundOperatorExpression>());
      case ExpressionClass::BOUND_FUNCTION:
        return Function(filter.Cast<BoundFunctionExpression>());
      default:
        return node;
    }
  }

  std::unique_ptr<Node> Compile(const TableFilter& filter, idx_t column,
                                std::vector<string> path = {}) {
    auto node = std::make_unique<Node>();
    int leaf = source_.FindLeaf(column, path);
    auto on_leaf = [&](Node::Kind kind, std::vector<Value> values) {
      for (const Value& value : values) {
        if (value.type() != (*source_.leaves)[static_cast<size_t>(leaf)].type) return;
      }
      node->kind = kind;
      node->leaf = static_cast<size_t>(leaf);
      node->values = std::move(values);
    };
    switch (filter.filter_type) {
      case TableFilterType::OPTIONAL_FILTER: {
        const auto& child = filter.Cast<OptionalFilter>().child_filter;
        return child ? Compile(*child, column, path) : std::move(node);
      }
      case TableFilterType::STRUCT_EXTRACT: {
        const auto& inner = filter.Cast<StructFilter>();
        path.push_back(inner.child_name);
        return Compile(*inner.child_filter, column, path);
      }
      case TableFilterType::CONJUNCTION_AND:
        node->kind = Node::Kind::kAnd;
        for (const auto& child : filter.Cast<ConjunctionAndFilter>().child_filters)
          node->children.push_back(Compile(*child, column, path));
        return node;
      case TableFilterType::CONJUNCTION_OR:
        node->kind = Node::Kind::kOr;
        for (const auto& child : filter.Cast<ConjunctionOrFilter>().child_filters)
          node->children.push_back(Compile(*child, column, path));
        return node;
      case TableFilterType::CONSTANT_COMPARISON: {
        const auto& constant = filter.Cast<ConstantFilter>();
        node->compare = constant.comparison_type;
        if (leaf >= 0 && IsPlainComparison(node->compare))
          on_leaf(Node::Kind::kCompare, {constant.constant});
        return node;
      }
      case TableFilterType::IN_FILTER: {
        const auto& values = filter.Cast<InFilter>().values;
        if (leaf >= 0) on_leaf(Node::Kind::kIn, {values.begin(), values.end()});
        return node;
      }
      case TableFilterType::IS_NULL:
      case TableFilterType::IS_NOT_NULL: {
        if (leaf < 0) return node;
        on_leaf(Node::Kind::kIsNull, {});
        if (filter.filter_type == TableFilterType::IS_NULL) return node;
        auto inverse = std::make_unique<Node>();
        inverse->kind = Node::Kind::kNot;
        inverse->children.push_back(std::move(node));
        return inverse;
      }
      default:
        return node;
    }
  }

 private:
  std::optional<idx_t> ColumnOf(const BoundColumnRefExpression& ref) const {
    if (ref.binding.table_index != table_index_ || ref.binding.column_index >= columns_.size())
      return std::nullopt;
    const ColumnIndex& index = columns_[ref.binding.column_index];
    idx_t column = index.GetPrimaryIndex();
    if (column >= source_.types.size() || source_.types[column] != ref.return_type)
      return std::nullopt;
    return column;
  }

  bool OnlyPartitions(const Expression& filter) const {
    if (filter.IsVolatile() || filter.return_type.id() != LogicalTypeId::BOOLEAN) return false;
    bool only = true;
    bool any = false;
    auto visit = [&](const Expression& at, auto& self) -> void {
      if (at.GetExpressionClass() == ExpressionClass::BOUND_COLUMN_REF) {
        std::optional<idx_t> column = ColumnOf(at.Cast<BoundColumnRefExpression>());
        any = true;
        only = only && column && source_.partition_index[*column] >= 0;
      } else if (at.GetExpressionClass() == ExpressionClass::BOUND_SUBQUERY ||
                 at.GetExpressionClass() == ExpressionClass::BOUND_PARAMETER) {
        only = false;
      }
      ExpressionIterator::EnumerateChildren(at,
                                            [&](const Expression& child) { self(child, self); });
    };
    visit(filter, visit);
    return any && only;
  }

  std::unique_ptr<Node> ExactNode(const Expression& filter) const {
    auto node = std::make_unique<Node>();
    node->kind = Node::Kind::kExact;
    node->context = &context_;
    node->expression = filter.Copy();
    node->position = [this_columns = columns_,
                      source = &source_](const BoundColumnRefExpression& ref) {
      return source->partition_index[this_columns[ref.binding.column_index].GetPrimaryIndex()];
    };
    return node;
  }

  // A leaf, perhaps under casts that keep its order.
  bool Leaf(const Expression& expression, Node* node) const {
    switch (expression.GetExpressionClass()) {
      case ExpressionClass::BOUND_COLUMN_REF: {
        std::optional<idx_t> column = ColumnOf(expression.Cast<BoundColumnRefExpression>());
        int leaf = column ? source_.FindLeaf(*column, {}) : -1;
        node->leaf = static_cast<size_t>(leaf);
        return leaf >= 0;
      }
      case ExpressionClass::BOUND_CAST: {
        const auto& cast = expression.Cast<BoundCastExpression>();
        if (!KeepsOrder(cast.child->return_type, cast.return_type) || !Leaf(*cast.child, node))
          return false;
        node->casts.push_back(cast.return_type);
        return true;
      }
      case ExpressionClass::BOUND_FUNCTION: {
        std::vector<string> path;
        const Expression* at = &expression;
        while (at->GetExpressionClass() == ExpressionClass::BOUND_FUNCTION) {
          const auto& call = at->Cast<BoundFunctionExpression>();
          bool extract = call.function.name == "struct_extract" && call.children.size() == 2 &&
                         call.children[1]->GetExpressionClass() == ExpressionClass::BOUND_CONSTANT;
          if (!extract) return false;
          path.insert(path.begin(),
                      call.children[1]->Cast<BoundConstantExpression>().value.ToString());
          at = call.children[0].get();
        }
        if (at->GetExpressionClass() != ExpressionClass::BOUND_COLUMN_REF) return false;
        std::optional<idx_t> column = ColumnOf(at->Cast<BoundColumnRefExpression>());
        int leaf = column ? source_.FindLeaf(*column, path) : -1;
        node->leaf = static_cast<size_t>(leaf);
        return leaf >= 0;
      }
      default:
        return false;
    }
  }

  std::unique_ptr<Node> Comparison(ExpressionType type, const Expression& left,
                                   const Expression& right) const {
    auto node = std::make_unique<Node>();
    if (left.GetExpressionClass() == ExpressionClass::BOUND_CONSTANT &&
        right.GetExpressionClass() != ExpressionClass::BOUND_CONSTANT) {
      return Comparison(FlipComparisonExpression(type), right, left);
    }
    bool usable = IsPlainComparison(type) &&
                  right.GetExpressionClass() == ExpressionClass::BOUND_CONSTANT &&
                  left.return_type == right.return_type && Leaf(left, node.get());
    if (!usable) return node;
    node->kind = Node::Kind::kCompare;
    node->compare = type;
    node->values = {right.Cast<BoundConstantExpression>().value};
    return node;
  }

  std::unique_ptr<Node> Operator(const BoundOperatorExpression& call) const {
    auto node = std::make_unique<Node>();
    ExpressionType type = call.GetExpressionType();
    bool is_null = type == ExpressionType::OPERATOR_IS_NULL;
    if (is_null || type == ExpressionType::OPERATOR_IS_NOT_NULL) {
      if (!Leaf(*call.children[0], node.get())) return node;
      node->kind = Node::Kind::kIsNull;
      return is_null ? std::move(node) : Inverse(std::move(node));
    }
    bool in = type == ExpressionType::COMPARE_IN;
    if (!in && type != ExpressionType::COMPARE_NOT_IN) return node;
    if (!Leaf(*call.children[0], node.get())) return node;
    for (size_t i = 1; i < call.children.size(); ++i) {
      const Expression& item = *call.children[i];
      if (item.GetExpressionClass() != ExpressionClass::BOUND_CONSTANT ||
          item.return_type != call.children[0]->return_type) {
        return node;
      }
      node->values.push_back(item.Cast<BoundConstantExpression>().value);
    }
    node->kind = Node::Kind::kIn;
    return in ? std::move(node) : Inverse(std::move(node));
  }

  static std::unique_ptr<Node> Inverse(std::unique_ptr<Node> node) {
    auto inverse = std::make_unique<Node>();
    inverse->kind = Node::Kind::kNot;
    inverse->children.push_back(std::move(node));
    return inverse;
  }

  std::unique_ptr<Node> Function(const BoundFunctionExpression& call) const {
    auto node = std::make_unique<Node>();
    const string& name = call.function.name;
    bool like = name == "like_escape" || name == "~~";
    bool prefix = name == "prefix" || name == "starts_with" || name == "^@";
    if ((!like && !prefix) || call.children.size() < 2) return node;
    std::vector<string> constants;
    for (size_t i = 1; i < call.children.size(); ++i) {
      const Expression& argument = *call.children[i];
      if (argument.GetExpressionClass() != ExpressionClass::BOUND_CONSTANT) return node;
      const Value& value = argument.Cast<BoundConstantExpression>().value;
      if (value.IsNull() || value.type().id() != LogicalTypeId::VARCHAR) return node;
      constants.push_back(StringValue::Get(value));
    }
    if (call.children[0]->return_type.id() != LogicalTypeId::VARCHAR ||
        !Leaf(*call.children[0], node.get()) || !node->casts.empty()) {
      return node;
    }
    bool whole = false;
    string start = constants[0];
    if (like) start = PatternPrefix(constants[0], constants.size() > 1 ? constants[1] : "", &whole);
    if (start.empty()) return node;
    node->kind = Node::Kind::kPrefix;
    node->values = {Value(start)};
    return node;
  }

  ClientContext& context_;
  const SnapshotSource& source_;
  idx_t table_index_;
  const duckdb::vector<ColumnIndex>& columns_;
};

FileFilter::FileFilter(ClientContext& context, const SnapshotSource& source,
                       const Expression& filter, idx_t table_index,
                       const duckdb::vector<ColumnIndex>& columns)
    : root_(Compiler(context, source, table_index, columns).Compile(filter)) {}

FileFilter::FileFilter(ClientContext& context, const SnapshotSource& source,
                       const TableFilter& filter, idx_t column)
    : root_(Compiler(context, source, 0, {}).Compile(filter, column)) {}

FileFilter::~FileFilter() = default;
FileFilter::FileFilter(FileFilter&&) noexcept = default;

bool FileFilter::MayMatch(const SnapshotSource::File& file) const {
  return root_->Evaluate(file).yes;
}

bool FileFilter::exact() const { return root_->kind == Node::Kind::kExact && !root_->failed; }

}  // namespace tarn::engine
