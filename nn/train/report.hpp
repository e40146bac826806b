// How a training is watched: what each epoch came to, on the terminal and in a file; and Ctrl-C.
#pragma once

#include <chrono>
#include <csignal>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace xg::nn {

/// A round through the training data, once it is over.
struct epoch {
  std::uint64_t number = 0;                    // from 1
  double loss = 0;                             // the mean over the training data, as the steps saw it
  std::optional<double> validation_loss = {};  // if there are validation data
  std::vector<double> metrics = {};            // in the order of the options
  double rate = 0;                             // the learning rate of the last step
  double seconds = 0;
  bool best = false;  // the best so far
};

enum class progress {
  automatic,  // a bar on a terminal, else a line for each epoch
  lines,
  none
};

namespace detail {

/// Tells of a training on standard error.
class reporter {
 public:
  reporter(progress how, std::uint64_t epochs, std::vector<std::string> metrics);
  void start(std::uint64_t epoch);
  /// So many of all samples are done; the bar is drawn ten times a second at most.
  void at(std::size_t done, std::size_t all, double loss);
  void end(const epoch& e);
  /// A sentence of its own.
  void say(const std::string& text);

 private:
  using clock = std::chrono::steady_clock;
  void clear_bar();
  progress how_;
  bool bar_, colours_, shown_ = false;
  std::uint64_t epoch_ = 0, epochs_;
  std::vector<std::string> metrics_;
  clock::time_point started_, drawn_;
};

/// The history as a file: CSV, or a line of JSON for each epoch if the path ends in .jsonl. It is whole at any time.
void write_log(const std::string& path, const std::vector<epoch>& history, const std::vector<std::string>& metrics);

/// While it lives, Ctrl-C (SIGINT) is remembered and ends nothing; a second one does what it did before.
class interrupt_watch {
 public:
  interrupt_watch();
  ~interrupt_watch();
  interrupt_watch(const interrupt_watch&) = delete;
  interrupt_watch& operator=(const interrupt_watch&) = delete;
  bool interrupted() const;
};

}  // namespace detail

}  // namespace xg::nn
