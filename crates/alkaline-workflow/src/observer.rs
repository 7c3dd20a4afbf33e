//! How a run tells its user what it is doing, without knowing about terminals.

/// How much of a stage is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// How much is done.
    pub done: u64,
    /// How much there is to do.
    pub total: u64,
}

/// Somebody who watches a run.
pub trait Observer: Sync {
    /// `stage` begins.
    fn stage_started(&self, stage: &str);

    /// `stage` ended after `seconds`; `outcome` says in a few words what came of it.
    fn stage_finished(&self, stage: &str, seconds: f64, outcome: &str);

    /// `stage` has read so many bytes of those that it has to read. Told several times a second.
    fn stage_progress(&self, _stage: &str, _bytes: Amount) {}

    /// `stage` ended without a result after `seconds`, because of `why`; the user is told elsewhere.
    fn stage_failed(&self, _stage: &str, _seconds: f64, _why: &str) {}

    /// So many stages of the run are done.
    fn run_progress(&self, _stages: Amount) {}

    /// Something worth knowing for those who ask for detail.
    fn note(&self, text: &str);

    /// Something that the user should see, though there is nothing to do about it.
    fn notice(&self, _text: &str) {}

    /// Something that the user should act on.
    fn warning(&self, text: &str);
}

/// Watches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn stage_started(&self, _stage: &str) {}
    fn stage_finished(&self, _stage: &str, _seconds: f64, _outcome: &str) {}
    fn note(&self, _text: &str) {}
    fn warning(&self, _text: &str) {}
}
