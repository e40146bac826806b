// Writing a file whole or not at all.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <xgrad/core/memory/error.hpp>

#include "report.hpp"

namespace homework {

namespace {

// A temporary file that is gone again unless it was renamed.
class temporary_file {
 public:
  explicit temporary_file(const std::string& beside)
      : target_(beside), name_(beside + ".XXXXXX"), handle_(mkstemp(name_.data())) {
    if (handle_ < 0) fail("cannot be written");
  }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() {
    if (handle_ >= 0) close(handle_);
    if (!renamed_ && !name_.empty()) unlink(name_.c_str());
  }

  void write(const std::string& text) {
    for (std::size_t done = 0; done < text.size();) {
      const ssize_t n = ::write(handle_, text.data() + done, text.size() - done);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) fail("writing failed");
      done += std::size_t(n);
    }
  }

  void rename_to_target() {
    const mode_t mask = umask(0);  // mkstemp makes a private file; a report has the usual permissions
    umask(mask);
    if (fchmod(handle_, 0666 & ~mask) != 0 || fsync(handle_) != 0) fail("writing failed");
    if (close(std::exchange(handle_, -1)) != 0) fail("writing failed");
    if (rename(name_.c_str(), target_.c_str()) != 0) fail("cannot be replaced");
    renamed_ = true;
  }

 private:
  [[noreturn]] void fail(const char* what) const {
    throw xg::io_error(target_ + ": " + what + " (" + std::strerror(errno) +
                       "); expected a file name in a folder that can be written");
  }

  std::string target_, name_;
  int handle_;
  bool renamed_ = false;
};

}  // namespace

namespace {

// A pipe or a device cannot be replaced, only written into.
void write_into(const std::string& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text << std::flush;
  if (!out) throw xg::io_error(file + ": writing failed; expected a file name that can be written");
}

// Where the links that begin at `file` end: what they point to is replaced, not they.
std::string behind_links(const std::string& file) {
  std::error_code none;
  if (!std::filesystem::is_symlink(file, none)) return file;
  const std::filesystem::path target = std::filesystem::weakly_canonical(file, none);
  return none ? file : target.string();
}

}  // namespace

bool same_file(const std::string& a, const std::string& b) {
  std::error_code none;
  return a == b || std::filesystem::equivalent(a, b, none);
}

void write_whole(const std::string& name, const std::string& text) {
  const std::string file = behind_links(name);
  std::error_code none;
  const std::filesystem::file_status status = std::filesystem::status(name, none);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) &&
      !std::filesystem::is_directory(status))
    return write_into(name, text);
  if (std::error_code ignored; std::filesystem::is_directory(file, ignored))
    throw xg::io_error(file + ": is a directory; expected a file name");
  temporary_file temporary(file);
  temporary.write(text);
  temporary.rename_to_target();
}

}  // namespace homework
