//! Makes a system smaller without changing an answer: dead nodes and what they leave of quorum sets, components, the core.

use super::node_set::{NodeId, NodeSet};
use super::quorum::{Fbas, QuorumSetId, QuorumSets, Requirement};
use super::sorting::sort;

/// What is left of a quorum set once dead nodes are gone.
#[derive(Clone, Copy)]
enum Rest {
    AlwaysSatisfied,
    NeverSatisfied,
    Node(NodeId),
    Set(QuorumSetId),
}

impl Fbas {
    /// The same system with every node outside `keep` dead, and quorum sets in their simplest form: entries that can never be
    /// satisfied are dropped, entries that always are lower the threshold, a set of one entry is that entry. Sets that
    /// now read the same are one set, and sets that nobody is left to ask for are gone. Known nodes that can no longer be satisfied stay known, with a set that is never satisfied.
    pub fn reduced_to(&self, keep: &NodeSet) -> Fbas {
        self.simplified(keep, &NodeSet::empty(self.node_count()))
    }

    /// The system with these nodes deleted: they are dead in it, and entries that name them count as satisfied. Its quorums are what sides
    /// of a split have beside these nodes, if they are Byzantine.
    pub fn deleting(&self, deleted: &NodeSet) -> Fbas {
        self.simplified(&self.alive().difference(deleted), deleted)
    }

    /// The same system with every node outside `keep` dead, and with entries that name one of `satisfied` satisfied.
    fn simplified(&self, keep: &NodeSet, satisfied: &NodeSet) -> Fbas {
        let mut sets = QuorumSets::default();
        let mut rests: Vec<Rest> = Vec::with_capacity(self.quorum_sets().len());
        let is_asked_for = self.asked_for_by(keep);
        for (id, set) in self.quorum_sets().iter() {
            if !is_asked_for[id.index()] {
                rests.push(Rest::NeverSatisfied);
                continue;
            }
            let free_of_charge = set.validators.iter().filter(|&&node| satisfied.contains(node)).count();
            let mut threshold = set.threshold.saturating_sub(free_of_charge as u64);
            let mut validators: Vec<NodeId> = Vec::with_capacity(set.validators.len());
            validators.extend(
                set.validators
                    .iter()
                    .filter(|&&node| keep.contains(node) && self.requirement(node) != Requirement::Dead),
            );
            let mut inner = Vec::with_capacity(set.inner.len());
            for id in &set.inner {
                match rests[id.index()] {
                    Rest::AlwaysSatisfied => threshold = threshold.saturating_sub(1),
                    Rest::NeverSatisfied => {}
                    Rest::Node(node) => validators.push(node),
                    Rest::Set(id) => inner.push(id),
                }
            }
            let threshold = list_as_rarely_as_possible(threshold, &mut validators, &mut inner);
            let entries = validators.len() + inner.len();
            rests.push(match (threshold, &validators[..], &inner[..]) {
                (0, _, _) => Rest::AlwaysSatisfied,
                _ if threshold > entries as u64 => Rest::NeverSatisfied,
                (1, &[node], &[]) => Rest::Node(node),
                (1, &[], &[id]) => Rest::Set(id),
                _ => Rest::Set(sets.intern(threshold, validators, inner)),
            });
        }
        let mut requirements = Vec::with_capacity(self.node_count());
        for node in self.nodes() {
            requirements.push(match self.requirement(node) {
                _ if !keep.contains(node) => Requirement::Dead,
                Requirement::Known(id) => Requirement::Known(match rests[id.index()] {
                    Rest::AlwaysSatisfied => sets.intern(0, vec![], vec![]),
                    Rest::NeverSatisfied => sets.intern(1, vec![], vec![]),
                    Rest::Node(entry) => sets.intern(1, vec![entry], vec![]),
                    Rest::Set(id) => id,
                }),
                other => other,
            });
        }
        let reduced = Fbas::new(sets, requirements);
        if self.has_exchange() {
            reduced
        } else {
            reduced.without_exchange()
        }
    }

    /// Per quorum set, whether it is the own one of some of these nodes or an inner set of such a one.
    fn asked_for_by(&self, nodes: &NodeSet) -> Vec<bool> {
        self.quorum_sets().asked_for(nodes.iter().filter_map(|node| self.quorum_set_of(node)))
    }

    /// The system of its live nodes: those in the largest quorum.
    pub fn live(&self) -> Fbas {
        self.reduced_to(&self.largest_quorum_inside(&self.alive()))
    }

    /// Whether the same nodes are known in both systems and ask for the same, other nodes for nothing.
    pub fn asks_like(&self, other: &Fbas) -> bool {
        let mut common = QuorumSets::default();
        let mut asked = |fbas: &Fbas| -> Vec<Option<QuorumSetId>> {
            let mut ids: Vec<QuorumSetId> = Vec::with_capacity(fbas.quorum_sets().len());
            for (_, set) in fbas.quorum_sets().iter() {
                let inner = set.inner.iter().map(|id| ids[id.index()]).collect();
                ids.push(common.intern(set.threshold, set.validators.clone(), inner));
            }
            fbas.nodes().map(|node| fbas.quorum_set_of(node).map(|id| ids[id.index()])).collect()
        };
        asked(self) == asked(other)
    }

    /// The nodes that are a quorum all by themselves.
    pub fn one_node_quorums(&self) -> NodeSet {
        // One set for all of them: a set each would take time in the square of their number.
        let mut alone = NodeSet::empty(self.node_count());
        let is_alone = |&node: &NodeId| {
            alone.insert(node);
            let is_quorum = self.quorum_set_of(node).is_some_and(|id| self.is_satisfied_by(id, &alone));
            alone.remove(node);
            is_quorum
        };
        let nodes: Vec<NodeId> = self.nodes().filter(is_alone).collect();
        NodeSet::of(self.node_count(), nodes)
    }

    /// The nodes that are a quorum all by themselves and that no other live node names.
    pub fn stray_nodes(&self) -> NodeSet {
        let mut stray = self.one_node_quorums();
        if stray.is_empty() {
            return stray;
        }
        let live = self.largest_quorum_inside(&self.alive());
        for (id, _) in self.quorum_sets().iter() {
            let holders: Vec<NodeId> =
                self.holders(id).iter().copied().filter(|&holder| live.contains(holder)).collect();
            if holders.is_empty() {
                continue;
            }
            for node in self.named_in(id) {
                if holders.iter().any(|&holder| holder != node) {
                    stray.remove(node);
                }
            }
        }
        stray
    }

    /// The distinct nodes that a quorum set names, at any depth, ascending.
    pub fn named_in(&self, id: QuorumSetId) -> Vec<NodeId> {
        self.quorum_sets().named_in(id)
    }

    /// The nodes that quorums of `from`'s members can depend on: everything reachable along "is named in my quorum set".
    pub fn reachable_from(&self, from: &NodeSet) -> NodeSet {
        let mut reached = from.clone();
        let mut stack: Vec<NodeId> = from.iter().collect();
        let mut seen_sets = vec![false; self.quorum_sets().len()];
        while let Some(node) = stack.pop() {
            let Some(id) = self.quorum_set_of(node) else { continue };
            if std::mem::replace(&mut seen_sets[id.index()], true) {
                continue;
            }
            for named in self.named_in(id) {
                if !reached.contains(named) {
                    reached.insert(named);
                    stack.push(named);
                }
            }
        }
        reached
    }

    /// The strongly connected components of some nodes (edges: "is named in my quorum set"), each after those that it
    /// depends on.
    pub fn components(&self, nodes: &NodeSet) -> Vec<Vec<NodeId>> {
        let mut named: Vec<Vec<NodeId>> = vec![Vec::new(); self.quorum_sets().len()];
        for (id, _) in self.quorum_sets().iter() {
            if !self.holders(id).is_empty() {
                named[id.index()] = self.named_in(id);
            }
        }
        let edges = |node: NodeId| self.quorum_set_of(node).map_or(&[][..], |id| &named[id.index()]);
        tarjan(self.node_count(), nodes, edges)
    }

    /// The core: the union of the strongly connected components of live nodes that contain a quorum, free nodes counted in with each. To be
    /// asked of a system as written: a name in an inner set that can never be satisfied is a name all the same.
    pub fn core(&self) -> NodeSet {
        let live = self.largest_quorum_inside(&self.alive());
        let free = self.free_among(&live);
        let mut scratch = free.clone();
        let mut components = self.components(&live);
        components.retain(|component| self.largest_quorum_with(component, &free, &mut scratch).is_some());
        NodeSet::of(self.node_count(), components.into_iter().flatten())
    }

    /// Sets of nodes that together contain every minimal quorum: those that are a quorum by themselves, one by one, as no other minimal
    /// quorum has any of them; and of what is left without these the largest quorums whose known members are strongly connected, with all
    /// unknown nodes that ask for nothing.
    ///
    /// One after the other, as there may be as many as nodes.
    pub fn minimal_quorum_candidates(&self) -> impl Iterator<Item = NodeSet> {
        let live = self.live();
        let alone = live.one_node_quorums();
        let rest = match alone.is_empty() {
            true => live,
            false => live.reduced_to(&live.largest_quorum_inside(&live.alive().difference(&alone))),
        };
        let free = rest.free_among(&rest.alive());
        let components = rest.components(&rest.alive());
        let mut scratch = free.clone();
        let count = self.node_count();
        let alone: Vec<NodeId> = alone.iter().collect();
        alone.into_iter().map(move |node| NodeSet::of(count, [node])).chain(
            components
                .into_iter()
                .filter_map(move |component| rest.largest_quorum_with(&component, &free, &mut scratch)),
        )
    }

    /// The unknown nodes among some that ask for nothing.
    fn free_among(&self, nodes: &NodeSet) -> NodeSet {
        NodeSet::of(
            self.node_count(),
            nodes.iter().filter(|&node| self.requirement(node) == Requirement::Free),
        )
    }

    /// The largest quorum inside a component and some unknown nodes that ask for nothing, if there is one and the component has a known
    /// member. `scratch` has those unknown nodes before and after.
    fn largest_quorum_with(
        &self,
        component: &[NodeId],
        free: &NodeSet,
        scratch: &mut NodeSet,
    ) -> Option<NodeSet> {
        component.iter().for_each(|&node| scratch.insert(node));
        let quorum = match component {
            // Most components are one watcher; a look at its own quorum set is enough, and no copy is made.
            &[node] => {
                let is_satisfied =
                    self.quorum_set_of(node).is_some_and(|id| self.is_satisfied_by(id, scratch));
                is_satisfied.then(|| scratch.clone())
            }
            _ => Some(self.largest_quorum_inside(scratch)).filter(|quorum| !quorum.is_empty()),
        };
        component.iter().filter(|&&node| !free.contains(node)).for_each(|&node| scratch.remove(node));
        quorum
    }

    /// The system of the nodes that can be in a minimal quorum. It has the same minimal quorums.
    pub fn of_minimal_quorums(&self) -> Fbas {
        let mut candidates = NodeSet::empty(self.node_count());
        self.minimal_quorum_candidates()
            .for_each(|some| some.iter().for_each(|node| candidates.insert(node)));
        self.reduced_to(&candidates)
    }
}

/// Tarjan's algorithm without recursion. Components come out after those they lead to.
fn tarjan<'a>(
    node_count: usize,
    nodes: &NodeSet,
    edges: impl Fn(NodeId) -> &'a [NodeId],
) -> Vec<Vec<NodeId>> {
    const UNSEEN: u32 = u32::MAX;
    let mut index = vec![UNSEEN; node_count];
    let mut low = vec![0u32; node_count];
    let mut on_stack = NodeSet::empty(node_count);
    let mut stack: Vec<NodeId> = Vec::new();
    let mut components = Vec::new();
    let mut next_index = 0u32;
    for root in nodes.iter() {
        if index[root.index()] != UNSEEN {
            continue;
        }
        let mut calls: Vec<(NodeId, usize)> = vec![(root, 0)];
        while let Some(&mut (node, ref mut edge)) = calls.last_mut() {
            if *edge == 0 {
                index[node.index()] = next_index;
                low[node.index()] = next_index;
                next_index += 1;
                stack.push(node);
                on_stack.insert(node);
            }
            let targets = edges(node);
            let mut descend = None;
            while *edge < targets.len() {
                let target = targets[*edge];
                *edge += 1;
                if !nodes.contains(target) {
                    continue;
                }
                if index[target.index()] == UNSEEN {
                    descend = Some(target);
                    break;
                } else if on_stack.contains(target) {
                    low[node.index()] = low[node.index()].min(index[target.index()]);
                }
            }
            if let Some(target) = descend {
                calls.push((target, 0));
                continue;
            }
            calls.pop();
            if let Some(&(parent, _)) = calls.last() {
                low[parent.index()] = low[parent.index()].min(low[node.index()]);
            }
            if low[node.index()] == index[node.index()] {
                let mut component = Vec::new();
                while let Some(member) = stack.pop() {
                    on_stack.remove(member);
                    component.push(member);
                    if member == node {
                        break;
                    }
                }
                components.push(component);
            }
        }
    }
    components
}

/// Where every entry is listed a multiple of k times, lists each a k-th as often and returns the k-th of the threshold, rounded up: the
/// satisfied entries are a multiple of k in number, and so at least t of them are at least ⌈t/k⌉ · k.
fn list_as_rarely_as_possible(
    threshold: u64,
    validators: &mut Vec<NodeId>,
    inner: &mut Vec<QuorumSetId>,
) -> u64 {
    sort(validators);
    sort(inner);
    let nodes = validators.chunk_by(|a, b| a == b).map(<[_]>::len);
    let sets = inner.chunk_by(|a, b| a == b).map(<[_]>::len);
    let times = nodes.chain(sets).fold(0, greatest_common_divisor);
    if times <= 1 {
        return threshold;
    }
    *validators = validators.iter().copied().step_by(times).collect();
    *inner = inner.iter().copied().step_by(times).collect();
    threshold.div_ceil(times as u64)
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Network, UnknownNodes};
    use super::*;

    #[test]
    fn watchers_leave_nothing_behind() {
        let core = families::symmetric(4, 3, 3);
        let watched = families::with_watchers(&core, 5, 1);
        let sets_of_core = |family: families::Generated| {
            let network =
                Network::parse(family.nodes_json().as_bytes(), None).expect("a family is valid input");
            let nobody = NodeSet::empty(network.node_count());
            let fbas = network.fbas(UnknownNodes::Dead, &nobody);
            let live = fbas.live();
            assert!(live.quorum_sets().len() <= fbas.quorum_sets().len());
            live.reduced_to(&fbas.core()).quorum_sets().len()
        };
        let [alone, with_watchers] = [core, watched].map(sets_of_core);
        assert_eq!(alone, with_watchers);
    }

    #[test]
    fn entries_that_are_all_listed_equally_often_are_listed_once() {
        let mut random = fastrand::Rng::with_seed(1);
        let mut shorter = 0;
        for _ in 0..2_000 {
            let times = random.usize(1..4);
            let mut sets = QuorumSets::default();
            let mut any_set = |random: &mut fastrand::Rng, inner: Vec<QuorumSetId>| {
                let listed = |times: usize| std::iter::repeat_n((), times);
                let nodes: Vec<NodeId> = (0..random.u32(1..4)).map(|_| NodeId(random.u32(..4))).collect();
                let validators: Vec<NodeId> =
                    nodes.iter().flat_map(|&node| listed(times).map(move |()| node)).collect();
                let inner: Vec<QuorumSetId> =
                    inner.iter().flat_map(|&id| listed(times).map(move |()| id)).collect();
                let most = (validators.len() + inner.len()) as u64;
                sets.intern(random.u64(1..=most), validators, inner)
            };
            let inner = any_set(&mut random, vec![]);
            let own: Vec<QuorumSetId> = (0..4).map(|_| any_set(&mut random, vec![inner])).collect();
            let fbas = Fbas::new(sets, own.into_iter().map(Requirement::Known).collect());
            let reduced = fbas.reduced_to(&fbas.alive());
            let entries =
                |fbas: &Fbas| fbas.quorum_sets().iter().map(|(_, set)| set.entry_count()).sum::<usize>();
            shorter += usize::from(entries(&reduced) < entries(&fbas));
            for bits in 0..1u32 << 4 {
                let nodes = NodeSet::of(4, (0..4).filter(|node| bits >> node & 1 == 1).map(NodeId));
                assert_eq!(reduced.is_quorum(&nodes), fbas.is_quorum(&nodes), "{nodes:?}");
            }
        }
        assert!(shorter > 500, "many are listed more often than they need be: {shorter}");
    }
}
