//! Exact analysis of federated Byzantine agreement systems (FBAS), as used by the Stellar network.
//!
//! Can the network halt, can it split, who could do it, and would its history survive?
//!
//! ```
//! use stellar_fbas::analysis::{blocking_sets, quorum_intersection, Options, Size};
//! use stellar_fbas::budget::Budget;
//! use stellar_fbas::network::Network;
//!
//! // Four validators that each ask for three of the four.
//! let nodes = ["ALICE", "BOB", "CAROL", "DAVE"].map(|key| {
//!     format!(r#"{{"publicKey": "{key}", "quorumSet": {{"threshold": 3, "validators": ["ALICE", "BOB", "CAROL", "DAVE"]}}}}"#)
//! });
//! let network = Network::parse(format!("[{}]", nodes.join(",")).as_bytes(), None)?;
//!
//! let (options, budget) = (Options::default(), Budget::unlimited());
//! assert!(quorum_intersection(&network, &options, &budget)?.has_quorum_intersection());
//! let halting = blocking_sets(&network, &options, &budget)?.set;
//! assert_eq!(halting.size, Size::Exactly(2));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The map of the crate:
//!
//! * [`network`]: what is analysed. Parsing, nodes and organisations, who asks for what, groups, findings; quorums in linear time; reductions.
//! * `sat`: how hard questions are put. Formulas, unary counters, the solver, minimisation of a cost.
//! * `linear`: how counting questions are put. Inequalities over whole numbers, branch and bound.
//! * `diagram`: how sets are counted that nobody could list. Decision diagrams.
//! * [`analysis`]: one file a question; translates between the two.
//! * [`watch`]: who is told how far work is, and how often.
//! * `pool`: the threads that all calls share.
//! * [`budget`]: what one call may spend: deadline, cancellation and threads, as one value that is passed down.
//! * [`subject`]: what is looked for, and what a finding is about.
//! * `known`: what is known of a minimum while it is looked for.
//! * [`certify`](certify::certify): makes certificates, which prove answers.
//! * [`verify`]: checks certificates, for somebody who does not trust the rest.
//! * `binding`: the only place that knows Node.js.

#![deny(unsafe_code)]
// The binding needs some; nothing else may allow any.
#![cfg_attr(not(feature = "node"), forbid(unsafe_code))]
#![warn(missing_docs)]

pub mod analysis;
// Nothing calls it in unit tests, which have no Node.js around them; it is tested through the built addon.
#[cfg(all(feature = "node", not(test)))]
mod binding;
pub mod budget;
pub mod certify;
mod diagram;
mod known;
mod linear;
pub mod network;
mod pool;
// Only for its own tests, which ask another solver as well.
#[doc(hidden)]
pub mod sat;
pub mod subject;
pub mod verify;
pub mod watch;
