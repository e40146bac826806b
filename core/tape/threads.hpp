// Threads: a pool that its user makes and hands to tapes, and loops that are split over it.
//
// A loop is split into parts of a size that depends on the work alone, never on the number of threads, and what parts
// have in common is merged in their order. So every result has the same bits with any pool, and with none.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>

#include <xgrad/core/memory/parts.hpp>

namespace xg {

class thread_pool;

namespace detail {

/// The body of a split loop: from `begin` to `end`, with memory to work in.
struct part_function {
  void (*call)(const void* f, std::size_t begin, std::size_t end, void* scratch);
  const void* f;
};
/// Calls f for each `grain` of n, on the pool if there is one. Of the calling thread the scratch memory is `own`, each
/// other one has as many bytes that belong to the pool.
void run_parts(thread_pool* pool, std::size_t n, std::size_t grain, const part_function& f, void* own,
               std::size_t bytes);

}  // namespace detail

/// Threads that wait for work. `t.use(pool)` has a tape compute its long loops on them, besides its own thread; any
/// number of tapes, on threads of their own, may use one pool. Whoever makes a pool keeps it until no tape that uses it
/// computes any more. Of an idle pool the threads sleep.
class thread_pool {
 public:
  /// `threads` counts the one that calls, so that 1 starts none; 0: as many as the machine runs at a time. Throws
  /// std::system_error where the system has no more threads.
  explicit thread_pool(std::size_t threads = 0);
  ~thread_pool();
  thread_pool(const thread_pool&) = delete;
  thread_pool& operator=(const thread_pool&) = delete;

  /// The threads that work on a loop: the one that calls, and those of the pool.
  std::size_t size() const;

  /// Calls f(begin, end) for each part of 0..n: `grain` numbers, the last one what is left. Returns when all are done.
  /// Parts run at any time, on any thread; so each writes to places of its own. What a part throws is thrown here, of
  /// several the first in the order of the parts; later parts may then not have run. Called from a part of the same
  /// pool it runs there, in order.
  template <class F>
  void parallel_for(std::size_t n, std::size_t grain, const F& f);

 private:
  struct crew;
  friend void detail::run_parts(thread_pool*, std::size_t, std::size_t, const detail::part_function&, void*,
                                std::size_t);
  std::unique_ptr<crew> crew_;
};

/// The threads that a tape computes on, as its nodes and ops see them: the pool it uses at that time, or none. An op
/// gets them from its plan's workspace.
class threads {
 public:
  /// The calling thread alone.
  threads() = default;
  explicit threads(thread_pool* const* used) : used_(used) {}

  /// As thread_pool::parallel_for. A loop of one part is a plain call. Without a pool the parts run in order.
  template <class F>
  void parallel_for(std::size_t n, std::size_t grain, const F& f) const {
    if (n <= grain) return n == 0 ? void() : void(f(std::size_t(0), n));
    detail::run_parts(pool(), n, grain, {&call<F>, &f}, nullptr, 0);
  }
  /// The same with memory to work in, f(begin, end, scratch): the op's own, as it is, on the calling thread, and as
  /// much, uninitialised, on each other one.
  template <class U, class F>
  void parallel_for(std::size_t n, std::size_t grain, std::span<U> scratch, const F& f) const {
    static_assert(std::is_trivially_copyable_v<U>, "xgrad: scratch memory is of plain numbers");
    if (n <= grain) return n == 0 ? void() : void(f(std::size_t(0), n, scratch.data()));
    detail::run_parts(pool(), n, grain, {&call_with<U, F>, &f}, scratch.data(), scratch.size_bytes());
  }

 private:
  thread_pool* pool() const { return used_ ? *used_ : nullptr; }
  template <class F>
  static void call(const void* f, std::size_t begin, std::size_t end, void*) {
    (*static_cast<const F*>(f))(begin, end);
  }
  template <class U, class F>
  static void call_with(const void* f, std::size_t begin, std::size_t end, void* scratch) {
    (*static_cast<const F*>(f))(begin, end, static_cast<U*>(scratch));
  }

  thread_pool* const* used_ = nullptr;
};

template <class F>
void thread_pool::parallel_for(std::size_t n, std::size_t grain, const F& f) {
  thread_pool* const self = this;
  threads(&self).parallel_for(n, grain, f);
}

}  // namespace xg
