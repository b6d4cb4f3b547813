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
/// show what each is worth. There may be more of them in any version: name those that are switched off, and take the default for the rest.
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
    /// All sets of nodes are tried, where nodes are few.
    pub subsets: bool,
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
            subsets: true,
            local_search: true,
            parts: true,
        }
    }
}

/// How a network is read, and what is counted. It is made of the defaults:
///
/// ```
/// use stellar_fbas::analysis::{Options, Scope};
/// use stellar_fbas::network::GroupBy;
///
/// let options = Options::default().with_group_by(GroupBy::Country).with_scope(Scope::All);
/// assert_eq!(options.limit, None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
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

impl Options {
    /// The same with sizes that count this.
    pub fn with_group_by(self, group_by: GroupBy) -> Self {
        Options { group_by, ..self }
    }

    /// The same with these nodes taken as crashed, by public key, and no others.
    pub fn with_faulty_nodes(self, faulty_nodes: Vec<String>) -> Self {
        Options { faulty_nodes, ..self }
    }

    /// The same with the network read as this node sees it, by its public key.
    pub fn with_reachable_from(self, reachable_from: impl Into<Option<String>>) -> Self {
        Options { reachable_from: reachable_from.into(), ..self }
    }

    /// The same with nodes without a known quorum set read so.
    pub fn with_unknown_nodes(self, unknown_nodes: UnknownNodes) -> Self {
        Options { unknown_nodes, ..self }
    }

    /// The same with splits counted between these nodes.
    pub fn with_scope(self, scope: Scope) -> Self {
        Options { scope, ..self }
    }

    /// The same with stray nodes left out, or not.
    pub fn with_ignore_one_node_quorums(self, ignore: impl Into<Option<bool>>) -> Self {
        Options { ignore_one_node_quorums: ignore.into(), ..self }
    }

    /// The same with at most so many minimal sets listed, and all counted.
    pub fn with_limit(self, limit: impl Into<Option<usize>>) -> Self {
        Options { limit: limit.into(), ..self }
    }

    /// The same with bounds as an answer when the budget ends first, or without.
    pub fn with_anytime(self, anytime: bool) -> Self {
        Options { anytime, ..self }
    }

    /// The same with the answer looked for so.
    pub fn with_techniques(self, techniques: Techniques) -> Self {
        Options { techniques, ..self }
    }
}
