#include <xgrad/core/derivative/gradient.hpp>
#include <xgrad/core/tape/tape.hpp>

#include <string>

namespace xg {

// ---- Variables

template <class T>
const slot<T>& var<T>::get_with_gradient(const std::source_location& where) const {
  tape<T>& t = owner(where);
  slot<T>& s = t.get(*this, "grad", where);
  if (!s.adjoint) t.throw_no_gradient("grad", s, where);
  if (t.sweep_ == 0)
    throw tape_error("grad: no backward has run on this tape yet; call tape::backward first" + at_line(where));
  if (t.sweep_failed_)
    throw tape_error("grad: the last backward ended in an error, so that there are no gradients" + at_line(where));
  if (t.limited_ && !(id_ < t.asked_.size() && t.asked_[id_]))
    throw tape_error("grad: the last backward was limited to other variables, and " + t.describe(s) +
                     " is not among them; add it to their list, or call backward without one" + at_line(where));
  t.begin_adjoint(s, false);
  return s;
}

template <class T>
var<T> var<T>::named(std::string_view name, const std::source_location& where) const {
  owner(where).give_name(*this, name, where);
  return *this;
}

template <class T>
std::string var<T>::name(const std::source_location& where) const {
  return owner(where).names().of(get("name", where).id);
}

template <class T>
T var<T>::item(const std::source_location& where) const {
  if (is_number()) return number();
  const slot<T>& s = get_current("item", where);
  if (s.size != 1)
    throw shape_error("item: " + tape_->the_variable(s) + " has shape " + to_string(s.shape()) +
                      "; item() needs exactly one element" + at_line(where));
  return *s.value;
}

// ---- Recording

template <class T>
tape<T>::tape() = default;

template <class T>
tape<T>::~tape() {
  forget_owners(0);
}

template <class T>
void tape<T>::throw_wrong_handle(const var<T>& v, const char* op, const std::source_location& where) const {
  if (!v.on_tape()) v.throw_no_tape(where);
  const bool known = v.tape_->find(v) != nullptr;  // a number may have another variable's name by now
  const std::string name = known ? v.tape_->names_.of(v.id_) : "v" + std::to_string(v.id_);
  throw tape_error(std::string(op) + ": " + name +
                   (v.tape_ == this ? " was forgotten by clear() or rewind(); record it again"
                                    : " lives on another tape; an expression uses variables of one tape only") +
                   at_line(where));
}

template <class T>
void tape<T>::throw_bad_array(const char* op, const std::exception_ptr& error, const std::source_location& where) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    throw shape_error(std::string(op) + ": a plain xtensor expression in it cannot be evaluated: " + e.what() +
                      at_line(where));
  }
}

namespace {

const std::size_t* ones(arena& memory, std::size_t rank) {
  static constexpr std::array<std::size_t, 8> few{1, 1, 1, 1, 1, 1, 1, 1};
  if (rank <= few.size()) return few.data();
  auto* many = memory.array<std::size_t>(rank);
  std::fill_n(many, rank, std::size_t(1));
  return many;
}

}  // namespace

// Throws shape_error where a fold that has no result for no values would need one.
template <class T>
static void require_values(const fold_info<T>& fold, shape_view space, std::size_t results,
                           const std::source_location& where) {
  if (!fold.empty && results != 0 && count_of(space) == 0)
    throw shape_error(std::string(fold.name) + ": of no values (shape " + to_string(space) +
                      ") is not defined; the reduced axes must have at least one element" + at_line(where));
}

template <class T>
slot<T>& tape<T>::enter(statement_base<T>* s, std::span<slot<T>* const> inputs, const target& how, bool gradient) {
  const slot<T>* widest = inputs[0];  // candidate for the common shape
  for (const slot<T>* in : inputs)
    if (in->rank > widest->rank || (in->rank == widest->rank && in->size > widest->size)) widest = in;
  bool equal = true, simple = true;
  for (const slot<T>* in : inputs) {
    const bool same = in == widest || in->shape() == widest->shape();
    equal &= same;
    simple &= same || (in->size == 1 && in->rank <= widest->rank);
  }
  const program_view<T> program = s->program();
  if (program.equal_shapes && !(equal && program.numbers.empty())) s->check_shapes(names_, line_);
  const std::size_t planes = s->planes();

  const bool whole = how.kind == target::reduce && how.axes->all;
  const fold_info<T>* fold = s->fold().second;
  if (simple && (how.kind == target::elementwise || whole)) {  // one row: most statements
    auto* w = new (memory_.get(sizeof(walk), alignof(walk))) walk;
    w->row = w->count = widest->size;
    w->single = w->count == 1;
    w->space = widest->shape();
    for (std::size_t k = 0; k < inputs.size(); ++k)
      if (inputs[k]->size == 1) w->fixed |= std::uint64_t(2) << k;
    s->plan = w;
    if (!whole) return new_slot(w->space, w->count, gradient);
    require_values(*fold, w->space, 1, line_);
    w->fixed |= 1;
    w->kept = {ones(memory_, w->space.size()), w->space.size()};
    w->planes = memory_.array<T>(planes, 64);
    return new_slot(how.keep_dims ? w->kept : shape_view(), 1, gradient);
  }

  shape_t space = widest->shape();
  for (const slot<T>* in : inputs)
    if (!simple && !broadcast_into(space, in->shape())) s->check_shapes(names_, line_);
  shape_t kept, shape = space;
  if (how.kind == target::expand) space = shape = how.shape, kept = how.kept;
  if (how.kind == target::collapse) kept = how.kept, shape = how.shape;
  if (how.kind == target::reduce) {
    kept = how.axes->kept_shape(space, fold->name, line_);
    shape = how.keep_dims ? kept : how.axes->reduced_shape(space, fold->name, line_);
    require_values(*fold, space, count_of(shape), line_);
  }
  xt::svector<shape_view, 8> operands;
  operands.push_back(planes != 0 ? kept : space);
  for (const slot<T>* in : inputs) operands.push_back(how.kind == target::expand ? shape_view(kept) : in->shape());
  walk* w = walk::make(memory_, space, {operands.data(), operands.size()});
  if (how.kind != target::elementwise) w->kept = own(kept);
  s->plan = w;
  if (planes != 0) w->planes = memory_.array<T>(planes * count_of(shape), 64);
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    if (!inputs[k]->adjoint || !w->repeats(k + 1, operands.size())) continue;
    if (!w->errors) {
      w->errors = memory_.array<void*>(inputs.size());
      std::fill_n(w->errors, inputs.size(), nullptr);
    }
    w->errors[k] = memory_.array<T>(inputs[k]->size, 64);
  }
  return new_slot(own(shape), count_of(shape), gradient);
}

template <class T>
var<T> tape<T>::add(const var<T>& a, const var<T>& b) {
  return record<no_fold, detail::simd_arch>(expr<xt::detail::plus, var<T>, var<T>>(xt::detail::plus{}, a, b), {},
                                            line_);
}

namespace {
template <class T>
expr<xt::detail::identity, var<T>> identity(const var<T>& x) {
  return expr<xt::detail::identity, var<T>>(xt::detail::identity{}, x);
}
}  // namespace

template <class T>
var<T> tape<T>::sum_to(const var<T>& x, shape_view kept, shape_view shape) {
  if (x.shape() == shape) return x;
  return record<sum_fold, detail::simd_arch>(identity(x), {target::collapse, shape, kept}, line_);
}

template <class T>
var<T> tape<T>::broadcast_to(const var<T>& x, shape_view kept, shape_view shape) {
  if (x.shape() == shape) return x;
  return record<no_fold, detail::simd_arch>(identity(x), {target::expand, shape, kept}, line_);
}

template <class T>
var<T> tape<T>::reshaped(const var<T>& x, shape_view shape) {
  return broadcast_to(x, shape, shape);
}

// ---- Forgetting

template <class T>
void tape<T>::forget_owners(std::size_t keep) {
  while (owners_.size() > keep) {
    owners_.back()->destroy();
    owners_.pop_back();
  }
}

template <class T>
void tape<T>::clear() {
  forget_owners(0);
  forget_set_leaves();
  slots_.truncate(0);
  nodes_.truncate(0);
  leaves_.truncate(0);
  names_.forget_from(0);
  memory_.clear();
  ++generation_, ++cleared_;
  sweep_ = 0;
}

template <class T>
typename tape<T>::mark_type tape<T>::mark() const {
  return {this, here(), cleared_, slots_.size() == 0 ? 0 : slots_[slots_.size() - 1].generation};
}

template <class T>
void tape<T>::rewind(const mark_type& m, const std::source_location& where) {
  if (m.of != this) throw tape_error("rewind: the mark was taken on another tape" + at_line(where));
  const std::size_t slots = m.at.slots;
  const bool valid = m.cleared == cleared_ && slots <= slots_.size() &&
                     (slots == 0 || slots_[slots - 1].generation == m.last_generation);
  if (!valid)
    throw tape_error("rewind: the tape was cleared, or rewound to an earlier place, since this mark was taken" +
                     at_line(where));
  forget_after(m.at);
}

template <class T>
void tape<T>::forget_after(const place& p) {
  forget_owners(p.owners);
  std::erase_if(set_leaves_, [&](slot<T>* s) {
    s->outdated = std::min(s->outdated, std::uint32_t(p.nodes));
    return s->id >= p.slots || s->outdated == 0;
  });
  std::size_t leaves = leaves_.size();
  while (leaves > 0 && leaves_[leaves - 1].id >= p.slots) --leaves;
  leaves_.truncate(leaves);
  names_.forget_from(p.slots);
  if (asked_.size() > p.slots) asked_.resize(p.slots);
  slots_.truncate(p.slots);
  nodes_.truncate(p.nodes);
  memory_.rewind(p.memory);
  ++generation_;
}

template <class T>
std::size_t tape<T>::memory() const {
  return memory_.capacity() + slots_.capacity_bytes() + nodes_.capacity_bytes() + leaves_.capacity_bytes();
}

template class var<float>;
template class var<double>;
template class tape<float>;
template class tape<double>;

}  // namespace xg
