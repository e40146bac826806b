// From the pieces of an answer to its equations: ranges such as "for j = 1, 2, 3" are set aside, lines that begin with
// = go on from the one before.
#include <algorithm>
#include <set>

#include "document.hpp"
#include "parser.hpp"
#include "splitter.hpp"

namespace homework::check {
namespace {

bool is_dots_or_mark(const token& t) {
  return t.text == "\\dots" || t.text == "?" || t.text == "." || t.text == "!" || t.text == "\\cdots";
}

// j = 1,2,3 and 1 ≤ k ≤ m say where indices run; they are no equations.
bool only_a_range(const std::vector<token>& tokens) {
  bool letter = false;
  bool relation = false;
  for (const token& t : tokens) {
    if (t.kind == token_kind::letter && (is_index_letter(t.text) || t.text == "m" || t.text == "l")) {
      letter = letter || t.text != "m";
      continue;
    }
    static const std::set<std::string> relations{"=", "\\in", "\\le", "<", "\\forall"};
    if (relations.count(t.text) != 0) {
      relation = true;
      continue;
    }
    static const std::set<std::string> others{",", "\\dots", "(", ")", "\\{", "\\}", ":", "."};
    if (t.kind != token_kind::digit && others.count(t.text) == 0) return false;
  }
  return letter && relation;
}

bool only_digits(const std::vector<token>& tokens) {
  return std::all_of(tokens.begin(), tokens.end(), [](const token& t) {
    return t.kind == token_kind::digit || t.text == "\\dots" || t.text == "m" || t.text == "." || t.text == ")" ||
           t.text == "\\}";
  });
}

bool is_operator(const token& t) {
  return t.text == "\\odot" || t.text == "\\cdot" || t.text == "\\times" || t.text == "\\top";
}

bool is_relation(const token& t) {
  static const std::set<std::string> relations{"=", "<", ">", "\\le", "\\ge", "\\ne", "\\in"};
  return relations.count(t.text) != 0;
}

// j = 1, 2, 3; j = 1, …, m; k ∈ {1, 2}; 1 ≤ j ≤ 3, without the commas.
said_range range_in(const std::vector<token>& tokens) {
  said_range r;
  r.where = {tokens.front().where.begin, tokens.back().where.end};
  std::string shape;  // a digit is 1, an index letter i
  std::vector<int> numbers;
  for (const token& t : tokens) {
    if (t.kind == token_kind::digit) {
      numbers.push_back(t.text[0] - '0');
      shape += '1';
    } else if (t.text == "m") {
      shape += 'm';
    } else if (t.text == "\\dots" || t.text == ":") {
      shape += '.';
    } else if (t.kind == token_kind::letter) {
      r.letter = t.text;
      shape += 'i';
    } else if (is_relation(t)) {
      shape += t.text == "\\in" ? '=' : t.text == "\\le" ? 'l' : t.text[0];
    }
  }
  if (shape == "1lil1" || shape == "1li<1" || shape == "1lilm") {
    r.first = numbers[0];
    r.to_m = shape.back() == 'm';
    r.last = r.to_m ? 0 : numbers[1] - (shape[3] == '<' ? 1 : 0);
  } else if (shape.rfind("i=1", 0) == 0 && shape.find('i', 1) == std::string::npos &&
             shape.find_first_of("=<l", 2) == std::string::npos) {
    r.first = numbers.front();
    r.last = numbers.back();
    r.to_m = shape.back() == 'm';
    const bool dots = shape.find('.') != std::string::npos;
    for (std::size_t k = 1; k < numbers.size() && !dots; ++k)
      if (numbers[k] != numbers[k - 1] + 1) r.first = 0;
  }
  return r;
}

// "for m = 2" and "for all x ∈ ℝ" take nothing back.
bool harmless_condition(const std::vector<token>& tokens) {
  std::string spelled;
  for (const token& t : tokens)
    if (t.kind != token_kind::open && t.kind != token_kind::close) spelled += t.text;
  return spelled == "m=2" || spelled == "x\\in\\mathbbR";
}

void drop_trailing_dots(std::vector<token>& tokens) {
  while (!tokens.empty() && (tokens.back().text == "." || tokens.back().text == "," || tokens.back().text == ";" ||
                             tokens.back().text == ":"))
    tokens.pop_back();
}

}  // namespace

statements read_statements(const std::vector<token>& tokens, const macro_table& macros, const limits& cap) {
  statements out;
  std::vector<piece> pieces;
  try {
    pieces = split(expand(tokens, macros, cap));
  } catch (const complaint& c) {
    out.unread.push_back(c);
    return out;
  }
  std::vector<token> range;  // the one that may go on: j = 1 | 2 | 3
  const auto end_range = [&] {
    if (!range.empty()) out.ranges.push_back(range_in(range));
    range.clear();
  };
  bool any = false;
  for (const piece& p : pieces) {
    try {
      std::vector<token> plain = plain_math(p.tokens);
      drop_trailing_dots(plain);
      const bool goes_on = !range.empty() && p.after_comma && !plain.empty() && only_digits(plain);
      if (!goes_on && (plain.empty() || std::all_of(plain.begin(), plain.end(), is_dots_or_mark))) continue;
      any = true;
      if (plain.size() == 1 && is_operator(plain[0])) continue;  // "where ⊙ is the product entry by entry"
      if (!goes_on) end_range();
      if (goes_on || only_a_range(plain)) {
        range.insert(range.end(), plain.begin(), plain.end());
        continue;
      }
      if ((p.a_case || (p.condition && std::any_of(plain.begin(), plain.end(), is_relation))) &&
          !harmless_condition(plain))
        throw complaint(trouble::not_understood, plain[0].where,
                        "a condition in words; expected \\begin{cases} or a factor such as (z > 0)");
      if (p.condition) continue;
      if (out.list.size() >= cap.formulas)
        throw complaint(trouble::too_much, plain[0].where, "more than " + std::to_string(cap.formulas) + " formulas");
      if (plain[0].text == "=" && !out.list.empty()) {
        std::vector<node> more = parse_equation(plain, cap);
        statement& last = out.list.back();
        last.sides.insert(last.sides.end(), more.begin(), more.end());
        last.where.end = plain.back().where.end;
        last.negated = last.negated || p.negated;
        continue;
      }
      out.list.push_back({parse_equation(plain, cap),
                          {plain.front().where.begin, plain.back().where.end},
                          p.defines,
                          p.displayed,
                          p.after_word,
                          p.negated});
    } catch (const complaint& c) {
      out.unread.push_back(c);
    }
  }
  end_range();
  out.empty = !any;
  return out;
}

}  // namespace homework::check
