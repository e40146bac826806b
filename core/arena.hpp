// Memory of a tape: taken in order, given back all at once (or down to a mark), kept for the next round.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

namespace xg {

struct free_memory {
  std::align_val_t alignment;
  void operator()(void* p) const { ::operator delete(p, alignment); }
};
using memory_block = std::unique_ptr<void, free_memory>;

/// Uninitialised memory, aligned to cache lines; large blocks lie on huge pages where the system has them, as the first
/// touch of a long tape is mostly page faults.
memory_block allocate_memory(std::size_t bytes);

/// Bump allocator. Nothing is freed before the arena is; `rewind` and `clear` make the memory available again,
/// so a second round of the same work allocates nothing.
class arena {
 public:
  struct mark_type {
    std::size_t block = 0;
    std::byte* next = nullptr;
  };

  /// `bytes` of memory aligned to `alignment` (a power of two, at most 64); never null.
  void* get(std::size_t bytes, std::size_t alignment) {
    const std::size_t gap = -reinterpret_cast<std::uintptr_t>(next_) & (alignment - 1);
    if (gap + bytes >= std::size_t(end_ - next_)) [[unlikely]]
      return get_from_next_block(bytes);
    std::byte* start = next_ + gap;
    next_ = start + bytes;
    return start;
  }

  /// Uninitialised memory for `count` values of T.
  template <class T>
  T* array(std::size_t count, std::size_t alignment = alignof(T)) {
    static_assert(std::is_trivially_destructible_v<T>);
    return static_cast<T*>(get(count * sizeof(T), alignment));
  }

  mark_type mark() const { return {block_, next_}; }
  void rewind(mark_type m);
  void clear() { rewind({}); }

  /// Bytes held from the system.
  std::size_t capacity() const;

 private:
  struct block {
    memory_block data;
    std::size_t size;
    std::byte* begin() const { return static_cast<std::byte*>(data.get()); }
    std::byte* end() const { return begin() + size; }
  };

  [[gnu::noinline]] void* get_from_next_block(std::size_t bytes);

  std::vector<block> blocks_;
  std::size_t block_ = 0;
  std::byte *next_ = nullptr, *end_ = nullptr;  // what is left of the block
};

/// A growing sequence whose elements never move; shrinking keeps the memory, growing doubles it.
template <class T>
class stable_vector {
  static_assert(std::is_trivially_copyable_v<T>);
  static constexpr std::size_t chunk = 1024;

 public:
  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) { return chunks_[i / chunk][i % chunk]; }
  const T& operator[](std::size_t i) const { return chunks_[i / chunk][i % chunk]; }

  /// A new last element, uninitialised.
  T& push() {
    if (size_ == capacity_) [[unlikely]]
      grow();
    return (*this)[size_++];
  }
  void truncate(std::size_t size) { size_ = size; }
  std::size_t capacity_bytes() const { return capacity_ * sizeof(T); }

 private:
  [[gnu::noinline]] void grow() {
    const std::size_t count = std::max(chunks_.size(), std::size_t(1));
    blocks_.push_back(allocate_memory(count * chunk * sizeof(T)));
    auto* start = static_cast<T*>(blocks_.back().get());
    for (std::size_t k = 0; k < count; ++k) chunks_.push_back(start + k * chunk);
    capacity_ = chunks_.size() * chunk;
  }

  std::vector<T*> chunks_;
  std::vector<memory_block> blocks_;
  std::size_t size_ = 0, capacity_ = 0;
};

}  // namespace xg
