//! What figures are put together from: headings, legends, rows, dots, stacked bars, and networks laid out.

pub(crate) mod agreement;
pub(crate) mod chart;
pub mod layout;
pub(crate) mod row_chart;
pub mod scatter;
pub mod stacked_bars;
pub mod upset;
