//! All minimal sets of a kind: as decision diagrams or, where these grow too large, size by size.

pub mod all;
pub mod by_size;
pub mod diagrams;
pub mod kind;
pub mod smallest;
