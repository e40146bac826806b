// Memory of a tape: taken in order, given back all at once (or down to a mark), kept for the next round.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>
#include <vector>

namespace xg {

/// Bump allocator. Nothing is freed before the arena is; `rewind` and `clear` make the memory available again,
/// so a second round of the same work allocates nothing.
class arena {
 public:
  struct mark_type {
    std::size_t block = 0, used = 0;
  };

  /// `bytes` of memory aligned to `alignment` (a power of two, at most 64).
  void* get(std::size_t bytes, std::size_t alignment) {
    const std::size_t start = (used_ + alignment - 1) & ~(alignment - 1);
    if (block_ < blocks_.size() && start + bytes <= blocks_[block_].size) {
      used_ = start + bytes;
      return blocks_[block_].data.get() + start;
    }
    return get_from_next_block(bytes);
  }

  /// Uninitialised memory for `count` values of T.
  template <class T>
  T* array(std::size_t count, std::size_t alignment = alignof(T)) {
    static_assert(std::is_trivially_destructible_v<T>);
    return static_cast<T*>(get(count * sizeof(T), alignment));
  }

  mark_type mark() const { return {block_, used_}; }
  void rewind(mark_type m) { block_ = m.block, used_ = m.used; }
  void clear() { rewind({}); }

  /// Bytes held from the system.
  std::size_t capacity() const;

 private:
  struct deleter {
    void operator()(std::byte* p) const;
  };
  struct block {
    std::unique_ptr<std::byte, deleter> data;
    std::size_t size;
  };

  void* get_from_next_block(std::size_t bytes);

  std::vector<block> blocks_;
  std::size_t block_ = 0, used_ = 0;
};

/// A growing sequence whose elements never move; shrinking keeps the memory.
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
    if (size_ == chunks_.size() * chunk) [[unlikely]]
      grow();
    return (*this)[size_++];
  }
  void truncate(std::size_t size) { size_ = size; }
  std::size_t capacity_bytes() const { return chunks_.size() * chunk * sizeof(T); }

 private:
  [[gnu::noinline]] void grow() { chunks_.push_back(std::make_unique_for_overwrite<T[]>(chunk)); }

  std::vector<std::unique_ptr<T[]>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace xg
