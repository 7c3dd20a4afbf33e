//! What the user sees while a command runs: steps, notes and warnings on standard error.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use alkaline_core::identifiers::IdMapping;
use alkaline_core::words::{count, count_of, listed};
use alkaline_io::rnk::RnkNotes;
use alkaline_workflow::stages::enrich::describe_mapping;
use alkaline_workflow::{Amount, Observer};

use crate::events;
use crate::failure::Failure;
use crate::from_here::from_here;
use crate::global_options::{ColorChoice, GlobalOptions, LogFormat};
use crate::pace::{self, Pace};
use crate::progress::Progress;

/// Standard error, with the user's wishes about it.
pub struct Console {
    quiet: bool,
    verbose: bool,
    progress: Progress,
    /// Of stages whose bars nobody sees.
    pace: Option<Mutex<Pace>>,
    colour: bool,
    json: bool,
}

/// How often a stage under way is told of in a job's log.
const BETWEEN_LINES: Duration = Duration::from_secs(30);

/// How often a stage under way is told of in the events for machines.
const BETWEEN_EVENTS: Duration = Duration::from_secs(2);

impl Console {
    /// The console that `options` ask for; also sets the number of threads.
    ///
    /// # Errors
    /// Wrong usage when zero threads are asked for.
    pub fn new(options: &GlobalOptions) -> Result<Self, Failure> {
        let about_threads = set_threads(options.threads)?;
        let terminal = std::io::stderr().is_terminal();
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let json = options.log == LogFormat::Json;
        let wanted = !options.no_progress && !options.quiet;
        let pace = if json { Pace::new(BETWEEN_EVENTS) } else { Pace::new(BETWEEN_LINES) };
        let console = Self {
            quiet: options.quiet,
            verbose: options.verbose,
            progress: Progress::new(wanted && !json),
            pace: (wanted && (json || !terminal)).then(|| Mutex::new(pace)),
            colour: match options.color {
                ColorChoice::Auto => terminal && !no_color,
                ColorChoice::Always => true,
                ColorChoice::Never => false,
            },
            json,
        };
        if let Some(text) = about_threads {
            console.warning(&text);
        }
        Ok(console)
    }

    /// Prints one line, unless quiet.
    fn say(&self, level: &str, colour: &str, text: &str) {
        if self.quiet {
            return;
        }
        let line = if self.json {
            serde_json::json!({ "level": level, "message": text }).to_string()
        } else {
            let (on, off) = if self.colour { (colour, "\x1b[0m") } else { ("", "") };
            let text = from_here(text);
            match level {
                "info" => text.into_owned(),
                _ => format!("{on}{level}:{off} {text}"),
            }
        };
        self.print(&line);
    }

    /// Prints an event for machines, where these listen.
    fn event(&self, event: impl FnOnce() -> serde_json::Value) {
        if self.json && !self.quiet {
            self.print(&event().to_string());
        }
    }

    /// A stage is over, however it ended.
    fn stopped(&self, stage: &str) {
        self.progress.stop(stage);
        self.paced(|pace| pace.stop(stage));
    }

    /// Does `change` to the pace of the stages under way, where that matters.
    fn paced<T>(&self, change: impl FnOnce(&mut Pace) -> T) -> Option<T> {
        // A panic elsewhere is no reason to be silent.
        self.pace.as_ref().map(|pace| change(&mut pace.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Prints a line above the one that tells what is going on.
    fn print(&self, line: &str) {
        // Nothing can be done when standard error is gone.
        let _ = self.progress.aside(|| writeln!(std::io::stderr().lock(), "{line}"));
    }

    /// How many identifiers of a list were matched with gene sets: a warning when few were.
    pub fn mapping(&self, mapping: &IdMapping) {
        match describe_mapping(mapping) {
            Ok(text) => self.result(&text),
            Err(warning) => self.warning(&warning),
        }
    }

    /// What a reader noticed about a ranked list.
    pub fn rank_notes(&self, path: &Path, notes: &RnkNotes) {
        if notes.without_score > 0 {
            self.warning(&format!(
                "{}: {} without a score left out",
                path.display(),
                count(notes.without_score, "gene")
            ));
        }
        if !notes.repeated.is_empty() {
            self.warning(&format!(
                "{}: {} a gene that stands in the list already ({}); of its scores the one farthest from zero was kept",
                path.display(),
                count_of(notes.repeated.len(), "line names", "lines name"),
                listed(&notes.repeated)
            ));
        }
    }

    /// What a reader decided about a file, each on a line of its own.
    pub fn notes(&self, path: &Path, notes: &[String]) {
        for note in notes {
            self.result(&format!("{}: {note}", path.display()));
        }
    }

    /// A line of output that was asked for: on standard output, also under --quiet.
    pub fn output(&self, text: &str) {
        let _ = self.progress.aside(|| writeln!(std::io::stdout().lock(), "{text}"));
    }

    /// A line of results for the user's eyes.
    pub fn result(&self, text: &str) {
        self.say("info", "", text);
    }
}

impl Observer for Console {
    fn stage_started(&self, stage: &str) {
        self.progress.start(stage);
        self.paced(|pace| pace.start(stage, Instant::now()));
        self.event(|| events::started(stage));
    }

    fn stage_progress(&self, stage: &str, bytes: Amount) {
        self.progress.advance(stage, bytes);
        let due = self.paced(|pace| pace.is_due(stage, Instant::now())).flatten();
        let Some(elapsed) = due else { return };
        if self.json {
            self.event(|| events::progress(stage, bytes, elapsed.as_secs_f64()));
        } else {
            self.result(&pace::in_words(stage, bytes, elapsed));
        }
    }

    fn run_progress(&self, stages: Amount) {
        self.progress.whole(stages);
        self.event(|| events::run(stages));
    }

    fn stage_failed(&self, stage: &str, seconds: f64, why: &str) {
        self.stopped(stage);
        self.event(|| events::failed(stage, seconds, why));
    }

    fn stage_finished(&self, stage: &str, seconds: f64, outcome: &str) {
        self.stopped(stage);
        if self.json {
            self.event(|| events::finished(stage, seconds, outcome));
        } else {
            self.say("info", "", &format!("{stage:<24} {seconds:>6.2} s  {outcome}"));
        }
    }

    fn note(&self, text: &str) {
        if self.verbose {
            self.say("note", "\x1b[36m", text);
        }
    }

    fn notice(&self, text: &str) {
        self.result(text);
    }

    fn warning(&self, text: &str) {
        self.say("warning", "\x1b[33m", text);
    }
}

/// Threads that are allowed on any machine, and per core: more only cost memory.
const THREADS_ALLOWED: (usize, usize) = (64, 4);

/// A number of threads that makes sense on this machine, and what to say if it is not the one that was asked for.
///
/// # Errors
/// Wrong usage when zero threads are asked for.
pub fn sensible_threads(asked: usize) -> Result<(usize, Option<String>), Failure> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let most = THREADS_ALLOWED.0.max(THREADS_ALLOWED.1 * cores);
    match asked {
        0 => Err(Failure::usage("0 threads: at least one is needed").hint("leave -j out to use all cores")),
        asked if asked > most => {
            Ok((most, Some(format!("{asked} threads make no sense on {cores} cores: {most} are used"))))
        }
        asked => Ok((asked, None)),
    }
}

/// Sets the size of the thread pool that all stages share; gives what to say about it.
fn set_threads(threads: Option<usize>) -> Result<Option<String>, Failure> {
    let (number, said) = match threads {
        Some(asked) => sensible_threads(asked)?,
        None => (0, None),
    };
    // Built here and not at first use, where a failure would be a panic.
    rayon::ThreadPoolBuilder::new().num_threads(number).build_global().map_err(|error| {
        let hint = "fewer threads (-j) need less memory, and fewer processes of the user's limit";
        Failure::machine(format!("cannot start the threads: {error}")).hint(hint)
    })?;
    Ok(said)
}
