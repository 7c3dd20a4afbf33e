//! What several tests say of the same genes: who calls a gene, at which rank, with which sign.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Direction, TestTable};
use crate::GeneId;
use crate::words::listed;

/// What one test says of a gene.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// Its place in the table of the test, from one.
    pub rank: usize,
    /// Log2 fold change.
    pub log2_fold_change: f64,
    /// P adjusted for multiple testing.
    pub fdr: f64,
    /// The call.
    pub direction: Direction,
}

/// What all tests say of a gene.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsensusRow {
    /// The gene.
    pub gene: GeneId,
    /// Symbol, when known.
    pub name: Option<Arc<str>>,
    /// Of each test; `None` where it did not test the gene.
    pub verdicts: Vec<Option<Verdict>>,
}

impl ConsensusRow {
    /// Tests that call the gene.
    pub fn calls(&self) -> usize {
        self.directions().count()
    }

    /// Whether tests call it in opposite directions.
    pub fn is_contradicted(&self) -> bool {
        let has = |wanted| self.directions().any(|direction| direction == wanted);
        has(Direction::Up) && has(Direction::Down)
    }

    /// `up` or `down` where the tests that call it agree; `mixed` where they do not; `ns` where none calls it.
    pub fn direction(&self) -> &'static str {
        match self.directions().next() {
            None => Direction::NotSignificant.word(),
            Some(_) if self.is_contradicted() => "mixed",
            Some(direction) => direction.word(),
        }
    }

    /// The mean of its ranks.
    pub fn mean_rank(&self) -> f64 {
        let ranks: Vec<f64> = self.verdicts.iter().flatten().map(|verdict| verdict.rank as f64).collect();
        ranks.iter().sum::<f64>() / ranks.len() as f64
    }

    fn directions(&self) -> impl Iterator<Item = Direction> {
        let all = self.verdicts.iter().flatten().map(|verdict| verdict.direction);
        all.filter(|direction| *direction != Direction::NotSignificant)
    }
}

/// Several tests of one contrast, side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Consensus {
    /// The tests, as options name them.
    pub methods: Vec<String>,
    /// The genes: those that more tests call first, then by their mean rank.
    pub rows: Vec<ConsensusRow>,
}

impl Consensus {
    /// Puts the tables of several tests side by side.
    pub fn of(tables: &[(String, &TestTable)]) -> Self {
        let mut places: HashMap<&GeneId, usize> = HashMap::new();
        let mut rows: Vec<ConsensusRow> = Vec::new();
        for (test, (_, table)) in tables.iter().enumerate() {
            for (rank, row) in table.rows.iter().enumerate().filter(|(_, row)| !row.p_value.is_nan()) {
                let place = *places.entry(&row.gene).or_insert_with(|| {
                    rows.push(ConsensusRow {
                        gene: row.gene.clone(),
                        name: row.name.clone(),
                        verdicts: vec![None; tables.len()],
                    });
                    rows.len() - 1
                });
                rows[place].verdicts[test] = Some(Verdict {
                    rank: rank + 1,
                    log2_fold_change: row.log2_fold_change,
                    fdr: row.fdr,
                    direction: row.direction,
                });
            }
        }
        rows.sort_by(|a, b| {
            b.calls()
                .cmp(&a.calls())
                .then_with(|| a.mean_rank().total_cmp(&b.mean_rank()))
                .then_with(|| a.gene.cmp(&b.gene))
        });
        Self { methods: tables.iter().map(|(method, _)| method.clone()).collect(), rows }
    }

    /// How much of the list hangs on the method.
    pub fn in_words(&self) -> String {
        let called: Vec<&ConsensusRow> = self.rows.iter().filter(|row| row.calls() > 0).collect();
        let tests = self.methods.len();
        if called.is_empty() {
            return format!("none of {} calls any gene", listed(&self.methods));
        }
        let by = |wanted: &dyn Fn(usize) -> bool| called.iter().filter(|row| wanted(row.calls())).count();
        let by_all = by(&|calls| calls == tests);
        let share = 100.0 * by_all as f64 / called.len() as f64;
        let contradicted = called.iter().filter(|row| row.is_contradicted()).count();
        let against = match contradicted {
            0 => String::new(),
            number => format!("; {number} in opposite directions"),
        };
        let rest = if by_all == called.len() && contradicted == 0 {
            "no call hangs on the method"
        } else {
            "the rest of the list hangs on the method"
        };
        format!(
            "of {} genes that any of {} calls, all call {by_all} ({share:.0} %) and one alone calls {}{against}: {rest}",
            called.len(),
            listed(&self.methods),
            by(&|calls| calls == 1),
        )
    }
}
