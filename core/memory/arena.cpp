#include <xgrad/core/memory/arena.hpp>

#include <algorithm>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

namespace xg {

namespace {

constexpr std::size_t cache_line = 64, huge_page = std::size_t(1) << 21;
constexpr std::size_t smallest_block = std::size_t(1) << 16, largest_regular_block = std::size_t(1) << 24;

}  // namespace

memory_block allocate_memory(std::size_t bytes) {
  const auto alignment = std::align_val_t(bytes < huge_page ? cache_line : huge_page);
  memory_block block(::operator new(bytes, alignment), {alignment});
#ifdef MADV_HUGEPAGE
  if (bytes >= huge_page) madvise(block.get(), bytes, MADV_HUGEPAGE);  // a hint: nothing is lost if it is not taken
#endif
  return block;
}

void arena::rewind(mark_type m) {
  if (blocks_.empty()) return;
  block_ = m.block;
  next_ = m.next ? m.next : blocks_[block_].begin();
  end_ = blocks_[block_].end();
}

void* arena::get_from_next_block(std::size_t bytes) {
  std::size_t next = end_ ? block_ + 1 : 0;
  while (next < blocks_.size() && blocks_[next].size <= bytes) ++next;
  if (next == blocks_.size()) {
    const std::size_t regular = std::clamp(capacity(), smallest_block, largest_regular_block);
    const std::size_t size = std::max(bytes + cache_line, regular);
    blocks_.push_back({allocate_memory(size), size});
  }
  block_ = next;
  next_ = blocks_[next].begin() + bytes;
  end_ = blocks_[next].end();
  return blocks_[next].data.get();
}

void chunks::grow(std::size_t element_bytes) {
  const std::size_t count = std::max(starts_.size(), std::size_t(1)), bytes = length * element_bytes;
  blocks_.push_back(allocate_memory(count * bytes));
  auto* start = static_cast<std::byte*>(blocks_.back().get());
  for (std::size_t k = 0; k < count; ++k) starts_.push_back(start + k * bytes);
}

std::size_t arena::capacity() const {
  std::size_t sum = 0;
  for (const block& b : blocks_) sum += b.size;
  return sum;
}

}  // namespace xg
