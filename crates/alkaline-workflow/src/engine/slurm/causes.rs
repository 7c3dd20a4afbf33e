//! Why a task ended without a receipt: from what Slurm says, and from what its own log says where Slurm says little.

use super::queue::Seen;
use crate::engine::ask::Ask;
use crate::engine::duration;

/// Why a task ended without a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    OutOfMemory,
    OutOfTime,
    /// It was killed, or ended with success and left nothing: often for lack of memory.
    PerhapsOutOfMemory,
    NodeFailed,
    MadeRoom,
    Cancelled,
    NeverBegan,
    /// It waited for a job that failed.
    NeverCanBegin,
    Failed,
    /// Slurm knows it no more.
    Forgotten,
}

/// Words of a job's log by which Slurm tells why it ended it.
const OUT_OF_MEMORY: [&str; 4] =
    ["exceeded memory limit", "oom-kill event", "Out Of Memory", "out of memory"];

/// Why a task ended of which Slurm says `seen`; `log` is what it wrote last, `None` where it never wrote.
pub(super) fn cause(seen: Option<&Seen>, log: Option<&str>) -> Cause {
    let said = log.unwrap_or_default();
    let by_log = || match () {
        () if OUT_OF_MEMORY.iter().any(|words| said.contains(words)) => Some(Cause::OutOfMemory),
        () if said.contains("DUE TO TIME LIMIT") => Some(Cause::OutOfTime),
        () if said.contains("DUE TO NODE FAILURE") => Some(Cause::NodeFailed),
        () if said.contains("DUE TO PREEMPTION") => Some(Cause::MadeRoom),
        () => None,
    };
    let Some(seen) = seen else {
        // A task that is cancelled before it begins leaves no trace where no account is kept.
        if log.is_none() {
            return Cause::NeverBegan;
        }
        let cancelled = said.contains("CANCELLED AT").then_some(Cause::Cancelled);
        return by_log().or(cancelled).unwrap_or(Cause::Forgotten);
    };
    if seen.reason.contains("DependencyNeverSatisfied") {
        return Cause::NeverCanBegin;
    }
    match seen.state.as_str() {
        "OUT_OF_MEMORY" => Cause::OutOfMemory,
        "TIMEOUT" | "DEADLINE" => Cause::OutOfTime,
        "NODE_FAIL" | "BOOT_FAIL" => Cause::NodeFailed,
        "PREEMPTED" | "REVOKED" => Cause::MadeRoom,
        "CANCELLED" if log.is_none() => Cause::NeverBegan,
        "CANCELLED" => by_log().unwrap_or(Cause::Cancelled),
        "COMPLETED" => by_log().unwrap_or(Cause::PerhapsOutOfMemory),
        _ if seen.exit.starts_with("137:") || seen.exit.ends_with(":9") => {
            by_log().unwrap_or(Cause::PerhapsOutOfMemory)
        }
        _ => by_log().unwrap_or(Cause::Failed),
    }
}

/// In words, with what was asked for.
pub(super) fn in_words(cause: Cause, seen: Option<&Seen>, job: &str, ask: &Ask) -> String {
    let state = seen.map_or_else(String::new, |seen| {
        let exit = if seen.exit.is_empty() { String::new() } else { format!(" {}", seen.exit) };
        format!(", {}{exit}", seen.state)
    });
    let what = match cause {
        Cause::OutOfMemory => format!(
            "ran out of memory: {} MB were asked for, `alkaline resume` asks for twice as much",
            ask.megabytes()
        ),
        Cause::OutOfTime => format!(
            "ran out of time: {} was asked for, `alkaline resume` asks for twice as much",
            duration::text(ask.seconds)
        ),
        Cause::PerhapsOutOfMemory if seen.is_some_and(|seen| seen.state == "COMPLETED") => {
            "ended with success and left no receipt, as for lack of memory: `alkaline resume` asks for twice as much".to_owned()
        }
        Cause::PerhapsOutOfMemory => {
            "was killed, by somebody or for lack of memory: `alkaline resume` asks for twice as much".to_owned()
        }
        Cause::NodeFailed => "its node failed".to_owned(),
        Cause::MadeRoom => "had to make room for another job".to_owned(),
        Cause::Cancelled => "was cancelled".to_owned(),
        Cause::NeverBegan if seen.is_none() => {
            "left the queue before it began: it was cancelled, or lost".to_owned()
        }
        Cause::NeverBegan => "was cancelled before it began".to_owned(),
        Cause::NeverCanBegin => "can never begin: a job that it waits for failed".to_owned(),
        Cause::Failed => "failed".to_owned(),
        Cause::Forgotten => "is not in the queue any more, and left no receipt".to_owned(),
    };
    format!("{what} (job {job}{state})")
}

/// What is asked for next time.
pub(super) fn next_ask(cause: Cause, ask: Ask) -> Option<Ask> {
    match cause {
        Cause::OutOfMemory | Cause::PerhapsOutOfMemory => {
            Some(Ask { memory: ask.memory.saturating_mul(2), ..ask })
        }
        Cause::OutOfTime => Some(Ask { seconds: ask.seconds.saturating_mul(2), ..ask }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(state: &str, reason: &str, exit: &str, log: Option<&str>) -> Cause {
        let seen = Seen { state: state.into(), reason: reason.into(), exit: exit.into() };
        cause(Some(&seen), log)
    }

    #[test]
    fn what_slurm_says_little_of_is_told_by_the_log_of_the_job() {
        let kill =
            "slurmstepd: error: StepId=27.batch exceeded memory limit (264974336 > 210763776), being killed";
        let late =
            "slurmstepd: error: *** JOB 5 ON n1 CANCELLED AT 2026-12-01T00:00:00 DUE TO TIME LIMIT ***";
        assert_eq!(of("OUT_OF_MEMORY", "None", "0:125", Some("")), Cause::OutOfMemory);
        assert_eq!(of("FAILED", "JobLaunchFailure", "0:9", Some(kill)), Cause::OutOfMemory);
        assert_eq!(of("CANCELLED", "None", "0:0", Some(kill)), Cause::OutOfMemory);
        assert_eq!(of("FAILED", "NonZeroExitCode", "137:0", Some("")), Cause::PerhapsOutOfMemory);
        assert_eq!(of("COMPLETED", "None", "0:0", Some("")), Cause::PerhapsOutOfMemory);
        assert_eq!(of("TIMEOUT", "TimeLimit", "0:0", Some(late)), Cause::OutOfTime);
        assert_eq!(cause(None, Some(late)), Cause::OutOfTime);
        assert_eq!(cause(None, Some("counted")), Cause::Forgotten);
        assert_eq!(cause(None, None), Cause::NeverBegan);
        assert_eq!(of("CANCELLED", "None", "0:0", None), Cause::NeverBegan);
        assert_eq!(of("CANCELLED", "None", "0:0", Some("x")), Cause::Cancelled);
        assert_eq!(of("PENDING", "DependencyNeverSatisfied", "", None), Cause::NeverCanBegin);
        assert_eq!(of("CANCELLED", "DependencyNeverSatisfied", "0:0", None), Cause::NeverCanBegin);
        assert_eq!(of("NODE_FAIL", "NodeDown", "1:0", Some("")), Cause::NodeFailed);
        assert_eq!(of("PREEMPTED", "None", "0:0", Some("")), Cause::MadeRoom);
        assert_eq!(of("FAILED", "NonZeroExitCode", "3:0", Some("error: no")), Cause::Failed);
    }

    #[test]
    fn lack_of_memory_or_time_doubles_what_is_asked_for_and_nothing_else_does() {
        let ask = Ask { cpus: 4, memory: 100, seconds: 60 };
        assert_eq!(next_ask(Cause::OutOfMemory, ask), Some(Ask { memory: 200, ..ask }));
        assert_eq!(next_ask(Cause::OutOfTime, ask), Some(Ask { seconds: 120, ..ask }));
        assert_eq!(next_ask(Cause::Failed, ask), None);
        assert_eq!(next_ask(Cause::NodeFailed, ask), None);
    }
}
