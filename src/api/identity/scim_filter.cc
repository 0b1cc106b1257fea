#include "api/identity/scim_filter.h"

#include <algorithm>
#include <cctype>

namespace tarn::api {
namespace {

constexpr int kMaxNesting = 50;

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

std::string TextOf(const json::Value& value) {
  return value.is_string() ? Lower(value.as_string()) : value.ToString();
}

void Collect(const json::Value& value, std::string_view path,
             std::vector<const json::Value*>& found) {
  if (value.is_array()) {
    for (const json::Value& item : value.as_array()) Collect(item, path, found);
    return;
  }
  if (path.empty()) {
    // A complex value stands for its "value".
    const json::Value* inner = value.is_object() ? value.Find("value") : &value;
    if (inner != nullptr) found.push_back(inner);
    return;
  }
  if (!value.is_object()) return;
  std::string name = Lower(path.substr(0, path.find('.')));
  std::string_view rest = path.size() > name.size() ? path.substr(name.size() + 1) : "";
  for (const auto& [key, member] : value.as_object())
    if (Lower(key) == name) Collect(member, rest, found);
}

}  // namespace

std::vector<const json::Value*> ScimAttribute(const json::Value& resource, std::string_view path) {
  std::vector<const json::Value*> found;
  Collect(resource, path, found);
  return found;
}

struct ScimFilter::Node {
  std::string op;    ///< and, or, not, or a comparison
  std::string path;  ///< of a comparison
  std::string text;  ///< what it compares with, in lower case
  std::vector<std::shared_ptr<const Node>> inner;

  bool Matches(const json::Value& resource) const {
    auto matches = [&](const auto& node) { return node->Matches(resource); };
    if (op == "and") return std::all_of(inner.begin(), inner.end(), matches);
    if (op == "or") return std::any_of(inner.begin(), inner.end(), matches);
    if (op == "not") return !inner[0]->Matches(resource);
    std::vector<const json::Value*> values = ScimAttribute(resource, path);
    if (op == "pr") return !values.empty();
    auto equals = [&](const json::Value* value) { return TextOf(*value) == text; };
    if (op == "ne") return std::none_of(values.begin(), values.end(), equals);
    return std::any_of(values.begin(), values.end(), [&](const json::Value* value) {
      std::string have = TextOf(*value);
      if (op == "eq") return have == text;
      if (op == "co") return have.find(text) != std::string::npos;
      if (op == "sw") return have.starts_with(text);
      return have.ends_with(text);
    });
  }
};

namespace {

using NodeRef = std::shared_ptr<const ScimFilter::Node>;

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<NodeRef> Whole() {
    TARN_TRY(NodeRef root, Or(0));
    if (!Peek().empty()) return Wrong("'and' or 'or'");
    return root;
  }

 private:
  Error Wrong(const std::string& wanted) const {
    return Fail("INVALID_PARAMETER_VALUE",
                "The filter '" + std::string(text_) + "' is not understood at character " +
                    std::to_string(at_ + 1) + ": " + wanted + " is missing.");
  }

  // The next word, bracket or quoted text, without taking it.
  std::string_view Peek() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    size_t end = at_;
    if (end < text_.size() && (text_[end] == '(' || text_[end] == ')')) {
      ++end;
    } else if (end < text_.size() && text_[end] == '"') {
      for (++end; end < text_.size() && text_[end] != '"'; ++end)
        if (text_[end] == '\\') ++end;
      end = std::min(end + 1, text_.size());
    } else {
      while (end < text_.size() && !std::isspace(static_cast<unsigned char>(text_[end])) &&
             text_[end] != '(' && text_[end] != ')')
        ++end;
    }
    return text_.substr(at_, end - at_);
  }
  bool Take(std::string_view word) {
    std::string_view next = Peek();
    if (Lower(next) != word) return false;
    at_ += next.size();
    return true;
  }
  static NodeRef Join(std::string op, std::vector<NodeRef> inner) {
    if (inner.size() == 1 && op != "not") return inner[0];
    auto node = std::make_shared<ScimFilter::Node>();
    node->op = std::move(op);
    node->inner = std::move(inner);
    return node;
  }

  Result<NodeRef> Or(int depth) {
    std::vector<NodeRef> any;
    do {
      TARN_TRY(NodeRef next, And(depth));
      any.push_back(std::move(next));
    } while (Take("or"));
    return Join("or", std::move(any));
  }
  Result<NodeRef> And(int depth) {
    std::vector<NodeRef> all;
    do {
      TARN_TRY(NodeRef next, Term(depth));
      all.push_back(std::move(next));
    } while (Take("and"));
    return Join("and", std::move(all));
  }
  Result<NodeRef> Term(int depth) {
    if (depth > kMaxNesting) return Wrong("a less nested filter");
    if (Take("not")) {
      TARN_TRY(NodeRef inner, Term(depth + 1));
      return Join("not", {std::move(inner)});
    }
    if (!Take("(")) return Comparison();
    TARN_TRY(NodeRef inner, Or(depth + 1));
    if (!Take(")")) return Wrong("')'");
    return inner;
  }
  Result<NodeRef> Comparison() {
    auto node = std::make_shared<ScimFilter::Node>();
    std::string_view path = Peek();
    if (path.empty() || path[0] == '"' || path[0] == '(' || path[0] == ')')
      return Wrong("the name of an attribute");
    node->path = path;
    at_ += path.size();
    for (const char* op : {"eq", "ne", "co", "sw", "ew", "pr"})
      if (node->op.empty() && Take(op)) node->op = op;
    if (node->op.empty()) return Wrong("one of eq, ne, co, sw, ew, pr");
    if (node->op == "pr") return NodeRef(std::move(node));
    std::string_view word = Peek();
    Result<json::Value> value = json::Parse(word);
    if (word.empty() || !value.ok() || value->is_array() || value->is_object())
      return Wrong("a value (text in double quotes, a number, true or false)");
    at_ += word.size();
    node->text = TextOf(*value);
    return NodeRef(std::move(node));
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

Result<ScimFilter> ScimFilter::Parse(std::string_view text) {
  TARN_TRY(NodeRef root, Parser(text).Whole());
  return ScimFilter(std::move(root));
}

bool ScimFilter::Matches(const json::Value& resource) const { return root_->Matches(resource); }

}  // namespace tarn::api
