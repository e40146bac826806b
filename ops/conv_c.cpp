#include <xgrad/ops/conv_c.hpp>

#include <algorithm>
#include <vector>

namespace xg::detail {

namespace {

/// The positions of a window at which its element k meets the input: expressions for the first, and one past the last.
std::pair<std::string, std::string> bounds(c_writer& w, const window_axis& a, const std::string& k) {
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
  const auto& [rows, columns] = s.axes;
  const auto n_of = [](std::size_t x) { return std::ptrdiff_t(x); };
  const std::ptrdiff_t area = n_of(rows.input * columns.input), positions = n_of(rows.output * columns.output),
                       window = n_of(rows.window * columns.window);
  const auto& [x, f, y] = names;
  w.loop(s.samples, [&](const std::string& n) {
    w.loop(s.groups, [&](const std::string& g) {
      w.loop(s.filters, [&](const std::string& o) {
        w.loop(s.channels, [&](const std::string& c) {
          w.loop(rows.window, [&](const std::string& k) {
            w.loop(columns.window, [&](const std::string& l) {
              const std::ptrdiff_t per_filter = n_of(s.channels) * window;
              const std::string filter = f + "[" +
                                         c_position(0, {{g, n_of(s.filters) * per_filter},
                                                        {o, per_filter},
                                                        {c, window},
                                                        {k, n_of(columns.window)},
                                                        {l, 1}}) +
                                         "]";
              const auto output = [&](const std::string& p, const std::string& q) {
                return y + "[" +
                       c_position(0, {{n, n_of(s.groups * s.filters) * positions},
                                      {g, n_of(s.filters) * positions},
                                      {o, positions},
                                      {p, n_of(columns.output)},
                                      {q, 1}}) +
                       "]";
              };
              const auto input = [&](const std::string& p, const std::string& q) {
                const std::ptrdiff_t width = n_of(columns.input);
                return x + "[" +
                       c_position(-n_of(rows.padding) * width - n_of(columns.padding),
                                  {{n, n_of(s.groups * s.channels) * area},
                                   {g, n_of(s.channels) * area},
                                   {c, area},
                                   {p, n_of(rows.stride) * width},
                                   {k, n_of(rows.dilation) * width},
                                   {q, n_of(columns.stride)},
                                   {l, n_of(columns.dilation)}}) +
                       "]";
              };
              const auto [p_first, p_last] = bounds(w, rows, k);
              const auto [q_first, q_last] = bounds(w, columns, l);
              const auto each = [&, pf = p_first, pl = p_last, qf = q_first, ql = q_last](const auto& body) {
                w.loop(pf, pl,
                       [&](const std::string& p) { w.loop(qf, ql, [&](const std::string& q) { body(p, q); }); });
              };
              if (makes == 1) {
                const std::string sum = w.fresh("sum");
                w.line("double " + sum + " = 0;");
                each([&](const std::string& p, const std::string& q) {
                  w.line(sum + " += " + output(p, q) + " * " + input(p, q) + ";");
                });
                return w.line(filter + " += " + sum + ";");
              }
              const std::string weight = w.fresh("weight");
              w.line("const double " + weight + " = " + filter + ";");
              each([&](const std::string& p, const std::string& q) {
                if (makes == 2)
                  w.line(output(p, q) + " += " + weight + " * " + input(p, q) + ";");
                else
                  w.line(input(p, q) + " += " + weight + " * " + output(p, q) + ";");
              });
            });
          });
        });
      });
    });
  });
}

}  // namespace xg::detail
