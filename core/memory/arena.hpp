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

/// The memory of a stable_vector; not a template, so that it stands in the library once.
class chunks {
 public:
  static constexpr std::size_t length = 1024;  // elements in a chunk
  std::byte* operator[](std::size_t i) const { return starts_[i]; }
  std::size_t capacity() const { return starts_.size() * length; }
  /// Twice as many as before.
  void grow(std::size_t element_bytes);

 private:
  std::vector<std::byte*> starts_;
  std::vector<memory_block> blocks_;
};

/// A growing sequence whose elements never move; shrinking keeps the memory, growing doubles it.
template <class T>
class stable_vector {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) { return chunk(i)[i % chunks::length]; }
  const T& operator[](std::size_t i) const { return chunk(i)[i % chunks::length]; }

  /// A new last element, uninitialised.
  T& push() {
    if (size_ == capacity_) [[unlikely]] {
      memory_.grow(sizeof(T));
      capacity_ = memory_.capacity();
    }
    return (*this)[size_++];
  }
  void truncate(std::size_t size) { size_ = size; }
  std::size_t capacity_bytes() const { return capacity_ * sizeof(T); }

 private:
  T* chunk(std::size_t i) const { return reinterpret_cast<T*>(memory_[i / chunks::length]); }

  chunks memory_;
  std::size_t size_ = 0, capacity_ = 0;
};

}  // namespace xg
