// The recorded computation as a picture: text, DOT, SVG; and what nodes say of themselves.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <xgrad/core/export/describe.hpp>

#include "homework_network.hpp"
#include "support.hpp"

using array = xt::xarray<double>;
using test::contains;
using test::line_below;
using kind = xg::computation_graph::kind;

namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

/// The text of what was written, a line for each call.
struct recorder : xg::node_writer {
  std::string all;
  void function(std::string_view name) override { all += "function " + std::string(name) + "\n"; }
  void attribute(std::string_view name, const std::string& value) override {
    all += "attribute " + std::string(name) + " " + value + "\n";
  }
  void number(double x) override { all += "number " + std::to_string(x).substr(0, 4) + "\n"; }
  void step(std::string_view name, std::span<const int> values) override {
    all += "step " + std::string(name);
    for (const int v : values) all += " " + std::to_string(v);
    all += "\n";
  }
};

std::string description(const xg::var<double>& v) {
  recorder w;
  xg::detail::ledger<double>& l = v.ledger();
  l.nodes[l.nodes.size() - 1]->describe(w);
  return w.all;
}

/// An op with something to tell.
struct telling_op {
  static constexpr const char* name = "telling";
  int axis = 1;
  xg::shape_t shape(xg::shape_view x) const { return x; }
  void forward(xg::array<double> y, xg::array<const double> x) const { std::copy_n(x.data, x.size, y.data); }
  xg::var<double> vjp(const xg::var<double>& g, const xg::var<double>&, const xg::var<double>&) const { return g; }
  void describe(xg::node_writer& w) const { w.attribute("axis", std::to_string(axis)); }
};

}  // namespace

TEST_CASE("describe: a statement tells its program, a reduction its fold, an op what its author says") {
  xg::tape<double> t;
  const auto a = t.variable({1.0, 2.0}), b = t.variable({3.0, 4.0});
  CHECK(description(xt::tanh(a * b + 0.5)) == "number 0.50\nstep * 0 1\nstep + 3 2\nstep tanh 4\n");
  CHECK(description(xg::sum(a * b)) == "step * 0 1\nfunction sum\nattribute kept (1)\n");
  CHECK(description(xg::record(telling_op{}, a)) == "function telling\nattribute axis 1\n");
  CHECK(description(xg::matmul(t.variable({{1.0, 2.0}}), xg::transpose(t.variable({{1.0, 2.0}})))) ==
        "function matmul\nattribute transpose second\n");
}

TEST_CASE("graph: entries tell names, shapes, values, gradients, kinds and lines") {
  xg::tape<double> t;
  const std::string line = line_below(1);
  const auto a = t.variable({{1.0, 2.0}, {3.0, 4.0}}).named("a");
  const auto b = t.constant(2.0).named("b");
  t.variable(array{1});  // not part of it
  const xg::var y = xg::sum(a * b);
  xg::computation_graph g = xg::graph(y);
  REQUIRE(g.entries().size() == 3);
  CHECK(g.entries()[0].what == kind::variable);
  CHECK(g.entries()[0].name == "a");
  CHECK(g.entries()[0].shape == "(2, 2)");
  CHECK(g.entries()[0].value == "[[1, 2], [3, 4]]");
  CHECK(g.entries()[0].gradient == "");
  CHECK("(" + g.entries()[0].line + ")" == line);
  CHECK(g.entries()[1].what == kind::constant);
  CHECK(g.entries()[1].value == "2");
  CHECK(g.entries()[2].text == "sum(a * b)");
  CHECK(g.entries()[2].operands == std::vector<std::size_t>{0, 1});
  CHECK(g.entries()[2].shape == "()");
  CHECK(g.left_out() == 0);

  t.backward(y);
  g = xg::graph(y);
  CHECK(g.entries()[0].gradient == "[[2, 2], [2, 2]]");
  CHECK(g.entries()[1].gradient == "");
  CHECK(g.entries()[2].gradient == "1");
  CHECK(xg::graph(y, {.values = false}).entries()[0].gradient == "");
  t.backward(y, {a});
  CHECK(xg::graph(y).entries()[0].gradient == "[[2, 2], [2, 2]]");
}

TEST_CASE("graph: the text listing") {
  xg::tape<double> t;
  const auto a = t.variable({1.0, 2.0}).named("a"), b = t.constant({3.0, 4.0});
  const xg::var y = xg::sum(a * b);
  t.backward(y);
  std::ostringstream out;
  out << xg::graph(y);
  CHECK(out.str() == xg::graph(y).text());
  const std::string here = line_below(0), file = here.substr(1, here.find(':') - 1);
  CHECK(contains(out.str(), "a   variable       (2)  [1, 2]  gradient [3, 4]  " + file + ":"));
  CHECK(contains(out.str(), "v1  constant       (2)  [3, 4]                   " + file + ":"));
  CHECK(contains(out.str(), "v2  = sum(a * v1)  ()   11  gradient 1           " + file + ":"));
  CHECK(contains(xg::graph(xg::sum(a)).text(), "= sum("));  // of an expression
  CHECK(count_of(xg::graph({y, a}).text(), "\n") == 3);
}

TEST_CASE("graph: long values are shortened, no numbers and NaN are said") {
  xg::tape<double> t;
  const auto a = t.variable(xt::arange<double>(0, 1000)), none = t.variable(array::from_shape({0, 3}));
  CHECK(xg::graph(a).entries()[0].value == "1000 numbers from 0 to 999");
  CHECK(xg::graph(none).entries()[0].value == "no numbers");
  const array odd{NAN, 1, 2, 3, 4, 5, 6};
  CHECK(xg::graph(t.variable(odd)).entries()[0].value == "7 numbers from 1 to 6, 1 NaN");
  CHECK(xg::graph(t.variable(array{NAN, 1})).entries()[0].value == "[nan, 1]");
}

TEST_CASE("graph: of a large computation the nodes nearest to the result, and how many more") {
  xg::tape<double> t;
  const auto x = t.variable(1.0);
  xg::var y = x;
  for (int i = 0; i < 1049; ++i) y = y + 1;
  const xg::computation_graph g = xg::graph(y);
  CHECK(g.entries().size() == 100);
  CHECK(g.left_out() == 950);
  CHECK(contains(g.text(), "… 950 more nodes before\n"));
  CHECK(contains(g.dot(), "more [label=\"… 950 more nodes\""));
  CHECK(contains(g.svg(), "… 950 more nodes"));
  CHECK(xg::graph(y, {.limit = 5}).entries().size() == 5);
  CHECK(xg::graph(y, {.limit = 2000}).left_out() == 0);
}

TEST_CASE("graph: names and texts are escaped") {
  xg::tape<double> t;
  const auto a = t.variable(1.0).named("<a & \"b\">\\");
  const xg::computation_graph g = xg::graph(xt::where(a < 2, a, 0));
  CHECK(contains(g.svg(), "&lt;a &amp; &quot;b&quot;&gt;\\"));
  CHECK(!contains(g.svg(), "<a &"));
  CHECK(contains(g.dot(), "<a & \\\"b\\\">\\\\"));
}

TEST_CASE("graph: DOT is what Graphviz reads") {
  xg::tape<double> t;
  const auto net = test::network().record(t);
  t.backward(net.loss);
  const std::string dot = xg::graph(net.loss).dot();
  CHECK(contains(dot, "digraph computation {"));
  CHECK(count_of(dot, " -> ") == 11);
  if (std::system("command -v dot >/dev/null 2>&1") != 0) {
    MESSAGE("Graphviz is not installed; DOT was not read by it");
    return;
  }
  const auto file = std::filesystem::temp_directory_path() / "xgrad_graph_test.dot";
  std::ofstream(file) << dot;
  CHECK(std::system(("dot -Tsvg " + file.string() + " >/dev/null").c_str()) == 0);
  std::filesystem::remove(file);
}

TEST_CASE("graph: the boxes of the SVG do not overlap, and lie within it") {
  xg::tape<double> t;
  const auto net = test::network().record(t);
  for (const xg::var<double>& of : {net.loss, xg::gradient(net.loss, net.W1)}) {
    const std::string svg = xg::graph(of).svg();
    struct box {
      double x, y, w, h;
    };
    std::vector<box> boxes;
    double width = 0, height = 0;
    REQUIRE(std::sscanf(svg.c_str(), "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%lf\" height=\"%lf\"", &width,
                        &height) == 2);
    for (std::size_t at = svg.find("<rect x="); at != std::string::npos; at = svg.find("<rect x=", at + 1)) {
      box b{};
      REQUIRE(std::sscanf(svg.c_str() + at, "<rect x=\"%lf\" y=\"%lf\" width=\"%lf\" height=\"%lf\"", &b.x, &b.y, &b.w,
                          &b.h) == 4);
      CHECK((b.x >= 0 && b.y >= 0 && b.x + b.w <= width && b.y + b.h <= height));
      for (const box& other : boxes)
        CHECK((b.x + b.w <= other.x || other.x + other.w <= b.x || b.y + b.h <= other.y || other.y + other.h <= b.y));
      boxes.push_back(b);
    }
    CHECK(boxes.size() == xg::graph(of).entries().size());
  }
}

TEST_CASE("graph: out of date, foreign and float") {
  xg::tape<double> t, other;
  const auto a = t.variable(1.0);
  const xg::var y = a * 2;
  t.set(a, 2.0);
  CHECK(contains(test::message_of<xg::tape_error>([&] { xg::graph(y); }), "graph: the leaf"));
  t.replay();
  const auto foreign = other.variable(1.0);
  CHECK(contains(test::message_of<xg::tape_error>([&] { xg::graph({y, foreign}); }), "lives on another tape"));
  xg::tape<float> f;
  CHECK(xg::graph(f.variable(0.5f)).entries()[0].value == "0.5");
}
