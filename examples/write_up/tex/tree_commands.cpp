// What commands make of a formula: fonts, accents, text, notes, matrices.
#include <algorithm>
#include <set>

#include "formulas/lexicon.hpp"
#include "tex/builder.hpp"

namespace write_up {
namespace {

using kind = piece::kind;

// A note is a word, a shape or an equation; a word that takes back, or an operator, is none.
std::string trouble_in_note(const pieces& note) {
  const bool equation = std::any_of(note.begin(), note.end(), [](const piece& p) { return p.sign("="); });
  std::string word;
  for (const piece& p : note) {
    const bool sign = p.sign("-") || p.sign("+") || p.sign("\\cdot") || (p.sign("/") && note.size() == 1);
    if (sign && !equation) return "an operator in a note; expected plain symbols";
    if (!p.child.empty())
      if (std::string inside = trouble_in_note(p.child); !inside.empty()) return inside;
    word = p.is == kind::letter ? word + p.text : p.is == kind::word ? p.text : "";
    if (says(lowered(word), words::negates | words::takes_back | words::spoils))
      return "'" + word + "' in a note; expected plain symbols";
  }
  return "";
}

}  // namespace

void builder::font(const std::string& style, std::size_t first, pieces& out) {
  const bool braces = i_ < end_ && (skip_space(), i_ < end_) && t_[i_].kind == token_kind::open;
  const range r = argument();
  const std::string spelled = letters(r);
  const bool name = std::all_of(t_.begin() + static_cast<std::ptrdiff_t>(r.from),
                                t_.begin() + static_cast<std::ptrdiff_t>(std::max(r.from, r.to)), [](const token& l) {
                                  return l.kind == token_kind::letter || l.kind == token_kind::digit;
                                });
  const std::set<std::string> cases{"if", "otherwise", "else", "for", "when", "falls", "sonst"};
  if (name && spelled.size() > 1 && style == "\\mathrm" && cases.count(spelled) != 0) {
    out.push_back({kind::text, "", from(first), {{kind::word, spelled, from(first)}}});
    if (nested_ > 1) flatten(out);
  } else if (name && spelled.size() > 1 &&
             (!known_function(spelled).empty() || style == "\\operatorname" || style == "\\mathrm")) {
    out.push_back({kind::word, spelled, from(first)});
  } else if (name && spelled.size() == 1) {
    const token& one = t_[r.from];
    piece p{one.kind == token_kind::letter ? kind::letter : kind::digit, one.text, from(first)};
    p.styled = p.text != "I" || (style != "\\mathcal" && style != "\\operatorname");
    if (style == "\\mathcal" && p.text == "L") p.text = "l";
    out.push_back(std::move(p));
  } else if (braces) {
    const deeper now(*this);
    group(r, first, out);
  } else {
    i_ = r.from;  // \mathbf\delta
  }
}

void builder::accent(const std::string& mark, std::size_t first, pieces& out) {
  pieces inside = within(argument(), [&] { return sequence(false); });
  while (inside.size() == 1 && inside[0].is == kind::group) {
    pieces below = std::move(inside[0].child);
    inside = std::move(below);
  }
  const std::string usual = command_named(mark).usual;
  const bool one = inside.size() == 1 && (inside[0].is == kind::letter || inside[0].is == kind::sign);
  if (!one) return out.push_back(broken(first, "more than a letter here; expected one letter under " + usual));
  if (usual == "\\dot" && inside[0].text == "\\sigma") return out.push_back({kind::sign, "\\dot\\sigma", from(first)});
  out.push_back({kind::letter, usual + " " + inside[0].text, from(first)});
}

void builder::words(std::size_t first, pieces& out) {
  const range r = argument();
  const std::string name = letters(r);
  if (name == "T" || name == "d" || !known_function(name).empty())
    return out.push_back({name.size() == 1 ? kind::letter : kind::word, name, from(first)});
  if (depth_ > 9) throw complaint(trouble::too_much, t_[first].where, "text and braces nested too deeply");
  piece p{kind::text, name};
  p.child = within(r, [&] { return text(); });
  p.where = from(first);
  out.push_back(std::move(p));
  if (nested_ > 1) flatten(out);
}

void builder::flatten(pieces& out) {
  pieces inside = std::move(out.back().child);
  out.pop_back();
  int note = 0;
  for (piece& p : inside) {
    note += p.sign("(") ? 1 : p.sign(")") ? -1 : 0;
    if (note > 0) continue;
    p.of_text = true;
    if (p.is == kind::formula) {
      out.insert(out.end(), p.child.begin(), p.child.end());
    } else if (p.is == kind::word || p.is == kind::digit || p.is == kind::broken || is_operator(p)) {
      out.push_back(std::move(p));
    }
  }
}

void builder::note(const std::string& name, std::size_t first, pieces& out) {
  if (name == "\\underbrace" || name == "\\overbrace") {
    if (depth_ > 9) throw complaint(trouble::too_much, t_[first].where, "text and braces nested too deeply");
    pieces inside = within(argument(), [&] { return sequence(false); });
    out.insert(out.end(), inside.begin(), inside.end());
    skip_space();
    if (i_ >= end_ || (t_[i_].kind != token_kind::down && t_[i_].kind != token_kind::up)) return;
    ++i_;
    read_note(first, out);
    return;
  }
  read_note(first, out);
  const range r = argument();
  if (name == "\\underset") return group(r, first, out);
  pieces below = within(r, [&] { return sequence(false); });
  const bool relation = below.size() == 1 && (below[0].sign("=") || below[0].sign(":"));
  out.push_back(relation ? piece{kind::sign, "=", from(first)}
                         : broken(first, "something stacked on a symbol; expected plain symbols"));
}

void builder::read_note(std::size_t first, pieces& out) {
  const std::string why = trouble_in_note(within(argument(), [&] { return sequence(false); }));
  if (!why.empty()) out.push_back(broken(first, why));
}

void builder::environment_piece(std::size_t first, pieces& out) {
  const std::string name = name_at(first);
  const environment e = environment_named(name);
  const std::size_t close = std::min(match_[first], end_);
  if (e.kind != "display" && e.kind != "matrix" && e.kind != "cases") {
    return out.push_back(
        broken(first, "'\\begin' is not understood here; expected matrix, bmatrix, pmatrix, array or cases"));
  }
  (void)argument();
  if (close >= end_ || name_at(close) != name) {
    out.push_back(broken(end_ - 1, "the formula ends here; expected \\end{" + name + "}"));
    return (void)(i_ = end_);
  }
  if (e.kind != "matrix" || name == "array") skip_brackets();
  for (int k = 0; k < e.arguments; ++k) (void)argument();
  if (e.kind == "display") {
    --nested_;  // its lines stand in the row around it
    pieces inside = within({i_, close}, [&] { return sequence(false); });
    ++nested_;
    out.insert(out.end(), inside.begin(), inside.end());
  } else {
    piece p{kind::table, name};
    p.child = within({i_, close}, [&] { return rows(); });
    p.close = e.kind;
    out.push_back(std::move(p));
  }
  i_ = close + 1;
  (void)argument();
  if (e.kind != "display") out.back().where = from(first);
}

pieces builder::rows() {
  const deeper now(*this);
  const std::size_t first = i_;
  pieces row, cell, out;
  const auto end_cell = [&] {
    gaps_in(cell);
    piece c{kind::group, "", from(first), std::move(cell)};
    cell.clear();
    row.push_back(std::move(c));
  };
  const auto end_row = [&] {
    if (row.empty() && cell.empty()) return;
    end_cell();
    out.push_back({kind::group, "", from(first), std::move(row)});
    row.clear();
  };
  pieces all = sequence(false);
  for (piece& p : all) {
    if (p.sign("\\\\")) {
      end_row();
    } else if (p.sign("&")) {
      end_cell();
    } else {
      cell.push_back(std::move(p));
    }
  }
  end_row();
  return out;
}

}  // namespace write_up
