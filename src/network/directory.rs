//! The nodes of a network: their numbers and public keys, their attributes, their organisations. Their quorum sets are in an
//! [`Assignment`](super::Assignment), and there may be many assignments over one directory.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::parse::is_short_key;
use super::remembered::Remembered;
use super::sorting::sort_distinct;
use super::written::{ListedNode, ListedOrganization, WrittenQuorumSet};
use super::{FindingCode, GroupBy, Groups, InputError, NodeId, NodeSet, MAX_NODES};

/// An organisation and the validators that count as its own.
#[derive(Debug, Clone)]
pub struct Organization {
    /// What results call it.
    pub id: String,
    /// For people.
    pub name: Option<String>,
    /// Its validators that the network knows, ascending.
    pub validators: Vec<NodeId>,
    /// Keys of those that the network does not know, as they were listed: they may come.
    pub(super) absent: Vec<String>,
}

/// The nodes of a network, numbered in the order of their public keys, and what is known of them apart from their quorum sets.
#[derive(Debug)]
pub(super) struct Directory {
    pub keys: Vec<String>,
    /// The nodes that the input lists, not only names.
    pub listed: NodeSet,
    /// The listed nodes in the order of the input.
    pub listing: Vec<NodeId>,
    pub attributes: Vec<Map<String, Value>>,
    /// Absent: none were given, and nodes name their organisation themselves.
    pub organizations: Option<Vec<Organization>>,
    /// What is odd about it.
    pub oddities: BTreeMap<FindingCode, NodeSet>,
    /// How the nodes are grouped, once somebody has asked: every question does.
    pub groupings: Remembered<GroupBy, Groups>,
}

/// Nodes by public key, while a network is built.
pub(super) type Ids<'a> = HashMap<&'a str, NodeId>;

/// A directory while a network is built, with what others need to know of the nodes.
pub(super) struct Numbered<'a> {
    pub directory: Directory,
    pub ids: Ids<'a>,
    /// Per node: the first entry with its key, which counts.
    pub entries: Vec<Option<&'a ListedNode<'a>>>,
}

impl<'a> Numbered<'a> {
    /// Numbers all nodes, listed or named. Attributes are those of the entries, in their order.
    pub fn of(nodes: &'a [ListedNode<'a>], attributes: Vec<Map<String, Value>>) -> Result<Self, InputError> {
        let keys = keys_in(nodes);
        let count = keys.len();
        if count > MAX_NODES {
            let found =
                format!("{count} nodes with those that quorum sets name, expected at most {MAX_NODES}");
            return Err(InputError::new("nodes", found));
        }
        let ids: Ids = keys.iter().copied().zip((0..).map(NodeId)).collect();
        let mut directory = Directory::of(&keys);
        let mut entries = vec![None; count];
        for (node, attributes) in nodes.iter().zip(attributes) {
            let id = ids[&*node.public_key];
            if directory.listed.contains(id) {
                directory.note(FindingCode::DuplicateNode, [id]);
                continue;
            }
            directory.listed.insert(id);
            directory.listing.push(id);
            directory.attributes[id.index()] = attributes;
            entries[id.index()] = Some(node);
        }
        let says_of_history = |node| directory.attribute(node, "historyArchiveHasError").is_some();
        if !directory.listed.iter().any(says_of_history) {
            directory.oddities.insert(FindingCode::NoHistoryData, NodeSet::empty(count));
        }
        let has_url = |node| {
            directory.attribute(node, "historyUrl").and_then(Value::as_str).is_some_and(|url| !url.is_empty())
        };
        let is_good = |node| directory.attribute(node, "historyArchiveHasError") == Some(&Value::Bool(false));
        if directory.listed.iter().any(has_url) {
            let without: Vec<NodeId> =
                directory.listed.iter().filter(|&node| is_good(node) && !has_url(node)).collect();
            directory.note(FindingCode::HistoryWithoutUrl, without);
        }
        Ok(Numbered { directory, ids, entries })
    }
}

impl Directory {
    /// Nodes with these keys, ascending, none of which is listed.
    pub fn of(keys: &[&str]) -> Self {
        Directory {
            keys: keys.iter().map(|key| key.to_string()).collect(),
            listed: NodeSet::empty(keys.len()),
            listing: Vec::new(),
            attributes: vec![Map::new(); keys.len()],
            organizations: None,
            oddities: BTreeMap::new(),
            groupings: Remembered::default(),
        }
    }

    /// Notes that keys in the short form that stellar-core has for them may each stand for several nodes.
    pub fn note_short_keys(&mut self) {
        let short: Vec<NodeId> =
            self.nodes().filter(|&node| is_short_key(&self.keys[node.index()])).collect();
        self.note(FindingCode::AbbreviatedKeys, short);
    }

    /// Takes the organisations over. Of those that list one validator the first one keeps it.
    pub fn organize(&mut self, organizations: Vec<ListedOrganization>) {
        let (organizations, contested) = self.organizations_of(organizations);
        self.organizations = Some(organizations);
        self.note(FindingCode::ValidatorInTwoOrganizations, contested);
    }

    fn note(&mut self, code: FindingCode, nodes: impl IntoIterator<Item = NodeId>) {
        for node in nodes {
            let all = self.oddities.entry(code).or_insert_with(|| NodeSet::empty(self.keys.len()));
            all.insert(node);
        }
    }

    /// All nodes, those that are named but not listed included.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> {
        (0..self.keys.len() as u32).map(NodeId)
    }

    /// The node with this public key.
    pub fn node(&self, key: &str) -> Option<NodeId> {
        let index = self.keys.binary_search_by(|probe| probe.as_str().cmp(key)).ok()?;
        Some(NodeId(index as u32))
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

    /// The organisations, and the validators that more than one of them lists.
    fn organizations_of(&self, organizations: Vec<ListedOrganization>) -> (Vec<Organization>, Vec<NodeId>) {
        let mut taken: HashMap<NodeId, usize> = HashMap::new();
        let mut contested = Vec::new();
        let mut result: Vec<Organization> = Vec::with_capacity(organizations.len());
        for (index, organization) in organizations.into_iter().enumerate() {
            let is_absent = |key: &&Cow<str>| self.node(key).is_none();
            let absent =
                organization.validators.iter().filter(is_absent).map(|key| key.to_string()).collect();
            let mut validators: Vec<NodeId> =
                organization.validators.iter().filter_map(|key| self.node(key)).collect();
            sort_distinct(&mut validators);
            validators.retain(|&id| {
                let owner = *taken.entry(id).or_insert(index);
                if owner != index {
                    contested.push(id);
                }
                owner == index
            });
            result.push(Organization {
                id: organization.id.into_owned(),
                name: organization.name,
                validators,
                absent,
            });
        }
        (result, contested)
    }
}

/// All public keys, listed or named, ascending.
fn keys_in<'a>(nodes: &'a [ListedNode]) -> Vec<&'a str> {
    fn collect<'a>(set: &'a WrittenQuorumSet, keys: &mut Vec<&'a str>) {
        keys.extend(set.validators.iter().map(|key| &**key));
        set.inner.iter().for_each(|inner| collect(inner, keys));
    }
    let mut keys: Vec<&str> = Vec::new();
    for node in nodes {
        keys.push(&node.public_key);
        node.quorum_set.iter().for_each(|set| collect(set, &mut keys));
    }
    sort_distinct(&mut keys);
    keys
}
