#!/usr/bin/python3
"""Writes torch.txt: values and derivatives of the ops of networks, by PyTorch in double precision.

    apt-get install python3-torch        # Debian 12 has 1.13
    /usr/bin/python3 tests/oracle/torch_oracle.py > tests/oracle/torch.txt

Tests read the file and need no PyTorch. How cases are written: cases.py.
"""
import torch
import torch.nn.functional as F

from cases import case

torch.manual_seed(20240607)


# Both sides of every kink, none on it, and the far ends. (Two by their definitions: in torch 1.13 the slopes of celu with
# alpha != 1 and of hardsigmoid have the digits of a float, also in double.)
line = torch.tensor([-30.0, -8.5, -3.25, -2.5, -1.75, -0.8, -0.3, -0.01, 0.02, 0.4, 0.9, 1.2, 2.75, 3.5, 9.0, 31.0])
for name, f in {
    "relu": F.relu, "sigmoid": torch.sigmoid,
    "leaky_relu": F.leaky_relu, "leaky_relu 0.2": lambda x: F.leaky_relu(x, 0.2),
    "elu": F.elu, "elu 0.7": lambda x: F.elu(x, 0.7), "selu": F.selu,
    "celu": F.celu, "celu 1.7": lambda x: torch.where(x > 0, x, 1.7 * torch.expm1(x / 1.7)),
    "gelu": F.gelu, "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu, "mish": F.mish, "softplus": lambda x: F.softplus(x, threshold=50),
    "softplus 2": lambda x: F.softplus(x, 2, threshold=100), "softsign": F.softsign, "logsigmoid": F.logsigmoid,
    "hardtanh": F.hardtanh, "hardtanh 0.5": lambda x: F.hardtanh(x, -2, 0.5),
    "hardsigmoid": lambda x: torch.clamp(x / 6 + 0.5, 0, 1), "hardswish": F.hardswish,
}.items():
    case(name, f, line, second=name not in ("hardsigmoid", "hardswish", "hardtanh", "hardtanh 0.5"))
case("prelu", lambda x, a: torch.where(x > 0, x, a * x), line, torch.tensor(0.3))

cube = 3 * torch.randn(3, 4, 5)
for axis in (0, 1, 2):
    case(f"softmax {axis}", lambda x: F.softmax(x, axis), cube)
    case(f"log_softmax {axis}", lambda x: F.log_softmax(x, axis), cube)

logits, labels = 4 * torch.randn(6, 7), torch.tensor([3, 0, 6, 2, 3, 5])
volume, volume_labels = 3 * torch.randn(2, 4, 3), torch.tensor([[1, 3, 0], [2, 2, 1]])
weights = torch.tensor([0.5, 2.0, 1.25, 1.0, 0.75, 3.0, 1.5])
some = torch.tensor([3, 0, -100, 2, -100, 5])
case("cross_entropy", F.cross_entropy, logits, labels=labels)
case("cross_entropy sum", lambda x, i: F.cross_entropy(x, i, reduction="sum"), logits, labels=labels)
case("cross_entropy none", lambda x, i: F.cross_entropy(x, i, reduction="none"), logits, labels=labels)
case("cross_entropy volume", F.cross_entropy, volume, labels=volume_labels)
case("cross_entropy weights", lambda x, i: F.cross_entropy(x, i, weights), logits, labels=labels)
case("cross_entropy smoothing", lambda x, i: F.cross_entropy(x, i, label_smoothing=0.1), logits, labels=labels)
case("cross_entropy all", lambda x, i: F.cross_entropy(x, i, weights, label_smoothing=0.2), logits, labels=some)
case("cross_entropy one", F.cross_entropy, logits[0], labels=torch.tensor(4))
soft = torch.softmax(torch.randn(6, 7), 1)
case("cross_entropy soft", F.cross_entropy, logits, soft)
case("cross_entropy soft all", lambda x, q: F.cross_entropy(x, q, weights, label_smoothing=0.2), logits, soft)
case("nll_loss", F.nll_loss, logits, labels=labels, second=False)
case("nll_loss weights", lambda x, i: F.nll_loss(x, i, weights), logits, labels=some, second=False)

p, t = 2 * torch.randn(5, 3), 2 * torch.randn(5, 3)
share = torch.rand(5, 3) * 0.9 + 0.05
sign = torch.tensor([[1.0, -1, 1], [-1, -1, 1], [1, 1, -1], [-1, 1, -1], [1, -1, 1]])
case("mse_loss", F.mse_loss, p, t)
case("l1_loss", F.l1_loss, p, t, second=False)
case("huber_loss", F.huber_loss, p, t, second=False)
case("huber_loss 0.6", lambda a, b: F.huber_loss(a, b, delta=0.6), p, t, second=False)
case("smooth_l1_loss 0.6", lambda a, b: F.smooth_l1_loss(a, b, beta=0.6), p, t, second=False)
case("bce_with_logits", F.binary_cross_entropy_with_logits, 3 * p, share)
case("bce_with_logits weight",
     lambda x, y: F.binary_cross_entropy_with_logits(x, y, pos_weight=torch.tensor([0.5, 2.0, 3.0])), 3 * p, share)
case("kl_div", lambda a, b: F.kl_div(a, b, reduction="batchmean"), torch.log_softmax(p, 1), share)
case("hinge_loss", lambda x, y: F.relu(1 - x * y).mean(), p, sign, second=False)
case("hinge_embedding_loss", lambda d: F.hinge_embedding_loss(d, sign, margin=1.5), p.abs(), second=False)
case("cosine_similarity", F.cosine_similarity, p, t)
case("cosine_embedding_loss", lambda a, b: F.cosine_embedding_loss(a, b, sign[:, 0], margin=0.1), p, t, second=False)

a, b = torch.randn(2, 1, 3, 4), torch.randn(3, 4, 2)
case("matmul", torch.matmul, a, b)
case("matmul rows", torch.matmul, torch.randn(2, 3, 4), torch.randn(4, 5))
case("matmul vector", torch.matmul, torch.randn(2, 3, 4), torch.randn(4))


def attention(q, k, v, mask=None):
    scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf) if mask.dtype == torch.bool else scores + mask
    return torch.softmax(scores, -1) @ v


qkv = torch.randn(2, 2, 3, 4), torch.randn(2, 2, 5, 4), torch.randn(2, 2, 5, 3)
case("attention", attention, *qkv)
case("attention causal", lambda q, k, v: attention(q, k, v, torch.ones(3, 5).tril().bool()), *qkv)
case("attention added", attention, *qkv, torch.randn(3, 5))
case("embedding", lambda w, i: F.embedding(i, w), torch.randn(5, 3), labels=torch.tensor([[0, 4, 2], [4, 4, 1]]),
     second=False)
