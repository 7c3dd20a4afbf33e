//! Runs a plan on this machine: nodes side by side, as soon as what they need is done.

use std::path::Path;
use std::sync::mpsc;
use std::thread;

use alkaline_core::results::TestTable;
use alkaline_io::results::test_table;

use super::node::Work;
use super::slots::{Share, Slots};
use crate::check::reads;
use crate::clock::Stopwatch;
use crate::error::{ErrorKind, WorkflowError};
use crate::observer::{Amount, Observer};
use crate::plan::currency::{Currency, judge, judge_all};
use crate::plan::{Plan, Task};
use crate::programs::SearchPath;
use crate::record::RunManifest;
use crate::spec::experiment::CountSource;
use crate::spec::request::RunRequest;
use crate::stages::{count, test};
use crate::store::receipt::{FileRecord, Receipt};
use crate::store::{Holder, Planned, RunDirectory, Store, Wait, read_spec};
use crate::tasks::Shelf;

/// How a run is carried out: nothing of this has an influence on its results.
pub struct Control<'a> {
    /// Threads that nodes share.
    pub threads: usize,
    /// Memory that nodes share, in bytes; no limit when `None`.
    pub memory: Option<u64>,
    /// Whether all files are read again, even when size, time and inode are as they were.
    pub paranoid: bool,
    /// Where other programs are looked for.
    pub search: SearchPath,
    /// Who works.
    pub holder: Holder,
    /// What to do when somebody else works on the run.
    pub wait: Wait<'a>,
    /// The day that the record tells: `SOURCE_DATE_EPOCH`, where it is set.
    pub date: Option<String>,
    /// Files whose checksums are known already.
    pub known: Vec<FileRecord>,
}

impl Default for Control<'_> {
    fn default() -> Self {
        Self {
            threads: rayon::current_num_threads(),
            memory: None,
            paranoid: false,
            search: SearchPath::default(),
            holder: Holder::this_process(None),
            wait: Wait::No,
            date: None,
            known: Vec::new(),
        }
    }
}

/// What a finished run can say of itself.
#[derive(Clone, Debug)]
pub struct RunOutcome {
    /// The results, contrast by contrast.
    pub tests: Vec<TestTable>,
    /// The record of the run.
    pub manifest: RunManifest,
    /// Nodes that were done now, of all.
    pub done: usize,
}

/// Runs what is not done yet of `request`, and leaves its results in `out`.
///
/// # Errors
/// [`WorkflowError`]. What was finished stays, and the same call goes on from there.
pub fn run(
    request: &RunRequest,
    out: &Path,
    control: &Control<'_>,
    observer: &dyn Observer,
) -> Result<RunOutcome, WorkflowError> {
    check_questions(request)?;
    let annotation = count::recognise(request)?;
    let shelf = Shelf::default();
    // Looked at before anything is made: what is wrong leaves nothing behind.
    let (date, plan) = {
        let store = Store::look(out, control.paranoid)?;
        let date = date_of(&store, request, control);
        let plan = Plan::new(request, annotation.as_deref(), &date)?;
        look_first(request, &plan, &judge_all(&plan, &request.version, &store)?, &shelf, control, observer)?;
        (date, plan)
    };
    let store = Store::open(out, &control.holder, &control.wait, control.paranoid)?;
    control.known.iter().for_each(|file| store.remember(file));
    let holder = &control.holder;
    let work = Work {
        request,
        plan: &plan,
        date: &date,
        store: &store,
        shelf: &shelf,
        search: &control.search,
        holder,
        observer,
    };
    let planned = Planned { spec: request, date: date.clone(), annotation: annotation.clone() };
    let done = store.begin(&request.version, planned).map_err(WorkflowError::from);
    let done = done.and_then(|()| Scheduler::new(&work, control).run());
    let done = done.inspect_err(|_| {
        if !store.leave_nothing_if_nothing_is_done() {
            let (finished, all) = (store.all_receipts().len(), plan.nodes().len());
            observer.notice(&format!(
                "what is finished ({finished} of {all} stages) is kept in {}: the same command goes on with it",
                out.display()
            ));
        }
    })?;
    if done > 0 || !store.is_complete() {
        let (_, kept) = work.complete()?;
        for path in kept {
            observer.warning(&format!(
                "{}: no longer part of the run, but it was changed by hand, and stays",
                store.directory().root().join(path).display()
            ));
        }
    }
    let manifest = crate::record::manifest::fold(&plan, request, &date, &store.all_receipts());
    let read = |contrast: &alkaline_core::ContrastSpec| {
        test_table::read(&store.directory().contrast(&contrast.id).test())
    };
    let tests = request.experiment.contrasts.iter().map(read).collect::<Result<_, _>>()?;
    Ok(RunOutcome { tests, manifest, done })
}

/// What a run would do, node by node, and why; nothing is changed.
///
/// # Errors
/// As [`run`], for what can be told beforehand.
pub fn dry_run(
    request: &RunRequest,
    out: &Path,
    control: &Control<'_>,
) -> Result<Vec<(String, Currency)>, WorkflowError> {
    check_questions(request)?;
    let store = Store::look(out, control.paranoid)?;
    let date = date_of(&store, request, control);
    let plan = Plan::new(request, count::recognise(request)?.as_deref(), &date)?;
    let standing = judge_all(&plan, &request.version, &store)?;
    Ok(plan.nodes().iter().map(|node| node.task.to_string()).zip(standing).collect())
}

/// The day that the record tells: as asked for, else the one on which the same was first asked for, else today.
fn date_of(store: &Store, request: &RunRequest, control: &Control<'_>) -> String {
    let begun = || store.begun(request);
    control.date.clone().or_else(begun).unwrap_or_else(|| crate::clock::day(None))
}

/// Refuses what cannot be tested before anything is counted.
fn check_questions(request: &RunRequest) -> Result<(), WorkflowError> {
    let experiment = &request.experiment;
    let samples = experiment.sample_index()?;
    for contrast in &experiment.contrasts {
        test::check(contrast, &experiment.sheet, &samples, &request.settings.test)?;
    }
    Ok(())
}

/// Looks at everything that the nodes to be done will read, so that what is wrong is told before anything is counted.
fn look_first(
    request: &RunRequest,
    plan: &Plan,
    standing: &[Currency],
    shelf: &Shelf,
    control: &Control<'_>,
    observer: &dyn Observer,
) -> Result<(), WorkflowError> {
    let is_undone = |wanted: fn(&Task) -> bool| {
        plan.nodes()
            .iter()
            .zip(standing)
            .any(|(node, currency)| wanted(&node.task) && !matches!(currency, Currency::Current(_)))
    };
    if is_undone(|task| matches!(task, Task::Gsea(_) | Task::Ora(_))) {
        shelf.collections(request, observer)?;
    }
    let mut problems = Vec::new();
    if is_undone(|task| matches!(task, Task::Align(_))) {
        problems.extend(reads::problems(request, &control.search));
    }
    if !problems.is_empty() {
        return Err(WorkflowError::several(problems));
    }
    if is_undone(|task| matches!(task, Task::Count(_)))
        && let CountSource::Alignments(files) = &request.experiment.source
    {
        count::Alignments::of(request, files, &shelf.annotations)?;
    }
    Ok(())
}

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
struct Scheduler<'a> {
    work: &'a Work<'a>,
    slots: Slots,
    states: Vec<State>,
    /// Of each node, how many that it needs are not done.
    missing: Vec<usize>,
    /// Of each node, which ones need it.
    followers: Vec<Vec<usize>>,
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
    result: Result<Receipt, WorkflowError>,
}

impl<'a> Scheduler<'a> {
    fn new(work: &'a Work<'a>, control: &Control<'_>) -> Self {
        let nodes = work.plan.nodes();
        let mut followers = vec![Vec::new(); nodes.len()];
        for (place, node) in nodes.iter().enumerate() {
            for need in node.needs.iter().filter_map(|need| work.plan.place(&need.to_string())) {
                followers[need].push(place);
            }
        }
        Self {
            work,
            slots: Slots::new(control.threads, control.memory),
            states: vec![State::Waiting; nodes.len()],
            missing: nodes.iter().map(|node| node.needs.len()).collect(),
            followers,
            errors: Vec::new(),
            done: 0,
            finished: 0,
        }
    }

    /// Runs every node that is not done; gives how many these were.
    fn run(mut self) -> Result<usize, WorkflowError> {
        let mut ready: Vec<usize> =
            (0..self.states.len()).filter(|&place| self.missing[place] == 0).collect();
        thread::scope(|scope| {
            let (sender, reports) = mpsc::channel::<Report>();
            let mut running = 0;
            loop {
                self.skip_done(&mut ready);
                while let Some((place, share)) = self.next(&ready, running) {
                    ready.retain(|other| *other != place);
                    self.start(place, share, scope, sender.clone());
                    running += 1;
                }
                if running == 0 {
                    break;
                }
                // The sender lives as long as the loop.
                let Ok(report) = reports.recv() else { break };
                running -= 1;
                self.slots.give_back(report.share);
                self.finish(report, &mut ready);
            }
        });
        match self.errors.is_empty() {
            true => Ok(self.done),
            false => Err(WorkflowError::several(self.errors)),
        }
    }

    /// Passes over the nodes that are done already, and over those after them.
    fn skip_done(&mut self, ready: &mut Vec<usize>) {
        let mut place = 0;
        while place < ready.len() {
            let node = &self.work.plan.nodes()[ready[place]];
            // What was never done runs in any case: its inputs, which may be large, are read by the thread that does it.
            if self.work.store.receipt(&node.task.to_string()).is_none() {
                place += 1;
                continue;
            }
            let found = judge(node, &self.work.request.version, self.work.store);
            match found.map(|judged| judged.currency) {
                Ok(Currency::Current(receipt)) => {
                    let number = ready.remove(place);
                    self.tell_again(&receipt);
                    self.done_with(number, ready);
                }
                // What cannot be read now is told when the node runs.
                _ => place += 1,
            }
        }
    }

    /// The next node that there is room for; after a failure of the machine there is none.
    fn next(&self, ready: &[usize], running: usize) -> Option<(usize, Share)> {
        if self.errors.iter().any(|error| error.kind() == ErrorKind::Machine) {
            return None;
        }
        let nodes = self.work.plan.nodes();
        let alike =
            |task: &Task| ready.iter().filter(|&&place| nodes[place].task.stage() == task.stage()).count();
        ready.iter().find_map(|&place| {
            let task = &nodes[place].task;
            let going = nodes
                .iter()
                .zip(&self.states)
                .filter(|(node, state)| **state == State::Running && node.task.stage() == task.stage());
            let waiting = if task.takes_threads() { alike(task) + going.count() } else { 1 };
            let share = self.slots.share(task, waiting);
            (running == 0 || self.slots.has_room(share)).then_some((place, share))
        })
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
        let work = self.work;
        scope.spawn(move || {
            let result = carry_out(work, place, share.threads);
            // The loop waits for this report.
            let _ = sender.send(Report { place, share, result });
        });
    }

    fn finish(&mut self, report: Report, ready: &mut Vec<usize>) {
        match report.result {
            Ok(receipt) => {
                self.done += 1;
                self.tell(&receipt);
                self.done_with(report.place, ready);
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

    fn done_with(&mut self, place: usize, ready: &mut Vec<usize>) {
        self.states[place] = State::Done;
        self.finished += 1;
        for follower in self.followers[place].clone() {
            self.missing[follower] -= 1;
            if self.missing[follower] == 0 && self.states[follower] == State::Waiting {
                ready.push(follower);
            }
        }
        ready.sort_unstable();
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
fn carry_out(work: &Work<'_>, place: usize, threads: usize) -> Result<Receipt, WorkflowError> {
    let node = &work.plan.nodes()[place];
    let task = node.task.to_string();
    let watch = Stopwatch::start();
    work.observer.stage_started(&task);
    work.store.reopen()?;
    let judged = judge(node, &work.request.version, work.store);
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

/// Makes the page of the finished run at `out` again, from its files.
///
/// # Errors
/// [`WorkflowError`] when this is no finished run, or the page cannot be made or written.
pub fn redo_report(out: &Path, control: &Control<'_>, observer: &dyn Observer) -> Result<(), WorkflowError> {
    let Planned { spec: request, date, annotation } = read_spec::<RunRequest>(&RunDirectory::new(out))?;
    let store = Store::open(out, &control.holder, &control.wait, control.paranoid)?;
    if !store.is_complete() {
        return Err(WorkflowError::design_with_hint(
            format!("{}: this run is not complete", out.display()),
            "`alkaline status DIR` says what is missing",
        ));
    }
    let plan = Plan::new(&request, annotation.as_deref(), &date)?;
    let shelf = Shelf::default();
    let holder = &control.holder;
    let work = Work {
        request: &request,
        plan: &plan,
        date: &date,
        store: &store,
        shelf: &shelf,
        search: &control.search,
        holder,
        observer,
    };
    let node = plan.nodes().iter().find(|node| node.task == Task::Report);
    let node = node.ok_or_else(|| WorkflowError::design("the plan has no report"))?;
    let judged = judge(node, &request.version, &store)?;
    work.run(node, judged, control.threads)?;
    work.complete()?;
    Ok(())
}
