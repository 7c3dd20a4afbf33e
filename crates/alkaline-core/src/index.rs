//! Ordered, unique gene and sample names, and values that are tied to them.

use std::hash::Hasher;
use std::ops::Index;
use std::sync::{Arc, OnceLock};

use hashbrown::HashTable;
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
/// Four bytes a place: more names than they can count would fill the memory many times over.
#[derive(Clone, Debug, Default)]
struct Places(HashTable<u32>);

impl Places {
    fn hash(name: &str) -> u64 {
        let mut hasher = FxHasher::default();
        hasher.write(name.as_bytes());
        hasher.finish()
    }

    /// The place of `name`; `name_at` tells the name at a place.
    fn find<'a>(&self, name: &str, name_at: impl Fn(usize) -> &'a str) -> Option<usize> {
        let found = self.0.find(Self::hash(name), |&place| name_at(place as usize) == name)?;
        Some(*found as usize)
    }

    /// Enters `place`, whose name must not be there yet.
    fn insert<'a>(&mut self, place: usize, name_at: impl Fn(usize) -> &'a str) {
        let hash = |&place: &u32| Self::hash(name_at(place as usize));
        self.0.insert_unique(Self::hash(name_at(place)), place as u32, hash);
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
                if let Some(place) = self.places.find(id.as_str(), |place| self.ids[place].as_str()) {
                    return Err(place);
                }
                self.ids.push(id);
                self.places.insert(self.ids.len() - 1, |place| self.ids[place].as_str());
                Ok(())
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
                let mut builder = $builder::default();
                for (position, id) in ids.into_iter().enumerate() {
                    let name = id.clone();
                    builder.push(id).map_err(|first| IndexError::Duplicate {
                        name: name.to_string(),
                        first: first + 1,
                        second: position + 1,
                    })?;
                }
                Ok(builder.build())
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
                    let mut places = Places::default();
                    (0..self.ids.len()).for_each(|place| places.insert(place, name_at));
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
