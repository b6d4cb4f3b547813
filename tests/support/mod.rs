//! Small networks as plain data, a generator of nasty ones, and an oracle that answers by trying all subsets.
//!
//! Nothing in here shares code with the crate: networks go to it as JSON text, as a user would send them.

pub mod brute_force;
pub mod random_networks;

use serde_json::{json, Value};

/// A set of at most eight nodes.
pub type Mask = u16;

/// Group numbers are below this.
pub const MOST_GROUPS: usize = 4;

/// The members of a set.
pub fn members(set: Mask) -> impl Iterator<Item = usize> {
    (0..Mask::BITS as usize).filter(move |&node| set >> node & 1 == 1)
}

/// A quorum set as written.
#[derive(Debug, Clone)]
pub struct QuorumSet {
    pub threshold: u64,
    pub validators: Vec<usize>,
    pub inner: Vec<QuorumSet>,
}

impl QuorumSet {
    /// Whether `nodes` satisfies it: at least `threshold` entries are, each counted as often as it is listed.
    pub fn is_satisfied_by(&self, nodes: Mask) -> bool {
        let validators = self.validators.iter().filter(|&&node| nodes >> node & 1 == 1).count();
        let inner = self.inner.iter().filter(|inner| inner.is_satisfied_by(nodes)).count();
        (validators + inner) as u64 >= self.threshold
    }

    /// The nodes named at any depth.
    pub fn named(&self) -> Mask {
        let validators = self.validators.iter().fold(0, |named, &node| named | 1 << node);
        self.inner.iter().fold(validators, |named, inner| named | inner.named())
    }

    fn to_json(&self) -> Value {
        let validators: Vec<String> = self.validators.iter().map(|&node| key(node)).collect();
        let inner: Vec<Value> = self.inner.iter().map(QuorumSet::to_json).collect();
        json!({ "threshold": self.threshold, "validators": validators, "innerQuorumSets": inner })
    }
}

/// A node.
#[derive(Debug, Clone, Default)]
pub struct Node {
    /// Whether the input lists it; otherwise it is only named.
    pub is_listed: bool,
    pub quorum_set: Option<QuorumSet>,
    /// What the crawler says about the history archive; absent: nobody checked it.
    pub history_archive_has_error: Option<bool>,
    pub organization: Option<usize>,
    /// A second organisation that lists the node, too. Organisations are listed by number, so it keeps the lower one.
    pub second_organization: Option<usize>,
    pub country: Option<usize>,
    pub isp: Option<usize>,
    pub attribute: Option<usize>,
    pub spelling: Spelling,
}

/// How the input says where a node belongs. None of it may change an answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spelling {
    /// Country, provider and attribute are written with a comma.
    pub has_comma: bool,
    /// Country and provider are written with a full stop at the end, an attribute as a number with a fraction of nothing.
    pub has_full_stop: bool,
    /// The country is given by its code alone, an attribute as a text.
    pub has_code_only: bool,
    /// What is missing is an empty text instead of null.
    pub has_empty_texts: bool,
}

impl Spelling {
    fn written(self, kind: &str, group: Option<usize>) -> Value {
        match group {
            Some(group) => {
                let comma = if self.has_comma { "," } else { "" };
                let full_stop = if self.has_full_stop { "." } else { "" };
                Value::from(format!("{kind}{comma} {group}{full_stop}"))
            }
            None => self.missing(),
        }
    }

    /// A number, written as one, with a fraction of nothing, or as a text.
    fn attribute(self, group: Option<usize>) -> Value {
        match group {
            Some(group) if self.has_comma => Value::from(format!("{group},")),
            Some(group) if self.has_full_stop => Value::from(group as f64),
            Some(group) if self.has_code_only => Value::from(group.to_string()),
            Some(group) => Value::from(group),
            None => self.missing(),
        }
    }

    fn missing(self) -> Value {
        if self.has_empty_texts {
            Value::from("")
        } else {
            Value::Null
        }
    }
}

/// A label as the oracle writes it: countries and providers that differ only in commas or a full stop at the end are one group.
pub fn plain(label: &str) -> String {
    label.replace(',', "").trim_end_matches('.').to_string()
}

/// A network of at most eight nodes.
#[derive(Debug, Clone)]
pub struct SmallNetwork {
    pub nodes: Vec<Node>,
    /// Whether organisations are a list of their own, or only named by the nodes.
    pub lists_organizations: bool,
    /// Whether nodes name them by home domain, not by id.
    pub names_domains: bool,
}

/// The public key of a node.
pub fn key(node: usize) -> String {
    format!("NODE{node}")
}

fn organization_id(organization: usize) -> String {
    format!("org {organization}")
}

/// The public keys of a set.
pub fn keys(set: Mask) -> Vec<String> {
    members(set).map(key).collect()
}

/// How a network is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Nodes,
    Explorer,
    StellarCore,
    PythonFbas,
}

pub const FORMATS: [Format; 4] = [Format::Nodes, Format::Explorer, Format::StellarCore, Format::PythonFbas];

/// What sizes count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    Node,
    Organization,
    Country,
    Isp,
    Attribute,
}

pub const GROUPINGS: [Grouping; 5] =
    [Grouping::Node, Grouping::Organization, Grouping::Country, Grouping::Isp, Grouping::Attribute];

impl Grouping {
    /// What options call it; none for nodes.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Grouping::Node => None,
            Grouping::Organization => Some("organization"),
            Grouping::Country => Some("country"),
            Grouping::Isp => Some("isp"),
            Grouping::Attribute => Some("deep.attribute"),
        }
    }
}

impl SmallNetwork {
    /// The same in which a group is misconfigured, as far as its members are not gone.
    #[allow(dead_code)] // Not every test asks about it.
    pub fn misconfigured(&self, group: Mask, gone: Mask) -> SmallNetwork {
        let is_usable = |set: &&QuorumSet| set.threshold > 0;
        let depends = |&node: &usize| {
            let set = self.nodes[node].quorum_set.as_ref().filter(is_usable);
            (group | gone) >> node & 1 == 0 && set.is_some_and(|set| set.named() & group != 0)
        };
        let of = |threshold: u32, validators: Vec<usize>, inner: Vec<QuorumSet>| QuorumSet {
            threshold: u64::from(threshold),
            validators,
            inner,
        };
        let all = of(group.count_ones(), members(group).collect(), Vec::new());
        let one = of(1, (0..self.nodes.len()).filter(depends).collect(), Vec::new());
        let set = of(2, Vec::new(), vec![all, one]);
        let mut changed = self.clone();
        members(group & !gone).for_each(|node| changed.nodes[node].quorum_set = Some(set.clone()));
        changed
    }

    /// The nodes' JSON text, in the given order and format. An explorer's says what the organisations are, if they are listed.
    pub fn nodes_json(&self, order: &[usize], format: Format) -> String {
        let listed = order.iter().filter(|&&index| self.nodes[index].is_listed);
        let node = |&index: &usize| {
            let node = &self.nodes[index];
            let country = node.spelling.written("country", node.country);
            let country = if node.spelling.has_code_only {
                json!({ "countryName": node.spelling.missing(), "countryCode": country })
            } else {
                // A code that disagrees with the name does not count.
                json!({ "countryName": country, "countryCode": node.country.map(|_| "code") })
            };
            let mut value = json!({
                "publicKey": key(index),
                "quorumSet": node.quorum_set.as_ref().map(QuorumSet::to_json),
                "historyArchiveHasError": node.history_archive_has_error,
                "geoData": country,
                "isp": node.spelling.written("isp", node.isp),
                "deep": { "attribute": node.spelling.attribute(node.attribute) },
            });
            let named = node.organization.map(|id| Value::from(organization_id(id)));
            let named = named.unwrap_or_else(|| node.spelling.missing());
            let nowhere = || Value::from("no such organisation");
            (value["organizationId"], value["homeDomain"]) =
                match (self.lists_organizations, self.names_domains) {
                    // Where organisations are listed, only their lists count.
                    (true, _) => (nowhere(), nowhere()),
                    (false, true) => (node.spelling.missing(), named),
                    // Domains do not count where any node has an id.
                    (false, false) if self.names_any() => (named, nowhere()),
                    (false, false) => (named, node.spelling.missing()),
                };
            value
        };
        let nodes = listed.map(node).collect();
        match format {
            Format::Nodes => Value::Array(nodes),
            Format::Explorer => match self.organizations() {
                Some(organizations) => json!({ "time": 0, "nodes": nodes, "organizations": organizations }),
                None => json!({ "organizations": null, "nodes": nodes, "id": "public" }),
            },
            Format::StellarCore => json!({ "intersection": true, "nodes": self.as_stellar_core(nodes) }),
            Format::PythonFbas => self.as_python_fbas(nodes),
        }
        .to_string()
    }

    fn names_any(&self) -> bool {
        self.nodes.iter().any(|node| node.is_listed && node.organization.is_some())
    }

    fn as_stellar_core(&self, nodes: Vec<Value>) -> Value {
        fn written(set: &QuorumSet) -> Value {
            let validators = set.validators.iter().map(|&node| Value::from(key(node)));
            // Validators and inner sets stand in one list, in any order.
            let entries: Vec<Value> = set.inner.iter().map(written).chain(validators).collect();
            json!({ "t": set.threshold, "v": entries })
        }
        let node = |mut node: Value| {
            let fields = node.as_object_mut().expect("a node");
            fields.remove("quorumSet");
            let name = fields.remove("publicKey").expect("every node has one");
            let index = (0..self.nodes.len()).find(|&index| key(index) == name).expect("one of the nodes");
            match &self.nodes[index].quorum_set {
                Some(set) => fields.insert("qset".into(), written(set)),
                None if self.names_domains => fields.insert("qset".into(), Value::Null),
                None => fields.insert("status".into(), "missing".into()),
            };
            fields.insert("node".into(), name);
            node
        };
        nodes.into_iter().map(node).collect()
    }

    fn as_python_fbas(&self, nodes: Vec<Value>) -> Value {
        fn interned(set: &QuorumSet, qsets: &mut Vec<Value>) -> String {
            let mut members: Vec<String> = set.inner.iter().map(|inner| interned(inner, qsets)).collect();
            members.extend(set.validators.iter().map(|&node| key(node)));
            let qset = json!({ "threshold": set.threshold, "members": members });
            let index = qsets.iter().position(|known| *known == qset).unwrap_or_else(|| {
                qsets.push(qset);
                qsets.len() - 1
            });
            format!("set {index}")
        }
        let mut qsets = Vec::new();
        let mut validator = |node: Value| {
            let name = node["publicKey"].clone();
            let index = (0..self.nodes.len()).find(|&index| key(index) == name).expect("one of the nodes");
            let qset = self.nodes[index].quorum_set.as_ref().map(|set| interned(set, &mut qsets));
            json!({ "id": name, "attrs": node, "qset": qset })
        };
        let validators: Vec<Value> = nodes.into_iter().map(&mut validator).collect();
        let named = qsets.into_iter().enumerate().map(|(index, qset)| (format!("set {index}"), qset));
        json!({ "qsets": named.collect::<serde_json::Map<_, _>>(), "validators": validators })
    }

    /// The organisations' JSON text, if they are listed.
    pub fn organizations_json(&self) -> Option<String> {
        self.organizations().map(|organizations| organizations.to_string())
    }

    fn organizations(&self) -> Option<Value> {
        let organization = |id: usize| {
            let lists = |node: &usize| {
                let node = &self.nodes[*node];
                [node.organization, node.second_organization].contains(&Some(id))
            };
            let members: Vec<String> = (0..self.nodes.len()).filter(lists).map(key).collect();
            json!({ "id": organization_id(id), "name": null, "validators": members })
        };
        self.lists_organizations.then(|| (0..MOST_GROUPS).map(organization).collect())
    }

    /// What the group of a node is called: the node's own key if it has none.
    pub fn group(&self, node: usize, grouping: Grouping) -> String {
        let Node { is_listed, organization, country, isp, attribute, .. } = self.nodes[node];
        let listed = |label: Option<String>| label.filter(|_| is_listed);
        let label = match grouping {
            Grouping::Node => None,
            // A list of organisations may have validators that nobody crawled.
            Grouping::Organization => {
                organization.filter(|_| is_listed || self.lists_organizations).map(organization_id)
            }
            Grouping::Country => listed(country.map(|country| format!("country {country}"))),
            Grouping::Isp => listed(isp.map(|isp| format!("isp {isp}"))),
            Grouping::Attribute => listed(attribute.map(|value| value.to_string())),
        };
        label.unwrap_or_else(|| key(node))
    }

    /// What the groups of a set are called, sorted, each once.
    pub fn groups(&self, set: Mask, grouping: Grouping) -> Vec<String> {
        let mut labels: Vec<String> = members(set).map(|node| self.group(node, grouping)).collect();
        labels.sort();
        labels.dedup();
        labels
    }
}
