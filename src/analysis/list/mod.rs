//! All minimal sets of a kind: as a decision diagram of the sets or, where that grows too large, found by the solver size by size.

pub mod all;
pub mod by_size;
pub mod diagrams;
pub mod kind;
pub mod smallest;
