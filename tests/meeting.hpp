// Where threads of a test wait for each other, so that it can tell that several of them are at work.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace test {

/// Where so many threads meet. False for those that wait in vain.
class meeting {
 public:
  explicit meeting(std::size_t of) : missing_(of) {}
  bool arrive() {
    std::unique_lock lock(mutex_);
    if (missing_ > 0 && --missing_ == 0) all_.notify_all();
    return all_.wait_for(lock, std::chrono::seconds(60), [&] { return missing_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable all_;
  std::size_t missing_;
};

}  // namespace test
