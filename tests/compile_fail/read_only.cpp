// What is on the tape is read-only: only `set` changes a leaf, and nothing changes the result of a statement.
#include <xgrad/xgrad.hpp>

inline void right(xg::tape<double>& t, xg::var<double> v) {
  t.set(v, v.value() + 1);
  v = v + 1;
  [[maybe_unused]] const double first = v.value()(0);
}

#ifdef CASE_write_value  // expect: assignment of read-only location
void wrong(xg::var<double> v) { v.value()(0) = 1; }
#endif

#ifdef CASE_write_gradient  // expect: assignment of read-only location
void wrong(xg::var<double> v) { v.grad()(0) = 1; }
#endif

#ifdef CASE_fill_value  // expect: assignment of read-only location
void wrong(xg::var<double> v) { v.value().fill(1); }
#endif

#ifdef CASE_write_element  // expect: this would assign to a copy and change nothing
// first: this would assign to a copy and change nothing
void wrong(xg::var<double> v) { v(0) = 1; }
#endif

#ifdef CASE_copy_tape  // expect: use of deleted function .xg::tape<.*>::tape.const xg::tape<
xg::tape<double> wrong(const xg::tape<double>& t) { return t; }
#endif

#ifdef CASE_move_tape  // expect: use of deleted function .xg::tape<.*>::tape.const xg::tape<
xg::tape<double> wrong(xg::tape<double>& t) { return std::move(t); }
#endif

#ifdef CASE_variable_of_variable  // expect: this is a variable already
xg::var<double> wrong(xg::tape<double>& t, xg::var<double> v) { return t.variable(v); }
#endif

#ifdef CASE_variable_of_text  // expect: a leaf is made from a number or an xtensor expression of real numbers
xg::var<double> wrong(xg::tape<double>& t) { return t.variable("one"); }
#endif

#ifdef CASE_set_to_expression  // expect: write v.value.. for those of a variable
void wrong(xg::tape<double>& t, xg::var<double> v) { t.set(v, v - 1); }
#endif

#ifdef CASE_seed_of_variable  // expect: a seed is numbers
void wrong(xg::tape<double>& t, xg::var<double> v) { t.backward(v, v * 2); }
#endif

#ifdef CASE_gradient_by_expressions  // expect: no match for call to
auto wrong(xg::var<double> v) { return xg::gradient(xg::sum(v * v), {v * v, v}); }
#endif

#ifdef CASE_gradient_by_expressions_seeded  // expect: no match for call to
auto wrong(xg::var<double> v) { return xg::gradient(v * v, {v * v, v}, xg::seed(v)); }
#endif

#ifdef CASE_gradient_by_expression  // expect: a gradient is by a variable
xg::var<double> wrong(xg::var<double> v) { return xg::gradient(xg::sum(v * v), v * v); }
#endif

#ifdef CASE_unnamed_seed  // expect: the third argument of a gradient is a seed and must say so
// first: the third argument of a gradient is a seed and must say so
auto wrong(xg::var<double> loss, xg::var<double> k, xg::var<double> c) { return xg::gradient(loss, k, c); }
#endif

#ifdef CASE_unnamed_seed_of_several  // expect: the third argument of a gradient is a seed and must say so
// first: the third argument of a gradient is a seed and must say so
auto wrong(xg::var<float> loss, xg::var<float> k, xg::var<float> c) { return xg::gradient(loss, {k}, c); }
#endif
