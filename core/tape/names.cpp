#include <xgrad/core/tape/names.hpp>

#include <algorithm>

namespace xg {

// Of the first entry that is not before the id.
std::size_t variable_names::place(std::size_t id) const {
  const auto at = std::ranges::lower_bound(entries_, id, {}, &entry::id);
  return std::size_t(at - entries_.begin());
}

bool variable_names::has(std::size_t id) const {
  const std::size_t at = place(id);
  return at < entries_.size() && entries_[at].id == id;
}

std::string variable_names::of(std::size_t id) const {
  return has(id) ? entries_[place(id)].name : "v" + std::to_string(id);
}

void variable_names::give(std::size_t id, std::string_view name) {
  const std::size_t at = place(id);
  if (has(id))
    entries_[at].name = name;
  else
    entries_.insert(entries_.begin() + std::ptrdiff_t(at), {id, std::string(name)});
}

void variable_names::forget_from(std::size_t id) {
  if (!entries_.empty()) entries_.erase(entries_.begin() + std::ptrdiff_t(place(id)), entries_.end());
}

}  // namespace xg
