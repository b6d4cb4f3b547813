//! How hard questions are put to a SAT solver. Nothing in here knows what a quorum is.
//!
//! * [`Formula`]: variables and clauses.
//! * [`counter`]: unary numbers, the sums that thresholds and costs are made of.
//! * `simplify`: unit propagation and pure literals, so that the solver sees only what is hard.
//! * [`solve`]: the only place that names the solver; contains its panics and checks its models.
//! * [`refute`]: the same with a proof, for clauses as they are.
//! * [`minimise`]: the cheapest model.

pub mod counter;
mod formula;
mod minimise;
mod simplify;
mod solver;

pub use formula::{Formula, Lit, Model};
pub use minimise::{minimise, Examined};
pub use solver::{refute, solve, SolverError, SOLVER};
