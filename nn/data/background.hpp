// A thread that prepares something while this one goes on.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace xg::nn::detail {

/// Does one thing at a time, beside the thread that asked for it.
class background {
 public:
  background();
  /// Waits for what was started.
  ~background();
  background(const background&) = delete;
  background& operator=(const background&) = delete;

  /// Begins it, once what was started before is over.
  void start(std::function<void()> f);
  /// Waits for what was started. What it threw is thrown here, once.
  void wait();

 private:
  void live();
  std::mutex mutex_;  // of everything below
  std::condition_variable changed_;
  std::function<void()> job_;
  bool busy_ = false, stop_ = false;
  std::exception_ptr error_;
  std::thread thread_;  // the last member: it uses the others
};

}  // namespace xg::nn::detail
