//! How a network is read, what is counted, and how answers are looked for.

use crate::network::{GroupBy, UnknownNodes};

/// Between which nodes a split counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Scope {
    /// Two members of the core.
    #[default]
    Core,
    /// Any two nodes.
    All,
}

/// How answers are looked for. No answer depends on it, only how long it takes: tests switch off one after the other, benchmarks
/// show what each is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Techniques {
    /// Lower bounds by counting entries, in polynomial time.
    pub bounds: bool,
    /// Sets that are easy to find, as a start.
    pub guesses: bool,
    /// Exchangeable nodes are counted, not told apart.
    pub exchange: bool,
    /// Splits as inequalities over whole numbers.
    pub counting: bool,
    /// Nodes that nobody names are settled one by one.
    pub watchers: bool,
    /// All minimal sets as decision diagrams.
    pub diagrams: bool,
    /// Whether given units block or split, asked over and over, where that is cheaper than to look for the fewest.
    pub deciding: bool,
    /// Better splits near a known one.
    pub local_search: bool,
    /// Parts of the network that have no minimal quorum in common are asked one by one.
    pub parts: bool,
}

impl Default for Techniques {
    /// All of them.
    fn default() -> Self {
        Techniques {
            bounds: true,
            guesses: true,
            exchange: true,
            counting: true,
            watchers: true,
            diagrams: true,
            deciding: true,
            local_search: true,
            parts: true,
        }
    }
}

/// How a network is read, and what is counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// What sizes count.
    pub group_by: GroupBy,
    /// Public keys of nodes taken as crashed; keys that the network does not have are passed over.
    pub faulty_nodes: Vec<String>,
    /// Public key of a node: the network is read as it sees it, so all others but those that it reaches are left out. Of a key that the network does
    /// not have, nothing is reached.
    pub reachable_from: Option<String>,
    /// How nodes without a known quorum set are read.
    pub unknown_nodes: UnknownNodes,
    /// Between which nodes a split counts.
    pub scope: Scope,
    /// Whether stray nodes are left out: those that are a quorum all by themselves and that no other live node names. Absent: only in
    /// `analysis::perform_analysis`.
    pub ignore_one_node_quorums: Option<bool>,
    /// List all minimal sets as well, at most this many; and take the time to count them.
    pub limit: Option<usize>,
    /// Whether the bounds found so far are an answer when the budget ends first.
    pub anytime: bool,
    /// How the answer is looked for.
    pub techniques: Techniques,
}
