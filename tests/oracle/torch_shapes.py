#!/usr/bin/python3
"""Writes torch_shapes.txt: values and derivatives of shapes, positions and scans, by PyTorch and NumPy in double precision.

    apt-get install python3-torch python3-numpy        # Debian 12 has 1.13 and 1.24
    /usr/bin/python3 tests/oracle/torch_shapes.py > tests/oracle/torch_shapes.txt

Tests read the file and need neither. How cases are written: cases.py. What NumPy alone has (np.pad, np.roll, ...) is applied to the
positions of the elements, which are then taken by PyTorch.
"""
import numpy as np
import torch

from cases import case

torch.manual_seed(20240611)
matrix, cube = torch.randn(3, 4), torch.randn(2, 3, 4)


def moved(name, f, x):
    places = torch.tensor(np.ascontiguousarray(f(np.arange(x.numel()).reshape(x.shape))))
    case(name, lambda v: v.flatten()[places], x, second=False)


moved("swapaxes", lambda a: np.swapaxes(a, 0, -1), cube)
moved("moveaxis", lambda a: np.moveaxis(a, [0, 2], [-1, 0]), cube)
moved("flip", lambda a: np.flip(a, (0, -1)), cube)
moved("roll", lambda a: np.roll(a, -3), cube)
moved("roll 1", lambda a: np.roll(a, 7, 1), cube)
moved("repeat", lambda a: np.repeat(a, [2, 0, 1], 1), cube)
moved("tile", lambda a: np.tile(a, (2, 1, 2)), matrix)
moved("diagonal", lambda a: np.diagonal(a, 1, 2, 0), cube)
moved("meshgrid", lambda a: np.meshgrid(a, np.arange(3), indexing="ij")[0], matrix[0])
for mode in "edge", "reflect", "symmetric":
    moved(f"pad {mode}", lambda a: np.pad(a, ((1, 5), (7, 0)), mode), matrix)
# (Before 1.25, NumPy's wrap was wrong beyond one length.)
moved("pad wrap", lambda a: np.pad(a, ((1, 3), (4, 0)), "wrap"), matrix)

case("pad constant", lambda x: torch.nn.functional.pad(x, (1, 2, 3, 0), value=2.5), matrix, second=False)
case("trace", lambda x: torch.diagonal(x, -1, 1, 2).sum(-1), cube, second=False)
case("tril", lambda x: torch.tril(x, 1) ** 2, cube)
case("triu", lambda x: torch.triu(x, 1) ** 2, cube)
case("diag", lambda x: torch.diag(x, -2) ** 2, matrix[0])

places = torch.tensor([[2, 0, 1, 2], [1, 1, 1, 0]])
case("take_along_axis", lambda x, i: torch.gather(x, 0, i) ** 2, matrix, labels=places)
case("scatter_add", lambda x, v, i: torch.scatter_add(x, 0, i, v) ** 2, matrix, torch.randn(2, 4), labels=places)
case("index_add", lambda x, v, i: torch.index_add(x, 1, i, v) ** 2, matrix, torch.randn(3, 5),
     labels=torch.tensor([3, 0, 3, 1, 1]))
case("one_hot", lambda x, i: x * torch.nn.functional.one_hot(i, 4), matrix[:2], labels=torch.tensor([3, 1]), second=False)

zeros = torch.randn(4, 6)
zeros[1, 2] = zeros[2, 0] = zeros[2, 3] = zeros[3, 5] = 0
case("cumsum", lambda x: torch.cumsum(x, 1) ** 2, cube)
case("cumprod", lambda x: torch.cumprod(x, 1), cube)
case("cumprod zeros", lambda x: torch.cumprod(x, 1), zeros)
case("logcumsumexp", lambda x: torch.logcumsumexp(20 * x, 2), cube)
case("sort", lambda x: torch.sort(x, 1).values ** 2, cube)
case("topk", lambda x: torch.topk(x, 2, 1).values ** 2, cube)
case("topk smallest", lambda x: torch.topk(x, 3, -1, largest=False).values ** 2, cube)
case("median", lambda x: torch.quantile(x, 0.5) ** 2, cube)
case("quantile", lambda x: torch.quantile(x, 0.15, 2) ** 2, cube)
case("argmax", lambda x: torch.gather(x, 1, torch.argmax(x, 1, keepdim=True)) ** 2, cube)
case("norm_l1", lambda x: torch.linalg.vector_norm(x, 1, 1), cube, second=False)
case("norm_linf", lambda x: torch.linalg.vector_norm(x, float("inf"), (0, 2)), cube, second=False)
case("norm_lp", lambda x: torch.linalg.vector_norm(x, 3.5, 1), cube)
case("norm_lp half", lambda x: torch.linalg.vector_norm(x, 0.5), matrix)
