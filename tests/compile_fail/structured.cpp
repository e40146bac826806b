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

#ifdef CASE_plan_without_workspace  // expect: has a member `plan` that does not fit and would be ignored
struct wrong_op : copy_op {
  void plan(xg::shape_view) {}
};
variable wrong(const variable& v) { return xg::record(wrong_op{}, v); }
#endif

#ifdef CASE_vjps_of_another_number  // expect: has a member `vjps` that does not fit and would be ignored
struct wrong_op : sum_op {
  std::array<variable, 3> vjps(std::span<const bool>, const variable&, const variable&, const variable&,
                               const variable&) const {
    return {};
  }
};
variable wrong(const variable& v) { return xg::record(wrong_op{}, v, v); }
#endif

#ifdef CASE_write_c_returns_text  // expect: has a member `write_c` that does not fit and would be ignored
struct wrong_op : copy_op {
  std::string write_c() const { return "y[0] = x[0];"; }
};
variable wrong(const variable& v) { return xg::record(wrong_op{}, v); }
#endif

#ifdef CASE_alias_is_a_number  // expect: has a member `alias` that does not fit and would be ignored
struct wrong_op : copy_op {
  std::size_t alias() const { return 0; }
};
variable wrong(const variable& v) { return xg::record(wrong_op{}, v); }
#endif

#ifdef CASE_list_for_an_op_of_two  // expect: one std::span<const shape_view> for a list of operands
variable wrong(const std::vector<variable>& list) { return xg::record(sum_op{}, list); }
#endif

#ifdef CASE_shapes_is_one  // expect: an op of several results has `std::array<shape_t, R> shapes.shape_view....`
struct wrong_op : copy_op {
  xg::shape_t shapes(xg::shape_view x) const { return x; }
};
auto wrong(const variable& v) { return xg::record(wrong_op{}, v); }
#endif

#ifdef CASE_several_results_forward  // expect: several results are a std::span<const array<T>> y
struct wrong_op : copy_op {
  std::array<xg::shape_t, 2> shapes(xg::shape_view x) const { return {x, x}; }
};
auto wrong(const variable& v) { return xg::record(wrong_op{}, v); }
#endif

#ifdef CASE_whole_numbers_not_taken  // expect: a structured op has `shape_t shape.shape_view....`
auto wrong(const variable& v, const xg::indices<double>& i) { return xg::record(copy_op{}, v, i); }
#endif

#ifdef CASE_whole_numbers_first  // expect: the whole numbers of an op come after its variables
auto wrong(const variable& v, const xg::indices<double>& i) { return xg::record(sum_op{}, i, v); }
#endif

#ifdef CASE_indices_of_floating_point  // expect: no matching function for call to .xg::tape<double>::indices
void wrong(xg::tape<double>& t) { t.indices(xt::xarray<double>{1, 2}); }
#endif
