// Windows on images in plain memory. For the library's own sources.
#pragma once

#include <limits>

#include <xgrad/ops/rows.hpp>
#include <xgrad/ops/window.hpp>

namespace xg::detail {

/// The elements of the input that a window has along an axis, and what it counts for in a mean.
struct pool_range {
  std::size_t begin, count, divisor;
};

/// The windows on each image of a stack: those of all pairs of a range of rows and one of columns.
template <class T>
class pool_windows {
 public:
  pool_windows() = default;
  /// ranges(axis, i) is the range of window i.
  pool_windows(workspace& w, std::size_t images, const window_axes& axes, const auto& ranges)
      : images_(images), rows_(axes[0]), columns_(axes[1]), on_(w.threads()) {
    merged_ = {w.array<T>(columns_.input), columns_.input};
    for (std::size_t d = 0; d < 2; ++d) {
      auto* list = w.array<pool_range>(axes[d].output);
      for (std::size_t i = 0; i < axes[d].output; ++i) list[i] = ranges(d, i);
      ranges_[d] = list;
    }
    pairs_ = columns_.dilation == 1;
    for (std::size_t j = 0; j < columns_.output; ++j) pairs_ &= ranges_[1][j].count == 2;
  }

  void largest(const T* x, T* y) const {
    const auto larger = [](auto a, auto b) { return choose(b != b, b, choose(b > a, b, a)); };
    each_row([&](std::size_t of_x, std::size_t of_y, const pool_range& r, T* merged) {
      merge(merged, x + of_x, r.count, larger);
      each_window(merged, [&](std::size_t j, const T* from, std::size_t step, auto n) {
        one most(-std::numeric_limits<T>::infinity());
        if (r.count != 0)
          for (std::size_t l = 0; l < n; ++l) most = larger(most, one(from[l * step]));
        y[of_y + j] = most.get();
      });
    });
  }
  void mean(const T* x, T* y, bool assign) const {
    each_row([&](std::size_t of_x, std::size_t of_y, const pool_range& r, T* merged) {
      merge(merged, x + of_x, r.count, [](auto a, auto b) { return a + b; });
      each_window(merged, [&](std::size_t j, const T* from, std::size_t step, auto n) {
        T total = 0;
        for (std::size_t l = 0; l < n; ++l) total += from[l * step];
        T& to = y[of_y + j];
        to = total / T(r.divisor * ranges_[1][j].divisor) + (assign ? T(0) : to);
      });
    });
  }
  /// The transpose of mean.
  void spread(const T* y, T* x, bool assign) const {
    each_row(assign ? x : nullptr, [&](std::size_t of_x, std::size_t of_y, const pool_range& r, T*) {
      for (std::size_t j = 0; j < columns_.output; ++j) {
        const pool_range& c = ranges_[1][j];
        const T share = y[of_y + j] / T(r.divisor * c.divisor);
        each_element(of_x, r, c, [&](std::size_t at) { x[at] += share; });
      }
    });
  }

  /// The mean of those elements of u that are where x has the largest elements of the window, y; NaN where that is.
  void chosen(const T* u, const T* x, const T* y, T* to, bool assign) const {
    each_choice(x, y, nullptr, [&](std::size_t of_y, std::size_t count, const auto& each) {
      T total = 0;
      each([&](std::size_t at, bool is) { total += is ? u[at] : T(0); });
      const T most = y[of_y];
      to[of_y] = (most != most ? most : count == 0 ? T(0) : total / T(count)) + (assign ? T(0) : to[of_y]);
    });
  }
  /// The transpose of chosen: a number for each window, shared by the largest elements.
  void share(const T* g, const T* x, const T* y, T* to, bool assign) const {
    each_choice(x, y, assign ? to : nullptr, [&](std::size_t of_y, std::size_t count, const auto& each) {
      const T most = y[of_y];
      if (most != most) return each([&](std::size_t at, bool) { to[at] = most; });
      const T part = count == 0 ? T(0) : g[of_y] / T(count);
      each([&](std::size_t at, bool is) { to[at] += is ? part : T(0); });
    });
  }

 private:
  using loops = row_loops<T>;
  using V = typename loops::V;
  using one = lanes<T, simd_arch, true>;

  /// Calls f(first element of the first row, first window, range of rows, memory for a row) for each row of windows of
  /// each image. Images are independent, and may be computed side by side; those at `cleared` are set to zero before.
  void each_row(T* cleared, const auto& f) const {
    const std::size_t area = rows_.input * columns_.input;
    on_.parallel_for(images_, rows_in_part(area), merged_, [&](std::size_t begin, std::size_t end, T* merged) {
      if (cleared) std::fill(cleared + begin * area, cleared + end * area, T(0));
      for (std::size_t image = begin; image < end; ++image)
        for (std::size_t i = 0; i < rows_.output; ++i) {
          const pool_range& r = ranges_[0][i];
          f((image * rows_.input + r.begin) * columns_.input, (image * rows_.output + i) * columns_.output, r, merged);
        }
    });
  }
  void each_row(const auto& f) const { each_row(nullptr, f); }
  /// Merges n rows to one.
  void merge(T* merged, const T* from, std::size_t n, const auto& f) const {
    const std::size_t width = columns_.input, down = rows_.dilation * width;
    const auto at = [&]<class L>(std::size_t j, L) {
      L all = L::load(from + j);
      for (std::size_t k = 1; k < n; ++k) all = f(all, L::load(from + k * down + j));
      all.store(merged + j);
    };
    if (n == 0) std::fill_n(merged, width, T(0));
    if (n == 0) return;
    if (width < V::size) {
      for (std::size_t j = 0; j < width; ++j) at(j, one(0));
      return;
    }
    for (std::size_t j = 0; j < width; j += V::size) at(std::min(j, width - V::size), V(0));
  }
  /// Calls f(window, its first element of the merged row, step, how many) for each window of the row; in pairs, how
  /// many is a constant.
  void each_window(const T* merged, const auto& f) const {
    const pool_range* c = ranges_[1];
    if (pairs_)
      for (std::size_t j = 0; j < columns_.output; ++j)
        f(j, merged + c[j].begin, std::size_t(1), std::integral_constant<std::size_t, 2>{});
    else
      for (std::size_t j = 0; j < columns_.output; ++j) f(j, merged + c[j].begin, columns_.dilation, c[j].count);
  }
  /// Calls f(position) for each element of a window.
  void each_element(std::size_t of_x, const pool_range& r, const pool_range& c, const auto& f) const {
    for (std::size_t k = 0; k < r.count; ++k)
      for (std::size_t l = 0; l < c.count; ++l)
        f(of_x + k * rows_.dilation * columns_.input + c.begin + l * columns_.dilation);
  }
  /// Calls f(window, how many of its elements are its largest, a function that calls g(position, is it one of these)
  /// for each element) for each window. `cleared`: as of each_row.
  void each_choice(const T* x, const T* y, T* cleared, const auto& f) const {
    each_row(cleared, [&](std::size_t of_x, std::size_t of_y, const pool_range& r, T*) {
      const auto windows = [&](auto count_of_columns) {
        for (std::size_t j = 0; j < columns_.output; ++j) {
          const T most = y[of_y + j];
          const pool_range c{ranges_[1][j].begin, count_of_columns ? count_of_columns : ranges_[1][j].count, 1};
          std::size_t count = 0;
          each_element(of_x, r, c, [&](std::size_t at) { count += x[at] == most; });
          f(of_y + j, count, [&](const auto& g) { each_element(of_x, r, c, [&](auto at) { g(at, x[at] == most); }); });
        }
      };
      if (pairs_)
        windows(std::integral_constant<std::size_t, 2>{});
      else
        windows(std::size_t(0));
    });
  }

  std::size_t images_ = 0;
  window_axis rows_{}, columns_{};
  std::array<const pool_range*, 2> ranges_{};
  bool pairs_ = false;  // all windows have two neighbouring columns
  threads on_{};
  std::span<T> merged_{};  // a row
};

}  // namespace xg::detail
