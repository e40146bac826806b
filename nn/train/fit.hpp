// Training without writing the loop: epochs over the data, validation, the best model kept, a log, checkpoints, and
// Ctrl-C. Whoever wants another loop writes one: nn::step (or nn::parallel_step) and nn::batches are all that it is
// made of.
#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/nn/data/batches.hpp>
#include <xgrad/nn/parallel_step.hpp>
#include <xgrad/nn/train/checkpoint.hpp>
#include <xgrad/nn/train/plot.hpp>
#include <xgrad/nn/train/report.hpp>

namespace xg::nn {

/// A number to watch after each epoch: {"accuracy", [&] { return nn::accuracy(net, validation); }}.
struct metric {
  std::string name;
  std::function<double()> value;
};

struct fit_options {
  std::uint64_t epochs = 10;
  std::size_t batch = 32;
  nn::last last = nn::last::keep;
  /// Changes of the training samples by chance; a thread prepares each batch while the one before is computed with.
  nn::augmentation augment = {};
  /// So many batches make one step: their gradients' mean.
  std::size_t accumulate = 1;
  /// As nn::parallel_step has them: the threads, and the parts of each batch, on which the result depends. 0 threads:
  /// this one alone, and batches as a whole.
  std::size_t threads = 0, parts = 4;
  std::vector<metric> metrics = {};
  /// The metric by which an epoch is better (larger) than another; if none is named, the smaller validation loss is,
  /// and without validation data the smaller loss.
  std::string watch = {};
  /// Ends after so many epochs in a row that were no better; 0: never.
  std::uint64_t patience = 0;
  /// In the end the model is that of the best epoch; else that of the last one.
  bool keep_best = true;
  /// A CSV file, or .jsonl: a line for each epoch.
  std::string log = {};
  /// A picture of the losses and metrics (.svg or .png), drawn by gnuplot when training ends. Without gnuplot it does
  /// not begin.
  std::string plot = {};
  /// A checkpoint (.safetensors), written after each epoch. If the file exists, training goes on from there.
  std::string checkpoint = {};
  /// Called after each epoch; training ends where it returns false.
  std::function<bool(const epoch&)> after_epoch = {};
  nn::progress progress = nn::progress::automatic;
};

/// What came of it.
struct fit_result {
  std::vector<epoch> epochs;  // all of them, those before a checkpoint included
  std::uint64_t best = 0;     // the number of the best one; 0 if there was none
  enum ending { finished, no_better, stopped, interrupted } end = finished;
};

namespace detail {

/// Throws value_error.
void check(const fit_options& o, const std::source_location& where);

/// Which epoch was the best, and how the history is kept in a checkpoint.
class course {
 public:
  course(const fit_options& o, bool validated, const std::source_location& where);
  /// Takes in an epoch and says whether it is the best so far.
  void add(epoch& e);
  const std::vector<epoch>& epochs() const { return epochs_; }
  const std::vector<std::string>& metrics() const { return names_; }
  std::uint64_t best() const { return best_; }
  std::uint64_t without_better() const { return epochs_.size() - best_; }
  number_lists lists() const;
  /// Throws io_error where the lists are not of these metrics.
  void read(const number_lists& lists, const std::string& path, const std::source_location& where);

 private:
  double goodness(const epoch& e) const;
  std::vector<std::string> names_;
  std::size_t watched_;  // the metric, if there is one
  bool validated_;
  std::vector<epoch> epochs_;
  std::uint64_t best_ = 0;
};

bool file_exists(const std::string& path);

}  // namespace detail

/// fit(net, opt, loss, train, validation, rng, {.epochs = 50, .batch = 32}): trains the model; the loss is as for
/// nn::step. Each epoch goes through the training data in an order of its own. Validation data may be empty:
/// `nn::dataset<float>()`. Progress goes to standard error: a bar on a terminal, else a line for each epoch.
///
/// Ctrl-C ends it after the batch; the second one ends the program. With a checkpoint, an interrupted training goes on
/// from the last whole epoch when the program is run again, and ends with the same bits as one that was not interrupted
/// (schedules and options are the program's to give as they were). Throws io_error, and value_error for options that
/// cannot be and for a loss that is no longer finite: the model is the best one so far then.
template <class M, class Loss, class T, class Y>
fit_result fit(M& net, optimiser<T>& opt, Loss loss, const dataset<T, Y>& train,
               const std::type_identity_t<dataset<T, Y>>& validation, rng& random, const fit_options& options = {},
               const std::source_location& where = std::source_location::current()) {
  static_assert(std::same_as<T, scalar_of<M>>, "xgrad: nn::fit: the model and the data have different number types");
  detail::check(options, where);
  const bool validated = validation.size() != 0;
  detail::course course(options, validated, where);
  M best = net;
  const auto save = [&] {
    if (options.checkpoint.empty()) return;
    const M& kept = best;
    detail::save_checkpoint<T>(options.checkpoint, parameters(std::as_const(net)), parameters(kept), opt, random,
                               course.lists());
  };
  detail::reporter tell(options.progress, options.epochs, course.metrics());
  if (!options.checkpoint.empty() && detail::file_exists(options.checkpoint)) {
    course.read(detail::load_checkpoint<T>(options.checkpoint, parameters(net), parameters(best), opt, random, where),
                options.checkpoint, where);
    tell.say("continues after epoch " + std::to_string(course.epochs().size()) + ", from " + options.checkpoint);
  }

  const parallel_options cut{std::max(options.threads, std::size_t(1)), options.threads == 0 ? 1 : options.parts};
  nn::parallel_step step(net, std::move(loss), cut, where);
  const auto mean_loss = [&](const dataset<T, Y>& data) {
    double sum = 0;
    for (auto [x, y] : nn::batches(data, options.batch, {}, where)) sum += double(step.loss(x, y)) * double(y.shape(0));
    return sum / double(data.size());
  };
  const detail::interrupt_watch ctrl_c;
  fit_result result;
  while (course.epochs().size() < options.epochs) {
    if (options.patience != 0 && course.without_better() >= options.patience) {
      result.end = fit_result::no_better;
      break;
    }
    epoch e{.number = course.epochs().size() + 1};
    tell.start(e.number);
    const auto start = std::chrono::steady_clock::now();
    step.forget();  // so that what is drawn depends on the epoch, and not on when the program was started
    nn::batches batches(train, options.batch, random,
                        {.last = options.last, .augment = options.augment, .ahead = options.augment.any()}, where);
    double sum = 0;
    std::size_t done = 0, number = 0;
    for (auto [x, y] : batches) {
      e.rate = opt.lr();
      const bool full = ++number % options.accumulate == 0 || number == batches.size();
      double now = 0;
      if (options.accumulate == 1) {
        now = double(step({opt, where}, x, y, training(random)));
      } else {
        now = double(step.add({opt, where}, x, y, training(random)));
        if (full) opt.step(where);
      }
      if (!std::isfinite(now)) {
        net = best;
        throw value_error("fit: the loss is " + std::to_string(now) + " in batch " + std::to_string(number) +
                          " of epoch " + std::to_string(e.number) +
                          "; a smaller learning rate or clip_norm may help, and anomaly mode tells where it began" +
                          at_line(where));
      }
      sum += now * double(y.shape(0));
      done += y.shape(0);
      tell.at(done, train.size(), sum / double(done));
      if (ctrl_c.interrupted()) break;
    }
    if (ctrl_c.interrupted()) {
      result.end = fit_result::interrupted;
      tell.say("interrupted in epoch " + std::to_string(e.number) +
               (options.checkpoint.empty() || e.number == 1 ? "" : "; the one before is in " + options.checkpoint));
      break;
    }
    e.loss = done == 0 ? 0 : sum / double(done);
    if (validated) e.validation_loss = mean_loss(validation);
    for (const metric& m : options.metrics) e.metrics.push_back(m.value());
    e.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    course.add(e);
    if (e.best) best = net;
    save();
    if (!options.log.empty()) detail::write_log(options.log, course.epochs(), course.metrics());
    tell.end(e);
    if (options.after_epoch && !options.after_epoch(e)) {
      result.end = fit_result::stopped;
      break;
    }
  }
  if (options.keep_best && course.best() != 0) net = best;
  if (!options.plot.empty() && !course.epochs().empty()) plot(course.epochs(), course.metrics(), options.plot, where);
  result.epochs = course.epochs();
  result.best = course.best();
  return result;
}

}  // namespace xg::nn
