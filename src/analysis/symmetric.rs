//! The symmetric top tier: one quorum set that exactly the nodes it names share, and that no quorum avoids.
//!
//! Quorum sets are compared in standard form: dead nodes dropped (with inner sets left unsatisfiable), the node itself added
//! with the threshold raised by one if it is not named, entries sorted. This is the form of the crate `fbas_analyzer`.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::error::AnalysisError;
use super::options::Options;
use super::scenario::Scenario;
use crate::budget::Budget;
use crate::network::sorting::{sort, sort_distinct};
use crate::network::{Fbas, Network, NodeId, NodeSet, QuorumSetId, QuorumSets, WrittenQuorumSet};

/// A quorum set with public keys, as JavaScript sees it. Validators and inner sets are sorted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedQuorumSet {
    /// How many entries must be satisfied.
    pub threshold: u64,
    /// Public keys.
    pub validators: Vec<String>,
    /// Inner quorum sets.
    pub inner_quorum_sets: Vec<NamedQuorumSet>,
}

impl NamedQuorumSet {
    /// A quorum set as it is written.
    pub(super) fn of(network: &Network, sets: &QuorumSets, id: QuorumSetId) -> Self {
        let set = sets.get(id);
        let inner = set.inner.iter().map(|&inner| Self::of(network, sets, inner));
        NamedQuorumSet {
            threshold: set.threshold,
            validators: set.validators.iter().map(|&node| network.key(node).to_string()).collect(),
            inner_quorum_sets: inner.collect(),
        }
    }
}

impl From<&NamedQuorumSet> for WrittenQuorumSet<'static> {
    fn from(set: &NamedQuorumSet) -> Self {
        let validators = set.validators.iter().map(|key| Cow::Owned(key.clone()));
        WrittenQuorumSet::new::<Cow<'static, str>>(set.threshold, validators)
            .with_inner(set.inner_quorum_sets.iter().map(WrittenQuorumSet::from))
    }
}

/// The quorum set of the symmetric top tier, if there is one. It is one of nodes; groups do not bear on it.
pub fn symmetric_top_tier(
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Result<Option<NamedQuorumSet>, AnalysisError> {
    // There are no bounds between which it could be known, and it takes no search.
    if !options.anytime {
        budget.check()?;
    }
    Ok(find(&Scenario::of(network, options)))
}

/// The quorum set of the symmetric top tier, if there is one.
pub(super) fn find(scenario: &Scenario) -> Option<NamedQuorumSet> {
    let live = scenario.view.live.alive();
    let mut holders: BTreeMap<StandardForm, Vec<NodeId>> = BTreeMap::new();
    for node in scenario.view.core().iter() {
        let Some(id) = scenario.view.written.quorum_set_of(node) else { continue };
        let form = StandardForm::of(&scenario.view.written, id, node, &live);
        holders.entry(form).or_default().push(node);
    }
    let mut clusters = holders.into_iter().filter(|(form, holders)| form.named() == *holders);
    let (form, nodes) = clusters.next().filter(|_| clusters.next().is_none())?;
    let others = live.difference(&NodeSet::of(scenario.view.live.node_count(), nodes));
    (!scenario.view.live.has_quorum_inside(&others)).then(|| form.with_names(scenario.network))
}

/// The quorum set that most members of the core ask for, in standard form but with the dead nodes that it names; of several, a symmetric one, which
/// exactly those ask for whom it names, and else the first in order. Where there is no quorum, all nodes count that ask for one, and where the data
/// reports nodes as down, the others alone, as far as they ask for anything. What nothing can satisfy is no quorum set to adopt. Absent: nobody
/// asks for one.
pub fn most_shared_quorum_set(network: &Network, options: &Options) -> Option<NamedQuorumSet> {
    let scenario = Scenario::of(network, options);
    let written = &scenario.view.written;
    let everybody = written.alive();
    let among = if scenario.view.has_quorum() { scenario.view.core() } else { &everybody };
    let most_shared = |among: &NodeSet| {
        let mut holders: BTreeMap<StandardForm, Vec<NodeId>> = BTreeMap::new();
        for node in among.iter() {
            let Some(id) = written.quorum_set_of(node) else { continue };
            let form = StandardForm::of(written, id, node, &NodeSet::full(network.node_count()));
            holders.entry(form).or_default().push(node);
        }
        let satisfiable = holders.into_iter().filter(|(form, _)| form.is_satisfiable());
        let named = satisfiable.map(|(form, holders)| {
            let is_symmetric = form.named() == holders;
            (Reverse((holders.len(), is_symmetric)), form.with_names(network))
        });
        named.min().map(|(_, form)| form)
    };
    most_shared(&among.difference(&network.reported_down())).or_else(|| most_shared(among))
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct StandardForm {
    threshold: u64,
    validators: Vec<NodeId>,
    inner: Vec<StandardForm>,
}

impl StandardForm {
    fn of(fbas: &Fbas, id: QuorumSetId, owner: NodeId, live: &NodeSet) -> Self {
        let mut form = Self::without_dead(fbas, id, live);
        if form.named().binary_search(&owner).is_err() {
            form.threshold += 1;
            form.validators.push(owner);
            sort(&mut form.validators);
        }
        form
    }

    fn without_dead(fbas: &Fbas, id: QuorumSetId, live: &NodeSet) -> Self {
        let set = fbas.quorum_sets().get(id);
        let inner = set.inner.iter().map(|&inner| Self::without_dead(fbas, inner, live));
        let mut form = StandardForm {
            threshold: set.threshold,
            validators: set.validators.iter().copied().filter(|&node| live.contains(node)).collect(),
            inner: inner.filter(StandardForm::is_satisfiable).collect(),
        };
        sort(&mut form.inner);
        form
    }

    /// Whether it lists as many entries as it asks for.
    fn is_satisfiable(&self) -> bool {
        self.threshold <= (self.validators.len() + self.inner.len()) as u64
    }

    /// The distinct nodes named at any depth, ascending.
    fn named(&self) -> Vec<NodeId> {
        let mut named = self.validators.clone();
        self.inner.iter().for_each(|inner| named.extend(inner.named()));
        sort_distinct(&mut named);
        named
    }

    fn with_names(&self, network: &Network) -> NamedQuorumSet {
        NamedQuorumSet {
            threshold: self.threshold,
            validators: self.validators.iter().map(|&node| network.key(node).to_string()).collect(),
            inner_quorum_sets: self.inner.iter().map(|inner| inner.with_names(network)).collect(),
        }
    }
}
