#!/usr/bin/env python3
"""Writes tests/nn/fixtures/recurrent.txt: outputs and gradients of PyTorch's recurrent layers on a small problem.

    tests/oracle/recurrent.py > tests/nn/fixtures/recurrent.txt      (Debian 12's python3-torch, 1.13)

x is (2, 3, 2): ((5 i + 3) mod 17 - 8)/8 for the i-th element; the i-th element of a weight or bias is ((7 i + 2) mod 11 - 5)/10.
The loss is Σ output · ((i mod 5) - 2). A line is a name and numbers.
"""
import torch

torch.set_default_dtype(torch.float64)


def pattern(shape, a, b, m, offset, scale):
    n = int(torch.tensor(shape).prod())
    return torch.tensor([((a * i + b) % m - offset) / scale for i in range(n)]).reshape(shape)


def show(name, x):
    print(name, *("%.17g" % v for v in x.detach().flatten()))


for name, kind in (("rnn", torch.nn.RNN), ("lstm", torch.nn.LSTM), ("gru", torch.nn.GRU)):
    layer = kind(2, 3, batch_first=True)
    for p in layer.parameters():
        p.data = pattern(p.shape, 7, 2, 11, 5, 10)
    x = pattern((2, 3, 2), 5, 3, 17, 8, 8).requires_grad_()
    y = layer(x)[0]
    (y * pattern(y.shape, 1, 0, 5, 2, 1)).sum().backward()
    show(name + ".y", y)
    show(name + ".x", x.grad)
    for key in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        show(name + "." + key, getattr(layer, key + "_l0").grad)
