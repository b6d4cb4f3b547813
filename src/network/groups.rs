//! Groups of nodes: what nodes can be grouped by, and a partition of them into groups that have labels. How it is made of a network is in
//! `grouping`.

use std::sync::Arc;

use super::sorting::sort_distinct;
use super::{NodeId, NodeSet};

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

/// A partition of the nodes into labelled groups; ids are in the order of the labels, no two of which are equal. Clones share it.
#[derive(Debug, Clone)]
pub struct Groups(Arc<Partition>);

#[derive(Debug)]
struct Partition {
    group_of: Vec<GroupId>,
    labels: Vec<String>,
    sizes: Vec<u32>,
    /// Per group: whether it is a node without a group, which stands for itself.
    is_node: Vec<bool>,
}

impl Groups {
    /// Groups by the label of each node. Whoever is alone has no group: the label is its own, and no other node has it.
    pub(super) fn labelled(labels_of_nodes: &[&str], is_alone: impl Fn(NodeId) -> bool) -> Self {
        let mut labels = labels_of_nodes.to_vec();
        sort_distinct(&mut labels);
        let mut groups = Partition {
            group_of: Vec::with_capacity(labels_of_nodes.len()),
            sizes: vec![0; labels.len()],
            is_node: vec![false; labels.len()],
            labels: labels.iter().map(|label| label.to_string()).collect(),
        };
        for (node, label) in (0..).map(NodeId).zip(labels_of_nodes) {
            let index = labels.partition_point(|other| other < label);
            groups.group_of.push(GroupId(index as u32));
            groups.sizes[index] += 1;
            groups.is_node[index] = is_alone(node);
        }
        Groups(Arc::new(groups))
    }

    /// The groups of these nodes alone, which are numbered from 0 in their order.
    pub fn alone(&self, nodes: &[NodeId]) -> Self {
        let mut kept: Vec<GroupId> = nodes.iter().map(|&node| self.group(node)).collect();
        sort_distinct(&mut kept);
        let place = |&node: &NodeId| GroupId(kept.partition_point(|&group| group < self.group(node)) as u32);
        let group_of: Vec<GroupId> = nodes.iter().map(place).collect();
        let mut sizes = vec![0; kept.len()];
        group_of.iter().for_each(|group| sizes[group.index()] += 1);
        Groups(Arc::new(Partition {
            group_of,
            sizes,
            labels: kept.iter().map(|&group| self.label(group).to_string()).collect(),
            is_node: kept.iter().map(|&group| self.is_node(group)).collect(),
        }))
    }

    /// The group of a node.
    pub fn group(&self, node: NodeId) -> GroupId {
        self.0.group_of[node.index()]
    }

    /// The number of nodes that are grouped.
    pub fn node_count(&self) -> usize {
        self.0.group_of.len()
    }

    /// The number of groups.
    pub fn count(&self) -> usize {
        self.0.labels.len()
    }

    /// How many nodes the group has, dead ones included.
    pub fn size(&self, group: GroupId) -> u32 {
        self.0.sizes[group.index()]
    }

    /// All groups, in the order of their labels.
    pub fn iter(&self) -> impl Iterator<Item = GroupId> {
        (0..self.0.labels.len() as u32).map(GroupId)
    }

    /// The nodes of each group, in the order of the groups.
    pub fn members(&self) -> Vec<Vec<NodeId>> {
        let mut members = vec![Vec::new(); self.count()];
        for (node, group) in (0..).map(NodeId).zip(&self.0.group_of) {
            members[group.index()].push(node);
        }
        members
    }

    /// Whether the group is a node without a group, which stands for itself.
    pub fn is_node(&self, group: GroupId) -> bool {
        self.0.is_node[group.index()]
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
                .0
                .group_of
                .iter()
                .zip(&other.0.group_of)
                .all(|(ours, &theirs)| *counterparts[ours.index()].get_or_insert(theirs) == theirs)
    }

    /// What results call the group.
    pub fn label(&self, group: GroupId) -> &str {
        &self.0.labels[group.index()]
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
