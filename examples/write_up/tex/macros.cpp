#include "tex/macros.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "tex/commands.hpp"

namespace write_up {
namespace {

std::size_t skip_space(const std::vector<token>& t, std::size_t i) {
  while (i < t.size() && t[i].kind == token_kind::space) ++i;
  return i;
}

// The tokens of one argument at `i` (a group without its braces, or one token); moves i behind it.
std::vector<token> take_argument(const std::vector<token>& t, std::size_t& i) {
  i = skip_space(t, i);
  if (i >= t.size()) return {};
  if (t[i].kind != token_kind::open) return {t[i++]};
  std::vector<token> out;
  int depth = 1;
  for (++i; i < t.size(); ++i) {
    depth += t[i].kind == token_kind::open ? 1 : t[i].kind == token_kind::close ? -1 : 0;
    if (depth == 0) return ++i, out;
    out.push_back(t[i]);
  }
  if (!out.empty()) out.pop_back();  // it never closes: the end mark is no part of it
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

const macro* at_place(const macro_table& table, const token& t) {
  return t.kind == token_kind::command ? table.find(t.text, t.where.begin.offset) : nullptr;
}

// Reads the parameters of a definition at k: [2][default], #1#2, or {mm}. False if they are of a kind we do not take.
bool take_parameters(const std::vector<token>& t, const std::string& how, std::size_t& k, macro& m) {
  if (how.ends_with("def")) {
    for (const std::size_t from = k; k < t.size() && t[k].kind != token_kind::open; ++k) {
      if (k - from > 40) return false;
      const bool parameter = t[k].is("#") || (t[k].kind == token_kind::digit && k > from && t[k - 1].is("#"));
      if (t[k].is("#")) ++m.arguments;
      if (!parameter) m.understood = false;  // \def\a(#1){…}
    }
  } else if (how.ends_with("DocumentCommand")) {
    const std::vector<token> kinds = take_argument(t, k);
    m.arguments = static_cast<int>(kinds.size());
    m.understood = std::all_of(kinds.begin(), kinds.end(), [](const token& a) { return a.is("m"); });
  } else if (k + 2 < t.size() && t[k].is("[")) {
    if (t[k + 1].kind != token_kind::digit || !t[k + 2].is("]")) return false;
    m.arguments = t[k + 1].text[0] - '0';
    k = skip_space(t, k + 3);
    if (k < t.size() && t[k].is("[")) {
      m.first_is_optional = true;
      m.first = take_brackets(t, k);
    }
  }
  return true;
}

// \def\csname delta\endcsname: moves k behind it and returns the name, "" if it is not spelled out.
std::string spelled_name(const std::vector<token>& t, std::size_t& k) {
  std::string name = "\\";
  for (++k; k < t.size() && !t[k].is("\\endcsname"); ++k) {
    if (t[k].kind == token_kind::command || name.size() > 40) return "";
    if (t[k].kind != token_kind::space) name += t[k].text;
  }
  ++k;
  return name;
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
  std::string name = t[k].text;
  k = skip_space(t, k + 1);
  if (name == "\\csname") {
    name = spelled_name(t, --k);
    m.understood = false;
    if (name.empty()) return false;
  }
  if (braces && (k >= t.size() || t[k].kind != token_kind::close)) return false;
  if (braces) k = skip_space(t, k + 1);
  if (how == "\\DeclareMathSymbol" || how == "\\DeclareMathAccent" || how == "\\mathchardef") {
    m.understood = false;
  } else if (how == "\\let" && k < t.size() && t[k].is("=")) {
    k = skip_space(t, k + 1);
  } else if (how != "\\let" && !take_parameters(t, how, k, m)) {
    return false;
  }
  k = skip_space(t, k);
  if (k >= t.size() && m.understood) return false;
  if (m.understood) m.body = take_argument(t, k);
  if (how == "\\DeclareMathOperator") {
    m.body.insert(m.body.begin(), {{token_kind::command, "\\operatorname", {}}, {token_kind::open, "{", {}}});
    m.body.push_back({token_kind::close, "}", {}});
  }
  if (m.arguments > 9) return false;
  if (how == "\\let" && m.body.size() == 1) {  // the meaning it has now, whatever becomes of it
    if (const macro* now = at_place(table, m.body[0])) m = *now;
  }
  m.from = t[i].where.begin.offset;
  table.add(name, std::move(m));
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
      const macro* const m = t[i].text == "\\answer" ? nullptr : at_place(table_, t[i]);
      if (m == nullptr) {
        if (out.size() >= cap_.tokens)
          throw complaint(trouble::too_much, t[i].where,
                          "the answer grows beyond " + std::to_string(cap_.tokens) + " tokens");
        out.push_back(t[i++]);
        continue;
      }
      if (depth >= cap_.macro_depth)
        throw complaint(trouble::too_much, t[i].where, "the macro " + t[i].text + " never ends");
      const std::string name = t[i].text;
      const span where = t[i++].where;
      if (!m->understood)
        throw complaint(trouble::not_understood, where, name + " is defined here in a way that is not understood");
      std::vector<std::vector<token>> arguments;
      for (int a = 0; a < m->arguments; ++a) {
        if (a == 0 && m->first_is_optional) {
          const bool given = skip_space(t, i) < t.size() && t[skip_space(t, i)].is("[");
          if (given) i = skip_space(t, i);
          arguments.push_back(given ? take_brackets(t, i) : m->first);
          continue;
        }
        if (skip_space(t, i) >= t.size())
          throw complaint(trouble::not_understood, where, "the macro " + name + " lacks an argument");
        arguments.push_back(take_argument(t, i));
      }
      run(filled(*m, arguments, where), depth + 1);
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

const macro* macro_table::find(const std::string& name, std::size_t offset) const {
  const auto all = all_.find(name);
  if (all == all_.end()) return nullptr;
  const auto behind = std::upper_bound(all->second.begin(), all->second.end(), offset,
                                       [](std::size_t at, const macro& m) { return at < m.from; });
  return behind == all->second.begin() ? nullptr : &*(behind - 1);
}

macro_table package_macros() {
  macro_table table;
  for (const auto& [name, body] :
       {std::pair{"\\pdv", "\\frac{\\partial #1}{\\partial #2}"}, std::pair{"\\dv", "\\frac{d #1}{d #2}"}}) {
    macro m;
    m.arguments = 2;
    m.body = tokenize(body);
    m.body.pop_back();  // the end mark
    table.add(name, m);
  }
  return table;
}

std::vector<token> take_macros(const std::vector<token>& tokens, macro_table& table) {
  std::vector<token> rest;
  for (std::size_t i = 0; i < tokens.size();) {
    const token& t = tokens[i];
    const bool defines = t.kind == token_kind::command && command_named(t.text).what == role::defines;
    if (!defines || !take_definition(tokens, i, table)) rest.push_back(tokens[i++]);
  }
  return rest;
}

std::vector<token> expand(const std::vector<token>& tokens, const macro_table& table, const limits& cap) {
  expander e(table, cap);
  e.run(tokens, 0);
  return std::move(e.out);
}

}  // namespace write_up
