//! What Slurm says of jobs: `squeue` of those that it has, `sacct` of others where accounts are kept, else `scontrol`.

use std::collections::HashMap;

use super::asking::Programs;
use super::cluster::keeps_account;
use crate::error::WorkflowError;

/// What Slurm says of a task of an array.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// `PENDING`, `RUNNING`, `FAILED`, ...
    pub state: String,
    /// Why it waits, or why it ended.
    pub reason: String,
    /// Exit code and signal, as `3:0`.
    pub exit: String,
}

impl Seen {
    /// Whether it is in the queue, to run or running.
    pub(super) fn is_in_queue(&self) -> bool {
        const STATES: [&str; 10] = [
            "PENDING",
            "RUNNING",
            "CONFIGURING",
            "COMPLETING",
            "REQUEUED",
            "SUSPENDED",
            "STOPPED",
            "RESIZING",
            "SIGNALING",
            "STAGE_OUT",
        ];
        STATES.contains(&self.state.as_str()) || self.state.starts_with("REQUEUE")
    }
}

/// What Slurm says of the tasks of the jobs `ids`, by names such as `12_3`.
///
/// # Errors
/// [`WorkflowError::Program`] when it does not answer.
pub(super) fn look(programs: &Programs, ids: &[String]) -> Result<HashMap<String, Seen>, WorkflowError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let user = rustix::process::getuid().as_raw().to_string();
    let queue = programs.ask("squeue", &["-h", "-r", "-u", &user, "-t", "all", "-o", "%i|%T|%r"])?;
    let mut seen: HashMap<String, Seen> = of_queue(&queue, ids);
    if keeps_account(programs) {
        let list = ids.join(",");
        let format = ["-n", "-P", "-X", "-j", &list, "-o", "JobID,State,ExitCode,Reason"];
        // The queue has answered; what the accounts do not tell is told by the logs of the jobs.
        complete(&mut seen, of_accounts(&programs.ask("sacct", &format).unwrap_or_default()));
    } else {
        for id in ids {
            let ended = |(task, seen): (&String, &Seen)| of(task) == id && !seen.is_in_queue();
            if seen.iter().any(ended) {
                let said = programs.ask("scontrol", &["-o", "show", "job", id]).unwrap_or_default();
                complete(&mut seen, of_controller(&said));
            }
        }
    }
    Ok(seen)
}

/// The job of a task: `12` of `12_3`.
fn of(task: &str) -> &str {
    task.split('_').next().unwrap_or(task)
}

/// What is in the queue counts; of all else the accounts know more.
fn complete(seen: &mut HashMap<String, Seen>, more: Vec<(String, Seen)>) {
    for (task, said) in more {
        match seen.get(&task) {
            Some(known) if known.is_in_queue() => {}
            _ => drop(seen.insert(task, said)),
        }
    }
}

fn of_queue(text: &str, ids: &[String]) -> HashMap<String, Seen> {
    let rows = text.lines().filter_map(|line| {
        let mut parts = line.splitn(3, '|').map(str::trim);
        let (task, state, reason) = (parts.next()?, parts.next()?, parts.next()?);
        let seen = Seen { state: state.to_owned(), reason: reason.to_owned(), exit: String::new() };
        ids.iter().any(|id| id == of(task)).then(|| (task.to_owned(), seen))
    });
    rows.collect()
}

fn of_accounts(text: &str) -> Vec<(String, Seen)> {
    let rows = text.lines().filter_map(|line| {
        let parts: Vec<&str> = line.split('|').collect();
        let [task, state, exit, reason] = parts[..] else { return None };
        // `CANCELLED by 0`
        let state = state.split_whitespace().next()?.to_owned();
        Some((task.to_owned(), Seen { state, reason: reason.to_owned(), exit: exit.to_owned() }))
    });
    rows.collect()
}

/// `scontrol -o show job`: a line for each task, of words `Key=Value`.
fn of_controller(text: &str) -> Vec<(String, Seen)> {
    let rows = text.lines().filter_map(|line| {
        let word =
            |key: &str| line.split_whitespace().find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
        let (array, index) = (word("ArrayJobId")?, word("ArrayTaskId")?);
        let of = |key: &str| word(key).unwrap_or_default().to_owned();
        let seen = Seen { state: of("JobState"), reason: of("Reason"), exit: of("ExitCode") };
        Some((format!("{array}_{index}"), seen))
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(state: &str, reason: &str, exit: &str) -> Seen {
        Seen { state: state.into(), reason: reason.into(), exit: exit.into() }
    }

    #[test]
    fn the_queue_is_read_and_jobs_of_others_are_passed_over() {
        let text = "12_1|RUNNING|None\n12_2|PENDING|(Resources)\n13_1|PENDING|DependencyNeverSatisfied\n99_1|RUNNING|None\n";
        let found = of_queue(text, &["12".to_owned(), "13".to_owned()]);
        assert_eq!(found.len(), 3);
        assert_eq!(found["13_1"], seen("PENDING", "DependencyNeverSatisfied", ""));
        assert!(found["12_1"].is_in_queue() && !seen("NODE_FAIL", "", "").is_in_queue());
    }

    #[test]
    fn accounts_and_controller_tell_how_a_task_ended() {
        let accounts =
            "12_1|OUT_OF_MEMORY|0:125|None\n12_2|CANCELLED by 0|0:0|None\n12_[3-5]|PENDING|0:0|None\n";
        let found = of_accounts(accounts);
        assert_eq!(found[0], ("12_1".to_owned(), seen("OUT_OF_MEMORY", "None", "0:125")));
        assert_eq!(found[1].1.state, "CANCELLED");
        let controller = "JobId=14 ArrayJobId=12 ArrayTaskId=3 JobName=a b JobState=FAILED Reason=NonZeroExitCode Dependency=(null) Requeue=1 ExitCode=3:0\n";
        let found = of_controller(controller);
        assert_eq!(found, [("12_3".to_owned(), seen("FAILED", "NonZeroExitCode", "3:0"))]);
        let mut all = HashMap::from([("12_3".to_owned(), seen("RUNNING", "None", ""))]);
        complete(&mut all, found);
        assert_eq!(all["12_3"].state, "RUNNING", "what is in the queue counts");
    }
}
