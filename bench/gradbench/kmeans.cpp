// k-means: the sum of squared distances to the nearest centroid, and Newton's direction. The Hessian is diagonal, so
// its product with ones is its diagonal: a gradient of a gradient.
#include "problem.hpp"

namespace {

using namespace gradbench;

variable cost(const variable& centroids, const numbers& points) {
  // |c - p|² = |c|² - 2 c·p + |p|²: all the products are one matrix product.
  const numbers squares = xt::sum(points * points, {1});
  const variable distances = xg::sum(xt::square(centroids), 1) - 2 * xg::matmul(points, xg::transpose(centroids));
  return xg::sum(xg::amin(distances, 1) + squares);
}

struct newton {
  numbers start;
  tape t;
  variable c, direction;

  explicit newton(const json& j) : start(array(j["centroids"])), c(t.variable(start)) {
    const variable g = xg::gradient(cost(c, array(j["points"])), c), h = xg::gradient(xg::sum(g), c);
    direction = g / h;
  }
  void run() {
    t.set(c, start);
    t.replay();
  }
};

}  // namespace

int main(int argc, char** argv) {
  const functions of{{"cost", value_of([](const json& j) { return array(j["centroids"]); },
                                       [](const variable& c, const json& j) { return cost(c, array(j["points"])); })},
                     {"dir", [](const json& j) {
                        return task_of(std::make_shared<newton>(j), &newton::run,
                                       [](const newton& n) { return list(n.direction.value()); });
                      }}};
  return gradbench::main(argc, argv, of);
}
