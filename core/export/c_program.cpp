#include <xgrad/core/export/c_program.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace xg::detail {

template <class T>
c_program<T>::c_program(ledger<T>& l, std::span<const var<T>> outputs, std::span<const var<T>> inputs,
                        const c_options& options, const std::source_location& where)
    : c_writer(std::same_as<T, float>), ledger_(l), options_(options), where_(where) {
  reach(outputs, inputs);
  find_constants();
  find_aliases();
  find_needed();
  give_names();
}

template <class T>
void c_program<T>::fail(const std::string& why, const std::source_location& where) const {
  throw value_error("export_c: " + why + at_line(where));
}

template <class T>
bool c_program<T>::is_index_leaf(const slot<T>& s) const {
  for (std::size_t k = 0; k < ledger_.index_leaves.size(); ++k)
    if (ledger_.index_leaves[k].id == s.id) return true;
  return false;
}

// From the outputs up, not beyond the inputs.
template <class T>
void c_program<T>::reach(std::span<const var<T>> outputs, std::span<const var<T>> inputs) {
  std::uint32_t last = 0;
  for (const var<T>& y : outputs) {
    outputs_.push_back(ledger_.slot_of(y, where_, "export_c"));
    ledger_.require_replayed(*outputs_.back(), "export_c", where_);
    last = std::max(last, outputs_.back()->id);
  }
  for (const var<T>& x : inputs) {
    const slot<T>& s = ledger_.get(x, "export_c", where_);
    if (std::ranges::find(inputs_, &s) != inputs_.end())
      fail("the input " + ledger_.names.of(s.id) + " is named twice", where_);
    if (is_index_leaf(s))
      fail(ledger_.describe(s) + " are whole numbers; in C they are constants, and cannot be an input", where_);
    inputs_.push_back(&s);
    last = std::max(last, s.id);
  }
  values_.resize(last + 1);
  for (const slot<T>* x : inputs_) value(*x).is_input = value(*x).varies = true;
  for (const slot<T>* y : outputs_) value(*y).reached = value(*y).is_output = true;
  for (std::uint32_t id = last + 1; id-- > 0;) {
    const slot<T>& s = ledger_.slots[id];
    c_value<T>& v = values_[id];
    v.of = &s;
    if (s.size > std::size_t(std::numeric_limits<int>::max())) fail("arrays of 2³¹ elements have no C", where_);
    if (!v.reached || v.is_input || s.producer == 0) continue;
    if (s.size == 0) continue;  // nothing to compute: a constant
    v.by = ledger_.nodes[s.producer - 1];
    v.statement = dynamic_cast<const statement_base<T>*>(v.by);
    if (v.by->inputs().empty())
      fail(v.by->text(ledger_.names) + " is random; in C it would be the same numbers in every call. Make it an input",
           v.by->where);
    for (const slot<T>* in : v.by->inputs()) value(*in).reached = true;
  }
}

// What depends on no input, and is the same number everywhere.
template <class T>
void c_program<T>::find_constants() {
  for (c_value<T>& v : values_) {
    if (!v.reached || v.is_input) continue;
    if (v.by)
      for (const slot<T>* in : v.by->inputs()) {
        v.varies |= value(*in).varies;
        ++value(*in).uses;
      }
    if (v.varies) continue;
    const T* x = v.of->value;
    v.uniform = v.of->size != 0;
    for (std::size_t i = 1; i < v.of->size; ++i)
      v.uniform &= std::memcmp(x, x + i, sizeof(T)) == 0;  // NOLINT: to the bit, as -0 is not 0 and NaN is NaN
  }
}

namespace {

// A statement of one variable that computes nothing, unless it sums.
template <class T>
bool is_identity(const statement_base<T>* s) {
  if (!s) return false;
  const program_view<T> p = s->program();
  if (const fold_info<T>* fold = s->fold().second; fold && std::string_view(fold->name) != "sum") return false;
  return p.steps.size() == 1 && std::string_view(p.steps[0].op().name) == "identity";
}
/// As a statement reads an operand that it expands, else as the operand is.
template <class T>
shape_view reading_of(const statement_base<T>& s, const slot<T>& operand) {
  const bool expands = s.plan && !s.fold().second && s.plan->kept.data();
  return expands ? s.plan->kept : operand.shape();
}
bool same_but_for_ones(shape_view a, shape_view b) {
  while (!a.empty() && a.front() == 1) a = {a.data() + 1, a.size() - 1};
  while (!b.empty() && b.front() == 1) b = {b.data() + 1, b.size() - 1};
  return a == b;
}

}  // namespace

// Values that are another one's memory: views and parts, by their addresses; statements that only give another shape.
template <class T>
void c_program<T>::find_aliases() {
  for (c_value<T>& v : values_) {
    if (!v.by || !v.varies || v.of->size == 0) continue;
    const slot<T>& in = *v.by->inputs().front();
    std::ptrdiff_t at = 0;
    if (is_identity(v.statement)) {
      if (v.of->size != in.size) continue;
    } else if (in.size != 0 && v.of->value >= in.value && v.of->value + v.of->size <= in.value + in.size) {
      at = v.of->value - in.value;
    } else {
      continue;
    }
    const c_value<T>& before = value(in);
    v.base = before.base ? before.base : &in;
    v.offset = before.offset + at;
  }
}

// May the statement that computes s become part of the loop that reads it?
template <class T>
bool c_program<T>::is_part_of_loop(const loops& c, const slot<T>& s, shape_view reading) const {
  const c_value<T>& v = value(s);
  if (!v.varies || !v.statement || v.base || v.statement->fold().second) return false;
  if (v.is_input || !same_but_for_ones(reading, s.shape())) return false;
  if (is_identity(v.statement)) return true;  // a broadcast: there is nothing to compute
  constexpr std::size_t most = 48;            // steps in a loop
  return v.uses == 1 && !v.is_output && count_of(c.space) == s.size &&
         c.steps + v.statement->program().steps.size() <= most;
}

template <class T>
void c_program<T>::need(const slot<T>& s) {
  c_value<T>& v = value(s);
  v.needed = true;
  if (v.base) value(*v.base).needed = true;
}

template <class T>
void c_program<T>::find_needed() {
  for (const slot<T>* y : outputs_) need(*y);
  for (std::size_t id = values_.size(); id-- > 0;) {
    const c_value<T>& v = values_[id];
    if (!v.needed || !v.by || !v.varies || v.base) continue;
    if (v.statement) {
      for (const c_leaf<T>& leaf : leaves_of(*v.statement)) need(*leaf.of);
    } else {
      for (const slot<T>* in : v.by->inputs())
        if (!is_index_leaf(*in) || value(*in).varies) need(*in);  // whole numbers are constants
    }
  }
}

template <class T>
void c_program<T>::give_names() {
  const variable_names& names = ledger_.names;
  const auto numbered = [](const char* one, const char* several, std::size_t k, std::size_t n) {
    return n == 1 ? std::string(one) : several + std::to_string(k);
  };
  if (options_.name.empty()) options_.name = "net";
  options_.name = names_.give(options_.name);
  for (std::size_t k = 0; k < inputs_.size(); ++k) {
    c_value<T>& v = value(*inputs_[k]);
    v.name = names_.give(names.has(v.of->id) ? names.of(v.of->id) : numbered("x", "x", k, inputs_.size()));
  }
  for (std::size_t k = 0; k < outputs_.size(); ++k) {
    c_value<T>& v = value(*outputs_[k]);
    const bool named = names.has(v.of->id) && !v.is_input;
    output_names_.push_back(names_.give(named ? names.of(v.of->id) : numbered("y", "out", k, outputs_.size())));
    if (!v.is_input && !v.base && (v.varies || v.uniform) && v.name.empty())
      v.name = output_names_.back();  // computed in its place
  }
  for (c_value<T>& v : values_)
    if (v.needed && v.name.empty() && !v.base)
      v.name = names_.give(names.has(v.of->id) || v.varies ? names.of(v.of->id) : "c" + std::to_string(v.of->id));
}

template <class T>
std::vector<c_leaf<T>> c_program<T>::leaves_of(const statement_base<T>& s) {
  loops c;
  c.space = s.plan ? s.plan->space : shape_view();
  value_of(c, s);
  return std::move(c.leaves);
}

namespace {

template <class T>
c_piece literal(T x) {
  return {c_number(x), std::signbit(x) ? 9 : 10, true, {}, double(x), true};
}

}  // namespace

template <class T>
c_piece c_program<T>::operand_of(loops& c, const slot<T>& s, shape_view reading) {
  const c_value<T>& v = value(s);
  if (v.uniform) return literal(*s.value);
  if (is_part_of_loop(c, s, reading)) return value_of(c, *v.statement);
  if (c.collects) {
    c.leaves.push_back({&s, reading});
    return {"0", 10, true};
  }
  return {element(s, c, 1 + c.next++), 10, true};
}

template <class T>
c_piece c_program<T>::value_of(loops& c, const statement_base<T>& s) {
  const program_view<T> p = s.program();
  c.steps += p.steps.size();
  std::vector<c_piece> values;
  for (const slot<T>* in : s.inputs()) values.push_back(operand_of(c, *in, reading_of(s, *in)));
  for (const T x : p.numbers) values.push_back(literal(x));
  for (const step<T>& step : p.steps) {
    std::vector<c_piece> x;
    for (int k = 0; k < step.arity; ++k) x.push_back(values[std::size_t(step.in[std::size_t(k)])]);
    values.push_back(stepped(c, s, step.op(), x));
  }
  return values.back();
}

template class c_program<float>;
template class c_program<double>;

}  // namespace xg::detail
