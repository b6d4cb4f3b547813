//! Groups of nodes: organisation, country, internet provider, or any attribute. A node without a group stands for itself.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Number, Value};

use super::sorting::{sort_by_key, sort_distinct};
use super::{Network, NodeId, NodeSet};

/// A group by its rank among the group labels of one grouping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub u32);

impl GroupId {
    /// The id as an index into per-group vectors.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What nodes are grouped by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum GroupBy {
    /// Every node stands for itself.
    #[default]
    Node,
    /// The organisations given or, if none are given, the nodes' `organizationId` or, if no node has one, their `homeDomain`.
    Organization,
    /// `geoData.countryName` or, where it is missing, `geoData.countryCode`.
    Country,
    /// `isp`.
    Isp,
    /// The dotted path of any attribute.
    Attribute(String),
}

impl GroupBy {
    /// The grouping of this name: `organization`, `country`, `isp`, or the dotted path of an attribute.
    pub fn named(name: &str) -> Self {
        match name {
            "organization" => GroupBy::Organization,
            "country" => GroupBy::Country,
            "isp" => GroupBy::Isp,
            path => GroupBy::Attribute(path.to_string()),
        }
    }

    /// Its name; none where every node stands for itself.
    pub fn name(&self) -> Option<&str> {
        match self {
            GroupBy::Node => None,
            GroupBy::Organization => Some("organization"),
            GroupBy::Country => Some("country"),
            GroupBy::Isp => Some("isp"),
            GroupBy::Attribute(path) => Some(path),
        }
    }
}

/// A partition of the nodes into labelled groups; ids are in the order of the labels, no two of which are equal.
#[derive(Debug, Clone)]
pub struct Groups {
    group_of: Vec<GroupId>,
    labels: Vec<String>,
    sizes: Vec<u32>,
    /// Per group: whether it is a node without a group, which stands for itself.
    is_node: Vec<bool>,
}

/// What is added to the label of a group that is called like a node that stands for itself.
const GROUP_MARK: &str = " (group)";

impl Groups {
    /// The groups of a network.
    pub fn of(network: &Network, by: &GroupBy) -> Self {
        if *by == GroupBy::Node {
            return Self::of_nodes(network);
        }
        let names = group_names(network, by);
        let mut label_of_name: BTreeMap<&str, &str> = BTreeMap::new();
        for name in names.iter().flatten() {
            label_of_name.entry(&name.key).or_insert(&name.label);
        }
        let alone = network.nodes().filter(|node| names[node.index()].is_none());
        let label_of_name = unique_labels(label_of_name, alone.map(|node| network.key(node)).collect());
        let label_of = |node: NodeId| match &names[node.index()] {
            Some(name) => &*label_of_name[&*name.key],
            None => network.key(node),
        };
        let mut labels: Vec<&str> = network.nodes().map(label_of).collect();
        sort_distinct(&mut labels);
        let mut groups = Groups {
            group_of: Vec::with_capacity(network.node_count()),
            sizes: vec![0; labels.len()],
            is_node: vec![false; labels.len()],
            labels: labels.iter().map(|label| label.to_string()).collect(),
        };
        for node in network.nodes() {
            let index = labels.partition_point(|&label| label < label_of(node));
            groups.group_of.push(GroupId(index as u32));
            groups.sizes[index] += 1;
            groups.is_node[index] = names[node.index()].is_none();
        }
        groups
    }

    /// Every node for itself: nodes are numbered in the order of their keys.
    fn of_nodes(network: &Network) -> Self {
        let count = network.node_count();
        Groups {
            group_of: (0..count as u32).map(GroupId).collect(),
            sizes: vec![1; count],
            is_node: vec![true; count],
            labels: network.nodes().map(|node| network.key(node).to_string()).collect(),
        }
    }

    /// The groups of these nodes alone, which are numbered from 0 in their order.
    pub fn alone(&self, nodes: &[NodeId]) -> Self {
        let mut kept: Vec<GroupId> = nodes.iter().map(|&node| self.group(node)).collect();
        sort_distinct(&mut kept);
        let place = |&node: &NodeId| GroupId(kept.partition_point(|&group| group < self.group(node)) as u32);
        let group_of: Vec<GroupId> = nodes.iter().map(place).collect();
        let mut sizes = vec![0; kept.len()];
        group_of.iter().for_each(|group| sizes[group.index()] += 1);
        Groups {
            group_of,
            sizes,
            labels: kept.iter().map(|&group| self.label(group).to_string()).collect(),
            is_node: kept.iter().map(|&group| self.is_node(group)).collect(),
        }
    }

    /// The group of a node.
    pub fn group(&self, node: NodeId) -> GroupId {
        self.group_of[node.index()]
    }

    /// The number of nodes that are grouped.
    pub fn node_count(&self) -> usize {
        self.group_of.len()
    }

    /// The number of groups.
    pub fn count(&self) -> usize {
        self.labels.len()
    }

    /// How many nodes the group has, dead ones included.
    pub fn size(&self, group: GroupId) -> u32 {
        self.sizes[group.index()]
    }

    /// All groups, in the order of their labels.
    pub fn iter(&self) -> impl Iterator<Item = GroupId> {
        (0..self.labels.len() as u32).map(GroupId)
    }

    /// The nodes of each group, in the order of the groups.
    pub fn members(&self) -> Vec<Vec<NodeId>> {
        let mut members = vec![Vec::new(); self.count()];
        for (node, group) in (0..).map(NodeId).zip(&self.group_of) {
            members[group.index()].push(node);
        }
        members
    }

    /// Whether the group is a node without a group, which stands for itself.
    pub fn is_node(&self, group: GroupId) -> bool {
        self.is_node[group.index()]
    }

    /// Whether any of these nodes has a group. If none has, sizes by group are those by node.
    pub fn has_data(&self, nodes: &NodeSet) -> bool {
        nodes.iter().any(|node| !self.is_node(self.group(node)))
    }

    /// Whether they put the same nodes together, whatever they call them.
    pub fn are_like(&self, other: &Groups) -> bool {
        let mut counterparts: Vec<Option<GroupId>> = vec![None; self.count()];
        self.count() == other.count()
            && self
                .group_of
                .iter()
                .zip(&other.group_of)
                .all(|(ours, &theirs)| *counterparts[ours.index()].get_or_insert(theirs) == theirs)
    }

    /// What results call the group.
    pub fn label(&self, group: GroupId) -> &str {
        &self.labels[group.index()]
    }

    /// The distinct groups of some nodes, ascending.
    pub fn groups_of(&self, nodes: &NodeSet) -> Vec<GroupId> {
        let mut groups: Vec<GroupId> = nodes.iter().map(|node| self.group(node)).collect();
        sort_distinct(&mut groups);
        groups
    }

    /// The labels of the distinct groups of some nodes, ascending.
    pub fn labels_of(&self, nodes: &NodeSet) -> Vec<String> {
        self.groups_of(nodes).into_iter().map(|group| self.label(group).to_string()).collect()
    }
}

/// Labels by the names of groups, no two of which are equal and none of which is the key of a node that stands for itself.
fn unique_labels<'a>(plain: BTreeMap<&'a str, &str>, nodes: HashSet<&str>) -> BTreeMap<&'a str, String> {
    let (mut contested, free): (Vec<_>, Vec<_>) =
        plain.into_iter().partition(|(_, label)| nodes.contains(label));
    let mut labels: BTreeMap<&str, String> = BTreeMap::new();
    labels.extend(free.into_iter().map(|(name, label)| (name, label.to_string())));
    let mut taken: HashSet<String> = labels.values().cloned().collect();
    sort_by_key(&mut contested, |&(_, label)| label);
    for (name, label) in contested {
        let mut label = label.to_string();
        while nodes.contains(&*label) || taken.contains(&label) {
            label.push_str(GROUP_MARK);
        }
        taken.insert(label.clone());
        labels.insert(name, label);
    }
    labels
}

/// The name of a node's group: nodes with equal `key` are one group, which is called as its first node says.
struct GroupName {
    key: String,
    label: String,
}

impl GroupName {
    /// The id of an organisation that is listed: it names that one and no other.
    fn id(text: &str) -> Self {
        GroupName { key: text.to_string(), label: text.to_string() }
    }

    /// What a node says. Texts that differ only by commas or a full stop at the end are one name ("Amazon.com, Inc.", "Amazon.com Inc"). A
    /// number or truth value is the text that JavaScript writes for it, as some data has one as a text and some does not. An empty text, a
    /// list and an object name nothing.
    fn of(value: &Value) -> Option<Self> {
        let label = match value {
            Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(written(number)),
            Value::Bool(truth) => Some(truth.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }?;
        let without_commas = label.replace(',', "");
        let key = without_commas.strip_suffix('.').unwrap_or(&without_commas).to_string();
        Some(GroupName { key, label })
    }
}

/// A number as JavaScript writes it: 1.0 is 1 there.
fn written(number: &Number) -> String {
    /// From here on JavaScript writes exponents.
    const MOST: f64 = 1e21;
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < MOST => {
            format!("{:.0}", float + 0.0)
        }
        _ => number.to_string(),
    }
}

fn group_names(network: &Network, by: &GroupBy) -> Vec<Option<GroupName>> {
    let said = |node, path: &str| network.attribute(node, path).and_then(GroupName::of);
    let by_all = |name: &dyn Fn(NodeId) -> Option<GroupName>| network.nodes().map(name).collect();
    match by {
        GroupBy::Node => by_all(&|_| None),
        GroupBy::Organization if network.organizations().is_some() => {
            let owner = organization_of(network);
            by_all(&|node| owner[node.index()].map(GroupName::id))
        }
        GroupBy::Organization => {
            // A domain is what nodes claim, an id what somebody has verified: where there are ids, nodes without one belong nowhere.
            let has_ids = network.nodes().any(|node| said(node, "organizationId").is_some());
            let path = if has_ids { "organizationId" } else { "homeDomain" };
            by_all(&|node| said(node, path))
        }
        GroupBy::Country => {
            by_all(&|node| said(node, "geoData.countryName").or_else(|| said(node, "geoData.countryCode")))
        }
        GroupBy::Isp => by_all(&|node| said(node, "isp")),
        GroupBy::Attribute(path) => by_all(&|node| said(node, path)),
    }
}

/// Per node: the organisation that lists it, where organisations are given.
fn organization_of(network: &Network) -> Vec<Option<&str>> {
    let mut owner = vec![None; network.node_count()];
    for organization in network.organizations().unwrap_or_default() {
        organization.validators.iter().for_each(|node| owner[node.index()] = Some(&*organization.id));
    }
    owner
}
