//! The network under the reading of a claim, with its quorums, its live nodes and its core. They are computed by the definitions, word for
//! word, and by nothing faster.

use std::cell::OnceCell;

use super::certificate::Reading;
use crate::budget::{Budget, Stop};
use crate::network::sorting::sort_distinct;
use crate::network::{self, Network, NodeId, NodeSet, QuorumSetId, UnknownNodes};

/// What a node asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    /// It is in no quorum.
    Dead,
    /// Nothing.
    Free,
    /// That this is satisfied.
    For(QuorumSetId),
}

/// A network under one reading.
pub struct System<'a> {
    pub(super) network: &'a Network,
    /// Who is left out: stray nodes, if the reading says so.
    pub(super) left_out: NodeSet,
    asks: Vec<Asks>,
    live: OnceCell<NodeSet>,
    core: OnceCell<NodeSet>,
    /// Once it has ended, there is no answer any more to what takes long.
    budget: &'a Budget,
}

impl<'a> System<'a> {
    /// The network, read so. Where a group is misconfigured, it is the one of [`misconfigured`], and what is asked for is as there.
    pub fn new(network: &'a Network, reading: &Reading, budget: &'a Budget) -> Result<Self, Stop> {
        let faulty = network.nodes_with_keys(&reading.faulty_nodes);
        let asks = network.nodes().map(|node| match network.quorum_set_of(node) {
            _ if faulty.contains(node) => Asks::Dead,
            _ if network.assignment().asks(node) == network::Asks::Gone => Asks::Dead,
            Some(id) => Asks::For(id),
            None if reading.unknown_nodes == UnknownNodes::Free => Asks::Free,
            None => Asks::Dead,
        });
        let left_out = NodeSet::empty(network.node_count());
        let (live, core) = (OnceCell::new(), OnceCell::new());
        let mut system = System { network, left_out, asks: asks.collect(), live, core, budget };
        if reading.ignore_one_node_quorums && reading.misconfigured.is_empty() {
            system.left_out = system.stray()?;
            system.left_out.iter().for_each(|node| system.asks[node.index()] = Asks::Dead);
            system.live = OnceCell::new();
        }
        Ok(system)
    }

    pub(crate) fn set(&self, nodes: impl IntoIterator<Item = NodeId>) -> NodeSet {
        NodeSet::of(self.network.node_count(), nodes)
    }

    /// The quorum set that the node asks for; absent: it asks for nothing.
    pub(crate) fn asks_for(&self, node: NodeId) -> Option<QuorumSetId> {
        match self.asks[node.index()] {
            Asks::For(id) => Some(id),
            Asks::Dead | Asks::Free => None,
        }
    }

    fn free(&self) -> NodeSet {
        self.set(self.network.nodes().filter(|node| self.asks[node.index()] == Asks::Free))
    }

    /// Per quorum set, whether `nodes` satisfies it. Inner sets stand before those that name them.
    fn satisfied(&self, nodes: &NodeSet) -> Vec<bool> {
        let mut satisfied: Vec<bool> = Vec::new();
        for (_, set) in self.network.quorum_sets().iter() {
            let validators = set.validators.iter().filter(|&&node| nodes.contains(node)).count();
            let inner = set.inner.iter().filter(|inner| satisfied[inner.index()]).count();
            satisfied.push((validators + inner) as u64 >= set.threshold);
        }
        satisfied
    }

    /// Those of the nodes that are dead or ask for what the nodes do not satisfy.
    pub(crate) fn unsatisfied(&self, nodes: &NodeSet) -> NodeSet {
        let satisfied = self.satisfied(nodes);
        self.set(nodes.iter().filter(|node| match self.asks[node.index()] {
            Asks::Dead => true,
            Asks::Free => false,
            Asks::For(id) => !satisfied[id.index()],
        }))
    }

    pub(super) fn is_quorum(&self, nodes: &NodeSet) -> bool {
        nodes.iter().any(|node| self.asks_for(node).is_some()) && self.unsatisfied(nodes).is_empty()
    }

    /// The largest quorum inside `nodes`, empty if there is none: whoever is not satisfied leaves until nobody does.
    pub(crate) fn largest_quorum(&self, nodes: &NodeSet) -> Result<NodeSet, Stop> {
        let mut left = nodes.clone();
        loop {
            let unsatisfied = self.unsatisfied(&left);
            if unsatisfied.is_empty() {
                return Ok(if self.is_quorum(&left) { left } else { self.set([]) });
            }
            self.budget.check()?;
            left = left.difference(&unsatisfied);
        }
    }

    /// What it may take to work out sets of nodes.
    pub(super) fn budget(&self) -> &'a Budget {
        self.budget
    }

    /// The nodes that are in some quorum.
    pub(crate) fn live(&self) -> Result<&NodeSet, Stop> {
        once(&self.live, || self.largest_quorum(&self.set(self.network.nodes())))
    }

    /// The nodes that are a quorum all by themselves and that no other live node names.
    fn stray(&self) -> Result<NodeSet, Stop> {
        let [_, named_by] = self.arrows()?;
        let is_alone = |node: &NodeId| self.is_quorum(&self.set([*node]));
        let is_unnamed = |node: &NodeId| named_by[node.index()].iter().all(|other| other == node);
        Ok(self.set(self.network.nodes().filter(is_unnamed).filter(is_alone)))
    }

    /// Arrows between live nodes, from each to those whom its quorum set names at any depth; and the same the other way.
    fn arrows(&self) -> Result<[Vec<Vec<NodeId>>; 2], Stop> {
        let mut named: Vec<Vec<NodeId>> = Vec::new();
        for (_, set) in self.network.quorum_sets().iter() {
            let inner = set.inner.iter().flat_map(|inner| &named[inner.index()]);
            let mut nodes: Vec<NodeId> = set.validators.iter().chain(inner).copied().collect();
            sort_distinct(&mut nodes);
            named.push(nodes);
        }
        let (live, nowhere) = (self.live()?, vec![Vec::new(); self.network.node_count()]);
        let [mut arrows, mut reversed] = [nowhere.clone(), nowhere];
        for node in live.iter() {
            let named = self.asks_for(node).into_iter().flat_map(|id| &named[id.index()]);
            for &named in named.filter(|named| live.contains(**named)) {
                arrows[node.index()].push(named);
                reversed[named.index()].push(node);
            }
        }
        Ok([arrows, reversed])
    }

    /// The core: the strongly connected components of live nodes that, with the free ones, contain a quorum.
    pub(super) fn core(&self) -> Result<&NodeSet, Stop> {
        once(&self.core, || self.find_core())
    }

    /// The nodes between which a split counts: any, or those of the core.
    pub(super) fn diverging(&self, all: bool) -> Result<&NodeSet, Stop> {
        match all {
            true => self.live(),
            false => self.core(),
        }
    }

    fn find_core(&self) -> Result<NodeSet, Stop> {
        let [arrows, reversed] = self.arrows()?;
        let (mut core, mut settled, free) = (self.set([]), self.set([]), self.free());
        for node in self.live()?.iter() {
            if !settled.contains(node) {
                self.budget.check()?;
                let start = self.set([node]);
                let component = reached(&start, &arrows).intersection(&reached(&start, &reversed));
                if !self.largest_quorum(&component.union(&free))?.is_disjoint(&component) {
                    core = core.union(&component);
                }
                settled = settled.union(&component);
            }
        }
        Ok(core)
    }

    /// The largest quorum of core and free nodes. Every minimal quorum lies inside it.
    pub(crate) fn of_minimal_quorums(&self) -> Result<NodeSet, Stop> {
        self.largest_quorum(&self.core()?.union(&self.free()))
    }

    /// The live nodes that these depend on, directly or not, and these.
    pub(super) fn reached_from(&self, nodes: &NodeSet) -> Result<NodeSet, Stop> {
        Ok(reached(nodes, &self.arrows()?[0]))
    }
}

/// The network in which the group of the reading is misconfigured; absent: none is. Who is left out is so by what everybody asks for as it is.
pub(crate) fn misconfigured(
    network: &Network,
    reading: &Reading,
    budget: &Budget,
) -> Result<Option<Network>, Stop> {
    if reading.misconfigured.is_empty() {
        return Ok(None);
    }
    let as_it_is = System::new(network, &Reading { misconfigured: Vec::new(), ..reading.clone() }, budget)?;
    let group = network.nodes_with_keys(&reading.misconfigured);
    let mut names: Vec<bool> = Vec::new();
    for (_, set) in network.quorum_sets().iter() {
        let is_named = set.validators.iter().any(|&node| group.contains(node));
        names.push(is_named || set.inner.iter().any(|inner| names[inner.index()]));
    }
    let depends = |node: &NodeId| as_it_is.asks_for(*node).is_some_and(|id| names[id.index()]);
    let dependents: Vec<NodeId> =
        network.nodes().filter(|&node| !group.contains(node)).filter(depends).collect();
    let mut assignment = network.assignment().clone();
    assignment.crash(&network.nodes_with_keys(&reading.faulty_nodes).union(&as_it_is.left_out));
    let all = assignment.quorum_set(group.len() as u64, group.iter(), []);
    let one = assignment.quorum_set(1, dependents, []);
    let set = assignment.quorum_set(2, [], [all, one]);
    for node in group.iter() {
        if assignment.asks(node) != network::Asks::Gone {
            assignment.replace(node, network::Asks::For(set));
        }
    }
    Ok(Some(network.with_assignment(assignment)))
}

/// What the cell holds, worked out on first use; nothing is kept of work that ended early.
fn once<T>(cell: &OnceCell<T>, work: impl FnOnce() -> Result<T, Stop>) -> Result<&T, Stop> {
    match cell.get() {
        Some(known) => Ok(known),
        None => {
            let found = work()?;
            Ok(cell.get_or_init(|| found))
        }
    }
}

fn reached(start: &NodeSet, arrows: &[Vec<NodeId>]) -> NodeSet {
    let mut seen = start.clone();
    let mut open: Vec<NodeId> = start.iter().collect();
    while let Some(node) = open.pop() {
        for &next in &arrows[node.index()] {
            if !seen.contains(next) {
                seen.insert(next);
                open.push(next);
            }
        }
    }
    seen
}
