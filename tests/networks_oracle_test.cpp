// 500 random networks against PyTorch: losses, gradients by all ways, Hessian-vector products.
#include "networks.hpp"

TEST_CASE("random networks have the losses, gradients and Hessian-vector products of PyTorch, in double") {
  test::networks::hold_to_torch<double>(1e-12);
}
