// What newcomers take a variable for, and in which words they are told better. Each case has a type of its own: a
// compiler reports a failed static_assert once.
#include <xgrad/xgrad.hpp>

using variable = xg::var<double>;
using array = xt::xarray<double>;

inline void right(variable a, variable b) {
  [[maybe_unused]] const array m = a.value();
  [[maybe_unused]] const double d = a(0).item();
  if (a(0, 0).item() > 0) a = b;
  for (double x : a.value()) (void)x;
  a = xt::tanh(a);
  a += b;
  a = xg::where(a > b, a, b);
}

#ifdef CASE_array_from_variable  // expect: an array does not take a variable.*write v.value
// first: an array does not take a variable.*write v.value
void wrong_1(variable a) { xt::xarray<double> m = a; }
#endif

#ifdef CASE_array_constructed  // expect: an array does not take a variable.*write v.value
// first: an array does not take a variable.*write v.value
void wrong_2(xg::var<float> a) { xt::xarray<float> m(a); }
#endif

#ifdef CASE_array_assigned  // expect: an array does not take a variable.*write v.value
// first: an array does not take a variable.*write v.value
void wrong_3(xt::xarray<long>& m, variable a) { m = a; }
#endif

#ifdef CASE_array_from_expression  // expect: an array does not take a variable.*write v.value
// first: an array does not take a variable.*write v.value
void wrong_4(variable a) { xt::xarray<double> m = a * a; }
#endif

#ifdef CASE_fixed_rank_from_variable  // expect: an array does not take a variable.*write v.value
// first: an array does not take a variable.*write v.value
void wrong_5(variable a) { xt::xtensor<double, 2> m = a; }
#endif

#ifdef CASE_condition  // expect: is not a number; write v.item
// first: is not a number; write v.item
int wrong_6(variable a) {
  if (a(0, 0) > 0) return 1;
  return 0;
}
#endif

#ifdef CASE_number_from_element  // expect: is not a number; write v.item
// first: is not a number; write v.item
double wrong_7(variable a) { return a(0); }
#endif

#ifdef CASE_number_from_expression  // expect: is not a number; write v.item
// first: is not a number; write v.item
double wrong_8(variable a) {
  double d = a * 2;
  return d;
}
#endif

#ifdef CASE_standard_tanh  // expect: for std::tanh.v. and its like write xt::tanh
// first: for std::tanh.v. and its like write xt::tanh
auto wrong_9(xg::var<float> a) { return std::tanh(a); }
#endif

#ifdef CASE_equal  // expect: == of variables is not recorded; write xt::equal
// first: == of variables is not recorded; write xt::equal
bool wrong_10(variable a, variable b) { return a == b; }
#endif

#ifdef CASE_equal_number  // expect: == of variables is not recorded; write xt::equal
// first: == of variables is not recorded; write xt::equal
bool wrong_11(variable a) { return a == 1.0; }
#endif

#ifdef CASE_not_equal  // expect: != of variables is not recorded; write xt::not_equal
// first: != of variables is not recorded; write xt::not_equal
bool wrong_12(variable a, variable b) { return a * 2 != b; }
#endif

#ifdef CASE_loop  // expect: a variable is not a range
// first: a variable is not a range
void wrong_13(variable a) {
  for (auto x : a) (void)x;
}
#endif

#ifdef CASE_element_assigned  // expect: this would assign to a copy and change nothing
// first: this would assign to a copy and change nothing
void wrong_14(variable a, variable b) { a(0, 0) = b(0, 1); }
#endif

#ifdef CASE_view_assigned  // expect: this would assign to a copy and change nothing
// first: this would assign to a copy and change nothing
void wrong_15(xg::var<float> a, xg::var<float> b) { xg::view(a, {0}) = b; }
#endif

#ifdef CASE_transpose_assigned  // expect: this would assign to a copy and change nothing
// first: this would assign to a copy and change nothing
void wrong_16(variable a, variable b) { xg::transpose(a) = b; }
#endif

#ifdef CASE_expression_assigned  // expect: this would assign to a copy and change nothing
// first: this would assign to a copy and change nothing
void wrong_17(variable a, variable b) { a* b = b; }
#endif

#ifdef CASE_element_updated  // expect: this would assign to a copy and change nothing
// first: this would assign to a copy and change nothing
void wrong_18(variable a) { a(0) += 1; }
#endif

#ifdef CASE_brackets  // expect: a variable has no . .; write v.0.
// first: a variable has no . .; write v.0.
auto wrong_19(variable a) { return a[0]; }
#endif

#ifdef CASE_brackets_of_expression  // expect: a variable has no . .; write v.0.
// first: a variable has no . .; write v.0.
auto wrong_20(variable a) { return (a * a)[1]; }
#endif

#ifdef CASE_const_handle_updated  // expect: which a const handle cannot; declare it without const
// first: which a const handle cannot; declare it without const
void wrong_21(const variable a, variable b) { a += b; }
#endif

#ifdef CASE_const_handle_updated_by_number  // expect: which a const handle cannot; declare it without const
// first: which a const handle cannot; declare it without const
void wrong_22(const xg::var<float>& a) { a *= 2; }
#endif
