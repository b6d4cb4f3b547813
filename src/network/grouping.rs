//! How the nodes of a network are grouped: by organisation, country, internet provider, or any attribute. A node without a group stands for
//! itself.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Number, Value};

use super::sorting::sort_by_key;
use super::{GroupBy, Groups, Network, NodeId};

/// What is added to the label of a group that is called like a node that stands for itself.
const GROUP_MARK: &str = " (group)";

impl Groups {
    /// The groups of a network, which remembers them.
    pub fn of(network: &Network, by: &GroupBy) -> Self {
        network.directory.groupings.get(by.clone(), |by| made(network, by))
    }
}

fn made(network: &Network, by: &GroupBy) -> Groups {
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
    let labels: Vec<&str> = network.nodes().map(label_of).collect();
    Groups::labelled(&labels, |node| names[node.index()].is_none())
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
