//! CPU time, wall time and memory of child processes.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Clock ticks per second in `/proc`: a constant of the Linux interface.
const TICKS_PER_SECOND: f64 = 100.0;

/// Places of the CPU time of waited-for children in `/proc/self/stat`, counted behind the process name.
const CHILD_USER: usize = 13;
const CHILD_SYSTEM: usize = 14;

/// What a run took.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// User and system time in seconds.
    pub cpu: f64,
    /// Seconds on the wall.
    pub wall: f64,
    /// Peak resident memory, where the program tells it.
    pub peak_megabytes: Option<f64>,
}

/// Runs a program; `None` when it is not there or fails. With `tells`, the first word that it prints is its peak memory.
pub fn run(program: &Path, arguments: &[&str], tells: bool) -> Option<Cost> {
    let (cpu, start) = (children_cpu(), Instant::now());
    let output = Command::new(program).args(arguments).stderr(Stdio::null()).output().ok()?;
    let wall = start.elapsed().as_secs_f64();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let peak = printed.split_whitespace().next().and_then(|word| word.parse().ok());
    output.status.success().then(|| Cost {
        cpu: children_cpu() - cpu,
        wall,
        peak_megabytes: peak.filter(|_| tells),
    })
}

/// The median of each figure; `None` without runs.
pub fn medians(costs: &[Cost]) -> Option<Cost> {
    let median = |figure: &dyn Fn(&Cost) -> f64| {
        let mut figures: Vec<f64> = costs.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures.get(figures.len() / 2).copied()
    };
    Some(Cost {
        cpu: median(&|cost| cost.cpu)?,
        wall: median(&|cost| cost.wall)?,
        peak_megabytes: costs[0].peak_megabytes.and(median(&|cost| cost.peak_megabytes.unwrap_or(0.0))),
    })
}

/// Peak resident memory of this process in megabytes.
pub fn own_peak_memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1024.0
}

fn children_cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks = |place: usize| fields[place].parse::<f64>().unwrap();
    (ticks(CHILD_USER) + ticks(CHILD_SYSTEM)) / TICKS_PER_SECOND
}
