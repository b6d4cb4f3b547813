//! Sets of nodes as inequalities over whole numbers, where clauses would need a pigeonhole proof.

mod counted;
pub mod quorums;
mod side;
pub mod splits;
