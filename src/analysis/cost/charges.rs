//! What a set of nodes costs: the number of distinct units, nodes or groups, that its charged members belong to.

use std::collections::BTreeMap;

use crate::network::{ClassId, Fbas, GroupId, Groups, NodeId, NodeSet};
use crate::sat::counter::{tally, Tally, Unary};
use crate::sat::Formula;

/// Which nodes cost something, and in which units.
#[derive(Clone)]
pub struct Charges<'a> {
    groups: &'a Groups,
    /// The nodes that are not free of charge.
    charged: NodeSet,
}

/// How the members of a class of exchangeable nodes are charged; exchangeable nodes must be charged alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Charge {
    /// Nothing.
    Free,
    /// One unit each: nobody else belongs to it.
    Each,
    /// One unit for all members of a group.
    Group(GroupId),
}

impl<'a> Charges<'a> {
    /// Charges for the nodes of `charged` by their groups.
    pub fn new(groups: &'a Groups, charged: NodeSet) -> Self {
        Charges { groups, charged }
    }

    /// The nodes that are not free of charge.
    pub fn charged(&self) -> &NodeSet {
        &self.charged
    }

    /// The same charges, but nothing for these nodes.
    pub fn without(&self, nodes: &NodeSet) -> Self {
        Charges { groups: self.groups, charged: self.charged.difference(nodes) }
    }

    /// The groups of these nodes alone, and who of them is charged; nodes are numbered from 0 in their order.
    pub fn alone(&self, nodes: &[NodeId]) -> (Groups, NodeSet) {
        let charged = (0..).map(NodeId).zip(nodes).filter(|(_, node)| self.charged.contains(**node));
        let charged = NodeSet::of(nodes.len(), charged.map(|(place, _)| place));
        (self.groups.alone(nodes), charged)
    }

    /// The unit that the node costs, if any.
    pub fn unit(&self, node: NodeId) -> Option<GroupId> {
        self.charged.contains(node).then(|| self.groups.group(node))
    }

    /// A number for the unit that the node costs or, if it costs none, for the node.
    pub fn unit_or_node(&self, node: NodeId) -> u32 {
        self.unit(node).map_or(self.groups.count() as u32 + node.0, |unit| unit.0)
    }

    /// The number of units that there are; units count from 0.
    pub fn unit_count(&self) -> usize {
        self.groups.count()
    }

    /// What a set of nodes costs.
    pub fn cost(&self, nodes: &NodeSet) -> u32 {
        self.groups.groups_of(&nodes.intersection(&self.charged)).len() as u32
    }

    /// The charged members' units, as results name them, ascending.
    pub fn labels(&self, nodes: &NodeSet) -> Vec<String> {
        self.groups.labels_of(&nodes.intersection(&self.charged))
    }

    /// Everything that costs no more than `nodes` does: all charged nodes of the same units, and `nodes` itself.
    pub fn at_no_more_cost(&self, nodes: &NodeSet, among: &NodeSet) -> NodeSet {
        let paid = self.groups.groups_of(&nodes.intersection(&self.charged));
        let is_paid = |node: &NodeId| self.unit(*node).is_none_or(|unit| paid.binary_search(&unit).is_ok());
        NodeSet::of(self.groups.node_count(), among.iter().filter(is_paid))
    }

    /// The charged nodes of `among` unit by unit.
    pub fn units(&self, among: &NodeSet) -> Vec<Vec<NodeId>> {
        let mut members: BTreeMap<GroupId, Vec<NodeId>> = BTreeMap::new();
        for node in among.iter() {
            if let Some(unit) = self.unit(node) {
                members.entry(unit).or_default().push(node);
            }
        }
        members.into_values().collect()
    }

    /// Per node of a system, how it is charged there: a group of which only one node is alive charges that node alone.
    pub fn colours(&self, fbas: &Fbas) -> Vec<Charge> {
        let mut sizes = vec![0u32; self.groups.count()];
        let alive = fbas.alive();
        alive.iter().filter_map(|node| self.unit(node)).for_each(|unit| sizes[unit.index()] += 1);
        let charge = |node: NodeId| match self.unit(node) {
            None => Charge::Free,
            Some(unit) if sizes[unit.index()] <= 1 => Charge::Each,
            Some(unit) => Charge::Group(unit),
        };
        fbas.nodes().map(charge).collect()
    }
}

/// Chooses sets of units, no two of which share one.
pub struct DisjointUnits {
    taken: Vec<bool>,
}

impl DisjointUnits {
    /// Nothing is chosen yet.
    pub fn new(charges: &Charges) -> Self {
        DisjointUnits { taken: vec![false; charges.unit_count()] }
    }

    /// Chooses these units, unless one of them was chosen before.
    pub fn take(&mut self, units: &[u32]) -> bool {
        let is_free = units.iter().all(|&unit| !self.taken[unit as usize]);
        if is_free {
            units.iter().for_each(|&unit| self.taken[unit as usize] = true);
        }
        is_free
    }
}

/// How many members of a class are chosen, and how they are charged.
pub struct Chosen {
    pub class: ClassId,
    pub charge: Charge,
    pub number: Unary,
}

/// Units that are exchangeable, and how many of them a set pays for.
pub struct Payment {
    /// Whose they are.
    pub units: Payer,
    /// How many of them.
    pub paid: Tally,
}

/// Who pays for units of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payer {
    /// The members of a class, one each.
    Class(ClassId),
    /// A group.
    Group(GroupId),
}

/// What a set pays for of which this is chosen.
pub fn payments(formula: &mut Formula, chosen: &[Chosen]) -> Vec<Payment> {
    let mut payments: Vec<Payment> = Vec::new();
    for Chosen { class, charge, number } in chosen {
        match (charge, number.first()) {
            (Charge::Free, _) | (_, None) => {}
            (Charge::Each, _) => {
                payments.push(Payment { units: Payer::Class(*class), paid: Tally::from(number) })
            }
            (&Charge::Group(group), Some(&any)) => {
                let units = Payer::Group(group);
                let paid = payments.iter().find(|payment| payment.units == units);
                let is_paid = paid.and_then(|payment| payment.paid.reaches(1)).unwrap_or_else(|| {
                    let is_paid = formula.variable();
                    payments.push(Payment { units, paid: Tally::of(is_paid) });
                    is_paid
                });
                formula.implies(any, is_paid);
            }
        }
    }
    payments
}

/// The cost of a set that pays for this, counted up to `limit`.
pub fn cost_of(formula: &mut Formula, payments: &[Payment], limit: usize) -> Tally {
    let parts: Vec<Tally> = payments.iter().map(|payment| payment.paid.clone()).collect();
    tally(formula, &parts, limit)
}

/// The cost of a set of which this is chosen, counted up to `limit`.
pub fn cost_tally(formula: &mut Formula, chosen: &[Chosen], limit: usize) -> Tally {
    let payments = payments(formula, chosen);
    cost_of(formula, &payments, limit)
}
