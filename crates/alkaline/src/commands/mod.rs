//! One module per command: its arguments, and what it does with them.

pub mod check;
pub mod completions;
pub mod contrast;
pub mod count;
pub mod counts_input;
pub mod demo;
pub mod enrich;
pub mod gene_sets;
pub mod given;
pub mod man;
pub mod merge;
pub mod norm_options;
pub mod normalize;
pub mod panel;
pub mod power;
pub mod recorded_options;
pub mod reference;
pub mod report;
pub mod run;
pub mod sample_sheet;
pub mod simulate;
pub mod table_name;
pub mod test;
pub mod test_options;
