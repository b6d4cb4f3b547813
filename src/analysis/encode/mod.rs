//! The network as formulas and decision diagrams, what a split is, and the states of a change as networks.

pub mod cells;
pub mod change;
pub mod encoding;
pub mod formulas;
pub mod order;
pub mod sides;
pub mod split;
pub mod states;
