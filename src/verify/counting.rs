//! Proofs by counting: how little an entry of a quorum set costs, from the inside out. docs/certificates.md has the proofs.
//!
//! A set costs at least what its cheapest entries cost together, if no two entries have a group in common, and otherwise at least what the
//! dearest of these costs. What an entry costs depends on what is to be done with it.

use std::collections::BTreeMap;

use super::system::System;
use crate::budget::Stop;
use crate::network::sorting::{sort_by_key, sort_distinct};
use crate::network::{Groups, NodeId, NodeSet, QuorumSet, QuorumSetId};

/// More than anything costs: it cannot be done.
pub(super) const IMPOSSIBLE: u32 = u32::MAX;

/// Most pairs of quorum sets that are looked at for a formula.
const MOST_PAIRS: usize = 1 << 16;

/// What costs are counted of.
pub(super) struct Counting<'a> {
    pub system: &'a System<'a>,
    /// The nodes that sets may have; others are in none.
    pub among: &'a NodeSet,
    pub groups: &'a Groups,
    /// The nodes that cost something.
    pub charged: &'a NodeSet,
}

/// A lower bound on what an entry costs, and the groups of the nodes that it names.
type Cost = (u32, Vec<u32>);

impl Counting<'_> {
    /// The least cost of a quorum.
    pub fn least_quorum(&self) -> u32 {
        let costs = self.costs(|set| set.threshold, IMPOSSIBLE);
        self.asked_by(self.among).keys().map(|id| costs[id.index()].0).min().unwrap_or(IMPOSSIBLE)
    }

    /// The least cost of a set that blocks somebody outside it, or contains all who ask.
    pub fn least_blocking(&self) -> u32 {
        let costs = self.costs(|set| (set.entry_count() as u64 + 1).saturating_sub(set.threshold), 0);
        let asking = self.among.iter().filter(|&node| self.system.asks_for(node).is_some());
        let mut everybody: Vec<u32> = asking.map(|node| self.groups.group(node).0).collect();
        sort_distinct(&mut everybody);
        let first = self.asked_by(self.among).keys().map(|id| costs[id.index()].0).min();
        first.unwrap_or(0).min(everybody.len() as u32)
    }

    /// What two sets share at least that satisfy the quorum sets of two different members of `diverging`.
    pub fn least_shared(&self, diverging: &NodeSet) -> Result<u32, Stop> {
        let same = self.costs(twice_needed, 0);
        let asked = self.asked_by(diverging);
        let mut least = IMPOSSIBLE;
        for &a in asked.keys() {
            self.system.budget().check()?;
            for &b in asked.keys().filter(|&&b| a != b || asked[&a] > 1) {
                least = least.min(self.shared(&same, a, b));
            }
        }
        Ok(least)
    }

    /// The pairs of quorum sets, asked for by any nodes, which two sets satisfy only where they share so much at least. There may be very many; then
    /// none is told.
    pub fn sharing(&self, least: u32) -> Result<Vec<(QuorumSetId, QuorumSetId)>, Stop> {
        let (same, asked) = (self.costs(twice_needed, 0), self.asked_by(self.among));
        let mut pairs = Vec::new();
        if asked.len() * asked.len() <= MOST_PAIRS {
            for &a in asked.keys() {
                self.system.budget().check()?;
                let partners = asked.keys().filter(|&&b| self.shared(&same, a, b) >= least);
                pairs.extend(partners.map(|&b| (a, b)));
            }
        }
        Ok(pairs)
    }

    /// The same for two quorum sets: they share no less than the entries that both list, where as many are left over.
    fn shared(&self, same: &[Cost], a: QuorumSetId, b: QuorumSetId) -> u32 {
        let sets = self.system.network.quorum_sets();
        let (a, b) = (sets.get(a), sets.get(b));
        let validators = common(&a.validators, &b.validators);
        let both = QuorumSet { threshold: 0, validators, inner: common(&a.inner, &b.inner) };
        let elsewhere = (a.entry_count() + b.entry_count() - both.entry_count()) as u64;
        let needed = a.threshold.saturating_add(b.threshold).saturating_sub(elsewhere);
        self.cost(&both, needed, same, 0).0
    }

    /// The quorum sets that nodes ask for, and how many ask for each.
    fn asked_by(&self, nodes: &NodeSet) -> BTreeMap<QuorumSetId, usize> {
        let (nodes, mut asked) = (nodes.intersection(self.among), BTreeMap::new());
        for id in nodes.iter().filter_map(|node| self.system.asks_for(node)) {
            *asked.entry(id).or_default() += 1;
        }
        asked
    }

    /// The bounds for all quorum sets, where `needed` says how many entries it takes.
    fn costs(&self, needed: impl Fn(&QuorumSet) -> u64, if_absent: u32) -> Vec<Cost> {
        let mut costs = Vec::new();
        for (_, set) in self.system.network.quorum_sets().iter() {
            costs.push(self.cost(set, needed(set), &costs, if_absent));
        }
        costs
    }

    /// What so many entries of a set cost at least together.
    fn cost(&self, set: &QuorumSet, needed: u64, inner: &[Cost], if_absent: u32) -> Cost {
        let of_node = |&node: &NodeId| match self.among.contains(node) {
            true => (u32::from(self.charged.contains(node)), vec![self.groups.group(node).0]),
            false => (if_absent, Vec::new()),
        };
        let inner = set.inner.iter().map(|id| inner[id.index()].clone());
        let mut entries: Vec<Cost> = set.validators.iter().map(of_node).chain(inner).collect();
        let mut groups: Vec<u32> = entries.iter().flat_map(|(_, groups)| groups).copied().collect();
        let with_repetitions = groups.len();
        sort_distinct(&mut groups);
        let are_disjoint = groups.len() == with_repetitions;
        sort_by_key(&mut entries, |(cost, _)| *cost);
        let chosen = entries.iter().take(needed as usize).map(|(cost, _)| *cost);
        let cost = match are_disjoint {
            _ if needed > entries.len() as u64 => IMPOSSIBLE,
            true => chosen.fold(0, u32::saturating_add),
            false => chosen.max().unwrap_or(0),
        };
        (cost, groups)
    }
}

/// How many of its entries two sets that satisfy the quorum set both satisfy at least.
fn twice_needed(set: &QuorumSet) -> u64 {
    set.threshold.saturating_mul(2).saturating_sub(set.entry_count() as u64)
}

/// What stands in both of two ascending lists, as often as in both.
fn common<T: Ord + Copy>(a: &[T], b: &[T]) -> Vec<T> {
    let mut rest = b.to_vec();
    a.iter().copied().filter(|entry| rest.binary_search(entry).map(|at| rest.remove(at)).is_ok()).collect()
}
