#!/usr/bin/python3
"""Writes special.txt: values of special functions at single arguments, computed with 60 digits.

    apt-get install python3-mpmath
    /usr/bin/python3 tests/oracle/special.py > tests/oracle/special.txt

Each line: function, order of the derivative, argument (a double), value. Tests read the file and need no Python.
"""
from mpmath import diff, digamma, erfc, exp, gamma, log, loggamma, mp, mpf, nstr, pi, polygamma, re, sin, sqrt

mp.dps = 60


def line(name, order, x, y):
    print(name, order, repr(float(x)), nstr(re(y), 21))


zero = 1.4616321449683622  # of digamma, as a double
positive = [1e-300, 1e-9, 0.1, 0.5, 1.0, 1.25, zero, 1.46, 1.4617, 1.5, 2.0, 2.0001, 3.7, 9.99, 10.0, 17.5, 141.25, 1e6, 1e100]
negative = [-1e-9, -0.1, -0.4999, -0.75, -1.25, -2.5, -3.9999, -17.3, -1000.25]
for x in positive + negative:
    line("digamma", 0, x, digamma(mpf(x)))
    if -30 < x < 160 and abs(x) > 1e-200:
        line("tgamma", 0, x, gamma(mpf(x)))
        line("tgamma", 1, x, gamma(mpf(x)) * digamma(mpf(x)))
    line("lgamma", 0, x, log(abs(gamma(mpf(x)))) if x < 1e7 else loggamma(mpf(x)))
    for n in (1, 2, 3, 4, 10):
        y = polygamma(n, mpf(x))
        if 1e-290 < abs(y) < 1e290:
            line("polygamma", n, x, y)
for x in [0.0, 1e-200, 1e-9, 0.001, 0.1, 0.3, 0.3183, 0.32, 0.5, 0.999999, 1.0, 1.25, -0.7, -2.5, 7.1, 100.3, 12345.625]:
    for n in range(6):
        def f(t):
            return sin(pi * t) / (pi * t) if t != 0 else mpf(1)
        if abs(x) < 0.01:  # by the series at 0
            c = [(-1) ** k * pi ** (2 * k) / gamma(mpf(2 * k + 2)) for k in range(30)]
            y = sum(c[k] * gamma(mpf(2 * k + 1)) / gamma(mpf(2 * k - n + 1)) * mpf(x) ** (2 * k - n)
                    for k in range(30) if 2 * k >= n)
        else:
            y = diff(f, mpf(x), n) if n else f(mpf(x))
        if n > 0 or x == 0 or x % 1 != 0:  # elsewhere it is 0, but for the digits of pi
            line("sinc", n, x, y)
for x in [0.0, 1e-9, 0.3, -0.3, 1.0, 2.5, -5.9, 10.0, 20.0, 26.4]:
    line("erf_slope", 0, x, 2 / sqrt(pi) * exp(-mpf(x) ** 2))
    line("erfc", 0, x, erfc(mpf(x)))
