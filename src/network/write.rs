//! Writes nodes as network explorers do, whatever format they came in.

use serde_json::{json, Map, Value};

use super::{Asks, Network, NodeId, QuorumSetId, WrittenQuorumSet};

impl Network {
    /// The nodes of the input as an explorer lists them, in the order of the input, of nodes with one key the first. The entries of quorum
    /// sets, whose order means nothing, are sorted.
    pub fn explorer_nodes(&self) -> impl Iterator<Item = Value> + '_ {
        self.directory.listing.iter().map(|&id| {
            let quorum_set = match self.assignment.asks(id) {
                Asks::For(set) => self.explorer_quorum_set(set),
                Asks::Unknown | Asks::Gone => Value::Null,
            };
            node(self.key(id), &self.directory.attributes[id.index()], quorum_set)
        })
    }

    fn explorer_quorum_set(&self, id: QuorumSetId) -> Value {
        let set = self.quorum_sets().get(id);
        let validators: Vec<&str> = set.validators.iter().map(|&node: &NodeId| self.key(node)).collect();
        let mut inner: Vec<Value> = set.inner.iter().map(|&inner| self.explorer_quorum_set(inner)).collect();
        // Not by id, which depends on what other nodes ask for.
        inner.sort_by_cached_key(Value::to_string);
        quorum_set(set.threshold, json!(validators), inner)
    }
}

/// A node.
pub(super) fn node(key: &str, attributes: &Map<String, Value>, quorum_set: Value) -> Value {
    let mut node = Map::new();
    node.insert("publicKey".into(), json!(key));
    node.extend(attributes.clone());
    node.insert("quorumSet".into(), quorum_set);
    Value::Object(node)
}

/// A quorum set as it stood in the input.
pub(super) fn raw_quorum_set(set: &WrittenQuorumSet) -> Value {
    quorum_set(set.threshold, json!(set.validators), set.inner.iter().map(raw_quorum_set).collect())
}

fn quorum_set(threshold: u64, validators: Value, inner: Vec<Value>) -> Value {
    json!({ "threshold": threshold, "validators": validators, "innerQuorumSets": inner })
}
