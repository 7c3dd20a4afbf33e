//! What time it is.

use std::time::Instant;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The time now, as RFC 3339 in UTC, to the second.
pub fn now() -> String {
    let now = OffsetDateTime::now_utc();
    let second = now.replace_nanosecond(0).unwrap_or(now);
    // Formatting fails only for years outside four digits.
    second.format(&Rfc3339).unwrap_or_default()
}

/// The day of this second of Unix time, or today: `2026-11-30`.
pub fn day(of: Option<i64>) -> String {
    let told = of.and_then(|second| OffsetDateTime::from_unix_timestamp(second).ok());
    let day = told.unwrap_or_else(OffsetDateTime::now_utc).date();
    format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day())
}

/// Measures a stage.
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Seconds since the start.
    pub fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_utc_to_the_second() {
        let now = now();
        assert!(now.len() == 20 && now.ends_with('Z'), "{now}");
        assert_eq!(day(Some(1_000_000_000)), "2001-09-09");
        assert_eq!(day(None), now[..10]);
    }
}
