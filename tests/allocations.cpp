// Counts every allocation of the process, so that tests can say "this allocates nothing". A file of its own, so that
// nothing of it is inlined into what it counts.
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <new>

namespace {

std::atomic<std::size_t> count{0}, largest{0};

[[maybe_unused]] void* allocate(std::size_t bytes, std::size_t alignment) {
  ++count;
  for (std::size_t before = largest; bytes > before && !largest.compare_exchange_weak(before, bytes);) continue;
  if (void* p = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment)) return p;
  throw std::bad_alloc();
}

}  // namespace

// The thread sanitizer has operators of its own, and lld wants no others beside them: nothing is counted there.
#if defined(__SANITIZE_THREAD__)
#define XG_OWN_NEW 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define XG_OWN_NEW 0
#endif
#endif
#ifndef XG_OWN_NEW
void* operator new(std::size_t bytes) { return allocate(bytes ? bytes : 1, alignof(std::max_align_t)); }
void* operator new[](std::size_t bytes) { return operator new(bytes); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return allocate(bytes ? bytes : 1, std::size_t(alignment));
}
void* operator new[](std::size_t bytes, std::align_val_t alignment) { return operator new(bytes, alignment); }
// What std::stable_sort asks for its buffer.
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  ++count;
  return std::malloc(bytes ? bytes : 1);
}
void* operator new[](std::size_t bytes, const std::nothrow_t& tag) noexcept { return operator new(bytes, tag); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
#endif

namespace test {

std::size_t allocations() { return count; }
std::size_t largest_allocation() { return largest.exchange(0); }

std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t total = 0, resident = 0;
  file >> total >> resident;
  return resident * std::size_t(sysconf(_SC_PAGESIZE));
}

}  // namespace test
