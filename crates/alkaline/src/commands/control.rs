//! How a run is carried out: options without influence on its results.

use alkaline_workflow::engine::local::Control;
use alkaline_workflow::store::{Holder, Wait};
use alkaline_workflow::{Observer, clock};
use clap::Args;

use super::reads_input::search_path;
use crate::console::Console;
use crate::failure::Failure;

/// How a run is carried out.
#[derive(Args, Clone, Debug, Default)]
pub struct ControlArgs {
    /// Say what would be done, stage by stage, and why; do nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Wait when another program works on the run, instead of ending.
    #[arg(long)]
    pub wait: bool,
    /// Read all files again to see whether they changed, even when size, time and inode are as they were.
    #[arg(long)]
    pub paranoid: bool,
    /// Memory that stages running side by side may need together, such as 16G [default: no limit].
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub memory: Option<u64>,
}

impl ControlArgs {
    /// Runs `work` under these options; `console` is told whom the run waits for.
    pub fn with<T>(
        &self,
        console: &Console,
        work: impl FnOnce(Control<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let Self { dry_run: _, wait, paranoid, memory } = self;
        let tell = |text: &str| console.notice(text);
        let control = Control {
            memory: *memory,
            paranoid: *paranoid,
            search: search_path(),
            holder: this_process(),
            wait: if *wait { Wait::Yes(&tell) } else { Wait::No },
            date: source_date(),
            ..Control::default()
        };
        work(control)
    }
}

/// This process, with the job of the cluster that it is part of.
pub fn this_process() -> Holder {
    let of = |names: [&str; 3]| names.into_iter().find_map(|name| std::env::var(name).ok());
    Holder::this_process(of(["SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID"]))
}

/// The day of `SOURCE_DATE_EPOCH`, where it is set.
fn source_date() -> Option<String> {
    let second = std::env::var("SOURCE_DATE_EPOCH").ok()?.trim().parse().ok()?;
    Some(clock::day(Some(second)))
}

/// A size such as `16G`, `500M` or a number of bytes.
fn parse_size(text: &str) -> Result<u64, String> {
    let text = text.trim().trim_end_matches(['B', 'b']).trim_end_matches('i');
    let (digits, factor) = match text.char_indices().last() {
        Some((place, 'k' | 'K')) => (&text[..place], 1_u64 << 10),
        Some((place, 'm' | 'M')) => (&text[..place], 1 << 20),
        Some((place, 'g' | 'G')) => (&text[..place], 1 << 30),
        Some((place, 't' | 'T')) => (&text[..place], 1 << 40),
        _ => (text, 1),
    };
    let number: f64 =
        digits.trim().parse().map_err(|_| "a size is wanted, such as 16G or 500M".to_owned())?;
    let bytes = number * factor as f64;
    if bytes.is_finite() && bytes >= 1.0 {
        Ok(bytes as u64)
    } else {
        Err("a size above zero is wanted".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_understood_as_people_write_them() {
        for (text, bytes) in
            [("16G", 16 << 30), ("16 GB", 16 << 30), ("1.5GiB", 3 << 29), ("500M", 500 << 20), ("12", 12)]
        {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
        for text in ["", "G", "-1G", "much", "0"] {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }
}
