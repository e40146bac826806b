// float and double are not mixed, and variables hold nothing else.
#include <xgrad/xgrad.hpp>

using single = xg::var<float>;
using twice = xg::var<double>;

inline twice right(const twice& a, const xt::xarray<double>& b, const xt::xarray<float>& c) {
  return a * b + 2 + 0.5f + xt::cast<double>(c);
}
inline single right(const single& a, const xt::xarray<float>& b) { return a * b + 2 + 0.5; }

#ifdef CASE_variables  // expect: float and double are mixed
twice wrong(const single& a, const twice& b) { return a * b; }
#endif

#ifdef CASE_double_array  // expect: float and double are mixed
single wrong(const single& a, const xt::xarray<double>& b) { return a * b; }
#endif

#ifdef CASE_float_array  // expect: float and double are mixed
twice wrong(const twice& a, const xt::xarray<float>& b) { return b - a; }
#endif

#ifdef CASE_where  // expect: float and double are mixed
twice wrong(const single& a, const twice& b) { return xt::where(b > 0, b, a); }
#endif

#ifdef CASE_matmul  // expect: float and double are mixed
single wrong(const single& a, const twice& b) { return xg::matmul(a, b); }
#endif

#ifdef CASE_matmul_array  // expect: float and double are mixed
single wrong(const single& a, const xt::xarray<double>& b) { return xg::matmul(a, b); }
#endif

#ifdef CASE_squared_error  // expect: float and double are mixed
twice wrong(const twice& a, const xt::xarray<float>& b) { return xg::squared_error(a, b); }
#endif

#ifdef CASE_assignment  // expect: conversion from .*var<float>. to non-scalar type .*var<double>
twice wrong(const single& a) {
  twice b = a;
  return b;
}
#endif

#ifdef CASE_statement_assignment  // expect: no matching function for call to .xg::var<double>::var.xg::var<float>
twice wrong(const single& a) {
  twice b = a * 2;
  return b;
}
#endif

#ifdef CASE_tape_of_int  // expect: a tape holds float or double
xg::tape<int> wrong;
#endif

#ifdef CASE_tape_of_long_double  // expect: a tape holds float or double
xg::tape<long double> wrong;
#endif

#ifdef CASE_variable_of_int  // expect: variables hold float or double
xg::var<int> wrong;
#endif

#ifdef CASE_complex_array  // expect: neither a real number nor an array of real numbers
twice wrong(const twice& a, const xt::xarray<std::complex<double>>& b) { return a * b; }
#endif
