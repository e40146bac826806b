// From the pieces of an answer to its equations: ranges such as "for j = 1, 2, 3" are set aside, lines that begin with
// = go on from the one before.
#include <algorithm>
#include <set>

#include "answers/document.hpp"
#include "formulas/parser.hpp"
#include "formulas/splitter.hpp"

namespace write_up {
namespace {

bool is_dots_or_mark(const token& t) {
  static const std::set<std::string> marks{"\\dots", "\\cdots", "?", ".", "!", "-", "\\_"};
  return marks.count(t.text) != 0;
}

// I(·), "the indicator function": a function is introduced.
bool names_a_function_only(const std::vector<token>& tokens) {
  for (std::size_t k = 0; k + 2 < tokens.size(); ++k)
    if ((tokens[k].is("(") || tokens[k].is("[")) && tokens[k + 1].is("\\cdot") && tokens[k + 2].is(")")) return true;
  return false;
}

// "= ?" and "=" at the end of an equation: a prompt. True if there was one.
bool drop_prompt(std::vector<token>& tokens) {
  bool mark = false;
  while (!tokens.empty() && (tokens.back().is("?") || (mark && is_dots_or_mark(tokens.back())))) {
    mark = true;
    tokens.pop_back();
  }
  const bool open = !tokens.empty() && tokens.back().is("=");
  if (open) tokens.pop_back();
  return open || mark;
}

// A matrix of the partial derivatives asked for says what is to be worked out, not what it is.
bool is_prompt(const node& side) {
  return side.kind == node_kind::matrix && std::all_of(side.child.begin(), side.child.end(), [&](const node& entry) {
           return entry.kind == node_kind::derivative && !entry.child[1].sub.empty() &&
                  entry.child[0].text == side.child[0].child[0].text &&
                  entry.child[1].text == side.child[0].child[1].text &&
                  entry.child[1].layer == side.child[0].child[1].layer;
         });
}

// Takes off what is still to be filled in; true if nothing is left but what is asked for.
bool drop_prompts(std::vector<node>& sides, bool open_end) {
  bool any = open_end;
  while (!sides.empty() && is_prompt(sides.back())) {
    sides.pop_back();
    any = true;
  }
  return any && sides.size() < 2;
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
    static const std::set<std::string> others{",", "\\dots", "(", ")", "\\{", "\\}", ":", ".", ";", "[", "]"};
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
    } else if (t.text == "\\dots" || t.text == ":" || t.text == ".") {
      if (shape.empty() || shape.back() != '.') shape += '.';
    } else if (t.kind == token_kind::letter) {
      r.letter = t.text;
      shape += 'i';
    } else if (is_relation(t)) {
      shape += t.text == "\\in" ? '=' : t.text == "\\le" ? 'l' : t.text[0];
    }
  }
  const bool first_numbers = numbers.size() == 1 && tokens.size() > 4 && tokens[2].is("[");  // j in [3]
  while (!shape.empty() && shape.back() == '.') shape.pop_back();
  if (first_numbers) {
    r.first = 1;
    r.last = numbers[0];
  } else if (shape == "1lil1" || shape == "1li<1" || shape == "1lilm") {
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

// i = 1, 2; j = 1, 2, 3: a range begins with a letter that a relation follows, or at 1 ≤ j.
void add_ranges(const std::vector<token>& tokens, std::vector<said_range>& out) {
  std::vector<token> one;
  const auto letter = [&](std::size_t k) {
    return k < tokens.size() && tokens[k].kind == token_kind::letter && tokens[k].text != "m";
  };
  const auto ends = [&] {
    if (!one.empty()) out.push_back(range_in(one));
    one.clear();
  };
  for (std::size_t k = 0; k < tokens.size(); ++k) {
    const bool named = letter(k) && k + 1 < tokens.size() && (tokens[k + 1].is("=") || tokens[k + 1].is("\\in"));
    const bool between = tokens[k].kind == token_kind::digit && k + 2 < tokens.size() &&
                         (tokens[k + 1].is("\\le") || tokens[k + 1].is("<")) && letter(k + 2);
    if ((named || between) && std::any_of(one.begin(), one.end(), is_relation)) ends();
    one.push_back(tokens[k]);
  }
  ends();
}

// A formula may say where it lives, δ h² ∈ ℝ^{1×2}; a symbol may be introduced so.
void drop_membership(std::vector<token>& tokens) {
  int depth = 0;
  for (std::size_t k = 0; k < tokens.size(); ++k) {
    const token& t = tokens[k];
    depth += t.kind == token_kind::open || t.is("(") || t.is("[") ? 1 : 0;
    depth -= t.kind == token_kind::close || t.is(")") || t.is("]") ? 1 : 0;
    const bool space = k + 1 < tokens.size() && (tokens[k + 1].is("\\mathbb") || tokens[k + 1].is("\\mathds"));
    if (depth == 0 && t.is("\\in") && space) return tokens.resize(k);
  }
}

// (2 × 3), m × 1: a shape.
bool only_a_shape(const std::vector<token>& tokens) {
  bool times = false;
  for (const token& t : tokens) {
    times = times || t.is("\\times");
    if (t.kind != token_kind::digit && !t.is("\\times") && !t.is("m") && !t.is("(") && !t.is(")") && !t.is("="))
      return false;
  }
  return times;
}

// σ(x) = …, H(x) = … that cannot be read: whatever it is, it is not the sheet's.
void note_function(const std::vector<token>& t, statements& out) {
  const bool equation = std::any_of(t.begin(), t.end(), [](const token& each) { return each.is("="); });
  const bool step = t.size() > 1 && (t[0].is("\\Theta") || t[0].is("H")) && t[1].is("(");
  if (!equation || !(step || t[0].is("\\sigma"))) return;
  node function;
  function.kind = node_kind::apply;
  function.where = t[0].where;
  function.text = step ? "step" : t.size() > 1 && t[1].is("'") ? "relu'" : "relu";
  out.unknown_functions.push_back(std::move(function));
}

void drop_trailing_dots(std::vector<token>& tokens) {
  while (!tokens.empty() && (tokens.back().text == "." || tokens.back().text == "," || tokens.back().text == ";" ||
                             tokens.back().text == ":"))
    tokens.pop_back();
}

// "We write δ for y - h^3", "denote y - h^3 by δ": an equation in words.
bool names_the_last(const std::vector<token>& plain, const piece& p, statements& out, const limits& cap) {
  if (out.list.empty() || !out.list.back().defines || out.list.back().sides.size() != 1 || plain.size() == 1) {
    if (out.list.empty() || !out.list.back().defines || out.list.back().sides.size() != 1 || p.condition) return false;
  }
  statement& last = out.list.back();
  std::vector<node> more = parse_equation(plain, cap);
  if (more.size() != 1 || (last.sides[0].kind != node_kind::name && more[0].kind != node_kind::name)) return false;
  last.sides.push_back(std::move(more[0]));
  if (last.sides[0].kind != node_kind::name) std::swap(last.sides[0], last.sides[1]);
  return true;
}

}  // namespace

statements read_statements(const std::vector<token>& tokens, const macro_table& macros, const limits& cap,
                           bool keep_asked) {
  statements out;
  std::vector<piece> pieces;
  try {
    pieces = split(expand(tokens, macros, cap));
    const auto asked = [](const piece& p) { return p.asked; };
    if (!keep_asked || !std::all_of(pieces.begin(), pieces.end(), asked)) std::erase_if(pieces, asked);
  } catch (const complaint& c) {
    out.unread.push_back(c);
    return out;
  }
  std::vector<token> range;  // the one that may go on: j = 1 | 2 | 3
  const auto end_range = [&] {
    if (!range.empty()) add_ranges(range, out.ranges);
    range.clear();
  };
  bool any = false;
  for (const piece& p : pieces) {
    std::vector<token> plain;
    try {
      plain = plain_math(p.tokens);
      drop_trailing_dots(plain);
      drop_membership(plain);
      const bool goes_on = !range.empty() && p.after_comma && !plain.empty() && only_digits(plain);
      if (!goes_on && (plain.empty() || std::all_of(plain.begin(), plain.end(), is_dots_or_mark))) continue;
      any = true;
      if (names_a_function_only(plain)) continue;
      const bool open_end = drop_prompt(plain);
      if (plain.empty()) continue;
      if (plain.size() == 1 && is_operator(plain[0])) continue;  // "where ⊙ is the product entry by entry"
      if (only_a_shape(plain) && !out.list.empty()) continue;
      if (!goes_on) end_range();
      if (goes_on || only_a_range(plain)) {
        range.insert(range.end(), plain.begin(), plain.end());
        continue;
      }
      if ((p.a_case || (p.condition && std::any_of(plain.begin(), plain.end(), is_relation))) &&
          !harmless_condition(plain))
        throw complaint(trouble::not_understood, plain[0].where,
                        "a condition in words; expected \\begin{cases} or a factor such as (z > 0)");
      if (p.names && names_the_last(plain, p, out, cap)) continue;
      if (p.condition) continue;
      if (out.list.size() >= cap.formulas)
        throw complaint(trouble::too_much, plain[0].where, "more than " + std::to_string(cap.formulas) + " formulas");
      if (plain[0].text == "=" && !out.list.empty()) {
        std::vector<node> more = parse_equation(plain, cap);
        if (drop_prompts(more, open_end) && more.empty()) continue;
        statement& last = out.list.back();
        last.sides.insert(last.sides.end(), more.begin(), more.end());
        last.where.end = plain.back().where.end;
        last.negated = last.negated || p.negated;
        continue;
      }
      std::vector<node> sides = parse_equation(plain, cap);
      if (drop_prompts(sides, open_end)) {
        out.prompt = true;
        continue;
      }
      out.list.push_back({std::move(sides),
                          {plain.front().where.begin, plain.back().where.end},
                          p.defines,
                          p.displayed,
                          p.after_word,
                          p.negated,
                          p.reason,
                          p.joined});
    } catch (const complaint& c) {
      if (!plain.empty()) note_function(plain, out);
      out.unread.push_back(c);
    }
  }
  end_range();
  out.empty = !any;
  return out;
}

}  // namespace write_up
