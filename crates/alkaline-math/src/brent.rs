//! One-dimensional minimisation by Brent's method, step for step as R's `optimize` does it.
//!
//! The estimate that a search with a loose tolerance returns depends on its path, so agreement with upstream estimates
//! needs the same first point, the same acceptance rules and the same stopping rule.
//! Reference: Brent (1973), Algorithms for Minimization without Derivatives, ch. 5 (`localmin`).

/// `(3 - √5) / 2`, the golden-section fraction.
const GOLDEN: f64 = 0.381_966_011_250_105_1;

/// The tolerance of R's `optimize` where none is given: the fourth root of the rounding unit.
pub const R_DEFAULT_TOLERANCE: f64 = 0.000_122_070_312_5;

/// The point of the interval where `f` is smallest, to within about `tolerance`.
pub fn minimise(f: impl FnMut(f64) -> f64, interval: (f64, f64), tolerance: f64) -> f64 {
    minimise_within(f, interval, tolerance, f64::EPSILON.sqrt())
}

/// As [`minimise`], with a relative tolerance of its own beside the absolute one.
pub fn minimise_within(
    mut f: impl FnMut(f64) -> f64,
    interval: (f64, f64),
    tolerance: f64,
    relative: f64,
) -> f64 {
    let third = tolerance / 3.0;
    let (mut a, mut b) = interval;
    let (mut d, mut e) = (0.0_f64, 0.0_f64);
    let mut x = a + GOLDEN * (b - a);
    let (mut w, mut v) = (x, x);
    let mut fx = f(x);
    let (mut fw, mut fv) = (fx, fx);
    loop {
        let middle = 0.5 * (a + b);
        let step_floor = relative * x.abs() + third;
        let twice = 2.0 * step_floor;
        if (x - middle).abs() <= twice - 0.5 * (b - a) {
            return x;
        }
        let (mut p, mut q, mut r) = (0.0, 0.0, 0.0);
        if e.abs() > step_floor {
            r = (x - w) * (fx - fv);
            q = (x - v) * (fx - fw);
            p = (x - v) * q - (x - w) * r;
            q = 2.0 * (q - r);
            if q > 0.0 {
                p = -p;
            } else {
                q = -q;
            }
            r = e;
            e = d;
        }
        let golden = p.abs() >= (0.5 * q * r).abs() || p <= q * (a - x) || p >= q * (b - x);
        let mut u;
        if golden {
            e = if x < middle { b - x } else { a - x };
            d = GOLDEN * e;
        } else {
            d = p / q;
            u = x + d;
            if u - a < twice || b - u < twice {
                d = if x >= middle { -step_floor } else { step_floor };
            }
        }
        u = if d.abs() >= step_floor {
            x + d
        } else if d > 0.0 {
            x + step_floor
        } else {
            x - step_floor
        };
        let fu = f(u);
        if fu <= fx {
            if u < x {
                b = x
            } else {
                a = x
            }
            (v, w, x) = (w, x, u);
            (fv, fw, fx) = (fw, fx, fu);
        } else {
            if u < x {
                a = u
            } else {
                b = u
            }
            if fu <= fw || w == x {
                (v, fv) = (w, fw);
                (w, fw) = (u, fu);
            } else if fu <= fv || v == x || v == w {
                (v, fv) = (u, fu);
            }
        }
    }
}

/// The point of the interval where `f` is largest.
pub fn maximise(mut f: impl FnMut(f64) -> f64, interval: (f64, f64), tolerance: f64) -> f64 {
    minimise(|x| -f(x), interval, tolerance)
}

/// A root of `f` in the interval, whose ends must have opposite signs, by bisection to the last bit.
pub fn root(mut f: impl FnMut(f64) -> f64, interval: (f64, f64)) -> f64 {
    let (mut low, mut high) = interval;
    let rising = f(low) < 0.0;
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return middle;
        }
        if (f(middle) < 0.0) == rising { low = middle } else { high = middle }
    }
}

/// A root of `f` in the interval, whose ends must have opposite signs, as R's `uniroot` finds it to `tolerance`.
///
/// Inverse quadratic interpolation where it helps, bisection where it does not (Brent 1973, chapter 4). The answer is one of the points
/// tried: where the tolerance is coarse, only the same steps give the same answer.
pub fn root_within(mut f: impl FnMut(f64) -> f64, interval: (f64, f64), tolerance: f64) -> f64 {
    const MOST_STEPS: usize = 1000;
    let mut old = Point::new(interval.0, &mut f);
    let mut best = Point::new(interval.1, &mut f);
    // the root lies between `best` and `other`
    let mut other = old;
    for _ in 0..MOST_STEPS {
        let last_step = best.x - old.x;
        if other.y.abs() < best.y.abs() {
            (old, best, other) = (best, other, best);
        }
        let smallest_step = 2.0 * f64::EPSILON * best.x.abs() + 0.5 * tolerance;
        let half = 0.5 * (other.x - best.x);
        if half.abs() <= smallest_step || best.y == 0.0 {
            break;
        }
        let worth_it = last_step.abs() >= smallest_step && old.y.abs() > best.y.abs();
        let step = match worth_it.then(|| interpolated(old, best, other, last_step, smallest_step)) {
            Some(Some(step)) => step,
            _ => half,
        };
        old = best;
        best = Point::new(best.x + step.abs().max(smallest_step).copysign(step), &mut f);
        if (best.y > 0.0) == (other.y > 0.0) && best.y != 0.0 {
            other = old;
        }
    }
    best.x
}

/// A point of a curve.
#[derive(Clone, Copy)]
struct Point {
    x: f64,
    y: f64,
}

impl Point {
    fn new(x: f64, f: &mut impl FnMut(f64) -> f64) -> Self {
        Self { x, y: f(x) }
    }
}

/// The step to the root of the line or the inverse parabola through the points, when it stays well inside the bracket.
fn interpolated(old: Point, best: Point, other: Point, last_step: f64, smallest_step: f64) -> Option<f64> {
    let width = other.x - best.x;
    let (mut p, mut q);
    if old.x == other.x {
        let ratio = best.y / old.y;
        p = width * ratio;
        q = 1.0 - ratio;
    } else {
        let (a, b, c) = (old.y / other.y, best.y / other.y, best.y / old.y);
        p = c * (width * a * (a - b) - (best.x - old.x) * (b - 1.0));
        q = (a - 1.0) * (b - 1.0) * (c - 1.0);
    }
    if p > 0.0 {
        q = -q;
    } else {
        p = -p;
    }
    let inside = p < 0.75 * width * q - 0.5 * (smallest_step * q).abs() && p < (0.5 * last_step * q).abs();
    inside.then(|| p / q)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parabola_is_found() {
        assert!((minimise(|x| (x - 0.3).powi(2), (0.0, 1.0), 1e-8) - 0.3).abs() < 1e-7);
    }

    /// `optimize(function(x) x^4 - x + sin(3*x), c(-1, 2), tol = 1e-6)$minimum` printed by R 4.2 with 15 digits.
    #[test]
    fn path_is_that_of_r() {
        let found = minimise(|x| x.powi(4) - x + (3.0 * x).sin(), (-1.0, 2.0), 1e-6);
        assert!((found - REFERENCE_MINIMUM).abs() < 1e-11, "{found:.15}");
    }
    const REFERENCE_MINIMUM: f64 = 0.997_183_232_871_235_8;

    /// `uniroot(function(x) x^3 - 2 + sin(5*x)/3, c(0, 2), tol = 1e-4)$root` and
    /// `uniroot(function(x) exp(x) - 5, c(-1, 4), tol = 1e-2)$root` printed by R 4.2 with 17 digits.
    #[test]
    fn steps_to_a_root_are_those_of_r() {
        let cubic = root_within(|x| x.powi(3) - 2.0 + (5.0 * x).sin() / 3.0, (0.0, 2.0), 1e-4);
        assert!((cubic - REFERENCE_ROOTS[0]).abs() < 1e-13, "{cubic:.16}");
        let exponential = root_within(|x: f64| x.exp() - 5.0, (-1.0, 4.0), 1e-2);
        assert!((exponential - REFERENCE_ROOTS[1]).abs() < 1e-13, "{exponential:.16}");
    }
    const REFERENCE_ROOTS: [f64; 2] = [1.259_060_543_207_571_4, 1.609_042_336_251_711_4];

    #[test]
    fn root_is_bisected() {
        assert!((root(|x| x * x - 2.0, (0.0, 2.0)) - 2f64.sqrt()).abs() < 1e-15);
    }
}
