//! Which samples are drawn where there are too many for all: always the same ones, and the caption says which.

use crate::words;

/// Samples drawn in rows or columns of their own, at most.
pub(crate) const MOST_ROWS: usize = 60;

/// The samples that are drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drawn {
    /// Their places, in the order in which they are drawn.
    pub places: Vec<usize>,
    /// How many samples there are.
    pub of: usize,
    /// How they were chosen; empty where all are drawn.
    how: String,
}

impl Drawn {
    fn all(of: usize) -> Self {
        Self { places: (0..of).collect(), of, how: String::new() }
    }

    /// Of more than `limit` samples the same share of every group, evenly spaced within it; in the order of the samples.
    pub(crate) fn of_every_group(groups: &[Option<usize>], limit: usize) -> Self {
        if groups.len() <= limit {
            return Self::all(groups.len());
        }
        let mut order: Vec<usize> = (0..groups.len()).collect();
        order.sort_by_key(|&place| (groups[place].is_none(), groups[place]));
        let mut places: Vec<usize> = evenly(order.len(), limit).map(|i| order[i]).collect();
        places.sort_unstable();
        Self { places, of: groups.len(), how: "evenly taken from every group".to_owned() }
    }

    /// Of more than `limit` samples those with the smallest and the largest `values`, a third each, and a third evenly
    /// between them; by rising value.
    pub(crate) fn extremes(values: &[f64], limit: usize) -> Self {
        if values.len() <= limit {
            return Self::all(values.len());
        }
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
        let third = limit / 3;
        let (between, end) = (limit - 2 * third, order.len() - third);
        let middle = &order[third..end];
        let mut places = order[..third].to_vec();
        places.extend(evenly(middle.len(), between).map(|i| middle[i]));
        places.extend(&order[end..]);
        let how = format!("the {third} smallest, the {third} largest and {between} evenly between");
        Self { places, of: values.len(), how }
    }

    /// What a caption must add: "60 of 2,000 samples are drawn: ..."; empty where all are drawn.
    pub(crate) fn note(&self) -> String {
        if self.how.is_empty() {
            return String::new();
        }
        let (drawn, of) = (words::thousands(self.places.len() as u64), words::thousands(self.of as u64));
        format!("{drawn} of {of} samples are drawn: {}.", self.how)
    }

    /// `caption` with the note behind it.
    pub(crate) fn told(&self, caption: &str) -> String {
        format!("{caption} {}", self.note()).trim_end().to_owned()
    }

    /// The chosen ones of `values`.
    pub(crate) fn pick<T: Clone>(&self, values: &[T]) -> Vec<T> {
        self.places.iter().filter_map(|&place| values.get(place).cloned()).collect()
    }
}

/// `wanted` places spread evenly over `length`.
fn evenly(length: usize, wanted: usize) -> impl Iterator<Item = usize> {
    let wanted = wanted.min(length);
    (0..wanted).map(move |i| (2 * i + 1) * length / (2 * wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_samples_are_all_drawn_and_need_no_note() {
        let drawn = Drawn::extremes(&[3.0, 1.0, 2.0], 60);
        assert_eq!((drawn.places.as_slice(), drawn.note().as_str()), (&[0, 1, 2][..], ""));
        assert_eq!(drawn.told("A caption."), "A caption.");
    }

    #[test]
    fn every_group_keeps_its_share_whatever_the_order_of_the_samples() {
        let groups: Vec<Option<usize>> = (0..2000).map(|sample| Some(sample % 2)).collect();
        let drawn = Drawn::of_every_group(&groups, 60);
        let of_group =
            |group: usize| drawn.places.iter().filter(|&&place| groups[place] == Some(group)).count();
        assert_eq!([of_group(0), of_group(1)], [30, 30]);
        assert!(drawn.places.is_sorted());
        assert_eq!(drawn.note(), "60 of 2,000 samples are drawn: evenly taken from every group.");
    }

    #[test]
    fn the_extremes_are_always_among_the_drawn() {
        let values: Vec<f64> = (0..1000).map(|i| f64::from((i * 7919) % 1000)).collect();
        let drawn = Drawn::extremes(&values, 60);
        let shown: Vec<f64> = drawn.pick(&values);
        assert!(shown.is_sorted() && shown.len() == 60);
        assert!((0..20).all(|i| shown[i] == i as f64 && shown[40 + i] == 980.0 + i as f64), "{shown:?}");
    }
}
