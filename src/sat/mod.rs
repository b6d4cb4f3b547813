//! How hard questions are put to a SAT solver. Nothing in here knows what a quorum is.
//!
//! * [`Formula`]: variables and clauses.
//! * [`counter`]: unary numbers, the sums that thresholds and costs are made of.
//! * `simplify`: unit propagation and pure literals, so that the solver sees only what is hard.
//! * [`solve`]: runs the solver under a budget and checks its models. [`refute`]: the same with a proof, for clauses as they are.
//! * [`Engine`]: what a solver must be able to do; `splr`: the one in use, and its quirks.
//! * `minimise`: the cheapest model.

pub mod counter;
mod engine;
mod formula;
mod minimise;
#[cfg(test)]
mod random_formulas;
mod simplify;
mod solver;
mod splr;

pub use self::splr::Splr;
pub use engine::{Decided, Engine, EngineError};
pub use formula::{Formula, Lit, Model};
pub use minimise::{minimise, Examined};
pub use solver::{refute, solve, solve_with, SolverError, SOLVER};
