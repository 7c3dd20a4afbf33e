//! Runs the nodes of a plan side by side, as soon as what they need is done; those that take longest begin first.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use std::thread;

use super::cost::Cost;
use super::node::Work;
use super::slots::{Share, Slots};
use crate::clock::Stopwatch;
use crate::error::{ErrorKind, WorkflowError};
use crate::observer::Amount;
use crate::plan::Node;
use crate::plan::currency::{Currency, judge};
use crate::store::receipt::Receipt;

/// How far a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting,
    Running,
    Done,
    /// It failed, or something that it needs did.
    Lost,
}

/// A plan under way.
pub(super) struct Scheduler<'a> {
    work: &'a Work<'a>,
    slots: Slots,
    states: Vec<State>,
    /// Of each node, how many that it needs are not done.
    missing: Vec<usize>,
    /// Of each node, which ones need it.
    followers: Vec<Vec<usize>>,
    /// Nodes that could begin, the longest last, with what they cost.
    ready: Vec<(Cost, usize)>,
    /// How many nodes of each stage are running.
    running: HashMap<&'static str, usize>,
    errors: Vec<WorkflowError>,
    /// How many nodes were done now.
    done: usize,
    /// How many are done, those included that were done before.
    finished: usize,
}

/// What a node's thread reports.
struct Report {
    place: usize,
    share: Share,
    result: Result<Arc<Receipt>, WorkflowError>,
}

impl<'a> Scheduler<'a> {
    pub(super) fn new(work: &'a Work<'a>, slots: Slots) -> Self {
        let nodes = work.plan.nodes();
        let mut followers = vec![Vec::new(); nodes.len()];
        for (place, node) in nodes.iter().enumerate() {
            for need in node.needs.iter().filter_map(|need| work.plan.place(&need.to_string())) {
                followers[need].push(place);
            }
        }
        Self {
            work,
            slots,
            states: vec![State::Waiting; nodes.len()],
            missing: nodes.iter().map(|node| node.needs.len()).collect(),
            followers,
            ready: Vec::new(),
            running: HashMap::new(),
            errors: Vec::new(),
            done: 0,
            finished: 0,
        }
    }

    /// Runs every node that is not done; gives how many these were.
    pub(super) fn run(mut self) -> Result<usize, WorkflowError> {
        let first = (0..self.states.len()).filter(|&place| self.missing[place] == 0).collect();
        self.could_begin(first);
        thread::scope(|scope| {
            let (sender, reports) = mpsc::channel::<Report>();
            loop {
                while let Some((place, share)) = self.next() {
                    self.start(place, share, scope, sender.clone());
                }
                if self.running.is_empty() {
                    break;
                }
                // The sender lives as long as the loop.
                let Ok(report) = reports.recv() else { break };
                self.slots.give_back(report.share);
                self.count(report.place, -1);
                self.finish(report);
            }
        });
        match self.errors.is_empty() {
            true => Ok(self.done),
            false => Err(WorkflowError::several(self.errors)),
        }
    }

    /// Nodes whose needs are done: those that are done themselves are passed over, with those after them; the others are ready.
    fn could_begin(&mut self, mut places: Vec<usize>) {
        while let Some(place) = places.pop() {
            let node = &self.work.plan.nodes()[place];
            // What was never done runs in any case: its inputs, which may be large, are read by the thread that does it.
            if self.work.store.receipt(&node.task.to_string()).is_none() {
                self.ready.push((Cost::of(node, self.work.store), place));
                continue;
            }
            let found = judge(node, &self.work.request.version, self.work.store);
            match found.map(|judged| judged.currency) {
                Ok(Currency::Current(receipt)) => {
                    self.tell_again(&receipt);
                    places.extend(self.done_with(place));
                }
                // What cannot be read now is told when the node runs.
                _ => self.ready.push((Cost::of(node, self.work.store), place)),
            }
        }
        // Of those that cost the same, the first of the plan is taken first, which is the last here.
        self.ready.sort_by(|(a, left), (b, right)| a.seconds.total_cmp(&b.seconds).then(right.cmp(left)));
    }

    /// Takes the next node that there is room for; after a failure of the machine there is none.
    fn next(&mut self) -> Option<(usize, Share)> {
        if self.errors.iter().any(|error| error.kind() == ErrorKind::Machine) || self.slots.are_taken() {
            return None;
        }
        let nodes = self.work.plan.nodes();
        let mut alike = self.running.clone();
        for (_, place) in &self.ready {
            *alike.entry(nodes[*place].task.stage()).or_default() += 1;
        }
        let share = |(cost, place): &(Cost, usize)| {
            let task = &nodes[*place].task;
            let waiting = if task.takes_threads() { alike[task.stage()] } else { 1 };
            self.slots.share(task, waiting, cost)
        };
        let number = self.ready.iter().rposition(|node| self.slots.has_room(share(node)))?;
        let share = share(&self.ready[number]);
        let (_, place) = self.ready.remove(number);
        Some((place, share))
    }

    fn start<'scope>(
        &mut self,
        place: usize,
        share: Share,
        scope: &'scope thread::Scope<'scope, '_>,
        sender: mpsc::Sender<Report>,
    ) where
        'a: 'scope,
    {
        self.slots.take(share);
        self.states[place] = State::Running;
        self.count(place, 1);
        let work = self.work;
        scope.spawn(move || {
            // A node without a report would be waited for forever.
            let done = catch_unwind(AssertUnwindSafe(|| carry_out(work, place, share.threads)));
            let result = done.unwrap_or_else(|_| Err(broken(&work.plan.nodes()[place])));
            // The loop waits for this report.
            let _ = sender.send(Report { place, share, result });
        });
    }

    /// One more node of its stage is running, or one less.
    fn count(&mut self, place: usize, change: isize) {
        let stage = self.work.plan.nodes()[place].task.stage();
        let now = self.running.get(stage).copied().unwrap_or(0).saturating_add_signed(change);
        match now {
            0 => self.running.remove(stage),
            _ => self.running.insert(stage, now),
        };
    }

    fn finish(&mut self, report: Report) {
        match report.result {
            Ok(receipt) => {
                self.done += 1;
                self.tell(&receipt);
                let next = self.done_with(report.place);
                self.could_begin(next);
                let (done, total) = (self.finished as u64, self.states.len() as u64);
                self.work.observer.run_progress(Amount { done, total });
            }
            Err(error) => {
                self.lose(report.place);
                self.errors.push(error);
            }
        }
    }

    /// What a node said, for the user's eyes.
    fn tell(&self, receipt: &Receipt) {
        let observer = self.work.observer;
        observer.stage_finished(&receipt.task, receipt.effort.seconds, &receipt.said.outcome);
        self.tell_again(receipt);
    }

    /// What holds of a node whether or not it was done now.
    fn tell_again(&self, receipt: &Receipt) {
        let observer = self.work.observer;
        receipt.said.notices.iter().for_each(|notice| observer.notice(notice));
        receipt.said.warnings.iter().for_each(|warning| observer.warning(warning));
    }

    /// The node is done; gives those that could begin now.
    fn done_with(&mut self, place: usize) -> Vec<usize> {
        self.states[place] = State::Done;
        self.finished += 1;
        let mut next = Vec::new();
        for &follower in &self.followers[place] {
            self.missing[follower] -= 1;
            if self.missing[follower] == 0 && self.states[follower] == State::Waiting {
                next.push(follower);
            }
        }
        next
    }

    /// A node that failed takes those with it that need it.
    fn lose(&mut self, place: usize) {
        let mut lost = vec![place];
        while let Some(place) = lost.pop() {
            if self.states[place] != State::Lost {
                self.states[place] = State::Lost;
                lost.extend(&self.followers[place]);
            }
        }
    }
}

/// Does the node at `place`, with words around what goes wrong.
fn carry_out(work: &Work<'_>, place: usize, threads: usize) -> Result<Arc<Receipt>, WorkflowError> {
    let node = &work.plan.nodes()[place];
    let task = node.task.to_string();
    let watch = Stopwatch::start();
    work.observer.stage_started(&task);
    let judged = work.store.reopen().map_err(WorkflowError::from);
    let judged = judged.and_then(|()| judge(node, &work.request.version, work.store));
    let result = judged.and_then(|judged| work.run(node, judged, threads));
    result.map_err(|error| {
        work.observer.stage_failed(&task, watch.seconds(), &error.message());
        work.store.note_failure(&task, &told(&error));
        WorkflowError::Stage { task, error: Box::new(error) }
    })
}

/// An error as it is written down: what is wrong, and what to do about it.
fn told(error: &WorkflowError) -> String {
    let hints = error.hints().into_iter().map(|hint| format!("\nhint: {hint}"));
    std::iter::once(error.message()).chain(hints).collect()
}

/// What is said of a node that ended in a way that nobody foresaw; the panic itself was printed.
fn broken(node: &Node) -> WorkflowError {
    WorkflowError::design_with_hint(
        format!("stage `{}` ended in a way that was not foreseen: this is a mistake in alkaline", node.task),
        "please report it with the text above; what is finished is kept",
    )
}
