//! Quorum sets as gates of a decision diagram, and its levels: one for all nodes that are in a set together or not at all.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::analysis::cost::charges::Charges;
use crate::diagram::{Function, Functions, Unfinished};
use crate::network::{Fbas, GroupId, NodeId, QuorumSet, QuorumSetId, Requirement};

type Made<T> = Result<T, Unfinished>;

/// Per quorum set, whether as many of its entries are true as it needs; validators are what the function says.
pub fn gates(
    functions: &mut Functions,
    fbas: &Fbas,
    needed: impl Fn(&QuorumSet) -> u64,
    validator: impl Fn(NodeId) -> Function,
) -> Made<Vec<Function>> {
    let mut gates: Vec<Function> = Vec::with_capacity(fbas.quorum_sets().len());
    for (_, set) in fbas.quorum_sets().iter() {
        let validators = set.validators.iter().map(|&node| validator(node));
        let entries = validators.chain(set.inner.iter().map(|id| gates[id.index()])).collect();
        gates.push(functions.at_least(needed(set), entries)?);
    }
    Ok(gates)
}

/// Nodes that are in a set together or not at all, each cell with a level of its own.
pub struct Cells {
    /// Per node, its cell; dead nodes have none.
    pub cell_of: Vec<Option<usize>>,
    /// Per cell, its first node.
    pub first_nodes: Vec<NodeId>,
    /// Per cell, what its nodes cost.
    pub units: Vec<Option<GroupId>>,
    /// The units that there are, in the order of their first cells.
    pub distinct_units: Vec<GroupId>,
}

impl Cells {
    /// Nodes of one unit and one colour are one cell. Cells are in an order in which nodes of one quorum set stand close together,
    /// which keeps diagrams small.
    pub fn of<C: Ord>(fbas: &Fbas, charges: &Charges, colour: impl Fn(NodeId) -> C) -> Self {
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
    pub fn are_units(&self) -> bool {
        self.distinct_units.len() == self.units.len()
    }

    /// The functions of the cells. Where cells are not units, the first levels are kept for the units.
    pub fn levels(&self, functions: &mut Functions) -> Made<Vec<Function>> {
        let first = if self.are_units() { 0 } else { self.distinct_units.len() };
        (first..first + self.units.len()).map(|level| functions.level(level as u32)).collect()
    }

    pub fn level_of(&self, node: NodeId, levels: &[Function]) -> Function {
        self.cell_of[node.index()].map_or(Function::FALSE, |cell| levels[cell])
    }

    /// A function of cells as one of units; with the units of the levels. What costs nothing is there.
    pub fn by_unit(&self, functions: &mut Functions, function: Function) -> Made<(Function, Vec<u32>)> {
        if self.are_units() {
            return Ok((function, self.unit_names()));
        }
        let mut by_level = vec![Function::FALSE; self.distinct_units.len()];
        by_level.extend(self.unit_functions(functions, Function::TRUE)?);
        Ok((functions.replaced(function, &by_level)?, self.unit_names()))
    }

    /// Per cell, the function of its unit, which has one of the first levels; `free` where it costs nothing.
    pub fn unit_functions(&self, functions: &mut Functions, free: Function) -> Made<Vec<Function>> {
        let mut function_of: BTreeMap<GroupId, Function> = BTreeMap::new();
        for (level, &unit) in self.distinct_units.iter().enumerate() {
            function_of.insert(unit, functions.level(level as u32)?);
        }
        Ok(self.units.iter().map(|unit| unit.map_or(free, |unit| function_of[&unit])).collect())
    }

    /// The units of the first levels.
    pub fn unit_names(&self) -> Vec<u32> {
        self.distinct_units.iter().map(|unit| unit.0).collect()
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
        fbas.requirement(*node) != Requirement::Dead && !std::mem::replace(&mut is_known[node.index()], true)
    });
    order
}
