//! How counting questions are put: linear inequalities over bounded whole numbers. Nothing in here knows what a quorum is.
//!
//! Clauses cannot count: a proof by clauses that two large sets must overlap is a pigeonhole proof, which grows exponentially.
//! Inequalities can be added up, so their proofs stay short. Real arithmetic proposes which ones to add up and how often; that the sum
//! is a contradiction is checked in whole numbers, so that no rounding error can ever become an answer.
//!
//! * [`Program`]: variables with bounds, inequalities.
//! * `propagate`: what inequalities imply about single variables.
//! * `simplex`: the relaxation to real numbers, solved by the dual simplex method.
//! * [`solve`]: branch and bound.

mod program;
mod propagate;
mod search;
mod simplex;

pub use program::{Program, Var};
pub use search::{solve, Answer, Left};
