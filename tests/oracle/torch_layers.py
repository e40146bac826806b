#!/usr/bin/python3
"""Writes torch_layers.txt: values and derivatives of convolutions, pools and norms, by PyTorch in double precision.

    /usr/bin/python3 tests/oracle/torch_layers.py > tests/oracle/torch_layers.txt
"""
import torch
import torch.nn.functional as F

from cases import array, case

torch.manual_seed(20240608)


def random(*shape):
    """Few digits, which keeps the file small; no two are equal, so that no window has two largest."""
    n = torch.Size(shape).numel()
    return ((torch.randperm(n) - n // 2) * 0.03125 + 0.015625).reshape(shape)


image, filters, bias = random(2, 2, 5, 4), random(3, 2, 3, 2), random(3)
case("conv2d", F.conv2d, image, filters, bias)
case("conv2d steps", lambda x, w, b: F.conv2d(x, w, b, (2, 1), (1, 2), (1, 2)), image, filters, bias)
case("conv2d groups", lambda x, w: F.conv2d(x, w, None, 2, 1, 1, 2), random(1, 4, 4, 3), random(4, 2, 2, 2))
case("conv2d 1x1", F.conv2d, random(2, 3, 2, 2), random(2, 3, 1, 1))
case("conv1d", lambda x, w, b: F.conv1d(x, w, b, 2, 3, 2), random(2, 3, 6), random(2, 3, 3), random(2))
case("conv_transpose2d", F.conv_transpose2d, random(2, 3, 2, 3), random(3, 2, 2, 2), random(2))
case("conv_transpose2d steps", lambda x, w, b: F.conv_transpose2d(x, w, b, (2, 3), (1, 0), (1, 2), 2, (2, 1)),
     random(1, 4, 2, 3), random(4, 1, 3, 2), random(2))
case("conv_transpose1d", lambda x, w: F.conv_transpose1d(x, w, None, 2, 1, 1), random(2, 2, 4), random(2, 3, 3))

plane = random(2, 2, 5, 6)
case("max_pool2d", lambda x: F.max_pool2d(x, 2), plane, second=False)
case("max_pool2d steps", lambda x: F.max_pool2d(x, (3, 2), (2, 1), (1, 0), (1, 2)), plane, second=False)
case("max_pool2d ceil", lambda x: F.max_pool2d(x, 3, 2, 1, ceil_mode=True), plane, second=False)
case("max_pool1d", lambda x: F.max_pool1d(x, 3, 2, 1), random(2, 2, 7), second=False)
case("avg_pool2d", lambda x: F.avg_pool2d(x, (2, 3)), plane, second=False)
case("avg_pool2d padding", lambda x: F.avg_pool2d(x, 3, 2, 1), plane, second=False)
case("avg_pool2d ceil", lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True), plane, second=False)
case("avg_pool2d inside", lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True, count_include_pad=False), plane, second=False)
case("avg_pool1d", lambda x: F.avg_pool1d(x, 2, 1, 1), random(2, 2, 5), second=False)
case("adaptive_avg_pool2d", lambda x: F.adaptive_avg_pool2d(x, (3, 4)), plane, second=False)
case("adaptive_max_pool2d", lambda x: F.adaptive_max_pool2d(x, (3, 4)), plane, second=False)

signal, weight, shift = random(3, 4, 5), random(4), random(4)
case("layer_norm", lambda x, w, b: F.layer_norm(x, (4, 5), w, b), signal, random(4, 5), random(4, 5))
case("layer_norm plain", lambda x: F.layer_norm(x, (5,), eps=0.1), signal)
case("rms_norm", lambda x, w: x / ((x * x).mean(-1, True) + 0.01).sqrt() * w, signal, random(5))
case("group_norm", lambda x, w, b: F.group_norm(x, 2, w, b), signal, weight, shift)
case("instance_norm", lambda x, w, b: F.instance_norm(x, weight=w, bias=b), signal, weight, shift)
case("batch_norm", lambda x, w, b: F.batch_norm(x, None, None, w, b, True), signal, weight, shift)
case("batch_norm rows", lambda x, w, b: F.batch_norm(x, None, None, w, b, True, eps=0.1), signal[:, :, 0], weight, shift)
mean, variance = random(4), random(4).abs()
case("batch_norm evaluation", lambda x, w, b: F.batch_norm(x, mean, variance, w, b), signal, weight, shift)
array("mean", mean)
array("variance", variance)
after = mean.clone(), variance.clone()
case("batch_norm averages", lambda x: F.batch_norm(x, *after, training=True, momentum=0.3), signal)
array("mean", mean)
array("variance", variance)
array("mean_after", after[0])
array("variance_after", after[1])
