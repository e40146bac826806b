// The tree of a text, and what texts and formulas read alike.
#include <algorithm>

#include "tex/builder.hpp"

namespace write_up {
namespace {

using kind = piece::kind;

bool is_letter(const token& t) {
  return t.kind == token_kind::letter ||
         (t.kind == token_kind::symbol && t.text.size() > 1 && !is_operator({kind::sign, t.text}));
}

}  // namespace

bool builder::has_formulas() {
  for (; i_ < end_; ++i_) {
    const token& t = t_[i_];
    if (t.kind == token_kind::math || t.is("\\[") || t.is("\\(")) return true;
    if (t.is("\\begin")) {
      const std::string name = name_at(i_);
      if (opens_formula(name) && name != "aligned" && name != "split" && name != "gathered") return true;
    }
    if (command_named(t.text).what == role::words) {
      ++i_;
      (void)argument();
      --i_;
    }
  }
  return false;
}

pieces builder::text() {
  pieces out;
  const deeper now(*this);
  const int nested = std::exchange(nested_, 0);
  while (i_ < end_) text_piece(out);
  nested_ = nested;
  return out;
}

void builder::skip_space() {
  while (i_ < end_ && (t_[i_].kind == token_kind::space || t_[i_].kind == token_kind::paragraph)) ++i_;
}

builder::range builder::argument() {
  skip_space();
  if (i_ >= end_) return {end_, end_};
  if (t_[i_].kind != token_kind::open) return {i_, ++i_};
  const range inside{i_ + 1, std::min(match_[i_], end_), match_[i_] < t_.size()};
  i_ = std::min(inside.to + 1, end_);
  return inside;
}

void builder::skip_brackets() {
  skip_space();
  if (i_ >= end_ || !t_[i_].is("[")) return;
  while (i_ < end_ && !t_[i_].is("]")) ++i_;
  ++i_;
}

std::string builder::letters(range r) const {
  std::string out;
  for (; r.from < r.to && out.size() < 200; ++r.from) out += t_[r.from].text;
  return out;
}

std::string builder::name_at(std::size_t k) const {
  std::string name;
  for (++k; k < end_ && t_[k].kind == token_kind::space;) ++k;
  if (k >= end_ || t_[k].kind != token_kind::open) return "";
  for (++k; k < end_ && t_[k].kind != token_kind::close && name.size() < 30; ++k)
    if (!t_[k].is("*")) name += t_[k].text;
  return name;
}

bool builder::opens_formula(const std::string& name) { return environment_named(name).kind == "display"; }

span builder::from(std::size_t first) const {
  return {t_[first].where.begin, t_[std::max(first, std::min(i_, t_.size()) - 1)].where.end};
}

piece builder::broken(std::size_t at, const std::string& why) const { return {kind::broken, why, t_[at].where}; }

piece builder::unclear(std::size_t at) const {
  return broken(at, t_[at].text + " here; expected nothing that is not printed plainly");
}

void builder::text_piece(pieces& out) {
  const std::size_t first = i_;
  const token& t = t_[i_];
  if (is_letter(t)) {
    std::string word;
    const auto goes_on = [&](std::size_t k) { return k < end_ && is_letter(t_[k]); };
    while (goes_on(i_) || (!word.empty() && i_ < end_ && (t_[i_].is("'") || t_[i_].is(".")) && goes_on(i_ + 1)))
      word += t_[i_++].text;
    out.push_back({kind::word, word, from(first)});
    return;
  }
  if (t.kind == token_kind::math || t.is("\\[") || t.is("\\(") || (t.is("\\begin") && opens_formula(name_at(i_))))
    return out.push_back(whole_formula());
  ++i_;
  if (t.kind == token_kind::space || t.is("\\ ")) return out.push_back({kind::space, " ", t.where});
  if (t.kind == token_kind::paragraph) return out.push_back({kind::paragraph, "", t.where});
  if (t.kind == token_kind::open) {
    pieces inside = within({first + 1, match_[first]}, [&] { return text(); });
    i_ = std::min(match_[first] + 1, end_);
    out.insert(out.end(), inside.begin(), inside.end());
    return;
  }
  if (t.kind == token_kind::digit) return out.push_back({kind::digit, t.text, t.where});
  if (t.is("\\begin") || t.is("\\end")) return (void)argument();
  if (t.kind != token_kind::command) {
    if (t.kind != token_kind::close) out.push_back({kind::sign, t.text, t.where});
    return;
  }
  const command c = command_named(t.text);
  if (takes_apart(c, first, out, true)) return;
  if (is_operator({kind::sign, t.text})) out.push_back({kind::sign, t.text, t.where});
}

bool builder::takes_apart(const command& c, std::size_t first, pieces& out, bool in_text) {
  if (c.what == role::silent) {
    for (int k = 0; k < c.arguments; ++k) {
      skip_brackets();
      (void)argument();
    }
  } else if (c.what == role::colour) {
    if (letters(argument()) == "white") out.push_back(unclear(first));
    if (c.arguments == 2 && !in_text) group(argument(), first, out);
  } else if (c.what == role::aside) {
    const range inside = argument();
    if (within(inside, [&] { return has_formulas(); })) {
      out.push_back(unclear(first));
    } else if (c.usual == "\\footnote") {
      pieces note = within(inside, [&] { return text(); });
      out.insert(out.end(), note.begin(), note.end());
    }
  } else if (c.what == role::hidden || c.what == role::strike) {
    out.push_back(unclear(first));
    out.back().struck = c.what == role::strike;
    if (c.what == role::strike) (void)argument();
    out.back().where.end = from(first).end;
  } else {
    return false;
  }
  return true;
}

piece builder::whole_formula() {
  const std::size_t first = i_;
  const token open = t_[i_++];
  piece out{kind::formula, open.text};
  out.display = open.text != "$" && open.text != "\\(";
  std::size_t close = end_;
  if (open.is("\\begin")) {
    const std::string name = name_at(first);
    close = std::min(match_[first], end_);
    (void)argument();
    skip_brackets();
    for (int k = environment_named(name).arguments; k > 0; --k) (void)argument();
    if (close < end_ && name_at(close) != name) return broken(close, "this does not end what was begun");
  } else {
    for (close = i_; close < end_; ++close) {
      const token& t = t_[close];
      if (t.kind == token_kind::math || t.is("\\]") || t.is("\\)")) break;
      if (t.kind == token_kind::open || (t.is("\\begin") && match_[close] < end_))
        close = std::min(match_[close], end_ - 1);
    }
    if (close < end_ && t_[close].text != (open.is("\\[") ? "\\]" : open.is("\\(") ? "\\)" : open.text)) {
      i_ = close + 1;
      return broken(close, "this does not end what was begun");
    }
  }
  if (close >= end_) {
    i_ = end_;
    return broken(end_ - 1, "a formula that never ends; expected $");
  }
  out.child = within({i_, close}, [&] { return formula(); });
  i_ = close + 1;
  if (open.is("\\begin")) (void)argument();
  out.where = from(first);
  return out;
}

bool has_formulas(const std::vector<token>& tokens) { return builder(tokens, limits{}).has_formulas(); }

pieces tree_of_text(const std::vector<token>& tokens, const limits& cap) { return builder(tokens, cap).text(); }

}  // namespace write_up
