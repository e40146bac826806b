#include "verdict/right_form.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "formulas/parser.hpp"

namespace write_up {
namespace {

// In the order in which they are made of each other.
const char* const parts_text = R"(M = m; \Delta = \delta; V = W^3; U = W^2; P = (z^2 > 0); Q = (z^1 > 0);
    A = h^2; B = h^1; G = x; R = 0; S = \Delta V; K = (S \odot P) U;
    dl_dh3 = \Delta; dl_dW3 = \Delta^T A; dl_dh2 = S; dl_dW2 = (S \odot P)^T B; dl_dh1 = K; dl_dW1 = (K \odot Q)^T G;
    dh211_dW2 = \begin{bmatrix} P_{11} B \\ R B \end{bmatrix}; dh2_dh1 = \operatorname{diag}(P) U; slope = (x > 0))";

// In the order of the gradients.
const std::array<const char*, 9> names{"dl_dW3", "dl_dh3",  "dl_dh2", "slope", "dh211_dW2",
                                       "dl_dW2", "dh2_dh1", "dl_dh1", "dl_dW1"};

node number_node(double value) {
  node n;
  n.number = value;
  return n;
}

}  // namespace

std::vector<definition> changes_in(const std::string& text) {
  std::vector<definition> out;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find(';', from), text.size());
    const std::size_t sign = text.find('=', from);
    std::string name = text.substr(from, sign - from);
    std::erase_if(name, [](char c) { return c == ' ' || c == '\n' || c == '\\'; });
    definition d;
    d.left.kind = node_kind::name;
    d.left.text = name;
    d.right = parse_equation(text.substr(sign + 1, to - sign - 1)).front();
    walk(d.right, [](node& n) {
      if (n.kind == node_kind::name && n.text == "Omega") n = number_node(std::nan(""));
    });
    out.push_back(std::move(d));
    from = to + 1;
  }
  return out;
}

definition fixed(const std::string& name, const matrix& value) {
  definition d;
  d.left.kind = node_kind::name;
  d.left.text = name;
  d.right.kind = node_kind::matrix;
  d.right.columns = static_cast<int>(value.cols);
  for (const double v : value.data) d.right.child.push_back(number_node(v));
  return d;
}

right_form::right_form(const question& q, const std::vector<definition>& changes)
    : work_(limits{}), evaluator_(q, parts_, work_) {
  static const std::vector<definition> right = changes_in(parts_text);
  parts_ = right;
  if (q.part == 1) parts_.front().right = number_node(1);
  for (const definition& c : changes)
    for (definition& part : parts_)
      if (part.left.text == c.left.text) part.right = c.right;
  whole_.kind = node_kind::name;
  whole_.text = names[static_cast<std::size_t>(q.what)];
}

matrix right_form::at(const world& w) { return evaluator_.at(whole_, w, {}).m; }

}  // namespace write_up
