#include <xgrad/core/arena.hpp>

#include <algorithm>
#include <new>

namespace xg {

namespace {
constexpr std::align_val_t cache_line{64};
constexpr std::size_t smallest_block = std::size_t(1) << 16, largest_regular_block = std::size_t(1) << 24;
}  // namespace

void arena::deleter::operator()(std::byte* p) const { ::operator delete(p, cache_line); }

void* arena::get_from_next_block(std::size_t bytes) {
  std::size_t next = blocks_.empty() ? 0 : block_ + 1;
  while (next < blocks_.size() && blocks_[next].size < bytes) ++next;
  if (next == blocks_.size()) {
    const std::size_t regular = std::clamp(capacity(), smallest_block, largest_regular_block);
    const std::size_t size = std::max(bytes, regular);
    blocks_.push_back({nullptr, size});
    blocks_.back().data.reset(static_cast<std::byte*>(::operator new(size, cache_line)));
  }
  block_ = next;
  used_ = bytes;
  return blocks_[block_].data.get();
}

std::size_t arena::capacity() const {
  std::size_t sum = 0;
  for (const block& b : blocks_) sum += b.size;
  return sum;
}

}  // namespace xg
