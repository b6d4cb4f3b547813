//! Decision diagrams: functions over many yes-or-no questions, and families of sets, with what they share written down once.
//!
//! A family of 10^59 sets can be a diagram of a few thousand nodes, and is counted and listed from that without being written out.
//! Functions are read as binary decision diagrams (Bryant, "Graph-Based Algorithms for Boolean Function Manipulation", 1986), families
//! as zero-suppressed ones (Minato, "Zero-Suppressed BDDs for Set Manipulation in Combinatorial Problems", 1993); the minimal members
//! of a family follow Knuth (The Art of Computer Programming, volume 4A, 7.1.4). Knows nothing of quorums.
//!
//! Written here and not taken from a library, as every step has to look at the budget and at a bound on memory.

mod family;
mod function;
mod kept;
mod listing;
mod unfinished;

pub use family::{Counts, Family};
pub use function::{Function, Functions, MOST_LEVELS};
pub use kept::{Answer, Kept};
pub use listing::Listing;
pub use unfinished::Unfinished;
