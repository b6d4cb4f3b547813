//! What is analysed: a network of nodes with their quorum sets, organisations and attributes, as parsed from JSON or made of values.
//!
//! Nodes are numbered by the order of their public keys, so that results come out sorted and do not depend on
//! the order of the input. A validator that is named by a quorum set but not listed is a node as well, of unknown quorum set.

mod assignment;
mod change;
mod classes;
mod config;
mod directory;
mod error;
mod findings;
mod grouping;
mod groups;
mod hash;
mod inspect;
mod limits;
mod lists;
mod node_set;
mod parse;
mod parts;
mod preprocess;
mod quorum;
mod reduce;
mod remembered;
pub(crate) mod sorting;
mod transition;
mod view;
mod write;
mod written;

use std::sync::Arc;

use serde_json::Value;

pub use assignment::{Asks, Assignment, UnknownNodes};
pub use classes::{ClassId, Classes, NodeClass};
pub use config::{quorum_set_of_config, Configuration, OWN_KEY};
pub use directory::Organization;
pub use error::InputError;
pub(crate) use findings::{counted, listed};
pub use findings::{Finding, FindingCode};
pub use groups::{GroupBy, GroupId, Groups};
pub(crate) use limits::check_values;
pub use limits::{
    MAX_ENTRIES, MAX_KEY_BYTES, MAX_NESTING, MAX_NODES, MAX_SET_ENTRIES, MAX_THRESHOLD, MAX_VALUES,
};
pub use node_set::{NodeId, NodeSet};
pub(crate) use parts::linked;
pub use preprocess::preprocess;
pub use quorum::{Fbas, QuorumSet, QuorumSetId, QuorumSets, Requirement, Supported};
pub use transition::Transition;
pub use view::{Policy, View};
pub use written::{ListedNode, ListedOrganization, NetworkChange, WrittenQuorumSet};

use directory::{Directory, Ids, Numbered};
use remembered::Remembered;
use written::Document;

/// A network: who there is, and who asks for what. It remembers what is expensive about it, in a bounded amount of memory.
///
/// A changed network is made of an [`Assignment`] over the same nodes, without any text:
///
/// ```
/// use stellar_fbas::analysis::{quorum_intersection, Options};
/// use stellar_fbas::budget::Budget;
/// use stellar_fbas::network::{Asks, ListedNode, Network, WrittenQuorumSet};
///
/// let keys = ["ALICE", "BOB", "CAROL", "DAVE"];
/// let nodes = keys.map(|key| ListedNode::new(key).asking_for(WrittenQuorumSet::new(3, keys)));
/// let network = Network::new(nodes.into(), None)?;
///
/// let mut changed = network.assignment().clone();
/// let dave = network.node("DAVE").ok_or("no such node")?;
/// let herself = changed.quorum_set(1, [dave], []);
/// changed.replace(dave, Asks::For(herself));
/// let changed = network.with_assignment(changed);
///
/// let (options, budget) = (Options::default(), Budget::unlimited());
/// assert!(quorum_intersection(&network, &options, &budget)?.has_quorum_intersection());
/// assert!(!quorum_intersection(&changed, &options, &budget)?.has_quorum_intersection());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Network {
    directory: Arc<Directory>,
    assignment: Assignment,
    findings: Vec<Finding>,
    views: Remembered<Policy, Arc<View>>,
}

impl Network {
    /// Reads a network from JSON text: the nodes, in any of the formats that are recognised, and, if there is one, an array of
    /// organisations, which then counts instead of those that come with the nodes.
    pub fn parse(nodes: &[u8], organizations: Option<&[u8]>) -> Result<Self, InputError> {
        let document = parse::parse_nodes(nodes)?;
        let organizations = organizations.map(parse::parse_organizations).transpose()?;
        Self::build(Document { organizations: organizations.or(document.organizations), ..document })
    }

    /// A network of nodes and, if there are any, organisations. It has the limits of a parsed one.
    pub fn new(
        nodes: Vec<ListedNode>,
        organizations: Option<Vec<ListedOrganization>>,
    ) -> Result<Self, InputError> {
        for (index, node) in nodes.iter().enumerate() {
            node.check(&format!("nodes[{index}]"))?;
        }
        for (index, organization) in organizations.iter().flatten().enumerate() {
            organization.check(&format!("organizations[{index}]"))?;
        }
        Self::build(Document { nodes, organizations, may_have_short_keys: false })
    }

    fn build(document: Document) -> Result<Self, InputError> {
        let Document { mut nodes, organizations, may_have_short_keys } = document;
        let attributes = nodes.iter_mut().map(|node| std::mem::take(&mut node.attributes)).collect();
        let Numbered { mut directory, ids, entries } = Numbered::of(&nodes, attributes)?;
        let mut assignment = Assignment::unknown(entries.len());
        for (node, entry) in directory.nodes().zip(entries) {
            if let Some(set) = entry.and_then(|entry| entry.quorum_set.as_ref()) {
                let id = stored(&mut assignment, set, &ids);
                assignment.replace(node, Asks::For(id));
            }
        }
        if let Some(organizations) = organizations {
            directory.organize(organizations);
        }
        if may_have_short_keys {
            directory.note_short_keys();
        }
        Ok(Self::of(Arc::new(directory), assignment))
    }

    fn of(directory: Arc<Directory>, assignment: Assignment) -> Self {
        let mut oddities = inspect::oddities(&assignment, &directory.listed);
        oddities.extend(directory.oddities.iter().map(|(&code, nodes)| (code, nodes.clone())));
        let mut network =
            Network { directory, assignment, findings: Vec::new(), views: Remembered::default() };
        let findings = oddities.iter().map(|(&code, nodes)| Finding::new(code, network.keys_of(nodes)));
        network.findings = findings.collect();
        network
    }

    /// Who asks for what.
    pub fn assignment(&self) -> &Assignment {
        &self.assignment
    }

    /// The network of the same nodes in which they ask for something else.
    ///
    /// # Panics
    ///
    /// If it assigns quorum sets to another number of nodes.
    pub fn with_assignment(&self, assignment: Assignment) -> Self {
        assert_eq!(assignment.node_count(), self.node_count(), "an assignment of the nodes of this network");
        Self::of(self.directory.clone(), assignment)
    }

    /// The number of nodes, those that are named but not listed included: the capacity of node sets over this network.
    pub fn node_count(&self) -> usize {
        self.directory.keys.len()
    }

    /// The number of nodes listed in the input, each public key once.
    pub fn listed_count(&self) -> usize {
        self.directory.listed.len()
    }

    /// All nodes, those that are named but not listed included.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> {
        (0..self.directory.keys.len() as u32).map(NodeId)
    }

    /// The public key of a node.
    pub fn key(&self, node: NodeId) -> &str {
        &self.directory.keys[node.index()]
    }

    /// The public keys of the members of a set, ascending.
    pub fn keys_of(&self, nodes: &NodeSet) -> Vec<String> {
        nodes.iter().map(|node| self.key(node).to_string()).collect()
    }

    /// The node with this public key.
    pub fn node(&self, key: &str) -> Option<NodeId> {
        self.directory.node(key)
    }

    /// The nodes of a list of public keys; keys that the network does not have are passed over.
    pub fn nodes_with_keys<K: AsRef<str>>(&self, keys: &[K]) -> NodeSet {
        NodeSet::of(self.node_count(), keys.iter().filter_map(|key| self.node(key.as_ref())))
    }

    /// Those of some public keys that no node bears, listed or named: ascending, each once.
    pub fn unknown_keys<K: AsRef<str>>(&self, keys: &[K]) -> Vec<String> {
        let unknown = keys.iter().map(AsRef::as_ref).filter(|key| self.node(key).is_none());
        let mut unknown: Vec<String> = unknown.map(str::to_string).collect();
        sorting::sort_distinct(&mut unknown);
        unknown
    }

    /// The nodes that the data says are down: those with `isValidating: false`.
    pub fn reported_down(&self) -> NodeSet {
        let is_down = |node: &NodeId| self.attribute(*node, "isValidating") == Some(&Value::Bool(false));
        NodeSet::of(self.node_count(), self.nodes().filter(is_down))
    }

    /// The quorum sets as written.
    pub fn quorum_sets(&self) -> &QuorumSets {
        self.assignment.quorum_sets()
    }

    /// The quorum set of a node as written; absent: it is unknown or gone.
    pub fn quorum_set_of(&self, node: NodeId) -> Option<QuorumSetId> {
        self.assignment.quorum_set_of(node)
    }

    /// A property of the node by its dotted path; absent where it is missing or null.
    pub fn attribute(&self, node: NodeId, path: &str) -> Option<&Value> {
        self.directory.attribute(node, path)
    }

    /// Whether the node's history archive was checked and has no error.
    pub fn has_good_history(&self, node: NodeId) -> bool {
        self.attribute(node, "historyArchiveHasError") == Some(&Value::Bool(false))
    }

    /// Whether the data says of any node if its history archive has errors.
    pub fn has_history_data(&self) -> bool {
        !self.findings().iter().any(|finding| finding.code == FindingCode::NoHistoryData)
    }

    /// Whether any node has a usable quorum set or is known to be in no quorum. If none has, nothing is known of the network.
    pub fn has_quorum_sets(&self) -> bool {
        self.assignment.is_anything_known()
    }

    /// The organisations, if any were given.
    pub fn organizations(&self) -> Option<&[Organization]> {
        self.directory.organizations.as_deref()
    }

    /// What a careful operator should know about the data.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The network under a policy; the views asked for last are remembered.
    pub fn view(&self, mut policy: Policy) -> Arc<View> {
        // Where nothing is unknown there is but one way to read it.
        let is_unknown =
            |node| self.quorum_set_of(node).is_none() && self.assignment.asks(node) != Asks::Gone;
        if !self.nodes().any(is_unknown) {
            policy.unknown_nodes = UnknownNodes::default();
        }
        self.views.get(policy, |policy| Arc::new(View::new(&self.assignment, policy)))
    }

    /// The system as written, under a policy for unknown nodes and with some nodes crashed.
    pub fn fbas(&self, unknown_nodes: UnknownNodes, crashed: &NodeSet) -> Fbas {
        self.assignment.fbas(unknown_nodes, crashed)
    }
}

fn stored(assignment: &mut Assignment, set: &WrittenQuorumSet, ids: &Ids) -> QuorumSetId {
    let inner: Vec<QuorumSetId> = set.inner.iter().map(|inner| stored(assignment, inner, ids)).collect();
    assignment.quorum_set(set.threshold, set.validators.iter().map(|key| ids[&**key]), inner)
}
