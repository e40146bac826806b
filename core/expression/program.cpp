#include <xgrad/core/expression/program.hpp>

#include <cctype>
#include <cstdio>
#include <string_view>
#include <vector>

namespace xg {

namespace {

bool is_operator(std::string_view name) { return !std::isalpha(static_cast<unsigned char>(name.front())); }

// How tightly an operator of the text binds; function calls and names bind tightest.
int precedence(std::string_view name, int arity) {
  if (!is_operator(name)) return 10;
  if (arity == 1) return 9;
  if (name == "*" || name == "/") return 8;
  if (name == "+" || name == "-") return 7;
  if (name == "||") return 3;
  if (name == "&&") return 4;
  return 5;  // comparisons
}

struct piece {
  std::string text;
  int precedence;
};

}  // namespace

template <class T>
std::string to_string(const program_view<T>& program, std::span<const std::string> inputs) {
  std::vector<piece> values;
  for (const std::string& name : inputs) values.push_back({name, 10});
  for (T number : program.numbers) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", double(number));
    values.push_back({text, number < 0 ? 9 : 10});
  }
  for (const step<T>& s : program.steps) {
    const op_info<T>& op = s.op();
    const int own = precedence(op.name, op.arity);
    const auto operand = [&](int k, bool tighter) {
      const piece& p = values[std::size_t(s.in[std::size_t(k)])];
      return p.precedence < own || (tighter && p.precedence == own) ? "(" + p.text + ")" : p.text;
    };
    std::string text;
    if (!is_operator(op.name)) {
      text = std::string(op.name) + "(";
      for (int k = 0; k < op.arity; ++k) text += (k ? ", " : "") + values[std::size_t(s.in[std::size_t(k)])].text;
      text += ")";
    } else if (op.arity == 1) {
      text = op.name + operand(0, true);
    } else {
      text = operand(0, false) + " " + op.name + " " + operand(1, true);
    }
    values.push_back({text, own});
  }
  return values.back().text;
}

template std::string to_string(const program_view<float>&, std::span<const std::string>);
template std::string to_string(const program_view<double>&, std::span<const std::string>);

}  // namespace xg
