//! When there is something to say of a stage under way where nobody sees bars: in a job's log, and in the events for machines.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use alkaline_workflow::Amount;

/// The stages under way: since when, and when something was last said of each.
pub struct Pace {
    /// Time between two words about a stage; none comes before it has run so long.
    between: Duration,
    under_way: HashMap<String, (Instant, Instant)>,
}

impl Pace {
    /// A word about a stage every `between`.
    pub fn new(between: Duration) -> Self {
        Self { between, under_way: HashMap::new() }
    }

    /// `stage` begins at `now`.
    pub fn start(&mut self, stage: &str, now: Instant) {
        self.under_way.insert(stage.to_owned(), (now, now));
    }

    /// `stage` is over.
    pub fn stop(&mut self, stage: &str) {
        self.under_way.remove(stage);
    }

    /// How long `stage` has run, if it is time to say something of it.
    pub fn is_due(&mut self, stage: &str, now: Instant) -> Option<Duration> {
        let (since, told) = self.under_way.get_mut(stage)?;
        if now.duration_since(*told) < self.between {
            return None;
        }
        *told = now;
        Some(now.duration_since(*since))
    }
}

/// "count:H3122 40 % of 1.2 GB, 35 s left".
pub fn in_words(stage: &str, bytes: Amount, elapsed: Duration) -> String {
    let Amount { done, total } = bytes;
    let share = 100 * done / total.max(1);
    let left = left(bytes, elapsed).map_or_else(String::new, |left| format!(", {} left", time(left)));
    format!("{stage} {share} % of {}{left}", size(total))
}

/// The time that the rest takes at the pace so far.
pub fn left(amount: Amount, elapsed: Duration) -> Option<Duration> {
    let Amount { done, total } = amount;
    (done > 0).then(|| elapsed.mul_f64(total.saturating_sub(done) as f64 / done as f64))
}

/// A size with the unit in which it is between 1 and 1000.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    let mut value = bytes as f64;
    let mut unit = "B";
    for larger in UNITS {
        if value < 999.5 {
            break;
        }
        (value, unit) = (value / 1000.0, larger);
    }
    if value < 9.95 && unit != "B" { format!("{value:.1} {unit}") } else { format!("{value:.0} {unit}") }
}

/// Seconds, or minutes and hours where there are many.
fn time(duration: Duration) -> String {
    let seconds = duration.as_secs_f64().round() as u64;
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", (seconds + 30) / 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn share_size_and_time_left_are_told() {
        let words = |done, total, seconds| {
            in_words("count:H3122", Amount { done, total }, Duration::from_secs(seconds))
        };
        assert_eq!(words(480_000_000, 1_200_000_000, 23), "count:H3122 40 % of 1.2 GB, 35 s left");
        assert_eq!(words(0, 1_200, 23), "count:H3122 0 % of 1.2 kB");
        assert_eq!(words(1, 500, 60), "count:H3122 0 % of 500 B, 8 h 19 min left");
        assert_eq!(words(15_000_000_000, 60_000_000_000, 600), "count:H3122 25 % of 60 GB, 30 min left");
    }

    #[test]
    fn a_word_comes_every_so_often_and_none_about_what_is_quick_or_over() {
        let (mut pace, start) = (Pace::new(Duration::from_secs(30)), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        pace.start("count:a", at(0));
        assert_eq!(pace.is_due("count:a", at(29)), None);
        assert_eq!(pace.is_due("count:a", at(31)), Some(Duration::from_secs(31)));
        assert_eq!(pace.is_due("count:a", at(40)), None);
        assert_eq!(pace.is_due("count:a", at(62)), Some(Duration::from_secs(62)));
        pace.stop("count:a");
        assert_eq!((pace.is_due("count:a", at(99)), pace.is_due("count:b", at(99))), (None, None));
    }
}
