// Models as plain structs: their parameters by path, copies, frozen parts, and what is refused in words.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <optional>

#include <xgrad/nn/nn.hpp>

#include "paths.hpp"
#include "support.hpp"

namespace nn = xg::nn;
using test::contains;
using test::message_of;
using test::paths_of;

namespace {

struct block {
  nn::linear<float> first, second;
};
struct network {
  nn::linear<float> hidden{4, 3};
  nn::dropout drop{0.1};
  block inner{.first = {3, 3}, .second = {3, 2, {.bias = false}}};
  std::vector<nn::linear<float>> many = {{2, 2}, {2, 1}};
  std::array<nn::weight<float>, 2> scales{nn::weight<float>({2}, 1), nn::weight<float>({1}, 1)};
  std::optional<nn::linear<float>> none, some = nn::linear<float>(1, 1);
  nn::buffer<float> seen{{2}};
  int heads = 2;
  std::string name = "net";
  std::vector<std::size_t> sizes = {1, 2};
};

/// No aggregate: it names its parts itself.
class affine {
 public:
  using scalar_type = double;
  explicit affine(std::size_t n) : slope_({n}), offset_({n}) {}
  static void visit(auto& m, auto f) {
    f("slope", m.slope_);
    f("offset", m.offset_);
  }

 private:
  nn::weight<double> slope_, offset_;
};
class by_friend {
 public:
  using scalar_type = double;
  friend void visit(by_friend& m, auto f) { f("w", m.w_); }
  friend void visit(const by_friend& m, auto f) { f("w", m.w_); }

 private:
  nn::weight<double> w_{{2, 2}};
};
class only_const {
 public:
  using scalar_type = double;
  friend void visit(const only_const& m, auto f) { f("w", m.w_); }

 private:
  nn::weight<double> w_{{2, 2}};
};

}  // namespace

TEST_CASE("the fields of a model are its parameters, by path") {
  const network net;
  CHECK(paths_of(net) == std::vector<std::string>{"hidden.weight", "hidden.bias", "inner.first.weight",
                                                  "inner.first.bias", "inner.second.weight", "many.0.weight",
                                                  "many.0.bias", "many.1.weight", "many.1.bias", "scales.0", "scales.1",
                                                  "some.weight", "some.bias", "seen"});
  CHECK(nn::parameters(net)[0].shape() == xg::shape_t{3, 4});
  CHECK(nn::count(net) == 15 + 12 + 6 + 6 + 3 + 3 + 2);
  CHECK_FALSE(nn::parameters(net).back().trained);
  static_assert(std::same_as<nn::scalar_of<network>, float>);
}

TEST_CASE("every layer can be part of a model") {
  struct {
    nn::multi_head_attention<float> attention{4, 2, {.bias = false}};
    nn::positional_encoding position;
    nn::bilinear<float> pair{1, 1, 1};
    nn::conv1d<float> conv{1, 1, 1, {.bias = false}};
    nn::conv_transpose2d<float> up{1, 1, 1, {.bias = false}};
    nn::layer_norm<float> layer{1};
    nn::group_norm<float> group{1, 1};
    nn::instance_norm<float> instance{1};
    nn::rms_norm<float> rms{1};
    nn::embedding<float> embed{2, 1};
    nn::bidirectional<nn::rnn<float>> both{1, 1};
  } net;
  const auto paths = paths_of(net);
  for (const char* path :
       {"attention.query.weight", "attention.key.weight", "attention.value.weight", "attention.out.weight",
        "pair.weight", "conv.weight", "up.weight", "layer.bias", "group.weight", "rms.weight", "embed.weight",
        "both.forward.weight_ih", "both.backward.bias_hh"})
    CHECK_MESSAGE(std::count(paths.begin(), paths.end(), path) == 1, path);
}

TEST_CASE("fields of local and unnamed types have names") {
  struct local {
    nn::linear<double> a{1, 1}, much_longer_name{1, 1};
  };
  CHECK(paths_of(local())[2] == "much_longer_name.weight");
  struct {
    nn::weight<double> w{{1, 1}};
  } unnamed;
  CHECK(paths_of(unnamed) == std::vector<std::string>{"w"});
}

TEST_CASE("a class that is no aggregate names its parts") {
  struct {
    affine first{2};
    by_friend second;
  } net;
  CHECK(paths_of(net) == std::vector<std::string>{"first.slope", "first.offset", "second.w"});
  nn::freeze(net, "second.*");
  CHECK(nn::count(net) == 4);
  only_const hidden;
  CHECK(contains(message_of<xg::value_error>([&] { nn::freeze(hidden); }), "w is only seen as const"));
}

TEST_CASE("a copy of a model is a deep copy, and assignment keeps the place") {
  network net;
  nn::constant(net, 1);
  network best = net;
  nn::constant(net, 2, "hidden.*");
  CHECK(best.hidden.weight.value()(0, 0) == 1);
  const float* place = net.hidden.weight.data();
  net = best;
  CHECK(net.hidden.weight.value()(0, 0) == 1);
  CHECK(net.hidden.weight.data() == place);
}

TEST_CASE("frozen parts are constants, and not counted") {
  network net;
  nn::constant(net, 1);
  xg::tape<float> t;
  const auto x = t.constant(xt::ones<float>({1, 4}));
  CHECK(net.hidden.weight.on(x).requires_grad());
  nn::freeze(net, "hidden");
  const std::size_t before = nn::count(net);
  CHECK(before == 47 - 15);
  CHECK_FALSE(net.hidden.weight.on(x).requires_grad());
  CHECK_FALSE(network(net).hidden.bias.on(x).requires_grad());
  nn::unfreeze(net, "h?dden.w*");
  CHECK(nn::count(net) == before + 12);
  nn::freeze(net, "*.bias");
  CHECK(net.many[1].bias.frozen());
  nn::unfreeze(net);
  CHECK(nn::count(net) == 47);
  CHECK(net.hidden.weight.on(x).value().data() == net.hidden.weight.data());  // nothing is copied
}

TEST_CASE("a pattern that matches nothing is an error, which says what there is") {
  network net;
  const std::string where = test::line_below();
  const std::string m = message_of<xg::value_error>([&] { nn::freeze(net, "hiden.*"); });
  CHECK(contains(m,
                 "freeze: the pattern \"hiden.*\" matches no parameter; did you mean \"hidden.*\"? The model has "
                 "hidden.weight, hidden.bias, "));
  CHECK(contains(m, "(14 in all)"));
  CHECK(contains(m, where));
  CHECK(contains(message_of<xg::value_error>([&] { nn::freeze(net, "hidden.wieght"); }),
                 "did you mean \"hidden.weight\"?"));
  CHECK_FALSE(contains(message_of<xg::value_error>([&] { nn::freeze(net, "zzzzzzzzz"); }), "did you mean"));
}

TEST_CASE("patterns") {
  using nn::detail::matches;
  CHECK(matches("*", "a.b"));
  CHECK(matches("a", "a.b.c"));
  CHECK(matches("a.b", "a.b.c"));
  CHECK(matches("*.c", "a.b.c"));
  CHECK(matches("a*b*c", "aXbbYc"));
  CHECK_FALSE(matches("a*b", "a.b.c"[0] == 'a' ? "axc" : ""));
  CHECK_FALSE(matches("b", "a.b.c"));
  CHECK_FALSE(matches("a.", "a.b"));
  CHECK_FALSE(matches("", "a"));
}

TEST_CASE("a layer without sizes is named") {
  const block empty;
  CHECK(
      contains(message_of<xg::value_error>([&] { nn::parameters(empty); }), "the parameter first.weight has no shape"));
}

TEST_CASE("a summary") {
  block net{.first = {4, 3}, .second = {3, 2}};
  nn::freeze(net, "first.bias");
  CHECK(nn::summary(net) ==
        "first.weight   (3, 4)         12\n"
        "first.bias     (3)             3  not trained\n"
        "second.weight  (2, 3)          6\n"
        "second.bias    (2)             2\n"
        "sum                           23  of which 20 are trained\n");
  nn::sequential deep(nn::conv2d<float>(1, 2, 3), nn::batch_norm<float>(2), xg::relu, nn::flatten{},
                      nn::linear<float>(18, 4));
  CHECK(nn::summary(deep, xt::ones<float>({7, 1, 5, 5})) ==
        "0     (7, 2, 3, 3)         20\n"
        "1     (7, 2, 3, 3)          8  of which 4 are trained\n"
        "4     (7, 4)               76\n"
        "sum   (7, 4)              104  of which 100 are trained\n");
}

TEST_CASE("messages of the tape call a parameter by its path") {
  block net{.first = {4, 3}, .second = {5, 2}};
  xg::nn::rng rng(1);
  nn::he(net, rng);
  nn::step step(net, [](const auto& m, const auto& x) { return xg::sum(m.second(m.first(x))); });
  nn::sgd opt(net, {.lr = 0.1});
  const std::string m = message_of<xg::shape_error>([&] { step(opt, xt::xarray<float>(xt::ones<float>({2, 4}))); });
  CHECK(contains(m, "second.weight"));
  CHECK(contains(m, "inner dimensions 3 and 5 differ"));
}
