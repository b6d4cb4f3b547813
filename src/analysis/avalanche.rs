//! How blocking spreads, seen from afar: a lower bound on blocking sets.
//!
//! Take *parts* of the network that share no unit of cost: inner quorum sets, or single nodes. A part is broken either by the blocking
//! set alone, which costs something, or after one of its nodes was blocked, for which so many of the parts that its quorum
//! set names had to be broken before; a part of which every known node is in the blocking set is taken for broken, too. So if everybody is blocked, the parts broken at a cost start an avalanche that
//! breaks all others. The fewest parts that can are found by counting, and then by trying.

use std::collections::{BTreeMap, BTreeSet};

use super::bounds::{Bounds, INFINITE};
use super::charges::Charges;
use crate::budget::{Budget, Stop};
use crate::network::{Fbas, NodeId, NodeSet, QuorumSetId};

/// How many starts are tried.
const MOST_TRIES: usize = 100_000;
/// How many starts are tried before somebody looks whether the answer is still wanted.
const TRIES_BETWEEN_CHECKS: usize = 256;

/// The parts of a network and how they depend on each other.
pub(super) struct Avalanche {
    /// What it costs at least to break a part by itself, ascending.
    costs: Vec<u32>,
    ways: Vec<Way>,
    /// Per part, the ways that it counts for.
    counts_for: Vec<Vec<usize>>,
}

/// One way in which a part breaks for nothing: after so many of the parts that one of its nodes names.
struct Way {
    part: usize,
    need: usize,
}

/// Which parts are broken.
#[derive(Clone)]
struct State {
    is_broken: Vec<bool>,
    broken: usize,
    /// Per way, how many parts more it needs.
    missing: Vec<usize>,
}

impl Avalanche {
    pub fn of(fbas: &Fbas, charges: &Charges, bounds: &Bounds) -> Self {
        let own: BTreeSet<QuorumSetId> = fbas.nodes().filter_map(|node| fbas.quorum_set_of(node)).collect();
        let mut taken = vec![false; charges.unit_count()];
        let mut take = |units: &[u32]| {
            let is_free = !units.is_empty() && units.iter().all(|&unit| !taken[unit as usize]);
            if is_free {
                units.iter().for_each(|&unit| taken[unit as usize] = true);
            }
            is_free
        };
        let mut members: Vec<Vec<NodeId>> = Vec::new();
        let mut costs = Vec::new();
        let mut of_set: BTreeMap<QuorumSetId, usize> = BTreeMap::new();
        let mut of_node: BTreeMap<NodeId, usize> = BTreeMap::new();
        let entries = |id: &QuorumSetId| fbas.quorum_sets().get(*id);
        let inner: BTreeSet<QuorumSetId> = own.iter().flat_map(|id| &entries(id).inner).copied().collect();
        for id in inner {
            let nodes = fbas.named_in(id);
            let known =
                NodeSet::of(fbas.node_count(), nodes.iter().copied().filter(|&node| fbas.is_known(node)));
            if !known.is_empty() && bounds.breaking(id) != INFINITE && take(bounds.units(id)) {
                of_set.insert(id, members.len());
                members.push(nodes);
                // Nodes that ask for nothing need not be blocked, so the part may stay whole if all others of it are in the set.
                costs.push(bounds.breaking(id).min(charges.cost(&known)));
            }
        }
        let listed: BTreeSet<NodeId> = own.iter().flat_map(|id| &entries(id).validators).copied().collect();
        for node in listed.into_iter().filter(|&node| fbas.is_known(node)) {
            let units: Vec<u32> = charges.unit(node).map(|unit| unit.0).into_iter().collect();
            if take(&units) {
                of_node.insert(node, members.len());
                members.push(vec![node]);
                costs.push(1);
            }
        }
        costs.sort_unstable();
        let mut avalanche =
            Avalanche { costs, ways: Vec::new(), counts_for: vec![Vec::new(); members.len()] };
        for (part, nodes) in members.iter().enumerate() {
            let sets: BTreeSet<QuorumSetId> =
                nodes.iter().filter_map(|&node| fbas.quorum_set_of(node)).collect();
            for set in sets.iter().map(entries) {
                let sets = set.inner.iter().filter_map(|inner| of_set.get(inner));
                let named: BTreeSet<usize> =
                    sets.chain(set.validators.iter().filter_map(|node| of_node.get(node))).copied().collect();
                // Entries that are no parts, or are listed once more, may be broken already.
                let need = (named.len() as u64 + 1).saturating_sub(set.threshold) as usize;
                named.iter().for_each(|&other| avalanche.counts_for[other].push(avalanche.ways.len()));
                avalanche.ways.push(Way { part, need });
            }
        }
        avalanche
    }

    /// At least this much is spent on parts by every blocking set.
    pub fn least_to_start(&self, budget: &Budget) -> Result<u32, Stop> {
        let parts = self.counts_for.len();
        let mut paid = self.fewest_by_counting();
        let mut tries = 0;
        while paid < parts && !self.is_started(&self.start(), 0, paid, &mut tries, budget)? {
            if tries >= MOST_TRIES {
                break;
            }
            paid += 1;
        }
        Ok(self.costs[..paid].iter().fold(0, |sum, &cost| sum.saturating_add(cost)))
    }

    /// If p parts are broken at a cost, then of the others the i-th to go can need no more than p + i - 1.
    fn fewest_by_counting(&self) -> usize {
        let mut needs = vec![usize::MAX; self.counts_for.len()];
        self.ways.iter().for_each(|way| needs[way.part] = needs[way.part].min(way.need));
        // The parts that need most are the ones to break at a cost.
        needs.sort_unstable();
        let goes_on = |paid: usize| {
            needs[..needs.len() - paid].iter().zip(paid..).all(|(&need, broken)| need <= broken)
        };
        (0..=needs.len()).find(|&paid| goes_on(paid)).unwrap_or(needs.len())
    }

    /// Nothing broken but what breaks by itself.
    fn start(&self) -> State {
        let mut state = State {
            is_broken: vec![false; self.counts_for.len()],
            broken: 0,
            missing: self.ways.iter().map(|way| way.need).collect(),
        };
        let ready: Vec<usize> = self.ways.iter().filter(|way| way.need == 0).map(|way| way.part).collect();
        ready.into_iter().for_each(|part| self.break_part(&mut state, part));
        state
    }

    /// Breaks a part and all that follow.
    fn break_part(&self, state: &mut State, part: usize) {
        let mut queue = vec![part];
        while let Some(part) = queue.pop() {
            if std::mem::replace(&mut state.is_broken[part], true) {
                continue;
            }
            state.broken += 1;
            for &way in &self.counts_for[part] {
                if state.missing[way] == 1 {
                    queue.push(self.ways[way].part);
                }
                state.missing[way] = state.missing[way].saturating_sub(1);
            }
        }
    }

    /// Whether some `paid` more parts, from `first` on, break everything; also true when there were too many tries to tell.
    fn is_started(
        &self,
        state: &State,
        first: usize,
        paid: usize,
        tries: &mut usize,
        budget: &Budget,
    ) -> Result<bool, Stop> {
        *tries += 1;
        if tries.is_multiple_of(TRIES_BETWEEN_CHECKS) {
            budget.check()?;
        }
        if state.broken == self.counts_for.len() || *tries >= MOST_TRIES {
            return Ok(true);
        }
        if paid == 0 {
            return Ok(false);
        }
        for part in (first..self.counts_for.len()).filter(|&part| !state.is_broken[part]) {
            let mut next = state.clone();
            self.break_part(&mut next, part);
            if self.is_started(&next, part + 1, paid - 1, tries, budget)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
