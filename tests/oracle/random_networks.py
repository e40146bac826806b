#!/usr/bin/python3
"""Writes networks.txt: 500 random networks, their losses and derivatives, by PyTorch in double precision.

    apt-get install python3-torch        # Debian 12 has 1.13
    /usr/bin/python3 tests/oracle/random_networks.py > tests/oracle/networks.txt

Tests read the file and need no PyTorch. A network is a line `network N`, then one line for each of its nodes, `NAME OPERANDS...`,
after which ` : ` may bring parameters. Operands are the numbers of earlier nodes. `leaf 2 3` is a variable of that shape, `data 2 3` a
constant one; their numbers are those of `numbers` below, so that they need not stand in the file. The last node, `total`, is the loss. Then
`y` brings its value, `g K` two random projections of its gradient by leaf K, and `h K` one of the same leaf's part of a
Hessian-vector product. What the names mean: network_elementwise.py, network_ops.py.
"""
import random
import sys

import torch

from network_elementwise import ELEMENTWISE, FUNCTIONS
from network_ops import SAMPLERS

NETWORKS = 500


def numbers(network, stream, shape):
    """Numbers in [-1, 1) that float holds exactly: the upper 20 bits of splitmix64 (Steele, Lea and Flood, 2014)."""
    n, mask = 1, (1 << 64) - 1
    for extent in shape:
        n *= extent
    values = []
    for i in range(n):
        z = (((network * 1000 + stream) * 1000003 + i + 1) * 0x9E3779B97F4A7C15) & mask
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        values.append(((z ^ (z >> 31)) >> 44) / (1 << 19) - 1)
    return torch.tensor(values, dtype=torch.float64).reshape(tuple(shape))


# Streams beside those of leaves, which are their numbers.
WEIGHT, FIRST, SECOND = 200, 400, 600


class Network:
    def __init__(self, number, seed):
        self.number, self.random = number, random.Random(seed)
        self.lines, self.values, self.used = [], [], set()

    def add(self, name, operands=(), params=()):
        """Appends a node; its number, or None if its values are of no use."""
        if name in ("leaf", "data"):
            value = numbers(self.number, len(self.lines), operands)
        else:
            value = FUNCTIONS[name](*[self.values[k] for k in operands], *params)
            if not torch.isfinite(value).all() or value.abs().max() > 8 or value.numel() > 150 or value.dim() > 4:
                return None
            self.used.update(operands)
        self.lines.append((name, list(operands), list(params)))
        self.values.append(value)
        return len(self.lines) - 1

    def leaf(self, shape):
        return self.add("leaf" if self.random.random() < 0.85 else "data", shape)

    def node(self, fits=lambda x: True):
        """A node whose value fits: most often one that nothing has been made from yet."""
        nodes = [k for k, x in enumerate(self.values) if fits(x)]
        fresh = [k for k in nodes if k not in self.used]
        if fresh and self.random.random() < 0.8:
            nodes = fresh
        return self.random.choice(nodes)  # IndexError where there is none

    def partner(self, shape, equal=False):
        """A node, or a new leaf, that broadcasts with a shape."""
        def broadcasts(x):
            return all(a == b or 1 in (a, b) for a, b in zip(reversed(shape), reversed(x.shape)))
        if self.random.random() < 0.7 and any(broadcasts(x) for x in self.values):
            return self.node(lambda x: x.shape == shape if equal else broadcasts(x))
        own = list(shape) if equal else [1 if self.random.random() < 0.25 else n for n in shape]
        if not equal:
            own = own[self.random.choice([0, 0, 0, 1]) if own else 0:]
        return self.leaf(own)

    def grow(self):
        """One more op of a random kind."""
        if self.random.random() < 0.45:
            one = self.random.random() < 0.5
            name, operands, params, ok = self.random.choice([e for e in ELEMENTWISE if (e[1] == 1) == one])
            chosen = [self.node(ok if operands == 1 else lambda x: True)]
            for _ in range(operands - 1):
                chosen.append(self.partner(self.values[chosen[0]].shape, equal=name.endswith("error")))
            if operands > 1 and self.random.random() < 0.5:
                chosen.reverse()
            if ok(*torch.broadcast_tensors(*[self.values[k] for k in chosen])):
                self.add(name, chosen, params)
        else:
            name = self.random.choice(list(SAMPLERS))
            drawn = SAMPLERS[name](self, self.random)
            if drawn is not None:
                self.add(name, *drawn)

    def draw(self):
        for _ in range(self.random.randint(1, 3)):
            self.add("leaf", [self.random.randint(1, 5) for _ in range(self.random.choice([1, 2, 2, 2, 3, 3, 4]))])
        for _ in range(self.random.randint(6, 36)):
            try:
                self.grow()
            except (RuntimeError, IndexError, ValueError):  # no node fits, or shapes do not
                pass
        rest = [k for k, line in enumerate(self.lines) if k not in self.used]
        self.lines.append(("total", rest, []))
        return len([line for line in self.lines if line[0] not in ("leaf", "data", "total")]) >= 3

    def evaluate(self, dtype):
        """Loss; for each leaf two projections of the gradient and one of the Hessian-vector product, each with its size, the sum
        of the absolute values of what is added up."""
        values, leaves = [], []
        for k, (name, operands, params) in enumerate(self.lines):
            if name in ("leaf", "data"):
                value = numbers(self.number, k, operands).to(dtype)
                if name == "leaf":
                    value.requires_grad_()
                    leaves.append(k)
            elif name == "total":
                parts = [(values[i] * numbers(self.number, WEIGHT + j, values[i].shape).to(dtype)).mean()
                         for j, i in enumerate(operands)]
                value = sum(parts)
            else:
                value = FUNCTIONS[name](*[values[i] for i in operands], *params)
            values.append(value)
        loss, x = values[-1], [values[k] for k in leaves]
        first = [numbers(self.number, FIRST + k, v.shape).to(dtype) for k, v in zip(leaves, x)]
        second = [numbers(self.number, SECOND + k, v.shape).to(dtype) for k, v in zip(leaves, x)]
        g = torch.autograd.grad(loss, x, create_graph=True)
        along = sum((a * d).sum() for a, d in zip(g, first))
        h = torch.autograd.grad(along, x, allow_unused=True) if along.requires_grad else [None] * len(x)
        h = [torch.zeros_like(v) if d is None else d for d, v in zip(h, x)]
        sizes = sum(p.abs() for p in parts).item()
        results = [(loss.item(), sizes)]
        for k in range(len(x)):
            for d, w in ((g[k], first[k]), (g[k], second[k]), (h[k], second[k])):
                results.append(((d * w).sum().item(), (d * w).abs().sum().item()))
        return leaves, results

    def text(self, leaves, results):
        lines = [f"network {self.number}"]
        for name, operands, params in self.lines:
            lines.append(" ".join([name, *map(str, operands), *([":", *map(str, params)] if params else [])]))
        lines.append(f"y {results[0][0]!r}")
        for i, k in enumerate(leaves):
            g1, g2, h = (results[1 + 3 * i + j][0] for j in range(3))
            lines.append(f"g {k} {g1!r} {g2!r}")
            if h != 0:
                lines.append(f"h {k} {h!r}")
        return "\n".join(lines)


def well_conditioned(exact, single):
    """Do single precision's results have their digits? Then a difference in double precision is a mistake, and no rounding; and no kink is
    near."""
    return all(abs(a - b) <= 2e-6 * max(size, 1e-3) for (a, size), (b, _) in zip(exact, single))


def main():
    torch.set_num_threads(1)
    kept, seed, names, dropped = [], 0, {}, {}
    while len(kept) < NETWORKS:
        seed += 1
        network = Network(len(kept), seed)
        if not network.draw():
            continue
        try:
            leaves, exact = network.evaluate(torch.float64)
            if not leaves or any(size < 1e-6 for _, size in exact[1::3]) or not all(abs(v) < 1e3 for v, _ in exact):
                continue  # a leaf that says nothing
            _, single = network.evaluate(torch.float32)
        except RuntimeError as error:
            name = str(error).splitlines()[0][:70]
            dropped[name] = dropped.get(name, 0) + 1
            continue
        if not well_conditioned(exact, single):
            continue
        kept.append(network.text(leaves, exact))
        for name in {line[0] for line in network.lines}:
            names[name] = names.get(name, 0) + 1
    print("\n".join(kept))
    print(f"{seed} drawn; networks with each op:", file=sys.stderr)
    print(" ".join(f"{n}:{c}" for n, c in sorted(names.items(), key=lambda i: i[1])), file=sys.stderr)
    print("never:", set(FUNCTIONS) - set(names), "\nerrors:", dropped, file=sys.stderr)


if __name__ == "__main__":
    main()
