//! Logarithms, exponentials and what log-gamma functions are made of, of eight numbers at a time, in straight-line code that compilers turn into vector
//! instructions.
//!
//! `ln x` is split as `k ln 2 + ln m` with `m` in `[√½, √2)` and `ln m = 2 artanh s`, `s = (m - 1)/(m + 1)`, whose odd power
//! series (DLMF 4.6.6) needs eleven terms. No multiplication is fused with an addition, so results are the same bits whatever
//! vectors the machine has.

/// Numbers handled together.
pub const WIDE: usize = 8;

/// Eight numbers.
pub type Wide = [f64; WIDE];

/// Bits of the exponent of one, and of the mantissa's lowest values that round up to the next power of two.
const ONE: u64 = 0x3ff0_0000_0000_0000;
const ROOT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
/// `2^52`, whose mantissa takes up a small whole number as it is.
const WHOLE: u64 = 0x4330_0000_0000_0000;
/// `ln 2` in two parts: the first has so few bits that its multiples are exact.
const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// Terms of the series: `s² < 0.0295`, so the next one is below rounding.
const SERIES: [f64; 10] = [
    2.0 / 3.0,
    2.0 / 5.0,
    2.0 / 7.0,
    2.0 / 9.0,
    2.0 / 11.0,
    2.0 / 13.0,
    2.0 / 15.0,
    2.0 / 17.0,
    2.0 / 19.0,
    2.0 / 21.0,
];

/// Natural logarithms of positive normal numbers.
#[inline(always)]
pub fn ln_wide(x: &Wide) -> Wide {
    std::array::from_fn(|i| {
        let shifted = x[i].to_bits().wrapping_add(ONE - ROOT_HALF);
        let exponent = shifted >> 52;
        let mantissa = (shifted & 0x000f_ffff_ffff_ffff) + ROOT_HALF;
        let k = f64::from_bits(WHOLE | exponent) - (4_503_599_627_370_496.0 + 1023.0);
        let f = f64::from_bits(mantissa) - 1.0;
        let s = f / (2.0 + f);
        let z = s * s;
        let (even, odd) = even_and_odd(&SERIES, z * z);
        let series = even + z * odd;
        // 2 s = f - s f, so the large part f is added last
        k * LN_2_HIGH + (f - (s * (f - z * series) - k * LN_2_LOW))
    })
}

/// Exponentials; of arguments beyond ±708 those of ±708, which is as good as zero or infinity.
///
/// `e^x = 2^k e^r` with `|r| <= ln 2 / 2`, whose power series needs fourteen terms.
#[inline(always)]
pub fn exp_wide(x: &Wide) -> Wide {
    /// The power series, lowest power first.
    const SERIES: [f64; 14] = reciprocal_factorials();
    /// Largest argument taken as it is: beyond it the exponent of the result would not fit.
    const LARGEST: f64 = 708.0;
    /// `1.5 · 2^52`: a small number added to it is rounded to a whole one, which its lowest bits hold.
    const ROUNDING: f64 = 6_755_399_441_055_744.0;
    std::array::from_fn(|i| {
        let x = x[i].clamp(-LARGEST, LARGEST);
        let shifted = x * std::f64::consts::LOG2_E + ROUNDING;
        let k = shifted - ROUNDING;
        let r = (x - k * LN_2_HIGH) - k * LN_2_LOW;
        let (even, odd) = even_and_odd(&SERIES, r * r);
        (even + r * odd) * f64::from_bits((shifted.to_bits() << 52).wrapping_add(ONE))
    })
}

/// The even and the odd powers of a power series of an even number of terms, apart: two short chains instead of a long one. The series is
/// the first plus its variable, of which `square` is the square, times the second.
#[inline(always)]
fn even_and_odd<const N: usize>(series: &[f64; N], square: f64) -> (f64, f64) {
    let (mut even, mut odd) = (series[N - 2], series[N - 1]);
    let mut j = N - 2;
    while j > 0 {
        j -= 2;
        even = even * square + series[j];
        odd = odd * square + series[j + 1];
    }
    (even, odd)
}

/// `1/0!, 1/1!, 1/2!, ...`
const fn reciprocal_factorials<const N: usize>() -> [f64; N] {
    let (mut terms, mut factorial, mut n) = ([1.0; N], 1.0, 1);
    while n < N {
        factorial *= n as f64;
        terms[n] = 1.0 / factorial;
        n += 1;
    }
    terms
}

/// The part of Stirling's series for `ln Γ(x)` that vanishes for large `x`; exact to rounding from 10 on.
#[inline(always)]
pub fn stirling_tails(x: &Wide) -> Wide {
    std::array::from_fn(|i| {
        let inverse = 1.0 / x[i];
        let y = inverse * inverse;
        let high = -1.0 / 1680.0 + y * (1.0 / 1188.0 + y * (-691.0 / 360_360.0 + y * (1.0 / 156.0)));
        inverse * (1.0 / 12.0 + y * (-1.0 / 360.0 + y * (1.0 / 1260.0 + y * high)))
    })
}

/// Numbers raised to where Stirling's series is exact, by `Γ(x + 10) = x (x + 1) ... (x + 9) Γ(x)`.
#[derive(Clone, Copy, Debug)]
pub struct Raised {
    /// The products so far, and the logarithms of those that had grown too large or small to go on.
    product: Wide,
    logs: Wide,
    factors: u32,
}

impl Default for Raised {
    fn default() -> Self {
        Self { product: [1.0; WIDE], logs: [0.0; WIDE], factors: 0 }
    }
}

impl Raised {
    /// Steps by which numbers below as many are raised.
    pub const STEPS: f64 = 10.0;
    /// Products of ten factors below 20 that fit a double, numbers as small as 1e-20 among them.
    const MOST_FACTORS: u32 = 12;

    /// Raises what is below ten, and adds the steps taken to `steps`.
    #[inline(always)]
    pub fn raise(&mut self, x: &mut Wide, steps: &mut Wide) {
        if x.iter().fold(f64::INFINITY, |least, x| least.min(*x)) >= Self::STEPS {
            return;
        }
        let mut product = [1.0; WIDE];
        for step in 0..Self::STEPS as u32 {
            for i in 0..WIDE {
                product[i] *= x[i] + f64::from(step);
            }
        }
        for i in 0..WIDE {
            let small = x[i] < Self::STEPS;
            self.product[i] *= if small { product[i] } else { 1.0 };
            steps[i] += if small { Self::STEPS } else { 0.0 };
            x[i] += if small { Self::STEPS } else { 0.0 };
        }
        self.factors += 1;
        if self.factors == Self::MOST_FACTORS {
            *self = Self { logs: self.total(), ..Self::default() };
        }
    }

    /// Logarithms of the products.
    #[inline(always)]
    pub fn total(&self) -> Wide {
        if self.factors == 0 {
            return self.logs;
        }
        let last = ln_wide(&self.product);
        std::array::from_fn(|i| self.logs[i] + last[i])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::ln_gamma;

    #[test]
    fn logarithms_are_those_of_the_standard_library() {
        for k in 0..4000 {
            let x: Wide = std::array::from_fn(|i| (f64::from(k) * 0.07 - 140.0 + i as f64 * 0.31).exp());
            for (ours, x) in ln_wide(&x).iter().zip(x) {
                assert!((ours - x.ln()).abs() <= 2.3e-16 * x.ln().abs().max(1.0), "{x}");
            }
        }
        assert_eq!(ln_wide(&[1.0; WIDE]), [0.0; WIDE]);
    }

    #[test]
    fn exponentials_are_those_of_the_standard_library() {
        for k in 0..4000 {
            let x: Wide = std::array::from_fn(|i| f64::from(k) * 0.35 - 700.0 + i as f64 * 0.0371);
            for (ours, x) in exp_wide(&x).iter().zip(x) {
                assert!((ours / x.exp() - 1.0).abs() <= 4.5e-16, "{x}: {ours}");
            }
        }
        assert_eq!(exp_wide(&[0.0; WIDE]), [1.0; WIDE]);
        assert!(exp_wide(&[f64::NEG_INFINITY; WIDE])[0] < 1e-300);
    }

    #[test]
    fn raised_numbers_have_their_gamma_function() {
        let (mut raised, mut steps, mut stirling) = (Raised::default(), [0.0; WIDE], [0.0; WIDE]);
        let mut single = [0.0; WIDE];
        for k in 0..60 {
            let mut x: Wide = std::array::from_fn(|i| f64::from((k * 7 + i as i32 * 13) % 41) * 0.61 + 1e-3);
            single.iter_mut().zip(x).for_each(|(sum, x)| *sum += ln_gamma(x));
            raised.raise(&mut x, &mut steps);
            for (sum, x) in stirling.iter_mut().zip(x) {
                *sum += ln_gamma(x);
            }
        }
        for ((stirling, raised), single) in stirling.iter().zip(raised.total()).zip(single) {
            assert!(((stirling - raised) / single - 1.0).abs() < 1e-13);
        }
    }

    #[test]
    fn tails_complete_stirlings_formula() {
        let x = [10.0, 11.5, 20.0, 40.0, 100.0, 1e3, 1e5, 1e8];
        for (tail, x) in stirling_tails(&x).iter().zip(x) {
            assert!((tail - crate::special::stirling_error(x)).abs() < 1e-17);
        }
    }
}
