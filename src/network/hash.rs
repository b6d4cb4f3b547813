//! What a network is as far as answers go, as one short text: networks with the same hash get the same answers.
//!
//! The hash is SHA-256 of a canonical form, which docs/input.md describes so that others can make it as well. In it is all that an analysis of
//! the network reads, as it reads it (the label of a node's group, not how it is spelled; that a node is down, not what else it says of
//! itself), in an order of its own. Other attributes, by which nodes could be grouped, are none of it. A hash is kept beside results for
//! years, so whoever changes the form changes its name.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::sorting::{sort, sort_by_key};
use super::{Asks, GroupBy, Groups, Network, NodeId};

/// The form, and which one it is.
const FORM: &str = "stellar-fbas network 1";

impl Network {
    /// SHA-256, in hexadecimal, of a canonical form of the network: two networks with the same hash get the same answers to every question
    /// with the same options, findings included. It leaves out what people call nodes and organisations, the order of anything, and the
    /// attributes that only [`GroupBy::Attribute`] reads.
    pub fn hash(&self) -> String {
        let quorum_sets = self.quorum_set_hashes();
        let groupings = [GroupBy::Organization, GroupBy::Country, GroupBy::Isp];
        let groupings = groupings.map(|by| Groups::of(self, &by));
        let down = self.reported_down();
        let node = |node: NodeId| {
            let quorum_set = match self.assignment.asks(node) {
                Asks::For(id) => Some(&*quorum_sets[id.index()]),
                Asks::Unknown => None,
                Asks::Gone => Some("gone"),
            };
            let [organization, country, isp] = groupings.each_ref().map(|groups| label(groups, node));
            let is_listed = self.directory.listed.contains(node);
            let (is_down, has_good_history) = (down.contains(node), self.has_good_history(node));
            (self.key(node), is_listed, quorum_set, is_down, has_good_history, organization, country, isp)
        };
        let nodes: Vec<_> = self.nodes().map(node).collect();
        sha256(&(FORM, nodes, self.oddities_of_listing()))
    }

    /// What was found in the lists themselves, which the rest of the form does not tell.
    fn oddities_of_listing(&self) -> Vec<(&'static str, Vec<String>)> {
        let oddities = self.directory.oddities.iter();
        let mut oddities: Vec<_> =
            oddities.map(|(code, nodes)| (code.as_str(), self.keys_of(nodes))).collect();
        sort_by_key(&mut oddities, |&(code, _)| code);
        oddities
    }

    /// The hash of each quorum set, in which inner sets stand by their own: so each is written once, however many have it.
    fn quorum_set_hashes(&self) -> Vec<String> {
        let mut hashes: Vec<String> = Vec::with_capacity(self.quorum_sets().len());
        for (_, set) in self.quorum_sets().iter() {
            // Nodes are numbered in the order of their keys.
            let validators: Vec<&str> = set.validators.iter().map(|&node| self.key(node)).collect();
            let mut inner: Vec<&String> = set.inner.iter().map(|inner| &hashes[inner.index()]).collect();
            sort(&mut inner);
            let hash = sha256(&(set.threshold, validators, inner));
            hashes.push(hash);
        }
        hashes
    }
}

/// The label of a node's group; none where it stands for itself.
fn label(groups: &Groups, node: NodeId) -> Option<&str> {
    let group = groups.group(node);
    (!groups.is_node(group)).then(|| groups.label(group))
}

/// SHA-256 of the JSON text of a value, in hexadecimal.
fn sha256(value: &impl Serialize) -> String {
    let text = serde_json::to_vec(value).expect("text and numbers are written into memory");
    let digits = Sha256::digest(text).into_iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}
