//! The scripts: short, and meant to be read.

use std::fmt::Write;
use std::path::Path;

use super::submission::{Job, Submission};
use crate::engine::duration;
use crate::engine::outline::Outline;
use crate::engine::profile::Profile;
use crate::programs::shell_word;

/// The script of `job`.
pub(super) fn batch(
    job: &Job,
    submission: &Submission,
    outline: &Outline,
    profile: &Profile,
    alkaline: &Path,
) -> String {
    let mut text = String::from("#!/bin/bash\n");
    for option in options(job, submission, profile) {
        let _ = writeln!(text, "#SBATCH {option}");
    }
    let title = outline.request.title.replace(['\n', '\r'], " ");
    let _ = write!(
        text,
        "# Step `{}` of \"{title}\", written by alkaline {}. A stage whose receipt holds is not done again.\n\n",
        job.step, outline.request.version
    );
    for line in &profile.setup {
        let _ = writeln!(text, "{line}");
    }
    let place = |path: &Path| shell_word(&path.display().to_string());
    let _ = write!(
        text,
        "set -euo pipefail\nalkaline={}\nrun={}\nplan={}\ncase \"$SLURM_ARRAY_TASK_ID\" in\n",
        place(alkaline),
        place(outline.directory.root()),
        submission.plan
    );
    for (place, row) in job.rows.iter().enumerate() {
        let stages: Vec<String> = row.iter().map(|task| shell_word(task)).collect();
        let _ = writeln!(text, "  {}) stages=({}) ;;", place + 1, stages.join(" "));
    }
    text.push_str(
        "esac\nexec \"$alkaline\" stage \"${stages[@]}\" --dir \"$run\" --plan \"$plan\" --wait --no-progress -j \"$SLURM_CPUS_PER_TASK\"\n",
    );
    text
}

/// The options of `job`, one a line.
fn options(job: &Job, submission: &Submission, profile: &Profile) -> Vec<String> {
    let log = submission.folder.join("logs").join(format!("{}.%A_%a.log", job.name));
    let log = log.display().to_string();
    // A percent sign of the path itself is written twice.
    let folder = submission.folder.display().to_string();
    let log = log.replacen(&folder, &folder.replace('%', "%%"), 1);
    let mut options = vec![
        format!("--job-name=alkaline-{}", job.name),
        format!("--array=1-{}", job.rows.len()),
        "--nodes=1".to_owned(),
        "--ntasks=1".to_owned(),
        format!("--cpus-per-task={}", job.ask.cpus),
        format!("--mem={}M", job.ask.megabytes()),
        format!("--time={}", duration::text(job.ask.seconds)),
        // A node that fails, or a job that makes room for a better one, begins again.
        "--requeue".to_owned(),
        "--open-mode=append".to_owned(),
        format!("--output=\"{log}\""),
    ];
    // Not every Slurm heeds it: what waits for ever is looked for, too.
    if !profile.options.iter().any(|option| option.starts_with("--kill-on-invalid-dep")) {
        options.push("--kill-on-invalid-dep=yes".to_owned());
    }
    let named = [("partition", &profile.partition), ("account", &profile.account), ("qos", &profile.qos)];
    options.extend(named.iter().filter_map(|(name, value)| Some(format!("--{name}={}", value.as_ref()?))));
    options.extend(profile.options.iter().cloned());
    options
}

/// How `job` is told what it waits for, given what Slurm calls the jobs of its submission.
pub(super) fn dependency(job: &Job, id: impl Fn(&str) -> Option<String>) -> Option<String> {
    let needs = job.needs.iter().filter_map(|name| id(name));
    let all: Vec<String> = needs.chain(job.after.iter().cloned()).collect();
    (!all.is_empty()).then(|| format!("--dependency=afterok:{}", all.join(":")))
}

/// The script that submits all jobs by hand, as `alkaline submit slurm` does.
pub(super) fn by_hand(submission: &Submission) -> String {
    let mut text = format!(
        "#!/bin/bash\n# Submits the jobs of plan {}, each after those that it needs, and writes down what Slurm calls them:\n\
         # `alkaline status` and `alkaline resume` read that. `alkaline submit slurm` does the same.\n\
         set -euo pipefail\ncd \"$(dirname \"$0\")\"\n\
         if [ -e jobs.tsv ]; then echo 'these jobs were submitted before: alkaline resume makes new ones' >&2; exit 2; fi\n\
         submit() {{ local id; id=$(sbatch --parsable \"${{@:2}}\" \"$1.sbatch\"); printf '%s\\t%s\\n' \"$1\" \"${{id%%;*}}\" | tee -a jobs.tsv; }}\n\
         id() {{ awk -F '\\t' -v name=\"$1\" '$1 == name {{ print $2 }}' jobs.tsv; }}\n\n",
        submission.plan
    );
    for job in &submission.jobs {
        let dependency = dependency(job, |name| Some(format!("$(id {name})")));
        let dependency = dependency.map_or_else(String::new, |option| format!(" \"{option}\""));
        let _ = writeln!(text, "submit {}{dependency}", job.name);
    }
    text
}
