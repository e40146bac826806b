// Negative controls of the op table: ops whose derivatives are wrong on purpose.
#include "op_case.hpp"

namespace test {

namespace {

/// An identity with a wrong derivative: in the kernel that `backward` runs, in what `gradient` records, or in the
/// tangent.
enum class spoilt_in { kernel, program, tangent };
template <class T>
struct spoiler_op {
  static constexpr const char* name = "spoiler";
  spoilt_in wrong;

  xg::shape_t shape(xg::shape_view x) const { return x; }
  void forward(xg::array<T> y, xg::array<const T> x) const { std::copy_n(x.data, x.size, y.data); }
  xg::var<T> vjp(const xg::var<T>& g, const xg::var<T>&, const xg::var<T>&) const {
    return g * (wrong == spoilt_in::program ? 1.01 : 1.0);
  }
  xg::var<T> jvp(const xg::var<T>& u, const xg::var<T>&, const xg::var<T>&) const {
    return u * (wrong == spoilt_in::tangent ? 1.01 : 1.0);
  }
  void backward(xg::array<const T> g, xg::array<const T>, xg::array<const T>, xg::adjoint<T> dx) const {
    dx.add_each([&](std::size_t i) { return g.data[i] * T(wrong == spoilt_in::kernel ? 1.01 : 1.0); });
  }
};

}  // namespace

template <class T>
std::vector<op_case<T>> spoilt(const op_case<T>& op) {
  std::vector<op_case<T>> wrong;
  if (op.constant) return wrong;
  for (std::size_t k = 0; k < op.operands.size(); ++k) {
    if (op.operands[k].constant) continue;
    for (const auto& [in, name] : {std::pair{spoilt_in::kernel, ", kernel"}, std::pair{spoilt_in::program, ", program"},
                                   std::pair{spoilt_in::tangent, ", tangent"}}) {
      op_case<T>& one = wrong.emplace_back(op);
      one.name += std::string(name) + " of operand " + std::to_string(k);
      one.record = [record = op.record, k, in = in](std::vector<xg::var<T>> x) {
        x[k] = xg::record(spoiler_op<T>{in}, x[k]);
        return record(x);
      };
    }
  }
  return wrong;
}

template std::vector<op_case<double>> spoilt(const op_case<double>&);

}  // namespace test
