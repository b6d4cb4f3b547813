//! What is analysed: a network of nodes with their quorum sets, organisations and attributes, as parsed from JSON.
//!
//! Nodes are numbered by the order of their public keys, so that results come out sorted and do not depend on
//! the order of the input. A validator that is named by a quorum set but not listed is a node as well, of unknown quorum set.

mod error;
pub mod families;
mod findings;
mod groups;
mod node_set;
mod parse;
mod preprocess;
mod quorum;
mod reduce;
mod view;
mod write;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use error::InputError;
pub use findings::{Finding, FindingCode};
pub use groups::{GroupBy, GroupId, Groups};
pub use node_set::{NodeId, NodeSet};
pub(crate) use parse::check_values;
pub use parse::{
    MAX_ENTRIES, MAX_KEY_BYTES, MAX_NESTING, MAX_NODES, MAX_SET_ENTRIES, MAX_THRESHOLD, MAX_VALUES,
};
pub use preprocess::preprocess;
pub use quorum::{Fbas, QuorumSet, QuorumSetId, QuorumSets, Requirement};
pub use reduce::NodeClass;
pub use view::{Policy, View};

use parse::{Document, RawNode, RawOrganization, RawQuorumSet};

/// How nodes are read whose quorum set is not known: null, absent, of threshold 0, or of a node that is not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnknownNodes {
    /// In no quorum; thresholds of those who name them stay.
    #[default]
    Dead,
    /// In any quorum that has a known member, asking for nothing: the cautious reading for safety.
    Free,
}

impl UnknownNodes {
    /// The other way to read them.
    pub fn other(self) -> Self {
        match self {
            UnknownNodes::Dead => UnknownNodes::Free,
            UnknownNodes::Free => UnknownNodes::Dead,
        }
    }

    /// The name that JavaScript sees.
    pub fn as_str(self) -> &'static str {
        match self {
            UnknownNodes::Dead => "dead",
            UnknownNodes::Free => "free",
        }
    }
}

/// An organisation and the validators that count as its own.
#[derive(Debug, Clone)]
pub struct Organization {
    /// What results call it.
    pub id: String,
    /// For people.
    pub name: Option<String>,
    /// Its validators that the network knows, ascending.
    pub validators: Vec<NodeId>,
}

/// A parsed network. It remembers what is expensive about it, in a bounded amount of memory.
#[derive(Debug)]
pub struct Network {
    keys: Vec<String>,
    listed: NodeSet,
    /// The listed nodes in the order of the input.
    listing: Vec<NodeId>,
    quorum_sets: QuorumSets,
    /// Per node: the quorum set that the input gives it.
    written_quorum_set_of: Vec<Option<QuorumSetId>>,
    /// Per node: that quorum set, if it is usable.
    quorum_set_of: Vec<Option<QuorumSetId>>,
    attributes: Vec<Map<String, Value>>,
    /// Absent: none were given, and nodes name their organisation themselves.
    organizations: Option<Vec<Organization>>,
    findings: Vec<Finding>,
    views: view::Views,
}

impl Network {
    /// Reads a network from JSON text: the nodes, in any of the formats that are recognised, and, if there is one, an array of
    /// organisations, which then counts instead of those that come with the nodes.
    pub fn parse(nodes: &[u8], organizations: Option<&[u8]>) -> Result<Self, InputError> {
        let document = parse::parse_nodes(nodes)?;
        let organizations = organizations.map(parse::parse_organizations).transpose()?;
        Self::build(Document { organizations: organizations.or(document.organizations), ..document })
    }

    fn build(document: Document) -> Result<Self, InputError> {
        let Document { mut nodes, organizations, may_have_short_keys } = document;
        let mut attributes: Vec<_> =
            nodes.iter_mut().map(|node| std::mem::take(&mut node.attributes)).collect();
        let ids = ids_by_key(&nodes);
        if ids.len() > MAX_NODES {
            let found =
                format!("{} nodes with those that quorum sets name, expected at most {MAX_NODES}", ids.len());
            return Err(InputError::new("nodes", found));
        }
        let mut network = Network {
            keys: Vec::new(),
            listed: NodeSet::empty(ids.len()),
            listing: Vec::new(),
            quorum_sets: QuorumSets::default(),
            written_quorum_set_of: vec![None; ids.len()],
            quorum_set_of: vec![None; ids.len()],
            attributes: vec![Map::new(); ids.len()],
            organizations: None,
            findings: Vec::new(),
            views: view::Views::default(),
        };
        // Of two nodes with one key the first wins.
        let mut first: Vec<Option<usize>> = vec![None; ids.len()];
        let mut duplicates = NodeSet::empty(ids.len());
        for (index, node) in nodes.iter().enumerate() {
            let id = ids[&*node.public_key];
            match &mut first[id.index()] {
                Some(_) => duplicates.insert(id),
                slot => {
                    *slot = Some(index);
                    network.listing.push(id);
                }
            }
        }
        let mut report = findings::Collector::new(ids.len());
        duplicates.iter().for_each(|id| report.note(FindingCode::DuplicateNode, id));
        for (id, index) in (0u32..).map(NodeId).zip(first) {
            let Some(index) = index else {
                report.note(FindingCode::UnknownValidator, id);
                continue;
            };
            network.listed.insert(id);
            network.attributes[id.index()] = std::mem::take(&mut attributes[index]);
            let quorum_set = nodes[index].quorum_set.as_ref();
            report.inspect_quorum_set(id, quorum_set, &ids);
            let interned = quorum_set.map(|set| intern(&mut network.quorum_sets, set, &ids));
            network.written_quorum_set_of[id.index()] = interned;
            network.quorum_set_of[id.index()] =
                interned.filter(|_| quorum_set.is_some_and(|set| set.threshold > 0));
        }
        if let Some(organizations) = organizations {
            let (organizations, contested) = organizations_of(organizations, &ids);
            contested.into_iter().for_each(|id| report.note(FindingCode::ValidatorInTwoOrganizations, id));
            network.organizations = Some(organizations);
        }
        let mut keys: Vec<(NodeId, String)> = ids.iter().map(|(&key, &id)| (id, key.to_string())).collect();
        keys.sort_unstable();
        network.keys = keys.into_iter().map(|(_, key)| key).collect();
        if !network.has_quorum_sets() {
            report.note_network(FindingCode::NoQuorumSets);
        }
        if may_have_short_keys {
            let short = network.nodes().filter(|&node| parse::is_short_key(network.key(node)));
            short.for_each(|node| report.note(FindingCode::AbbreviatedKeys, node));
        }
        if !network.nodes().any(|node| network.listed.contains(node) && network.has_history_data(node)) {
            report.note_network(FindingCode::NoHistoryData);
        }
        network.findings = report.into_findings(&network.keys);
        Ok(network)
    }

    /// The number of nodes, those that are named but not listed included: the capacity of node sets over this network.
    pub fn node_count(&self) -> usize {
        self.keys.len()
    }

    /// The number of nodes listed in the input, each public key once.
    pub fn listed_count(&self) -> usize {
        self.listed.len()
    }

    /// All nodes, those that are named but not listed included.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> {
        (0..self.keys.len() as u32).map(NodeId)
    }

    /// The public key of a node.
    pub fn key(&self, node: NodeId) -> &str {
        &self.keys[node.index()]
    }

    /// The public keys of the members of a set, ascending.
    pub fn keys_of(&self, nodes: &NodeSet) -> Vec<String> {
        nodes.iter().map(|node| self.key(node).to_string()).collect()
    }

    /// The node with this public key.
    pub fn node(&self, key: &str) -> Option<NodeId> {
        let index = self.keys.binary_search_by(|probe| probe.as_str().cmp(key)).ok()?;
        Some(NodeId(index as u32))
    }

    /// The nodes of a list of public keys; keys that the network does not have are passed over.
    pub fn nodes_with_keys<K: AsRef<str>>(&self, keys: &[K]) -> NodeSet {
        NodeSet::of(self.node_count(), keys.iter().filter_map(|key| self.node(key.as_ref())))
    }

    /// Those of some public keys that no node bears, listed or named: ascending, each once.
    pub fn unknown_keys<K: AsRef<str>>(&self, keys: &[K]) -> Vec<String> {
        let unknown: BTreeSet<&str> =
            keys.iter().map(AsRef::as_ref).filter(|key| self.node(key).is_none()).collect();
        unknown.into_iter().map(str::to_string).collect()
    }

    /// The nodes that the data says are down: those with `isValidating: false`.
    pub fn reported_down(&self) -> NodeSet {
        let is_down = |node: &NodeId| self.attribute(*node, "isValidating") == Some(&Value::Bool(false));
        NodeSet::of(self.node_count(), self.nodes().filter(is_down))
    }

    /// The quorum sets as written.
    pub fn quorum_sets(&self) -> &QuorumSets {
        &self.quorum_sets
    }

    /// The quorum set of a node as written; absent: it is unknown.
    pub fn quorum_set_of(&self, node: NodeId) -> Option<QuorumSetId> {
        self.quorum_set_of[node.index()]
    }

    /// A property of the node by its dotted path; absent where it is missing or null.
    pub fn attribute(&self, node: NodeId, path: &str) -> Option<&Value> {
        let mut names = path.split('.');
        let mut value = self.attributes[node.index()].get(names.next()?)?;
        for name in names {
            value = value.as_object()?.get(name)?;
        }
        Some(value).filter(|value| !value.is_null())
    }

    /// Whether the node's history archive was checked and has no error.
    pub fn has_good_history(&self, node: NodeId) -> bool {
        self.attribute(node, "historyArchiveHasError") == Some(&Value::Bool(false))
    }

    fn has_history_data(&self, node: NodeId) -> bool {
        self.attribute(node, "historyArchiveHasError").is_some()
    }

    /// Whether any node has a quorum set, usable or not. If none has, nothing is known of the network.
    pub fn has_quorum_sets(&self) -> bool {
        self.written_quorum_set_of.iter().any(Option::is_some)
    }

    /// The organisations, if any were given.
    pub fn organizations(&self) -> Option<&[Organization]> {
        self.organizations.as_deref()
    }

    /// What a careful operator should know about the data.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The network under a policy; the views asked for last are remembered.
    pub fn view(&self, mut policy: Policy) -> Arc<View> {
        // Where nothing is unknown there is but one way to read it.
        if self.quorum_set_of.iter().all(Option::is_some) {
            policy.unknown_nodes = UnknownNodes::default();
        }
        self.views.get(self, policy)
    }

    /// The system as written, under a policy for unknown nodes and with some nodes crashed.
    pub fn fbas(&self, unknown_nodes: UnknownNodes, crashed: &NodeSet) -> Fbas {
        let requirements = self.nodes().map(|node| match self.quorum_set_of[node.index()] {
            _ if crashed.contains(node) => Requirement::Dead,
            Some(id) => Requirement::Known(id),
            None if unknown_nodes == UnknownNodes::Free => Requirement::Free,
            None => Requirement::Dead,
        });
        Fbas::new(self.quorum_sets.clone(), requirements.collect())
    }
}

/// Numbers all public keys, listed or named, in their order.
fn ids_by_key<'a>(nodes: &'a [RawNode]) -> HashMap<&'a str, NodeId> {
    fn collect<'a>(set: &'a RawQuorumSet, keys: &mut Vec<&'a str>) {
        keys.extend(set.validators.iter().map(|key| &**key));
        set.inner.iter().for_each(|inner| collect(inner, keys));
    }
    let mut keys: Vec<&str> = Vec::new();
    for node in nodes {
        keys.push(&node.public_key);
        node.quorum_set.iter().for_each(|set| collect(set, &mut keys));
    }
    keys.sort_unstable();
    keys.dedup();
    keys.into_iter().zip((0..).map(NodeId)).collect()
}

fn intern(sets: &mut QuorumSets, set: &RawQuorumSet, ids: &HashMap<&str, NodeId>) -> QuorumSetId {
    let inner = set.inner.iter().map(|inner| intern(sets, inner, ids)).collect();
    sets.intern(set.threshold, set.validators.iter().map(|key| ids[&**key]).collect(), inner)
}

/// The organisations, and the validators that more than one of them lists: the first one keeps them.
fn organizations_of(
    organizations: Vec<RawOrganization>,
    ids: &HashMap<&str, NodeId>,
) -> (Vec<Organization>, Vec<NodeId>) {
    let mut taken: HashMap<NodeId, usize> = HashMap::new();
    let mut contested = Vec::new();
    let mut result: Vec<Organization> = Vec::with_capacity(organizations.len());
    for (index, organization) in organizations.into_iter().enumerate() {
        let mut validators: Vec<NodeId> =
            organization.validators.iter().filter_map(|key| ids.get(&**key).copied()).collect();
        validators.sort_unstable();
        validators.dedup();
        validators.retain(|&id| {
            let owner = *taken.entry(id).or_insert(index);
            if owner != index {
                contested.push(id);
            }
            owner == index
        });
        result.push(Organization { id: organization.id.into_owned(), name: organization.name, validators });
    }
    (result, contested)
}
