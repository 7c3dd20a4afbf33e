"""Writes values.tsv beside it: special functions and tails of distributions in 45 digits (mpmath), as 64-bit floats.

    python3 make.py

Incomplete functions are summed here (mpmath's own have no answer for large shapes); hypergeometric tails are sums of whole
numbers. Arguments are exact 64-bit floats.
"""

from fractions import Fraction
from math import comb
from pathlib import Path

from mpmath import mp, mpf, findroot

mp.dps = 45


def converged(change):
    return abs(change) < mpf(10) ** -(mp.dps - 5)


def gamma_tails(a, x):
    """Both tails of the gamma distribution: the power series DLMF 8.7.1 below the mean, the fraction DLMF 8.9.2 above."""
    a, x = mpf(a), mpf(x)
    kernel = mp.exp(a * mp.log(x) - x - mp.loggamma(a))
    if x < a + 1:
        term = total = 1 / a
        n = 0
        while not converged(term / total):
            n += 1
            term *= x / (a + n)
            total += term
        return total * kernel, 1 - total * kernel
    b, c = x + 1 - a, mp.inf
    d = value = 1 / b
    i, factor = 0, mpf(0)
    while not converged(factor - 1):
        i += 1
        b += 2
        d = 1 / (i * (a - i) * d + b)
        c = b + i * (a - i) / c
        factor = c * d
        value *= factor
    return 1 - value * kernel, value * kernel


def lower_beta(a, b, x, y):
    """I_x(a, b) by the series x^a y^b / (a B(a, b)) 2F1(a + b, 1; a + 1; x), all terms positive (DLMF 8.17.8)."""
    term = total = mpf(1)
    n = 0
    while (a + b + n) * x > a + 1 + n or not converged(term / total):
        term *= (a + b + n) * x / (a + 1 + n)
        total += term
        n += 1
    kernel = a * mp.log(x) + b * mp.log(y) - mp.loggamma(a) - mp.loggamma(b) + mp.loggamma(a + b)
    return total / a * mp.exp(kernel)


def beta_tails(a, b, x, y):
    """Both tails: the one on whose side of the mean x lies by its series, the other as what is left."""
    a, b, x, y = mpf(a), mpf(b), mpf(x), mpf(y)
    if x * (a + b) < a:
        lower = lower_beta(a, b, x, y)
        return lower, 1 - lower
    upper = lower_beta(b, a, y, x)
    return 1 - upper, upper


def row(function, arguments, value):
    rows.append("\t".join([function, " ".join(repr(float(v)) for v in arguments), mp.nstr(value, 20)]))


rows = ["function\targuments\tvalue"]

for x in [1e-20, 1e-8, 0.001, 0.1, 0.5, 0.9, 1.001, 1.5, 1.999, 2.5, 3.7, 7.0, 9.99, 10.0, 15.5, 100.25, 1e4, 1e6 + 0.5, 1e10, 1e15]:
    row("ln_gamma", [x], mp.loggamma(mpf(x)))
    row("digamma", [x], mp.digamma(mpf(x)))
    row("trigamma", [x], mp.psi(1, mpf(x)))

for z in [-37.0, -10.0, -5.0, -1.0, -0.1, 0.0, 0.1, 0.5, 1.0, 2.0, 3.0, 5.0, 7.999, 10.0, 20.0, 37.0, 40.0, 100.0, 1000.0]:
    row("ln_normal_upper", [z], mp.log(mp.erfc(mpf(z) / mp.sqrt(2)) / 2))

for p in [0.4, 0.1, 0.025, 1e-3, 1e-6, 1e-12, 1e-30, 1e-100, 1e-300]:
    guess = mp.sqrt(-2 * mp.log(mpf(p))) if p < 0.1 else mpf(1)
    row("normal_quantile", [p], findroot(lambda z: mp.log(mp.erfc(z / mp.sqrt(2)) / 2) - mp.log(mpf(p)), guess))

for a in [0.05, 0.5, 1.0, 2.5, 7.0, 30.0, 130.0, 1000.0, 4000.0]:
    for ratio in [1e-3, 0.25, 0.8, 0.99, 1.01, 1.3, 3.0, 20.0]:
        x = a * ratio
        if x > 2e4:
            continue
        lower, upper = gamma_tails(a, x)
        row("ln_gamma_lower", [a, x], mp.log(lower))
        row("ln_gamma_upper", [a, x], mp.log(upper))

for df in [1.0, 2.0, 3.5, 10.0, 60.0]:
    for x in [1e-6, 0.1, 1.0, 4.0, 20.0, 100.0, 700.0, 1400.0, 5000.0]:
        row("ln_chi_square_upper", [x, df], mp.log(gamma_tails(df / 2, x / 2)[1]))

for a, b in [(0.5, 0.5), (0.3, 3.0), (2.0, 3.0), (5.0, 5.0), (20.0, 2.5), (30.0, 300.0), (300.0, 1200.0), (3000.0, 5000.0), (20000.0, 700.0)]:
    mean = a / (a + b)
    for ratio in [0.05, 0.5, 0.9, 1.0, 1.1, 1.5]:
        x = mean * ratio
        if x >= 0.999:
            continue
        y = 1.0 - x
        x = 1.0 - y
        lower, upper = beta_tails(a, b, mpf(x), mpf(y))
        row("ln_beta_lower", [a, b, x], mp.log(lower))
        row("ln_beta_upper", [a, b, x], mp.log(upper))

for df1, df2 in [(1.0, 1.5), (1.0, 4.0), (1.0, 20.0), (2.0, 2.0), (3.0, 15.5), (5.0, 200.0), (1.0, 5000.0)]:
    for f in [1e-4, 0.3, 1.0, 4.0, 30.0, 1000.0, 1e6]:
        total = mpf(df2) + mpf(df1) * mpf(f)
        value = beta_tails(df2 / 2, df1 / 2, df2 / total, df1 * mpf(f) / total)[0]
        row("ln_f_upper", [f, df1, df2], mp.log(value))

for df in [0.7, 1.0, 4.0, 13.5, 200.0, 30000.0]:
    for t in [0.01, 0.5, 1.0, 2.5, 8.0, 40.0, 1000.0]:
        total = mpf(df) + mpf(t) ** 2
        value = beta_tails(df / 2, 0.5, df / total, mpf(t) ** 2 / total)[0] / 2
        row("ln_student_upper", [t, df], mp.log(value))
for p, df in [(0.025, 0.3), (0.025, 1.0), (0.025, 4.0), (0.05, 7.25), (0.005, 13.5), (0.25, 2.0), (0.025, 1000.0), (1e-4, 30000.0), (1e-12, 5.0), (1e-40, 20.0)]:
    def excess(ln_t):
        square = mp.exp(2 * ln_t)
        return mp.log(beta_tails(df / 2, 0.5, df / (df + square), square / (df + square))[0] / 2) - mp.log(mpf(p))
    mp.dps = 15
    low, high = mpf(-2), mpf(30)
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    mp.dps = 45
    row("student_quantile", [p, df], mp.exp(findroot(excess, (low, high), solver="secant", tol=mpf(10) ** -40)))

for k, m, population, n in [(1, 1, 2, 1), (2, 10, 18903, 663), (15, 500, 18000, 650), (30, 500, 18000, 650), (60, 500, 18000, 650), (27, 37, 13546, 589), (190, 200, 20000, 5000), (300, 2000, 20000, 1500), (400, 500, 20000, 9000)]:
    tail = Fraction(sum(comb(m, i) * comb(population - m, n - i) for i in range(k, min(m, n) + 1)), comb(population, n))
    row("ln_hypergeometric_upper", [k, m, population, n], mp.log(mpf(tail.numerator) / mpf(tail.denominator)))

for mu in [0.3, 4.0, 100.0, 5000.0]:
    for phi in [1e-4, 0.01, 0.2, 2.0]:
        for ratio in [0.0, 0.5, 1.0, 3.0]:
            k, r = round(mu * ratio), 1 / mpf(phi)
            value = mp.loggamma(k + r) - mp.loggamma(r) - mp.loggamma(k + 1)
            row("ln_negative_binomial", [k, mu, phi], value + r * mp.log(r / (r + mu)) + k * mp.log(mu / (r + mpf(mu))))

Path(__file__).with_name("values.tsv").write_text("\n".join(rows) + "\n")
print(len(rows) - 1, "values")
