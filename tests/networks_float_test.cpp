// The random networks of networks_oracle_test.cpp in single precision.
#include "networks.hpp"

TEST_CASE("random networks have the losses, gradients and Hessian-vector products of PyTorch, in float") {
  test::networks::hold_to_torch<float>(1e-5);
}
