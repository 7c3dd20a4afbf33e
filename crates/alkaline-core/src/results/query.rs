//! Which genes over-representation asks about.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Direction;

/// Which genes over-representation asks about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum Query {
    /// All called genes, whatever their direction.
    All,
    /// The genes that are up.
    Up,
    /// The genes that are down.
    Down,
    /// A list of one's own, by its name.
    #[cfg_attr(feature = "clap", value(skip))]
    List(String),
}

impl Query {
    /// The questions that a test table answers, in the order in which they are shown.
    pub const OF_TABLE: [Self; 3] = [Self::All, Self::Up, Self::Down];

    /// The word in files and file names: `all`, `up`, `down`, or the name of the list.
    pub fn name(&self) -> &str {
        match self {
            Self::All => "all",
            Self::Up => "up",
            Self::Down => "down",
            Self::List(name) => name,
        }
    }

    /// Whether a gene with this call is asked about. A list tells by itself what is in it.
    pub fn asks_about(&self, direction: Direction) -> bool {
        match self {
            Self::Up => direction == Direction::Up,
            Self::Down => direction == Direction::Down,
            Self::All | Self::List(_) => direction != Direction::NotSignificant,
        }
    }

    /// What there is none of when no gene is asked about: `no gene is called up`.
    pub fn none_in_words(&self) -> String {
        match self {
            Self::All => "no gene is called up or down".to_owned(),
            Self::Up | Self::Down => format!("no gene is called {}", self.name()),
            Self::List(name) => format!("the list {name} is empty"),
        }
    }
}

impl From<String> for Query {
    fn from(name: String) -> Self {
        Self::OF_TABLE.into_iter().find(|query| query.name() == name).unwrap_or(Self::List(name))
    }
}

impl From<&str> for Query {
    fn from(name: &str) -> Self {
        name.to_owned().into()
    }
}

impl From<Query> for String {
    fn from(query: Query) -> Self {
        query.name().to_owned()
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_query_is_found_by_its_name() {
        for query in Query::OF_TABLE.into_iter().chain([Query::List("mine".to_owned())]) {
            assert_eq!(Query::from(query.name()), query);
        }
        assert!(Query::All.asks_about(Direction::Down) && !Query::Up.asks_about(Direction::Down));
        assert_eq!(Query::All.none_in_words(), "no gene is called up or down");
    }
}
