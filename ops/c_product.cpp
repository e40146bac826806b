#include <xgrad/ops/c_product.hpp>

namespace xg::detail {

void write_product(c_writer& w, const std::string& c, const std::string& a, const matrix_layout& of_a,
                   const std::string& b, const matrix_layout& of_b) {
  const std::size_t m = of_a.height, n = of_b.width, inner = of_a.width;
  const auto at_a = [&](const std::string& i, const std::string& k) {
    return a + "[" + c_position(0, {{i, std::ptrdiff_t(of_a.row_step)}, {k, std::ptrdiff_t(of_a.column_step)}}) + "]";
  };
  const auto at_b = [&](const std::string& k, const std::string& j) {
    return b + "[" + c_position(0, {{k, std::ptrdiff_t(of_b.row_step)}, {j, std::ptrdiff_t(of_b.column_step)}}) + "]";
  };
  const auto at_c = [&](const std::string& i, const std::string& j) {
    return c + "[" + c_position(0, {{i, std::ptrdiff_t(n)}, {j, 1}}) + "]";
  };
  const auto zeros = [&] { w.loop(m * n, [&](const std::string& i) { w.line(c + "[" + i + "] = 0;"); }); };

  if (inner == 0) return zeros();
  if (inner == 1)
    return w.loop(m, [&](const std::string& i) {
      w.loop(n, [&](const std::string& j) { w.line(at_c(i, j) + " = " + at_a(i, "0") + " * " + at_b("0", j) + ";"); });
    });
  if (n == 1 && m > 1 && of_a.row_step == 1) {  // a transposed matrix times a column: its columns, added up
    zeros();
    return w.loop(inner, [&](const std::string& k) {
      w.loop(m, [&](const std::string& i) { w.line(at_c(i, "0") + " += " + at_a(i, k) + " * " + at_b(k, "0") + ";"); });
    });
  }
  if (n > 1 && of_b.column_step == 1) {
    zeros();
    return w.loop(m, [&](const std::string& i) {
      w.loop(inner, [&](const std::string& k) {
        w.loop(n, [&](const std::string& j) { w.line(at_c(i, j) + " += " + at_a(i, k) + " * " + at_b(k, j) + ";"); });
      });
    });
  }
  w.loop(m, [&](const std::string& i) {
    w.loop(n, [&](const std::string& j) {
      const std::string sum = w.fresh("sum");
      w.line("double " + sum + " = 0;");
      w.loop(inner, [&](const std::string& k) { w.line(sum + " += " + at_a(i, k) + " * " + at_b(k, j) + ";"); });
      w.line(at_c(i, j) + " = " + sum + ";");
    });
  });
}

}  // namespace xg::detail
