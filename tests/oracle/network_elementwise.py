"""The elementwise ops of random_networks.py by PyTorch: what they compute, and where. Their names are those of the op table's rows
(tests/op_table_*.cpp).
"""
import math

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def within(low, high, *kinks):
    return lambda x: bool((x > low).all() and (x < high).all() and all(((x - k).abs() > 2e-3).all() for k in kinks))


def apart(a, b):
    return bool(((a - b).abs() > 2e-3).all())


def away_from_steps(step, offset=0.0):
    return lambda x: bool((((x - offset) / step - torch.round((x - offset) / step)).abs() > 2e-3).all())


class Polygamma(torch.autograd.Function):
    """The derivative of order n of digamma, by Hurwitz' zeta function: of torch 1.13's own only nine digits are right for n = 1."""

    @staticmethod
    def forward(context, n, x):
        context.n = n
        context.save_for_backward(x)
        return torch.digamma(x) if n == 0 else (-1) ** (n + 1) * math.factorial(n) * torch.special.zeta(n + 1, x)

    @staticmethod
    def backward(context, g):
        return None, g * Polygamma.apply(context.n + 1, *context.saved_tensors)


class LogGamma(torch.autograd.Function):
    @staticmethod
    def forward(context, x):
        context.save_for_backward(x)
        return torch.lgamma(x)

    @staticmethod
    def backward(context, g):
        return g * Polygamma.apply(0, *context.saved_tensors)


everywhere, positive = within(-9, 9), within(0.1, 9)
ELEMENTWISE = []  # (name, number of operands, parameters, whether values are in the domain and away from kinks)
FUNCTIONS = {}


def elementwise(name, operands, f, ok=lambda *x: True):
    ELEMENTWISE.append((name, operands, (), ok))
    before = FUNCTIONS.get(name)
    FUNCTIONS[name] = f if before is None else lambda *x: (f if len(x) == operands else before)(*x)


for name, f, ok in [
    ("-", torch.neg, everywhere), ("square", torch.square, everywhere), ("cube", lambda x: x * x * x, everywhere),
    ("abs", torch.abs, within(-9, 9, 0)), ("exp", torch.exp, everywhere), ("expm1", torch.expm1, everywhere),
    ("exp2", torch.exp2, everywhere), ("log", torch.log, positive), ("log1p", torch.log1p, within(-0.9, 9)),
    ("log2", torch.log2, positive), ("log10", torch.log10, positive), ("sqrt", torch.sqrt, positive),
    ("cbrt", lambda x: x ** (1 / 3), positive), ("sin", torch.sin, everywhere), ("cos", torch.cos, everywhere),
    ("tan", torch.tan, within(-1.2, 1.2)), ("asin", torch.asin, within(-0.9, 0.9)), ("acos", torch.acos, within(-0.9, 0.9)),
    ("atan", torch.atan, everywhere), ("sinh", torch.sinh, everywhere), ("cosh", torch.cosh, everywhere),
    ("tanh", torch.tanh, everywhere), ("asinh", torch.asinh, everywhere), ("acosh", torch.acosh, within(1.1, 9)),
    ("atanh", torch.atanh, within(-0.9, 0.9)), ("erf", torch.erf, everywhere), ("erfc", torch.erfc, within(-9, 2)),
    ("tgamma", lambda x: LogGamma.apply(x).exp(), within(0.3, 4)), ("lgamma", LogGamma.apply, within(0.2, 9)),
    ("digamma", lambda x: Polygamma.apply(0, x), within(0.3, 9)), ("polygamma", lambda x: Polygamma.apply(1, x), within(0.4, 9)),
    ("sinc", torch.sinc, within(-9, 9, 0)), ("deg2rad", torch.deg2rad, everywhere), ("rad2deg", torch.rad2deg, everywhere),
    ("sigmoid", torch.sigmoid, everywhere), ("relu", F.relu, within(-9, 9, 0)), ("leaky_relu", F.leaky_relu, within(-9, 9, 0)),
    ("selu", F.selu, within(-9, 9, 0)), ("celu", lambda x: torch.where(x > 0, x, 1.5 * torch.expm1(x / 1.5)), within(-9, 9, 0)),
    ("softplus", lambda x: F.softplus(x, threshold=50), everywhere), ("logsigmoid", F.logsigmoid, everywhere),
    ("softsign", F.softsign, within(-9, 9, 0)), ("hardtanh", lambda x: torch.clamp(x, -5, 1), within(-9, 9, -5, 1)),
    ("hardsigmoid", lambda x: torch.clamp(x / 6 + 0.5, 0, 1), within(-9, 9, -3, 3)),
    ("hardswish", lambda x: x * torch.clamp(x / 6 + 0.5, 0, 1), within(-9, 9, -3, 3)), ("gelu", F.gelu, everywhere),
    ("gelu_tanh", lambda x: F.gelu(x, approximate="tanh"), everywhere), ("silu", F.silu, everywhere), ("mish", F.mish, everywhere),
    ("floor", torch.floor, away_from_steps(1)), ("ceil", torch.ceil, away_from_steps(1)), ("trunc", torch.trunc, away_from_steps(1)),
    ("round", torch.round, away_from_steps(1, 0.5)), ("rint", torch.round, away_from_steps(1, 0.5)),
    ("sign", torch.sign, within(-9, 9, 0)), ("stop_gradient", torch.detach, everywhere),
]:
    elementwise(name, 1, f, ok)

for name, f, ok in [
    ("+", torch.add, lambda a, b: True), ("-", torch.sub, lambda a, b: True), ("*", torch.mul, lambda a, b: True),
    ("/", torch.div, lambda a, b: bool((b.abs() > 0.2).all())),
    ("pow", torch.pow, lambda a, b: positive(a) and within(-3, 3)(b)),
    ("maximum", torch.maximum, apart), ("minimum", torch.minimum, apart), ("fmax", torch.fmax, apart), ("fmin", torch.fmin, apart),
    ("atan2", torch.atan2, lambda a, b: bool((a * a + b * b > 0.1).all())),
    ("hypot", torch.hypot, lambda a, b: bool((a * a + b * b > 0.1).all())),
    ("logaddexp", torch.logaddexp, lambda a, b: True), ("xlogy", torch.xlogy, lambda a, b: positive(b)),
    ("fmod", torch.fmod, lambda a, b: bool((b.abs() > 0.3).all()) and away_from_steps(1)(a / b)),
    ("fdim", lambda a, b: F.relu(a - b), apart), ("squared_error", lambda a, b: (a - b) ** 2, lambda a, b: True),
    ("absolute_error", lambda a, b: (a - b).abs(), apart),
    ("leaky_relu", lambda x, s: torch.where(x > 0, x, s * x), lambda x, s: within(-9, 9, 0)(x)),
    ("elu", lambda x, a: torch.where(x > 0, x, a * torch.expm1(x)), lambda x, a: within(-9, 9, 0)(x)),
    ("<", lambda a, b: (a < b).to(a.dtype), apart), (">", lambda a, b: (a > b).to(a.dtype), apart),
    ("<=", lambda a, b: (a <= b).to(a.dtype), apart), (">=", lambda a, b: (a >= b).to(a.dtype), apart),
]:
    elementwise(name, 2, f, ok)

elementwise("fma", 3, lambda a, b, c: a * b + c)
elementwise("clip", 3, lambda x, low, high: torch.minimum(torch.maximum(x, low), high),
            lambda x, low, high: apart(x, low) and apart(x, high) and bool((low < high).all()))
# Several steps of one statement.
elementwise("choose", 4, lambda a, b, c, d: torch.where(a > b, c * d, d - c), lambda a, b, c, d: apart(a, b))
elementwise("gated", 3, lambda a, b, c: torch.tanh(a) * torch.sigmoid(b) + c / 2)
elementwise("bell", 2, lambda a, b: torch.exp(-torch.square(a - b) / 2) * a)
elementwise("cubic", 1, lambda x: ((0.25 * x - 0.5) * x + 1) * x - 0.75)
