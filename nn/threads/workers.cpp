#include <xgrad/nn/threads/workers.hpp>

#include <algorithm>

namespace xg::nn::detail {

workers::workers(std::size_t threads) {
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  const auto life = [this] {
    std::unique_lock lock(mutex_);
    while (!stop_) {
      work(lock);
      wake_.wait(lock, [this] { return stop_ || next_ < count_; });
    }
  };
  try {
    for (std::size_t i = 1; i < threads; ++i) others_.emplace_back(life);
  } catch (const std::system_error&) {
    // the system gives no more: what comes out does not depend on how many there are
  }
}

workers::~workers() {
  {
    const std::unique_lock lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  for (std::thread& t : others_) t.join();
}

void workers::run(std::size_t n, call f, void* context) {
  std::unique_lock lock(mutex_);
  errors_.assign(n, nullptr);
  call_ = f, context_ = context;
  next_ = 0, count_ = left_ = n;
  if (n > 1) wake_.notify_all();
  work(lock);
  done_.wait(lock, [this] { return left_ == 0; });
  for (const std::exception_ptr& e : errors_)
    if (e) std::rethrow_exception(e);
}

/// Takes up calls as long as there are any.
void workers::work(std::unique_lock<std::mutex>& lock) {
  while (next_ < count_) {
    const std::size_t i = next_++;
    lock.unlock();
    std::exception_ptr error;
    try {
      call_(context_, i);  // they do not change before all is done
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    errors_[i] = error;
    if (--left_ == 0) done_.notify_one();
  }
}

}  // namespace xg::nn::detail
