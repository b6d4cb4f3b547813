//! Better splits near a known one: a few more units become Byzantine, then as many as possible become honest again, each on a side where
//! the split survives it. What comes out is a split, and not always a smallest one: an upper bound that is good early.

use std::ops::Range;

use crate::analysis::cost::charges::Charges;
use crate::analysis::encode::split::Split;
use crate::budget::Budget;
use crate::network::{Fbas, NodeId, NodeSet, Supported};

/// How many turns without a better split are taken for every unit by which the best one may be too dear, and how many at most.
const LATER: Patience = Patience { per_unit: 100, most: 1_000 };
/// At first, while the bound from below is far off, they are fewer, for the sooner it is raised the fewer are wanted; but the more units there are,
/// the longer that takes, and the longer a caller with little time has to do with what was found here.
const AT_FIRST: Patience = Patience { per_unit: 20, most: 60 };
const UNITS_SQUARED_PER_TURN: usize = 12;
/// There are no more of these turns than one for so many sets of units that could still be better: where they are few, they are soon decided.
const SETS_PER_TURN: usize = 4;
/// After so many of them the search goes back to the best split.
const RETURN: usize = 100;
/// How many more units become Byzantine in one turn, at most.
const MORE: usize = 4;
/// One step in so many may lead to a split that costs one more.
const UPHILL: usize = 20;
/// In one turn of so many some nodes change sides, one node in [`CROSSING`].
const SHUFFLE: usize = 3;
const CROSSING: usize = 16;

struct Patience {
    per_unit: usize,
    most: usize,
}

impl Patience {
    fn at_first(units: usize) -> Self {
        let most = (units * units / UNITS_SQUARED_PER_TURN).clamp(AT_FIRST.most, LATER.most);
        Patience { per_unit: AT_FIRST.per_unit.max(most / 3), most }
    }
}

/// A split that is being changed.
#[derive(Clone)]
struct State {
    byzantine: NodeSet,
    /// The first side, with the Byzantine nodes that there are.
    a: Supported,
    /// The other: as many as possible of those who are not honest members of the first.
    b: Supported,
    cost: usize,
}

impl State {
    /// The honest nodes on the first side.
    fn honest(&self) -> NodeSet {
        self.a.nodes().difference(&self.byzantine)
    }
}

/// The splits of one system, to be walked from one to the next.
pub struct Nearby<'a> {
    fbas: &'a Fbas,
    all: NodeSet,
    /// The known nodes that count as diverging.
    diverging: NodeSet,
    units: Vec<Vec<NodeId>>,
    patience: Patience,
    random: fastrand::Rng,
}

impl<'a> Nearby<'a> {
    pub fn new(fbas: &'a Fbas, diverging: &NodeSet, charges: &Charges) -> Self {
        let all = fbas.alive();
        let known = all.iter().filter(|&node| fbas.is_known(node) && diverging.contains(node));
        let diverging = NodeSet::of(fbas.node_count(), known);
        let units = charges.units(&all);
        Nearby {
            fbas,
            all,
            diverging,
            patience: Patience::at_first(units.len()),
            units,
            random: fastrand::Rng::with_seed(1),
        }
    }

    /// A cheaper split than this one, if one was found before the budget ended; none costs less than `lower`. Takes the same way every time.
    pub fn improve(&mut self, start: &Split, lower: u32, budget: &Budget) -> Option<Split> {
        let mut random = self.random.clone();
        if self.units.is_empty() {
            return None;
        }
        let start = self.split(&start.a, start.byzantine.clone())?;
        let (mut best, mut current) = (start.clone(), start.clone());
        let mut idle = 0;
        let Patience { per_unit, most } = std::mem::replace(&mut self.patience, LATER);
        let patience = |cost: usize| {
            let better = lower as usize..cost;
            (per_unit * better.len()).min(most).min(sets_of(better, self.units.len()) / SETS_PER_TURN)
        };
        while idle < patience(best.cost) && budget.check().is_ok() {
            idle += 1;
            let next = self.neighbour(&current, &mut random);
            if next.cost < best.cost {
                best = next.clone();
                idle = 0;
            }
            let is_near = next.cost == current.cost + 1 && random.usize(..UPHILL) == 0;
            if next.cost <= current.cost || is_near {
                current = next;
            }
            if idle % RETURN == RETURN - 1 {
                current = best.clone();
            }
        }
        self.random = random;
        (best.cost < start.cost).then(|| {
            let State { byzantine, a, b, .. } = best;
            Split { a: a.nodes().union(&byzantine), b: b.nodes().clone(), byzantine }
        })
    }

    /// The units, by number, that some nodes belong to.
    fn used(&self, nodes: &NodeSet) -> Vec<usize> {
        let is_used = |unit: &usize| self.units[*unit].iter().any(|&node| nodes.contains(node));
        (0..self.units.len()).filter(is_used).collect()
    }

    fn neighbour(&self, from: &State, random: &mut fastrand::Rng) -> State {
        let (mut byzantine, mut honest) = (from.byzantine.clone(), from.honest());
        for _ in 0..random.usize(1..=MORE) {
            for &node in &self.units[random.usize(..self.units.len())] {
                byzantine.insert(node);
                honest.remove(node);
            }
        }
        if random.usize(..SHUFFLE) == 0 {
            for node in self.all.difference(&byzantine).iter() {
                if random.usize(..CROSSING) == 0 {
                    match honest.contains(node) {
                        true => honest.remove(node),
                        false => honest.insert(node),
                    }
                }
            }
        }
        let mut state = self.split(&honest, byzantine).unwrap_or_else(|| from.clone());
        let mut used = self.used(&state.byzantine);
        random.shuffle(&mut used);
        for unit in used {
            let members: Vec<NodeId> =
                self.units[unit].iter().copied().filter(|&node| state.byzantine.contains(node)).collect();
            // All of them on one side, all on the other, or some here and some there.
            let first = random.bool();
            let mut sides = vec![vec![first; members.len()], vec![!first; members.len()]];
            if members.len() > 1 {
                sides.push(members.iter().map(|_| random.bool()).collect());
            }
            if let Some(fewer) = sides.iter().find_map(|joining| self.without(&state, &members, joining)) {
                state = fewer;
            }
        }
        state.cost = self.used(&state.byzantine).len();
        state
    }

    /// The split in which these nodes are Byzantine and as many as possible of the others stand on the first side, if it is one.
    fn split(&self, first: &NodeSet, byzantine: NodeSet) -> Option<State> {
        let a = self.fbas.supported_inside(&first.union(&byzantine), &byzantine);
        let b = self.beside(&a, &byzantine);
        self.if_both_diverge(State { cost: self.used(&byzantine).len(), byzantine, a, b })
    }

    /// The split in which these nodes are honest, and stand on the first side if they join it and otherwise on the other, if it is one.
    fn without(&self, from: &State, members: &[NodeId], joining: &[bool]) -> Option<State> {
        let mut byzantine = from.byzantine.clone();
        members.iter().for_each(|&node| byzantine.remove(node));
        let (mut a, mut b) = (from.a.clone(), from.b.clone());
        let members = || members.iter().copied().zip(joining);
        let stays = |&(node, &joins): &(NodeId, &bool)| joins && self.fbas.is_content(node, &a);
        let (joined, others): (Vec<_>, Vec<_>) = members().partition(stays);
        self.fbas.take_out(others.iter().map(|&(node, _)| node).collect(), &mut a, &byzantine);
        let turned_away = joining.iter().filter(|&&joins| !joins).count();
        if from.a.nodes().len() - a.nodes().len() > turned_away {
            // Whoever is not satisfied here may stand on the other side.
            b = self.beside(&a, &byzantine);
        } else {
            let unsatisfied = others.iter().filter(|&&(node, _)| !self.fbas.is_content(node, &b));
            let leaving = joined.iter().chain(unsatisfied).map(|&(node, _)| node).collect();
            self.fbas.take_out(leaving, &mut b, &byzantine);
        }
        self.if_both_diverge(State { byzantine, a, b, cost: 0 })
    }

    /// The other side.
    fn beside(&self, a: &Supported, byzantine: &NodeSet) -> Supported {
        self.fbas.supported_inside(&self.all.difference(&a.nodes().difference(byzantine)), byzantine)
    }

    fn if_both_diverge(&self, state: State) -> Option<State> {
        let diverges = |side: &Supported| {
            side.nodes().iter().any(|node| self.diverging.contains(node) && !state.byzantine.contains(node))
        };
        (diverges(&state.a) && diverges(&state.b)).then_some(state)
    }
}

/// How many sets there are with one of these numbers of so many units.
fn sets_of(sizes: Range<usize>, units: usize) -> usize {
    let mut of_size = 1usize;
    let mut sets = 0usize;
    for size in 0..sizes.end.min(units + 1) {
        if size >= sizes.start {
            sets = sets.saturating_add(of_size);
        }
        of_size = of_size.saturating_mul(units - size) / (size + 1);
    }
    sets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{GroupBy, Groups, Network, UnknownNodes};
    use serde_json::{json, Value};

    const NODES: usize = 7;

    fn any_network(random: &mut fastrand::Rng) -> Network {
        let mut some = |most: usize| -> Vec<String> {
            (0..random.usize(1..=most)).map(|_| format!("N{}", random.usize(..NODES))).collect()
        };
        let node = |index: usize| {
            let (validators, inner) = (some(4), some(3));
            json!({
                "publicKey": format!("N{index}"),
                "isp": format!("isp {}", index / 2),
                "quorumSet": {
                    "threshold": 1 + validators.len() / 2,
                    "validators": validators,
                    "innerQuorumSets": [{ "threshold": inner.len().div_ceil(2), "validators": inner }],
                },
            })
        };
        let nodes: Vec<Value> = (0..NODES).map(node).collect();
        Network::parse(Value::from(nodes).to_string().as_bytes(), None).expect("valid input")
    }

    #[test]
    fn a_split_made_smaller_is_what_one_would_find_anew() {
        let mut random = fastrand::Rng::with_seed(1);
        let (mut splits, mut none) = (0, 0);
        for round in 0..2_000 {
            let network = any_network(&mut random);
            let fbas = network.fbas(UnknownNodes::Dead, &NodeSet::empty(NODES));
            let groups = Groups::of(&network, if round % 2 == 0 { &GroupBy::Node } else { &GroupBy::Isp });
            let charges = Charges::new(&groups, fbas.alive());
            let nearby = Nearby::new(&fbas, &fbas.alive(), &charges);
            let mut any = || NodeSet::of(NODES, fbas.alive().iter().filter(|_| random.bool()));
            let (first, byzantine) = (any(), any());
            let Some(state) = nearby.split(&first, byzantine) else { continue };
            for unit in nearby.used(&state.byzantine) {
                let members: Vec<NodeId> = nearby.units[unit]
                    .iter()
                    .copied()
                    .filter(|&node| state.byzantine.contains(node))
                    .collect();
                let joining: Vec<bool> = members.iter().map(|_| random.bool()).collect();
                let (mut honest, mut byzantine) = (state.honest(), state.byzantine.clone());
                for (&node, &joins) in members.iter().zip(&joining) {
                    byzantine.remove(node);
                    if joins {
                        honest.insert(node);
                    }
                }
                let sides =
                    |state: State| (state.a.nodes().clone(), state.b.nodes().clone(), state.byzantine);
                let anew = nearby.split(&honest, byzantine).map(sides);
                match anew {
                    Some(_) => splits += 1,
                    None => none += 1,
                }
                assert_eq!(nearby.without(&state, &members, &joining).map(sides), anew, "round {round}");
            }
        }
        assert!(splits > 500 && none > 100, "{splits} splits, {none} times none");
    }

    #[test]
    fn all_sets_of_a_size_are_counted() {
        assert_eq!(sets_of(2..4, 5), 10 + 10);
        assert_eq!(sets_of(0..9, 5), 32);
        assert_eq!(sets_of(3..3, 5), 0);
        assert_eq!(sets_of(0..500, 500), usize::MAX);
    }
}
