//! Units as tasks of arrays: as many arrays as the size of one demands, and several units a task where jobs are few.

use crate::engine::steps::{Step, Unit};

/// Jobs for each step, when not every unit may have one.
pub(super) fn share(steps: &[Step], jobs: Option<usize>) -> usize {
    let wanted: usize = steps.iter().map(|step| step.units.len()).sum();
    match jobs {
        Some(jobs) if wanted > jobs => {
            let single = steps.iter().filter(|step| step.units.len() == 1).count();
            let several = (steps.len() - single).max(1);
            (jobs.saturating_sub(single) / several).max(1)
        }
        _ => usize::MAX,
    }
}

/// The arrays of a step: of each, of each task, the units that it does one after the other.
pub(super) fn arrays(units: Vec<Unit>, share: usize, largest: usize) -> Vec<Vec<Vec<Unit>>> {
    let together = units.len().div_ceil(share).max(1);
    let tasks: Vec<Vec<Unit>> = units.chunks(together).map(<[Unit]>::to_vec).collect();
    tasks.chunks(largest.max(1)).map(<[Vec<Unit>]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(number: usize) -> Vec<Unit> {
        (0..number).map(|unit| Unit { name: unit.to_string(), tasks: vec![unit.to_string()] }).collect()
    }

    #[test]
    fn arrays_are_no_larger_than_the_cluster_allows_and_hold_every_unit_once() {
        let made = arrays(units(2500), usize::MAX, 1000);
        let sizes: Vec<usize> = made.iter().map(Vec::len).collect();
        assert_eq!(sizes, [1000, 1000, 500]);
        let all: Vec<Unit> = made.into_iter().flatten().flatten().collect();
        assert_eq!(all, units(2500));
    }

    #[test]
    fn where_jobs_are_few_a_task_does_several_units() {
        let step = |name, number| Step { name, units: units(number) };
        let steps = [step("samples", 3000), step("merge", 1), step("tests", 2), step("report", 1)];
        let share = share(&steps, Some(500));
        assert_eq!(share, 249);
        let made = arrays(units(3000), share, 1000);
        assert_eq!(made.len(), 1);
        assert!(made[0].len() <= 249 && made[0][0].len() == 13, "{} {}", made[0].len(), made[0][0].len());
        assert_eq!(super::share(&steps, Some(5000)), usize::MAX);
        assert_eq!(super::share(&steps, None), usize::MAX);
        assert_eq!(super::share(&steps, Some(0)), 1);
    }
}
