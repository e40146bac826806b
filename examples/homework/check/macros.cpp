#include "macros.hpp"

#include <cstddef>
#include <utility>

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

// The tokens between [ at `i` and its ]; moves i behind it.
std::vector<token> take_brackets(const std::vector<token>& t, std::size_t& i) {
  std::vector<token> out;
  int depth = 0;
  for (++i; i < t.size() && out.size() < 1000; ++i) {
    depth += t[i].kind == token_kind::open ? 1 : t[i].kind == token_kind::close ? -1 : 0;
    if (depth == 0 && t[i].is("]")) break;
    out.push_back(t[i]);
  }
  if (i < t.size()) ++i;
  return out;
}

// Reads one definition whose command is t[i]; moves i behind it. False if it is not one we can take.
bool take_definition(const std::vector<token>& t, std::size_t& i, macro_table& table) {
  const std::string how = t[i].text;
  std::size_t k = skip_space(t, i + 1);
  macro m;
  if (k >= t.size()) return false;
  const bool braces = t[k].kind == token_kind::open;
  if (braces) k = skip_space(t, k + 1);
  if (k >= t.size() || t[k].kind != token_kind::command) return false;
  const token& name = t[k];
  k = skip_space(t, k + 1);
  if (braces && (k >= t.size() || t[k].kind != token_kind::close)) return false;
  if (braces) k = skip_space(t, k + 1);
  if (how == "\\let") {
    if (k < t.size() && t[k].is("=")) k = skip_space(t, k + 1);
  } else if (how == "\\def") {
    for (const std::size_t from = k; k < t.size() && t[k].kind != token_kind::open; ++k) {
      if (k - from > 40) return false;
      if (t[k].is("#")) ++m.arguments;
    }
  } else if (k + 2 < t.size() && t[k].is("[")) {
    if (t[k + 1].kind != token_kind::digit || !t[k + 2].is("]")) return false;
    m.arguments = t[k + 1].text[0] - '0';
    k = skip_space(t, k + 3);
    if (k < t.size() && t[k].is("[")) {
      m.first_is_optional = true;
      m.first = take_brackets(t, k);
      k = skip_space(t, k);
    }
  }
  if (k >= t.size()) return false;
  m.body = take_argument(t, k);
  if (how == "\\DeclareMathOperator") {
    token operator_name{token_kind::command, "\\operatorname", name.where};
    m.body.insert(m.body.begin(), {operator_name, {token_kind::open, "{", name.where}});
    m.body.push_back({token_kind::close, "}", name.where});
  }
  // The template's own mark: read by the checker, never expanded.
  if (name.text != "\\answer") table[name.text] = m;
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
        if (a == 0 && m->second.first_is_optional) {
          const bool given = skip_space(t, i) < t.size() && t[skip_space(t, i)].is("[");
          if (given) i = skip_space(t, i);
          arguments.push_back(given ? take_brackets(t, i) : m->second.first);
          continue;
        }
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

std::vector<token> only_printed(const std::vector<token>& tokens) {
  std::vector<token> out;
  int hidden = 0;  // how deep in \iffalse
  std::string environment;
  int printed = 0;  // how many \else branches are open
  const auto names = [&](std::size_t i, const std::string& name) {
    i = skip_space(tokens, i);
    if (i >= tokens.size() || tokens[i].kind != token_kind::open) return false;
    for (std::size_t k = 0; k < name.size(); ++k)
      if (i + 1 + k >= tokens.size() || tokens[i + 1 + k].text != name.substr(k, 1)) return false;
    return i + 1 + name.size() < tokens.size() && tokens[i + 1 + name.size()].kind == token_kind::close;
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const token& t = tokens[i];
    if (!environment.empty()) {
      if (t.is("\\end") && names(i + 1, environment)) {
        i = skip_space(tokens, i + 1) + environment.size() + 1;
        environment.clear();
      }
      continue;
    }
    const bool opens = t.kind == token_kind::command && t.text.rfind("\\if", 0) == 0;
    if (hidden > 0) {
      hidden += opens ? 1 : t.is("\\fi") ? -1 : 0;
      if (hidden == 1 && t.is("\\else")) {
        hidden = 0;
        ++printed;
      }
      continue;
    }
    if (t.is("\\iffalse")) {
      hidden = 1;
      continue;
    }
    if (t.is("\\fi") && printed > 0) {
      --printed;
      continue;
    }
    if (t.is("\\begin"))
      for (const char* name : {"comment", "verbatim"})
        if (names(i + 1, name)) environment = name;
    if (environment.empty()) out.push_back(t);
  }
  return out;
}

macro_table package_macros() {
  macro_table table;
  for (const auto& [name, body] :
       {std::pair{"\\pdv", "\\frac{\\partial #1}{\\partial #2}"}, std::pair{"\\dv", "\\frac{d #1}{d #2}"}}) {
    macro m;
    m.arguments = 2;
    m.body = tokenize(body);
    m.body.pop_back();  // the end mark
    table[name] = m;
  }
  return table;
}

std::vector<token> take_macros(const std::vector<token>& tokens, macro_table& table) {
  std::vector<token> rest;
  for (std::size_t i = 0; i < tokens.size();) {
    const token& t = tokens[i];
    const bool defines = t.is("\\newcommand") || t.is("\\renewcommand") || t.is("\\providecommand") || t.is("\\def") ||
                         t.is("\\DeclareMathOperator") || t.is("\\let");
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
