// Superscripts and subscripts. A superscript on a symbol is a layer, on anything else a power; T and ⊤ transpose.
#include <algorithm>
#include <cctype>

#include "formulas/parser_state.hpp"

namespace write_up {
namespace {

bool is_style(const std::string& t) {
  return t == "\\mathsf" || t == "\\mathrm" || t == "\\mathbf" || t == "\\mathit" || t == "\\rm" || t == "\\sf" ||
         t == "\\boldsymbol" || t == "\\mathtt" || t == "\\operatorname";
}

}  // namespace

scripts parser::take_scripts(bool letters_are_layers) {
  scripts s;
  s.where = peek().where;
  for (;;) {
    if (at("'") && !at_end()) {
      take();
      s.prime = true;
    } else if (peek().kind == token_kind::up) {
      if (s.up) fail("one superscript only");
      take();
      s.up = true;
      superscript(s, letters_are_layers);
    } else if (peek().kind == token_kind::down) {
      if (s.down) fail("one subscript only");
      take();
      s.down = true;
      s.sub = subscripts();
    } else {
      break;
    }
    s.where.end = here_ > 0 ? tokens_[here_ - 1].where.end : s.where.end;
  }
  return s;
}

// T, \top, \mathsf T, \mathrm{T}, {\rm T}, \text{T}, \mathrm{tr}; consumed if it is one.
bool parser::transpose_mark() {
  const auto mark = [&](std::size_t k) -> std::size_t {
    const token& t = peek(k);
    const bool spelled = t.kind == token_kind::letter || t.kind == token_kind::word;
    if (t.is("\\top") || (spelled && (t.text == "T" || t.text == "tr"))) return 1;
    return t.is("t") && peek(k + 1).is("r") ? 2 : 0;
  };
  if (const std::size_t length = mark(0); length == 1) return here_ += length, true;
  if (!is_style(peek().text)) return false;
  if (peek(1).is("T")) return here_ += 2, true;
  const std::size_t length = peek(1).kind == token_kind::open ? mark(2) : 0;
  if (length == 0 || peek(2 + length).kind != token_kind::close) return false;
  here_ += 3 + length;
  return true;
}

void parser::superscript(scripts& s, bool letters_are_layers) {
  const nesting_guard guard(*this);
  if (peek().kind != token_kind::open) return superscript_item(s, letters_are_layers);
  take();
  if (peek().kind == token_kind::close) fail("a layer number, a power or T");
  while (peek().kind != token_kind::close) {
    if (at_end()) fail("}");
    superscript_item(s, letters_are_layers);
  }
  take();
}

void parser::superscript_item(scripts& s, bool letters_are_layers) {
  const nesting_guard guard(*this);
  const bool small_t = at("t") && (s.layered || !letters_are_layers);  // W^{3t}, (W^3)^t
  if (small_t) take();
  if (small_t || transpose_mark()) {
    if (s.transposed) fail("one transpose only");
    s.transposed = true;
  } else if (at(",") || at(";")) {
    take();
  } else if (at("'")) {
    take();
    s.prime = true;
  } else if (peek().kind == token_kind::open) {
    superscript(s, letters_are_layers);
  } else if (peek().kind == token_kind::up) {  // 3^{\top} inside the braces
    take();
    superscript(s, letters_are_layers);
  } else if (!letters_are_layers) {
    if (!s.exponent.empty()) fail("}");
    s.exponent.push_back(peek().kind == token_kind::digit ? number() : expression(power::sum));
  } else {
    const bool round = accept("(");
    const bool square = !round && accept("[");
    const bool minus = accept("-");
    if (s.layered) fail("one layer only");
    s.layered = true;
    if (peek().kind == token_kind::digit) {
      s.layer = take().text[0] - '0';
      if (peek().kind == token_kind::digit) fail("a layer of one digit");
      if (minus) s.layer = -s.layer;
    } else if (peek().kind == token_kind::letter && !minus) {
      s.layer_letter = take().text;
      if (at("+") || at("-")) {
        const int sign = take().text == "+" ? 1 : -1;
        if (peek().kind != token_kind::digit) fail("a number");
        s.layer = sign * (take().text[0] - '0');
      }
    } else {
      fail("a layer number or T");
    }
    if (round) expect(")");
    if (square) expect("]");
  }
}

std::vector<subscript> parser::subscripts() {
  const nesting_guard guard(*this);
  std::vector<subscript> out;
  if (peek().kind != token_kind::open) {
    const bool digit = peek().kind == token_kind::digit;
    const std::size_t end = peek().where.end.offset;
    subscript_item(out);
    if (digit && peek().kind == token_kind::digit && peek().where.begin.offset == end)
      throw complaint(trouble::ambiguous, peek().where, "a subscript of two digits needs braces, as in h^2_{12}");
    return out;
  }
  take();
  if (peek().kind == token_kind::close) fail("an index");
  bool gap = true;  // nothing yet since the last comma: h_{,1} means every row
  while (peek().kind != token_kind::close) {
    if (at_end()) fail("}");
    if (accept(",") || accept(";")) {
      if (gap) out.push_back({});
      gap = true;
      continue;
    }
    subscript_item(out);
    gap = false;
  }
  take();
  if (gap) out.push_back({});
  if (out.size() > 2) fail("at most two indices");
  return out;
}

void parser::subscript_item(std::vector<subscript>& out) {
  const nesting_guard guard(*this);
  if (peek().kind == token_kind::digit) {
    out.push_back({subscript::what::number, take().text[0] - '0', ""});
  } else if (peek().kind == token_kind::letter) {
    out.push_back({subscript::what::letter, 0, take().text});
  } else if (at("\\cdot") || at(":") || at("*") || at("\\dots")) {
    take();
    out.push_back({});
  } else if (peek().kind == token_kind::open) {
    const std::vector<subscript> inner = subscripts();
    out.insert(out.end(), inner.begin(), inner.end());
  } else if (accept("(")) {
    while (!accept(")")) {
      if (at_end()) fail(")");
      if (!accept(",")) subscript_item(out);
    }
  } else {
    fail("an index: a number, a letter or a dot for the whole range");
  }
}

// dσ/dx |_{x = z}: the slope at z.
node parser::at_argument(node slope) {
  const span from = slope.where;
  here_ += 2;
  node at;
  if (peek().kind == token_kind::open) {
    take();
    at = expression(power::sum);
    if (accept("=")) at = expression(power::sum);
    if (peek().kind != token_kind::close) fail("}");
    take();
  } else {
    at = atom();
  }
  const span where{from.begin, at.where.end};
  return make_apply("relu'", where, {std::move(at)});
}

node parser::finish(node base, const scripts& s) const {
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
