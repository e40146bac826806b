// A variable is not an xtensor container: functions of xtensor that are not differentiated do not compile, instead of
// losing the derivative. Most cases have an expression of a type of its own, as a compiler reports a failed
// static_assert once. (`xg::sum`, `xg::view` and so on are the differentiable ones.)
#include <xgrad/xgrad.hpp>

#include <xtensor-blas/xlinalg.hpp>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xmanipulation.hpp>
#include <xtensor/xnorm.hpp>
#include <xtensor/xsort.hpp>
#include <xtensor/xview.hpp>

using variable = xg::var<double>;
using array = xt::xarray<double>;

// What is right: the same calls on the numbers, and this library's on the variable.
inline void right(array v) {
  xt::sum(v);
  xt::mean(v);
  xt::amax(v);
  xt::norm_l2(v);
  xt::cumsum(v);
  xt::argmax(v);
  xt::sort(v);
  xt::view(v, 0);
  xt::strided_view(v, {0});
  xt::transpose(v);
  xt::reshape_view(v, {2, 3});
  xt::broadcast(v, {2, 3});
  xt::diag(v);
  xt::concatenate(xt::xtuple(v, v));
  xt::stack(xt::xtuple(v, v));
  xt::roll(v, 1);
  xt::flip(v);
  xt::repeat(v, 2, 0);
  xt::linalg::dot(v, v);
  xt::linalg::norm(v);
  xt::eval(v);
}
inline variable right(const variable& v) { return xg::sum(xg::transpose(v) * v); }

#ifdef CASE_sum  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong_1(const variable& v) { return xt::sum(v); }
#endif

#ifdef CASE_mean  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong_2(const variable& v) { return xt::mean(v + 1); }
#endif

#ifdef CASE_amax  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong_3(const variable& v) { return xt::amax(v + 1u); }
#endif

#ifdef CASE_norm_l2  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong_4(const variable& v) { return xt::norm_l2(v + 1l); }
#endif

#ifdef CASE_cumsum  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong_5(const variable& v) { return xt::cumsum(v + 1ul); }
#endif

#ifdef CASE_argmax  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong_6(const variable& v) { return xt::argmax(v + 1.f); }
#endif

#ifdef CASE_sort  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong_7(const variable& v) { return xt::sort(v + 1.); }
#endif

#ifdef CASE_view  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong_8(const variable& v) { return xt::view(v - 1, 0); }
#endif

#ifdef CASE_strided_view  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong_9(const variable& v) { return xt::strided_view(v - 1u, {0}); }
#endif

#ifdef CASE_transpose  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong_10(const variable& v) { return xt::transpose(v - 1l); }
#endif

#ifdef CASE_reshape_view  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong_11(const variable& v) { return xt::reshape_view(v - 1ul, {2, 3}); }
#endif

#ifdef CASE_broadcast  // expect: xt::broadcast has no derivative here
// first: xt::broadcast has no derivative here
auto wrong_12(const variable& v) { return xt::broadcast(v, {2, 3}); }
#endif

#ifdef CASE_diag  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong_13(const variable& v) { return xt::diag(v - 1.f); }
#endif

#ifdef CASE_concatenate  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong_14(const variable& v) { return xt::concatenate(xt::xtuple(v - 1., v - 1.)); }
#endif

#ifdef CASE_stack  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong_15(const variable& v) { return xt::stack(xt::xtuple(v * 1, v * 1)); }
#endif

#ifdef CASE_roll  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong_16(const variable& v) { return xt::roll(v * 1u, 1); }
#endif

#ifdef CASE_flip  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong_17(const variable& v) { return xt::flip(v * 1l); }
#endif

#ifdef CASE_repeat  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong_18(const variable& v) { return xt::repeat(v * 1ul, 2, 0); }
#endif

#ifdef CASE_dot  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong_19(const variable& v) { return xt::linalg::dot(v * 1.f, v * 1.f); }
#endif

#ifdef CASE_norm  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong_20(const variable& v) { return xt::linalg::norm(v * 1.); }
#endif

#ifdef CASE_array  // expect: an array does not take a variable.*write v.value
// first: an array does not take a variable.*write v.value
auto wrong_21(const variable& v) { return xt::xarray<double>(v); }
#endif

#ifdef CASE_eval  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong_22(const variable& v) { return xt::eval(v / 1); }
#endif

#ifdef CASE_iterate  // expect: a variable is not a range
// first: a variable is not a range
auto wrong_23(const variable& v) {
  return [&] {
    for (double x : v) (void)x;
    return 0;
  }();
}
#endif

#ifdef CASE_whole_comparison  // expect: == of variables is not recorded; write xt::equal
// first: == of variables is not recorded; write xt::equal
auto wrong_24(const variable& v) { return v == v; }
#endif
