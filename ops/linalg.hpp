// Linear algebra: everything of it.
#pragma once

#include <xgrad/ops/cholesky.hpp>
#include <xgrad/ops/det.hpp>
#include <xgrad/ops/solve.hpp>
#include <xgrad/ops/triangular.hpp>
