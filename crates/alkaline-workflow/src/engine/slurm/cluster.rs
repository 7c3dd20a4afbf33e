//! What a cluster allows: how large an array, how many jobs at once, how many processors and how much time.

use super::asking::Programs;
use crate::engine::duration;
use crate::engine::profile::Profile;

/// What a cluster allows; `None` where it sets no limit, or does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cluster {
    /// Tasks of an array.
    pub array: Option<usize>,
    /// Jobs that may still be submitted; each task of an array counts.
    pub jobs: Option<usize>,
    /// Processors of the largest node.
    pub cpus: Option<usize>,
    /// Seconds that a job may take.
    pub seconds: Option<u64>,
    /// Whether it keeps an account of jobs that are over.
    pub has_accounting: bool,
}

impl Cluster {
    /// What the cluster says; what it does not say is no limit.
    pub(super) fn look(programs: &Programs, profile: &Profile) -> Self {
        let config = programs.ask("scontrol", &["show", "config"]).unwrap_or_default();
        // The largest index of an array is one less, and ours begin with 1.
        let array = value(&config, "MaxArraySize").and_then(number).map(|size| size.saturating_sub(1).max(1));
        let (cpus, seconds) = room(programs, profile);
        Self { array, jobs: jobs(programs, &config), cpus, seconds, has_accounting: has_accounting(&config) }
    }
}

/// Whether the cluster keeps an account of jobs that are over.
pub(super) fn keeps_account(programs: &Programs) -> bool {
    programs.find("sacct").is_some()
        && programs.ask("scontrol", &["show", "config"]).is_ok_and(|config| has_accounting(&config))
}

fn has_accounting(config: &str) -> bool {
    value(config, "AccountingStorageType").is_some_and(|kind| kind.contains("slurmdbd"))
}

/// `Key = Value` of a configuration.
fn value<'a>(config: &'a str, key: &str) -> Option<&'a str> {
    config.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == key).then_some(value.trim())
    })
}

/// The digits that `text` begins with.
fn number(text: &str) -> Option<usize> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

/// How many jobs may still be submitted: by the limits of the account, less those that are there.
fn jobs(programs: &Programs, config: &str) -> Option<usize> {
    let all = value(config, "MaxJobCount").and_then(number);
    let user = rustix::process::getuid().as_raw().to_string();
    let own = has_accounting(config).then(|| {
        let users = format!("users={user}");
        programs.ask("scontrol", &["show", "assoc_mgr", &users, "flags=assoc,qos"]).unwrap_or_default()
    });
    let limit = own.as_deref().and_then(|text| submit_limit(text, &user));
    let limit = [limit, all].into_iter().flatten().min()?;
    let there = programs.ask("squeue", &["-h", "-r", "-u", &user, "-o", "%i"]).unwrap_or_default();
    Some(limit.saturating_sub(there.lines().count()))
}

/// The least of `MaxSubmitJobs` and its kin that `scontrol show assoc_mgr` tells for the user with this number.
fn submit_limit(text: &str, user: &str) -> Option<usize> {
    const NAMES: [&str; 4] =
        ["MaxSubmitJobs=", "GrpSubmitJobs=", "MaxSubmitJobsPU=", "MaxSubmitJobsPerUser="];
    // Associations of other users, and of the accounts above, begin with a head of their own.
    let blocks = text.split("ClusterName=").skip(1);
    let own = blocks.filter(|block| block.contains(&format!("({user})")) || block.contains("UserName= "));
    let words = own.flat_map(str::split_whitespace);
    words.filter_map(|word| NAMES.iter().find_map(|name| number(word.strip_prefix(name)?))).min()
}

/// Processors of the largest node and the longest time, of the partition asked for, else of the default one.
fn room(programs: &Programs, profile: &Profile) -> (Option<usize>, Option<u64>) {
    let mut arguments = vec!["-h", "-o", "%c|%l|%P"];
    if let Some(partition) = &profile.partition {
        arguments.extend(["-p", partition]);
    }
    let said = programs.ask("sinfo", &arguments).unwrap_or_default();
    let rows: Vec<Vec<&str>> = said.lines().map(|line| line.split('|').collect()).collect();
    let is_meant =
        |row: &&Vec<&str>| row.len() == 3 && (profile.partition.is_some() || row[2].ends_with('*'));
    let cpus = rows.iter().filter(is_meant).filter_map(|row| number(row[0])).max();
    let seconds = rows.iter().filter(is_meant).filter_map(|row| duration::parse(row[1])).max();
    (cpus, seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_of_ones_own_account_counts_and_not_that_of_others() {
        let text = "Association Records\n\nClusterName=lab Account=a UserName=ann(7) Partition= ID=3\n    MaxJobs= MaxSubmitJobs=3(1)\n\n\
                    ClusterName=lab Account=a UserName=bob(8) Partition= ID=4\n    GrpSubmitJobs=N(0)\n    MaxJobs= MaxSubmitJobs=500(2)\n";
        assert_eq!(submit_limit(text, "8"), Some(500));
        assert_eq!(submit_limit(text, "7"), Some(3));
        assert_eq!(submit_limit(text, "9"), None);
    }

    #[test]
    fn a_configuration_is_read_by_its_keys() {
        let config = "AccountingStorageType   = accounting_storage/none\nMaxArraySize            = 1001\n";
        assert_eq!(value(config, "MaxArraySize").and_then(number), Some(1001));
        assert!(!has_accounting(config));
        assert!(has_accounting("AccountingStorageType = accounting_storage/slurmdbd"));
    }
}
