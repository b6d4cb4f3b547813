//! Better splits near a known one: a few more units become Byzantine, then as many as possible become honest again, each on a side where
//! the split survives it. What comes out is a split, and not always a smallest one: an upper bound that is good early.

use crate::analysis::cost::charges::Charges;
use crate::analysis::encode::split::Split;
use crate::budget::Budget;
use crate::network::{Fbas, NodeId, NodeSet};

/// How many turns without a better split are taken for every unit by which the best one may be too dear, and how many at most.
const PATIENCE: usize = 100;
const MOST_PATIENCE: usize = 1_000;
/// After so many of them the search goes back to the best split.
const RETURN: usize = 100;
/// How many more units become Byzantine in one turn, at most.
const MORE: usize = 3;
/// One step in so many may lead to a split that costs one more.
const UPHILL: usize = 20;
/// In one turn of so many some nodes change sides, one node in [`CROSSING`].
const SHUFFLE: usize = 3;
const CROSSING: usize = 16;

/// A split that is being changed.
#[derive(Clone)]
struct State {
    byzantine: NodeSet,
    /// The honest nodes on the first side; everybody else may stand on the other.
    honest: NodeSet,
    cost: usize,
}

/// The splits of one system, to be walked from one to the next.
pub struct Nearby<'a> {
    fbas: &'a Fbas,
    all: NodeSet,
    /// The known nodes that count as diverging.
    diverging: NodeSet,
    units: Vec<Vec<NodeId>>,
    random: fastrand::Rng,
}

impl<'a> Nearby<'a> {
    pub fn new(fbas: &'a Fbas, diverging: &NodeSet, charges: &Charges) -> Self {
        let all = fbas.alive();
        let known = all.iter().filter(|&node| fbas.is_known(node) && diverging.contains(node));
        let diverging = NodeSet::of(fbas.node_count(), known);
        let units = charges.units(&all);
        Nearby { fbas, all, diverging, units, random: fastrand::Rng::with_seed(1) }
    }

    /// A cheaper split than this one, if one was found before the budget ended; none costs less than `lower`. Takes the same way every time.
    pub fn improve(&mut self, start: &Split, lower: u32, budget: &Budget) -> Option<Split> {
        let mut random = self.random.clone();
        let start = State {
            byzantine: start.byzantine.clone(),
            honest: start.a.difference(&start.byzantine),
            cost: self.used(&start.byzantine).len(),
        };
        if self.units.is_empty() {
            return None;
        }
        let (mut best, mut current) = (start.clone(), start.clone());
        let mut idle = 0;
        let patience = |cost: usize| (PATIENCE * cost.saturating_sub(lower as usize)).min(MOST_PATIENCE);
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
            let State { byzantine, honest, .. } = best;
            Split { a: honest.union(&byzantine), b: self.beside(&honest, &byzantine), byzantine }
        })
    }

    /// The units, by number, that some nodes belong to.
    fn used(&self, nodes: &NodeSet) -> Vec<usize> {
        let is_used = |unit: &usize| self.units[*unit].iter().any(|&node| nodes.contains(node));
        (0..self.units.len()).filter(is_used).collect()
    }

    fn neighbour(&self, from: &State, random: &mut fastrand::Rng) -> State {
        let mut state = from.clone();
        for _ in 0..random.usize(1..=MORE) {
            for &node in &self.units[random.usize(..self.units.len())] {
                state.byzantine.insert(node);
                state.honest.remove(node);
            }
        }
        if random.usize(..SHUFFLE) == 0 {
            for node in self.all.difference(&state.byzantine).iter() {
                if random.usize(..CROSSING) == 0 {
                    match state.honest.contains(node) {
                        true => state.honest.remove(node),
                        false => state.honest.insert(node),
                    }
                }
            }
        }
        match self.staying(&state.honest, &state.byzantine) {
            Some(honest) => state.honest = honest,
            None => state = from.clone(),
        }
        let mut used = self.used(&state.byzantine);
        random.shuffle(&mut used);
        for unit in used {
            let members: Vec<NodeId> =
                self.units[unit].iter().copied().filter(|&node| state.byzantine.contains(node)).collect();
            let mut byzantine = state.byzantine.clone();
            members.iter().for_each(|&node| byzantine.remove(node));
            // All of them on one side, all on the other, or some here and some there.
            let first = random.bool();
            let mut sides = vec![vec![first; members.len()], vec![!first; members.len()]];
            if members.len() > 1 {
                sides.push(members.iter().map(|_| random.bool()).collect());
            }
            for side in sides {
                let mut honest = state.honest.clone();
                let joining = members.iter().zip(side).filter(|(_, joins)| *joins);
                joining.for_each(|(&node, _)| honest.insert(node));
                if let Some(honest) = self.staying(&honest, &byzantine) {
                    state = State { byzantine, honest, cost: 0 };
                    break;
                }
            }
        }
        state.cost = self.used(&state.byzantine).len();
        state
    }

    /// Who of the honest nodes stays on the first side, if both sides then have somebody to diverge.
    fn staying(&self, honest: &NodeSet, byzantine: &NodeSet) -> Option<NodeSet> {
        let side = self.fbas.largest_supported_inside(&honest.union(byzantine), byzantine);
        let honest = side.difference(byzantine);
        let diverges = |nodes: &NodeSet| !nodes.is_disjoint(&self.diverging);
        let is_split = diverges(&honest) && diverges(&self.beside(&honest, byzantine).difference(byzantine));
        is_split.then_some(honest)
    }

    /// The other side.
    fn beside(&self, honest: &NodeSet, byzantine: &NodeSet) -> NodeSet {
        self.fbas.largest_supported_inside(&self.all.difference(honest), byzantine)
    }
}
