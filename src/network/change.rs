//! A changed network: some nodes ask for something else, come, go, or belong to another organisation.
//!
//! What is asked for and cannot be done is an error: a node that is set and not there, or added and there already.
//!
//! People write quorum sets with the names of nodes, and stellar-core with the beginnings of their keys. An entry of a set is the node that
//! has this key, or else the only one that is called so, or else the only one whose key begins so.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::parse::{is_short_key, parse_change, parse_quorum_set};
use super::written::{Document, ListedNode, ListedOrganization, NetworkChange, WrittenQuorumSet};
use super::{Asks, FindingCode, InputError, Network, NodeId, NodeSet, QuorumSetId, MAX_NESTING};

impl NetworkChange {
    /// Reads a change from JSON text.
    pub fn parse(text: &[u8]) -> Result<Self, InputError> {
        parse_change(text)
    }
}

impl WrittenQuorumSet<'static> {
    /// Reads a quorum set from JSON text, in any of the forms in which a change takes it.
    pub fn parse(text: &[u8]) -> Result<Self, InputError> {
        parse_quorum_set(text)
    }
}

impl Network {
    /// The changed network.
    pub fn changed(&self, change: &NetworkChange) -> Result<Network, InputError> {
        let mut draft = Draft::of(self);
        draft.remove(&change.remove)?;
        draft.add(&change.add)?;
        draft.set(&change.set)?;
        draft.move_to(&change.moved)?;
        let Draft { nodes, organizations, .. } = draft;
        let may_have_short_keys = self.directory.oddities.contains_key(&FindingCode::AbbreviatedKeys);
        Network::build(Document { nodes, organizations, may_have_short_keys })
    }

    /// The quorum set with the keys of the nodes that its entries mean: as in a change, names stand for nodes.
    pub fn with_keys(
        &self,
        set: &WrittenQuorumSet<'static>,
    ) -> Result<WrittenQuorumSet<'static>, InputError> {
        set.check("quorumSet", MAX_NESTING)?;
        Names::of(&Draft::of(self)).resolved(set, "quorumSet")
    }

    /// The network in which these nodes ask for this quorum set, in whose entries names stand for nodes as in a change.
    pub fn adopting(&self, nodes: &NodeSet, set: &WrittenQuorumSet<'static>) -> Result<Network, InputError> {
        if set.threshold == 0 {
            return Err(InputError::new(
                "quorumSet",
                "expected a threshold of 1 or more, as 0 asks for nothing",
            ));
        }
        let set = self.with_keys(set)?;
        let adopts = |node| (self.key(node).to_string(), Some(set.clone()));
        self.changed(&NetworkChange { set: nodes.iter().map(adopts).collect(), ..NetworkChange::default() })
    }

    /// What a node asks for, as written; absent: it is unknown or gone.
    pub fn written_quorum_set_of(&self, node: NodeId) -> Option<WrittenQuorumSet<'static>> {
        self.quorum_set_of(node).map(|id| self.written(id).into_owned())
    }

    /// The quorum set with its public keys.
    fn written(&self, id: QuorumSetId) -> WrittenQuorumSet<'_> {
        let set = self.quorum_sets().get(id);
        let validators = set.validators.iter().map(|&node: &NodeId| self.key(node));
        WrittenQuorumSet::new(set.threshold, validators)
            .with_inner(set.inner.iter().map(|&inner| self.written(inner)))
    }
}

/// The changed network while it is put together.
struct Draft<'a> {
    network: &'a Network,
    nodes: Vec<ListedNode<'a>>,
    organizations: Option<Vec<ListedOrganization<'a>>>,
    removed: HashSet<String>,
}

impl<'a> Draft<'a> {
    fn of(network: &'a Network) -> Self {
        let node = |&id: &NodeId| ListedNode {
            public_key: Cow::Borrowed(network.key(id)),
            quorum_set: match network.assignment().asks(id) {
                Asks::For(set) => Some(network.written(set)),
                Asks::Unknown | Asks::Gone => None,
            },
            attributes: network.directory.attributes[id.index()].clone(),
        };
        let organizations = network.organizations().map(|organizations| {
            let listed = organizations.iter().map(|organization| ListedOrganization {
                id: Cow::Borrowed(&organization.id),
                name: organization.name.clone(),
                validators: organization
                    .validators
                    .iter()
                    .map(|&node| Cow::Borrowed(network.key(node)))
                    .chain(organization.absent.iter().map(|key| Cow::Borrowed(&**key)))
                    .collect(),
            });
            listed.collect()
        });
        let nodes = network.directory.listing.iter().map(node).collect();
        Draft { network, nodes, organizations, removed: HashSet::new() }
    }

    fn place(&self, key: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.public_key == key)
    }

    fn remove(&mut self, keys: &[String]) -> Result<(), InputError> {
        for (index, key) in keys.iter().enumerate() {
            let place = self.place(key).ok_or_else(|| {
                InputError::new(
                    format!("change.remove[{index}]"),
                    format!("the network lists no node {key}, or it is removed twice"),
                )
            })?;
            self.nodes.remove(place);
            self.leave_organizations(key);
            self.removed.insert(key.clone());
        }
        Ok(())
    }

    fn add(&mut self, nodes: &[ListedNode<'static>]) -> Result<(), InputError> {
        for (index, node) in nodes.iter().enumerate() {
            let path = format!("change.add[{index}]");
            node.check(&path)?;
            if self.place(&node.public_key).is_some() || self.removed.contains(&*node.public_key) {
                let problem = format!(
                    "the network lists the node {} already, expected it in set, or a new one",
                    node.public_key
                );
                return Err(InputError::new(format!("{path}.publicKey"), problem));
            }
            if let Some(id) = node.attributes.get("organizationId").and_then(Value::as_str) {
                self.join(&node.public_key, id);
            }
            self.nodes.push(node.clone());
        }
        Ok(())
    }

    fn set(&mut self, sets: &[(String, Option<WrittenQuorumSet<'static>>)]) -> Result<(), InputError> {
        let names = Names::of(self);
        let mut resolved = Vec::with_capacity(sets.len());
        for (key, set) in sets {
            let path = format!("change.set.{key}");
            set.iter().try_for_each(|set| set.check(&path, MAX_NESTING))?;
            let set = set.as_ref().map(|set| names.resolved(set, &path)).transpose()?;
            resolved.push((key, path, set));
        }
        for (key, path, set) in resolved {
            let place = match self.place(key) {
                Some(place) => place,
                None if self.removed.contains(key) => {
                    return Err(InputError::new(path, "the node is removed by the same change"));
                }
                // One that others name has a quorum set from now on.
                None if self.network.node(key).is_some() => {
                    self.nodes.push(ListedNode::new(key.clone()));
                    self.nodes.len() - 1
                }
                None => return Err(InputError::new(path, "no node of the network has this public key")),
            };
            self.nodes[place].quorum_set = set;
        }
        Ok(())
    }

    fn move_to(&mut self, moves: &[(String, Option<String>)]) -> Result<(), InputError> {
        for (key, id) in moves {
            let path = format!("change.move.{key}");
            let Some(place) = self.place(key) else {
                return Err(InputError::new(path, "the network lists no node with this public key"));
            };
            let attribute = self.organization_attribute();
            let is_known = |id: &String| match &self.organizations {
                Some(organizations) => organizations.iter().any(|organization| organization.id == **id),
                None => self.nodes.iter().any(|node| said(node, attribute) == Some(id)),
            };
            if let Some(id) = id.as_ref().filter(|id| !is_known(id)) {
                let problem = format!(
                    "no organization has the id {id}; a node that is added brings a new one by its organizationId"
                );
                return Err(InputError::new(path, problem));
            }
            match (&self.organizations, id) {
                (Some(_), Some(id)) => self.join(key, id),
                (Some(_), None) => self.leave_organizations(key),
                (None, id) => {
                    let said = id.clone().map_or(Value::Null, Value::String);
                    self.nodes[place].attributes.insert(attribute.into(), said);
                }
            }
        }
        Ok(())
    }

    /// Where no organisations are listed: the property by which nodes name theirs.
    fn organization_attribute(&self) -> &'static str {
        let names = |attribute| self.nodes.iter().any(|node| said(node, attribute).is_some());
        match !names("organizationId") && names("homeDomain") {
            true => "homeDomain",
            false => "organizationId",
        }
    }

    fn leave_organizations(&mut self, key: &str) {
        for organization in self.organizations.iter_mut().flatten() {
            organization.validators.retain(|validator| validator != key);
        }
    }

    /// Where organisations are listed: the node belongs to this one and to no other.
    fn join(&mut self, key: &str, id: &str) {
        self.leave_organizations(key);
        let Some(organizations) = &mut self.organizations else { return };
        let validator = Cow::Owned(key.to_string());
        match organizations.iter_mut().find(|organization| organization.id == id) {
            Some(organization) => organization.validators.push(validator),
            None => organizations.push(ListedOrganization::new(id.to_string(), [validator])),
        }
    }
}

/// What a node says, if it is a text that says anything.
fn said<'n>(node: &'n ListedNode, attribute: &str) -> Option<&'n str> {
    node.attributes.get(attribute).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// The nodes by their keys and by what they are called.
struct Names {
    keys: HashSet<String>,
    by_name: HashMap<String, Vec<String>>,
}

impl Names {
    fn of(draft: &Draft) -> Self {
        let known = draft.network.nodes().map(|node| draft.network.key(node).to_string());
        let keys: HashSet<String> =
            known.chain(draft.nodes.iter().map(|node| node.public_key.to_string())).collect();
        let mut by_name: HashMap<String, Vec<String>> = HashMap::new();
        for node in &draft.nodes {
            if let Some(name) = said(node, "name") {
                by_name.entry(name.to_string()).or_default().push(node.public_key.to_string());
            }
        }
        Names { keys, by_name }
    }

    /// The set with the keys of the nodes that its entries mean.
    fn resolved<'s>(
        &self,
        set: &WrittenQuorumSet<'s>,
        path: &str,
    ) -> Result<WrittenQuorumSet<'s>, InputError> {
        let validators = set.validators.iter().map(|entry| self.meant(entry, path));
        let inner = set.inner.iter().map(|inner| self.resolved(inner, path));
        Ok(WrittenQuorumSet {
            threshold: set.threshold,
            validators: validators.collect::<Result<_, _>>()?,
            inner: inner.collect::<Result<_, _>>()?,
        })
    }

    fn meant<'s>(&self, entry: &Cow<'s, str>, path: &str) -> Result<Cow<'s, str>, InputError> {
        if self.keys.contains(&**entry) {
            return Ok(entry.clone());
        }
        let mut meant = self.by_name.get(&**entry).cloned().unwrap_or_default();
        if meant.is_empty() && is_short_key(entry) {
            meant = self.keys.iter().filter(|key| key.starts_with(&**entry)).cloned().collect();
        }
        match (meant.len(), meant.pop()) {
            (1, Some(key)) => Ok(Cow::Owned(key)),
            // A validator that the network does not have yet.
            (0, _) if !is_short_key(entry) => Ok(entry.clone()),
            (0, _) => {
                let problem =
                    format!("no node of the network has a key that begins with {entry}; expected full keys");
                Err(InputError::new(path, problem))
            }
            (count, _) => Err(InputError::new(
                path,
                format!("{entry} may be any of {count} nodes; expected a public key"),
            )),
        }
    }
}
