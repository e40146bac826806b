#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <xgrad/core/memory/error.hpp>
#include <xgrad/nn/files/tensors.hpp>

namespace xg::nn::detail {

namespace {

[[noreturn]] void fail(const std::string& path, const char* what, int reason) {
  throw io_error(path + ": cannot be " + what + ": " + std::strerror(reason));
}

class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  operator int() const { return fd_; }
  /// Some file systems tell of a failed write only here.
  int close() { return ::close(std::exchange(fd_, -1)); }

 private:
  int fd_;
};

void write_all(int fd, std::span<const unsigned char> data, const std::string& path) {
  while (!data.empty()) {
    const ssize_t n = ::write(fd, data.data(), data.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(path, "written", errno);
    data = data.subspan(std::size_t(n));
  }
}

/// Removes the temporary file, unless it has got its name.
struct temporary {
  std::string path;
  bool kept = false;
  ~temporary() {
    if (!kept) ::unlink(path.c_str());
  }
};

}  // namespace

std::vector<unsigned char> read_file(const std::string& path) {
  const descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd < 0) fail(path, "read", errno);
  struct stat info {};
  if (::fstat(fd, &info) != 0) fail(path, "read", errno);
  if (!S_ISREG(info.st_mode)) throw io_error(path + ": cannot be read: it is not a file");
  std::vector<unsigned char> data(std::size_t(info.st_size));
  std::size_t done = 0;
  while (done < data.size()) {
    const ssize_t n = ::read(fd, data.data() + done, data.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(path, "read", errno);
    if (n == 0) break;  // it became shorter
    done += std::size_t(n);
  }
  data.resize(done);
  return data;
}

void write_file(const std::string& path, std::span<const std::span<const unsigned char>> pieces) {
  const std::filesystem::path place(path);
  const std::string folder = place.has_parent_path() ? place.parent_path().string() : std::string(".");
  static std::atomic<unsigned> count{0};  // threads may save at the same time
  temporary t{path + "." + std::to_string(::getpid()) + "." + std::to_string(count++) + ".tmp"};
  descriptor fd(::open(t.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (fd < 0) {
    const int reason = errno;
    t.kept = true;  // there is none, or it is another's
    fail(reason == EEXIST ? t.path : path, "written", reason);
  }
  for (const auto piece : pieces) write_all(fd, piece, path);
  if (::fsync(fd) != 0) fail(path, "written", errno);
  if (fd.close() != 0) fail(path, "written", errno);
  if (::rename(t.path.c_str(), path.c_str()) != 0) fail(path, "written", errno);
  t.kept = true;
  const descriptor parent(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent < 0 || (::fsync(parent) != 0 && errno != EINVAL)) fail(folder, "brought to the disk", errno);
}

}  // namespace xg::nn::detail
