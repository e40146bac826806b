#!/usr/bin/env python3
"""Writes tests/nn/fixtures/optimisers.txt: what PyTorch's optimisers and schedules make of a small problem.

    tests/oracle/optimisers.py > tests/nn/fixtures/optimisers.txt      (Debian 12's python3-torch, 1.13)

The problem, made of fractions so that everyone can make it: minimise mean((tanh(x Wᵀ + b) - y)²) over W (2, 3), b (2).
A line of the file is a name, the number of steps done, and W and b; for a schedule, its factors from the first step on. Decay is
of W alone. The tests compare to 1e-10.
"""
import torch

torch.set_default_dtype(torch.float64)
STEPS = (1, 2, 10, 50, 100, 200)
ROWS = 6
X = torch.tensor([[((7 * i + 3 * j) % 11 - 5) / 5 for j in range(3)] for i in range(ROWS)])
Y = torch.tensor([[((5 * i + 4 * j) % 7 - 3) / 4 for j in range(2)] for i in range(ROWS)])


def start():
    w = torch.tensor([[((2 * i + 5 * j) % 9 - 4) / 8 for j in range(3)] for i in range(2)], requires_grad=True)
    return w, torch.tensor([0.1, -0.2], requires_grad=True)


def loss_of(w, b):
    return ((torch.tanh(X @ w.T + b) - Y) ** 2).mean()


class Lion(torch.optim.Optimizer):
    """Algorithm 2 of Chen et al. (2023); PyTorch 1.13 has none."""

    def __init__(self, groups, lr, betas):
        super().__init__(groups, dict(lr=lr, betas=betas, weight_decay=0))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                update = torch.sign(beta1 * m + (1 - beta1) * p.grad)
                p.mul_(1 - group["lr"] * group["weight_decay"]).sub_(group["lr"] * update)
                m.mul_(beta2).add_(p.grad, alpha=1 - beta2)


class NAdam(torch.optim.Optimizer):
    """Dozat's formula. PyTorch 1.13 multiplies by the present momentum twice, which 2.0 corrected (pull request 92699)."""

    def __init__(self, groups, lr, betas=(0.9, 0.999), eps=1e-8, momentum_decay=4e-3):
        super().__init__(groups, dict(lr=lr, betas=betas, eps=eps, momentum_decay=momentum_decay, weight_decay=0))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                s = self.state[p]
                if not s:
                    s.update(t=0, product=1.0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                s["t"] += 1
                grad = p.grad + group["weight_decay"] * p
                now, after = (beta1 * (1 - 0.5 * 0.96 ** (t * group["momentum_decay"])) for t in (s["t"], s["t"] + 1))
                s["product"] *= now
                s["m"].mul_(beta1).add_(grad, alpha=1 - beta1)
                s["v"].mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
                below = (s["v"] / (1 - beta2 ** s["t"])).sqrt() + group["eps"]
                p.addcdiv_(grad, below, value=-group["lr"] * (1 - now) / (1 - s["product"]))
                p.addcdiv_(s["m"], below, value=-group["lr"] * after / (1 - s["product"] * after))


def run(name, make, decay=0.0, clip_norm=None, clip_value=None):
    w, b = start()
    optimiser = make([{"params": [w], "weight_decay": decay}, {"params": [b]}])
    for step in range(1, STEPS[-1] + 1):
        optimiser.zero_grad()
        loss_of(w, b).backward()
        if clip_value:
            torch.nn.utils.clip_grad_value_([w, b], clip_value)
        if clip_norm:
            torch.nn.utils.clip_grad_norm_([w, b], clip_norm)
        optimiser.step()
        show(name, step, w, b)


def show(name, step, w, b):
    if step in STEPS:
        print(name, step, *("%.17g" % v for v in [*w.detach().flatten(), *b.detach()]))


def lbfgs():
    w, b = start()
    optimiser = torch.optim.LBFGS([w, b], lr=1, max_iter=1, history_size=5, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = loss_of(w, b)
        loss.backward()
        return loss

    for step in range(1, STEPS[-1] + 1):
        optimiser.step(closure)
        show("lbfgs", step, w, b)


def schedule(name, make, steps=120):
    p = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.SGD([p], lr=1.0)
    follow = make(optimiser)
    factors = []
    for _ in range(steps):
        factors.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        if len(factors) < 100:
            follow.step()
    print(name, 0, *("%.17g" % f for f in factors[:100]))


def plateau():
    p = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.SGD([p], lr=1.0)
    follow = torch.optim.lr_scheduler.ReduceLROnPlateau(optimiser, factor=0.5, patience=3)
    rates = []
    for i in range(40):
        follow.step(1 / (1 + min(i, 10)) + (i % 3) * 1e-6)
        rates.append(optimiser.param_groups[0]["lr"])
    print("plateau", 0, *("%.17g" % r for r in rates))


optim, schedules = torch.optim, torch.optim.lr_scheduler
run("sgd", lambda g: optim.SGD(g, lr=0.1))
run("sgd_momentum", lambda g: optim.SGD(g, lr=0.05, momentum=0.9), decay=0.01)
run("sgd_nesterov", lambda g: optim.SGD(g, lr=0.05, momentum=0.9, nesterov=True), decay=0.01)
run("sgd_clip_norm", lambda g: optim.SGD(g, lr=0.1), clip_norm=0.05)
run("sgd_clip_value", lambda g: optim.SGD(g, lr=0.1), clip_value=0.02)
run("adagrad", lambda g: optim.Adagrad(g, lr=0.1, lr_decay=0.01), decay=0.01)
run("rmsprop", lambda g: optim.RMSprop(g, lr=0.005), decay=0.01)
run("rmsprop_centered", lambda g: optim.RMSprop(g, lr=0.002, momentum=0.5, centered=True))
run("adam", lambda g: optim.Adam(g, lr=0.02), decay=0.01)
run("adamw", lambda g: optim.AdamW(g, lr=0.02, weight_decay=0), decay=0.1)
run("nadam", lambda g: NAdam(g, lr=0.02), decay=0.01)
run("lion", lambda g: Lion(g, lr=0.01, betas=(0.9, 0.99)), decay=0.1)
lbfgs()
schedule("step_decay", lambda o: schedules.StepLR(o, step_size=30, gamma=0.1))
schedule("cosine", lambda o: schedules.CosineAnnealingLR(o, T_max=100))
schedule("one_cycle", lambda o: schedules.OneCycleLR(o, max_lr=1.0, total_steps=100, cycle_momentum=False))
plateau()
