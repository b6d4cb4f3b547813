//! Makes networks of the states of a change, so that the analyses can be asked about them. In a state some units (nodes or groups) have
//! changed to what they ask for in the later network, and the others have not.
//!
//! A single state is made into the network as it is. A region of many states is made into one network that stands for all of them: it has
//! every quorum and every split that one of these states has, or it has only quorums that all of these states have.

use super::states::{Choice, Kinds, Region};
use crate::analysis::options::Options;
use crate::analysis::scenario::Scenario;
use crate::budget::{Budget, Stop};
use crate::network::{
    Asks, Assignment, Fbas, Groups, Network, NodeId, NodeSet, QuorumSetId, Transition, UnknownNodes,
};

/// Some nodes that change together.
pub struct Unit {
    pub label: String,
    /// All nodes of the group, ascending.
    pub members: Vec<NodeId>,
    /// Those that ask for something else in the later network.
    pub changing: NodeSet,
}

/// How the states of a region are seen as one network.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// A node asks for one of its quorum sets: whatever is a quorum or split in any state is one.
    Generously,
    /// The same, and nodes stay that nobody names: Byzantine ones may split one off.
    Splitting,
    /// A node asks for the lower of both thresholds over all entries of both, which says less and is counted more easily.
    Loosely,
    /// A node asks for both: whatever is a quorum is one in every state.
    Strictly,
}

/// A change, as the options read it.
pub struct Change<'a> {
    pub transition: &'a Transition,
    /// The units that change, in the order of their labels.
    pub units: Vec<Unit>,
    pub kinds: Kinds,
    options: &'a Options,
    base: Scenario<'a>,
    crashed: NodeSet,
    pub ignores_stray: bool,
    /// Nodes that nobody else names in either network: alone they are stray, and in no other quorum anybody needs them.
    unnamed: NodeSet,
    /// Those of them that are a quorum alone in both networks.
    alone: NodeSet,
    /// All nodes that are a quorum alone in one of the networks: only they are stray in any state.
    sometimes_alone: NodeSet,
    /// Nodes that are known in both networks and a quorum alone in neither, so that they are stray in no state.
    never_stray: NodeSet,
}

impl<'a> Change<'a> {
    /// The change of the nodes of these groups.
    pub fn new(transition: &'a Transition, groups: &Groups, options: &'a Options) -> Self {
        let network = transition.after();
        let crashed = network.nodes_with_keys(&options.faulty_nodes);
        let unnamed = unnamed(transition);
        let nobody = NodeSet::empty(network.node_count());
        let [earlier, later] = [transition.before(), network]
            .map(|network| network.fbas(UnknownNodes::Dead, &nobody).one_node_quorums());
        let is_known = |node: &NodeId| {
            transition.before().quorum_set_of(*node).is_some() && network.quorum_set_of(*node).is_some()
        };
        let known = NodeSet::of(network.node_count(), network.nodes().filter(is_known));
        let mut change = Change {
            transition,
            units: units_of(transition, groups),
            kinds: Kinds(Vec::new()),
            base: Scenario::new(network, options, &crashed, false),
            options,
            ignores_stray: options.ignore_one_node_quorums.unwrap_or(false),
            alone: earlier.intersection(&later).intersection(&unnamed),
            never_stray: known.difference(&earlier.union(&later)),
            sometimes_alone: earlier.union(&later),
            unnamed,
            crashed,
        };
        change.kinds = Kinds((0..change.units.len()).map(|unit| vec![unit]).collect());
        change
    }

    /// Finds out which units can be exchanged without changing either network or the groups that sizes count. Before, all are told apart.
    pub fn find_kinds(&mut self, counted: &Groups, budget: &Budget) -> Result<(), Stop> {
        self.kinds = self.kinds_of_units(counted, budget)?;
        Ok(())
    }

    /// Whether unknown nodes are free and one of the unit is unknown in one of the networks only: no quorum set says both.
    pub fn is_known_once(&self, unit: usize) -> bool {
        let is_known = |assignment: &Assignment, node| assignment.quorum_set_of(node).is_some();
        let networks = [self.transition.before(), self.transition.after()];
        self.options.unknown_nodes == UnknownNodes::Free
            && self.units[unit].changing.iter().any(|node| {
                let [before, after] = networks.map(|network| is_known(network.assignment(), node));
                before != after && !self.crashed.contains(node)
            })
    }

    /// Whether quorum sets can say what the nodes ask for in all states of the region.
    pub fn is_one_system(&self, region: &Region) -> bool {
        !region.open().any(|unit| self.is_known_once(unit))
    }

    /// The states of the region as one network.
    pub fn seen(&self, region: &Region, seen: Seen) -> Assignment {
        if region.open().next().is_none() {
            return self.state(&region.first());
        }
        let mut assignment = self.transition.after().assignment().clone();
        let before = self.transition.before().assignment();
        for (unit, &choice) in self.units.iter().zip(&region.0) {
            for node in unit.changing.iter() {
                let ids = [before, self.transition.after().assignment()].map(|asks| asks.quorum_set_of(node));
                match (choice, ids, seen) {
                    (Choice::After, _, _) | (Choice::Either, [None, None], _) => {}
                    (Choice::Before, _, _) => assignment.replace(node, before.asks(node)),
                    (Choice::Either, [Some(earlier), Some(later)], _) => {
                        let both = match seen {
                            Seen::Strictly => assignment.quorum_set(2, [], [earlier, later]),
                            Seen::Generously | Seen::Splitting => {
                                assignment.quorum_set(1, [], [earlier, later])
                            }
                            Seen::Loosely => lower_of_both(&mut assignment, earlier, later),
                        };
                        assignment.replace(node, Asks::For(both));
                    }
                    (Choice::Either, _, Seen::Strictly) => assignment.replace(node, Asks::Gone),
                    (Choice::Either, [Some(known), None] | [None, Some(known)], _) => {
                        assignment.replace(node, Asks::For(known));
                    }
                }
            }
        }
        assignment.crash(&self.crashed);
        if self.ignores_stray {
            // With free nodes a quorum may need a known member that nobody names.
            let may_be_needed = seen == Seen::Splitting || self.options.unknown_nodes == UnknownNodes::Free;
            assignment.crash(match seen {
                Seen::Strictly => &self.sometimes_alone,
                _ if may_be_needed => &self.alone,
                Seen::Generously | Seen::Splitting | Seen::Loosely => &self.unnamed,
            });
        }
        assignment
    }

    /// The states of the region as one network, to ask about.
    pub fn scenario(&self, region: &Region, seen: Seen) -> Scenario<'a> {
        self.base.changed(&self.seen(region, seen), self.options)
    }

    /// The system of an assignment, in which these nodes have stopped.
    pub fn fbas(&self, assignment: &Assignment, stopped: &NodeSet) -> Fbas {
        assignment.fbas(self.options.unknown_nodes, stopped)
    }

    /// One state as it is, as the options read it: nodes that have crashed or are left out are gone.
    pub fn state(&self, has_changed: &[bool]) -> Assignment {
        let changed = self.units.iter().zip(has_changed).filter(|(_, &has)| has);
        let changed = changed.fold(self.base.nobody(), |all, (unit, _)| all.union(&unit.changing));
        let mut assignment = self.transition.state(&changed);
        assignment.crash(&self.crashed);
        if self.ignores_stray {
            let stray = self.fbas(&assignment, &self.base.nobody()).stray_nodes();
            assignment.crash(&stray);
        }
        assignment
    }

    /// What units do in a state of the region in which these are quorums; absent: they are in none.
    pub fn explained(&self, region: &Region, sides: &[&NodeSet]) -> Option<Region> {
        let pairs: Vec<(&NodeSet, &NodeSet)> = sides.iter().map(|&side| (side, side)).collect();
        self.explained_by(region, &pairs)
    }

    /// What units do in a state of the region in which the honest members of two sides are satisfied by their side.
    pub fn explained_despite(
        &self,
        region: &Region,
        honest: &[NodeSet; 2],
        sides: [&NodeSet; 2],
    ) -> Option<Region> {
        self.explained_by(region, &[(&honest[0], sides[0]), (&honest[1], sides[1])])
    }

    /// What units do in a state of the region in which the first of each pair are satisfied by the second.
    fn explained_by(&self, region: &Region, pairs: &[(&NodeSet, &NodeSet)]) -> Option<Region> {
        let mut state = region.clone();
        for unit in 0..self.units.len() {
            let [before, after] = self.allowed(unit, pairs);
            state.0[unit] = match region.0[unit] {
                Choice::Either if before => Choice::Before,
                Choice::Either if after => Choice::After,
                Choice::Either => return None,
                decided => decided,
            };
        }
        Some(state)
    }

    /// All states in which these are quorums for the same reason as in a given one.
    pub fn where_they_hold(&self, state: &Region, quorums: &[&NodeSet]) -> Region {
        let mut region = state.clone();
        if !quorums.iter().all(|quorum| self.is_never_stray(quorum)) {
            return region;
        }
        let pairs: Vec<(&NodeSet, &NodeSet)> = quorums.iter().map(|&quorum| (quorum, quorum)).collect();
        for unit in 0..self.units.len() {
            if self.allowed(unit, &pairs) == [true, true] {
                region.0[unit] = Choice::Either;
            }
        }
        region
    }

    /// Whether anybody is left out in some state because of being a quorum alone.
    pub fn may_be_stray(&self) -> bool {
        self.ignores_stray && !self.sometimes_alone.is_empty()
    }

    /// Whether a quorum is one also without its stray nodes, in every state in which it is one. Nobody in it names those, and somebody
    /// who is known is left.
    pub fn is_never_stray(&self, quorum: &NodeSet) -> bool {
        match self.ignores_stray {
            true => !quorum.is_disjoint(&self.never_stray),
            false => !quorum.is_empty(),
        }
    }

    /// Whether the members that a unit has in the first of each pair are satisfied by the second before it changes, and after it has.
    fn allowed(&self, unit: usize, pairs: &[(&NodeSet, &NodeSet)]) -> [bool; 2] {
        let sets = self.transition.after().quorum_sets();
        [self.transition.before(), self.transition.after()].map(|network| {
            pairs.iter().all(|(members, by)| {
                self.units[unit]
                    .changing
                    .intersection(members)
                    .iter()
                    .all(|node| network.quorum_set_of(node).is_some_and(|id| sets.is_satisfied_by(id, by)))
            })
        })
    }

    /// The units by kind.
    fn kinds_of_units(&self, counted: &Groups, budget: &Budget) -> Result<Kinds, Stop> {
        let mut kinds: Vec<Vec<usize>> = Vec::new();
        let looks: Vec<_> = self.units.iter().map(|unit| self.look(unit)).collect();
        for unit in 0..self.units.len() {
            budget.check()?;
            let like = |kind: &&mut Vec<usize>| {
                looks[kind[0]] == looks[unit] && self.can_be_exchanged(kind[0], unit, counted)
            };
            match kinds.iter_mut().find(like).filter(|_| self.options.techniques.exchange) {
                Some(kind) => kind.push(unit),
                None => kinds.push(vec![unit]),
            }
        }
        Ok(Kinds(kinds))
    }

    /// What is seen of a unit at first sight, and is the same of units that can be exchanged: per member, of its quorum sets before and after,
    /// the threshold and how many entries there are.
    fn look(&self, unit: &Unit) -> Vec<[Option<(u64, usize)>; 2]> {
        let sets = self.transition.after().quorum_sets();
        let seen = |network: &Network, node| {
            let id = network.quorum_set_of(node)?;
            Some((sets.get(id).threshold, sets.get(id).entry_count()))
        };
        let of = |&node: &NodeId| {
            [self.transition.before(), self.transition.after()].map(|network| seen(network, node))
        };
        unit.members.iter().map(of).collect()
    }

    /// Whether everything stays as it is, in both networks, when the nodes of two units change places, the first with the first and so on.
    fn can_be_exchanged(&self, one: usize, other: usize, counted: &Groups) -> bool {
        let [one, other] = [one, other].map(|unit| &self.units[unit].members);
        if one.len() != other.len() {
            return false;
        }
        let network = self.transition.after();
        let mut image: Vec<NodeId> = network.nodes().collect();
        for (&a, &b) in one.iter().zip(other) {
            image[a.index()] = b;
            image[b.index()] = a;
        }
        let mut sets = network.quorum_sets().clone();
        let mut images: Vec<QuorumSetId> = Vec::with_capacity(sets.len());
        for (_, set) in network.quorum_sets().iter() {
            let validators = set.validators.iter().map(|node| image[node.index()]).collect();
            let inner = set.inner.iter().map(|inner| images[inner.index()]).collect();
            images.push(sets.intern(set.threshold, validators, inner));
        }
        let mut group_images = vec![None; counted.count()];
        network.nodes().all(|node| {
            let counterpart = image[node.index()];
            let asks_alike =
                [self.transition.before(), self.transition.after()].iter().all(|network| {
                    match (network.assignment().asks(node), network.assignment().asks(counterpart)) {
                        (Asks::For(own), Asks::For(theirs)) => images[own.index()] == theirs,
                        (own, theirs) => own == theirs,
                    }
                });
            let group = group_images[counted.group(node).index()].get_or_insert(counted.group(counterpart));
            asks_alike
                && *group == counted.group(counterpart)
                && self.crashed.contains(node) == self.crashed.contains(counterpart)
        })
    }
}

/// The units that change, in the order of their labels.
fn units_of(transition: &Transition, groups: &Groups) -> Vec<Unit> {
    let node_count = transition.after().node_count();
    let unit = |(group, members): (_, Vec<NodeId>)| {
        let changing = NodeSet::of(node_count, members.iter().copied()).intersection(transition.changing());
        (!changing.is_empty()).then(|| Unit { label: groups.label(group).to_string(), members, changing })
    };
    groups.iter().zip(groups.members()).filter_map(unit).collect()
}

/// The nodes that no other node's usable quorum set names, before or after.
fn unnamed(transition: &Transition) -> NodeSet {
    let after = transition.after();
    let mut unnamed = NodeSet::full(after.node_count());
    for network in [transition.before(), after] {
        for node in network.nodes() {
            if let Some(id) = network.quorum_set_of(node) {
                after
                    .quorum_sets()
                    .named_in(id)
                    .into_iter()
                    .filter(|&named| named != node)
                    .for_each(|named| unnamed.remove(named));
            }
        }
    }
    unnamed
}

/// The lower threshold of two quorum sets over the entries of both, each as often as it stands in the one where it stands more often. Whatever
/// satisfies one of them satisfies it.
fn lower_of_both(assignment: &mut Assignment, one: QuorumSetId, other: QuorumSetId) -> QuorumSetId {
    let [one, other] = [one, other].map(|id| assignment.quorum_sets().get(id).clone());
    let validators = united(one.validators, other.validators);
    let inner = united(one.inner, other.inner);
    assignment.quorum_set(one.threshold.min(other.threshold), validators, inner)
}

/// All of two sorted lists, each as often as it stands in the one where it stands more often.
fn united<T: Ord + Copy>(one: Vec<T>, other: Vec<T>) -> Vec<T> {
    let mut all = one.clone();
    let mut left = one.into_iter().peekable();
    for entry in other {
        while left.next_if(|first| *first < entry).is_some() {}
        if left.next_if_eq(&entry).is_none() {
            all.push(entry);
        }
    }
    all
}
