// Statements of the tape as loops of C.
#include <cmath>

#include <xgrad/core/export/c_program.hpp>

namespace xg::detail {

namespace {

std::string in_brackets(const c_piece& x, int tighter_than) {
  return x.precedence > tighter_than ? x.text : "(" + x.text + ")";
}

/// Adjacent dimensions that everything steps through alike become one; those that are folded come last.
std::vector<c_dimension> merged(shape_view space, std::span<const shape_view> operands) {
  std::vector<c_dimension> kept, folded;
  std::vector<std::ptrdiff_t> span(operands.size(), 1);
  std::vector<c_dimension> all;  // from the last one to the first
  for (std::size_t d = space.size(); d-- > 0;) {
    const std::size_t from_end = space.size() - d;
    c_dimension next{space[d], {}};
    for (std::size_t k = 0; k < operands.size(); ++k) {
      const std::size_t rank = operands[k].size(), own = from_end <= rank ? operands[k][rank - from_end] : 1;
      next.strides.push_back(own == 1 ? 0 : span[k]);
      span[k] *= std::ptrdiff_t(own);
    }
    if (space[d] == 1) continue;
    bool merges = !all.empty();
    for (std::size_t k = 0; merges && k < operands.size(); ++k)
      merges = next.strides[k] == all.back().strides[k] * std::ptrdiff_t(all.back().extent);
    if (merges)
      all.back().extent *= space[d];
    else
      all.push_back(next);
  }
  for (std::size_t d = all.size(); d-- > 0;) (all[d].folded() ? folded : kept).push_back(all[d]);
  kept.insert(kept.end(), folded.begin(), folded.end());
  return kept;
}

/// The names that a text declares: "count = 0, mean = 0"; "const double step = ...".
std::vector<std::string> declared(std::string_view text, bool all) {
  std::vector<std::string> names;
  std::string last, before;
  c_replaced(text, [&](std::string_view token) {
    if (token != " ") {
      if (token == "=" && (all || before == "double")) names.push_back(last);
      before = std::exchange(last, std::string(token));
    }
    return token;
  });
  return names;
}

}  // namespace

// ---- Expressions

/// The code of a function with its operands in the places of a, b and c.
template <class T>
c_piece c_program<T>::substituted(const std::string& code, std::span<const c_piece> x) {
  const auto letter = [&](std::string_view token) {
    return token.size() == 1 && token[0] >= 'a' && token[0] < char('a' + x.size()) ? std::size_t(token[0] - 'a')
                                                                                   : x.size();
  };
  std::vector<c_piece> operands(x.begin(), x.end());
  for (std::size_t k = 0; k < x.size(); ++k) {
    if (x[k].repeats || c_count(code, std::string(1, char('a' + k))) < 2) continue;
    const std::string name = fresh("t");
    line("const double " + name + " = " + x[k].text + ";");
    operands[k] = {name, 10, true};
  }
  std::string text;
  for (std::string_view rest = code; !rest.empty();) {
    const std::string_view token = rest.substr(0, c_token(rest));
    rest.remove_prefix(token.size());
    const std::size_t k = letter(token);
    if (k == x.size()) {
      text += token;
      continue;
    }
    const bool alone =
        (text.ends_with('(') || text.ends_with(", ")) && (rest.starts_with(')') || rest.starts_with(','));
    text += alone ? operands[k].text : in_brackets(operands[k], 9);
  }
  // One call binds tightly.
  std::size_t end = c_letter(text.front()) ? c_token(text) : text.size();
  int open = 0;
  for (; end < text.size(); ++end) {
    open += (text[end] == '(') - (text[end] == ')');
    if (open == 0) break;
  }
  return {text, end + 1 == text.size() ? 10 : 0};
}

template <class T>
c_piece c_program<T>::stepped(const loops& c, const statement_base<T>& s, const op_info<T>& op,
                              std::span<const c_piece> x) {
  const std::string name = op.name;
  if (!op.c_code) fail(name + " has no C: its rule has no c_code", s.where);
  if (c.collects) return {"0", 10, true};
  const std::string code = op.c_code;
  if (code == "a") return x[0];
  if (name == "guard" && x[0].literal && x[0].number != 0) return x[1];
  if (name == "where" && x[0].literal) return x[0].number != 0 ? x[1] : x[2];
  for (std::size_t k = 0; name == "*" && k < 2; ++k)
    if (x[k].literal && x[k].number == 1) return x[1 - k];
  if (code.starts_with("static ") || code.starts_with("/*")) {
    std::string text = this->function(code) + "(";
    for (std::size_t k = 0; k < x.size(); ++k) text += (k == 0 ? "" : ", ") + x[k].text;
    return {text + ")", 10};
  }
  if (x.size() == 2 && (name == "+" || name == "-" || name == "*" || name == "/")) {
    const int own = name == "+" || name == "-" ? 7 : 8;
    return {in_brackets(x[0], own - 1) + " " + name + " " + in_brackets(x[1], own), own};
  }
  if (code == "-a") return {"-" + (x[0].text.starts_with('-') ? "(" + x[0].text + ")" : in_brackets(x[0], 8)), 9};
  if (name == "where" && !x[0].condition.empty()) {
    return {x[0].condition + " ? " + in_brackets(x[1], 0) + " : " + in_brackets(x[2], 0), 0};
  }
  c_piece y = substituted(code, x);
  constexpr std::string_view truth = " ? 1.0 : 0.0";
  if (y.text.ends_with(truth) && y.text.find('?') == y.text.size() - truth.size() + 1)
    y.condition = y.text.substr(0, y.text.size() - truth.size());
  return y;
}

/// An element of an array, where the loops are.
template <class T>
std::string c_program<T>::element(const slot<T>& s, const loops& c, std::size_t operand) const {
  const c_value<T>& v = value(s);
  std::vector<c_index> indices;
  for (std::size_t d = 0; d < c.indices.size(); ++d)
    indices.push_back({c.indices[d], c.dimensions[d].strides[operand]});
  return (v.base ? value(*v.base).name : v.name) + "[" + c_position(v.offset, indices) + "]";
}

// ---- Loops

/// Loops over the dimensions that are folded, or over the others.
template <class T>
template <class F>
void c_program<T>::each_dimension(loops& c, bool folded, const F& body, std::size_t d) {
  while (d < c.dimensions.size() && c.dimensions[d].folded() != folded) ++d;
  if (d == c.dimensions.size()) return body();
  loop(c.dimensions[d].extent, [&](const std::string& i) {
    c.indices.push_back(i);
    each_dimension(c, folded, body, d + 1);
    c.indices.pop_back();
  });
}

template <class T>
void c_program<T>::write_statement(const c_value<T>& v) {
  const statement_base<T>& s = *v.statement;
  loops c;
  if (s.plan) c.space = s.plan->space;
  c.leaves = leaves_of(s);
  const fold_info<T>* fold = s.fold().second;
  std::vector<shape_view> operands{fold ? s.plan->kept : c.space};
  for (const c_leaf<T>& leaf : c.leaves) operands.push_back(shape_view(leaf.reading));
  c.dimensions = merged(c.space, operands);
  c.collects = false;
  begin(s.program().steps.back().op().name, {}, {});
  if (fold) {
    if (!fold->c_code) fail(std::string(fold->name) + " has no C: its fold has no c_code", s.where);
    return each_dimension(c, false, [&] { write_fold(c, v, *fold->c_code); });
  }
  each_dimension(c, false, [&] {
    c.next = c.steps = 0;
    const c_piece x = value_of(c, s);
    line(element(*v.of, c, 0) + " = " + x.text + ";");
  });
}

// One result of a fold.
template <class T>
void c_program<T>::write_fold(loops& c, const c_value<T>& v, const c_fold& fold) {
  std::size_t terms = 1;
  for (const c_dimension& d : c.dimensions)
    if (d.folded()) terms *= d.extent;
  if (fold.term) return write_sum(c, v, fold, terms);
  std::vector<std::pair<std::string, std::string>> names;
  for (const std::string& name : declared(fold.start, true)) names.emplace_back(name, fresh(name));
  for (const std::string& name : declared(fold.add, false)) names.emplace_back(name, fresh(name));
  const auto renamed = [&](std::string_view text) {
    return c_replaced(text, [&](std::string_view token) -> std::string {
      for (const auto& [from, to] : names)
        if (from == token) return to;
      return token == "n" ? c_number(T(terms)) : std::string(token);
    });
  };
  line("double " + renamed(fold.start) + ";");
  each_dimension(c, true, [&] {
    c.next = c.steps = 0;
    c_piece x = value_of(c, *v.statement);
    if (c_count(fold.add, "x") > 1 && !x.repeats) {
      const std::string name = fresh("x");
      line("const double " + name + " = " + x.text + ";");
      x = {name, 10, true};
    }
    names.emplace_back("x", in_brackets(x, 9));
    line(renamed(fold.add));
    names.pop_back();
  });
  line(element(*v.of, c, 0) + " = " + renamed(fold.finish) + ";");
}

// Sums of more than a few terms are added up plainly by 16, and those with care.
template <class T>
void c_program<T>::write_sum(loops& c, const c_value<T>& v, const c_fold& fold, std::size_t terms) {
  constexpr std::size_t block = 16;
  const auto result = [&](const std::string& sum) {
    const auto text = c_replaced(fold.finish, [&](std::string_view token) {
      return token == "sum" ? sum : token == "n" ? c_number(T(terms)) : std::string(token);
    });
    line(element(*v.of, c, 0) + " = " + text + ";");
  };
  const auto term = [&] {
    c.next = c.steps = 0;
    const c_piece x = value_of(c, *v.statement);
    const std::string code = fold.term;
    return code == "x" ? x.text
                       : substituted(c_replaced(code,
                                                [](std::string_view token) {
                                                  return token == "x" ? std::string("a") : std::string(token);
                                                }),
                                     std::array{x})
                             .text;
  };
  const std::string sum = fresh("sum");
  if (!options_.careful_sums || terms <= 2 * block) {
    line("double " + sum + " = 0;");
    each_dimension(c, true, [&] { line(sum + " += " + term() + ";"); });
    return result(sum);
  }
  const std::string error = fresh("error"), part = fresh("part");
  line("double " + sum + " = 0, " + error + " = 0;");
  c_dimension last = c.dimensions.back();  // which is folded
  c.dimensions.pop_back();
  each_dimension(c, true, [&] {
    const auto added = [&](std::size_t count, const auto& index) {
      line("double " + part + " = 0;");
      loop(count, [&](const std::string& j) {
        c.dimensions.push_back(last);
        c.indices.push_back(index(j));
        line(part + " += " + term() + ";");
        c.dimensions.pop_back(), c.indices.pop_back();
      });
      add_with_care(sum, error, part);
    };
    const std::size_t blocks = last.extent / block, rest = last.extent % block;
    const std::string before = std::to_string(blocks * block);
    if (blocks != 0)
      loop(blocks, [&](const std::string& i) {
        added(block,
              [&](const std::string& j) { return i == "0" ? j : std::to_string(block) + " * " + i + " + " + j; });
      });
    if (rest == 0) return;
    line("{");
    added(rest, [&](const std::string& j) { return blocks == 0 ? j : j == "0" ? before : j + " + " + before; });
    line("}");
  });
  c.dimensions.push_back(last);
  result(sum);
}

template void c_program<float>::write_statement(const c_value<float>&);
template void c_program<double>::write_statement(const c_value<double>&);
template c_piece c_program<float>::stepped(const loops&, const statement_base<float>&, const op_info<float>&,
                                           std::span<const c_piece>);
template c_piece c_program<double>::stepped(const loops&, const statement_base<double>&, const op_info<double>&,
                                            std::span<const c_piece>);
template std::string c_program<float>::element(const slot<float>&, const loops&, std::size_t) const;
template std::string c_program<double>::element(const slot<double>&, const loops&, std::size_t) const;

}  // namespace xg::detail
