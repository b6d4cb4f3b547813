//! What is odd about who asks for what. Quorum sets are looked at once each, however many nodes have them.

use std::collections::BTreeMap;

use super::limits::STELLAR_CORE_LEVELS;
use super::sorting::sort_distinct;
use super::{Asks, Assignment, FindingCode, NodeId, NodeSet, QuorumSet};

/// What is to be said of a quorum set and its inner sets.
#[derive(Default)]
struct Inspected {
    /// What is odd about any of them.
    codes: Vec<FindingCode>,
    /// How many levels there are.
    levels: usize,
    /// Whom they name: ascending, each once.
    named: Vec<NodeId>,
    /// Whether they name somebody twice.
    names_twice: bool,
}

/// The kinds of findings with the nodes concerned. `listed` are the nodes that the input lists.
pub(super) fn oddities(assignment: &Assignment, listed: &NodeSet) -> BTreeMap<FindingCode, NodeSet> {
    let mut inspected: Vec<Inspected> = Vec::with_capacity(assignment.quorum_sets().len());
    for (_, set) in assignment.quorum_sets().iter() {
        inspected.push(inspect(set, &inspected));
    }
    let count = assignment.node_count();
    let mut oddities: BTreeMap<FindingCode, NodeSet> = BTreeMap::new();
    let mut note = |code, node| oddities.entry(code).or_insert_with(|| NodeSet::empty(count)).insert(node);
    for node in (0..count as u32).map(NodeId) {
        match assignment.asks(node) {
            Asks::Gone => {}
            Asks::Unknown if listed.contains(node) => note(FindingCode::UnknownQuorumSet, node),
            Asks::Unknown => note(FindingCode::UnknownValidator, node),
            Asks::For(id) => {
                let Inspected { codes, levels, named, names_twice } = &inspected[id.index()];
                codes.iter().for_each(|&code| note(code, node));
                if *levels > STELLAR_CORE_LEVELS {
                    note(FindingCode::NestingTooDeep, node);
                }
                if *names_twice {
                    note(FindingCode::DuplicateEntry, node);
                }
                if named.binary_search(&node).is_err() {
                    note(FindingCode::SelfExcluded, node);
                }
            }
        }
    }
    if !assignment.is_anything_known() {
        oddities.insert(FindingCode::NoQuorumSets, NodeSet::empty(count));
    }
    oddities
}

/// Looks at a quorum set whose inner sets have been looked at.
fn inspect(set: &QuorumSet, inspected: &[Inspected]) -> Inspected {
    let inner = || set.inner.iter().map(|inner| &inspected[inner.index()]);
    let mut codes: Vec<FindingCode> = inner().flat_map(|inner| inner.codes.iter().copied()).collect();
    codes.extend(threshold_code(set));
    sort_distinct(&mut codes);
    let mut named = set.validators.clone();
    inner().for_each(|inner| named.extend(&inner.named));
    let mentions = named.len();
    sort_distinct(&mut named);
    Inspected {
        codes,
        levels: 1 + inner().map(|inner| inner.levels).max().unwrap_or(0),
        names_twice: mentions > named.len() || inner().any(|inner| inner.names_twice),
        named,
    }
}

fn threshold_code(set: &QuorumSet) -> Option<FindingCode> {
    let entries = set.entry_count() as u64;
    match set.threshold {
        0 => Some(FindingCode::ZeroThreshold),
        threshold if threshold > entries => Some(FindingCode::UnreachableThreshold),
        threshold if 2 * threshold <= entries => Some(FindingCode::LowThreshold),
        _ => None,
    }
}
