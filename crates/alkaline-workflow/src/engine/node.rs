//! Runs one node: does its task in a place of its own, and commits what came out with its receipt.

use std::path::Path;
use std::sync::Arc;

use crate::clock::{Stopwatch, now};
use crate::error::{ErrorKind, WorkflowError};
use crate::observer::Observer;
use crate::plan::currency::{Currency, Judged, judge};
use crate::plan::{Node, Plan, Task};
use crate::programs::SearchPath;
use crate::record::{manifest, ro_crate};
use crate::spec::request::RunRequest;
use crate::store::fingerprint::Stamp;
use crate::store::receipt::{Effort, Ending, FileRecord, Receipt, SCHEMA, Said};
use crate::store::{Holder, Planned, Store, Wait, files, read_spec};
use crate::tasks::{Context, Shelf, perform};

/// A plan that is being carried out.
pub struct Work<'a> {
    /// What was asked for.
    pub request: &'a RunRequest,
    /// The nodes.
    pub plan: &'a Plan,
    /// The day that the record tells.
    pub date: &'a str,
    /// The directory of the run.
    pub store: &'a Store,
    /// What nodes share in memory.
    pub shelf: &'a Shelf,
    /// Where other programs are looked for.
    pub search: &'a SearchPath,
    /// Who works.
    pub holder: &'a Holder,
    /// Who is told how far it is.
    pub observer: &'a dyn Observer,
}

impl Work<'_> {
    /// Does `node`, of which `judged` says what it depends on.
    ///
    /// # Errors
    /// [`WorkflowError`] of the task; nothing of the run has changed then.
    pub fn run(&self, node: &Node, judged: Judged, threads: usize) -> Result<Arc<Receipt>, WorkflowError> {
        let task = node.task.to_string();
        let (watch, started) = (Stopwatch::start(), now());
        if node.task == Task::Record {
            // Record and report look at what lies there.
            self.retire_others()?;
        }
        let staged = self.store.stage(&task)?;
        let context = Context {
            request: self.request,
            plan: self.plan,
            date: self.date,
            store: self.store,
            run: self.store.directory(),
            place: staged.directory(),
            shelf: self.shelf,
            search: self.search,
            threads,
            observer: self.observer,
        };
        let (ending, said) = match perform(&node.task, &context) {
            Ok(said) => (Ending::Done, said),
            Err(error) if node.task.is_optional() && error.kind() == ErrorKind::Input => {
                files::remove_tree(staged.directory().root())?;
                files::make_directory(staged.directory().root())?;
                (Ending::LeftOut, left_out(&task, &error))
            }
            Err(error) => return Err(error),
        };
        self.refuse_changed(&judged.inputs)?;
        let outputs = outputs(staged.directory().root())?;
        let receipt = Receipt {
            schema: SCHEMA,
            task,
            version: self.request.version.clone(),
            key: judged.key,
            exit: 0,
            ending,
            said,
            options: node.options.clone(),
            inputs: judged.inputs,
            needs: judged.needs,
            outputs,
            effort: Effort {
                started,
                seconds: watch.seconds(),
                threads,
                peak_memory: peak_memory(),
                host: self.holder.host.clone(),
            },
        };
        self.store.commit(staged, receipt)
    }

    /// Refuses results made of files that changed while they were read.
    fn refuse_changed(&self, inputs: &[FileRecord]) -> Result<(), WorkflowError> {
        for input in inputs {
            match Stamp::of(&input.path) {
                Ok(stamp) if stamp == input.stamp => {}
                Ok(_) => return Err(WorkflowError::Changed { path: input.path.clone() }),
                Err(_) => return Err(WorkflowError::Vanished { path: input.path.clone() }),
            }
        }
        Ok(())
    }

    /// Writes the record of the run, which says that it is complete.
    ///
    /// # Errors
    /// [`WorkflowError::Write`].
    pub fn complete(&self) -> Result<(), WorkflowError> {
        self.retire_others()?;
        let receipts = self.store.all_receipts();
        let record = manifest::fold(self.plan, self.request, self.date, &receipts);
        let as_crate = ro_crate::fold(self.plan, &record, &receipts);
        Ok(self.store.complete(&record, &as_crate)?)
    }

    /// Takes away what nodes left that are no longer part of the run.
    fn retire_others(&self) -> Result<(), WorkflowError> {
        for path in self.store.retire(&self.plan.names())? {
            self.observer.warning(&format!(
                "{}: no longer part of the run, but it was changed by hand, and stays",
                self.store.directory().root().join(path).display()
            ));
        }
        Ok(())
    }
}

/// What is said of a node that the run goes on without.
fn left_out(task: &str, error: &WorkflowError) -> Said {
    let hints: Vec<String> = error.hints().into_iter().map(|hint| format!("; {hint}")).collect();
    Said {
        outcome: format!("left out: {}", error.message()),
        warnings: vec![format!("`{task}` was left out, because {}{}", error.message(), hints.concat())],
        ..Said::default()
    }
}

/// The files that a node left, relative to the run.
fn outputs(staged: &Path) -> Result<Vec<FileRecord>, WorkflowError> {
    let of = |file: std::path::PathBuf| {
        let record = FileRecord::of("result", &staged.join(&file))?;
        Ok(FileRecord { path: file, ..record })
    };
    files::files_below(staged)?.into_iter().map(of).collect()
}

/// The largest memory of this process so far, in bytes; 0 where the system does not tell.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}

/// Runs the node called `task` of the run at `out`: what every engine calls. `wait` says what to do when somebody else is at it,
/// or at the whole run. Gives its receipt, and whether the run is complete.
///
/// # Errors
/// [`WorkflowError::Design`] when there is no such node, or one that it needs is not done; those of the task.
pub fn run_one(
    out: &Path,
    task: &str,
    threads: usize,
    search: &SearchPath,
    (holder, wait): (&Holder, &Wait<'_>),
    observer: &dyn Observer,
) -> Result<(Arc<Receipt>, bool), WorkflowError> {
    let directory = crate::store::RunDirectory::new(out);
    let Planned { spec: request, date, annotation } = read_spec::<RunRequest>(&directory)?;
    let store = Store::open_for_one(out, task, holder, wait)?;
    let plan = Plan::new(&request, annotation.as_deref(), &date)?;
    let place = plan.place(task).ok_or_else(|| {
        let names: Vec<String> = plan.nodes().iter().map(|node| node.task.to_string()).collect();
        let near = alkaline_core::spelling::did_you_mean(task, names.iter().map(String::as_str));
        WorkflowError::design_with_hint(
            format!("the plan has no stage called `{task}`{near}"),
            "`alkaline status DIR --all` lists them",
        )
    })?;
    let node = &plan.nodes()[place];
    let shelf = Shelf::default();
    let work = Work {
        request: &request,
        plan: &plan,
        date: &date,
        store: &store,
        shelf: &shelf,
        search,
        holder,
        observer,
    };
    for need in &node.needs {
        let needed =
            plan.place(&need.to_string()).map(|place| judge(&plan.nodes()[place], &request.version, &store));
        let done = needed.transpose()?.is_some_and(|judged| matches!(judged.currency, Currency::Current(_)));
        if !done {
            return Err(WorkflowError::design_with_hint(
                format!("`{task}` needs `{need}`, which is not done"),
                format!("alkaline stage {need} --dir {}", out.display()),
            ));
        }
    }
    let judged = judge(node, &request.version, &store)?;
    let receipt = match judged.currency {
        Currency::Current(receipt) => receipt,
        _ => {
            store.reopen()?;
            observer.stage_started(task);
            let done = work.run(node, judged, threads);
            let receipt = done.inspect_err(|error| store.note_failure(task, &error.message()))?;
            observer.stage_finished(task, receipt.effort.seconds, &receipt.said.outcome);
            receipt
        }
    };
    let complete = matches!(node.task, Task::Report);
    if complete {
        work.complete()?;
    }
    Ok((receipt, complete))
}
