//! One node: who can halt it, who can split it off, on whom does it depend and who depends on it?
//!
//! The sets asked for are of other nodes, or of groups without the node. Two of the questions are those for a blocking set of a changed
//! network. _Halting_ a node v: in the network in which everybody asks for what v asks for as well, and from which v is deleted, the quorums
//! are what quorums with v have beside it. A _v-blocking_ set (Mazières, "The Stellar Consensus Protocol", 2015; the least one is `fail_at` of
//! stellar-core) meets every slice of v: in the network in which everybody asks for nothing but what v asks for, quorums are v's slices. Only
//! nodes that are in some quorum count for either, so both are empty where v is in none.

use std::collections::BTreeMap;

use super::blocking::cheapest_blocking_set;
use super::cost::charges::Charges;
use super::encode::split::Split;
use super::error::AnalysisError;
use super::list::smallest::MinimalSet;
use super::options::Options;
use super::own_quorum_set::{own_quorum_set, OwnQuorumSet};
use super::scenario::{out_of_reach, search, Scenario};
use super::size::{Size, Smallest};
use super::split_off::{Least, SplitOff};
use super::top_tier::top_tier_nodes;
use crate::budget::Budget;
use crate::known::Known;
use crate::network::sorting::sort_by;
use crate::network::{Asks, Assignment, Fbas, GroupBy, Groups, Network, NodeId, NodeSet, QuorumSetId};
use crate::subject::{Figure, Part, Subject};

/// What is looked for.
const SEARCHES: [Figure; 3] = [Figure::Halting, Figure::VBlocking, Figure::SplittingOff];

/// What concerns one node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OneNode {
    /// Its public key.
    pub key: String,
    /// Whether it is in some quorum.
    pub is_in_quorum: bool,
    /// Whether it is in the core.
    pub is_in_core: bool,
    /// Whether it is in the top tier; absent if, with `anytime`, the budget ended first.
    pub is_in_top_tier: Option<bool>,
    /// A smallest set of others without which it is in no quorum: empty where it is in none now; none exists where it is one alone.
    pub halting: MinimalSet,
    /// A smallest set of others that meets every slice of it: one step, where halting follows the cascade. None exists where it needs nobody
    /// else, or where nobody knows whom it needs.
    pub v_blocking: MinimalSet,
    /// A smallest set of others that, if Byzantine, lets it diverge.
    pub splitting: SplittingOff,
    /// Those others who are in a quorum, but in none without it: public keys, ascending.
    pub dependents: Vec<String>,
    /// Those others that take part and whose quorum sets name it, at any depth: nobody who has crashed or is left out.
    pub trusted_by: Vec<String>,
    /// Its transitive quorum set: whom it names, whom these name, and so on.
    pub reach: Vec<String>,
    /// Its quorum set, with what is wrong in it for this node; absent where it is not known.
    pub quorum_set: Option<OwnQuorumSet>,
}

/// A set that lets a node diverge from others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SplittingOff {
    /// Its size and an example.
    pub set: MinimalSet,
    /// The side of the node: public keys, ascending.
    pub quorum_a: Vec<String>,
    /// The side of a member of the core or, with `Scope::All`, of anybody.
    pub quorum_b: Vec<String>,
}

/// All that concerns one node.
pub fn one_node(
    network: &Network,
    node: NodeId,
    options: &Options,
    budget: &Budget,
) -> Result<OneNode, AnalysisError> {
    let scenario = Scenario::of(network, options);
    let shared = Shared::of(&scenario, options);
    let top_tier = TopTierNodes::find(&shared, budget)?;
    let found = shared.task(node).found(&SEARCHES.map(Subject::from), budget)?;
    Ok(shared.task(node).described(&found, &top_tier))
}

/// One of the sets that are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfNode {
    Halting,
    VBlocking,
    Splitting,
}

/// The size of one of the sets that are looked for; progress is told on this subject.
pub(super) fn size_of(
    network: &Network,
    node: NodeId,
    of: OfNode,
    options: &Options,
    subject: &Subject,
    budget: &Budget,
) -> Result<Size, AnalysisError> {
    let scenario = Scenario::of(network, options);
    let shared = Shared::of(&scenario, options);
    let task = shared.task(node);
    Ok(match of {
        OfNode::Halting => search(subject, options, budget, |known| task.halting(None, known))?.size,
        OfNode::VBlocking => search(subject, options, budget, |known| task.v_blocking(known))?.size,
        OfNode::Splitting => search(subject, options, budget, |known| task.split_off().search(known))?.size,
    })
}

/// All that concerns each node, in the order of their keys. What nodes have in common is worked out once, and nodes that can be exchanged for one
/// another are settled together, as are watchers that ask for the same: they may change places in the answer.
pub fn every_node(
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Result<Vec<OneNode>, AnalysisError> {
    let scenario = Scenario::of(network, options);
    let shared = Shared::of(&scenario, options);
    let top_tier = TopTierNodes::find(&shared, budget)?;
    let live = &shared.scenario.view.live;
    let seen = NodeSet::full(network.node_count()).difference(&out_of_reach(network, options));
    let colours = Charges::new(&shared.groups, live.alive()).colours(live);
    let mut classes: Vec<Vec<NodeId>> = Vec::new();
    let mut watchers: BTreeMap<QuorumSetId, usize> = BTreeMap::new();
    for class in live.classes(|node| colours[node.index()]) {
        let asked = live.quorum_set_of(class.first()).filter(|_| !live.is_named(class.first()));
        match asked.and_then(|id| watchers.get(&id)) {
            Some(&known) => classes[known].extend(class.members),
            None => {
                watchers.extend(asked.map(|id| (id, classes.len())));
                classes.push(class.members);
            }
        }
    }
    classes.extend(seen.difference(&live.alive()).iter().map(|node| vec![node]));
    let answers = budget.map(&classes, |class| shared.answers(class, &top_tier, budget));
    let mut all = Vec::new();
    for answer in answers {
        all.extend(answer?);
    }
    sort_by(&mut all, |a, b| a.key.cmp(&b.key));
    Ok(all)
}

/// What all nodes have in common.
struct Shared<'a> {
    scenario: &'a Scenario<'a>,
    assignment: Assignment,
    groups: Groups,
    organizations: Groups,
    least: Least,
    options: &'a Options,
}

/// The top tier as far as it is known.
struct TopTierNodes {
    nodes: NodeSet,
    is_exact: bool,
}

impl TopTierNodes {
    fn find(shared: &Shared, budget: &Budget) -> Result<Self, AnalysisError> {
        let (nodes, is_exact) =
            top_tier_nodes(shared.scenario, shared.options, &Figure::TopTier.into(), budget)?;
        Ok(TopTierNodes { nodes, is_exact })
    }
}

/// The three searches for one node.
struct Found {
    halting: Smallest<NodeSet>,
    v_blocking: Smallest<NodeSet>,
    splitting: Smallest<Split>,
}

impl<'a> Shared<'a> {
    fn of(scenario: &'a Scenario<'a>, options: &'a Options) -> Self {
        Shared {
            assignment: scenario.assignment(options),
            scenario,
            groups: Groups::of(scenario.network, &options.group_by),
            organizations: Groups::of(scenario.network, &GroupBy::Organization),
            least: Least::default(),
            options,
        }
    }

    fn task(&self, node: NodeId) -> Task<'_> {
        let Shared { scenario, assignment, groups, options, .. } = self;
        Task { shared: self, scenario, assignment, groups, node, options }
    }

    /// The answers for nodes that may change places.
    fn answers(
        &self,
        class: &[NodeId],
        top_tier: &TopTierNodes,
        budget: &Budget,
    ) -> Result<Vec<OneNode>, AnalysisError> {
        let first = class[0];
        let of_node = || Part::Node(self.scenario.network.key(first).to_string());
        let subjects = SEARCHES.map(|figure| Subject::new(figure, of_node()));
        let found = self.task(first).found(&subjects, budget)?;
        let mut answers = vec![self.task(first).described(&found, top_tier)];
        for &other in &class[1..] {
            let task = self.task(other);
            answers.push(match task.takes_over(&found, first) {
                Some(found) => task.described(&found, top_tier),
                // Their groups are not alike.
                None => task.described(&task.found(&subjects, budget)?, top_tier),
            });
        }
        Ok(answers)
    }
}

struct Task<'a> {
    shared: &'a Shared<'a>,
    scenario: &'a Scenario<'a>,
    assignment: &'a Assignment,
    groups: &'a Groups,
    node: NodeId,
    options: &'a Options,
}

impl Task<'_> {
    /// Searches, and tells progress on these subjects.
    fn found(&self, subjects: &[Subject; 3], budget: &Budget) -> Result<Found, AnalysisError> {
        let [halting, v_blocking, splitting] = subjects;
        let split_off = self.split_off();
        let v_blocking = search(v_blocking, self.options, budget, |known| self.v_blocking(known))?;
        Ok(Found {
            halting: search(halting, self.options, budget, |known| self.halting(v_blocking.best(), known))?,
            splitting: search(splitting, self.options, budget, |known| split_off.search(known))?,
            v_blocking,
        })
    }

    fn described(
        &self,
        Found { halting, v_blocking, splitting }: &Found,
        top_tier: &TopTierNodes,
    ) -> OneNode {
        let scenario = self.scenario;
        let (network, view) = (scenario.network, &scenario.view);
        let live = self.live();
        let is_in_top_tier = top_tier.nodes.contains(self.node);
        let keys = |nodes: &NodeSet| network.keys_of(nodes);
        let sides = splitting.example.as_ref().map(|split| (keys(&split.a), keys(&split.b)));
        let (quorum_a, quorum_b) = sides.unwrap_or_default();
        OneNode {
            key: network.key(self.node).to_string(),
            is_in_quorum: live.contains(self.node),
            is_in_core: view.core().contains(self.node),
            is_in_top_tier: (top_tier.is_exact || is_in_top_tier).then_some(is_in_top_tier),
            halting: self.smallest(halting, |set| set),
            v_blocking: self.smallest(v_blocking, |set| set),
            splitting: SplittingOff {
                set: self.smallest(splitting, |split| &split.byzantine),
                quorum_a,
                quorum_b,
            },
            dependents: keys(&self.dependents()),
            trusted_by: keys(&self.assignment.dependents(&self.own()).difference(&self.own())),
            reach: keys(&self.reach()),
            quorum_set: own_quorum_set(scenario, self.assignment, &self.shared.organizations, self.node),
        }
    }

    fn smallest<W>(&self, known: &Smallest<W>, nodes: impl Fn(&W) -> &NodeSet) -> MinimalSet {
        MinimalSet::of(known, self.scenario.network, nodes, |set| self.groups.labels_of(set))
    }

    /// What was found for another node that may change places with this one, if it passes as an answer.
    fn takes_over(&self, found: &Found, first: NodeId) -> Option<Found> {
        let live = self.live();
        let exchanged = |nodes: &NodeSet| nodes.exchanged(first, self.node);
        let costs_the_same = |before: &NodeSet, now: &NodeSet| {
            self.groups.groups_of(before).len() == self.groups.groups_of(now).len()
        };
        let halting = found.halting.map(|set| {
            let now = exchanged(set);
            (costs_the_same(set, &now) && self.is_halted_by(&live, &now)).then_some(now)
        })?;
        let v_blocking = found.v_blocking.map(|set| {
            let now = exchanged(set);
            (costs_the_same(set, &now) && self.is_blocked_by(&live, &now)).then_some(now)
        })?;
        let splitting = found.splitting.map(|Split { byzantine, a, b }| {
            let split = Split { byzantine: exchanged(byzantine), a: exchanged(a), b: exchanged(b) };
            let holds = costs_the_same(byzantine, &split.byzantine) && self.split_off().is_met(&split);
            holds.then_some(split)
        })?;
        Some(Found { halting, v_blocking, splitting })
    }

    fn split_off(&self) -> SplitOff<'_> {
        let Shared { scenario, groups, least, .. } = self.shared;
        SplitOff { scenario, groups, scope: self.options.scope, least, node: self.node }
    }

    /// Others who are in a quorum, but in none without the node.
    fn dependents(&self) -> NodeSet {
        let mut others = self.live();
        others.remove(self.node);
        others.difference(&self.written().largest_quorum_inside(&others))
    }

    fn written(&self) -> &Fbas {
        &self.scenario.view.written
    }

    /// The nodes that are in some quorum.
    fn live(&self) -> NodeSet {
        self.scenario.view.live.alive()
    }

    /// The node alone.
    fn own(&self) -> NodeSet {
        NodeSet::of(self.written().node_count(), [self.node])
    }

    /// What meets every slice of the node halts it: a set to begin with.
    fn halting(
        &self,
        v_blocking: Option<(u32, &NodeSet)>,
        known: &mut Known<NodeSet>,
    ) -> Result<(), AnalysisError> {
        if self.written().is_quorum(&self.own()) {
            known.prove();
            return Ok(());
        }
        let mut changed: Assignment = self.assignment.clone();
        if let Some(own) = changed.quorum_set_of(self.node) {
            for other in self.live().iter() {
                let inner = changed.quorum_set_of(other).into_iter().chain([own]).collect::<Vec<_>>();
                let asks = changed.quorum_set(inner.len() as u64, [], inner);
                changed.replace(other, Asks::For(asks));
            }
        }
        let live = self.live();
        let concerned = self.concerned();
        if self.scenario.techniques.bounds {
            // What halts it must also halt it where it has nobody but the core, and often that is enough.
            let core = concerned.intersection(&self.scenario.view.core().union(&self.own()));
            let mut in_core = Known::unwatched(known.budget());
            self.least_blocking(changed.clone(), &core, &mut in_core, |set| self.is_halted_by(&core, set))?;
            known.raise(in_core.lower());
            for (cost, set) in v_blocking.into_iter().chain(in_core.best().map(|(cost, set)| (*cost, set))) {
                if self.is_halted_by(&live, set) {
                    known.offer(cost, set.clone());
                }
            }
            if known.is_proven() {
                return Ok(());
            }
        }
        self.least_blocking(changed, &concerned, known, |set| self.is_halted_by(&live, set))
    }

    fn is_halted_by(&self, live: &NodeSet, set: &NodeSet) -> bool {
        !self.written().largest_quorum_inside(&live.difference(set)).contains(self.node)
    }

    fn v_blocking(&self, known: &mut Known<NodeSet>) -> Result<(), AnalysisError> {
        let live = self.live();
        if !live.contains(self.node) {
            known.offer(0, self.scenario.nobody());
            return Ok(());
        }
        // It needs nobody else.
        if !self.is_blocked_by(&self.own(), &self.scenario.nobody()) {
            known.prove();
            return Ok(());
        }
        let mut changed: Assignment = self.assignment.clone();
        if let Some(asked) = changed.quorum_set_of(self.node) {
            let asks = changed.quorum_set(1, [], [asked]);
            live.iter().for_each(|other| changed.replace(other, Asks::For(asks)));
        }
        self.least_blocking(changed, &self.concerned(), known, |set| self.is_blocked_by(&live, set))
    }

    /// Whether its quorum set, if it is known, is not satisfied by these nodes without that set.
    fn is_blocked_by(&self, nodes: &NodeSet, set: &NodeSet) -> bool {
        let written = self.written();
        let own = written.quorum_set_of(self.node);
        own.is_some_and(|id| !written.is_satisfied_by(id, &nodes.difference(set)))
    }

    /// Who has a say in whether the node is in a quorum: whom it reaches. One that asks for nothing is in a quorum with anybody.
    fn concerned(&self) -> NodeSet {
        let live = &self.scenario.view.live;
        match live.is_known(self.node) {
            true => live.reachable_from(&self.own()),
            false => live.alive(),
        }
    }

    /// The cheapest set of these other live nodes that blocks the changed network of them, from which the node is deleted. `is_met` says whether a set does
    /// what it should.
    fn least_blocking(
        &self,
        mut changed: Assignment,
        concerned: &NodeSet,
        known: &mut Known<NodeSet>,
        is_met: impl Fn(&NodeSet) -> bool,
    ) -> Result<(), AnalysisError> {
        let live = self.live();
        if !live.contains(self.node) {
            known.offer(0, self.scenario.nobody());
            return Ok(());
        }
        changed.crash(&NodeSet::full(self.written().node_count()).difference(concerned));
        changed.delete(&self.own());
        let changed = self.scenario.changed(&changed, self.options);
        let charges = Charges::new(self.groups, concerned.difference(&self.own()));
        let outcome = cheapest_blocking_set(&changed, &charges, known);
        self.scenario.checked(outcome, known, "a set that halts a node", |cost, set| {
            !set.contains(self.node) && charges.cost(set) == cost && is_met(set)
        })
    }

    /// Whom the node names, whom these name, and so on.
    fn reach(&self) -> NodeSet {
        let named =
            self.assignment.quorum_set_of(self.node).map(|id| self.assignment.quorum_sets().named_in(id));
        let named = NodeSet::of(self.written().node_count(), named.into_iter().flatten());
        self.assignment.reach(&named)
    }
}
