#include <xgrad/core/tape/plan.hpp>

#include <algorithm>

#include <xgrad/core/memory/parts.hpp>

namespace xg::detail {

namespace {

const std::size_t* ones(arena& memory, std::size_t rank) {
  static constexpr std::array<std::size_t, 8> few{1, 1, 1, 1, 1, 1, 1, 1};
  if (rank <= few.size()) return few.data();
  auto* many = memory.array<std::size_t>(rank);
  std::fill_n(many, rank, std::size_t(1));
  return many;
}

// Throws shape_error where a fold that has no result for no values would need one.
template <class T>
void require_values(const fold_info<T>& fold, shape_view space, std::size_t results,
                    const std::source_location& where) {
  if (!fold.empty && results != 0 && count_of(space) == 0)
    throw shape_error(std::string(fold.name) + ": of no values (shape " + to_string(space) +
                      ") is not defined; the reduced axes must have at least one element" + at_line(where));
}

// Forward, the parts may share results, whose fold keeps so many numbers; backward, what inputs get gradients.
template <class T>
void split_if_long(ledger<T>& l, const statement_base<T>& s, walk& w, std::size_t kept) {
  if (w.count < 2 * part_elements) return;
  const std::span<slot<T>* const> inputs = s.inputs();
  xt::svector<std::size_t, 16> sizes{kept};
  std::uint64_t written = 0;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    sizes.push_back(2 * inputs[k]->size);  // an adjoint and its error
    if (inputs[k]->adjoint) written |= std::uint64_t(2) << k;
  }
  auto* splits = l.memory.template array<walk_split>(2);
  splits[0] = walk_split::of(w, sizes.size(), kept != 0, {sizes.data(), sizes.size()});
  splits[1] = walk_split::of(w, sizes.size(), written & (s.live_inputs() << 1), {sizes.data(), sizes.size()});
  w.splits = splits;
}

}  // namespace

template <class T>
slot<T>& plan_statement(ledger<T>& l, statement_base<T>& s, std::span<slot<T>* const> inputs, const target& how,
                        bool gradient) {
  const slot<T>* widest = inputs[0];  // candidate for the common shape
  for (const slot<T>* in : inputs)
    if (in->rank > widest->rank || (in->rank == widest->rank && in->size > widest->size)) widest = in;
  bool equal = true, simple = true;
  for (const slot<T>* in : inputs) {
    const bool same = in == widest || in->shape() == widest->shape();
    equal &= same;
    simple &= same || (in->size == 1 && in->rank <= widest->rank);
  }
  const program_view<T> program = s.program();
  if (program.equal_shapes && !(equal && program.numbers.empty())) s.check_shapes(l.names, l.line);
  const std::size_t planes = s.planes();

  const bool whole = how.kind == target::reduce && how.axes->all;
  const fold_info<T>* fold = s.fold().second;
  if (simple && (how.kind == target::elementwise || whole)) {  // one row: most statements
    auto* w = new (l.memory.get(sizeof(walk), alignof(walk))) walk;
    w->row = w->count = widest->size;
    w->single = w->count == 1;
    w->space = widest->shape();
    for (std::size_t k = 0; k < inputs.size(); ++k)
      if (inputs[k]->size == 1) w->fixed |= std::uint64_t(2) << k;
    s.plan = w;
    if (!whole) {
      split_if_long(l, s, *w, 0);
      return l.new_slot(w->space, w->count, gradient);
    }
    require_values(*fold, w->space, 1, l.line);
    w->fixed |= 1;
    split_if_long(l, s, *w, planes);
    w->kept = {ones(l.memory, w->space.size()), w->space.size()};
    w->planes = l.memory.template array<T>(planes, 64);
    return l.new_slot(how.keep_dims ? w->kept : shape_view(), 1, gradient);
  }

  shape_t space = widest->shape();
  for (const slot<T>* in : inputs)
    if (!simple && !broadcast_into(space, in->shape())) s.check_shapes(l.names, l.line);
  shape_t kept, shape = space;
  if (how.kind == target::expand) space = shape = how.shape, kept = how.kept;
  if (how.kind == target::collapse) kept = how.kept, shape = how.shape;
  if (how.kind == target::reduce) {
    kept = how.axes->kept_shape(space, fold->name, l.line);
    shape = how.keep_dims ? kept : how.axes->reduced_shape(space, fold->name, l.line);
    require_values(*fold, space, count_of(shape), l.line);
  }
  xt::svector<shape_view, 8> operands;
  operands.push_back(planes != 0 ? kept : space);
  for (const slot<T>* in : inputs) operands.push_back(how.kind == target::expand ? shape_view(kept) : in->shape());
  walk* w = walk::make(l.memory, space, {operands.data(), operands.size()});
  if (how.kind != target::elementwise) w->kept = l.own(kept);
  s.plan = w;
  split_if_long(l, s, *w, planes * count_of(shape));
  if (planes != 0) w->planes = l.memory.template array<T>(planes * count_of(shape), 64);
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    if (!inputs[k]->adjoint || !w->repeats(k + 1, operands.size())) continue;
    if (!w->errors) {
      w->errors = l.memory.template array<void*>(inputs.size());
      std::fill_n(w->errors, inputs.size(), nullptr);
    }
    w->errors[k] = l.memory.template array<T>(inputs[k]->size, 64);
  }
  return l.new_slot(l.own(shape), count_of(shape), gradient);
}

template slot<float>& plan_statement(ledger<float>&, statement_base<float>&, std::span<slot<float>* const>,
                                     const target&, bool);
template slot<double>& plan_statement(ledger<double>&, statement_base<double>&, std::span<slot<double>* const>,
                                      const target&, bool);

}  // namespace xg::detail
