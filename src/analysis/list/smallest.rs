//! The part of an answer that all four questions for a smallest set share: its size, an example, and the list and number of all minimal sets.

use std::sync::Arc;

use num_bigint::BigUint;

use crate::analysis::size::{Size, Smallest};
use crate::network::{Network, NodeSet};

/// Size and example of a smallest set, with what is proven about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MinimalSet {
    /// The size of a smallest set.
    pub size: Size,
    /// The smallest set known: public keys or group labels, ascending.
    pub example_set: Vec<String>,
    /// The nodes behind the example: those that block, those that are Byzantine in the split, or the whole quorum, of which a history-critical
    /// set counts only some. By group they need not be all nodes of their groups. Public keys, ascending.
    pub example_nodes: Vec<String>,
    /// The inclusion-minimal sets, if they were asked for.
    pub list: Option<SetList>,
    /// How many inclusion-minimal sets there are, where that is known.
    pub counts: Option<SetCounts>,
    /// Whether the budget ended while sets were listed or counted.
    pub is_cut_short: bool,
}

impl MinimalSet {
    /// Whether more time would not tell more.
    pub(crate) fn is_settled(&self) -> bool {
        self.size.is_exact() && !self.is_cut_short
    }

    /// Takes over what a later answer to the same question knows better; says whether the set is now that of the later one.
    pub(crate) fn refine(&mut self, later: MinimalSet) -> bool {
        let is_better = self.size.yields_to(later.size);
        let size = self.size.and(later.size);
        // Sets are listed and counted only by those who know the size.
        let is_listed = self.size.is_exact() || later.size.is_exact();
        if is_better {
            *self = later;
        }
        self.is_cut_short |= size.is_exact() && !is_listed;
        self.size = size;
        is_better
    }

    /// What is known. `nodes` are those of a solution, `names` what results call them.
    pub(crate) fn of<W>(
        known: &Smallest<W>,
        network: &Network,
        nodes: impl Fn(&W) -> &NodeSet,
        names: impl Fn(&NodeSet) -> Vec<String>,
    ) -> Self {
        let example = known.example.as_ref().map(nodes);
        MinimalSet {
            size: known.size,
            example_set: example.map(names).unwrap_or_default(),
            example_nodes: example.map(|nodes| network.keys_of(nodes)).unwrap_or_default(),
            list: None,
            counts: None,
            is_cut_short: false,
        }
    }
}

/// How many minimal sets there are, exactly.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SetCounts {
    /// All of them.
    pub total: BigUint,
    /// How many there are of each size that occurs, sizes ascending.
    pub sizes: Vec<(u32, BigUint)>,
    /// Who is in any of them, and in how many: the most frequent first, then by names.
    pub occurrences: Vec<(Arc<str>, BigUint)>,
}

impl SetCounts {
    /// What share of all sets so many are: the closest number that a double has, as the quotient of two doubles is not for large ones.
    pub fn share(&self, count: &BigUint) -> f64 {
        // A quotient of 62 or 63 bits, the last of which also stands for all that it cuts off, is rounded once, to 53.
        let shift = 62 + self.total.bits().saturating_sub(count.bits());
        let dividend = count << shift;
        let (quotient, rest) = (&dividend / &self.total, &dividend % &self.total);
        let quotient = u64::try_from(quotient).unwrap_or(u64::MAX) | u64::from(rest != BigUint::ZERO);
        quotient as f64 * 0.5f64.powi(62) * 0.5f64.powi((shift - 62) as i32)
    }
}

/// Minimal sets that were asked for by [`Options::limit`](crate::analysis::Options::limit).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SetList {
    /// The sets, each sorted, in the order of size and then of names.
    pub sets: Vec<Vec<Arc<str>>>,
    /// Whether these are all.
    pub is_complete: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(count: &BigUint, total: &BigUint) -> f64 {
        SetCounts { total: total.clone(), ..SetCounts::default() }.share(count)
    }

    #[test]
    fn shares_are_the_closest_doubles() {
        for total in 1..=200u32 {
            for count in 0..=total {
                // The quotient of two whole numbers that doubles have is rounded once.
                assert_eq!(share(&count.into(), &total.into()), f64::from(count) / f64::from(total));
            }
        }
        // Common factors change no share, and beyond 53 bits these are no doubles any more.
        let factor = BigUint::from(3u32).pow(80);
        for (count, total) in [(1u32, 3u32), (2, 3), (5, 7), (945, 5103), (10, 10), (0, 9)] {
            let expected = f64::from(count) / f64::from(total);
            assert_eq!(share(&(&factor * count), &(&factor * total)), expected, "{count} / {total}");
        }
    }
}
