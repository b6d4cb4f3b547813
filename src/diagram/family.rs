//! A family of sets as a diagram of its own: how many sets, of which sizes, and how often each member occurs.

use std::collections::BTreeMap;

use num_bigint::BigUint;

use super::unfinished::Unfinished;
use crate::budget::Budget;

/// How many nodes are counted between looks at the budget.
const NODES_BETWEEN_CHECKS: usize = 1 << 10;

/// One question of the diagram: is this member in the set? Places 0 and 1 are no set, and the empty set alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    /// Questions are asked in ascending order.
    pub level: u32,
    pub name: u32,
    /// Where the sets without the member are, and those with it. They come earlier in the list.
    pub absent: u32,
    pub present: u32,
}

/// Most bits of numbers at a time, about: thirty megabytes, three times.
const MOST_BITS: usize = 1 << 28;

/// A family of sets of names.
#[derive(Debug, Clone)]
pub struct Family {
    /// Each after those that it leads to; its place is its index and two more.
    pub(super) choices: Vec<Choice>,
    pub(super) root: u32,
}

/// How many sets a family has, exactly.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// All of them.
    pub total: BigUint,
    /// How many there are of each size that occurs.
    pub sizes: BTreeMap<u32, BigUint>,
    /// How many each name is in that is in any.
    pub occurrences: BTreeMap<u32, BigUint>,
}

impl Default for Family {
    /// No set.
    fn default() -> Self {
        Family { choices: Vec::new(), root: Family::NONE }
    }
}

impl Family {
    pub(super) const NONE: u32 = 0;
    pub(super) const EMPTY_SET: u32 = 1;

    pub(super) fn push(&mut self, level: u32, name: u32, absent: u32, present: u32) -> u32 {
        self.choices.push(Choice { level, name, absent, present });
        self.choices.len() as u32 + 1
    }

    pub(super) fn set_root(&mut self, root: u32) {
        self.root = root;
    }

    /// What is asked at a place; nothing at the last ones.
    pub(super) fn choice(&self, place: u32) -> Option<&Choice> {
        self.choices.get((place as usize).checked_sub(2)?)
    }

    /// Whether it has no set.
    pub fn is_empty(&self) -> bool {
        self.root == Family::NONE
    }

    /// The sizes that occur, ascending.
    pub fn sizes(&self) -> Vec<u32> {
        let mut sizes: Vec<Vec<u32>> = vec![vec![], vec![0]];
        for choice in &self.choices {
            let mut own = sizes[choice.absent as usize].clone();
            own.extend(sizes[choice.present as usize].iter().map(|size| size + 1));
            own.sort_unstable();
            own.dedup();
            sizes.push(own);
        }
        sizes.swap_remove(self.root as usize)
    }

    /// Counts without listing.
    pub fn counts(&self, budget: &Budget) -> Result<Counts, Unfinished> {
        // A number of sets has up to one bit for each member that they can have.
        let members =
            self.choices.iter().map(|choice| choice.level).max().map_or(0, |level| level as usize + 1);
        if self.choices.len().saturating_mul(members) > MOST_BITS {
            return Err(Unfinished::TooLarge);
        }
        // From below: how many sets of which size each place leads to.
        let mut below: Vec<BTreeMap<u32, BigUint>> =
            vec![BTreeMap::new(), BTreeMap::from([(0, BigUint::from(1u32))])];
        for (index, choice) in self.choices.iter().enumerate() {
            if index % NODES_BETWEEN_CHECKS == 0 {
                budget.check()?;
            }
            let mut own = below[choice.absent as usize].clone();
            for (size, count) in &below[choice.present as usize] {
                *own.entry(size + 1).or_default() += count;
            }
            below.push(own);
        }
        let totals: Vec<BigUint> = below.iter().map(|sizes| sizes.values().sum()).collect();
        // From above: in how many ways each place is reached.
        let mut above = vec![BigUint::default(); totals.len()];
        above[self.root as usize] = BigUint::from(1u32);
        let mut occurrences: BTreeMap<u32, BigUint> = BTreeMap::new();
        for (index, choice) in self.choices.iter().enumerate().rev() {
            if index % NODES_BETWEEN_CHECKS == 0 {
                budget.check()?;
            }
            let ways = std::mem::take(&mut above[index + 2]);
            let containing = &ways * &totals[choice.present as usize];
            *occurrences.entry(choice.name).or_default() += containing;
            above[choice.present as usize] += &ways;
            above[choice.absent as usize] += ways;
        }
        let root = self.root as usize;
        Ok(Counts { total: totals[root].clone(), sizes: below.swap_remove(root), occurrences })
    }
}
