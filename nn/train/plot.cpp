#include <xgrad/nn/train/plot.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>

#include <xgrad/core/memory/error.hpp>
#include <xgrad/nn/data/csv.hpp>
#include <xgrad/nn/files/tensors.hpp>

extern char** environ;

namespace xg::nn {

namespace {

std::string formatted(const char* format, auto... values) {
  char text[80];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

/// Text in gnuplot's single quotes.
std::string in_quotes(std::string_view text) {
  std::string all = "'";
  for (const char c : text) all += c == '\'' ? std::string("''") : std::string(1, c);
  return all += "'";
}

/// Where a program is found, as the shell finds it; empty if nowhere.
std::string find_program(std::string_view name) {
  const char* path = std::getenv("PATH");
  for (std::string_view rest = path ? path : ""; !rest.empty();) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    std::string candidate(rest.substr(0, end));
    candidate += '/';
    candidate += name;
    std::error_code none;
    if (::access(candidate.c_str(), X_OK) == 0 && std::filesystem::is_regular_file(candidate, none)) return candidate;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

/// A folder that goes with its content.
struct temporary_folder {
  std::string path = (std::filesystem::temp_directory_path() / "xgrad_plot_XXXXXX").string();
  temporary_folder() {
    if (!::mkdtemp(path.data())) throw io_error("plot: " + path + ": cannot be made: " + std::strerror(errno));
  }
  ~temporary_folder() {
    std::error_code none;
    std::filesystem::remove_all(path, none);
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
};

void write_text(const std::string& path, const std::string& text) {
  const std::span<const unsigned char> bytes(reinterpret_cast<const unsigned char*>(text.data()), text.size());
  detail::write_file(path, {&bytes, 1});
}

/// Runs a program with one argument; what it says goes to a file. Did it end well?
bool run(const std::string& program, const std::string& argument, const std::string& says) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, says.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  ::posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  std::string first = program, second = argument;
  char* arguments[] = {first.data(), second.data(), nullptr};
  pid_t child = 0;
  const int failed = ::posix_spawn(&child, program.c_str(), &actions, nullptr, arguments, environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw io_error("plot: " + program + ": cannot be run: " + std::strerror(failed));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) throw io_error("plot: " + program + ": " + std::strerror(errno));
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::string number(double x) { return std::isfinite(x) ? formatted("%.9g", x) : "NaN"; }

/// The losses above, each metric in a picture of its own below.
std::string script(const std::vector<epoch>& epochs, const std::vector<std::string>& metrics, bool svg,
                   const std::string& output) {
  const bool validated = epochs.front().validation_loss.has_value();
  const std::size_t pictures = 1 + metrics.size();
  const std::string size = "size 720," + std::to_string(60 + 300 * pictures);
  std::string text = svg ? "set terminal svg " + size + " noenhanced background rgb 'white'\n"
                         : "set terminal pngcairo " + size + " noenhanced\n";
  text += "set output " + in_quotes(output) + "\n";
  text += "$data << END_OF_DATA\n";
  std::uint64_t best = 0;
  for (const epoch& e : epochs) {
    text += std::to_string(e.number) + " " + number(e.loss) + " " + number(e.validation_loss.value_or(NAN));
    for (std::size_t i = 0; i < metrics.size(); ++i) text += " " + number(e.metrics[i]);
    text += "\n";
    if (e.best) best = e.number;
  }
  text += "END_OF_DATA\nset grid\nset xlabel 'epoch'\nset key top right\nset style data linespoints\n";
  text += "set xrange [" + std::to_string(epochs.front().number) + ":" +
          std::to_string(epochs.size() > 1 ? epochs.back().number : epochs.back().number + 1) + "]\n";
  if (best != 0) {
    const std::string x = std::to_string(best);
    text += "set arrow from " + x + ", graph 0 to " + x + ", graph 1 nohead dashtype 2\n";
    text += "set label 'best' at " + x + ", graph 0.95 offset 0.5,0\n";
  }
  text += "set multiplot layout " + std::to_string(pictures) + ",1\n";
  text += "plot $data using 1:2 pointtype 7 pointsize 0.4 title 'loss'";
  if (validated) text += ", $data using 1:3 pointtype 7 pointsize 0.4 title 'validation loss'";
  text += "\n";
  for (std::size_t i = 0; i < metrics.size(); ++i)
    text += "plot $data using 1:" + std::to_string(i + 4) + " pointtype 7 pointsize 0.4 title " +
            in_quotes(metrics[i]) + "\n";
  return text + "unset multiplot\nunset output\n";
}

bool is_svg(const std::string& path, const std::source_location& where) {
  if (path.ends_with(".svg")) return true;
  if (path.ends_with(".png")) return false;
  throw io_error("plot: " + path + ": the ending says the format; write .svg or .png" + at_line(where));
}

std::string gnuplot(const std::source_location& where) {
  std::string found = find_program("gnuplot");
  if (found.empty())
    throw io_error(
        "plot: the program gnuplot, which draws the curves, is not installed (Debian: apt-get install "
        "gnuplot-nox); the numbers are in the log, if one is written" +
        at_line(where));
  return found;
}

}  // namespace

void detail::require_gnuplot(const std::string& path, const std::source_location& where) {
  is_svg(path, where);
  gnuplot(where);
}

void plot(const std::vector<epoch>& epochs, const std::vector<std::string>& metrics, const std::string& path,
          const std::source_location& where) {
  const bool svg = is_svg(path, where);
  if (epochs.empty()) throw value_error("plot: there are no epochs to draw" + at_line(where));
  for (const epoch& e : epochs)
    if (e.metrics.size() != metrics.size())
      throw value_error("plot: epoch " + std::to_string(e.number) + " has " + std::to_string(e.metrics.size()) +
                        " metrics, and " + std::to_string(metrics.size()) + " have names" + at_line(where));
  const std::string program = gnuplot(where);
  const temporary_folder folder;
  const std::string in = folder.path + "/curves.gp", out = folder.path + (svg ? "/curves.svg" : "/curves.png"),
                    says = folder.path + "/says";
  write_text(in, script(epochs, metrics, svg, out));
  const bool ended_well = run(program, in, says);
  std::error_code none;
  if (!ended_well || std::filesystem::file_size(out, none) == 0 || none) {
    const std::vector<unsigned char> said = detail::read_file(says);
    throw io_error("plot: " + program + " fails: " + std::string(said.begin(), said.end()) + at_line(where));
  }
  const std::vector<unsigned char> picture = detail::read_file(out);
  const std::span<const unsigned char> bytes(picture);
  detail::write_file(path, {&bytes, 1});
}

void plot(const std::string& log, const std::string& path, const std::source_location& where) {
  const csv table(log);
  const std::vector<std::string>& columns = table.columns();
  const xt::xarray<double> numbers = table.numbers<double>();
  std::vector<std::string> metrics;
  std::vector<epoch> epochs(table.rows());
  std::size_t known = 0;
  for (std::size_t j = 0; j < columns.size(); ++j) {
    const std::string& name = columns[j];
    const bool metric =
        name != "epoch" && name != "loss" && name != "validation_loss" && name != "lr" && name != "seconds";
    if (metric) metrics.push_back(name);
    known += name == "epoch" || name == "loss";
    for (std::size_t i = 0; i < epochs.size(); ++i) {
      epoch& e = epochs[i];
      const double x = numbers(i, j);
      if (name == "epoch") e.number = x >= 0 && x < 1e15 ? std::uint64_t(x) : i + 1;
      if (name == "loss") e.loss = x;
      if (name == "validation_loss") e.validation_loss = x;
      if (metric) e.metrics.push_back(x);
    }
  }
  if (known != 2)
    throw io_error("plot: " + log + " is no log of nn::fit as CSV: it has no columns \"epoch\" and \"loss\"" +
                   at_line(where));
  plot(epochs, metrics, path, where);
}

}  // namespace xg::nn
