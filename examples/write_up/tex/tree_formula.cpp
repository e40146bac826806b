// The tree of a formula.
#include <algorithm>
#include <set>

#include "tex/builder.hpp"

namespace write_up {
namespace {

using kind = piece::kind;

std::string closer_of(const std::string& open) {
  return open == "(" ? ")" : open == "[" ? "]" : open == "\\{" ? "\\}" : open == "\\langle" ? "\\rangle" : "";
}

bool closes(const std::string& t) { return t == ")" || t == "]" || t == "\\}" || t == "\\rangle"; }

}  // namespace

pieces builder::formula() {
  pieces out = sequence(false);
  for (int layers = 0; layers < 4 && out.size() == 1 && out[0].is == kind::group; ++layers) {  // \boxed{a = b}
    pieces inside = std::move(out[0].child);
    out = std::move(inside);
  }
  return out;
}

pieces builder::sequence(bool in_fence) {
  const deeper now(*this);
  pieces out;
  ++nested_;
  while (i_ < end_) {
    const token& t = t_[i_];
    if (in_fence && (closes(command_named(t.text).usual) || t.is("\\right"))) break;
    if (t.is("\\over")) {
      const std::size_t at = i_++;
      piece above{kind::group, "", {}, std::move(out)};
      piece below{kind::group, "", {}, sequence(in_fence)};
      above.where = below.where = from(at);
      out = {{kind::call, "\\frac", from(at), {std::move(above), std::move(below)}}};
      break;
    }
    formula_piece(out);
  }
  --nested_;
  return out;
}

void builder::group(range r, std::size_t first, pieces& out) {
  pieces inside = within(r, [&] { return sequence(false); });
  const bool operates = inside.size() == 1 && is_operator(inside[0]);
  const bool symbol =
      inside.size() == 1 && (inside[0].is == kind::letter || inside[0].is == kind::digit ||
                             inside[0].is == kind::word || inside[0].is == kind::text || inside[0].sign("="));
  const bool script = i_ < end_ && (t_[i_].kind == token_kind::up || t_[i_].kind == token_kind::down);
  if (inside.empty() && !script) return;
  if (operates || symbol) return out.push_back(std::move(inside[0]));
  out.push_back({kind::group, "{", from(first), std::move(inside)});
  if (!r.closed) out.push_back(broken(first, "'{' is not understood here; expected }"));
}

void builder::formula_piece(pieces& out) {
  const std::size_t first = i_;
  const token& t = t_[i_];
  switch (t.kind) {
    case token_kind::space:
    case token_kind::paragraph:
      return (void)++i_;
    case token_kind::open:
      return group(argument(), first, out);
    case token_kind::up:
    case token_kind::down: {
      ++i_;
      skip_space();
      piece p{t.kind == token_kind::up ? kind::up : kind::down, t.text};
      p.styled = i_ < end_ && t_[i_].kind != token_kind::open;
      if (p.styled && t_[i_].kind == token_kind::command) {
        const std::size_t end = end_;
        pieces one;
        formula_piece(one);
        p.child = std::move(one);
        end_ = end;
      } else {
        p.child = within(argument(), [&] { return sequence(false); });
      }
      p.where = from(first);
      return out.push_back(std::move(p));
    }
    case token_kind::letter:
      ++i_;
      return out.push_back({kind::letter, t.text, t.where});
    case token_kind::digit:
      ++i_;
      return out.push_back({kind::digit, t.text, t.where});
    case token_kind::command:
      return command_piece(out);
    default:
      break;
  }
  ++i_;
  if (t.is(":") && i_ < end_ && t_[i_].is("=")) return;  // :=
  if (t.is("@") && i_ < end_ && t_[i_].kind == token_kind::open) return (void)argument();
  if (t.is("=") && i_ < end_ && t_[i_].is(":")) ++i_;  // =:
  bracket_or_sign(t.text, first, out);
}

void builder::bracket_or_sign(const std::string& sign, std::size_t first, pieces& out) {
  const std::string closing = closer_of(sign);
  if (closing.empty()) return out.push_back({kind::sign, sign, t_[first].where});
  piece p{kind::fence, sign};
  p.child = sequence(true);
  gaps_in(p.child);
  if (i_ < end_) {
    if (t_[i_].is("\\right")) ++i_;
    skip_space();
    if (i_ < end_) p.close = command_named(t_[i_++].text).usual;
  }
  p.where = from(first);
  out.push_back(std::move(p));
}

void builder::gaps_in(pieces& all) const {
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (!is_gap(all[k])) continue;
    static const std::set<std::string> no_entries{"\\\\", ",", ".", ";", ":", "=", ">", "&"};
    const auto entry = [&](std::size_t at) {
      return at < all.size() && !is_gap(all[at]) && !is_operator(all[at]) && all[at].is != kind::table &&
             !(all[at].is == kind::word && all[at].of_text) && no_entries.count(all[at].text) == 0;
    };
    if (k > 0 && entry(k - 1) && entry(k + 1))
      all[k] = {kind::broken, "a gap in a row: one entry or two? Expected &", all[k].where};
  }
  std::erase_if(all, is_gap);
}

void builder::command_piece(pieces& out) {
  const std::size_t first = i_;
  const token& t = t_[i_++];
  const command c = command_named(t.text);
  if (takes_apart(c, first, out, false)) return;
  switch (c.what) {
    case role::space:
      if (t.is("\\left") || t.is("\\right") || t.is("\\middle")) {
        skip_space();
        if (i_ < end_ && t_[i_].is(".")) ++i_;  // \left. draws nothing
      }
      return;
    case role::length:
      return skip_length();
    case role::shift:
    case role::defines:
      return;
    case role::font:
      return font(t.text, first, out);
    case role::accent:
      return accent(t.text, first, out);
    case role::words:
      return words(first, out);
    case role::note:
      return note(c.usual, first, out);
    case role::call: {
      piece p{kind::call, c.usual};
      for (int k = 0; k < c.arguments; ++k) {
        skip_space();
        const std::size_t at = std::min(i_, t_.size() - 1);
        piece one{kind::group, "{"};
        one.child = within(argument(), [&] { return sequence(false); });
        one.where = from(at);
        p.child.push_back(std::move(one));
      }
      p.where = from(first);
      return out.push_back(std::move(p));
    }
    default:
      break;
  }
  if (t.is("\\begin")) return environment_piece(first, out);
  if (t.is("\\ell")) return out.push_back({kind::letter, "l", t.where});
  bracket_or_sign(c.usual, first, out);
}

void builder::skip_length() {
  while (i_ < end_ && (t_[i_].kind == token_kind::digit || t_[i_].is("-") || t_[i_].is("."))) ++i_;
  for (int unit = 0; unit < 2 && i_ < end_ && t_[i_].kind == token_kind::letter; ++unit) ++i_;
}

pieces tree_of_formula(const std::vector<token>& tokens, const limits& cap) { return builder(tokens, cap).formula(); }

pieces tree_of_formula(const std::string& latex) { return tree_of_formula(tokenize(latex), limits{}); }

}  // namespace write_up
