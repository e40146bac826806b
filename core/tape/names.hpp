// What the variables of a tape are called in messages and pictures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xg {

/// The names the user gave, beside the tape: a variable without one costs nothing, and is called by its number, `v7`.
class variable_names {
 public:
  std::string of(std::size_t id) const;
  bool has(std::size_t id) const;
  /// Takes the place of an earlier name.
  void give(std::size_t id, std::string_view name);
  /// Forgets the names of the variables from this number on.
  void forget_from(std::size_t id);

 private:
  struct entry {
    std::size_t id;
    std::string name;
  };
  std::size_t place(std::size_t id) const;

  std::vector<entry> entries_;  // in order of their ids
};

}  // namespace xg
