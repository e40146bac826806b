// xgrad::nn: networks. This header brings everything; each part can be included by itself.
#pragma once

#include <xgrad/nn/data/csv.hpp>
#include <xgrad/nn/data/dataset.hpp>
#include <xgrad/nn/data/embedded.hpp>
#include <xgrad/nn/data/idx.hpp>
#include <xgrad/nn/data/prepare.hpp>
#include <xgrad/nn/evaluate.hpp>
#include <xgrad/nn/files/files.hpp>
#include <xgrad/nn/init/init.hpp>
#include <xgrad/nn/layers/activation.hpp>
#include <xgrad/nn/layers/dropout.hpp>
#include <xgrad/nn/layers/embedding.hpp>
#include <xgrad/nn/layers/linear.hpp>
#include <xgrad/nn/layers/recurrent.hpp>
#include <xgrad/nn/layers/sequential.hpp>
#include <xgrad/nn/module.hpp>
#include <xgrad/nn/optim/adam.hpp>
#include <xgrad/nn/optim/average.hpp>
#include <xgrad/nn/optim/lbfgs.hpp>
#include <xgrad/nn/optim/rmsprop.hpp>
#include <xgrad/nn/optim/schedules.hpp>
#include <xgrad/nn/optim/sgd.hpp>
#include <xgrad/nn/step.hpp>
