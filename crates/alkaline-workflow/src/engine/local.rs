//! A whole run on this machine: looks first, opens the store, runs what is not done, completes the record.

use std::path::Path;

use alkaline_core::results::TestTable;
use alkaline_io::results::test_table;

use super::node::Work;
use super::schedule::Scheduler;
use super::slots::Slots;
use crate::check::reads;
use crate::error::WorkflowError;
use crate::observer::Observer;
use crate::plan::currency::{Currency, judge, judge_all};
use crate::plan::{Plan, Task};
use crate::programs::SearchPath;
use crate::record::RunManifest;
use crate::spec::experiment::CountSource;
use crate::spec::request::RunRequest;
use crate::stages::{count, test};
use crate::store::receipt::FileRecord;
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
    let Begun { plan, date, store, shelf } = planned(request, out, control, observer)?;
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
    let done = Scheduler::new(&work, Slots::new(control.threads, control.memory)).run();
    let done = done.inspect_err(|_| tell_what_is_kept(&store, &plan, out, observer))?;
    if done > 0 || !store.is_complete() || store.has_leftovers() {
        work.complete()?;
    }
    let manifest = crate::record::manifest::fold(&plan, request, &date, &store.all_receipts());
    let read = |contrast: &alkaline_core::ContrastSpec| {
        test_table::read(&store.directory().contrast(&contrast.id).test())
    };
    let tests = request.experiment.contrasts.iter().map(read).collect::<Result<_, _>>()?;
    Ok(RunOutcome { tests, manifest, done })
}

/// A run whose plan is written down.
pub(super) struct Begun {
    plan: Plan,
    date: String,
    store: Store,
    shelf: Shelf,
}

/// Looks at all that `request` reads, and writes its plan into `out`.
pub(super) fn planned(
    request: &RunRequest,
    out: &Path,
    control: &Control<'_>,
    observer: &dyn Observer,
) -> Result<Begun, WorkflowError> {
    check_questions(request)?;
    let annotation = count::recognise(request)?;
    let shelf = Shelf::default();
    // Looked at before anything is made: what is wrong leaves nothing behind.
    let looked = Store::look(out, control.paranoid)?;
    let date = date_of(&looked, request, control);
    let plan = Plan::new(request, annotation.as_deref(), &date)?;
    look_first(request, &plan, &judge_all(&plan, &request.version, &looked)?, &shelf, control, observer)?;
    let store = Store::open(out, &control.holder, &control.wait, control.paranoid)?;
    store.remember_all(looked);
    control.known.iter().for_each(|file| store.remember(file));
    let planned = Planned { spec: request, date: date.clone(), annotation };
    if let Err(error) = store.begin(&request.version, planned) {
        tell_what_is_kept(&store, &plan, out, observer);
        return Err(error.into());
    }
    Ok(Begun { plan, date, store, shelf })
}

/// After a failure: clears away what is worth nothing, or says how much is kept.
fn tell_what_is_kept(store: &Store, plan: &Plan, out: &Path, observer: &dyn Observer) {
    if !store.leave_nothing_if_nothing_is_done() {
        let (finished, all) = (store.all_receipts().len(), plan.nodes().len());
        observer.notice(&format!(
            "what is finished ({finished} of {all} stages) is kept in {}: the same command goes on with it",
            out.display()
        ));
    }
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
    if experiment.has_values() {
        // the plan refuses what cannot be tested
        return Ok(());
    }
    for contrast in &experiment.contrasts {
        test::check(contrast, &experiment.sheet, &samples, &request.settings.test)?;
        for (_, settings) in test::settings_of_others(&request.settings.test) {
            test::check(contrast, &experiment.sheet, &samples, &settings)?;
        }
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
    if is_undone(|task| matches!(task, Task::Align(_))) {
        let problems = reads::problems(request, &control.search);
        if !problems.is_empty() {
            return Err(WorkflowError::several(problems));
        }
    }
    if is_undone(|task| matches!(task, Task::Count(_)))
        && let CountSource::Alignments(files) = &request.experiment.source
    {
        count::Alignments::of(request, files, &shelf.annotations)?;
    }
    Ok(())
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
