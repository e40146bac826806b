#!/usr/bin/python3
"""The work of conv.cpp by PyTorch: microseconds, forward and backward, the least of 5 rounds. Debian: python3-torch.

    OMP_NUM_THREADS=1 /usr/bin/python3 bench/conv_torch.py
"""
import time

import torch
import torch.nn.functional as F

torch.manual_seed(1)


def measure(name, f, *operands):
    def once():
        for o in operands:
            o.grad = None
        y = f()
        y.backward(torch.ones_like(y))

    for _ in range(10):
        once()
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(20):
            once()
        best = min(best, (time.perf_counter() - start) / 20)
    print(f"{name:24} {best * 1e6:8.0f}", flush=True)


def v(*shape):
    return (0.1 * torch.randn(*shape)).requires_grad_()


images = torch.randn(64, 1, 28, 28)
w1, b1, w2, b2 = v(6, 1, 5, 5), v(6), v(16, 6, 5, 5), v(16)
measure("first_convolution", lambda: F.conv2d(images, w1, b1), w1, b1)
x = v(64, 6, 12, 12)
measure("second_convolution", lambda: F.conv2d(x, w2, b2), x, w2, b2)
p, q = v(64, 64, 14, 14), v(64, 64, 1, 1)
measure("pointwise_convolution", lambda: F.conv2d(p, q), p, q)
a, c = v(16, 64, 28, 28), v(64, 64, 3, 3)
measure("wide_convolution", lambda: F.conv2d(a, c, padding=1), a, c)
m = v(64, 6, 24, 24)
measure("max_pool", lambda: F.max_pool2d(m, 2), m)
n, g, h = v(64, 16, 14, 14), v(16), v(16)
measure("batch_norm", lambda: F.batch_norm(n, None, None, g, h, True), n, g, h)
r, s, t = v(512, 512), v(512), v(512)
measure("layer_norm", lambda: F.layer_norm(r, (512,), s, t), r, s, t)
w3, w4, w5 = v(120, 256), v(84, 120), v(10, 84)
labels = torch.arange(64) % 10


def lenet():
    h1 = F.max_pool2d(F.relu(F.conv2d(images, w1, b1)), 2)
    h2 = F.max_pool2d(F.relu(F.conv2d(h1, w2, b2)), 2)
    h3 = F.relu(h2.reshape(64, -1) @ w3.t())
    return F.cross_entropy(F.relu(h3 @ w4.t()) @ w5.t(), labels)


measure("lenet", lenet, w1, b1, w2, b2, w3, w4, w5)
