// What all optimisers share: groups of parameters, clipping, learning rate, and how gradients come from a tape.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <xgrad/nn/module.hpp>
#include <xgrad/nn/optim/memory.hpp>

namespace xg::nn {

/// Options for some of the parameters: {.on = "out.*", .lr = 1e-4}. A parameter belongs to the first group whose
/// pattern matches it; a pattern that matches nothing is an error.
struct group {
  std::string on;
  std::optional<double> lr = {};
  std::optional<double> decay = {};  // of all that match, whatever their rank
};

/// A factor for the learning rate, from the number of steps done.
using schedule = std::function<double(std::uint64_t step)>;

namespace detail {

struct common_options {
  const char* name;
  double lr, decay, clip_norm, clip_value;
  std::vector<group> groups;
};

/// What one parameter's update is told.
struct rates {
  double lr, decay;
  double scale;         // of the gradient: clipping by norm
  double limit;         // of its elements: clipping by value
  std::uint64_t steps;  // of this parameter, this one included
  double* kept;         // a number of this parameter that the optimiser keeps, 1 at first
};

}  // namespace detail

/// The base of all optimisers. They keep hold of a model's parameters, not of the model; frozen ones are left alone.
///
/// Decay is of weights of rank ≥ 2 only, unless a group says otherwise. Clipping by norm scales all gradients together
/// so that their joint Euclidean norm is at most clip_norm; clipping by value brings each element into ±clip_value,
/// before that. 0 is none.
template <class T>
class optimiser {
 public:
  virtual ~optimiser() = default;

  /// Changes the parameters by the gradients of the tape's last `backward`. Parameters that it did not reach keep their
  /// values. The tape must be replayed then. Throws tape_error if there was no backward, if parameters were changed
  /// since, or if none of them is on the tape.
  void step(tape<T>& t, const std::source_location& where = std::source_location::current());

  /// The same with the backward sweep before it: from what is recorded, and up to date, to changed parameters. The
  /// loss, as it was before.
  virtual T step(tape<T>& t, const var<T>& loss, const std::source_location& where = std::source_location::current());

  /// Gradients of several batches for one step: `add(t)` takes in those of the tape's last `backward`, and `step()`
  /// changes the parameters by their mean, each of the given weight. Throw tape_error as above; step() if nothing was
  /// added. L-BFGS has no such steps: value_error.
  void add(tape<T>& t, const std::source_location& where = std::source_location::current()) { add(t, 1, where); }
  void add(tape<T>& t, double weight, const std::source_location& where = std::source_location::current());
  void step(const std::source_location& where = std::source_location::current());

  /// The learning rate now: the one given, times the schedule's factor.
  double lr() const;
  /// Another learning rate; those of groups keep their ratio to it. Throws value_error.
  void lr(double rate, const std::source_location& where = std::source_location::current());
  /// Follows a schedule from now on: nn::cosine(1000), say.
  void follow(schedule factor) { schedule_ = std::move(factor); }
  /// How many steps were made.
  std::uint64_t steps() const { return steps_; }
  /// The joint norm of the gradients in the last step, before clipping; 0 where clip_norm is not asked for.
  double gradient_norm() const { return norm_; }

  /// What it is called: adamw, say.
  const char* name() const { return options_.name; }
  /// Hands over all that it remembers from step to step, to be saved, or takes it back; its options and its schedule
  /// are the program's to give. Throws value_error for what another optimiser, or one of another model, remembered.
  virtual void visit_memory(optimiser_memory& m);

 protected:
  /// `states`: how many numbers are remembered for each of a parameter's.
  optimiser(const std::vector<named_parameter<T>>& of, detail::common_options options, std::size_t states,
            const std::source_location& where);
  optimiser(const optimiser&) = delete;
  optimiser& operator=(const optimiser&) = delete;

  /// One pass over a parameter: p, its gradient g, and what is remembered, n numbers each (states one after the other,
  /// zero at first).
  virtual void update(T* p, const T* g, T* state, std::size_t n, const detail::rates& r) = 0;

  // For those that see all parameters as one vector.
  void gather_gradients(tape<T>& t, std::vector<T>& to, const std::source_location& where);
  void gather_values(std::vector<T>& to) const;
  void set_values(const std::vector<T>& from);
  void count_step() { ++steps_; }

 private:
  struct target {
    named_parameter<T> of;
    double lr, decay;
    std::vector<T> state;
    std::uint64_t steps = 0;
    double kept = 1;
    const T* gradient = nullptr;  // within a step
    std::vector<T> sum = {};      // of the gradients that were added
  };
  void find_gradients(tape<T>& t, const std::source_location& where);
  double scale_for_norm();
  void change_parameters();

  detail::common_options options_;
  double base_lr_;
  schedule schedule_;
  std::vector<target> targets_;         // in the model's order
  std::vector<std::size_t> by_memory_;  // their places, sorted by where their memory lies
  std::uint64_t steps_ = 0;
  double added_ = 0;  // the sum of the weights
  double norm_ = 0;
};

extern template class optimiser<float>;
extern template class optimiser<double>;

}  // namespace xg::nn
