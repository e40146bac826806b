"""The ops of random_networks.py by PyTorch: what they compute, and how their operands and parameters are drawn. The names are those of
tests/network_ops.hpp, those of elementwise ops (network_elementwise.py) those of the op table's rows.
"""
import torch
import torch.nn.functional as F

from network_elementwise import FUNCTIONS, apart, everywhere, within

SAMPLERS = {}  # what draws the operands and parameters of an op, or None


def op(name, f):
    FUNCTIONS[name] = f

    def register(sampler):
        SAMPLERS[name] = sampler
        return sampler
    return register


FUNCTIONS["where"] = lambda c, a, b: torch.where(c != 0, a, b)


def where(net, random):
    """Of a comparison, which is drawn too."""
    a = net.node()
    b = net.partner(net.values[a].shape)
    if not apart(*torch.broadcast_tensors(net.values[a], net.values[b])):
        return None
    c = net.add(random.choice(["<", ">", "<=", ">="]), [a, b])
    return None if c is None else ([c, net.partner(net.values[c].shape), net.partner(net.values[c].shape)], [])


SAMPLERS["where"] = where


def of_one(name, f, params, fits=lambda x: x.dim() > 0):
    """An op of one operand; params(x, random) draws its parameters."""
    FUNCTIONS[name] = f

    def sampler(net, random):
        k = net.node(fits)
        return [k], params(net.values[k], random)
    SAMPLERS[name] = sampler


def axis_of(x, random):
    return random.randint(-x.dim(), x.dim() - 1)


def some_axes(x, random):
    """Whether axes are kept, then some axes; none for all."""
    if random.random() < 0.3:
        return [0]
    axes = random.sample(range(x.dim()), random.randint(1, x.dim()))
    return [random.randint(0, 1), *[a - x.dim() if random.random() < 0.3 else a for a in axes]]


def over(f):
    return lambda x, keep, *axes: f(x, axes or tuple(range(x.dim())), bool(keep))


def product(x, axes, keep):
    for axis in sorted({a % x.dim() for a in axes}, reverse=True):
        x = x.prod(axis, keep)
    return x


for name, f, fits in [
    ("sum", torch.sum, everywhere), ("mean", torch.mean, everywhere), ("prod", product, within(-9, 9, 0)),
    ("amax", torch.amax, everywhere), ("amin", torch.amin, everywhere), ("logsumexp", torch.logsumexp, everywhere),
    ("norm_l1", lambda x, a, k: x.abs().sum(a, k), within(-9, 9, 0)),
    ("norm_l2", lambda x, a, k: (x * x).sum(a, k).sqrt(), within(-9, 9, 0)),
    ("norm_linf", lambda x, a, k: x.abs().amax(a, k), within(-9, 9, 0)),
    ("norm_l3", lambda x, a, k: (x.abs() ** 3).sum(a, k) ** (1 / 3), within(-9, 9, 0)),
    ("variance", lambda x, a, k: x.var(a, False, k), everywhere),
]:
    of_one(name, over(f), some_axes, lambda x, fits=fits: x.dim() > 0 and fits(x))
of_one("stddev", lambda x: x.var(unbiased=False).sqrt(), lambda x, r: [], lambda x: x.numel() > 1 and x.var() > 0.01)
of_one("mean_square", lambda x: (torch.tanh(x) * x).mean(), lambda x, r: [])  # a map and a reduction in one pass
of_one("sum_square", lambda x, axis: (torch.sin(x) * x).sum(axis), lambda x, r: [axis_of(x, r)])

for name, f in [("cumsum", torch.cumsum), ("cumprod", torch.cumprod), ("logcumsumexp", torch.logcumsumexp), ("softmax", torch.softmax),
                ("log_softmax", torch.log_softmax), ("flip", lambda x, a: x.flip(a)), ("expand_dims", torch.unsqueeze)]:
    of_one(name, f, lambda x, r: [axis_of(x, r)])


def gaps(x):
    """Are no two elements of a row close to each other?"""
    if x.dim() == 0 or x.numel() < 2:
        return False
    s = x.reshape(-1).sort().values
    return bool((s[1:] - s[:-1] > 1e-3).all())


of_one("sort", lambda x, a: x.sort(a).values, lambda x, r: [axis_of(x, r)], gaps)
of_one("topk", lambda x, a, k: x.topk(k, a).values, lambda x, r: [(a := axis_of(x, r)), r.randint(1, x.shape[a])], gaps)
of_one("quantile", lambda x, a: torch.quantile(x, 0.3, a), lambda x, r: [axis_of(x, r)], gaps)
of_one("take_argmax", lambda x, a: x.gather(a, x.argmax(a, True)), lambda x, r: [axis_of(x, r)], gaps)
of_one("transpose", lambda x, *p: x.permute(p), lambda x, r: r.sample(range(x.dim()), x.dim()), lambda x: x.dim() > 1)
of_one("swapaxes", torch.swapaxes, lambda x, r: [axis_of(x, r), axis_of(x, r)])
of_one("moveaxis", torch.moveaxis, lambda x, r: [axis_of(x, r), axis_of(x, r)])
of_one("ravel", torch.ravel, lambda x, r: [])
of_one("squeeze", torch.squeeze, lambda x, r: [r.choice([a for a in range(x.dim()) if x.shape[a] == 1])], lambda x: 1 in x.shape)
of_one("roll", lambda x, a, s: torch.roll(x, s, a), lambda x, r: [axis_of(x, r), r.randint(-3, 3)])
of_one("repeat", lambda x, a, n: torch.repeat_interleave(x, n, a), lambda x, r: [axis_of(x, r), r.randint(1, 3)])
of_one("tile", lambda x, *n: x.tile(n), lambda x, r: [r.randint(1, 2) for _ in range(x.dim())])
of_one("broadcast_to", lambda x, *s: x.expand(s), lambda x, r: [r.randint(1, 3), *[n if n > 1 else r.randint(1, 3) for n in x.shape]],
       lambda x: x.dim() < 3)
of_one("pad", lambda x, *w: F.pad(x, [n for a in reversed(range(x.dim())) for n in w[2 * a:2 * a + 2]]),
       lambda x, r: [r.randint(0, 2) for _ in range(2 * x.dim())])
of_one("tril", torch.tril, lambda x, r: [r.randint(-1, 1)], lambda x: x.dim() > 1)
of_one("triu", torch.triu, lambda x, r: [r.randint(-1, 1)], lambda x: x.dim() > 1)
of_one("diag", torch.diag, lambda x, r: [r.randint(0, 1)], lambda x: x.dim() == 1 or (x.dim() == 2 and x.shape[1] > 1))
of_one("diagonal", lambda x, k, a, b: torch.diagonal(x, k, a, b), lambda x, r: [0, *r.sample(range(x.dim()), 2)], lambda x: x.dim() > 1)
# (The gradient of torch 1.13's own trace is wrong where there are more rows than columns.)
of_one("trace", lambda x: torch.diagonal(x).sum(), lambda x, r: [], lambda x: x.dim() == 2)


def slice_params(x, r):
    a = axis_of(x, r)
    n = x.shape[a]
    start = r.randint(0, n - 1)
    return [a, start, r.randint(start + 1, n), r.randint(1, 2)]


of_one("slice", lambda x, a, b, e, s: x.movedim(a, 0)[b:e:s].movedim(0, a), slice_params)
of_one("backwards", lambda x, a, b, e, s: x.movedim(a, 0)[b:e:s].flip(0).movedim(0, a), slice_params)
of_one("part", lambda x, a, n, k: x.tensor_split(n, a)[k], lambda x, r: [0, x.shape[0], r.randint(0, x.shape[0] - 1)])
of_one("reshape", lambda x, *s: x.reshape(s), lambda x, r: r.choice([[-1, x.shape[-1]], [x.shape[0], -1], [-1, 1], [1, -1]]))
of_one("take", lambda x, a, *i: x.index_select(a, torch.tensor(i)),
       lambda x, r: [(a := axis_of(x, r)), *[r.randint(0, x.shape[a] - 1) for _ in range(r.randint(1, 4))]])
of_one("take_along", lambda x, *i: x.gather(0, torch.tensor(i).reshape(x.shape)),
       lambda x, r: [r.randint(0, x.shape[0] - 1) for _ in range(x.numel())], lambda x: x.dim() > 0 and x.numel() < 13)
of_one("filter", lambda x, *m: x[torch.tensor(m).bool().reshape(x.shape)], lambda x, r: [1, *[r.randint(0, 1) for _ in range(x.numel() - 1)]],
       lambda x: x.dim() > 0 and x.numel() < 13)


@op("concatenate", lambda *x: torch.cat(x[:-1], x[-1]))
def _(net, random):
    a = net.node(lambda x: x.dim() > 0)
    x = net.values[a]
    axis = axis_of(x, random)
    b = net.node(lambda y: y.dim() == x.dim() and all(y.shape[d] == x.shape[d] for d in range(x.dim()) if d != axis % x.dim()))
    return [a, b], [axis]


@op("stack", lambda *x: torch.stack(x[:-1], x[-1]))
def _(net, random):
    a = net.node(lambda x: x.dim() < 3)
    x = net.values[a]
    return [a, *[net.partner(x.shape, equal=True) for _ in range(random.randint(1, 2))]], [random.randint(0, x.dim())]


@op("index_add", lambda x, v, a, *i: x.index_add(a, torch.tensor(i), v))
def _(net, random):
    k = net.node(lambda x: x.dim() > 0)
    x = net.values[k]
    axis, n = random.randrange(x.dim()), random.randint(1, 3)
    return [k, net.leaf([n if d == axis else x.shape[d] for d in range(x.dim())])], [axis, *[random.randrange(x.shape[axis]) for _ in range(n)]]


# ---- Products and matrices ----

@op("matmul", torch.matmul)
def _(net, random):
    k = net.node(lambda x: x.dim() > 0)
    x = net.values[k]
    inner = x.shape[-1]
    other = net.node(lambda y: y.dim() > 1 and y.shape[-2] == inner or y.shape == (inner,))
    if other is None or random.random() < 0.5:
        other = net.leaf(random.choice([[inner, random.randint(1, 5)], [inner], [random.randint(1, 2), inner, random.randint(1, 3)]]))
    return [k, other], []


@op("dense", lambda x, w, b: torch.tanh(x @ w.T + b))
def _(net, random):
    k = net.node(lambda x: x.dim() > 1)
    width = random.randint(1, 6)
    return [k, net.leaf([width, net.values[k].shape[-1]]), net.leaf([width])], []


@op("dot", torch.dot)
def _(net, random):
    k = net.node(lambda x: x.dim() == 1)
    return [k, net.partner(net.values[k].shape, equal=True)], []


for name, f in [("outer", torch.outer), ("kron", torch.kron)]:
    @op(name, f)
    def _(net, random, rank=1 if name == "outer" else 2):
        return [net.node(lambda x: x.dim() == rank), net.node(lambda x: x.dim() == rank)], []


@op("tensordot", lambda a, b: torch.tensordot(a, b, 1))
def _(net, random):
    k = net.node(lambda x: x.dim() > 0)
    return [k, net.leaf([net.values[k].shape[-1], *[random.randint(1, 3) for _ in range(random.randint(0, 2))]])], []


EINSUMS = ["ij,jk->ik", "ij,kj->ki", "ij,ij->i", "ij,j->i", "ij,ik->jk", "i,j->ij", "ijk,kl->ijl", "ijk,ik->ij", "ijk,ijl->kl", "ii->i", "ij->ji"]


@op("einsum", lambda *x: torch.einsum(x[-1], *x[:-1]))
def _(net, random):
    text = random.choice(EINSUMS)
    terms = text.split("->")[0].split(",")
    k = net.node(lambda x: x.dim() == len(terms[0]) and (len(set(terms[0])) == x.dim() or x.shape[0] == x.shape[1]))
    extents = dict(zip(terms[0], net.values[k].shape))
    return [k, *[net.leaf([extents.get(c, random.randint(1, 4)) for c in t]) for t in terms[1:]]], [text]


FUNCTIONS["spd"] = spd = lambda x: x @ x.transpose(-1, -2) / 2 + 2 * torch.eye(x.shape[-2], dtype=x.dtype)
SAMPLERS["spd"] = lambda net, random: ([net.node(lambda x: x.dim() > 1)], [])


def square(x):
    return x.dim() > 1 and x.shape[-1] == x.shape[-2]


def regular(x):
    return square(x) and bool(torch.linalg.cond(x).max() < 30)


def positive_definite(x):
    return regular(x) and bool((x - x.transpose(-1, -2)).abs().max() < 1e-12) and bool((torch.linalg.eigvalsh(x) > 0.1).all())


def simple(values):
    return bool(((values[..., 1:] - values[..., :-1]).abs() > 0.2).all()) and bool((values.abs() > 0.2).all())


def matrix(net, random, fits):
    """A node that fits, or, as these are rare, one that is made to."""
    if random.random() < 0.5:
        return net.node(fits)
    k = net.add("spd", [net.node(lambda x: x.dim() == 2)])
    return k if k is not None and fits(net.values[k]) else net.node(fits)


for name, f, fits in [
    ("inverse", torch.inverse, regular),
    ("det", lambda x: torch.linalg.slogdet(x)[0] * torch.linalg.slogdet(x)[1].exp(), regular),
    ("slogdet", lambda x: torch.linalg.slogdet(x)[1], regular),
    ("cholesky", torch.linalg.cholesky, positive_definite), ("expm", torch.matrix_exp, square),
    ("matrix_power", lambda x: torch.linalg.matrix_power(x, 3), square),
    ("eigvalsh", torch.linalg.eigvalsh, lambda x: positive_definite(x) and simple(torch.linalg.eigvalsh(x))),
]:
    FUNCTIONS[name] = f
    SAMPLERS[name] = lambda net, random, fits=fits: ([matrix(net, random, fits)], [])

of_one("svdvals", torch.linalg.svdvals, lambda x, r: [], lambda x: x.dim() == 2 and simple(torch.linalg.svdvals(x)))
of_one("frobenius", lambda x: (x * x).sum((-1, -2)).sqrt(), lambda x, r: [], lambda x: x.dim() > 1 and within(-9, 9, 0)(x))

for name, f, fits in [("solve", torch.linalg.solve, regular),
                      ("solve_triangular", lambda a, b: torch.linalg.solve_triangular(a, b, upper=False), positive_definite)]:
    @op(name, f)
    def _(net, random, fits=fits):
        k = matrix(net, random, lambda x: x.dim() == 2 and fits(x))
        return [k, net.leaf([net.values[k].shape[0], random.randint(1, 3)])], []


# ---- Networks ----

def spread(x, axes):
    return bool((x.var(axes, False) > 0.05).all())


of_one("layer_norm", lambda x: F.layer_norm(x, x.shape[-1:]), lambda x, r: [], lambda x: x.dim() > 0 and x.shape[-1] > 1 and spread(x, -1))
of_one("rms_norm", lambda x: x / torch.sqrt((x * x).mean(-1, True) + 1e-5), lambda x, r: [], lambda x: x.dim() > 0 and spread(x, -1))
of_one("batch_norm", lambda x: F.batch_norm(x, None, None, training=True), lambda x, r: [],
       lambda x: x.dim() in (2, 3) and x.shape[0] > 2 and spread(x, 0))
of_one("instance_norm", F.instance_norm, lambda x, r: [], lambda x: x.dim() == 3 and x.shape[2] > 2 and spread(x, 2))
of_one("max_pool1d", lambda x, w: F.max_pool1d(x, w), lambda x, r: [r.randint(1, x.shape[2])], lambda x: x.dim() == 3 and gaps(x))
of_one("avg_pool1d", lambda x, w: F.avg_pool1d(x, w), lambda x, r: [r.randint(1, x.shape[2])], lambda x: x.dim() == 3)


@op("conv1d", lambda x, w, b, s, p: F.conv1d(x, w, b, stride=s, padding=p))
def _(net, random):
    k = net.node(lambda x: x.dim() == 3 and x.shape[2] > 1)
    out = random.randint(1, 3)
    return [k, net.leaf([out, net.values[k].shape[1], random.randint(1, 2)]), net.leaf([out])], [random.randint(1, 2), random.randint(0, 1)]


@op("conv2d", lambda x, w, p: F.conv2d(x, w, padding=p))
def _(net, random):
    k = net.node(lambda x: x.dim() == 4)
    return [k, net.leaf([random.randint(1, 2), net.values[k].shape[1], random.randint(1, 2), random.randint(1, 2)])], [1]


@op("attention", lambda q, k, v: torch.softmax(q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5, -1) @ v)
def _(net, random):
    q, n = net.node(lambda x: x.dim() > 1), random.randint(1, 4)
    return [q, net.leaf([n, net.values[q].shape[-1]]), net.leaf([n, random.randint(1, 3)])], []


@op("cross_entropy", lambda x, *i: F.cross_entropy(x, torch.tensor(i)))
def _(net, random):
    k = net.node(lambda x: x.dim() == 2)
    return [k], [random.randrange(net.values[k].shape[1]) for _ in range(net.values[k].shape[0])]


for name, f, ok in [("mse_loss", F.mse_loss, lambda a, b: True), ("l1_loss", F.l1_loss, apart),
                    ("huber_loss", lambda a, b: torch.where((a - b).abs() < 1, (a - b) ** 2 / 2, (a - b).abs() - 0.5).mean(),
                     lambda a, b: within(-9, 9, -1, 1)(a - b)),
                    ("bce_with_logits", lambda a, b: F.binary_cross_entropy_with_logits(a, b), lambda a, b: True),
                    ("cosine_similarity", lambda a, b: F.cosine_similarity(a, b, -1),
                     lambda a, b: bool((a * a).sum(-1).min() > 0.1 and (b * b).sum(-1).min() > 0.1))]:
    @op(name, f)
    def _(net, random, ok=ok):
        k = net.node(lambda x: x.dim() > 0)
        other = net.partner(net.values[k].shape, equal=True)
        return ([k, other], []) if ok(net.values[k], net.values[other]) else None
