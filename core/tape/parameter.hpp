// Parameters: numbers that outlive tapes, weights say. A tape borrows them: their value stays where it is.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <xgrad/core/expression/lanes.hpp>
#include <xgrad/core/memory/copy.hpp>
#include <xgrad/core/memory/error.hpp>

namespace xg {

template <class T>
class parameter;

namespace detail {

/// What tapes that borrow a parameter hold on to: it lives as long as one of them needs it, and does not move.
template <class T>
struct parameter_memory {
  parameter_memory(shape_view extents, std::string_view called);

  shape_t shape;
  std::size_t size;
  memory_block block;
  T* value;
  std::string name;
  std::uint64_t version = 0;  // of the values: counts their changes
};

template <class T>
const std::shared_ptr<parameter_memory<T>>& memory_of(const parameter<T>& p);

}  // namespace detail

/// An array of its own, for tapes to borrow: `auto w = t.borrow(weights);`. Copies are deep, so that `auto best = net;`
/// keeps the values as they are; assignment to a parameter of the same shape writes into its memory, which tapes that
/// borrow it see. Tapes on several threads may borrow one, as long as none of them writes.
template <class T>
class parameter {
 public:
  /// Of no shape and no use until it is assigned.
  parameter() = default;
  /// Takes the values, and an optional name, by which messages call the variable.
  template <class E>
  requires(!std::same_as<E, parameter>) explicit parameter(const E& values, std::string_view name = {})
      : memory_(std::make_shared<detail::parameter_memory<T>>(shape_of(values), name)) {
    copy_values<detail::simd_arch>(values, size(), memory_->value);
  }
  parameter(const parameter& other) : memory_(copy_of(other)) {}
  parameter(parameter&&) noexcept = default;
  parameter& operator=(const parameter& other) {
    if (memory_ && other.memory_ && memory_->shape == other.memory_->shape) {
      if (this != &other) std::copy_n(other.data(), size(), write().data());
    } else {
      memory_ = copy_of(other);
    }
    return *this;
  }
  parameter& operator=(parameter&&) noexcept = default;

  /// The numbers, as a read-only xtensor view.
  auto value() const {
    return xt::adapt<xt::layout_type::row_major>(data(), size(), xt::no_ownership(), shape_t(shape()));
  }
  /// The numbers, to be written: `p.write() -= rate * g`. Tapes that borrow them must be replayed then. Keep the view
  /// no longer than the change takes.
  auto write() {
    ++memory_->version;
    return xt::adapt<xt::layout_type::row_major>(memory_->value, size(), xt::no_ownership(), shape_t(shape()));
  }
  /// Copies values of the same shape into the parameter. Throws shape_error.
  template <class E>
  void set(const E& values, const std::source_location& where = std::source_location::current()) {
    const shape_t given = shape_of(values);
    if (!memory_ || given != memory_->shape)
      throw shape_error("set: the new value has shape " + to_string(given) + ", the parameter " +
                        (memory_ ? name() + (name().empty() ? "" : " ") + to_string(shape()) : "is empty") +
                        at_line(where));
    const xt::xarray<T> copy = values;  // it may be computed from what is there
    std::copy_n(copy.data(), size(), write().data());
  }

  const T* data() const { return memory_ ? memory_->value : nullptr; }
  shape_view shape() const { return memory_ ? shape_view(memory_->shape) : shape_view(); }
  std::size_t size() const { return memory_ ? memory_->size : 0; }
  bool empty() const { return !memory_; }
  std::string name() const { return memory_ ? memory_->name : std::string(); }
  /// How often the numbers were changed.
  std::uint64_t version() const { return memory_ ? memory_->version : 0; }

 private:
  friend const std::shared_ptr<detail::parameter_memory<T>>& detail::memory_of<T>(const parameter<T>&);
  static std::shared_ptr<detail::parameter_memory<T>> copy_of(const parameter& other) {
    if (!other.memory_) return nullptr;
    auto copy = std::make_shared<detail::parameter_memory<T>>(other.shape(), other.memory_->name);
    std::copy_n(other.data(), other.size(), copy->value);
    return copy;
  }

  std::shared_ptr<detail::parameter_memory<T>> memory_;
};

template <class T>
const std::shared_ptr<detail::parameter_memory<T>>& detail::memory_of(const parameter<T>& p) {
  return p.memory_;
}

template <class T>
detail::parameter_memory<T>::parameter_memory(shape_view extents, std::string_view called)
    : shape(extents),
      size(count_of(extents)),
      block(allocate_memory(std::max(size, std::size_t(1)) * sizeof(T))),
      value(static_cast<T*>(block.get())),
      name(called) {}

}  // namespace xg
