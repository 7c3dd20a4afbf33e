//! How many nodes run side by side: as many as threads and memory allow.

use super::cost::Cost;
use crate::plan::Task;

/// Threads and memory of a run, and what the running nodes take of them.
#[derive(Debug)]
pub(super) struct Slots {
    threads: usize,
    memory: Option<u64>,
    taken: Vec<Share>,
}

/// What a node takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share {
    /// Threads.
    pub threads: usize,
    /// Bytes.
    pub memory: u64,
}

impl Slots {
    pub(super) fn new(threads: usize, memory: Option<u64>) -> Self {
        Self { threads: threads.max(1), memory, taken: Vec::new() }
    }

    /// What `task` would take, `waiting` nodes of its kind being ready: files are counted side by side where there are several,
    /// which wastes less than many threads at one.
    pub(super) fn share(&self, task: &Task, waiting: usize, cost: &Cost) -> Share {
        let threads = if task.takes_threads() { (self.threads / waiting.max(1)).max(1) } else { 1 };
        Share { threads, memory: cost.memory }
    }

    /// Whether no thread is left.
    pub(super) fn are_taken(&self) -> bool {
        self.taken.iter().map(|taken| taken.threads).sum::<usize>() >= self.threads
    }

    /// Whether there is room. A node that is alone always has it.
    pub(super) fn has_room(&self, share: Share) -> bool {
        if self.taken.is_empty() {
            return true;
        }
        let threads: usize = self.taken.iter().map(|taken| taken.threads).sum();
        let memory: u64 = self.taken.iter().map(|taken| taken.memory).sum();
        threads + share.threads <= self.threads
            && self.memory.is_none_or(|most| memory + share.memory <= most)
    }

    pub(super) fn take(&mut self, share: Share) {
        self.taken.push(share);
    }

    pub(super) fn give_back(&mut self, share: Share) {
        if let Some(place) = self.taken.iter().position(|taken| *taken == share) {
            self.taken.swap_remove(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_counted_side_by_side_and_memory_is_a_limit() {
        let count = |sample: &str| Task::Count(sample.into());
        let mut slots = Slots::new(4, Some(1 << 30));
        let cost = Cost { seconds: 1.0, memory: 400 << 20 };
        assert_eq!(slots.share(&count("a"), 1, &cost).threads, 4);
        assert_eq!(slots.share(&count("a"), 2, &cost).threads, 2);
        let share = slots.share(&count("a"), 10, &cost);
        assert_eq!(share.threads, 1);
        slots.take(share);
        assert!(slots.has_room(share));
        slots.take(share);
        assert!(!slots.has_room(share), "three times 400 MB are more than a gigabyte");
        slots.give_back(share);
        assert!(slots.has_room(share));
    }

    #[test]
    fn what_is_alone_runs_however_large() {
        assert!(Slots::new(1, Some(1)).has_room(Share { threads: 8, memory: 1 << 40 }));
    }
}
