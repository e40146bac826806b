// The recorded computation as a picture: DOT (for Graphviz), SVG (for browsers), or a list of lines.
#pragma once

#include <initializer_list>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include <xgrad/core/derivative/gradient.hpp>

namespace xg {

struct graph_options {
  std::size_t limit = 100;  ///< the most nodes and leaves shown, those nearest to the result; the others are counted
  bool values = true;       ///< values and gradients, not only shapes
};

/// What was computed, as it was when asked for: what `graph` returns.
class computation_graph {
 public:
  enum class kind { variable, constant, result };
  struct entry {
    kind what = kind::result;
    std::string name, text;             ///< `h`; `relu(W * x)`, or nothing for a leaf
    std::string attributes;             ///< `transpose: second`
    std::string shape, value;           ///< `(2, 3)`; the numbers, shortened
    std::string gradient;               ///< of the last backward; nothing where there is none
    std::string line;                   ///< `net.cpp:7`
    std::vector<std::size_t> operands;  ///< their places among the entries
    bool cut = false;                   ///< some operands are among those that are left out
  };

  /// In order of recording: operands before what is computed from them.
  const std::vector<entry>& entries() const { return entries_; }
  /// How many more there are, beyond the limit.
  std::size_t left_out() const { return left_out_; }

  /// One line for each: `h = relu(W * x)  (3)  [1, 0, 2]  net.cpp:7`.
  std::string text() const;
  /// For Graphviz: `dot -Tsvg`.
  std::string dot() const;
  /// A picture by itself, laid out from top to bottom.
  std::string svg() const;

 private:
  friend struct graph_t;
  template <class T>
  friend computation_graph make_graph(std::span<const var<T>> ys, const graph_options& options,
                                      const std::source_location& where);
  std::vector<entry> entries_;
  std::size_t left_out_ = 0;
};
/// The text.
std::ostream& operator<<(std::ostream& out, const computation_graph& g);

template <class T>
computation_graph make_graph(std::span<const var<T>> ys, const graph_options& options,
                             const std::source_location& where);
extern template computation_graph make_graph(std::span<const var<float>>, const graph_options&,
                                             const std::source_location&);
extern template computation_graph make_graph(std::span<const var<double>>, const graph_options&,
                                             const std::source_location&);

/// graph(y), graph({y, z}), each also with options: what the results were computed from, with names, shapes, values,
/// the gradients of the last `backward`, and the user's lines. Throws tape_error.
///
///   std::cout << xg::graph(loss);
///   std::ofstream("net.svg") << xg::graph(loss).svg();
struct graph_t {
  template <differentiable Y, class T = typename Y::scalar_type, class Arch = detail::simd_arch>
  computation_graph operator()(const Y& y, const graph_options& options = {},
                               const std::source_location& where = std::source_location::current()) const {
    const var<T> of = recorded<Arch>(y, where);
    return make_graph<T>({&of, 1}, options, where);
  }
  template <class T>
  computation_graph operator()(std::initializer_list<var<T>> ys, const graph_options& options = {},
                               const std::source_location& where = std::source_location::current()) const {
    return make_graph<T>({ys.begin(), ys.size()}, options, where);
  }
};
inline constexpr graph_t graph;

}  // namespace xg
