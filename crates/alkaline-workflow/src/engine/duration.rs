//! Times as Slurm writes them: `90` (minutes), `30:00`, `02:00:00`, `1-12:00:00`.

/// Seconds in a minute, an hour, a day.
const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The seconds that `text` means; `None` when it is no time.
pub(super) fn parse(text: &str) -> Option<u64> {
    let (days, rest) = match text.trim().split_once('-') {
        Some((days, rest)) => (Some(days.parse::<u64>().ok()?), rest),
        None => (None, text.trim()),
    };
    let parts: Vec<u64> = rest.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let seconds = match (days, parts.as_slice()) {
        (Some(_), [hours]) => hours.checked_mul(HOUR)?,
        (Some(_), [hours, minutes]) => hours.checked_mul(HOUR)? + minutes.checked_mul(MINUTE)?,
        (_, [hours, minutes, seconds]) => hours.checked_mul(HOUR)? + minutes.checked_mul(MINUTE)? + seconds,
        (None, [minutes, seconds]) => minutes.checked_mul(MINUTE)? + seconds,
        (None, [minutes]) => minutes.checked_mul(MINUTE)?,
        _ => return None,
    };
    seconds.checked_add(days.unwrap_or(0).checked_mul(DAY)?)
}

/// Seconds as `HH:MM:SS`, or `D-HH:MM:SS` from a day on.
pub(super) fn text(seconds: u64) -> String {
    let (days, rest) = (seconds / DAY, seconds % DAY);
    let clock = format!("{:02}:{:02}:{:02}", rest / HOUR, rest % HOUR / MINUTE, rest % MINUTE);
    if days > 0 { format!("{days}-{clock}") } else { clock }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_slurm_reads_them_and_written_so_too() {
        for (text, seconds) in
            [("90", 5400), ("30:00", 1800), ("02:00:00", 7200), ("1-12", 129_600), ("1-12:30", 131_400)]
        {
            assert_eq!(parse(text), Some(seconds), "{text}");
        }
        for text in ["", "infinite", "UNLIMITED", "1:2:3:4", "-5", "99999999999999999999"] {
            assert_eq!(parse(text), None, "{text}");
        }
        for seconds in [600, 7200, 131_400] {
            assert_eq!(parse(&text(seconds)), Some(seconds));
        }
    }
}
