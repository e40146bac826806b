// Linear algebra: everything of it.
#pragma once

#include <xgrad/ops/cholesky.hpp>
#include <xgrad/ops/det.hpp>
#include <xgrad/ops/eigh.hpp>
#include <xgrad/ops/einsum.hpp>
#include <xgrad/ops/expm.hpp>
#include <xgrad/ops/products.hpp>
#include <xgrad/ops/qr.hpp>
#include <xgrad/ops/solve.hpp>
#include <xgrad/ops/svd.hpp>
#include <xgrad/ops/triangular.hpp>
