//! Many questions under one budget: asked in rounds, so that a hard one takes little time from the others, and answered with findings.

pub mod beside;
pub mod figures;
pub mod other_reading;
pub mod refine;
pub mod report;
pub mod rollout;
pub mod rounds;
pub mod stages;
pub mod suggested;
pub mod verdicts;
