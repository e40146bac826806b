// Threads that wait for work.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

namespace xg::nn::detail {

/// A team of threads, the one that calls `run` among them.
class workers {
 public:
  /// 0: as many as the machine runs at once.
  explicit workers(std::size_t threads);
  ~workers();
  workers(const workers&) = delete;
  workers& operator=(const workers&) = delete;

  std::size_t size() const { return others_.size() + 1; }
  /// Calls f(0), ..., f(n - 1), each on any of the threads, and waits for all of them. What is thrown by the first of
  /// them, in this order, is thrown again. Allocates nothing once it has seen n.
  template <class F>
  void run(std::size_t n, F&& f) {
    using function = std::remove_reference_t<F>;
    run(
        n, [](void* context, std::size_t i) { (*static_cast<function*>(context))(i); },
        const_cast<void*>(static_cast<const void*>(std::addressof(f))));
  }

 private:
  using call = void (*)(void* context, std::size_t i);
  void run(std::size_t n, call f, void* context);
  void work(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;  // of everything below
  std::condition_variable wake_, done_;
  call call_ = nullptr;
  void* context_ = nullptr;
  std::size_t count_ = 0, next_ = 0, left_ = 0;
  std::vector<std::exception_ptr> errors_;
  bool stop_ = false;
  std::vector<std::thread> others_;  // the last member: they use the others
};

}  // namespace xg::nn::detail
