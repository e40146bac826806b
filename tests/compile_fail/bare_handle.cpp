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

#ifdef CASE_sum  // expect: no type named .value_type. in .*xg::var<double>
auto wrong(const variable& v) { return xt::sum(v); }
#endif

#ifdef CASE_mean  // expect: no type named .(value_type|size_type). in .*xg::var<double>
auto wrong(const variable& v) { return xt::mean(v); }
#endif

#ifdef CASE_amax  // expect: no type named .value_type. in .*xg::var<double>
auto wrong(const variable& v) { return xt::amax(v); }
#endif

#ifdef CASE_norm_l2  // expect: no type named .value_type. in .*xg::var<double>
auto wrong(const variable& v) { return xt::norm_l2(v); }
#endif

#ifdef CASE_cumsum  // expect: no type named .value_type. in .*xg::var<double>
auto wrong(const variable& v) { return xt::cumsum(v); }
#endif

#ifdef CASE_argmax  // expect: no type named .value_type. in .*xg::var<double>
auto wrong(const variable& v) { return xt::argmax(v); }
#endif

#ifdef CASE_sort  // expect: no type named .temporary_type. in .*xg::var<double>
auto wrong(const variable& v) { return xt::sort(v); }
#endif

#ifdef CASE_view  // expect: cannot convert .std::size_t. .* to .const std::source_location&
auto wrong(const variable& v) { return xt::view(v, 0); }
#endif

#ifdef CASE_strided_view  // expect: xg::var<double>. has no member named .layout
auto wrong(const variable& v) { return xt::strided_view(v, {0}); }
#endif

#ifdef CASE_transpose  // expect: no type named .shape_type. in .*xg::var<double>
auto wrong(const variable& v) { return xt::transpose(v); }
#endif

#ifdef CASE_reshape_view  // expect: xg::var<double>. has no member named .layout
auto wrong(const variable& v) { return xt::reshape_view(v, {2, 3}); }
#endif

#ifdef CASE_broadcast  // expect: no type named .shape_type. in .*xg::var<double>
auto wrong(const variable& v) { return xt::broadcast(v, {2, 3}); }
#endif

#ifdef CASE_diag  // expect: no type named .value_type. in .*xg::var<double>
auto wrong(const variable& v) { return xt::diag(v); }
#endif

#ifdef CASE_concatenate  // expect: no type named .value_type. in .*xg::var<double>
auto wrong(const variable& v) { return xt::concatenate(xt::xtuple(v, v)); }
#endif

#ifdef CASE_stack  // expect: no type named .value_type. in .*xg::var<double>
auto wrong(const variable& v) { return xt::stack(xt::xtuple(v, v)); }
#endif

#ifdef CASE_roll  // expect: xg::var<double>. has no member named .begin
auto wrong(const variable& v) { return xt::roll(v, 1); }
#endif

#ifdef CASE_flip  // expect: no type named .(size_type|shape_type). in .*xg::var<double>
auto wrong(const variable& v) { return xt::flip(v); }
#endif

#ifdef CASE_repeat  // expect: no type named .size_type. in .*xg::var<double>
auto wrong(const variable& v) { return xt::repeat(v, 2, 0); }
#endif

#ifdef CASE_dot  // expect: no type named .value_type. in .*xg::var<double>
auto wrong(const variable& v) { return xt::linalg::dot(v, v); }
#endif

#ifdef CASE_norm  // expect: no type named .value_type. in .*xg::var<double>
auto wrong(const variable& v) { return xt::linalg::norm(v); }
#endif

#ifdef CASE_array  // expect: incomplete type .class xt::xexpression_assigner_base<xg::expression_tag>
auto wrong(const variable& v) { return xt::xarray<double>(v); }
#endif

#ifdef CASE_eval  // expect: no matching function for call to .eval
auto wrong(const variable& v) { return xt::eval(v); }
#endif

#ifdef CASE_iterate  // expect: begin. was not declared
auto wrong(const variable& v) {
  return [&] {
    for (double x : v) (void)x;
    return 0;
  }();
}
#endif

#ifdef CASE_whole_comparison  // expect: no match for .operator==. .*xg::var<double>
auto wrong(const variable& v) { return v == v; }
#endif
