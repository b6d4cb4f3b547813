//! Prepares a system for inequalities: nodes are counted class by class, and of each quorum set it is worked out how many items (see
//! [`Items`]) it needs.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::analysis::cost::charges::{Charge, Charges};
use crate::analysis::cost::items::{Items, Need};
use crate::network::sorting::sort_distinct;
use crate::network::{ClassId, Classes, Fbas, NodeSet, QuorumSetId};

/// With more classes times quorum sets than this, programs become too large to be worth it.
const LARGEST: usize = 20_000;
/// With more quorum sets than this, conflicts between them cost more than they save.
const MOST_QUORUM_SETS_FOR_CONFLICTS: usize = 300;

/// A system whose nodes are counted class by class.
pub struct Counted<'a> {
    pub fbas: &'a Fbas,
    pub diverging: &'a NodeSet,
    pub classes: Classes,
    /// Per class.
    pub charges: Vec<Charge>,
    pub items: Items,
    /// Per quorum set of a node, what it asks of the items.
    pub needs: BTreeMap<QuorumSetId, Need>,
    /// What two of them ask of the items together, if they are few enough.
    together: Option<Together>,
}

/// How many items two quorum sets need at least, if one side satisfies both.
struct Together {
    numbers: BTreeMap<QuorumSetId, usize>,
    /// Per pair of numbers.
    least: Vec<u32>,
}

impl Together {
    fn of(needs: &BTreeMap<QuorumSetId, Need>) -> Self {
        let least = |first: &Need, second: &Need| {
            let is_common = |item: &&u32| second.items.binary_search(item).is_ok();
            let common = first.items.iter().filter(is_common).count();
            (first.least + second.least).saturating_sub(common) as u32
        };
        let pairs = needs.values().flat_map(|first| needs.values().map(move |second| least(first, second)));
        Together { numbers: needs.keys().copied().zip(0..).collect(), least: pairs.collect() }
    }
}

impl<'a> Counted<'a> {
    /// `items` chooses the items, given the classes.
    pub fn new(
        fbas: &'a Fbas,
        diverging: &'a NodeSet,
        charges: &Charges,
        items: impl FnOnce(&Classes) -> Items,
    ) -> Self {
        let colours = charges.colours(fbas);
        let classes = Classes::new(fbas, |node| (colours[node.index()], diverging.contains(node)));
        let items = items(&classes);
        let own = classes.iter().filter_map(|class| fbas.quorum_set_of(class.first()));
        let needs: BTreeMap<QuorumSetId, Need> = own.map(|id| (id, items.need_of(fbas, id))).collect();
        let charges = classes.iter().map(|class| colours[class.first().index()]).collect();
        let together = (needs.len() <= MOST_QUORUM_SETS_FOR_CONFLICTS).then(|| Together::of(&needs));
        Counted { fbas, diverging, classes, charges, items, needs, together }
    }

    /// Per pair of these quorum sets, whether they need more items than `size`. Nothing where there are too many quorum sets to tell.
    pub fn conflicts(&self, sets: &[QuorumSetId], size: usize) -> Vec<Vec<bool>> {
        let together = self.together.as_ref().filter(|_| sets.len() <= MOST_QUORUM_SETS_FOR_CONFLICTS);
        let Some(together) = together else { return Vec::new() };
        let numbers: Vec<usize> = sets.iter().map(|id| together.numbers[id]).collect();
        let with = |&first: &usize| {
            let least = &together.least[first * together.numbers.len()..];
            numbers.iter().map(|&second| least[second] as usize > size).collect()
        };
        numbers.iter().map(with).collect()
    }

    /// Whether quorum sets need more than one in so many items on average.
    pub fn need_one_in(&self, part: usize) -> bool {
        let needed: usize = self.needs.values().map(|need| need.least).sum();
        part * needed > self.items.count() * self.needs.len()
    }

    /// Whether programs become too large to be worth it.
    pub fn is_too_large(&self) -> bool {
        self.classes.count() * self.needs.len() > LARGEST
    }

    /// The classes that a quorum set names, at any depth, ascending.
    pub fn classes_in(&self, id: QuorumSetId) -> Vec<ClassId> {
        let named = self.fbas.named_in(id);
        let mut named: Vec<ClassId> = named.iter().filter_map(|&node| self.classes.of(node)).collect();
        sort_distinct(&mut named);
        named
    }

    /// Whether the class is a single node that nobody shares its quorum set with.
    pub fn is_only_holder(&self, class: ClassId) -> bool {
        let &[node] = &self.classes[class].members[..] else { return false };
        self.fbas.quorum_set_of(node).is_some_and(|id| self.fbas.holders(id) == [node])
    }

    /// The numbers of items that a side may satisfy, in ranges of this width.
    pub fn sizes(&self, width: usize) -> Vec<RangeInclusive<usize>> {
        let most = self.items.count();
        let least = self.needs.values().map(|need| need.least).min().unwrap_or(0);
        (least..=most).step_by(width).map(|low| low..=most.min(low + width - 1)).collect()
    }
}
