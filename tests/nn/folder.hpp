// A folder for a test's files, which goes when the test is over.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

namespace test {

struct folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("xgrad_nn_" + std::to_string(::getpid()));
  folder() { std::filesystem::create_directories(path); }
  ~folder() { std::filesystem::remove_all(path); }
  std::string operator/(const std::string& name) const { return (path / name).string(); }
};

}  // namespace test
