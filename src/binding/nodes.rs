//! Nodes that options name: those that must be in the network, and what somebody who mistyped one may have meant.

use super::errors::{Failure, Outcome};
use super::options::OwnOptions;
use crate::analysis::Options;
use crate::network::sorting::sort_by;
use crate::network::{InputError, Network, NodeId};

/// Most keys that a message names.
const MOST_NAMED: usize = 3;
/// The share of characters in which a key may differ to be named.
const MOST_DIFFERENT: f64 = 0.4;

/// That the node of `reachableFrom` is in the network.
pub(super) fn check(network: &Network, options: &Options) -> Outcome<()> {
    options.reachable_from.iter().try_for_each(|key| named(network, key, "options.reachableFrom").map(|_| ()))
}

impl OwnOptions {
    /// The node that the call is about.
    pub fn node(&self, network: &Network) -> Outcome<NodeId> {
        match &self.node {
            Some(key) => named(network, key, "options.node"),
            None => Err(InputError::new("options.node", "expected the public key of a node").into()),
        }
    }

    /// The nodes that are ill-behaved. That nobody is has to be said.
    pub fn ill_behaved(&self) -> Outcome<&[String]> {
        let missing = || InputError::new("options.illBehaved", "expected an array of public keys");
        Ok(self.ill_behaved.as_deref().ok_or_else(missing)?)
    }
}

/// The node with this key.
pub(super) fn named(network: &Network, key: &str, path: &str) -> Outcome<NodeId> {
    network.node(key).ok_or_else(|| {
        let nearest = nearest(network, key);
        let meant = match nearest.is_empty() {
            true => String::new(),
            false => format!("; did you mean {}?", nearest.join(" or ")),
        };
        Failure::from(InputError::new(path, format!("no node of the network has this public key{meant}")))
    })
}

/// The keys that are most like a text, or are those of nodes that are called so.
fn nearest<'a>(network: &'a Network, text: &str) -> Vec<&'a str> {
    let apart = |candidate: &str| match candidate.starts_with(text) {
        true => 0.0,
        false => 1.0 - strsim::normalized_levenshtein(candidate, text),
    };
    let mut near: Vec<(f64, &str)> = Vec::new();
    for node in network.nodes() {
        let name = network.attribute(node, "name").and_then(|name| name.as_str());
        let least = name.map_or(f64::MAX, apart).min(apart(network.key(node)));
        if least <= MOST_DIFFERENT {
            near.push((least, network.key(node)));
        }
    }
    sort_by(&mut near, |(one, key), (other, other_key)| one.total_cmp(other).then(key.cmp(other_key)));
    near.into_iter().take(MOST_NAMED).map(|(_, key)| key).collect()
}
