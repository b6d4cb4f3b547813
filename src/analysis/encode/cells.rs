//! Prepares a system for decision diagrams. [`gates`] writes each quorum set as a function that is true when enough of its entries are true.
//! [`Cells`] assigns the levels of the diagram: nodes of which a set has either all or none form a cell, and each cell has one level.

use std::collections::BTreeMap;

use super::order::Order;
use crate::analysis::cost::charges::Charges;
use crate::diagram::{Function, Functions, Unfinished};
use crate::network::{Fbas, GroupId, NodeId, QuorumSet};

type Made<T> = Result<T, Unfinished>;

/// Per quorum set that somebody asks for, whether as many of its entries are true as it needs; validators are what the function says.
pub fn gates(
    functions: &mut Functions,
    fbas: &Fbas,
    order: &Order,
    needed: impl Fn(&QuorumSet) -> u64,
    validator: impl Fn(NodeId) -> Function,
) -> Made<Vec<Function>> {
    let mut gates = vec![Function::FALSE; fbas.quorum_sets().len()];
    for &id in &order.sets {
        let set = fbas.quorum_sets().get(id);
        let validators = set.validators.iter().map(|&node| validator(node));
        let entries = validators.chain(set.inner.iter().map(|id| gates[id.index()])).collect();
        gates[id.index()] = functions.at_least(needed(set), entries)?;
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
    /// In which order the system is written down.
    pub order: Order,
}

impl Cells {
    /// Nodes of one unit and one colour are one cell. Cells are in the order of their first nodes.
    pub fn of<C: Ord>(fbas: &Fbas, charges: &Charges, colour: impl Fn(NodeId) -> C) -> Self {
        let mut cells = Cells {
            cell_of: vec![None; fbas.node_count()],
            first_nodes: Vec::new(),
            units: Vec::new(),
            distinct_units: Vec::new(),
            order: Order::of(fbas, charges),
        };
        let mut numbers: BTreeMap<(Option<GroupId>, C), usize> = BTreeMap::new();
        for &node in &cells.order.nodes {
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
