//! What every test of a contrast leaves and says, whatever it tested.

use alkaline_core::results::{Consensus, TestTable};
use alkaline_io::results::{consensus, test_table};

use super::context::Context;
use crate::error::WorkflowError;

/// What must be said where raw P calls.
pub(super) fn called_by_p(table: &TestTable) -> Option<String> {
    table.warning_of_raw_p().map(|words| format!("{}: {words}", table.contrast.id))
}

/// "12 up, 3 down of 8,000 tested".
pub(super) fn in_words(table: &TestTable) -> String {
    let (up, down) = table.called();
    format!("{up} up, {down} down of {} tested", table.rows.len())
}

/// Writes the tables of further tests, and what all say of each gene; gives how far they agree.
pub(super) fn leave_others(
    method: &str,
    first: &TestTable,
    others: &[(String, TestTable)],
    context: &Context<'_>,
) -> Result<String, WorkflowError> {
    let contrast = &first.contrast;
    let place = context.place.contrast(&contrast.id);
    for (method, table) in others {
        test_table::write(&place.further_test(method), table, &[])?;
    }
    let own = (method.to_owned(), first);
    let all: Vec<(String, &TestTable)> =
        std::iter::once(own).chain(others.iter().map(|(method, table)| (method.clone(), table))).collect();
    let consensus = Consensus::of(&all);
    consensus::write(&place.consensus(), &consensus)?;
    Ok(format!("{}: {}", contrast.id, consensus.in_words()))
}
