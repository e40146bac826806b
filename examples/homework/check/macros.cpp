#include "macros.hpp"

#include <cstddef>

namespace homework::check {
namespace {

// The index after the group that opens at `i`; tokens.size() if it never closes.
std::size_t after_group(const std::vector<token>& t, std::size_t i) {
  int depth = 0;
  for (; i < t.size(); ++i) {
    if (t[i].kind == token_kind::open) ++depth;
    if (t[i].kind == token_kind::close && --depth == 0) return i + 1;
  }
  return t.size();
}

std::size_t skip_space(const std::vector<token>& t, std::size_t i) {
  while (i < t.size() && t[i].kind == token_kind::space) ++i;
  return i;
}

// The tokens of one argument at `i` (a group without its braces, or one token); moves i behind it.
std::vector<token> take_argument(const std::vector<token>& t, std::size_t& i) {
  i = skip_space(t, i);
  if (i >= t.size()) return {};
  if (t[i].kind != token_kind::open) return {t[i++]};
  const std::size_t end = after_group(t, i);
  std::vector<token> out(t.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                         t.begin() + static_cast<std::ptrdiff_t>(end > i + 1 ? end - 1 : end));
  i = end;
  return out;
}

// Reads one definition whose command is t[i]; moves i behind it. False if it is not one we can take.
bool take_definition(const std::vector<token>& t, std::size_t& i, macro_table& table) {
  const std::string how = t[i].text;
  std::size_t k = skip_space(t, i + 1);
  macro m;
  if (k >= t.size()) return false;
  const std::vector<token> name = take_argument(t, k);
  if (name.size() != 1 || name[0].kind != token_kind::command) return false;
  k = skip_space(t, k);
  if (how == "\\def") {
    while (k < t.size() && t[k].kind != token_kind::open) {
      if (t[k].is("#")) ++m.arguments;
      ++k;
    }
  } else if (k + 2 < t.size() && t[k].is("[")) {
    if (t[k + 1].kind != token_kind::digit || !t[k + 2].is("]")) return false;
    m.arguments = t[k + 1].text[0] - '0';
    k = skip_space(t, k + 3);
  }
  if (k >= t.size()) return false;
  m.body = take_argument(t, k);
  if (how == "\\DeclareMathOperator") {
    token operator_name{token_kind::command, "\\operatorname", name[0].where};
    m.body.insert(m.body.begin(), {operator_name, {token_kind::open, "{", name[0].where}});
    m.body.push_back({token_kind::close, "}", name[0].where});
  }
  // The template's own mark: read by the checker, never expanded.
  if (name[0].text != "\\answer") table[name[0].text] = m;
  i = k;
  return true;
}

class expander {
 public:
  expander(const macro_table& table, const limits& cap) : table_(table), cap_(cap) {}

  void run(const std::vector<token>& t, std::size_t depth) {
    for (std::size_t i = 0; i < t.size();) {
      // Counted apart from the output: macros that expand to nothing can still double at every level.
      if (++visited_ > 10 * cap_.tokens)
        throw complaint(trouble::too_much, t[i].where, "the macros of this answer expand too long");
      const auto m = t[i].kind == token_kind::command ? table_.find(t[i].text) : table_.end();
      if (m == table_.end()) {
        if (out.size() >= cap_.tokens)
          throw complaint(trouble::too_much, t[i].where,
                          "the answer grows beyond " + std::to_string(cap_.tokens) + " tokens");
        out.push_back(t[i++]);
        continue;
      }
      if (depth >= cap_.macro_depth)
        throw complaint(trouble::too_much, t[i].where, "the macro " + t[i].text + " never ends");
      const span where = t[i++].where;
      std::vector<std::vector<token>> arguments;
      for (int a = 0; a < m->second.arguments; ++a) {
        if (skip_space(t, i) >= t.size())
          throw complaint(trouble::not_understood, where, "the macro " + m->first + " lacks an argument");
        arguments.push_back(take_argument(t, i));
      }
      run(filled(m->second, arguments, where), depth + 1);
    }
  }

  std::vector<token> out;

 private:
  std::vector<token> filled(const macro& m, const std::vector<std::vector<token>>& arguments, span where) const {
    std::vector<token> body;
    for (std::size_t k = 0; k < m.body.size(); ++k) {
      const bool hole = m.body[k].is("#") && k + 1 < m.body.size() && m.body[k + 1].kind == token_kind::digit;
      const std::size_t which = hole ? static_cast<std::size_t>(m.body[k + 1].text[0] - '0') : 0;
      if (hole && which >= 1 && which <= arguments.size()) {
        body.insert(body.end(), arguments[which - 1].begin(), arguments[which - 1].end());
        ++k;
      } else {
        body.push_back(m.body[k]);
        body.back().where = where;
      }
      if (body.size() > cap_.tokens)
        throw complaint(trouble::too_much, where, "the macro grows beyond " + std::to_string(cap_.tokens) + " tokens");
    }
    return body;
  }

  const macro_table& table_;
  const limits& cap_;
  std::size_t visited_ = 0;
};

}  // namespace

std::vector<token> take_macros(const std::vector<token>& tokens, macro_table& table) {
  std::vector<token> rest;
  for (std::size_t i = 0; i < tokens.size();) {
    const token& t = tokens[i];
    const bool defines = t.is("\\newcommand") || t.is("\\renewcommand") || t.is("\\providecommand") || t.is("\\def") ||
                         t.is("\\DeclareMathOperator");
    if (!defines || !take_definition(tokens, i, table)) rest.push_back(tokens[i++]);
  }
  return rest;
}

std::vector<token> expand(const std::vector<token>& tokens, const macro_table& table, const limits& cap) {
  expander e(table, cap);
  e.run(tokens, 0);
  return std::move(e.out);
}

}  // namespace homework::check
