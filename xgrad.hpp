// xgrad: gradients for xtensor. This header brings everything; each part can be included by itself.
#pragma once

#include <xgrad/core/derivative/checkpoint.hpp>
#include <xgrad/core/derivative/forward.hpp>
#include <xgrad/core/derivative/gradcheck.hpp>
#include <xgrad/core/derivative/gradient.hpp>
#include <xgrad/core/export/graph.hpp>
#include <xgrad/core/tape/draw.hpp>
#include <xgrad/core/tape/op.hpp>
#include <xgrad/core/tape/store.hpp>
#include <xgrad/core/tape/tape.hpp>
#include <xgrad/ops/attention.hpp>
#include <xgrad/ops/conv.hpp>
#include <xgrad/ops/cross_entropy.hpp>
#include <xgrad/ops/dropout.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/in_place.hpp>
#include <xgrad/ops/index.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/lambda.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/mean_loss.hpp>
#include <xgrad/ops/norm.hpp>
#include <xgrad/ops/pool.hpp>
#include <xgrad/ops/reduce.hpp>
#include <xgrad/ops/softmax.hpp>
#include <xgrad/ops/view.hpp>
