// Running the program as a user does, in a folder of its own.
#pragma once

#include <stdlib.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace test {

/// A new empty folder that is removed at the end.
class folder {
 public:
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "homework_test.XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder can be made");
    path_ = name;
  }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  ~folder() { std::filesystem::remove_all(path_); }

  std::string file(const std::string& name) const { return (path_ / name).string(); }
  /// Writes a file and returns its path.
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(file(name), std::ios::binary) << text;
    return file(name);
  }
  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const auto& entry : std::filesystem::directory_iterator(path_))
      result.push_back(entry.path().filename().string());
    return result;
  }

 private:
  std::filesystem::path path_;
};

inline std::string text_of(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

struct outcome {
  int status;
  std::string out, err;
};

inline std::string quoted(const std::string& argument) {
  std::string result = "'";
  for (char c : argument) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

/// Runs a shell command and keeps what it printed; -1 if it did not exit by itself.
inline outcome run_command(const std::string& command) {
  const folder place;
  const int status =
      std::system((command + " >" + quoted(place.file("out")) + " 2>" + quoted(place.file("err"))).c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text_of(place.file("out")), text_of(place.file("err"))};
}

/// Runs the homework program from a folder that has nothing to do with it.
inline outcome run_program(const std::vector<std::string>& arguments) {
  std::string command = "cd / && " + quoted(HOMEWORK_PROGRAM);
  for (const std::string& argument : arguments) command += " " + quoted(argument);
  return run_command(command);
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

inline std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

}  // namespace test
