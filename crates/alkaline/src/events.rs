//! What `--log json` tells machines of the stages of a run: one JSON object a line, each with `event`.

use alkaline_workflow::Amount;
use serde_json::{Value, json};

/// A stage begins.
pub fn started(stage: &str) -> Value {
    json!({ "level": "info", "event": "started", "stage": stage })
}

/// A stage is under way.
pub fn progress(stage: &str, bytes: Amount, seconds: f64) -> Value {
    let Amount { done, total } = bytes;
    json!({
        "level": "info", "event": "progress", "stage": stage, "done": done, "total": total, "unit": "bytes",
        "seconds": seconds
    })
}

/// A stage left its results.
pub fn finished(stage: &str, seconds: f64, outcome: &str) -> Value {
    json!({ "level": "info", "event": "finished", "stage": stage, "seconds": seconds, "message": outcome })
}

/// A stage ended without results.
pub fn failed(stage: &str, seconds: f64, why: &str) -> Value {
    json!({ "level": "error", "event": "failed", "stage": stage, "seconds": seconds, "message": why })
}

/// How far the run is.
pub fn run(stages: Amount) -> Value {
    let Amount { done, total } = stages;
    json!({ "level": "info", "event": "run", "done": done, "total": total, "unit": "stages" })
}
