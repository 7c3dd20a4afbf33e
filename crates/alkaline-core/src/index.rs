//! Ordered, unique gene and sample names, and values that are tied to them.

use std::hash::Hasher;
use std::ops::Index;
use std::sync::{Arc, OnceLock};

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxHasher;
use thiserror::Error;

use crate::{GeneId, SampleId};

/// Why an index, or a value tied to an index, could not be made.
#[derive(Debug, Error, PartialEq)]
pub enum IndexError {
    /// The same name twice.
    #[error("`{name}` appears twice (entries {first} and {second})")]
    Duplicate {
        /// The repeated name.
        name: String,
        /// 1-based place of its first appearance.
        first: usize,
        /// 1-based place of its second appearance.
        second: usize,
    },
    /// The number of values is not the number of names.
    #[error("{found} values for {expected} names")]
    Length {
        /// Number of names in the index.
        expected: usize,
        /// Number of values given.
        found: usize,
    },
    /// A count that no experiment can give.
    #[error("gene `{gene}`, sample `{sample}`: {value} is not a count")]
    NotACount {
        /// The gene.
        gene: GeneId,
        /// The sample.
        sample: SampleId,
        /// The offending value.
        value: f64,
    },
}

/// Places of names in a list, by hash. It holds no names: a table of counts has tens of thousands, which lie in the list.
///
/// Four bytes a place: more names than they can count would fill the memory many times over. Four more keep the hash, so that
/// no name is looked at again when the table grows.
#[derive(Clone, Debug, Default)]
struct Places(HashTable<(u32, u32)>);

impl Places {
    fn with_capacity(names: usize) -> Self {
        Self(HashTable::with_capacity(names))
    }

    /// The hash that is kept.
    fn kept_hash(name: &str) -> u32 {
        let mut hasher = FxHasher::default();
        hasher.write(name.as_bytes());
        (hasher.finish() >> 32) as u32
    }

    /// The kept hash spread over all bits, of which the table looks at the lowest and the highest.
    fn spread(kept: u32) -> u64 {
        /// 2^64 over the golden ratio (Knuth's multiplicative hashing).
        const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
        u64::from(kept).wrapping_mul(GOLDEN).rotate_left(32)
    }

    /// The place of `name`; `name_at` tells the name at a place.
    fn find<'a>(&self, name: &str, name_at: impl Fn(usize) -> &'a str) -> Option<usize> {
        let kept = Self::kept_hash(name);
        let is_same = |&(hash, place): &(u32, u32)| hash == kept && name_at(place as usize) == name;
        Some(self.0.find(Self::spread(kept), is_same)?.1 as usize)
    }

    /// Enters `place` for `name`, unless the name is there already: then its place comes back.
    fn enter<'a>(&mut self, name: &str, place: usize, name_at: impl Fn(usize) -> &'a str) -> Option<usize> {
        let kept = Self::kept_hash(name);
        let is_same = |&(hash, place): &(u32, u32)| hash == kept && name_at(place as usize) == name;
        match self.0.entry(Self::spread(kept), is_same, |&(hash, _)| Self::spread(hash)) {
            Entry::Occupied(found) => Some(found.get().1 as usize),
            Entry::Vacant(free) => {
                free.insert((kept, place as u32));
                None
            }
        }
    }
}

macro_rules! index_type {
    (
        $(#[$doc:meta])* $index:ident, $id:ident,
        $(#[$builder_doc:meta])* $builder:ident,
        $(#[$values_doc:meta])* $values:ident
    ) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $index {
            ids: Vec<$id>,
            places: OnceLock<Places>,
        }

        $(#[$builder_doc])*
        #[derive(Debug, Default)]
        pub struct $builder {
            ids: Vec<$id>,
            places: Places,
        }

        impl $builder {
            /// Adds a name; where it is there already, its place, counted from zero, comes back and nothing is added.
            ///
            /// # Errors
            /// The place of the name that is there already.
            pub fn push(&mut self, id: $id) -> Result<(), usize> {
                let place = self.ids.len();
                match self.places.enter(id.as_str(), place, |place| self.ids[place].as_str()) {
                    Some(first) => Err(first),
                    None => {
                        self.ids.push(id);
                        Ok(())
                    }
                }
            }

            /// Number of names so far.
            pub fn len(&self) -> usize {
                self.ids.len()
            }

            /// Whether there is no name yet.
            pub fn is_empty(&self) -> bool {
                self.ids.is_empty()
            }

            /// The index over the names.
            pub fn build(self) -> Arc<$index> {
                Arc::new($index { ids: self.ids, places: OnceLock::from(self.places) })
            }
        }

        impl $index {
            /// An index over `ids`, in their order.
            ///
            /// # Errors
            /// [`IndexError::Duplicate`] when a name appears twice.
            pub fn new(ids: Vec<$id>) -> Result<Arc<Self>, IndexError> {
                let mut places = Places::with_capacity(ids.len());
                for (position, id) in ids.iter().enumerate() {
                    if let Some(first) = places.enter(id.as_str(), position, |place| ids[place].as_str()) {
                        return Err(IndexError::Duplicate {
                            name: id.to_string(),
                            first: first + 1,
                            second: position + 1,
                        });
                    }
                }
                Ok(Arc::new(Self { ids, places: OnceLock::from(places) }))
            }

            /// The names of columns that may repeat, in their order. Which of two of one name [`Self::position`] finds is
            /// not said.
            pub fn with_repeats(ids: Vec<$id>) -> Arc<Self> {
                Arc::new(Self { ids, places: OnceLock::new() })
            }

            /// The names, in order.
            pub fn ids(&self) -> &[$id] {
                &self.ids
            }

            /// Number of names.
            pub fn len(&self) -> usize {
                self.ids.len()
            }

            /// Whether there is no name at all.
            pub fn is_empty(&self) -> bool {
                self.ids.is_empty()
            }

            /// The place of `id`, counted from zero.
            pub fn position(&self, id: &str) -> Option<usize> {
                let name_at = |place: usize| self.ids[place].as_str();
                let all = || {
                    let mut places = Places::with_capacity(self.ids.len());
                    self.ids.iter().enumerate().for_each(|(place, id)| {
                        places.enter(id.as_str(), place, name_at);
                    });
                    places
                };
                self.places.get_or_init(all).find(id, name_at)
            }

            /// The names at `positions`, which must be distinct and within range.
            pub fn select(&self, positions: &[usize]) -> Arc<Self> {
                // Distinct entries of a unique list are unique: the map is built only if somebody asks for it.
                let ids = positions.iter().map(|&i| self.ids[i].clone()).collect();
                Arc::new(Self { ids, places: OnceLock::new() })
            }
        }

        impl PartialEq for $index {
            fn eq(&self, other: &Self) -> bool {
                self.ids == other.ids
            }
        }

        impl Eq for $index {}

        $(#[$values_doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $values<T> {
            index: Arc<$index>,
            values: Vec<T>,
        }

        impl<T> $values<T> {
            /// Ties `values` to `index`.
            ///
            /// # Errors
            /// [`IndexError::Length`] when there are more or fewer values than names.
            pub fn new(index: Arc<$index>, values: Vec<T>) -> Result<Self, IndexError> {
                if values.len() != index.len() {
                    return Err(IndexError::Length { expected: index.len(), found: values.len() });
                }
                Ok(Self { index, values })
            }

            /// One value for each name, computed from its place.
            pub fn from_fn(index: Arc<$index>, value: impl FnMut(usize) -> T) -> Self {
                let values = (0..index.len()).map(value).collect();
                Self { index, values }
            }

            /// The names that the values belong to.
            pub fn index(&self) -> &Arc<$index> {
                &self.index
            }

            /// The values, in the order of the index.
            pub fn values(&self) -> &[T] {
                &self.values
            }

            /// The value of `id`.
            pub fn get(&self, id: &str) -> Option<&T> {
                self.index.position(id).map(|i| &self.values[i])
            }

            /// Names with their values, in order.
            pub fn iter(&self) -> impl ExactSizeIterator<Item = (&$id, &T)> {
                self.index.ids().iter().zip(&self.values)
            }

            /// Gives up the index.
            pub fn into_values(self) -> Vec<T> {
                self.values
            }

            /// The same names with other values.
            pub fn map<U>(&self, f: impl FnMut(&T) -> U) -> $values<U> {
                $values { index: Arc::clone(&self.index), values: self.values.iter().map(f).collect() }
            }
        }

        impl<T: Clone> $values<T> {
            /// The values at `positions`, under the index of just those names.
            pub fn select(&self, positions: &[usize]) -> Self {
                Self {
                    index: self.index.select(positions),
                    values: positions.iter().map(|&i| self.values[i].clone()).collect(),
                }
            }
        }

        impl<T> Index<usize> for $values<T> {
            type Output = T;

            fn index(&self, position: usize) -> &T {
                &self.values[position]
            }
        }
    };
}

index_type!(
    /// The genes of a matrix or table: unique, ordered.
    GeneIndex,
    GeneId,
    /// A [`GeneIndex`] in the making, which finds repeated names as they come.
    GeneIndexBuilder,
    /// One value per gene, tied to the genes it belongs to.
    PerGene
);
index_type!(
    /// The samples of a matrix: unique, ordered.
    SampleIndex,
    SampleId,
    /// A [`SampleIndex`] in the making.
    SampleIndexBuilder,
    /// One value per sample, tied to the samples it belongs to.
    PerSample
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_name_is_refused_with_both_places() {
        let error = GeneIndex::new(vec!["a".into(), "b".into(), "a".into()]).unwrap_err();
        assert_eq!(error, IndexError::Duplicate { name: "a".into(), first: 1, second: 3 });
    }

    #[test]
    fn values_of_another_length_are_refused() {
        let genes = GeneIndex::new(vec!["a".into(), "b".into()]).unwrap();
        assert_eq!(PerGene::new(genes, vec![1]).unwrap_err(), IndexError::Length { expected: 2, found: 1 });
    }

    #[test]
    fn a_selection_still_finds_its_names() {
        let samples = SampleIndex::new(vec!["a".into(), "b".into(), "c".into()]).unwrap();
        let selected = samples.select(&[2, 0]);
        assert_eq!((selected.position("c"), selected.position("b")), (Some(0), None));
    }
}
