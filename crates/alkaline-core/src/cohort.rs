//! A cohort: patients with what is known of them, endpoints with times and events, and markers measured in their samples.

use serde::{Deserialize, Serialize};

/// A column of a table about patients or samples: its name and the text of its cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClinicalColumn {
    /// The name, trimmed.
    pub name: String,
    /// A cell for each row, trimmed; empty where nothing is told.
    pub cells: Vec<String>,
}

/// A table about patients, column by column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClinicalTable {
    /// Who the rows are about.
    pub ids: Vec<String>,
    /// The line of each row in its file.
    pub lines: Vec<u64>,
    /// The columns, that of the identifiers included.
    pub columns: Vec<ClinicalColumn>,
}

impl ClinicalTable {
    /// The column called `name`, letter case aside where no name is the same.
    pub fn column(&self, name: &str) -> Option<&ClinicalColumn> {
        let same = self.columns.iter().find(|column| column.name == name);
        same.or_else(|| self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name)))
    }
}

/// What times are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum TimeUnit {
    /// Days.
    Days,
    /// Weeks.
    Weeks,
    /// Months.
    Months,
    /// Years.
    Years,
}

impl TimeUnit {
    /// As it stands beside a number.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Weeks => "weeks",
            Self::Months => "months",
            Self::Years => "years",
        }
    }

    /// How many of it are a year.
    pub const fn in_a_year(self) -> f64 {
        match self {
            Self::Days => 365.25,
            Self::Weeks => 52.178_571_428_571_43,
            Self::Months => 12.0,
            Self::Years => 1.0,
        }
    }
}

/// What is waited for: death, progression and so on.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// Its short name: OS, PFS.
    pub name: String,
    /// The column of the times.
    pub time_column: String,
    /// The column of the events.
    pub event_column: String,
    /// What times are counted in, where that is known.
    pub unit: Option<TimeUnit>,
    /// The time of each patient; NaN where there is none.
    pub times: Vec<f64>,
    /// Whether it ended with the event; `None` where that is not told.
    pub events: Vec<Option<bool>>,
}

/// A marker measured in samples.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marker {
    /// Its name, trimmed.
    pub name: String,
    /// A value for each sample; NaN where there is none.
    pub values: Vec<f64>,
    /// Values below detection, which were replaced.
    pub below_detection: usize,
    /// Values above the range of measurement, which were replaced.
    pub above_range: usize,
}

/// Markers of samples.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MarkerTable {
    /// The samples, or patients, in the order of the values.
    pub samples: Vec<String>,
    /// The markers.
    pub markers: Vec<Marker>,
    /// Columns that are no markers: visits, plates, groups.
    pub beside: Vec<ClinicalColumn>,
}
