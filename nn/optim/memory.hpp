// What optimisers remember, by name: the same walk writes it down and reads it back.
#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <xgrad/core/memory/error.hpp>

namespace xg::nn {

/// Lists of numbers, by name.
class optimiser_memory {
 public:
  std::map<std::string, std::vector<double>> lists;

  /// To be filled ...
  optimiser_memory() = default;
  /// ... and to be taken back.
  explicit optimiser_memory(std::map<std::string, std::vector<double>> from) : lists(std::move(from)), reads_(true) {}
  bool reads() const { return reads_; }

  /// A list of numbers; when it is read it must have as many, unless it may grow. Throws value_error.
  template <class T>
  void operator()(const std::string& name, std::vector<T>& x, bool may_grow = false) {
    if (!reads_) {
      lists[name].assign(x.begin(), x.end());
      return;
    }
    const std::vector<double>& from = find(name);
    if (!may_grow && from.size() != x.size()) wrong_size(name, x.size(), from.size());
    x.assign(from.size(), T());
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = T(from[i]);
  }
  /// A single one; whole numbers are exact up to 2^53.
  template <class T>
  requires std::is_arithmetic_v<T>
  void operator()(const std::string& name, T& x) {
    if (!reads_) {
      lists[name] = {double(x)};
      return;
    }
    const std::vector<double>& from = find(name);
    if (from.size() != 1) wrong_size(name, 1, from.size());
    if constexpr (std::integral<T> && !std::same_as<T, bool>)
      if (!(from[0] >= 0 && from[0] <= 0x1p53))
        throw value_error("an optimiser's memory: \"" + name + "\" is " + std::to_string(from[0]) +
                          "; expected a whole number");
    x = T(from[0]);
  }

 private:
  const std::vector<double>& find(const std::string& name) const {
    const auto at = lists.find(name);
    if (at == lists.end()) throw value_error("an optimiser's memory: there is no \"" + name + "\"");
    return at->second;
  }
  [[noreturn]] static void wrong_size(const std::string& name, std::size_t wanted, std::size_t found) {
    throw value_error("an optimiser's memory: \"" + name + "\" has " + std::to_string(found) + " numbers; expected " +
                      std::to_string(wanted));
  }

  bool reads_ = false;
};

}  // namespace xg::nn
