// xg::compile: calls, the cache, compilers that are not there or fail; ops and functions of one's own in C.
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdlib>
#include <optional>
#include <thread>

#include "export_c_checks.hpp"

using test::contains, test::message_of, test::strictly;

namespace mine {

struct softsign_fun {
  template <class V>
  V operator()(V x) const {
    using std::abs;
    return x / (V(1) + abs(x));
  }
};
inline constexpr xg::elementwise<softsign_fun> softsign;

/// Running sums of a vector.
struct running_sum_op {
  static constexpr const char* name = "running_sum";
  xg::shape_t shape(xg::shape_view x) const { return x; }
  void forward(xg::array<double> y, xg::array<const double> x) const {
    double sum = 0;
    for (std::size_t i = 0; i < x.size; ++i) y.data[i] = sum += x.data[i];
  }
  xg::var<double> vjp(const xg::var<double>& g, const xg::var<double>&, const xg::var<double>&) const {
    return xg::sum(g, 0, xg::keep_dims) - xg::record(running_sum_op{}, g) + g;
  }
  void write_c(xg::c_writer& w) const {
    const std::string sum = w.fresh("sum");
    w.line("double " + sum + " = 0;");
    w.loop(w.shape()[0], [&](const std::string& i) {
      w.line(sum + " += " + w.operand(0) + "[" + i + "];");
      w.line(w.result() + "[" + i + "] = " + sum + ";");
    });
  }
};

/// An op that cannot be had in C.
struct refusing_op {
  static constexpr const char* name = "refusing";
  xg::shape_t shape(xg::shape_view x) const { return x; }
  void forward(xg::array<double> y, xg::array<const double> x) const { std::copy_n(x.data, x.size, y.data); }
  xg::var<double> vjp(const xg::var<double>& g, const xg::var<double>&, const xg::var<double>&) const { return g; }
  void write_c(xg::c_writer& w) const { w.refuse("it asks the user"); }
};

}  // namespace mine

template <>
struct xg::rule<mine::softsign_fun> {
  static constexpr const char* name = "softsign";
  static constexpr const char* c_code = "a / (1 + fabs(a))";
  static auto backward(auto g, auto, auto x) {
    using std::abs;
    const auto d = 1 + abs(x);
    return std::tuple(g / (d * d));
  }
};

namespace {

/// Sets a variable of the environment while it lives.
class environment {
 public:
  environment(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) had_ = true, before_ = before;
    value ? setenv(name, value, 1) : unsetenv(name);
  }
  ~environment() { had_ ? setenv(name_, before_.c_str(), 1) : unsetenv(name_); }
  environment(const environment&) = delete;

 private:
  const char* name_;
  bool had_ = false;
  std::string before_;
};

struct square_sum {
  xg::tape<double> t;
  xg::var<double> x = t.variable({1.0, 2.0, 3.0}).named("x"), y = xg::sum(x * x);
};

}  // namespace

TEST_CASE("calls: arrays, expressions, numbers, addresses") {
  xg::tape<double> t;
  const xg::var x = t.variable({1.0, 2.0}).named("x"), a = t.variable(3.0).named("a");
  const xg::var y = x * a, s = xg::sum(y);
  const xg::compiled_c<double> f = xg::compile({y, s}, {x, a}, strictly());
  xt::xarray<double> result;
  xt::xtensor<double, 1> fixed;
  double sum = 0;
  f(xt::xarray<double>{5.0, 7.0}, 2.0, result, sum);
  CHECK(result == xt::xarray<double>{10.0, 14.0});
  CHECK(sum == 24);
  f(result + 1.0, 2.0, fixed, sum);
  CHECK(fixed == xt::xtensor<double, 1>{22.0, 30.0});
  const std::array in{1.0, 1.0};
  std::array<double, 2> out{};
  const double factor = 4;
  f.call({in.data(), &factor}, {out.data(), &sum});
  CHECK(out == std::array{4.0, 4.0});
  CHECK(message_of<xg::shape_error>([&] { f(xt::xarray<double>{1.0}, 2.0, result, sum); }) ==
        "net: x has shape (1); it was compiled for (2)");
  CHECK(contains(message_of<xg::value_error>([&] { f(result, sum); }), "2 arguments; it takes x, a, out0, out1"));
  const xt::xarray<double> constant{0.0, 0.0};
  CHECK(contains(message_of<xg::value_error>([&] { f(result, 2.0, constant, sum); }), "is the output out0"));
}

TEST_CASE("a compiled function outlives the tape, is copied, and called by threads at the same time") {
  std::optional<xg::compiled_c<double>> kept;
  {
    xg::tape<double> t;
    const xg::var x = t.variable(xt::xarray<double>(xt::ones<double>({60, 60})));
    xg::compile_options o = strictly();
    o.stack = 0;  // so that there is memory to work in
    kept = xg::compile(xg::sum(xg::matmul(xg::matmul(x, x), x)), {x}, o);
  }
  CHECK(kept->code().work > 0);
  const xg::compiled_c<double> copy = *kept;
  std::array<double, 4> results{};
  std::vector<std::thread> threads;
  for (std::size_t k = 0; k < 4; ++k)
    threads.emplace_back([&, k] {
      const xt::xarray<double> x = xt::ones<double>({60, 60}) * double(k + 1);
      for (int i = 0; i < 20; ++i) copy(x, results[k]);
    });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t k = 0; k < 4; ++k) CHECK(results[k] == 60. * 60 * 60 * 60 * std::pow(double(k + 1), 3));
}

TEST_CASE("the same text is compiled once") {
  square_sum s;
  xg::compile_options o = strictly();
  o.cache = test::c_folder() / "once";
  CHECK(!xg::compile(s.y, {s.x}, o).cached());
  CHECK(xg::compile(s.y, {s.x}, o).cached());
  o.flags.push_back("-O2");
  CHECK(!xg::compile(s.y, {s.x}, o).cached());
  const xg::var other = s.y + 1.0;
  CHECK(!xg::compile(other, {s.x}, o).cached());
  std::size_t files = 0;  // a source and a library each, and nothing else
  for ([[maybe_unused]] const auto& file : std::filesystem::directory_iterator(o.cache)) ++files;
  CHECK(files == 6);
  struct stat status {};
  REQUIRE(stat(o.cache.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
}

TEST_CASE("processes that compile the same at the same time do not meet") {
  square_sum s;
  xg::compile_options o = strictly();
  o.cache = test::c_folder() / "together";
  std::vector<pid_t> children;
  for (int k = 0; k < 3; ++k) {
    const pid_t child = fork();
    REQUIRE(child != -1);
    if (child == 0) {
      int status = 1;
      try {
        double y = 0;
        xg::compile(s.y, {s.x}, o)(xt::xarray<double>{1.0, 2.0, 3.0}, y);
        status = y == 14 ? 0 : 2;
      } catch (...) {
      }
      _exit(status);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    waitpid(child, &status, 0);
    CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
  }
  CHECK(xg::compile(s.y, {s.x}, o).cached());
}

TEST_CASE("where the cache is, and whose") {
  square_sum s;
  const std::filesystem::path home = test::c_folder() / "xdg";
  const environment xdg("XDG_CACHE_HOME", home.c_str());
  xg::compile_options o = strictly();
  o.cache = "";
  xg::compile(s.y, {s.x}, o);
  CHECK(std::filesystem::exists(home / "xgrad"));
  o.cache = test::c_folder() / "open";
  std::filesystem::create_directories(o.cache);
  std::filesystem::permissions(o.cache, std::filesystem::perms(0777));
  CHECK(contains(message_of<xg::io_error>([&] { xg::compile(s.y, {s.x}, o); }), "nobody else can write to"));
}

TEST_CASE("no compiler, another one, and one that fails") {
  square_sum s;
  xg::compile_options o = strictly();
  {
    const environment path("PATH", "/nowhere"), cc("CC", nullptr);
    const std::string m = message_of<xg::value_error>([&] { xg::compile(s.y, {s.x}, o); });
    CHECK(contains(m, "compile: no C compiler is found"));
    CHECK(contains(m, "$CC"));
  }
  {
    const environment cc("CC", "no-such-compiler -m64");
    CHECK(contains(message_of<xg::value_error>([&] { xg::compile(s.y, {s.x}, o); }),
                   "compile: the C compiler no-such-compiler -m64, named by $CC, is not found"));
  }
  {
    const environment cc("CC", "gcc -O0");
    double y = 0;
    xg::compile(s.y, {s.x}, o)(xt::xarray<double>{1.0, 1.0, 1.0}, y);
    CHECK(y == 3);
  }
  o.flags = {"-no-such-flag"};
  const std::string m = message_of<xg::value_error>([&] { xg::compile(s.y, {s.x}, o); });
  CHECK(contains(m, "-std=c99 -shared -fPIC -no-such-flag"));
  CHECK(contains(m, "failed: "));
  CHECK(contains(m, "unrecognized"));
}

TEST_CASE("functions and ops of one's own say their C") {
  xg::tape<double> t;
  const xg::var x = t.variable({0.5, -2.0, 3.0});
  const xg::var y = xg::record(mine::running_sum_op{}, mine::softsign(x) * 2.0);
  const xg::var g = xg::gradient(xg::sum(y * y), x);
  const std::vector<xg::var<double>> outputs{y, g}, inputs{x};
  const auto d = test::differences_from_tape(t, xg::compile(outputs, inputs, strictly()), outputs, inputs,
                                             {xt::xarray<double>{-1.5, 0.25, 8.0}});
  CHECK(d[0] <= 1e-15);
  CHECK(d[1] <= 1e-15);
  const std::string line = test::line_below();
  const xg::var z = xg::record(mine::refusing_op{}, x);
  CHECK(message_of<xg::value_error>([&] { xg::compile(z, {x}, strictly()); }) ==
        "export_c: refusing: it asks the user " + line);
}
