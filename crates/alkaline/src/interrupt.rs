//! What happens at Ctrl-C, at a scheduler's request to end, and when the terminal is gone: what was begun is cleared
//! away, and the exit code is 130.

use std::thread;

use alkaline_io::output;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::failure::Failure;

/// The exit code of a program that was interrupted (128 + SIGINT).
const INTERRUPTED: i32 = 130;

/// From here on a signal to end leaves nothing unfinished, whatever the command is doing; what is finished stays.
pub fn watch() -> Result<(), Failure> {
    let failed = |error| Failure::machine(format!("cannot watch for interrupts: {error}"));
    let wanted =
        [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|&signal| signal != SIGHUP || !survives_hangup());
    let mut signals = Signals::new(wanted).map_err(failed)?;
    let end = move || {
        if signals.forever().next().is_some() {
            output::clear_away();
            signal_hook::low_level::exit(INTERRUPTED);
        }
    };
    thread::Builder::new().name("signals".to_owned()).spawn(end).map(|_| ()).map_err(failed)
}

/// Whether the user asked (with `nohup`) that the program outlive its terminal.
fn survives_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    mask & (1 << (SIGHUP - 1)) != 0
}
