//! The weighted least squares behind a vertex of a local regression: a constant, a line or a parabola for every column at once.

use ndarray::Array2;

use crate::linear::Cholesky;

/// The polynomial fitted at each vertex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Degree {
    /// Local constant: a weighted mean, linear between vertices.
    Constant,
    /// Local line: value and slope, cubic between vertices.
    Linear,
    /// Local parabola: value and slope, cubic between vertices.
    Quadratic,
}

/// What a local fit says of each column at its vertex.
#[derive(Clone, Debug)]
pub(super) struct VertexFit {
    pub values: Vec<f64>,
    pub slopes: Vec<f64>,
}

impl VertexFit {
    fn constant(moments: &Moments, mut sums: Vec<f64>) -> Self {
        sums.iter_mut().for_each(|s| *s /= moments.zeroth);
        Self { values: sums, slopes: Vec::new() }
    }

    fn linear(moments: &Moments, sums: Vec<f64>, cross: Vec<f64>) -> Self {
        let determinant = moments.zeroth * moments.second - moments.first * moments.first;
        if determinant <= f64::EPSILON * moments.zeroth * moments.second {
            let slopes = vec![0.0; sums.len()];
            return Self { slopes, ..Self::constant(moments, sums) };
        }
        let solve = |a: f64, b: f64| (a / determinant, b / determinant);
        let (values, slopes) = sums
            .iter()
            .zip(&cross)
            .map(|(s, c)| {
                solve(moments.second * s - moments.first * c, moments.zeroth * c - moments.first * s)
            })
            .unzip();
        Self { values, slopes }
    }

    /// Value and slope of a parabola; of a line where the points are too few for one.
    fn quadratic(sums: Sums) -> Self {
        let Some(parabolas) = sums.parabolas() else {
            return Self::linear(&sums.moments, sums.values, sums.cross);
        };
        let (values, slopes) = parabolas.into_iter().map(|[value, slope, _]| (value, slope)).unzip();
        Self { values, slopes }
    }
}

/// The weighted sums behind a local fit to all columns.
pub(super) struct Sums {
    moments: Moments,
    values: Vec<f64>,
    /// Sums of the values times their distance from the vertex, where a line is fitted.
    cross: Vec<f64>,
    /// Sums of the values times the square of it, where a parabola is fitted.
    squares: Vec<f64>,
}

impl Sums {
    pub(super) fn new(columns: usize, degree: Degree) -> Self {
        let up_to = |from: Degree| if degree as u8 >= from as u8 { columns } else { 0 };
        Self {
            moments: Moments::default(),
            values: vec![0.0; columns],
            cross: vec![0.0; up_to(Degree::Linear)],
            squares: vec![0.0; up_to(Degree::Quadratic)],
        }
    }

    pub(super) fn add(&mut self, weight: f64, distance: f64, y: &[f64]) {
        self.moments.add(weight, distance);
        self.values.iter_mut().zip(y).for_each(|(sum, y)| *sum += weight * y);
        let leaning = weight * distance;
        self.cross.iter_mut().zip(y).for_each(|(sum, y)| *sum += leaning * y);
        let bent = leaning * distance;
        self.squares.iter_mut().zip(y).for_each(|(sum, y)| *sum += bent * y);
    }

    /// Value, slope and quadratic coefficient of each column's parabola; `None` where the points are too few.
    pub(super) fn parabolas(&self) -> Option<Vec<[f64; 3]>> {
        let Moments { zeroth, first, second, third, fourth } = self.moments;
        let moments = [[zeroth, first, second], [first, second, third], [second, third, fourth]];
        // distances in units of their spread: the pivots of nearly collinear powers stay comparable
        let unit = (second / zeroth).sqrt();
        let powers = [1.0, unit, unit * unit];
        let scaled = Array2::from_shape_fn((3, 3), |(i, j)| moments[i][j] / (powers[i] * powers[j]));
        let factor = Cholesky::new(scaled.view())?;
        let columns = self.values.iter().zip(&self.cross).zip(&self.squares);
        let of_column = |((value, cross), square): ((&f64, &f64), &f64)| {
            let mut solved = [*value, cross / powers[1], square / powers[2]];
            factor.solve(&mut solved);
            std::array::from_fn(|i| solved[i] / powers[i])
        };
        Some(columns.map(of_column).collect())
    }

    pub(super) fn into_fit(self) -> VertexFit {
        if self.cross.is_empty() {
            VertexFit::constant(&self.moments, self.values)
        } else if self.squares.is_empty() {
            VertexFit::linear(&self.moments, self.values, self.cross)
        } else {
            VertexFit::quadratic(self)
        }
    }
}

#[derive(Default)]
struct Moments {
    zeroth: f64,
    first: f64,
    second: f64,
    third: f64,
    fourth: f64,
}

impl Moments {
    fn add(&mut self, weight: f64, distance: f64) {
        let (leaning, bent) = (weight * distance, weight * distance * distance);
        self.zeroth += weight;
        self.first += leaning;
        self.second += bent;
        self.third += bent * distance;
        self.fourth += bent * distance * distance;
    }
}
