#include <xgrad/nn/train/report.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include <xgrad/core/memory/error.hpp>
#include <xgrad/nn/files/tensors.hpp>

namespace xg::nn::detail {

namespace {

std::string formatted(const char* format, auto... values) {
  char text[160];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

std::string duration(double seconds) {
  const auto s = static_cast<long>(seconds + 0.5);
  return s < 3600 ? formatted("%ld:%02ld", s / 60, s % 60)
                  : formatted("%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
}

/// As few digits as name it.
std::string number(double x) { return x - x == 0 ? nlohmann::json(x).dump() : formatted("%g", x); }

}  // namespace

reporter::reporter(progress how, std::uint64_t epochs, std::vector<std::string> metrics)
    : how_(how), epochs_(epochs), metrics_(std::move(metrics)) {
  const bool terminal = ::isatty(STDERR_FILENO) == 1;
  const char *none = std::getenv("NO_COLOR"), *kind = std::getenv("TERM");
  const bool dumb = kind && std::string(kind) == "dumb";
  bar_ = how == progress::automatic && terminal && !dumb;
  colours_ = terminal && !dumb && !(none && *none);
}

void reporter::start(std::uint64_t e) {
  epoch_ = e;
  started_ = clock::now();
  drawn_ = {};
}

void reporter::at(std::size_t done, std::size_t all, double loss) {
  const auto now = clock::now();
  if (!bar_ || now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  shown_ = true;
  constexpr std::size_t width = 24;
  const std::size_t filled = all == 0 ? width : done * width / all;
  const double seconds = std::chrono::duration<double>(now - started_).count(), rate = double(done) / seconds;
  std::fprintf(stderr, "\r\033[Kepoch %lu/%lu [%s%s] %3zu %%  loss %.4f  %.0f samples/s  %s left",
               static_cast<unsigned long>(epoch_), static_cast<unsigned long>(epochs_),
               std::string(filled, '=').c_str(), std::string(width - filled, ' ').c_str(),
               all == 0 ? 100 : done * 100 / all, loss, rate, duration(double(all - done) / rate).c_str());
  std::fflush(stderr);
}

void reporter::clear_bar() {
  if (std::exchange(shown_, false)) std::fputs("\r\033[K", stderr);
}

void reporter::end(const epoch& e) {
  if (how_ == progress::none) return;
  clear_bar();
  std::string line = formatted("epoch %*lu/%lu  loss %.4f", int(std::to_string(epochs_).size()),
                               static_cast<unsigned long>(e.number), static_cast<unsigned long>(epochs_), e.loss);
  if (e.validation_loss) line += formatted("  validation loss %.4f", *e.validation_loss);
  for (std::size_t i = 0; i < e.metrics.size(); ++i) line += formatted("  %s %.4f", metrics_[i].c_str(), e.metrics[i]);
  line += formatted("  lr %.2g  %.1f s", e.rate, e.seconds);
  if (e.best) line += colours_ ? "  \033[1mbest\033[0m" : "  best";
  std::fprintf(stderr, "%s\n", line.c_str());
}

void reporter::say(const std::string& text) {
  if (how_ == progress::none) return;
  clear_bar();
  std::fprintf(stderr, "%s\n", text.c_str());
}

void write_log(const std::string& path, const std::vector<epoch>& history, const std::vector<std::string>& metrics) {
  std::string text;
  if (path.ends_with(".jsonl")) {
    for (const epoch& e : history) {
      nlohmann::ordered_json line{{"epoch", e.number}, {"loss", e.loss}};
      if (e.validation_loss) line["validation_loss"] = *e.validation_loss;
      for (std::size_t i = 0; i < metrics.size(); ++i) line[metrics[i]] = e.metrics[i];
      line["lr"] = e.rate;
      line["seconds"] = e.seconds;
      text += line.dump() + "\n";
    }
  } else {
    const bool validated = !history.empty() && history.front().validation_loss;
    text = validated ? "epoch,loss,validation_loss" : "epoch,loss";
    for (const std::string& m : metrics) text += "," + m;
    text += ",lr,seconds\n";
    for (const epoch& e : history) {
      text += std::to_string(e.number) + "," + number(e.loss);
      if (validated) text += "," + number(e.validation_loss.value_or(0));
      for (const double m : e.metrics) text += "," + number(m);
      text += "," + number(e.rate) + "," + number(e.seconds) + "\n";
    }
  }
  const std::span<const unsigned char> bytes(reinterpret_cast<const unsigned char*>(text.data()), text.size());
  write_file(path, {&bytes, 1});
}

// ---- Ctrl-C

namespace {

volatile std::sig_atomic_t seen = 0;
struct sigaction before {};

void remember(int) {
  seen = 1;
  ::sigaction(SIGINT, &before, nullptr);
}

}  // namespace

interrupt_watch::interrupt_watch() {
  seen = 0;
  struct sigaction how {};
  how.sa_handler = remember;
  ::sigaction(SIGINT, &how, &before);
}
interrupt_watch::~interrupt_watch() { ::sigaction(SIGINT, &before, nullptr); }
bool interrupt_watch::interrupted() const { return seen != 0; }

}  // namespace xg::nn::detail
