//! Many questions at once: in rounds, so that a hard one costs the others little, and with findings beside the figures.

pub mod beside;
pub mod figures;
pub mod refine;
pub mod report;
pub mod rounds;
pub mod verdicts;
