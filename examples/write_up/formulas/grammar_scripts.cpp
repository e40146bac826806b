// Superscripts and subscripts. A superscript on a symbol is a layer, on anything else a power; T and ⊤ transpose.
#include <algorithm>

#include "formulas/grammar.hpp"

namespace write_up {

scripts grammar::take_scripts(bool letters_are_layers) {
  scripts s;
  s.where = peek().where;
  for (;;) {
    if (accept("'")) {
      s.prime = true;
    } else if (is(kind::up)) {
      if (s.up) fail("one superscript only");
      s.up = true;
      row_of(take()).superscript(s, letters_are_layers);
    } else if (is(kind::down)) {
      if (s.down) fail("one subscript only");
      s.down = true;
      s.sub = subscripts(take());
    } else {
      break;
    }
    s.where.end = row_[here_ - 1].where.end;
  }
  return s;
}

// T, \top, tr; consumed if it is one.
bool grammar::transpose_mark() {
  const bool mark = at("\\top") || at("T") || (is(kind::word) && (peek().text == "T" || peek().text == "tr"));
  if (mark) ++here_;
  return mark;
}

void grammar::superscript(scripts& s, bool letters_are_layers) {
  const nesting_guard guard(*this);
  if (at_end()) fail("a layer number, a power or T");
  while (!at_end()) superscript_item(s, letters_are_layers);
}

void grammar::superscript_item(scripts& s, bool letters_are_layers) {
  const bool small_t = at("t") && (s.layered || !letters_are_layers);  // W^{3t}, (W^3)^t
  if (small_t) ++here_;
  if (small_t || transpose_mark()) {
    if (s.transposed) fail("one transpose only");
    s.transposed = true;
  } else if (accept(",") || accept(";")) {
    return;
  } else if (accept("'")) {
    s.prime = true;
  } else if (is(kind::group) || is(kind::up)) {
    row_of(take()).superscript(s, letters_are_layers);
  } else if (!letters_are_layers) {
    if (!s.exponent.empty()) fail("}");
    s.exponent.push_back(is(kind::digit) ? number() : expression(power::sum));
  } else if (is(kind::fence) && (peek().text == "(" || peek().text == "[")) {
    const piece& p = take();
    row_of(p).superscript(s, true);
    check_close(p);
  } else {
    const bool minus = accept("-");
    if (s.layered) fail("one layer only");
    s.layered = true;
    if (is(kind::digit)) {
      s.layer = take().text[0] - '0';
      if (is(kind::digit)) fail("a layer of one digit");
      if (minus) s.layer = -s.layer;
    } else if (is(kind::letter) && !minus) {
      s.layer_letter = take().text;
      if (at("+") || at("-")) {
        const int sign = take().text == "+" ? 1 : -1;
        if (!is(kind::digit)) fail("a number");
        s.layer = sign * (take().text[0] - '0');
      }
    } else {
      fail("a layer number or T");
    }
  }
}

std::vector<subscript> grammar::subscripts(const piece& down) {
  std::vector<subscript> out;
  const bool digit = !down.child.empty() && down.child[0].is == kind::digit;
  if (down.styled && digit && is(kind::digit) && peek().where.begin.offset == down.where.end.offset)
    throw complaint(trouble::ambiguous, peek().where, "a subscript of two digits needs braces, as in h^2_{12}");
  grammar row = row_of(down);
  if (row.at_end()) row.fail("an index");
  row.subscript_items(out);
  if (out.size() > 2) row.fail("at most two indices");
  return out;
}

// Nothing between two commas means every row: h_{,1}.
void grammar::subscript_items(std::vector<subscript>& out) {
  const nesting_guard guard(*this);
  bool gap = true;
  while (!at_end()) {
    if (accept(",") || accept(";")) {
      if (gap) out.push_back({});
      gap = true;
      continue;
    }
    gap = false;
    if (is(kind::digit)) {
      out.push_back({subscript::what::number, take().text[0] - '0', ""});
    } else if (is(kind::letter)) {
      out.push_back({subscript::what::letter, 0, take().text});
    } else if (at("\\cdot") || at(":") || at("*") || at("\\dots")) {
      ++here_;
      out.push_back({});
    } else if (is(kind::group) || opens("(")) {
      row_of(take()).subscript_items(out);
    } else {
      fail("an index: a number, a letter or a dot for the whole range");
    }
  }
  if (gap) out.push_back({});
}

// dσ/dx |_{x = z}: the slope at z.
node grammar::at_argument(const node& slope) {
  ++here_;
  grammar below = row_of(take());
  node at = below.expression(power::sum);
  if (below.accept("=")) at = below.expression(power::sum);
  below.must_end("the argument of the slope");
  const span where{slope.where.begin, at.where.end};
  return make_apply("relu'", where, {std::move(at)});
}

node grammar::finish(node base, const scripts& s) const {
  const span where{base.where.begin, s.where.end};
  const bool symbol = base.kind == node_kind::name && !base.bracketed;
  // A name of one's own may carry a number: e_1^T. For anything else it is open which comes first, the index or the
  // transpose.
  const bool own = symbol && base.text != "h" && base.text != "W" && base.text != "z" && base.text != "x";
  const bool numbered = own && s.sub.size() == 1 && s.sub[0].kind == subscript::what::number;
  const bool indexed = s.down || (symbol && !own && !base.sub.empty());
  const std::vector<subscript>& indices = s.down ? s.sub : base.sub;
  const bool row = std::any_of(indices.begin(), indices.end(),  // W_{j,·}^⊤: the row is the smaller thing
                               [](const subscript& i) { return i.kind == subscript::what::all; });
  if (s.transposed && indexed && !numbered && !row && base.text != "delta")
    throw complaint(trouble::ambiguous, where,
                    "transposed and indexed at once: the entry of the transpose or of the matrix? Expected brackets, "
                    "(W^{2\\top})_{ij} or W^2_{ji}");
  // A small t on what has no layers transposes.
  const bool no_layers = symbol && (base.text == "delta" || base.text == "x" || base.text == "y");
  if (no_layers && s.layer_letter == "t" && s.layer == 0 && !s.transposed) {
    scripts turned = s;
    turned.layered = false;
    turned.layer_letter.clear();
    turned.transposed = true;
    return finish(std::move(base), turned);
  }
  if (symbol) {
    if ((s.layered && base.layered) || (s.down && !base.sub.empty()))
      throw complaint(trouble::not_understood, where, "two layers or two indices on one symbol; expected one of each");
    if (s.prime) base.text += "'";
    if (s.layered) {
      base.layered = true;
      base.layer = s.layer;
      base.layer_letter = s.layer_letter;
    }
    if (s.down) base.sub = s.sub;
    base.where = where;
  } else {
    if (s.prime && (s.transposed || s.down || !s.exponent.empty()))
      throw complaint(trouble::not_understood, where, "a prime here; expected T for a transpose");
    if (s.down) {
      base = make(node_kind::index, where, {std::move(base)});
      base.sub = s.sub;
    }
    if (!s.exponent.empty()) base = make(node_kind::power, where, {std::move(base), s.exponent[0]});
  }
  const bool prime_of_group = s.prime && !symbol;  // (δ W^3)'
  if (s.transposed || prime_of_group) base = make(node_kind::transpose, where, {std::move(base)});
  return base;
}

}  // namespace write_up
