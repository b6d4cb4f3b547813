//! Drops what no quorum can rest on: nodes without a usable quorum set, references to nodes that were not crawled.
//!
//! Thresholds stay, so a quorum set that loses entries becomes harder to satisfy, never easier.

use std::collections::HashSet;

use serde_json::Value;

use super::{parse, Finding, InputError, Network};

/// The nodes of a network's JSON text without those whose quorum set is missing or has threshold 0, and without
/// references to nodes that the text does not list; together with the findings on the network as given.
/// Of nodes with one public key the first stays. All other properties and their order are kept.
pub fn preprocess(nodes: &[u8]) -> Result<(Vec<Value>, Vec<Finding>), InputError> {
    let raw = parse::parse_nodes(nodes)?;
    let findings = Network::build(raw, None).findings;
    let mut values: Vec<Value> = serde_json::from_slice(nodes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(nodes))
        .map_err(|error| InputError::new("nodes", error))?;
    let listed: HashSet<String> =
        values.iter().filter_map(|node| Some(node["publicKey"].as_str()?.to_string())).collect();
    let mut seen = HashSet::new();
    values.retain(|node| node["publicKey"].as_str().is_some_and(|key| seen.insert(key.to_string())));
    values.retain(|node| node["quorumSet"]["threshold"].as_f64().is_some_and(|threshold| threshold > 0.0));
    for node in &mut values {
        drop_unlisted(&mut node["quorumSet"], &listed);
    }
    Ok((values, findings))
}

fn drop_unlisted(set: &mut Value, listed: &HashSet<String>) {
    if let Some(validators) = set["validators"].as_array_mut() {
        validators.retain(|key| key.as_str().is_some_and(|key| listed.contains(key)));
    }
    if let Some(inner) = set.get_mut("innerQuorumSets").and_then(Value::as_array_mut) {
        inner.iter_mut().for_each(|inner| drop_unlisted(inner, listed));
    }
}
