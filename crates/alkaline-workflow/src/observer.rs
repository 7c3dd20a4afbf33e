//! How a run tells its user what it is doing, without knowing about terminals.

/// Somebody who watches a run.
pub trait Observer: Sync {
    /// `stage` begins.
    fn stage_started(&self, stage: &str);

    /// `stage` ended after `seconds`; `outcome` says in a few words what came of it.
    fn stage_finished(&self, stage: &str, seconds: f64, outcome: &str);

    /// `stage` ended without a result; why is told elsewhere.
    fn stage_failed(&self, _stage: &str) {}

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
