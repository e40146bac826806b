"""How cases are written that tests compare with: see torch_oracle.py, torch_layers.py.

A case is a line `case NAME`, then arrays, each a line `KEY RANK EXTENTS...` and a line of numbers: x0, x1, ... the operands; i the labels,
whole numbers; y the value; s the seed (a fixed array of the value's shape); g0, g1, ... the gradients of sum(s * y) by the operands; h0, h1,
... the gradients of sum(sum(g * g)), where second order is cheap.
"""
import torch

torch.set_default_dtype(torch.float64)


def array(key, t):
    t = t.detach()
    numbers = t.reshape(-1).tolist()
    print(key, t.dim(), *t.shape)
    print(*([int(n) for n in numbers] if not t.is_floating_point() else [repr(n) for n in numbers]))


def case(name, f, *operands, labels=None, second=True):
    x = [o.clone().requires_grad_() for o in operands]
    y = f(*x) if labels is None else f(*x, labels)
    s = torch.cos(torch.arange(y.numel(), dtype=torch.float64)).reshape(y.shape) + 1.5
    g = torch.autograd.grad((s * y).sum(), x, create_graph=second)
    print("case", name)
    for k, o in enumerate(x):
        array(f"x{k}", o)
    if labels is not None:
        array("i", labels)
    array("y", y)
    array("s", s)
    for k, d in enumerate(g):
        array(f"g{k}", d)
    total = sum((d * d).sum() for d in g)
    if second and total.requires_grad:
        for k, d in enumerate(torch.autograd.grad(total, x, allow_unused=True)):
            array(f"h{k}", torch.zeros_like(x[k]) if d is None else d)
