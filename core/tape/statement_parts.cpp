// Long statements, in parts, on the tape's threads.
#include <xgrad/core/memory/parts.hpp>

#include <algorithm>

#include <xgrad/core/tape/plan.hpp>

namespace xg {

namespace {

/// Memory of the tape, given back at the end of a scope.
class borrowed_memory {
 public:
  explicit borrowed_memory(arena& memory) : memory_(memory), before_(memory.mark()) {}
  ~borrowed_memory() { memory_.rewind(before_); }
  borrowed_memory(const borrowed_memory&) = delete;
  borrowed_memory& operator=(const borrowed_memory&) = delete;
  template <class U>
  U* array(std::size_t count) {
    return memory_.array<U>(count, 64);
  }

 private:
  arena& memory_;
  arena::mark_type before_;
};

/// Calls f(part, its number) for all parts of a walk.
void each_part(threads on, const walk& w, std::size_t operands, const walk_split& s, const auto& f) {
  on.parallel_for(s.parts, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t p = begin; p < end; ++p) f(walk_part(w, operands, s, p), p);
  });
}

template <class T>
void set_to_zero(threads on, T* to, std::size_t n) {
  on.parallel_for(n, 4 * part_elements,
                  [&](std::size_t begin, std::size_t end) { std::fill(to + begin, to + end, T(0)); });
}

}  // namespace

template <class T>
void statement_base<T>::forward_in_parts(detail::ledger<T>& l) {
  const walk& w = *plan;
  const walk_split& s = w.splits[0];
  const threads on = l.threads();
  const std::size_t operands = this->inputs().size() + 1, results = this->out->size, kept = planes() * results;
  borrowed_memory memory(l.memory);
  T* all = s.shared ? memory.array<T>(s.parts * kept) : static_cast<T*>(w.planes);
  const auto each_result = [&](const auto& f) { on.parallel_for(results, part_elements, f); };
  if (kept != 0 && !s.shared) each_result([&](std::size_t begin, std::size_t end) { start_results(all, begin, end); });
  each_part(on, w, operands, s, [&](const walk_part& part, std::size_t p) {
    T* own = s.shared ? all + p * kept : all;
    if (s.shared) start_results(own, 0, results);
    forward_part(part.rows(), part.begin(), own);
  });
  if (kept == 0) return;
  each_result([&](std::size_t begin, std::size_t end) { finish_results(all, s.shared ? s.parts : 1, begin, end); });
}

// An adjoint whose elements several parts contribute to gets the contributions of each to memory of its own, with the
// errors of that sum, and these are added in order.
template <class T>
void statement_base<T>::backward_in_parts(detail::ledger<T>& l) {
  const walk& w = *plan;
  const walk_split& s = w.splits[1];
  const threads on = l.threads();
  const std::span<slot<T>* const> inputs = this->inputs();
  const std::size_t n = inputs.size();
  const std::uint64_t live = this->live_inputs();
  borrowed_memory memory(l.memory);
  auto* whole = memory.array<part_adjoint<T>>(n);
  auto* of_parts = memory.array<part_adjoint<T>>(n * s.parts);
  for (std::size_t k = 0; k < n; ++k) {
    whole[k] = {};
    if (!(live >> k & 1) || !inputs[k]->adjoint) continue;
    const bool is_shared = s.shared >> (k + 1) & 1, repeats = !is_shared && w.repeats(k + 1, n + 1);
    const bool first = l.begin_adjoint(*inputs[k], true);
    whole[k] = {inputs[k]->adjoint, nullptr, first && !repeats};
    if (is_shared) continue;
    if (first && repeats) set_to_zero(on, whole[k].data, inputs[k]->size);
    if (w.errors) whole[k].error = static_cast<T*>(w.errors[k]);
    if (whole[k].error) set_to_zero(on, whole[k].error, inputs[k]->size);
  }
  for (std::size_t p = 0; p < s.parts; ++p)
    for (std::size_t k = 0; k < n; ++k) {
      part_adjoint<T>& a = of_parts[p * n + k] = whole[k];
      if (!a.data || !(s.shared >> (k + 1) & 1)) continue;
      T* own = memory.array<T>(2 * inputs[k]->size);
      a = {own, own + inputs[k]->size, false};
    }

  each_part(on, w, n + 1, s, [&](const walk_part& part, std::size_t p) {
    const part_adjoint<T>* own = of_parts + p * n;
    for (std::size_t k = 0; k < n; ++k)
      if (own[k].data && s.shared >> (k + 1) & 1) std::fill_n(own[k].data, 2 * inputs[k]->size, T(0));
    backward_part(part.rows(), part.begin(), own);
  });

  using one = detail::lanes<T, detail::simd_arch, true>;
  for (std::size_t k = 0; k < n; ++k) {
    if (!whole[k].data || !(s.shared >> (k + 1) & 1)) continue;
    for (std::size_t i = 0; i < inputs[k]->size; ++i) {
      auto sum = sum_fold::start<one>();
      if (!whole[k].assign) sum[0] = whole[k].data[i];
      for (std::size_t p = 0; p < s.parts; ++p) {
        const part_adjoint<T>& a = of_parts[p * n + k];
        sum_fold::merge(sum, {one(a.data[i]), one(a.error[i])});
      }
      whole[k].data[i] = sum[0].get();
    }
  }
}

template void statement_base<float>::forward_in_parts(detail::ledger<float>&);
template void statement_base<double>::forward_in_parts(detail::ledger<double>&);
template void statement_base<float>::backward_in_parts(detail::ledger<float>&);
template void statement_base<double>::backward_in_parts(detail::ledger<double>&);

}  // namespace xg
