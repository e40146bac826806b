// How an equation that was recorded is solved, on numbers; for implicit.cpp.
#pragma once

#include <string>
#include <vector>

#include <xgrad/core/derivative/implicit.hpp>
#include <xgrad/core/derivative/rerun.hpp>

namespace xg::detail {

/// z = f(z) or 0 = f(z), recorded on scratch from a leaf z; solving it writes to z and runs f again.
template <class T>
class equation_solver {
 public:
  /// Records f(z) for z = start. Throws shape_error.
  equation_solver(ledger<T>& l, equation kind, const std::function<var<T>(const var<T>&)>& f,
                  const xt::xarray<T>& start, const solve_options& options, const std::source_location& where);
  /// z, solved. Throws value_error.
  var<T> solve();

 private:
  void iterate();
  void newton();
  /// The step -J⁻¹ f(z).
  std::vector<T> newton_step(int step);
  /// Moves z by t times the step; returns the largest element of f there.
  double try_step(const std::vector<T>& from, const std::vector<T>& step, double t);
  double residual() const;
  void note_size();
  [[noreturn]] void fail(const std::string& what) const;
  const char* name() const { return kind_ == equation::root ? "root" : "fixed_point"; }

  ledger<T>& ledger_;
  equation kind_;
  solve_options options_;
  std::source_location where_;
  var<T> z_, y_;
  slot<T>* in_ = nullptr;
  const slot<T>* out_ = nullptr;
  std::size_t first_ = 0;  // node of f
  rerun<T> run_;
  double size_ = 0;  // the largest element of z so far
  slot<T>* seed_ = nullptr;
  const slot<T>* row_ = nullptr;
  rerun<T> run_all_, run_row_;  // the gradient of seed · f(z), after z has changed and after the seed has
};

/// Solves A x = b, A row-major, both overwritten, b by x. False where A is singular to rounding.
template <class T>
bool solve_linear(std::vector<T>& a, std::vector<T>& b);

extern template class equation_solver<float>;
extern template class equation_solver<double>;

}  // namespace xg::detail
