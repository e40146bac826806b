// A variable is not an xtensor container: functions of xtensor that are not differentiated do not compile, instead of
// losing the derivative. (`xg::sum`, `xg::view` and so on are the differentiable ones.)
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
auto wrong(const variable& v) { return xt::sum(v); }
#endif

#ifdef CASE_mean  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong(const variable& v) { return xt::mean(v); }
#endif

#ifdef CASE_amax  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong(const variable& v) { return xt::amax(v); }
#endif

#ifdef CASE_norm_l2  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong(const variable& v) { return xt::norm_l2(v); }
#endif

#ifdef CASE_cumsum  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong(const variable& v) { return xt::cumsum(v); }
#endif

#ifdef CASE_argmax  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong(const variable& v) { return xt::argmax(v); }
#endif

#ifdef CASE_sort  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong(const variable& v) { return xt::sort(v); }
#endif

#ifdef CASE_view  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong(const variable& v) { return xt::view(v, 0); }
#endif

#ifdef CASE_strided_view  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong(const variable& v) { return xt::strided_view(v, {0}); }
#endif

#ifdef CASE_transpose  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong(const variable& v) { return xt::transpose(v); }
#endif

#ifdef CASE_reshape_view  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong(const variable& v) { return xt::reshape_view(v, {2, 3}); }
#endif

#ifdef CASE_broadcast  // expect: xt::broadcast has no derivative here
// first: xt::broadcast has no derivative here
auto wrong(const variable& v) { return xt::broadcast(v, {2, 3}); }
#endif

#ifdef CASE_diag  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong(const variable& v) { return xt::diag(v); }
#endif

#ifdef CASE_concatenate  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong(const variable& v) { return xt::concatenate(xt::xtuple(v, v)); }
#endif

#ifdef CASE_stack  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong(const variable& v) { return xt::stack(xt::xtuple(v, v)); }
#endif

#ifdef CASE_roll  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong(const variable& v) { return xt::roll(v, 1); }
#endif

#ifdef CASE_flip  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong(const variable& v) { return xt::flip(v); }
#endif

#ifdef CASE_repeat  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong(const variable& v) { return xt::repeat(v, 2, 0); }
#endif

#ifdef CASE_dot  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong(const variable& v) { return xt::linalg::dot(v, v); }
#endif

#ifdef CASE_norm  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong(const variable& v) { return xt::linalg::norm(v); }
#endif

#ifdef CASE_array  // expect: an array does not take a variable.*write v.value
// first: an array does not take a variable.*write v.value
auto wrong(const variable& v) { return xt::xarray<double>(v); }
#endif

#ifdef CASE_eval  // expect: a variable is not an array; write xg::sum
// first: a variable is not an array; write xg::sum
auto wrong(const variable& v) { return xt::eval(v); }
#endif

#ifdef CASE_iterate  // expect: a variable is not a range
// first: a variable is not a range
auto wrong(const variable& v) {
  return [&] {
    for (double x : v) (void)x;
    return 0;
  }();
}
#endif

#ifdef CASE_whole_comparison  // expect: == of variables is not recorded; write xt::equal
// first: == of variables is not recorded; write xt::equal
auto wrong(const variable& v) { return v == v; }
#endif
