//! A network as one policy reads it: who is dead, who is live, what the core is. Made once for all questions under that policy.

use std::sync::OnceLock;

use super::sorting::sort_distinct;
use super::{linked, Assignment, Fbas, NodeId, NodeSet, UnknownNodes};

/// How a network is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub(super) unknown_nodes: UnknownNodes,
    crashed: NodeSet,
    ignore_one_node_quorums: bool,
    exchange: bool,
}

impl Policy {
    /// How nodes without a known quorum set are read, and the nodes that are taken as dead.
    pub fn new(unknown_nodes: UnknownNodes, crashed: NodeSet) -> Self {
        Policy { unknown_nodes, crashed, ignore_one_node_quorums: false, exchange: true }
    }

    /// Whether stray nodes are taken as dead as well: those that are a quorum all by themselves and that no other live node names.
    pub fn ignoring_one_node_quorums(self, ignore_one_node_quorums: bool) -> Self {
        Policy { ignore_one_node_quorums, ..self }
    }

    /// Whether exchangeable nodes are counted, not told apart. No answer depends on it.
    pub fn with_exchange(self, exchange: bool) -> Self {
        Policy { exchange, ..self }
    }
}

/// A network under a policy, with what is expensive to work out and does not depend on what is asked.
///
/// Code outside this crate cannot set what a view has found out:
///
/// ```compile_fail,E0616
/// # use stellar_fbas::network::{Network, NodeSet, Policy, UnknownNodes};
/// # let network = Network::parse(b"[]", None)?;
/// # let crashed = NodeSet::empty(network.node_count());
/// # let policy = Policy::new(UnknownNodes::Dead, crashed);
/// let _ = network.view(policy).disjoint_quorums.set(None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct View {
    /// The system with quorum sets as written: what witnesses are checked with.
    pub(crate) written: Fbas,
    /// The system of the live nodes, reduced.
    pub(crate) live: Fbas,
    /// The nodes that are a quorum all by themselves, whether they are left out or not.
    pub(crate) one_node_quorums: NodeSet,
    /// Those of them that are left out: taken as dead.
    pub(crate) left_out: NodeSet,
    /// Two disjoint quorums, or none, once somebody has found out.
    disjoint_quorums: OnceLock<Option<(NodeSet, NodeSet)>>,
    core: OnceLock<NodeSet>,
    minimal_quorum_candidates: OnceLock<Vec<Vec<NodeId>>>,
    of_minimal_quorums: OnceLock<Fbas>,
}

impl View {
    /// An assignment under the policy.
    pub fn new(assignment: &Assignment, policy: &Policy) -> Self {
        let Policy { unknown_nodes, crashed, ignore_one_node_quorums, exchange } = policy;
        let written = assignment.fbas(*unknown_nodes, crashed);
        let one_node_quorums = written.one_node_quorums();
        let left_out = match ignore_one_node_quorums {
            true => written.stray_nodes(),
            false => NodeSet::empty(assignment.node_count()),
        };
        let written = match left_out.is_empty() {
            true => written,
            false => assignment.fbas(*unknown_nodes, &crashed.union(&left_out)),
        };
        let written = if *exchange { written } else { written.without_exchange() };
        View {
            live: written.live(),
            written,
            one_node_quorums,
            left_out,
            disjoint_quorums: OnceLock::new(),
            core: OnceLock::new(),
            minimal_quorum_candidates: OnceLock::new(),
            of_minimal_quorums: OnceLock::new(),
        }
    }

    /// Whether there is any quorum.
    pub fn has_quorum(&self) -> bool {
        self.live.nodes().any(|node| self.live.is_known(node))
    }

    /// Two disjoint quorums, or that there are none; absent while nobody has found out.
    pub fn disjoint_quorums(&self) -> Option<&Option<(NodeSet, NodeSet)>> {
        self.disjoint_quorums.get()
    }

    /// Keeps what somebody found out, or proved, about disjoint quorums, unless that is known already; returns what is known now.
    pub(crate) fn keep_disjoint_quorums(
        &self,
        found: Option<(NodeSet, NodeSet)>,
    ) -> &Option<(NodeSet, NodeSet)> {
        self.disjoint_quorums.get_or_init(|| found)
    }

    /// The core: see [`Fbas::core`].
    pub fn core(&self) -> &NodeSet {
        self.core.get_or_init(|| self.written.core())
    }

    /// See [`Fbas::minimal_quorum_candidates`].
    fn minimal_quorum_candidates(&self) -> &[Vec<NodeId>] {
        self.minimal_quorum_candidates.get_or_init(|| {
            self.live.minimal_quorum_candidates().map(|candidate| candidate.iter().collect()).collect()
        })
    }

    /// The system of the nodes that can be in a minimal quorum. It has the same minimal quorums, so also the same
    /// blocking sets, smallest quorums and disjoint quorums.
    pub fn of_minimal_quorums(&self) -> &Fbas {
        self.of_minimal_quorums.get_or_init(|| {
            let candidates = self.minimal_quorum_candidates().iter().flatten().copied();
            self.live.reduced_to(&NodeSet::of(self.live.node_count(), candidates))
        })
    }

    /// Sets of nodes, each ascending, such that every minimal quorum lies in one of them, and no two of which have a key in common.
    pub(crate) fn parts(&self, key: &dyn Fn(NodeId) -> u32) -> Vec<Vec<NodeId>> {
        let candidates = self.minimal_quorum_candidates();
        let keys: Vec<Vec<u32>> =
            candidates.iter().map(|some| some.iter().map(|&node| key(node)).collect()).collect();
        let keys: Vec<&[u32]> = keys.iter().map(|keys| &keys[..]).collect();
        let part = |numbers: Vec<usize>| {
            let mut nodes: Vec<NodeId> =
                numbers.into_iter().flat_map(|number| candidates[number].iter().copied()).collect();
            sort_distinct(&mut nodes);
            nodes
        };
        linked(&keys).into_iter().map(part).collect()
    }
}
