//! Tells how far a task is while it is under way.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::observer::{Amount, Observer};

/// How often it is told.
const BETWEEN_LOOKS: Duration = Duration::from_millis(250);

/// Does `work`; meanwhile `observer` is told how much of `total` bytes the task called `task` has read, as `read` tells.
pub(super) fn watched<T>(
    observer: &dyn Observer,
    task: &str,
    total: u64,
    read: impl Fn() -> u64 + Sync + Send,
    work: impl FnOnce() -> T,
) -> T {
    thread::scope(|scope| {
        let (over, is_over) = channel::<()>();
        scope.spawn(move || {
            while is_over.recv_timeout(BETWEEN_LOOKS) == Err(RecvTimeoutError::Timeout) {
                let done = read().min(total);
                // Where nothing moves the meter there is nothing to tell.
                if done > 0 {
                    observer.stage_progress(task, Amount { done, total });
                }
            }
        });
        let result = work();
        drop(over);
        result
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    /// Keeps what it is told.
    #[derive(Default)]
    struct Ear(Mutex<Vec<(String, Amount)>>);

    impl Observer for Ear {
        fn stage_started(&self, _stage: &str) {}
        fn stage_finished(&self, _stage: &str, _seconds: f64, _outcome: &str) {}
        fn note(&self, _text: &str) {}
        fn warning(&self, _text: &str) {}
        fn stage_progress(&self, stage: &str, bytes: Amount) {
            self.0.lock().unwrap().push((stage.to_owned(), bytes));
        }
    }

    #[test]
    fn while_a_task_works_its_progress_is_told() {
        let (ear, read) = (Ear::default(), AtomicU64::new(0));
        let result = watched(
            &ear,
            "count:a",
            10,
            || read.load(Ordering::Relaxed),
            || {
                for bytes in [0, 4, 40] {
                    read.store(bytes, Ordering::Relaxed);
                    let told = || ear.0.lock().unwrap().last().map(|(_, bytes)| bytes.done);
                    let start = std::time::Instant::now();
                    while told().unwrap_or(0) != bytes.min(10) && start.elapsed() < Duration::from_secs(20) {
                        thread::sleep(Duration::from_millis(10));
                    }
                }
                7
            },
        );
        assert_eq!(result, 7);
        let told = ear.0.into_inner().unwrap();
        let mut done: Vec<u64> = told.iter().map(|(_, bytes)| bytes.done).collect();
        done.dedup();
        assert_eq!(done, [4, 10], "{told:?}");
        assert!(told.iter().all(|(stage, bytes)| stage == "count:a" && bytes.total == 10));
    }
}
