//! Questions as decision diagrams: which sets of units contain a quorum, meet all quorums, or let the network split, as one function of
//! the units, from which all minimal sets are counted and listed.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::analysis::cost::charges::Charges;
use crate::analysis::encode::cells::gates;
use crate::analysis::encode::cells::Cells;
use crate::analysis::encode::order::Order;
use crate::analysis::encode::split::Split;
use crate::analysis::technique::one_quorum_set::OneQuorumSet;
use crate::diagram::{Answer, Family, Function, Functions, Kept, Unfinished};
use crate::network::{Fbas, NodeId, NodeSet};

type Made<T> = Result<T, Unfinished>;

/// The minimal sets of units whose nodes, with those that cost nothing, contain a quorum.
pub fn containing_quorums(functions: &mut Functions, fbas: &Fbas, charges: &Charges) -> Made<Family> {
    let (function, names) = contains_quorum(functions, fbas, charges)?;
    functions.minimal_sets(function, &names)
}

/// The minimal sets of units whose nodes meet every quorum.
pub fn meeting_all_quorums(functions: &mut Functions, fbas: &Fbas, charges: &Charges) -> Made<Family> {
    let (function, names) = contains_quorum(functions, fbas, charges)?;
    let function = functions.dual(function)?;
    functions.minimal_sets(function, &names)
}

/// The minimal sets of units of which some nodes split a network in which everybody asks for the same.
pub fn splitting(
    functions: &mut Functions,
    fbas: &Fbas,
    shared: &OneQuorumSet,
    charges: &Charges,
) -> Made<Family> {
    let cells = Cells::of(fbas, charges, Reverse);
    let levels = cells.levels(functions)?;
    let mut function = shared.splits(functions, fbas, &cells.order, |node| cells.level_of(node, &levels))?;
    // Somebody must be left to diverge.
    let most = shared.most_byzantine();
    if most.is_none_or(|most| most < levels.len()) {
        let too_many = functions.at_least(most.map_or(0, |most| most as u64 + 1), levels)?;
        let few_enough = functions.choose(too_many, Function::FALSE, function)?;
        function = functions.with_supersets(few_enough)?;
    }
    let (function, names) = cells.by_unit(functions, function)?;
    functions.minimal_sets(function, &names)
}

/// The minimal sets of units of which some nodes split a network between members of `diverging`.
///
/// A node is Byzantine, or one of two sides gets it. Either side has to contain nodes that the side and the Byzantine nodes satisfy,
/// one of them of `diverging`.
pub fn splitting_in_two(
    functions: &mut Functions,
    fbas: &Fbas,
    diverging: &NodeSet,
    charges: &Charges,
) -> Made<(Family, SidesOfSplits)> {
    let cells = Cells::of(fbas, charges, Reverse);
    // Units, then a pair of levels for every node: is it Byzantine, and is it on the side?
    let first = cells.distinct_units.len() as u32;
    let is_byzantine_level = |level: u32| (level - first).is_multiple_of(2);
    let mut byzantine: Vec<Function> = Vec::new();
    let mut honest: Vec<Function> = Vec::new();
    let mut present: Vec<Function> = Vec::new();
    for (index, unit) in cells.units.iter().enumerate() {
        let level = first + 2 * index as u32;
        byzantine.push(if unit.is_some() { functions.level(level)? } else { Function::FALSE });
        let on_side = functions.level(level + 1)?;
        honest.push(functions.choose(byzantine[index], Function::FALSE, on_side)?);
        present.push(functions.choose(byzantine[index], Function::TRUE, on_side)?);
    }
    let satisfied =
        gates(functions, fbas, &cells.order, |set| set.threshold, |node| cells.level_of(node, &present))?;
    let mut holders: BTreeMap<usize, Vec<Function>> = BTreeMap::new();
    let mut may_diverge = Vec::new();
    for (cell, &node) in cells.first_nodes.iter().enumerate() {
        if let Some(id) = fbas.quorum_set_of(node) {
            holders.entry(cells.order.place[id.index()]).or_default().push(honest[cell]);
            may_diverge.extend(diverging.contains(node).then_some(honest[cell]));
        }
    }
    let may_diverge = functions.any(may_diverge)?;
    let is_side = is_met(functions, holders, &cells.order, &satisfied, may_diverge)?;
    let contains_side = functions.with_supersets_in(is_side, &|level| !is_byzantine_level(level))?;
    let splits = functions.for_two_sides(contains_side, &|level| !is_byzantine_level(level))?;
    let splits = functions.with_supersets(splits)?;
    let units = cells.unit_functions(functions, Function::FALSE)?;
    let mut by_level = vec![Function::FALSE; first as usize];
    by_level.extend(units.into_iter().flat_map(|unit| [unit, Function::FALSE]));
    let splits = functions.replaced(splits, &by_level)?;
    let family = functions.minimal_sets(splits, &cells.unit_names())?;
    let contains_side = Kept::new(functions, contains_side);
    Ok((family, SidesOfSplits { contains_side, first, nodes: cells.first_nodes }))
}

/// Whether a set is, or contains, one side of a split: by pairs of levels, one pair a node.
pub struct SidesOfSplits {
    contains_side: Kept,
    /// The first level of the first node.
    first: u32,
    nodes: Vec<NodeId>,
}

impl SidesOfSplits {
    /// A split by some of these nodes: by all of them, unless any will do.
    pub fn split_by(&self, fbas: &Fbas, candidates: &NodeSet, any_will_do: bool) -> Option<Split> {
        let node_of = |level: u32| self.nodes[((level - self.first) / 2) as usize];
        let is_byzantine = |level: u32| (level - self.first).is_multiple_of(2);
        let at = |level: u32| match candidates.contains(node_of(level)) {
            _ if !is_byzantine(level) => Answer::SharedOut,
            true if any_will_do => Answer::Open,
            is_candidate => Answer::Fixed(is_candidate),
        };
        let answers = self.contains_side.answers_for_two_sides(&at)?;
        let nodes = |wanted: &dyn Fn(u32, bool) -> bool| {
            let chosen = answers.iter().filter(|(level, answer)| wanted(*level, *answer));
            NodeSet::of(fbas.node_count(), chosen.map(|&(level, _)| node_of(level)))
        };
        let byzantine =
            if any_will_do { nodes(&|level, is| is_byzantine(level) && is) } else { candidates.clone() };
        let [a, b] = [true, false].map(|side| {
            let own = nodes(&|level, answer| !is_byzantine(level) && answer == side);
            fbas.largest_supported_inside(&own.union(&byzantine), &byzantine)
        });
        Some(Split { byzantine, a, b })
    }
}

/// Whether the nodes of some units, with those that cost nothing, contain a quorum; with the names of the levels.
///
/// A largest quorum has all or none of the nodes that are of one unit and ask for the same, so these are one level; a set is a quorum when
/// every quorum set that one of its members has is satisfied.
fn contains_quorum(functions: &mut Functions, fbas: &Fbas, charges: &Charges) -> Made<(Function, Vec<u32>)> {
    let cells = Cells::of(fbas, charges, |node| fbas.requirement(node));
    let levels = cells.levels(functions)?;
    let mut holders: BTreeMap<usize, Vec<Function>> = BTreeMap::new();
    for (cell, &node) in cells.first_nodes.iter().enumerate() {
        if let Some(id) = fbas.quorum_set_of(node) {
            holders.entry(cells.order.place[id.index()]).or_default().push(levels[cell]);
        }
    }
    let satisfied =
        gates(functions, fbas, &cells.order, |set| set.threshold, |node| cells.level_of(node, &levels))?;
    let has_known_member = functions.any(holders.values().flatten().copied())?;
    let is_quorum = is_met(functions, holders, &cells.order, &satisfied, has_known_member)?;
    let contains = functions.with_supersets(is_quorum)?;
    cells.by_unit(functions, contains)
}

/// Whether a condition holds and every quorum set is satisfied that one of its holders, who are there, asks for. Sets are named by their
/// places in the order.
fn is_met(
    functions: &mut Functions,
    holders: BTreeMap<usize, Vec<Function>>,
    order: &Order,
    satisfied: &[Function],
    mut condition: Function,
) -> Made<Function> {
    for (place, holders) in holders {
        let is_asked_for = functions.any(holders)?;
        let is_met = functions.choose(is_asked_for, satisfied[order.sets[place].index()], Function::TRUE)?;
        condition = functions.both(condition, is_met)?;
    }
    Ok(condition)
}
