//! Items: entries of quorum sets that two sides can both satisfy only at a cost, no two of which share a unit of cost.
//!
//! Of K items, i satisfied by A and j by B, at least i + j - K are satisfied by both and cost at least one each; the same
//! holds for every part of the items. As A and B may be swapped, A may be taken to satisfy no more of them than B; then
//! twice what A satisfies is at most K and the cost together, which is often refuted by looking at A alone. Clauses cannot count
//! (such formulas have a pigeonhole principle inside), so the counting is written down as a tree of sums.

use super::bounds::Bounds;
use super::charges::Charges;
use super::encoding::{Encoding, Side};
use super::sides::Active;
use crate::network::QuorumSetId;
use crate::sat::counter::{tally, Unary};
use crate::sat::Formula;

/// The items of one encoding.
pub(super) struct Items {
    /// Inner quorum sets that two sides cannot both satisfy for nothing.
    sets: Vec<QuorumSetId>,
    /// Classes of validators that cost one each.
    classes: Vec<usize>,
}

impl Items {
    /// Items among the entries of the nodes' own quorum sets, taken greedily.
    pub fn of(encoding: &Encoding, bounds: &Bounds, charges: &Charges) -> Self {
        let quorum_sets = encoding.fbas.quorum_sets();
        let mut own: Vec<QuorumSetId> = encoding.known_classes().into_iter().map(|(_, id)| id).collect();
        own.sort_unstable();
        own.dedup();
        let mut inner: Vec<QuorumSetId> =
            own.iter().flat_map(|&id| &quorum_sets.get(id).inner).copied().collect();
        inner.sort_unstable();
        inner.dedup();
        let mut taken = vec![false; charges.unit_count()];
        let mut take = |units: &[u32]| {
            let is_free = units.iter().all(|&unit| !taken[unit as usize]);
            if is_free {
                units.iter().for_each(|&unit| taken[unit as usize] = true);
            }
            is_free
        };
        let sets =
            inner.into_iter().filter(|&id| bounds.shared(id, id) > 0 && take(bounds.units(id))).collect();
        let mut is_entry = vec![false; encoding.fbas.node_count()];
        own.iter()
            .flat_map(|&id| &quorum_sets.get(id).validators)
            .for_each(|node| is_entry[node.index()] = true);
        let costs_one_each = |&class: &usize| {
            let members = &encoding.classes[class].members;
            let mut units: Vec<u32> =
                members.iter().filter_map(|&node| charges.unit(node)).map(|unit| unit.0).collect();
            units.sort_unstable();
            units.dedup();
            is_entry[members[0].index()] && units.len() == members.len() && take(&units)
        };
        let classes = (0..encoding.classes.len()).filter(costs_one_each).collect();
        Items { sets, classes }
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.sets.is_empty() && self.classes.is_empty()
    }

    /// A tally of the items that a side satisfies.
    pub fn tally(&self, encoding: &mut Encoding, side: &mut Side) -> Unary {
        let numbers = self.numbers(encoding, side);
        tally(&mut encoding.formula, &numbers, usize::MAX)
    }

    /// Per item or class of items, how many a side satisfies.
    fn numbers(&self, encoding: &mut Encoding, side: &mut Side) -> Vec<Unary> {
        let mut numbers: Vec<Unary> = self.classes.iter().map(|&class| side.counts[class].clone()).collect();
        numbers.extend(self.sets.iter().map(|&id| vec![encoding.satisfied(side, id)]));
        numbers
    }

    /// Demands what counting says of two sides that overlap in Byzantine nodes only, the first being the smaller.
    pub fn demand_balance(
        &self,
        encoding: &mut Encoding,
        (a, active_a): (&mut Side, &Active),
        (b, active_b): (&mut Side, &Active),
        byzantine: &[Unary],
        cost: &Unary,
    ) {
        let numbers_a = self.numbers(encoding, a);
        let numbers_b = self.numbers(encoding, b);
        let mut both: Vec<Unary> = self.classes.iter().map(|&class| byzantine[class].clone()).collect();
        both.extend(self.sets.iter().map(|_| vec![encoding.formula.variable()]));
        let leaves: Vec<Balance> = numbers_a
            .into_iter()
            .zip(numbers_b)
            .zip(both)
            .map(|((a, b), both)| Balance { a, b, both })
            .collect();
        leaves.iter().for_each(|leaf| leaf.demand_overlap(&mut encoding.formula));
        let all = Balance::sum(&mut encoding.formula, &leaves);
        for (index, &shared) in all.both.iter().enumerate() {
            let reached = cost.get(index).copied();
            encoding.formula.clause([!shared].into_iter().chain(reached));
        }
        for (&smaller, &larger) in all.a.iter().zip(&all.b) {
            encoding.formula.implies(smaller, larger);
        }
        for (active, satisfied) in [(active_a, &all.a), (active_b, &all.b)] {
            for &(id, literal) in active {
                if let Some(&reached) =
                    self.least_of(encoding, id).checked_sub(1).and_then(|last| satisfied.get(last))
                {
                    encoding.formula.implies(literal, reached);
                }
            }
        }
    }

    /// How many items a side at least satisfies that satisfies a quorum set.
    fn least_of(&self, encoding: &Encoding, id: QuorumSetId) -> usize {
        let set = encoding.fbas.quorum_sets().get(id);
        let mut inner = set.inner.clone();
        inner.dedup();
        inner.retain(|inner| self.sets.binary_search(inner).is_ok());
        let mut validators = set.validators.clone();
        validators.dedup();
        validators.retain(|&node| {
            self.classes.iter().any(|&class| encoding.classes[class].members.binary_search(&node).is_ok())
        });
        let items = inner.len() + validators.len();
        set.threshold.saturating_sub((set.entry_count() - items) as u64) as usize
    }
}

/// How many of some items A satisfies, B satisfies, and both do: each literal is true whenever its number is reached.
struct Balance {
    a: Unary,
    b: Unary,
    both: Unary,
}

impl Balance {
    /// The sum over all leaves, as a balanced tree with the overlap demanded at every node.
    fn sum(formula: &mut Formula, leaves: &[Balance]) -> Balance {
        if let [Balance { a, b, both }] = leaves {
            return Balance { a: a.clone(), b: b.clone(), both: both.clone() };
        }
        let (left, right) = leaves.split_at(leaves.len() / 2);
        let (left, right) = (Balance::sum(formula, left), Balance::sum(formula, right));
        let sum = Balance {
            a: tally(formula, &[left.a, right.a], usize::MAX),
            b: tally(formula, &[left.b, right.b], usize::MAX),
            both: tally(formula, &[left.both, right.both], usize::MAX),
        };
        sum.demand_overlap(formula);
        sum
    }

    /// If A satisfies i and B satisfies j of n items, both satisfy at least i + j - n.
    fn demand_overlap(&self, formula: &mut Formula) {
        let items = self.a.len();
        for i in 1..=items {
            for j in items + 1 - i..=items {
                let shared = self.both.get(i + j - items - 1).copied();
                formula.clause([!self.a[i - 1], !self.b[j - 1]].into_iter().chain(shared));
            }
        }
    }
}
