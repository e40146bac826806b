#include <xgrad/nn/train/fit.hpp>

#include <algorithm>
#include <filesystem>

namespace xg::nn::detail {

void check(const fit_options& o, const std::source_location& where) {
  if (o.batch == 0) throw value_error("fit: the batch is 0; it must be at least 1" + at_line(where));
  if (o.accumulate == 0) throw value_error("fit: accumulate is 0; it must be at least 1" + at_line(where));
  if (o.parts == 0) throw value_error("fit: a batch is cut into 0 parts; it must be at least 1" + at_line(where));
  for (const metric& m : o.metrics)
    if (m.name.empty() || !m.value)
      throw value_error("fit: a metric needs a name and a function: {\"accuracy\", [&] { return ...; }}" +
                        at_line(where));
  if (!o.checkpoint.empty() && !o.checkpoint.ends_with(".safetensors"))
    throw value_error("fit: the checkpoint " + o.checkpoint + " must end in .safetensors, its format" + at_line(where));
  if (!o.plot.empty()) require_gnuplot(o.plot, where);
}

course::course(const fit_options& o, bool validated, const std::source_location& where) : validated_(validated) {
  for (const metric& m : o.metrics) names_.push_back(m.name);
  watched_ = std::size_t(std::find(names_.begin(), names_.end(), o.watch) - names_.begin());
  if (o.watch.empty()) return;
  if (watched_ == names_.size()) {
    std::string known;
    for (const std::string& name : names_) known += (known.empty() ? "" : ", ") + name;
    throw value_error("fit: watch: there is no metric \"" + o.watch + "\"" +
                      (known.empty() ? "; .metrics is empty" : "; there are: " + known) + at_line(where));
  }
}

/// Larger is better.
double course::goodness(const epoch& e) const {
  if (watched_ < e.metrics.size()) return e.metrics[watched_];
  return -e.validation_loss.value_or(e.loss);
}

void course::add(epoch& e) {
  e.best = best_ == 0 || goodness(e) > goodness(epochs_[best_ - 1]);
  if (e.best) best_ = e.number;
  epochs_.push_back(e);
}

number_lists course::lists() const {
  number_lists to;
  for (const epoch& e : epochs_) {
    to["loss"].push_back(e.loss);
    if (validated_) to["validation_loss"].push_back(e.validation_loss.value_or(0));
    for (std::size_t i = 0; i < names_.size(); ++i) to["metric." + names_[i]].push_back(e.metrics[i]);
    to["rate"].push_back(e.rate);
    to["seconds"].push_back(e.seconds);
  }
  return to;
}

void course::read(const number_lists& lists, const std::string& path, const std::source_location& where) {
  std::size_t n = 0;
  if (const auto loss = lists.find("loss"); loss != lists.end()) n = loss->second.size();
  const auto list = [&](const std::string& name) -> const std::vector<double>& {
    const auto at = lists.find(name);
    if (at == lists.end() || at->second.size() != n)
      throw io_error("fit: " + path + " is of a training without " + name + at_line(where));
    return at->second;
  };
  epochs_.clear();
  best_ = 0;
  for (std::size_t i = 0; i < n; ++i) {
    epoch e{.number = i + 1, .loss = list("loss")[i], .rate = list("rate")[i], .seconds = list("seconds")[i]};
    if (validated_) e.validation_loss = list("validation_loss")[i];
    for (const std::string& name : names_) e.metrics.push_back(list("metric." + name)[i]);
    add(e);
  }
}

bool file_exists(const std::string& path) {
  std::error_code none;
  return std::filesystem::exists(path, none);
}

}  // namespace xg::nn::detail
