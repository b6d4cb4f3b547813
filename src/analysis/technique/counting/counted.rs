//! A system whose nodes are counted class by class, and what its quorum sets ask of the items.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::analysis::cost::charges::{Charge, Charges};
use crate::analysis::cost::items::{Items, Need};
use crate::network::sorting::sort_distinct;
use crate::network::{Fbas, NodeClass, NodeId, NodeSet, QuorumSetId};

/// With more classes times quorum sets than this, programs become too large to be worth it.
const LARGEST: usize = 20_000;

/// A system whose nodes are counted class by class.
pub struct Counted<'a> {
    pub fbas: &'a Fbas,
    pub diverging: &'a NodeSet,
    pub classes: Vec<NodeClass>,
    class_of: Vec<usize>,
    /// Per class.
    pub charges: Vec<Charge>,
    pub items: Items,
    /// Per quorum set of a node, what it asks of the items.
    pub needs: BTreeMap<QuorumSetId, Need>,
}

impl<'a> Counted<'a> {
    /// `items` chooses the items, given the classes.
    pub fn new(
        fbas: &'a Fbas,
        diverging: &'a NodeSet,
        charges: &Charges,
        items: impl FnOnce(&[NodeClass]) -> Items,
    ) -> Self {
        let colours = charges.colours(fbas);
        let classes = fbas.classes(|node| (colours[node.index()], diverging.contains(node)));
        let mut class_of = vec![usize::MAX; fbas.node_count()];
        for (index, class) in classes.iter().enumerate() {
            class.members.iter().for_each(|node| class_of[node.index()] = index);
        }
        let items = items(&classes);
        let own = classes.iter().filter_map(|class| fbas.quorum_set_of(class.members[0]));
        let needs = own.map(|id| (id, items.need_of(fbas, id))).collect();
        let charges = classes.iter().map(|class| colours[class.members[0].index()]).collect();
        Counted { fbas, diverging, classes, class_of, charges, items, needs }
    }

    /// Whether programs become too large to be worth it.
    pub fn is_too_large(&self) -> bool {
        self.classes.len() * self.needs.len() > LARGEST
    }

    /// The class of a node.
    pub fn class_of(&self, node: NodeId) -> usize {
        self.class_of[node.index()]
    }

    /// The classes that a quorum set names, at any depth, ascending.
    pub fn classes_in(&self, id: QuorumSetId) -> Vec<usize> {
        let mut named: Vec<usize> = self.fbas.named_in(id).iter().map(|&node| self.class_of(node)).collect();
        sort_distinct(&mut named);
        named
    }

    /// Whether the class is a single node that nobody shares its quorum set with.
    pub fn is_only_holder(&self, class: usize) -> bool {
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
