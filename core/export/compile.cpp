#include <xgrad/core/export/compile.hpp>

#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <xgrad/core/memory/error.hpp>

extern char** environ;

namespace xg::detail {

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}
void write_text(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw io_error("compile: cannot write " + file.string() + ": " + std::strerror(errno));
}

/// FNV-1a (Fowler, Noll, Vo), as sixteen digits. What it names is compared in full, so that it need not be more.
std::string hash_of(const std::string& text) {
  std::uint64_t h = 14695981039346656037u;
  for (const unsigned char c : text) h = (h ^ c) * 1099511628211u;
  std::string digits;
  for (int k = 60; k >= 0; k -= 4) digits += "0123456789abcdef"[h >> k & 15];
  return digits;
}

bool is_program(const fs::path& file) { return fs::is_regular_file(file) && access(file.c_str(), X_OK) == 0; }

/// The words of the compiler's command: "ccache gcc" are two.
std::vector<std::string> words(const std::string& command) {
  std::istringstream in(command);
  std::vector<std::string> all;
  for (std::string word; in >> word;) all.push_back(word);
  return all;
}

/// Where a program is; nothing if it is not found.
fs::path found(const std::string& program) {
  if (program.find('/') != std::string::npos) return is_program(program) ? fs::path(program) : fs::path();
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "/usr/local/bin:/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (const fs::path file = fs::path(folder.empty() ? "." : folder) / program; is_program(file)) return file;
  return {};
}

struct compiler_command {
  std::vector<std::string> words;
  fs::path program;
};

compiler_command compiler_of(const compile_options& options) {
  const char* cc = std::getenv("CC");
  const std::string asked = !options.compiler.empty() ? options.compiler : cc ? cc : "";
  if (const auto w = words(asked); !w.empty()) {
    if (const fs::path program = found(w[0]); !program.empty()) return {w, program};
    throw value_error("compile: the C compiler " + asked + (options.compiler.empty() ? ", named by $CC," : "") +
                      " is not found");
  }
  for (const char* name : {"cc", "gcc", "clang"})
    if (const fs::path program = found(name); !program.empty()) return {{name}, program};
  throw value_error(
      "compile: no C compiler is found: none of cc, gcc and clang is in PATH; name one by $CC, or by "
      "compile_options::compiler. (xg::export_c needs none.)");
}

/// What else a compiled function depends on: the compiler as it is now, and, because of -march=native, the processor.
std::string machine_text(const fs::path& compiler) {
  std::error_code none;
  std::string text = compiler.string() + " " + std::to_string(fs::file_size(compiler, none)) + " " +
                     std::to_string(fs::last_write_time(compiler, none).time_since_epoch().count());
  std::ifstream cpu("/proc/cpuinfo");
  for (std::string line; std::getline(cpu, line) && !line.empty();)  // of the first one
    if (line.starts_with("flags") || line.starts_with("model name") || line.starts_with("Features"))
      text += "\n" + line;
  return text;
}

/// A folder that is this user's alone, so that nobody else can put a library there.
fs::path cache_of(const compile_options& options) {
  const char* xdg = std::getenv("XDG_CACHE_HOME");
  fs::path folder = options.cache;
  if (folder.empty() && xdg && *xdg) folder = fs::path(xdg) / "xgrad";
  if (folder.empty()) folder = fs::temp_directory_path() / ("xgrad-" + std::to_string(getuid()));
  std::error_code e;
  if (folder.has_parent_path()) fs::create_directories(folder.parent_path(), e);
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    throw io_error("compile: cannot make the folder " + folder.string() + ": " + std::strerror(errno));
  struct stat s {};
  if (stat(folder.c_str(), &s) != 0 || !S_ISDIR(s.st_mode) || s.st_uid != getuid() || (s.st_mode & (S_IWGRP | S_IWOTH)))
    throw io_error("compile: " + folder.string() +
                   " is not a folder that belongs to this user and that nobody else can write to; name another one by "
                   "compile_options::cache or $XDG_CACHE_HOME");
  return folder;
}

/// Runs a program, its output going to a file. Returns its exit status, -1 if it was not to be run or did not exit.
int run(const fs::path& program, const std::vector<std::string>& arguments, const fs::path& output) {
  std::vector<char*> argv;
  for (const std::string& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&files, 1, 2);
  pid_t child = 0;
  const int error = posix_spawn(&child, program.c_str(), &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) return -1;
  int status = 0;
  while (waitpid(child, &status, 0) == -1)
    if (errno != EINTR) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// The whole of what is compiled: the function without its header, and one whose arguments are lists.
std::string unit_of(const c_code& code) {
  std::string text = code.source;
  const std::string include = "#include \"" + code.name + ".h\"\n";
  if (const std::size_t at = text.find(include); at != std::string::npos) text.erase(at, include.size());
  const std::string number = code.is_float ? "float" : "double";
  text +=
      "\nvoid xg_call(const void *const *inputs, void *const *outputs, void *work);\n"
      "void xg_call(const void *const *inputs, void *const *outputs, void *work) {\n  ";
  text += code.name + "(";
  std::size_t k = 0;
  for (std::size_t i = 0; i < code.inputs.size(); ++i)
    text += (k++ ? ", " : "") + ("(const " + number + " *)inputs[") + std::to_string(i) + "]";
  for (std::size_t i = 0; i < code.outputs.size(); ++i)
    text += (k++ ? ", " : "") + ("(" + number + " *)outputs[") + std::to_string(i) + "]";
  if (code.work != 0) text += std::string(k++ ? ", " : "") + "(" + number + " *)work";
  return text + ");\n  (void)inputs, (void)outputs, (void)work;\n}\n";
}

std::string shortened(std::string message) {
  constexpr std::size_t most = 2000;
  if (message.size() > most) message = message.substr(0, most) + "\n...";
  while (message.ends_with('\n')) message.pop_back();
  return message;
}

/// Files with a name of their own in the cache, gone at the end; two processes, or threads, do not meet.
struct own_files {
  fs::path source, library, message;
  own_files(const fs::path& folder, const std::string& name) {
    static std::atomic<unsigned> count{0};
    const std::string own = name + "." + std::to_string(getpid()) + "." + std::to_string(count++);
    source = folder / (own + ".c"), library = folder / (own + ".so"), message = folder / (own + ".txt");
  }
  ~own_files() {
    std::error_code e;
    for (const fs::path* file : {&source, &library, &message}) fs::remove(*file, e);
  }
  own_files(const own_files&) = delete;
  own_files& operator=(const own_files&) = delete;
};

void build(const compiler_command& compiler, const compile_options& options, const std::string& text,
           const fs::path& folder, const std::string& name) {
  const own_files own(folder, name);
  write_text(own.source, text);
  std::vector<std::string> arguments = compiler.words;
  arguments.insert(arguments.end(), {"-std=c99", "-shared", "-fPIC"});
  arguments.insert(arguments.end(), options.flags.begin(), options.flags.end());
  arguments.insert(arguments.end(), {"-o", own.library.string(), own.source.string(), "-lm"});
  if (const int status = run(compiler.program, arguments, own.message); status != 0) {
    std::string command;
    for (const std::string& a : arguments) command += (command.empty() ? "" : " ") + a;
    throw value_error("compile: " + command + "\n" + (status == -1 ? "could not be run" : "failed") + ": " +
                      shortened(text_of(own.message)));
  }
  fs::rename(own.source, folder / (name + ".c"));
  fs::rename(own.library, folder / (name + ".so"));  // whole, or not at all
}

}  // namespace

loaded_c::loaded_c(const c_code& code, const compile_options& options) {
  const compiler_command compiler = compiler_of(options);
  std::string text = "/* " + machine_text(compiler.program) + "\n";
  for (const std::string& flag : options.flags) text += flag + " ";
  for (const std::string& word : compiler.words) text += word + " ";
  for (std::size_t at; (at = text.find("*/")) != std::string::npos;) text[at] = ' ';
  text += "*/\n" + unit_of(code);
  const fs::path folder = fs::absolute(cache_of(options));
  const std::string name = code.name + "-" + hash_of(text);
  const fs::path library = folder / (name + ".so");
  cached_ = fs::exists(library) && text_of(folder / (name + ".c")) == text;
  if (!cached_) build(compiler, options, text, folder, name);

  void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) throw io_error(std::string("compile: the compiled function cannot be loaded: ") + dlerror());
  library_ = std::shared_ptr<void>(handle, [](void* h) { dlclose(h); });
  void* symbol = dlsym(handle, "xg_call");
  if (!symbol) throw io_error("compile: " + library.string() + " is not what was compiled: it has no xg_call");
  std::memcpy(&function_, &symbol, sizeof symbol);
}

void* thread_memory(std::size_t bytes) {
  struct freed {
    void operator()(void* p) const { std::free(p); }
  };
  thread_local std::unique_ptr<void, freed> memory;
  thread_local std::size_t size = 0;
  if (size < bytes) {
    size = 0;
    const std::size_t rounded = (bytes + 63) / 64 * 64;
    memory.reset(std::aligned_alloc(64, rounded));
    if (!memory) throw std::bad_alloc();
    size = rounded;
  }
  return memory.get();
}

void check_argument(const c_code& code, const c_parameter& parameter, shape_view shape) {
  if (shape == parameter.shape) return;
  throw shape_error(code.name + ": " + parameter.name + " has shape " + to_string(shape) + "; it was compiled for " +
                    to_string(parameter.shape));
}

void throw_argument_count(const c_code& code, std::size_t given) {
  std::string names;
  for (const auto* list : {&code.inputs, &code.outputs})
    for (const c_parameter& p : *list) names += (names.empty() ? "" : ", ") + p.name;
  throw value_error(code.name + ": " + std::to_string(given) + " arguments; it takes " + names);
}

}  // namespace xg::detail
