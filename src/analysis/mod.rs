//! The questions, one file each, and what their answers look like.
//!
//! | file | question |
//! |---|---|
//! | [`quorum_intersection`] | do every two quorums share a node? |
//! | [`quorums`] | which quorum is smallest? |
//! | [`top_tier`] | who is in some minimal quorum? |
//! | [`core`] | on whom does everybody depend? |
//! | [`symmetric_top_tier`] | does one quorum set, shared by all it names, rule the network? |
//! | [`blocking_sets`] | how few can halt the network? |
//! | [`splitting_sets`] | how few can make it split? |
//! | [`history_critical`] | how few archives keep its history? |
//! | [`full_analysis`], [`perform_analysis`] | all of it |
//!
//! Every answer with a witness is checked against the definition on the network as written before it is returned.

mod avalanche;
mod blocking;
mod bounds;
mod by_size;
mod charges;
mod core;
mod counting;
mod deciding;
mod encoding;
mod families;
mod figures;
mod history;
mod hitting;
mod intersection;
mod items;
mod local_search;
mod minimal_sets;
mod one_quorum_set;
mod pair;
mod quorums;
mod report;
mod rounds;
mod scenario;
mod sides;
mod splitting;
mod symmetric;
mod top_tier;
mod verdicts;
mod watchers;

use crate::budget::{Budget, Stop};
use crate::known::Known;
use crate::network::{GroupBy, Network, NodeSet, UnknownNodes};
use crate::sat::SolverError;

pub use self::core::core;
pub use blocking::{blocking_sets, BlockingSets};
pub use figures::{perform_analysis, AnalysisResult, MergedResult};
pub use history::{history_critical, HistoryCritical};
pub use intersection::{quorum_intersection, QuorumIntersection};
pub use minimal_sets::{minimal_sets, MinimalSets, SetCounts, SetList, SetsOf};
pub use quorums::{quorums, Quorums};
pub use report::{engine, full_analysis, FullAnalysis, Timed};
pub use splitting::{splitting_sets, SplittingSets};
pub use symmetric::{symmetric_top_tier, NamedQuorumSet};
pub use top_tier::{top_tier, TopTier};

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
    /// How nodes without a known quorum set are read.
    pub unknown_nodes: UnknownNodes,
    /// Between which nodes a split counts.
    pub scope: Scope,
    /// Whether stray nodes are left out: those that are a quorum all by themselves and that no other live node names. Absent: only in
    /// [`perform_analysis`].
    pub ignore_one_node_quorums: Option<bool>,
    /// List all minimal sets as well, at most this many; and take the time to count them.
    pub limit: Option<usize>,
    /// Whether the bounds found so far are an answer when the budget ends first.
    pub anytime: bool,
    /// How the answer is looked for.
    pub techniques: Techniques,
}

/// Size and example of a smallest set, with what is proven about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MinimalSet {
    /// Size of a smallest set, in nodes or groups; absent: no such set exists. If it is not exact: of the smallest set known, if any.
    pub min_size: Option<u32>,
    /// Proven lower bound on the size; 0 where no set exists.
    pub lower_bound: u32,
    /// Whether `min_size` is proven.
    pub is_exact: bool,
    /// A set of that size: public keys or group labels, ascending.
    pub example_set: Vec<String>,
    /// Nodes of the example that do what it is an example of: public keys, ascending.
    pub example_nodes: Vec<String>,
    /// The inclusion-minimal sets, if they were asked for.
    pub list: Option<SetList>,
    /// How many inclusion-minimal sets there are, where that is known.
    pub counts: Option<SetCounts>,
    /// Whether the budget ended while sets were listed or counted.
    pub is_cut_short: bool,
}

impl MinimalSet {
    /// Whether more time would not tell more.
    fn is_settled(&self) -> bool {
        self.is_exact && !self.is_cut_short
    }

    /// Takes over what a later answer to the same question knows better; says whether the set is now that of the later one.
    fn refine(&mut self, later: MinimalSet) -> bool {
        let size = |set: &MinimalSet| set.min_size.unwrap_or(u32::MAX);
        let is_better = later.is_exact || (!self.is_exact && size(&later) <= size(self));
        let lower_bound = self.lower_bound.max(later.lower_bound);
        if is_better {
            *self = later;
        }
        if !self.is_exact {
            self.lower_bound = lower_bound;
        }
        is_better
    }

    /// What is known. `nodes` are those of a solution, `names` what results call them.
    fn of<W>(
        known: &Known<W>,
        network: &Network,
        nodes: impl Fn(&W) -> &NodeSet,
        names: impl Fn(&NodeSet) -> Vec<String>,
    ) -> Self {
        let example = known.best().map(|(_, solution)| nodes(solution));
        let is_exact = known.is_proven();
        let exists = known.upper().is_some() || !is_exact;
        MinimalSet {
            min_size: known.upper(),
            lower_bound: if exists { known.lower() } else { 0 },
            is_exact,
            example_set: example.map(names).unwrap_or_default(),
            example_nodes: example.map(|nodes| network.keys_of(nodes)).unwrap_or_default(),
            list: None,
            counts: None,
            is_cut_short: false,
        }
    }
}

/// Why an analysis gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnalysisError {
    /// The budget ended first.
    #[error(transparent)]
    Stopped(#[from] Stop),
    /// The budget ended first, when the size in question was known to lie between these bounds.
    #[error("{stop}: the size is at least {lower}{}", .upper.map(|upper| format!(" and at most {upper}")).unwrap_or_default())]
    StoppedBetween {
        /// Why it ended.
        stop: Stop,
        /// Proven: the size is not smaller.
        lower: u32,
        /// The size of the smallest set known, if any.
        upper: Option<u32>,
    },
    /// All minimal sets were asked for, and more nodes or groups could be in one than a list is possible of.
    #[error("all minimal sets can be listed where at most {most} nodes or groups can be in one, and here {members} can")]
    TooManyToList {
        /// How many can be in a minimal set.
        members: u32,
        /// How many may be.
        most: u32,
    },
    /// A proof was asked for that would take a formula of too many clauses.
    #[error("a proof takes a formula of more than {most} clauses")]
    TooLargeToProve {
        /// How many it may have.
        most: usize,
    },
    /// A defect of this package: an answer failed its check, or the solver failed.
    #[error("internal error: {0}")]
    Internal(String),
}

/// Looks for a minimum. Where the budget ends first, what is known by then is the answer if the options say so, and otherwise the error
/// names the bounds.
fn search<'a, W>(
    analysis: &'a str,
    options: &Options,
    budget: &'a Budget,
    look: impl FnOnce(&mut Known<W>) -> Result<(), AnalysisError>,
) -> Result<Known<'a, W>, AnalysisError> {
    let mut known = Known::new(analysis, budget);
    match look(&mut known) {
        Err(AnalysisError::Stopped(_)) if options.anytime => Ok(known),
        Err(error) => Err(error.with_bounds(&known)),
        Ok(()) => Ok(known),
    }
}

impl AnalysisError {
    /// The same, naming the bounds if the budget ended.
    fn with_bounds<W>(self, known: &Known<W>) -> AnalysisError {
        match self {
            AnalysisError::Stopped(stop) => {
                AnalysisError::StoppedBetween { stop, lower: known.lower(), upper: known.upper() }
            }
            other => other,
        }
    }

    /// The same where bounds of one size would say nothing about the whole.
    fn without_bounds(self) -> AnalysisError {
        match self {
            AnalysisError::StoppedBetween { stop, .. } => AnalysisError::Stopped(stop),
            other => other,
        }
    }

    /// Whether the budget ended first.
    pub fn is_stopped(&self) -> bool {
        matches!(self, AnalysisError::Stopped(_) | AnalysisError::StoppedBetween { .. })
    }
}

impl From<SolverError> for AnalysisError {
    fn from(error: SolverError) -> Self {
        match error {
            SolverError::Stopped(stop) => AnalysisError::Stopped(stop),
            SolverError::Failed(_) => AnalysisError::Internal(error.to_string()),
        }
    }
}
