//! Names of genes, samples and contigs: three kinds of text that must not be mixed up.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Defines a cheap-to-clone text newtype.
macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The text, exactly as read.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<T: AsRef<str>> From<T> for $name {
            fn from(text: T) -> Self {
                Self(Arc::from(text.as_ref()))
            }
        }

        impl From<$name> for Arc<str> {
            /// The text itself, which both then share.
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::from)
            }
        }
    };
}

name_type!(
    /// A gene identifier as the annotation or count table spells it (`ENSG00000115009.12`, `6364`, `CCL20`).
    GeneId
);
name_type!(
    /// A sample name, unique within an analysis.
    SampleId
);
name_type!(
    /// The name of a reference sequence (`chr1`, `1`, `MT`).
    ContigName
);

impl GeneId {
    /// The identifier without an Ensembl version suffix: `ENSG00000115009.12` gives `ENSG00000115009`.
    ///
    /// Only identifiers that start with `ENS` lose the suffix; others may hold a meaningful dot (`HLA-DRB1.2`).
    pub fn unversioned(&self) -> &str {
        let text = self.as_str();
        match text.split_once('.') {
            Some((stem, version))
                if stem.starts_with("ENS") && version.bytes().next().is_some_and(|b| b.is_ascii_digit()) =>
            {
                stem
            }
            _ => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ensembl_ids_lose_their_version() {
        assert_eq!(GeneId::from("ENSG00000115009.12").unversioned(), "ENSG00000115009");
        assert_eq!(GeneId::from("RP11-34P13.7").unversioned(), "RP11-34P13.7");
        assert_eq!(GeneId::from("6364").unversioned(), "6364");
    }
}
