//! A run that is planned and not carried out here: what the files for other engines are written from.

use std::path::{Path, PathBuf};

use super::ask::Ask;
use super::local::{Control, planned};
use super::profile::Profile;
use super::steps::Step;
use crate::error::WorkflowError;
use crate::observer::Observer;
use crate::plan::Plan;
use crate::plan::currency::{Currency, judge_all};
use crate::spec::request::RunRequest;
use crate::store::{Planned, RunDirectory, Store, read_spec};

/// A planned run.
pub struct Outline {
    /// What was asked.
    pub request: RunRequest,
    /// Its nodes.
    pub plan: Plan,
    /// Its directory, from the root of the file system.
    pub directory: RunDirectory,
    /// The day that its record tells.
    pub date: String,
    /// By which the plan is known.
    pub hash: String,
    pub(super) store: Store,
}

impl Outline {
    /// The run that is planned in `out`.
    ///
    /// # Errors
    /// [`WorkflowError`] when there is none, or it cannot be read.
    pub fn read(out: &Path) -> Result<Self, WorkflowError> {
        let Planned { spec: request, date, annotation } = read_spec::<RunRequest>(&RunDirectory::new(out))?;
        let plan = Plan::new(&request, annotation.as_deref(), &date)?;
        let hash = plan.hash(&request.version);
        let root = out.canonicalize().unwrap_or_else(|_| out.to_owned());
        let (directory, store) = (RunDirectory::new(root), Store::look(out, false)?);
        Ok(Self { request, plan, directory, date, hash, store })
    }

    /// Whether each node is yet to be done, in the order of the plan.
    pub(super) fn undone(&self) -> Result<Vec<bool>, WorkflowError> {
        let standing = judge_all(&self.plan, &self.request.version, &self.store)?;
        Ok(standing.iter().map(|currency| !matches!(currency, Currency::Current(_))).collect())
    }

    /// What is asked for a unit of `step`: enough for any of them.
    pub(super) fn ask(&self, profile: &Profile, step: &Step) -> Ask {
        let asks = step.units.iter().map(|unit| Ask::of(&self.plan, &self.store, unit));
        let most = asks.reduce(Ask::max).unwrap_or(Ask { cpus: 1, memory: 1 << 30, seconds: 600 });
        most.under(&profile.step(step.name))
    }

    /// The folder for the files of `engine`, made where it is missing.
    pub(super) fn folder(&self, engine: &str) -> Result<PathBuf, WorkflowError> {
        let folder = self.directory.engine(engine);
        crate::store::files::make_directory(&folder)?;
        Ok(folder)
    }
}

/// Writes down what `request` asks for in `out`, after a look at everything that it reads, and does nothing of it.
///
/// # Errors
/// As [`run`](super::run), for what can be told beforehand.
pub fn plan_only(
    request: &RunRequest,
    out: &Path,
    control: &Control<'_>,
    observer: &dyn Observer,
) -> Result<Outline, WorkflowError> {
    planned(request, out, control, observer)?;
    Outline::read(out)
}

/// Refuses a run in `out` whose plan is not the one called `hash`.
///
/// # Errors
/// [`WorkflowError::Design`] when it is another; as [`Outline::read`].
pub fn refuse_another_plan(out: &Path, hash: &str) -> Result<(), WorkflowError> {
    let there = Outline::read(out)?.hash;
    if there == hash {
        return Ok(());
    }
    Err(WorkflowError::design_with_hint(
        format!("{}: the plan of this run is {there}, and these jobs were written for {hash}", out.display()),
        "the run was planned anew since: write them again with `alkaline emit`, or go on with `alkaline resume`",
    ))
}
