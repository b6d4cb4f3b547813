//! Ways to find a smallest set, or to prove that none is smaller; each works without the others.

pub mod avalanche;
pub mod counting;
pub mod deciding;
pub mod hitting;
pub mod local_search;
pub mod one_quorum_set;
pub mod outside;
pub mod pair;
pub mod subsets;
pub mod watchers;
