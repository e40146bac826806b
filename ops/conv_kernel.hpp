// Convolution on plain memory, as matrix products. For the library's own sources: includes cblas.h.
//
// The input of one sample and group is spread out to a matrix that has a row for each element of a filter and a column
// for each position of it, so that the filters, one to a row, times this matrix are the output (Chellapilla, Puri and
// Simard, "High performance convolutional neural networks for document processing", 2006).
#pragma once

#include <cstring>

#include <xgrad/ops/lane_product.hpp>
#include <xgrad/ops/window.hpp>

namespace xg::detail {

/// Sizes of a convolution; channels and filters are those of one group.
struct conv_sizes {
  std::size_t samples = 0, groups = 1, channels = 0, filters = 0;
  window_axes axes{};
};

// In blocks of a fixed size, which a compiler puts into registers: rows are short.
template <class T>
void copy_row(T* to, const T* from, std::size_t n) {
  constexpr std::size_t width = 8;
  std::size_t i = 0;
  for (; i + width <= n; i += width) std::memcpy(to + i, from + i, width * sizeof(T));
  for (; i < n; ++i) to[i] = from[i];
}
/// to += from.
template <class T>
void add_row(T* to, const T* from, std::size_t n) {
  constexpr std::size_t width = 8;
  std::size_t i = 0;
  for (; i + width <= n; i += width) {
    T block[width];
    for (std::size_t j = 0; j < width; ++j) block[j] = to[i + j] + from[i + j];
    for (std::size_t j = 0; j < width; ++j) to[i + j] = block[j];
  }
  for (; i < n; ++i) to[i] += from[i];
}

/// The trilinear form Σ y(n, o, p) w(o, k) x(n, p + k), differentiated by each of its arguments. Each of the three
/// gives its result to memory that is assigned or added to.
template <class T>
class convolution {
 public:
  convolution() = default;
  convolution(workspace& w, const conv_sizes& sizes) : s_(sizes) {
    const auto& [rows, columns] = s_.axes;
    elements_ = s_.channels * rows.window * columns.window;
    positions_ = rows.output * columns.output;
    area_ = rows.input * columns.input;
    in_place_ = true;
    for (const window_axis& a : s_.axes) in_place_ &= a.window == 1 && a.stride == 1 && a.padding == 0;
    if (!in_place_) {
      spread_ = {w.array<T>(elements_ * positions_), elements_ * positions_};
      rows_ = reaches(w, rows);
      columns_ = reaches(w, columns);
    }
    const matrix_layout filters = matrix_layout::row_major(s_.filters, elements_),
                        spread = matrix_layout::row_major(elements_, positions_),
                        output = matrix_layout::row_major(s_.filters, positions_);
    to_output_ = lane_product<T>(filters, spread, output);
    to_spread_ = lane_product<T>(filters.transposed(), output, spread);
    to_filters_ = lane_product<T>(output, spread.transposed(), filters);
    on_ = w.threads();
    split_samples(w);
  }

  void to_output(const T* x, const T* w, T* y, bool assign) const {
    each(to_output_, [&](std::size_t of_x, std::size_t of_w, std::size_t of_y, T* memory) {
      to_output_(w + of_w, spread(x + of_x, memory), y + of_y, assign);
    });
  }
  void to_input(const T* y, const T* w, T* x, bool assign) const {
    each(to_spread_, [&](std::size_t of_x, std::size_t of_w, std::size_t of_y, T* memory) {
      if (in_place_) return to_spread_(w + of_w, y + of_y, x + of_x, assign);
      if (assign) std::fill_n(x + of_x, s_.channels * area_, T(0));
      to_spread_(w + of_w, y + of_y, memory, true);
      gather(x + of_x, memory);
    });
  }
  // The sum over the samples: that of the first part of them is added to w, those of others are added to it in order.
  void to_filters(const T* x, const T* y, T* w, bool assign) const {
    const std::size_t size = s_.groups * s_.filters * elements_;
    if (s_.samples == 0 && assign) std::fill_n(w, size, T(0));
    threads_for(to_filters_)
        .parallel_for(s_.samples, part_samples_, spread_, [&](std::size_t begin, std::size_t end, T* memory) {
          T* sum = begin == 0 ? w : sums_ + (begin / part_samples_ - 1) * size;
          for (std::size_t n = begin; n < end; ++n)
            for (std::size_t g = 0; g < s_.groups; ++g) {
              const std::size_t block = n * s_.groups + g;
              to_filters_(y + block * s_.filters * positions_, spread(x + block * s_.channels * area_, memory),
                          sum + g * s_.filters * elements_, n == begin && (assign || begin != 0));
            }
        });
    for (std::size_t n = part_samples_, p = 0; n < s_.samples; n += part_samples_, ++p)
      add_row(w, sums_ + p * size, size);
  }

 private:
  /// The positions of the window at which one of its elements meets the input, and which element of it at the first.
  struct reach {
    std::size_t begin, end, at;
  };
  static const reach* reaches(workspace& w, const window_axis& a) {
    auto* list = w.array<reach>(a.window);
    for (std::size_t k = 0; k < a.window; ++k) {
      const std::size_t offset = k * a.dilation;
      const auto first_at = [&](std::size_t place) {  // the first position not before this place of the padded input
        return std::min(a.output, place <= offset ? 0 : (place - offset + a.stride - 1) / a.stride);
      };
      const std::size_t begin = first_at(a.padding), end = std::max(begin, first_at(a.padding + a.input));
      list[k] = {begin, end, begin == end ? 0 : offset + begin * a.stride - a.padding};
    }
    return list;
  }

  /// The threads to compute such products on.
  threads threads_for(const lane_product<T>& p) const { return p.calls_blas() && blas_has_threads() ? threads() : on_; }
  /// Products of numbers that are done in the time of an element of other work, about.
  static constexpr std::size_t products_per_element = 16;

  /// How many samples make a part of a sum over them: many enough for what is added at the end to be little.
  void split_samples(workspace& w) {
    const std::size_t of_filters = s_.groups * s_.filters * elements_, of_sample = of_filters * positions_;
    const std::size_t arrays = s_.samples * s_.groups * (s_.channels * area_ + s_.filters * positions_);
    constexpr std::size_t most = 16;
    const std::size_t parts =
        std::min({most, s_.samples, s_.samples * of_sample / (products_per_element * part_elements),
                  arrays / std::max(of_filters, std::size_t(1))});
    part_samples_ = parts < 2 ? s_.samples : (s_.samples + parts - 1) / parts;
    if (parts >= 2) sums_ = w.array<T>((parts - 1) * of_filters);
  }

  /// Calls f(where the input of a sample and group begins, the filters of the group, the output, memory for a spread
  /// matrix) for each sample and group. They are independent, and may be computed side by side.
  void each(const lane_product<T>& p, const auto& f) const {
    const std::size_t work = s_.filters * elements_ * positions_ / products_per_element;
    threads_for(p).parallel_for(s_.samples * s_.groups, rows_in_part(work), spread_,
                                [&](std::size_t begin, std::size_t end, T* memory) {
                                  for (std::size_t block = begin; block < end; ++block)
                                    f(block * s_.channels * area_, block % s_.groups * s_.filters * elements_,
                                      block * s_.filters * positions_, memory);
                                });
  }
  /// Calls f(row of the spread matrix, its element of the first of the two reaches' positions, reaches, input there).
  void each_element(auto* x, T* spread, const auto& f) const {
    const auto& [rows, columns] = s_.axes;
    T* line = spread;
    for (std::size_t c = 0; c < s_.channels; ++c, x += area_)
      for (std::size_t k = 0; k < rows.window; ++k)
        for (std::size_t l = 0; l < columns.window; ++l, line += positions_)
          f(line, rows_[k], columns_[l], x + rows_[k].at * columns.input + columns_[l].at);
  }

  const T* spread(const T* x, T* memory) const {
    if (in_place_) return x;
    const auto& [rows, columns] = s_.axes;
    const std::size_t width = columns.output, down = rows.stride * columns.input, step = columns.stride;
    each_element(x, memory, [&](T* line, const reach& r, const reach& c, const T* from) {
      const std::size_t n = c.end - c.begin;
      if (n != width) {
        std::fill_n(line, positions_, T(0));
      } else {
        std::fill_n(line, r.begin * width, T(0));
        std::fill(line + r.end * width, line + positions_, T(0));
      }
      T* to = line + r.begin * width + c.begin;
      for (std::size_t i = r.begin; i < r.end; ++i, to += width, from += down) {
        if (step == 1)
          copy_row(to, from, n);
        else
          for (std::size_t j = 0; j < n; ++j) to[j] = from[j * step];
      }
    });
    return memory;
  }
  /// Adds a spread matrix to the input it was spread from.
  void gather(T* x, T* memory) const {
    const auto& [rows, columns] = s_.axes;
    const std::size_t width = columns.output, down = rows.stride * columns.input, step = columns.stride;
    each_element(x, memory, [&](const T* line, const reach& r, const reach& c, T* to) {
      const std::size_t n = c.end - c.begin;
      const T* from = line + r.begin * width + c.begin;
      for (std::size_t i = r.begin; i < r.end; ++i, from += width, to += down) {
        if (step == 1)
          add_row(to, from, n);
        else
          for (std::size_t j = 0; j < n; ++j) to[j * step] += from[j];
      }
    });
  }

  conv_sizes s_;
  std::size_t elements_ = 0, positions_ = 0, area_ = 0;  // of a filter; of its places; of the input
  bool in_place_ = false;                                // the input is its spread matrix
  std::span<T> spread_{};                                // memory for a spread matrix
  T* sums_ = nullptr;                                    // of the parts of the samples but the first
  std::size_t part_samples_ = 0;
  threads on_{};
  const reach *rows_ = nullptr, *columns_ = nullptr;
  lane_product<T> to_output_, to_spread_, to_filters_;
};

}  // namespace xg::detail
