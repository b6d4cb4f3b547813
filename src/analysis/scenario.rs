//! A network under the options of one call: who is dead, who is live, what the core is.

use std::sync::OnceLock;

use super::{AnalysisError, Options, Techniques};
use crate::network::{Fbas, Network, NodeSet};

/// The system that the questions are asked about.
pub(super) struct Scenario<'a> {
    /// The network.
    pub network: &'a Network,
    /// The system with quorum sets as written: what witnesses are checked with.
    pub written: Fbas,
    /// The system of the live nodes, reduced.
    pub live: Fbas,
    /// The nodes that are a quorum all by themselves, whether they are left out or not.
    pub one_node_quorums: NodeSet,
    /// How answers are looked for.
    pub techniques: Techniques,
    of_minimal_quorums: OnceLock<Fbas>,
}

impl<'a> Scenario<'a> {
    /// The network with the crashed nodes, and possibly the one-node quorums, dead.
    pub fn new(
        network: &'a Network,
        options: &Options,
        crashed: &NodeSet,
        ignore_one_node_quorums: bool,
    ) -> Self {
        let written = network.fbas(options.unknown_nodes, crashed);
        let one_node_quorums = written.one_node_quorums();
        let written = if ignore_one_node_quorums && !one_node_quorums.is_empty() {
            network.fbas(options.unknown_nodes, &crashed.union(&one_node_quorums))
        } else {
            written
        };
        let techniques = options.techniques;
        let written = if techniques.exchange { written } else { written.without_exchange() };
        let live = written.live();
        let of_minimal_quorums = OnceLock::new();
        Scenario { network, written, live, one_node_quorums, techniques, of_minimal_quorums }
    }

    /// The scenario of a single analysis: crashed nodes are taken as dead.
    pub fn of(network: &'a Network, options: &Options) -> Self {
        let crashed = network.nodes_with_keys(&options.faulty_nodes);
        Self::new(network, options, &crashed, options.ignore_one_node_quorums.unwrap_or(false))
    }

    /// Whether there is any quorum.
    pub fn has_quorum(&self) -> bool {
        self.live.nodes().any(|node| self.live.is_known(node))
    }

    /// The system of the nodes that can be in a minimal quorum. It has the same minimal quorums, so also the same
    /// blocking sets, smallest quorums and disjoint quorums.
    pub fn of_minimal_quorums(&self) -> &Fbas {
        self.of_minimal_quorums.get_or_init(|| {
            let candidates = self.live.minimal_quorum_candidates();
            let all = candidates.iter().fold(self.nobody(), |all, some| all.union(some));
            self.live.reduced_to(&all)
        })
    }

    /// The empty set of nodes.
    pub fn nobody(&self) -> NodeSet {
        NodeSet::empty(self.network.node_count())
    }

    /// Checks a witness; a failed check is a defect of this package and never an answer.
    pub fn check(&self, holds: bool, claim: &str) -> Result<(), AnalysisError> {
        if holds {
            return Ok(());
        }
        Err(AnalysisError::Internal(format!("a witness failed its check: {claim}")))
    }
}
