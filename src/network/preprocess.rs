//! Drops what no quorum can rest on: nodes without a usable quorum set, references to nodes that were not crawled.
//!
//! Thresholds stay, so a quorum set that loses entries becomes harder to satisfy, never easier.

use std::collections::HashSet;

use serde_json::Value;

use super::parse;
use super::written::Document;
use super::{write, Finding, InputError, ListedNode, Network, WrittenQuorumSet};

/// The nodes of a network's JSON text, whatever its format, as explorers write them: without those whose quorum set is missing or has
/// threshold 0, and without references to nodes that are then not listed; together with the findings on the network as given. Of nodes
/// with one public key the first counts. All other properties are kept.
pub fn preprocess(nodes: &[u8]) -> Result<(Vec<Value>, Vec<Finding>), InputError> {
    let document = Document { organizations: None, ..parse::parse_nodes(nodes)? };
    let nodes = &document.nodes;
    let mut seen: HashSet<&str> = HashSet::new();
    let mut usable: Vec<(&ListedNode, &WrittenQuorumSet)> = Vec::new();
    for node in nodes.iter().filter(|node| seen.insert(&node.public_key)) {
        usable.extend(node.quorum_set.as_ref().filter(|set| set.threshold > 0).map(|set| (node, set)));
    }
    let listed: HashSet<&str> = usable.iter().map(|(node, _)| &*node.public_key).collect();
    let kept = usable
        .iter()
        .map(|(node, set)| {
            write::node(&node.public_key, &node.attributes, write::raw_quorum_set(&among(set, &listed)))
        })
        .collect();
    Ok((kept, Network::build(document)?.findings))
}

/// A quorum set without references to nodes that are not listed.
fn among<'a>(set: &WrittenQuorumSet<'a>, listed: &HashSet<&str>) -> WrittenQuorumSet<'a> {
    WrittenQuorumSet {
        threshold: set.threshold,
        validators: set.validators.iter().filter(|key| listed.contains(&***key)).cloned().collect(),
        inner: set.inner.iter().map(|inner| among(inner, listed)).collect(),
    }
}
