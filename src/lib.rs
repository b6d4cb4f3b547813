//! Exact analysis of federated Byzantine agreement systems (FBAS), as used by the Stellar network.
//!
//! Can the network halt, can it split, who could do it, and would its history survive? The map of the crate:
//!
//! * [`network`]: what is analysed. Parsing, quorum sets, groups, findings; quorums in linear time; reductions.
//! * [`sat`]: how hard questions are put. Formulas, unary counters, the solver, minimisation of a cost.
//! * [`linear`]: how counting questions are put. Inequalities over whole numbers, branch and bound.
//! * [`diagram`]: how sets are counted that nobody could list. Decision diagrams.
//! * [`analysis`]: one file a question; translates between the two.
//! * [`progress`]: what is known while an answer is looked for, and who is told.
//! * [`budget`]: deadline, cancellation and threads, as one value that is passed down.
//! * `binding`: the only place that knows Node.js.

#![deny(unsafe_code)]
#![warn(missing_docs)]

pub mod analysis;
// Nothing calls it in unit tests, which have no Node.js around them; it is tested through the built addon.
#[cfg(all(feature = "node", not(test)))]
mod binding;
pub mod budget;
pub mod diagram;
pub mod linear;
pub mod network;
pub mod progress;
pub mod sat;
