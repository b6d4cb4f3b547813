//! In which order a system is written down as a decision diagram: one that follows from who asks for what and from the units, not from names.
//!
//! How large a diagram grows hangs on the order, and whether sets can be counted on how large it grows. So nodes and quorum sets are told
//! apart by their place in the system first, as colour refinement does it (Weisfeiler and Leman, 1968), and by their ids only where that
//! tells nothing: then they can nearly always be exchanged, and either order gives a diagram of the same size.

use std::cmp::Reverse;

use rustc_hash::FxHashSet;

use crate::analysis::cost::charges::Charges;
use crate::network::sorting::{sort_by_key, sort_distinct};
use crate::network::{Fbas, NodeId, QuorumSetId, Requirement};

/// More rounds tell nothing more apart in networks as they are; fewer are made where none did.
const MOST_ROUNDS: usize = 16;

/// The nodes and quorum sets of a system in order.
pub struct Order {
    /// The nodes that are not dead.
    pub nodes: Vec<NodeId>,
    /// The quorum sets that some of them ask for, with their inner sets, which stand before those that name them.
    pub sets: Vec<QuorumSetId>,
    /// Per quorum set, its place in that list; those that nobody asks for have one behind it.
    pub place: Vec<usize>,
}

impl Order {
    /// The order in which nodes come up in the quorum sets, those sets first that most nodes have; so nodes of one quorum set stand close
    /// together, which keeps diagrams small. Nodes that nobody names come last.
    pub fn of(fbas: &Fbas, charges: &Charges) -> Self {
        let colours = Colours::of(fbas, charges);
        let alive = fbas.alive();
        let mut own: Vec<QuorumSetId> = alive.iter().filter_map(|node| fbas.quorum_set_of(node)).collect();
        sort_distinct(&mut own);
        sort_by_key(&mut own, |&id| (Reverse(fbas.holders(id).len()), colours.of_set(id), id));
        let mut order =
            Order { nodes: Vec::new(), sets: Vec::new(), place: vec![usize::MAX; fbas.quorum_sets().len()] };
        let mut is_seen: Vec<bool> = fbas.nodes().map(|node| !alive.contains(node)).collect();
        own.into_iter().for_each(|id| order.visit(fbas, &colours, id, &mut is_seen));
        let mut unnamed: Vec<NodeId> = alive.iter().filter(|node| !is_seen[node.index()]).collect();
        sort_by_key(&mut unnamed, |&node| (colours.of_node(node), node));
        order.nodes.extend(unnamed);
        order
    }

    fn visit(&mut self, fbas: &Fbas, colours: &Colours, id: QuorumSetId, is_seen: &mut [bool]) {
        if self.place[id.index()] != usize::MAX {
            return;
        }
        let set = fbas.quorum_sets().get(id);
        let mut inner = set.inner.clone();
        sort_by_key(&mut inner, |&id| (colours.of_set(id), id));
        inner.into_iter().for_each(|inner| self.visit(fbas, colours, inner, is_seen));
        let mut validators = set.validators.clone();
        sort_by_key(&mut validators, |&node| (colours.of_node(node), node));
        validators.retain(|node| !std::mem::replace(&mut is_seen[node.index()], true));
        self.nodes.extend(validators);
        self.place[id.index()] = self.sets.len();
        self.sets.push(id);
    }
}

/// What tells nodes and quorum sets apart, whatever their names. Equal where nothing was found that does.
struct Colours {
    nodes: Vec<u64>,
    /// By what a set asks for, and by who asks for it.
    sets: Vec<(u64, u64)>,
}

impl Colours {
    fn of_node(&self, node: NodeId) -> u64 {
        self.nodes[node.index()]
    }

    fn of_set(&self, id: QuorumSetId) -> (u64, u64) {
        self.sets[id.index()]
    }

    fn of(fbas: &Fbas, charges: &Charges) -> Self {
        let by_requirement = |node| match fbas.requirement(node) {
            Requirement::Known(_) => 1,
            Requirement::Free => 2,
            Requirement::Dead => 0,
        };
        let mut colours = Colours { nodes: fbas.nodes().map(by_requirement).collect(), sets: Vec::new() };
        let mut told_apart = 0;
        for _ in 0..MOST_ROUNDS {
            colours.refine(fbas, charges);
            let distinct: FxHashSet<u64> = colours.nodes.iter().copied().collect();
            if distinct.len() <= told_apart {
                break;
            }
            told_apart = distinct.len();
        }
        colours
    }

    /// A round: every colour takes in those around it. Sums, as neither neighbours nor entries have an order.
    fn refine(&mut self, fbas: &Fbas, charges: &Charges) {
        let sets = fbas.quorum_sets();
        let mut asked = vec![0u64; sets.len()];
        for (id, set) in sets.iter() {
            let validators = set.validators.iter().map(|&node| mixed(&[3, self.of_node(node)]));
            let inner = set.inner.iter().map(|inner| mixed(&[4, asked[inner.index()]]));
            asked[id.index()] = mixed(&[5, set.threshold, sum(validators), sum(inner)]);
        }
        let mut askers = vec![0u64; sets.len()];
        let mut named = vec![0u64; fbas.node_count()];
        for (id, set) in sets.iter().collect::<Vec<_>>().into_iter().rev() {
            let holders = fbas.holders(id).iter().map(|&node| mixed(&[6, self.of_node(node)]));
            askers[id.index()] = mixed(&[7, sum(holders), askers[id.index()]]);
            let from_here = mixed(&[8, asked[id.index()], askers[id.index()]]);
            let add = |total: &mut u64| *total = total.wrapping_add(from_here);
            set.inner.iter().for_each(|inner| add(&mut askers[inner.index()]));
            set.validators.iter().for_each(|node| add(&mut named[node.index()]));
        }
        let mut units = vec![0u64; charges.unit_count()];
        for node in fbas.alive().iter() {
            if let Some(unit) = charges.unit(node) {
                units[unit.index()] = units[unit.index()].wrapping_add(mixed(&[9, self.of_node(node)]));
            }
        }
        let new = fbas.nodes().map(|node| {
            let own = fbas.quorum_set_of(node).map_or(0, |id| asked[id.index()]);
            let unit = charges.unit(node).map_or(0, |unit| units[unit.index()]);
            mixed(&[self.of_node(node), own, named[node.index()], unit])
        });
        self.nodes = new.collect();
        self.sets = asked.into_iter().zip(askers).collect();
    }
}

fn sum(values: impl Iterator<Item = u64>) -> u64 {
    values.fold(0, u64::wrapping_add)
}

/// The values as one, by the finaliser of SplitMix64: the same on every machine.
fn mixed(values: &[u64]) -> u64 {
    values.iter().fold(0, |state: u64, value| {
        let mut mixed = (state ^ value).wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    })
}
