#include <xgrad/ops/conv_c.hpp>

#include <algorithm>
#include <vector>

#include <xgrad/ops/slice.hpp>

namespace xg::detail {

namespace {

/// The positions of a window at which its element k meets the input: expressions for the first, and one past the last.
std::array<std::string, 2> bounds(c_writer& w, const window_axis& a, const std::string& k) {
  std::vector<std::ptrdiff_t> first, last;
  for (std::size_t l = 0; l < a.window; ++l) {
    const std::size_t offset = l * a.dilation;
    const auto position = [&](std::size_t place) {  // the first one not before this place of the padded input
      return std::min(a.output, place <= offset ? 0 : (place - offset + a.stride - 1) / a.stride);
    };
    first.push_back(std::ptrdiff_t(position(a.padding)));
    last.push_back(std::max(first.back(), std::ptrdiff_t(position(a.padding + a.input))));
  }
  const auto text = [&](const char* name, const std::vector<std::ptrdiff_t>& all) {
    const bool equal = std::ranges::all_of(all, [&](std::ptrdiff_t x) { return x == all.front(); });
    return equal ? std::to_string(all.front()) : w.table(name, all) + "[" + k + "]";
  };
  return {text("first", first), text("last", last)};
}

}  // namespace

void write_convolution(c_writer& w, const conv_sizes& s, const std::array<std::string, 3>& names, std::size_t makes) {
  const window_axis &rows = s.axes[0], &columns = s.axes[1];
  const auto strides = [](std::initializer_list<std::size_t> extents) {  // of a row-major array
    const shape_t shape(extents.begin(), extents.end());
    const auto all = strides_of(shape);
    return std::vector<std::ptrdiff_t>(all.begin(), all.end());
  };
  const auto of_x = strides({s.samples, s.groups, s.channels, rows.input, columns.input}),
             of_f = strides({s.groups, s.filters, s.channels, rows.window, columns.window}),
             of_y = strides({s.samples, s.groups, s.filters, rows.output, columns.output});
  const auto times = [](std::ptrdiff_t stride, std::size_t n) { return stride * std::ptrdiff_t(n); };
  shape_t space{s.samples, s.groups, s.filters, s.channels};
  space.push_back(rows.window), space.push_back(columns.window);
  w.each(space, [&](std::span<const std::string> i) {
    const std::string &n = i[0], &g = i[1], &o = i[2], &c = i[3], &k = i[4], &l = i[5];
    const std::string filter =
        w.element_at(names[1], 0, {{g, of_f[0]}, {o, of_f[1]}, {c, of_f[2]}, {k, of_f[3]}, {l, 1}});
    const auto output = [&](const std::string& p, const std::string& q) {
      return w.element_at(names[2], 0, {{n, of_y[0]}, {g, of_y[1]}, {o, of_y[2]}, {p, of_y[3]}, {q, 1}});
    };
    const auto input = [&](const std::string& p, const std::string& q) {
      return w.element_at(names[0], -times(of_x[3], rows.padding) - times(1, columns.padding),
                          {{n, of_x[0]},
                           {g, of_x[1]},
                           {c, of_x[2]},
                           {p, times(of_x[3], rows.stride)},
                           {k, times(of_x[3], rows.dilation)},
                           {q, times(1, columns.stride)},
                           {l, times(1, columns.dilation)}});
    };
    const std::array<std::string, 2> of_rows = bounds(w, rows, k), of_columns = bounds(w, columns, l);
    const auto each_position = [&](const auto& body) {
      w.loop(of_rows[0], of_rows[1], [&](const std::string& p) {
        w.loop(of_columns[0], of_columns[1], [&](const std::string& q) { w.line(body(output(p, q), input(p, q))); });
      });
    };
    if (makes == 1) {
      const std::string sum = w.fresh("sum");
      w.line("double " + sum + " = 0;");
      each_position([&](const std::string& y, const std::string& x) { return sum + " += " + y + " * " + x + ";"; });
      return w.line(filter + " += " + sum + ";");
    }
    const std::string weight = w.fresh("weight");
    w.line("const double " + weight + " = " + filter + ";");
    each_position([&](const std::string& y, const std::string& x) {
      return (makes == 2 ? y : x) + " += " + weight + " * " + (makes == 2 ? x : y) + ";";
    });
  });
}

}  // namespace xg::detail
