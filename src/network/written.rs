//! What a network is made of, as it is written down: nodes with their quorum sets, organisations. Parsing makes these values of JSON text, and
//! whoever has no text makes them himself.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::error::InputError;
use super::limits::{check_entries, MAX_KEY_BYTES, MAX_NESTING, MAX_THRESHOLD};

/// All that is written down of a network.
#[derive(Debug)]
pub(super) struct Document<'a> {
    pub nodes: Vec<ListedNode<'a>>,
    /// Absent where the format has none or nothing is said about them.
    pub organizations: Option<Vec<ListedOrganization<'a>>>,
    /// Whether the format has a short form of public keys, which several nodes may share.
    pub may_have_short_keys: bool,
}

/// A node that is listed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ListedNode<'a> {
    /// What names it.
    pub public_key: Cow<'a, str>,
    /// What it asks for; absent: unknown.
    pub quorum_set: Option<WrittenQuorumSet<'a>>,
    /// Every other property, under the names that explorers have for them.
    pub attributes: Map<String, Value>,
}

/// A threshold over validators and inner quorum sets, with public keys.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WrittenQuorumSet<'a> {
    /// How many entries must be satisfied.
    pub threshold: u64,
    /// Entries that are validators: public keys.
    pub validators: Vec<Cow<'a, str>>,
    /// Entries that are quorum sets.
    pub inner: Vec<WrittenQuorumSet<'a>>,
}

/// An organisation that is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListedOrganization<'a> {
    /// What results call it.
    pub id: Cow<'a, str>,
    /// For people.
    pub name: Option<String>,
    /// Public keys.
    pub validators: Vec<Cow<'a, str>>,
}

/// What is done to a network: first nodes go, then others come, then they get quorum sets and organisations.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct NetworkChange {
    /// Quorum sets by the public keys of the nodes that get them; absent: it is not known.
    pub set: Vec<(String, Option<WrittenQuorumSet<'static>>)>,
    /// Nodes that come. One that has an `organizationId` belongs to that organisation, which may be a new one.
    pub add: Vec<ListedNode<'static>>,
    /// Public keys of nodes that go. Those who name them still do.
    pub remove: Vec<String>,
    /// Ids of organisations by the public keys of the nodes that move there; absent: to none.
    pub moved: Vec<(String, Option<String>)>,
}

impl<'a> ListedNode<'a> {
    /// A node whose quorum set is unknown and of which nothing else is known.
    pub fn new(public_key: impl Into<Cow<'a, str>>) -> Self {
        ListedNode { public_key: public_key.into(), quorum_set: None, attributes: Map::new() }
    }

    /// The same node with this quorum set.
    pub fn asking_for(self, quorum_set: WrittenQuorumSet<'a>) -> Self {
        ListedNode { quorum_set: Some(quorum_set), ..self }
    }

    /// The same node with this property.
    pub fn with_attribute(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.attributes.insert(name.into(), value.into());
        self
    }

    /// The same node, borrowing nothing.
    pub(super) fn into_owned(self) -> ListedNode<'static> {
        ListedNode {
            public_key: Cow::Owned(self.public_key.into_owned()),
            quorum_set: self.quorum_set.map(WrittenQuorumSet::into_owned),
            attributes: self.attributes,
        }
    }

    /// Refuses what parsing would have refused.
    pub(super) fn check(&self, path: &str) -> Result<(), InputError> {
        check_key(&self.public_key, || format!("{path}.publicKey"))?;
        self.quorum_set.iter().try_for_each(|set| set.check(&format!("{path}.quorumSet"), MAX_NESTING))
    }
}

impl<'a> WrittenQuorumSet<'a> {
    /// A quorum set of validators.
    pub fn new<K: Into<Cow<'a, str>>>(threshold: u64, validators: impl IntoIterator<Item = K>) -> Self {
        let validators = validators.into_iter().map(Into::into).collect();
        WrittenQuorumSet { threshold, validators, inner: Vec::new() }
    }

    /// The same quorum set with these inner sets.
    pub fn with_inner(self, inner: impl IntoIterator<Item = WrittenQuorumSet<'a>>) -> Self {
        WrittenQuorumSet { inner: inner.into_iter().collect(), ..self }
    }

    /// The same quorum set, borrowing nothing.
    pub(super) fn into_owned(self) -> WrittenQuorumSet<'static> {
        WrittenQuorumSet {
            threshold: self.threshold,
            validators: self.validators.into_iter().map(|key| Cow::Owned(key.into_owned())).collect(),
            inner: self.inner.into_iter().map(WrittenQuorumSet::into_owned).collect(),
        }
    }

    /// Refuses what parsing would have refused.
    pub(super) fn check(&self, path: &str, levels_left: usize) -> Result<(), InputError> {
        let refused = |problem: String| Err(InputError::new(path, problem));
        if levels_left == 0 {
            return refused(format!("expected quorum sets nested at most {MAX_NESTING} deep"));
        }
        if self.threshold > MAX_THRESHOLD {
            return refused(format!("expected a threshold from 0 to {MAX_THRESHOLD}"));
        }
        check_entries(self.validators.len() + self.inner.len()).or_else(refused)?;
        for (index, key) in self.validators.iter().enumerate() {
            check_key(key, || format!("{path}.validators[{index}]"))?;
        }
        let mut inner = self.inner.iter().enumerate();
        inner.try_for_each(|(index, set)| {
            set.check(&format!("{path}.innerQuorumSets[{index}]"), levels_left - 1)
        })
    }
}

impl<'a> ListedOrganization<'a> {
    /// An organisation without a name.
    pub fn new<K: Into<Cow<'a, str>>>(
        id: impl Into<Cow<'a, str>>,
        validators: impl IntoIterator<Item = K>,
    ) -> Self {
        let validators = validators.into_iter().map(Into::into).collect();
        ListedOrganization { id: id.into(), name: None, validators }
    }

    /// Refuses what parsing would have refused.
    pub(super) fn check(&self, path: &str) -> Result<(), InputError> {
        check_key(&self.id, || format!("{path}.id"))?;
        let mut validators = self.validators.iter().enumerate();
        validators.try_for_each(|(index, key)| check_key(key, || format!("{path}.validators[{index}]")))
    }
}

fn check_key(key: &str, path: impl Fn() -> String) -> Result<(), InputError> {
    if key.is_empty() || key.len() > MAX_KEY_BYTES {
        return Err(InputError::new(path(), format!("expected a string of 1 to {MAX_KEY_BYTES} bytes")));
    }
    Ok(())
}
