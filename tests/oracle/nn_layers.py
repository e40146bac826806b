#!/usr/bin/env python3
"""Writes tests/nn/fixtures/nn_layers.txt: outputs and gradients of PyTorch's layers on small problems.

    tests/oracle/nn_layers.py > tests/nn/fixtures/nn_layers.txt      (Debian 12's python3-torch, 1.13)

The i-th element of an input is ((5 i + 3) mod 17 - 8)/8; that of a weight or bias ((7 i + 2) mod 11 - 5)/10. The loss is
Σ output · ((i mod 5) - 2). A line is a name and numbers.
"""
import torch
from torch import nn

torch.set_default_dtype(torch.float64)


def pattern(shape, a, b, m, offset, scale):
    n = int(torch.tensor(shape).prod())
    return torch.tensor([((a * i + b) % m - offset) / scale for i in range(n)]).reshape(shape)


def inputs(*shape):
    return pattern(shape, 5, 3, 17, 8, 8).requires_grad_()


def show(name, x):
    print(name, *("%.17g" % v for v in x.detach().flatten()))


def filled(layer):
    for p in layer.parameters():
        p.data = pattern(p.shape, 7, 2, 11, 5, 10)
    return layer


def show_all(name, layer, y, x, rename=lambda key: key):
    """The output, the gradient of the input and of all parameters."""
    (y * pattern(y.shape, 1, 0, 5, 2, 1)).sum().backward()
    show(name + ".y", y)
    show(name + ".x", x.grad)
    for key, p in layer.named_parameters():
        show(name + "." + rename(key), p.grad)


for name, kind in (("rnn", nn.RNN), ("lstm", nn.LSTM), ("gru", nn.GRU)):
    layer = filled(kind(2, 3, batch_first=True))
    x = inputs(2, 3, 2)
    show_all(name, layer, layer(x)[0], x, lambda key: key.replace("_l0", ""))

for name, layer, shape in (
    ("conv1d", nn.Conv1d(4, 6, 3, stride=2, padding=1, groups=2), (2, 4, 7)),
    ("conv2d", nn.Conv2d(2, 3, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2)), (2, 2, 5, 6)),
    ("conv_transpose1d", nn.ConvTranspose1d(3, 2, 4, stride=3, padding=1), (2, 3, 5)),
    ("conv_transpose2d", nn.ConvTranspose2d(4, 2, 3, stride=2, output_padding=1, groups=2, bias=False), (1, 4, 3, 2)),
    ("batch_norm", nn.BatchNorm2d(3, eps=1e-3, momentum=0.2), (2, 3, 2, 2)),
    ("layer_norm", nn.LayerNorm((3, 2)), (2, 3, 2)),
    ("group_norm", nn.GroupNorm(2, 4), (2, 4, 3)),
    ("instance_norm", nn.InstanceNorm1d(3, affine=True), (2, 3, 4)),
):
    filled(layer)
    x = inputs(*shape)
    show_all(name, layer, layer(x), x)
    if name == "batch_norm":
        show(name + ".running_mean", layer.running_mean)
        show(name + ".running_var", layer.running_var)
        layer.eval()
        show(name + ".evaluated", layer(x))

# Queries, keys and values are the same; the weights of the three lie one after the other in PyTorch.
layer = filled(nn.MultiheadAttention(4, 2, batch_first=True))
x = inputs(2, 3, 4)
show_all("attention", layer, layer(x, x, x)[0], x)
seen = torch.tril(torch.ones(3, 3, dtype=torch.bool))
show("attention.causal", layer(x, x, x, attn_mask=~seen)[0])

layer = filled(nn.Bilinear(3, 4, 2))
x = inputs(5, 3)
show_all("bilinear", layer, layer(x, inputs(5, 4)), x)
