//! Items: entries of quorum sets that two sides can both satisfy only at a cost, no two of which share a unit of cost.
//!
//! Of K items, i satisfied by A and j by B, at least i + j - K are satisfied by both and cost at least one each.

use super::bounds::Bounds;
use super::charges::{Charges, DisjointUnits};
use crate::network::sorting::sort_distinct;
use crate::network::{ClassId, Classes, Fbas, NodeClass, QuorumSet, QuorumSetId};

/// The items of one system.
pub struct Items {
    /// Inner quorum sets that two sides cannot both satisfy for nothing, ascending.
    pub sets: Vec<QuorumSetId>,
    /// Classes of validators that cost one each.
    pub classes: Vec<ClassId>,
    /// Per node, whether it is in one of the classes.
    is_item: Vec<bool>,
    count: usize,
}

/// What a quorum set asks of the items.
pub struct Need {
    /// The items among its entries, by number, ascending.
    pub items: Vec<u32>,
    /// How many of them are satisfied at least where it is.
    pub least: usize,
    /// How many entries it has besides.
    pub others: usize,
}

impl Items {
    /// All entries of the nodes' own quorum sets, for who counts one side only.
    pub fn all(fbas: &Fbas, classes: &Classes) -> Self {
        let is_entry = entries(fbas, classes);
        let is_chosen = |&class: &ClassId| is_entry[classes[class].first().index()];
        let chosen = classes.ids().filter(is_chosen).collect();
        Items::new(fbas, classes, inner_sets(fbas, classes), chosen)
    }

    /// Items among the entries of the nodes' own quorum sets, taken greedily.
    pub fn costly(fbas: &Fbas, classes: &Classes, bounds: &Bounds, charges: &Charges) -> Self {
        let mut disjoint = DisjointUnits::new(charges);
        let core = fbas.core();
        let is_central = |id: QuorumSetId| fbas.named_in(id).iter().any(|&node| core.contains(node));
        let sets: Vec<QuorumSetId> = inner_sets(fbas, classes)
            .into_iter()
            .filter(|&id| {
                is_central(id) && bounds.shared(id, id).is_positive() && disjoint.take(bounds.units(id))
            })
            .collect();
        let is_entry = entries(fbas, classes);
        let mut costs_one_each = |class: &NodeClass| {
            let mut units: Vec<u32> =
                class.members.iter().filter_map(|&node| charges.unit(node)).map(|unit| unit.0).collect();
            sort_distinct(&mut units);
            core.contains(class.first())
                && is_entry[class.first().index()]
                && units.len() == class.members.len()
                && disjoint.take(&units)
        };
        let chosen = classes.ids().filter(|&class| costs_one_each(&classes[class])).collect();
        Items::new(fbas, classes, sets, chosen)
    }

    fn new(fbas: &Fbas, classes: &Classes, sets: Vec<QuorumSetId>, chosen: Vec<ClassId>) -> Self {
        let mut is_item = vec![false; fbas.node_count()];
        let mut count = sets.len();
        for node in chosen.iter().flat_map(|&class| &classes[class].members) {
            is_item[node.index()] = true;
            count += 1;
        }
        Items { sets, classes: chosen, is_item, count }
    }

    /// The number of items.
    pub fn count(&self) -> usize {
        self.count
    }

    /// What the quorum set asks of the items.
    pub fn need_of(&self, fbas: &Fbas, id: QuorumSetId) -> Need {
        let set = fbas.quorum_sets().get(id);
        let sets =
            set.inner.iter().filter_map(|inner| self.sets.binary_search(inner).ok()).map(|at| at as u32);
        let nodes = set.validators.iter().filter(|node| self.is_item[node.index()]);
        let mut items: Vec<u32> = sets.chain(nodes.map(|node| self.sets.len() as u32 + node.0)).collect();
        sort_distinct(&mut items);
        let others = set.entry_count() - items.len();
        let least = set.threshold.saturating_sub(others as u64) as usize;
        Need { items, least, others }
    }
}

/// The quorum sets that the members of the classes ask for themselves.
fn own_sets<'a>(fbas: &'a Fbas, classes: &'a Classes) -> impl Iterator<Item = &'a QuorumSet> {
    let ids = classes.iter().filter_map(|class| fbas.quorum_set_of(class.first()));
    ids.map(|id| fbas.quorum_sets().get(id))
}

/// The inner sets among their entries, ascending.
fn inner_sets(fbas: &Fbas, classes: &Classes) -> Vec<QuorumSetId> {
    let mut inner: Vec<QuorumSetId> = own_sets(fbas, classes).flat_map(|set| &set.inner).copied().collect();
    sort_distinct(&mut inner);
    inner
}

/// Per node, whether it is one of their entries.
fn entries(fbas: &Fbas, classes: &Classes) -> Vec<bool> {
    let mut is_entry = vec![false; fbas.node_count()];
    let named = own_sets(fbas, classes).flat_map(|set| &set.validators);
    named.for_each(|node| is_entry[node.index()] = true);
    is_entry
}
