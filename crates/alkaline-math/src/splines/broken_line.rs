//! Linear interpolation between points, constant beyond them (R's `approxfun(rule = 2)`).

/// A curve of straight pieces.
#[derive(Clone, Debug)]
pub struct BrokenLine {
    x: Vec<f64>,
    y: Vec<f64>,
    /// For each of as many equal parts of the range as there are points: the first point at or behind its beginning.
    starts: Vec<usize>,
    parts_per_unit: f64,
}

impl BrokenLine {
    /// Through points in ascending order of `x`; those of equal `x` count as one at their mean.
    ///
    /// # Panics
    /// Without points.
    #[must_use]
    pub fn new(x: &[f64], y: &[f64]) -> Self {
        let (mut own_x, mut own_y): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
        let mut start = 0;
        while start < x.len() {
            let end = start + x[start..].iter().take_while(|other| **other == x[start]).count();
            own_x.push(x[start]);
            own_y.push(y[start..end].iter().sum::<f64>() / (end - start) as f64);
            start = end;
        }
        let (first, last) = (own_x[0], own_x[own_x.len() - 1]);
        let parts = own_x.len();
        let parts_per_unit = if last > first { parts as f64 / (last - first) } else { 0.0 };
        let starts = (0..=parts)
            .map(|part| own_x.partition_point(|x| (x - first) * parts_per_unit < part as f64))
            .collect();
        Self { x: own_x, y: own_y, starts, parts_per_unit }
    }

    /// The value at `at`.
    #[must_use]
    pub fn at(&self, at: f64) -> f64 {
        let last = self.x.len() - 1;
        if at <= self.x[0] {
            return self.y[0];
        }
        if at >= self.x[last] {
            return self.y[last];
        }
        if at.is_nan() {
            return at;
        }
        let part = ((at - self.x[0]) * self.parts_per_unit) as usize;
        let part = part.min(self.starts.len() - 2);
        let (low, high) = (self.starts[part].saturating_sub(1), (self.starts[part + 1] + 1).min(last + 1));
        let right = low + self.x[low..high].partition_point(|x| *x < at);
        let left = right - 1;
        let share = (at - self.x[left]) / (self.x[right] - self.x[left]);
        self.y[left] + (self.y[right] - self.y[left]) * share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_between_its_neighbours_and_the_ends_go_on() {
        let x: Vec<f64> = (0..300).map(|i| f64::from(i * i % 7919).sqrt().floor() / 3.0).collect();
        let mut x = x;
        x.sort_by(f64::total_cmp);
        let y: Vec<f64> = (0..300).map(|i| f64::from(i * 37 % 101)).collect();
        let line = BrokenLine::new(&x, &y);
        let plain = |at: f64| {
            let right = line.x.partition_point(|x| *x < at);
            let (a, b) = (right - 1, right);
            line.y[a] + (line.y[b] - line.y[a]) * ((at - line.x[a]) / (line.x[b] - line.x[a]))
        };
        let (first, last) = (line.x[0], line.x[line.x.len() - 1]);
        for i in 1..5_000 {
            let at = first + (last - first) * f64::from(i) / 5_000.0;
            assert_eq!(line.at(at), plain(at), "{at}");
        }
        assert_eq!((line.at(first - 1.0), line.at(last + 1.0)), (line.y[0], line.y[line.y.len() - 1]));
        line.x.iter().zip(&line.y).for_each(|(x, y)| assert!((line.at(*x) - y).abs() < 1e-12));
        assert_eq!(BrokenLine::new(&[1.0, 1.0, 2.0], &[0.0, 4.0, 3.0]).at(1.5), 2.5);
    }
}
