// A structured op with a member that does not fit is refused, with the member's right form.
#include <xgrad/xgrad.hpp>

using variable = xg::var<double>;
using to = xg::array<double>;
using from = xg::array<const double>;
using adjoint = xg::adjoint<double>;

struct copy_op {
  static constexpr const char* name = "copy";
  xg::shape_t shape(xg::shape_view x) const { return x; }
  void forward(to y, from x) const { std::copy_n(x.data, x.size, y.data); }
  variable vjp(const variable& g, const variable&, const variable&) const { return g; }
};
struct kernel_op final : copy_op {
  void backward(from g, from, from, adjoint dx) const {
    dx.add_each([&](std::size_t i) { return g.data[i]; });
  }
};
struct sum_op {
  static constexpr const char* name = "sum of two";
  xg::shape_t shape(xg::shape_view a, xg::shape_view) const { return a; }
  void forward(to y, from a, from b) const {
    for (std::size_t i = 0; i < y.size; ++i) y.data[i] = a.data[i] + b.data[i];
  }
  variable vjp(std::size_t, const variable& g, const variable&, const variable&, const variable&) const { return g; }
};

inline variable right(const variable& v) {
  return xg::record(sum_op{}, xg::record(copy_op{}, v), xg::record(kernel_op{}, v));
}

#ifdef CASE_no_name  // expect: a structured op has `static constexpr const char. name`
struct nameless_op {
  xg::shape_t shape(xg::shape_view x) const { return x; }
  void forward(to, from) const {}
  variable vjp(const variable& g, const variable&, const variable&) const { return g; }
};
variable wrong(const variable& v) { return xg::record(nameless_op{}, v); }
#endif

#ifdef CASE_shape_of_two_operands  // expect: a structured op has `shape_t shape.shape_view....`, with one
variable wrong(const variable& v) { return xg::record(sum_op{}, v); }
#endif

#ifdef CASE_shape_returns_a_number  // expect: a structured op has `shape_t shape.shape_view....`
struct wrong_op : copy_op {
  const char* shape(xg::shape_view) const { return ""; }
};
variable wrong(const variable& v) { return xg::record(wrong_op{}, v); }
#endif

#ifdef CASE_forward_writes_its_operand  // expect: a structured op has `void forward.array<T> y, array<const T>....`
struct wrong_op : copy_op {
  void forward(to, to) const {}
};
variable wrong(const variable& v) { return xg::record(wrong_op{}, v); }
#endif

#ifdef CASE_forward_of_float  // expect: T is the number type of the variables
struct wrong_op : copy_op {
  void forward(xg::array<float>, xg::array<const float>) const {}
};
variable wrong(const variable& v) { return xg::record(wrong_op{}, v); }
#endif

#ifdef CASE_vjp_without_number  // expect: a structured op has `var<T> vjp.g, y, x.` for one operand
struct wrong_op : sum_op {
  variable vjp(const variable& g, const variable&, const variable&, const variable&) const { return g; }
};
variable wrong(const variable& v) { return xg::record(wrong_op{}, v, v); }
#endif

#ifdef CASE_no_vjp  // expect: a structured op has `var<T> vjp
struct wrong_op {
  static constexpr const char* name = "wrong";
  xg::shape_t shape(xg::shape_view x) const { return x; }
  void forward(to, from) const {}
};
variable wrong(const variable& v) { return xg::record(wrong_op{}, v); }
#endif

#ifdef CASE_backward_without_result  // expect: has a member `backward` that does not fit and would be ignored
struct wrong_op : copy_op {
  void backward(from, from, adjoint) const {}
};
variable wrong(const variable& v) { return xg::record(wrong_op{}, v); }
#endif

#ifdef CASE_backward_changes_adjoint  // expect: has a member `backward` that does not fit and would be ignored
struct wrong_op final : copy_op {
  void backward(from, from, from, adjoint&) const {}
};
variable wrong(const variable& v) { return xg::record(wrong_op{}, v); }
#endif

#ifdef CASE_backward_overloaded  // expect: has a member `backward` that does not fit and would be ignored
struct wrong_op : copy_op {
  void backward(from, from, adjoint) const {}
  void backward(from, from, from, from, adjoint, adjoint) const {}
};
variable wrong(const variable& v) { return xg::record(wrong_op{}, v); }
#endif

#ifdef CASE_backward_template  // expect: has a member `backward` that does not fit and would be ignored
struct wrong_op : copy_op {
  template <class A>
  void backward(A, A, A, A) const {}
};
variable wrong(const variable& v) { return xg::record(wrong_op{}, v); }
#endif

#ifdef CASE_limited_to_expressions  // expect: no matching function for call to .xg::tape<double>::backward
void wrong(xg::tape<double>& t, const variable& v) { t.backward(xg::sum(v), {v * 2}); }
#endif

#ifdef CASE_jvp_without_the_operand  // expect: a member `jvp` that does not fit and would be ignored; it is called as
struct wrong_op : copy_op {
  variable jvp(const variable& u) const { return u; }
};
variable wrong(const variable& v) { return xg::record(wrong_op{}, v); }
#endif

#ifdef CASE_jvp_of_a_linear_op  // expect: is marked `linear` and has a member `jvp` besides
struct wrong_op : copy_op {
  static constexpr bool linear = true;
  variable jvp(const variable& u, const variable&, const variable&) const { return u; }
};
variable wrong(const variable& v) { return xg::record(wrong_op{}, v); }
#endif
