//! Questions as decision diagrams: which sets of units contain a quorum, meet all quorums, or let the network split, as one function of
//! the units, from which all minimal sets are counted and listed.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::charges::Charges;
use super::one_quorum_set::OneQuorumSet;
use crate::diagram::{Family, Function, Functions, Unfinished};
use crate::network::{Fbas, GroupId, NodeId, QuorumSetId, Requirement};

type Made<T> = Result<T, Unfinished>;

/// The minimal sets of units whose nodes, with those that cost nothing, contain a quorum.
pub(super) fn containing_quorums(functions: &mut Functions, fbas: &Fbas, charges: &Charges) -> Made<Family> {
    let (function, names) = contains_quorum(functions, fbas, charges)?;
    functions.minimal_sets(function, &names)
}

/// The minimal sets of units whose nodes meet every quorum.
pub(super) fn meeting_all_quorums(functions: &mut Functions, fbas: &Fbas, charges: &Charges) -> Made<Family> {
    let (function, names) = contains_quorum(functions, fbas, charges)?;
    let function = functions.dual(function)?;
    functions.minimal_sets(function, &names)
}

/// The minimal sets of units of which some nodes split a network in which everybody asks for the same.
pub(super) fn splitting(
    functions: &mut Functions,
    fbas: &Fbas,
    shared: &OneQuorumSet,
    charges: &Charges,
) -> Made<Family> {
    let cells = Cells::of(fbas, charges, |node| Reverse(node));
    let levels = cells.levels(functions)?;
    let mut function = shared.splits(functions, fbas, |node| cells.level_of(node, &levels))?;
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

/// Whether the nodes of some units, with those that cost nothing, contain a quorum; with the names of the levels.
///
/// A largest quorum has all or none of the nodes that are of one unit and ask for the same, so these are one level; a set is a quorum when
/// every quorum set that one of its members has is satisfied.
fn contains_quorum(functions: &mut Functions, fbas: &Fbas, charges: &Charges) -> Made<(Function, Vec<u32>)> {
    let cells = Cells::of(fbas, charges, |node| fbas.requirement(node));
    let levels = cells.levels(functions)?;
    let mut holders: BTreeMap<QuorumSetId, Vec<Function>> = BTreeMap::new();
    for (cell, &node) in cells.first_nodes.iter().enumerate() {
        if let Some(id) = fbas.quorum_set_of(node) {
            holders.entry(id).or_default().push(levels[cell]);
        }
    }
    let satisfied = satisfied_sets(functions, fbas, |node| cells.level_of(node, &levels))?;
    let mut is_quorum = functions.any(holders.values().flatten().copied())?;
    for (id, holders) in holders {
        let is_asked_for = functions.any(holders)?;
        let is_met = functions.choose(is_asked_for, satisfied[id.index()], Function::TRUE)?;
        is_quorum = functions.both(is_quorum, is_met)?;
    }
    let contains = functions.with_supersets(is_quorum)?;
    cells.by_unit(functions, contains)
}

/// Per quorum set, whether the nodes of some levels satisfy it.
fn satisfied_sets(
    functions: &mut Functions,
    fbas: &Fbas,
    level_of: impl Fn(NodeId) -> Function,
) -> Made<Vec<Function>> {
    let mut satisfied: Vec<Function> = Vec::with_capacity(fbas.quorum_sets().len());
    for (_, set) in fbas.quorum_sets().iter() {
        let validators = set.validators.iter().map(|&node| level_of(node));
        let entries = validators.chain(set.inner.iter().map(|id| satisfied[id.index()])).collect();
        satisfied.push(functions.at_least(set.threshold, entries)?);
    }
    Ok(satisfied)
}

/// Nodes that are in a set together or not at all, each cell with a level of its own.
struct Cells {
    /// Per node, its cell; dead nodes have none.
    cell_of: Vec<Option<usize>>,
    /// Per cell, its first node.
    first_nodes: Vec<NodeId>,
    /// Per cell, what its nodes cost.
    units: Vec<Option<GroupId>>,
    /// The units that there are, in the order of their first cells.
    distinct_units: Vec<GroupId>,
}

impl Cells {
    /// Nodes of one unit and one colour are one cell. Cells are in an order in which nodes of one quorum set stand close together,
    /// which keeps diagrams small.
    fn of<C: Ord>(fbas: &Fbas, charges: &Charges, colour: impl Fn(NodeId) -> C) -> Self {
        let mut cells = Cells {
            cell_of: vec![None; fbas.node_count()],
            first_nodes: Vec::new(),
            units: Vec::new(),
            distinct_units: Vec::new(),
        };
        let mut numbers: BTreeMap<(Option<GroupId>, C), usize> = BTreeMap::new();
        for node in in_order_of_quorum_sets(fbas) {
            let unit = charges.unit(node);
            let cell = *numbers.entry((unit, colour(node))).or_insert_with(|| {
                cells.first_nodes.push(node);
                cells.units.push(unit);
                cells.units.len() - 1
            });
            cells.cell_of[node.index()] = Some(cell);
        }
        let mut is_known = vec![false; charges.unit_count()];
        let is_new = |unit: &GroupId| !std::mem::replace(&mut is_known[unit.index()], true);
        cells.distinct_units = cells.units.iter().flatten().copied().filter(is_new).collect();
        cells
    }

    /// Whether cells and units are the same.
    fn are_units(&self) -> bool {
        self.distinct_units.len() == self.units.len()
    }

    /// The functions of the cells. Where cells are not units, the first levels are kept for the units.
    fn levels(&self, functions: &mut Functions) -> Made<Vec<Function>> {
        let first = if self.are_units() { 0 } else { self.distinct_units.len() };
        (first..first + self.units.len()).map(|level| functions.level(level as u32)).collect()
    }

    fn level_of(&self, node: NodeId, levels: &[Function]) -> Function {
        self.cell_of[node.index()].map_or(Function::FALSE, |cell| levels[cell])
    }

    /// A function of cells as one of units; with the units of the levels. What costs nothing is there.
    fn by_unit(&self, functions: &mut Functions, function: Function) -> Made<(Function, Vec<u32>)> {
        let names = self.distinct_units.iter().map(|unit| unit.0).collect();
        if self.are_units() {
            return Ok((function, names));
        }
        let mut level_of_unit: BTreeMap<GroupId, Function> = BTreeMap::new();
        let mut by_level: Vec<Function> = Vec::with_capacity(self.distinct_units.len() + self.units.len());
        for (level, &unit) in self.distinct_units.iter().enumerate() {
            by_level.push(functions.level(level as u32)?);
            level_of_unit.insert(unit, by_level[level]);
        }
        let of_cell = |unit: &Option<GroupId>| unit.map_or(Function::TRUE, |unit| level_of_unit[&unit]);
        by_level.extend(self.units.iter().map(of_cell));
        Ok((functions.replaced(function, &by_level)?, names))
    }
}

/// The alive nodes as they come up in the quorum sets, those first that most nodes have; nodes that nobody names come last.
fn in_order_of_quorum_sets(fbas: &Fbas) -> Vec<NodeId> {
    fn visit(fbas: &Fbas, id: QuorumSetId, seen: &mut [bool], order: &mut Vec<NodeId>) {
        if std::mem::replace(&mut seen[id.index()], true) {
            return;
        }
        let set = fbas.quorum_sets().get(id);
        set.inner.iter().for_each(|&inner| visit(fbas, inner, seen, order));
        order.extend(&set.validators);
    }
    let alive = fbas.alive();
    let mut own: Vec<QuorumSetId> = alive.iter().filter_map(|node| fbas.quorum_set_of(node)).collect();
    own.sort_unstable();
    own.dedup();
    own.sort_by_key(|&id| Reverse(fbas.holders(id).len()));
    let mut seen = vec![false; fbas.quorum_sets().len()];
    let mut order = Vec::new();
    own.into_iter().for_each(|id| visit(fbas, id, &mut seen, &mut order));
    order.extend(alive.iter());
    let mut is_known = vec![false; fbas.node_count()];
    order.retain(|node| {
        fbas.requirement(*node) != Requirement::Dead
            && !std::mem::replace(&mut is_known[node.index()], true)
    });
    order
}
