#include "style.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace homework {

std::string style::good(const std::string& text) const { return colour ? "\033[32m" + text + "\033[0m" : text; }
std::string style::bad(const std::string& text) const { return colour ? "\033[1;31m" + text + "\033[0m" : text; }
std::string style::strong(const std::string& text) const { return colour ? "\033[1m" + text + "\033[0m" : text; }

style style_of_stdout() {
  if (isatty(STDOUT_FILENO) != 1) return {};
  const auto variable = [](const char* name) {
    const char* text = std::getenv(name);
    return std::string(text == nullptr ? "" : text);
  };
  winsize window{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0;
  return {variable("NO_COLOR").empty() && variable("TERM") != "dumb", known ? window.ws_col : std::size_t{0}};
}

}  // namespace homework
