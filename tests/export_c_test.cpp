// export_c: what the C of whole computations gives, how it is written, and what has none.
#include <fstream>
#include <sstream>

#include "export_c_checks.hpp"
#include "homework_network.hpp"

using test::contains, test::message_of;

namespace {

using variables = std::vector<xg::var<double>>;

/// The C of the outputs, compiled strictly, gives what the tape gives on other numbers.
template <class T>
double worst_of(xg::tape<T>& t, const std::vector<xg::var<T>>& outputs, const std::vector<xg::var<T>>& inputs,
                unsigned seed = 3) {
  test::generator random(seed);
  std::vector<xt::xarray<T>> numbers;
  for (const xg::var<T>& x : inputs)
    numbers.push_back(random.array<T>(std::vector<std::size_t>(x.shape().begin(), x.shape().end())));
  const auto d =
      test::differences_from_tape(t, xg::compile(outputs, inputs, test::strictly()), outputs, inputs, numbers);
  return *std::max_element(d.begin(), d.end());
}

template <class T>
std::vector<xg::var<T>> with_gradients(const xg::var<T>& y, const std::vector<xg::var<T>>& by) {
  std::vector<xg::var<T>> all{y};
  const auto g = xg::gradient(y, std::span<const xg::var<T>>(by));
  all.insert(all.end(), g.begin(), g.end());
  return all;
}

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

template <class T>
double lenet(std::size_t samples) {
  xg::tape<T> t;
  test::generator random(5);
  const auto leaf = [&](std::vector<std::size_t> shape) { return t.variable(random.array<T>(shape, -0.5, 0.5)); };
  const xg::var<T> x = leaf({samples, 1, 16, 16}), w1 = leaf({4, 1, 5, 5}), b1 = leaf({4}), w2 = leaf({6, 4, 5, 5}),
                   b2 = leaf({6}), w3 = leaf({12, 54}), b3 = leaf({12}), w4 = leaf({10, 12}), b4 = leaf({10});
  const auto labels = t.indices(xt::xarray<std::int64_t>(xt::arange<std::int64_t>(std::int64_t(samples)) % 10));
  const xg::var<T> c1 = xg::max_pool2d(xg::relu(xg::conv2d(x, w1, b1, xg::conv_options{.padding = 2})), 2);
  const xg::var<T> c2 = xg::avg_pool2d(xg::tanh(xg::conv2d(c1, w2, b2, xg::conv_options{.padding = 1})), 2);
  const xg::var<T> flat = xg::reshape(c2, {std::ptrdiff_t(samples), -1});
  const xg::var<T> h = xg::relu(xg::matmul(flat, xg::transpose(w3)) + b3);
  const xg::var<T> logits = xg::matmul(h, xg::transpose(w4)) + b4;
  const xg::var<T> loss = xg::cross_entropy(logits, labels);
  const std::vector<xg::var<T>> parameters{w1, b1, w2, b2, w3, b3, w4, b4};
  std::vector<xg::var<T>> outputs = with_gradients(loss, parameters), inputs = parameters;
  outputs.push_back(logits);
  inputs.push_back(x);
  return worst_of(t, outputs, inputs);
}

}  // namespace

TEST_CASE("the homework network, forward and all gradients") {
  xg::tape<double> t;
  const auto n = test::network().record(t);
  const variables outputs = with_gradients(n.loss, {n.W1, n.W2, n.W3}), inputs{n.W1, n.W2, n.W3, n.x, n.y};
  for (unsigned seed = 1; seed < 6; ++seed) CHECK(worst_of(t, outputs, inputs, seed) <= 4e-15);
}

TEST_CASE("a LeNet with its loss and all gradients") {
  CHECK(lenet<double>(3) <= 1e-13);
  CHECK(lenet<float>(2) <= 5e-5);
}

TEST_CASE("a step of an LSTM, by hand") {
  xg::tape<double> t;
  test::generator random(5);
  const xg::var x = t.variable(random.array({3, 4})), h = t.variable(random.array({3, 5})),
                c = t.variable(random.array({3, 5})), W = t.variable(random.array({20, 4})),
                U = t.variable(random.array({20, 5})), b = t.variable(random.array({20}));
  const xg::var gates = xg::matmul(x, xg::transpose(W)) + xg::matmul(h, xg::transpose(U)) + b;
  const auto part = xg::split(gates, 4, 1);
  const xg::var next_c = xg::sigmoid(part[1]) * c + xg::sigmoid(part[0]) * xg::tanh(part[2]);
  const xg::var next_h = xg::sigmoid(part[3]) * xg::tanh(next_c);
  variables outputs = with_gradients(xg::var(xg::sum(next_h * next_h) + xg::sum(next_c)), {x, h, c, W, U, b});
  outputs.insert(outputs.end(), {next_h, next_c});
  CHECK(worst_of(t, outputs, {x, h, c, W, U, b}) <= 1e-14);
}

TEST_CASE("gradients of gradients, and products with Hessians") {
  xg::tape<double> t;
  const xg::var x = t.variable({0.3, -0.7, 0.2}), u = t.variable({1.0, 2.0, 3.0});
  const xg::var y = xg::sum(xg::exp(x) * xg::sin(x)) * xg::prod(x);
  const xg::var g = xg::gradient(y, x), hu = xg::gradient(xg::sum(g * u), x);
  CHECK(worst_of(t, variables{y, g, hu}, variables{x, u}) <= 1e-14);
}

TEST_CASE("the text: names, constants, loops, the header") {
  xg::tape<double> t;
  const xg::var x = t.variable({1.0, 2.0, 3.0}).named("x"),
                W = t.constant({{0.1, 1e-300, -3.0}, {4.0, 0.5, 6.0}}).named("W 1");
  const xg::var y = xg::tanh(xg::matmul(W, x) + 0.5).named("double");
  const std::filesystem::path file = test::c_folder() / "tiny.c";
  const xg::c_code code = xg::export_c(y, {x}, file);
  CHECK(text_of(file) == code.source);
  CHECK(text_of(test::c_folder() / "tiny.h") == code.header);
  CHECK(code.name == "tiny");
  CHECK(code.work == 0);
  CHECK(contains(code.source, "void tiny(const double *restrict x, double *restrict double_2) {"));
  CHECK(contains(code.source, "static const double W_1[6] = {0.1, 1e-300, -3.0, 4.0, 0.5, 6.0};"));
  CHECK(contains(code.source, "    double_2[i] = tanh(v"));
  CHECK(contains(code.header, "void tiny(const double *x, double *double_2);"));
  CHECK(contains(code.header, "#define TINY_X_SIZE 3\n"));
  CHECK(contains(code.header, "#define TINY_DOUBLE_2_SIZE 2\n"));
  CHECK(contains(code.header, "extern \"C\""));

  xg::tape<float> f;
  const xg::var<float> z = f.variable({1.0f, 2.0f}).named("z");
  const xg::c_code single = xg::export_c(xg::exp(z) * 0.1f, {z}, test::c_folder() / "single.c", {.name = "other"});
  CHECK(single.is_float);
  CHECK(contains(single.source, "void other(const float *restrict z, float *restrict y)"));
  CHECK(contains(single.source, "y[i] = expf(z[i]) * 0.1f;"));
  CHECK(contains(single.source, "#include \"other.h\""));
  CHECK(contains(text_of(test::c_folder() / "single.c"), "#include \"single.h\""));
}

TEST_CASE("elementwise statements that are used once are one loop; views are no copies") {
  xg::tape<double> t;
  const xg::var x = t.variable({{1.0, 2.0}, {3.0, 4.0}}).named("x");
  const xg::var a = x * 2.0, b = xg::sin(a), c = xg::reshape(x, {4}), y = xg::sum(b * b + xg::reshape(c, {2, 2}));
  const xg::c_code code = xg::make_c<double>({&y, 1}, {&x, 1}, {}, std::source_location::current());
  std::size_t loops = 0;
  for (std::size_t at = 0; (at = code.source.find("for (", at)) != std::string::npos; ++at) ++loops;
  CHECK(loops == 2);  // b, which is used twice, with a in it; the sum
  CHECK(worst_of(t, variables{y}, variables{x}) <= 1e-15);
}

TEST_CASE("what is large lies in memory that the caller gives, and is used again") {
  xg::tape<double> t;
  const xg::var x = t.variable(xt::xarray<double>(xt::ones<double>({100, 100})));
  xg::var h = x;
  for (int k = 0; k < 10; ++k) h = xg::tanh(xg::matmul(h, x));
  const xg::var y = xg::sum(h);
  const xg::c_code code = xg::make_c<double>({&y, 1}, {&x, 1}, {}, std::source_location::current());
  CHECK(code.work > 0);
  CHECK(code.work <= 30000);  // three of twenty
  CHECK(contains(code.source, "double *restrict work"));
  CHECK(worst_of(t, variables{y}, variables{x}) <= 1e-12);
  CHECK(xg::make_c<double>({&y, 1}, {&x, 1}, {.stack = 10000000}, std::source_location::current()).work == 0);
}

TEST_CASE("long sums are added up with care, unless that is not wanted") {
  xg::tape<double> t;
  const std::size_t n = 100003;
  const xg::var x = t.variable(xt::xarray<double>(xt::ones<double>({n}) * 0.1));
  const xg::var y = xg::sum(x);
  xg::compile_options plain = test::strictly();
  plain.careful_sums = false;
  double careful = 0, quick = 0;
  xg::compile(y, {x}, test::strictly())(x.value(), careful);
  xg::compile(y, {x}, plain)(x.value(), quick);
  CHECK(std::abs(careful - double(n) * 0.1) <= 4e-12);
  CHECK(std::abs(quick - double(n) * 0.1) > 4e-12);
}

TEST_CASE("outputs that are inputs, constants, views, or given twice") {
  xg::tape<double> t;
  const xg::var x = t.variable({{1.0, 2.0}, {3.0, 4.0}}), c = t.constant({1.0, 2.5}), two = t.constant({2.0, 2.0});
  const xg::var flat = xg::reshape(x, {4}), row = x(1, 0), y = x * 3.0,
                nan = t.constant({NAN, -INFINITY, INFINITY, -0.0});
  CHECK(worst_of(t, variables{x, c, two, flat, row, y, y, nan}, variables{x}) == 0);
}

TEST_CASE("an input in the middle cuts what comes before it") {
  xg::tape<double> t;
  const xg::var x = t.variable({1.0, 2.0}), h = xg::sin(x), y = h * 2.0;
  xt::xarray<double> result;
  xg::compile(y, {h}, test::strictly())(xt::xarray<double>{5.0, 7.0}, result);
  CHECK(result == xt::xarray<double>{10.0, 14.0});
}

TEST_CASE("what has no C says so, with its name and line") {
  xg::tape<double> t;
  xg::rng rng(1);
  const xg::var x = t.variable({{2.0, 1.0}, {1.0, 3.0}});
  const std::filesystem::path file = test::c_folder() / "none.c";
  const std::string line = test::line_below();
  const auto [values, vectors] = xg::eigh(x);
  CHECK(message_of<xg::value_error>([&] { xg::export_c(vectors, {x}, file); }) == "export_c: eigh has no C " + line);
  CHECK(!std::filesystem::exists(file));
  const xg::var noisy = x * xg::normal(t, {2, 2}, rng);
  CHECK(contains(message_of<xg::value_error>([&] { xg::export_c(noisy, {x}, file); }), "export_c: normal() is random"));
  const xg::var y = xg::polygamma(2, x);
  CHECK(contains(message_of<xg::value_error>([&] { xg::export_c(y, {x}, file); }), "polygamma has no C"));
  CHECK(contains(message_of<xg::value_error>([&] { xg::export_c(y, {x, x}, file); }), "is named twice"));
  const auto labels = t.indices({0, 1});
  CHECK(contains(message_of<xg::value_error>([&] { xg::export_c(y, {labels.leaf()}, file); }), "whole numbers"));
  CHECK(contains(message_of<xg::io_error>([&] { xg::export_c(x * 2.0, {x}, "/nowhere/at/all.c"); }), "cannot write"));
  t.set(x, xt::xarray<double>{{1.0, 1.0}, {1.0, 1.0}});
  CHECK(contains(message_of<xg::tape_error>([&] { xg::export_c(noisy, {x}, file); }), "replay"));
}
