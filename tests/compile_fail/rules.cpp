// A function without a derivative rule is refused, with words.
#include <xgrad/xgrad.hpp>

using variable = xg::var<double>;

inline variable right(const variable& v) {
  return xt::tanh(v) / 2 + xt::detail::make_xfunction<xg::square_fun>(v) +
         xt::make_lambda_xfunction([](auto x) { return 3 * x; }, v);
}

#ifdef CASE_nan_to_num  // expect: no derivative rule for this function
variable wrong(const variable& v) { return xt::nan_to_num(v); }
#endif

#ifdef CASE_bitwise_and  // expect: no derivative rule for this function
variable wrong(const variable& v) { return v & 2; }
#endif

#ifdef CASE_modulus  // expect: no derivative rule for this function
variable wrong(const variable& v) { return v % 2; }
#endif

#ifdef CASE_shift  // expect: no derivative rule for this function
variable wrong(const variable& v) { return v << 1; }
#endif

#ifdef CASE_own_functor  // expect: no derivative rule for this function
struct halve {
  double operator()(double x) const { return x / 2; }
};
variable wrong(const variable& v) { return xt::detail::make_xfunction<halve>(v); }
#endif

#ifdef CASE_capturing_lambda  // expect: a lambda with captures cannot be recorded
variable wrong(const variable& v) {
  double k = 3;
  return xt::make_lambda_xfunction([k](auto x) { return k * x; }, v);
}
#endif

#ifdef CASE_rule_inside_statement  // expect: no derivative rule for this function
variable wrong(const variable& v) { return 2 * xt::exp(v + xt::nan_to_num(v)); }
#endif

#ifdef CASE_derivative_without_tuple  // expect: must take every operand and return a std::tuple
struct triple {
  auto operator()(auto x) const { return 3 * x; }
};
template <>
struct xg::rule<triple> {
  static constexpr const char* name = "triple";
  static auto backward(auto g, auto, auto) { return 3 * g; }
};
variable wrong(const variable& v) { return xg::elementwise<triple>{}(v); }
#endif

#ifdef CASE_too_many_derivatives  // expect: must take every operand and return a std::tuple
struct triple {
  auto operator()(auto x) const { return 3 * x; }
};
template <>
struct xg::rule<triple> {
  static constexpr const char* name = "triple";
  static auto backward(auto g, auto, auto) { return std::tuple(3 * g, g); }
};
variable wrong(const variable& v) { return xg::elementwise<triple>{}(v); }
#endif

#ifdef CASE_operand_not_taken  // expect: must take every operand and return a std::tuple
struct triple {
  auto operator()(auto x) const { return 3 * x; }
};
template <>
struct xg::rule<triple> {
  static constexpr const char* name = "triple";
  static auto backward(auto g, auto) { return std::tuple(3 * g); }
};
variable wrong(const variable& v) { return xg::elementwise<triple>{}(v); }
#endif
