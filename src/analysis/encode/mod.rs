//! The network as formulas and decision diagrams, and what a split is.

pub mod cells;
pub mod encoding;
pub mod formulas;
pub mod order;
pub mod sides;
pub mod split;
