//! One node: who can halt it, who can split it off, on whom does it depend and who depends on it?
//!
//! The sets asked for are of other nodes, or of groups without the node. Two of the questions are those for a blocking set of a changed
//! network. _Halting_ a node v: in the network in which everybody asks for what v asks for as well, and from which v is deleted, the quorums
//! are what quorums with v have beside it. A _v-blocking_ set (Mazières, "The Stellar Consensus Protocol", 2015; the least one is `fail_at` of
//! stellar-core) meets every slice of v: in the network in which everybody asks for nothing but what v asks for, quorums are v's slices. Only
//! nodes that are in some quorum count for either, so both are empty where v is in none.

use std::collections::BTreeSet;

use super::blocking::cheapest_blocking_set;
use super::cost::bounds::{Bounds, INFINITE};
use super::cost::charges::Charges;
use super::encode::sides::Sides;
use super::encode::split::{can_help_to_split, is_split_between, Split};
use super::error::AnalysisError;
use super::list::smallest::MinimalSet;
use super::options::{Options, Scope};
use super::scenario::{search, Scenario};
use super::splitting::smallest_splitting_set;
use super::top_tier::top_tier_nodes;
use crate::budget::Budget;
use crate::known::Known;
use crate::network::{Asks, Assignment, Fbas, Groups, Network, NodeId, NodeSet};
use crate::sat::{minimise, Examined};

/// With how many nodes that ask for the same the node changes places to guess a split.
const MOST_GUESSES: usize = 32;

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
    /// Those others whose quorum sets name it, at any depth.
    pub trusted_by: Vec<String>,
    /// Its transitive quorum set: whom it names, whom these name, and so on.
    pub reach: Vec<String>,
}

/// A set that lets a node diverge from others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SplittingOff {
    /// Its size and an example.
    pub set: MinimalSet,
    /// The side of the node: public keys, ascending.
    pub quorum_a: Vec<String>,
    /// The side of a member of the core or, with [`Scope::All`], of anybody.
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
    let groups = Groups::of(network, &options.group_by);
    let task = Task {
        scenario: &scenario,
        assignment: scenario.assignment(options),
        groups: &groups,
        node,
        options,
    };
    let live = scenario.view.live.alive();
    let (top_tier, is_exact) = top_tier_nodes(&scenario, options, "topTier", budget)?;
    let is_in_top_tier = (is_exact || top_tier.contains(node)).then(|| top_tier.contains(node));
    let halting = search("halting", options, budget, |known| task.halting(known))?;
    let v_blocking = search("vBlocking", options, budget, |known| task.v_blocking(known))?;
    let splitting = search("splitting", options, budget, |known| task.splitting(known))?;
    let mut others = live.clone();
    others.remove(node);
    let without = scenario.view.written.largest_quorum_inside(&others);
    let own = NodeSet::of(network.node_count(), [node]);
    let keys = |nodes: &NodeSet| network.keys_of(nodes);
    let sides = splitting.best().map(|(_, split)| (keys(&split.a), keys(&split.b)));
    let (quorum_a, quorum_b) = sides.unwrap_or_default();
    Ok(OneNode {
        key: network.key(node).to_string(),
        is_in_quorum: live.contains(node),
        is_in_core: scenario.view.core().contains(node),
        is_in_top_tier,
        halting: task.described(&halting, |set| set),
        v_blocking: task.described(&v_blocking, |set| set),
        splitting: SplittingOff {
            set: task.described(&splitting, |split| &split.byzantine),
            quorum_a,
            quorum_b,
        },
        dependents: keys(&others.difference(&without)),
        trusted_by: keys(&task.assignment.dependents(&own).difference(&own)),
        reach: keys(&task.reach()),
    })
}

struct Task<'a> {
    scenario: &'a Scenario<'a>,
    assignment: Assignment,
    groups: &'a Groups,
    node: NodeId,
    options: &'a Options,
}

impl Task<'_> {
    fn described<W>(&self, known: &Known<W>, nodes: impl Fn(&W) -> &NodeSet) -> MinimalSet {
        MinimalSet::of(known, self.scenario.network, nodes, |set| self.groups.labels_of(set))
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

    fn halting(&self, known: &mut Known<NodeSet>) -> Result<(), AnalysisError> {
        if self.written().is_quorum(&self.own()) {
            known.prove();
            return Ok(());
        }
        let mut changed = self.assignment.clone();
        if let Some(own) = changed.quorum_set_of(self.node) {
            for other in self.live().iter() {
                let inner = changed.quorum_set_of(other).into_iter().chain([own]).collect::<Vec<_>>();
                let asks = changed.quorum_set(inner.len() as u64, [], inner);
                changed.replace(other, Asks::For(asks));
            }
        }
        self.least_blocking(changed, known, |rest| {
            !self.written().largest_quorum_inside(rest).contains(self.node)
        })
    }

    fn v_blocking(&self, known: &mut Known<NodeSet>) -> Result<(), AnalysisError> {
        let is_satisfied = |id, nodes: &NodeSet| self.written().is_satisfied_by(id, nodes);
        let Some(own) = self.written().quorum_set_of(self.node).filter(|&id| !is_satisfied(id, &self.own()))
        else {
            if self.live().contains(self.node) {
                known.prove();
            } else {
                known.offer(0, self.scenario.nobody());
            }
            return Ok(());
        };
        let mut changed = self.assignment.clone();
        if let Some(asked) = changed.quorum_set_of(self.node) {
            let asks = changed.quorum_set(1, [], [asked]);
            self.live().iter().for_each(|other| changed.replace(other, Asks::For(asks)));
        }
        self.least_blocking(changed, known, |rest| !is_satisfied(own, rest))
    }

    /// The cheapest set of other live nodes that blocks the changed network, from which the node is deleted. `is_met` says whether what is left,
    /// the node included, is so little that the set does what it should.
    fn least_blocking(
        &self,
        mut changed: Assignment,
        known: &mut Known<NodeSet>,
        is_met: impl Fn(&NodeSet) -> bool,
    ) -> Result<(), AnalysisError> {
        let live = self.live();
        if !live.contains(self.node) {
            known.offer(0, self.scenario.nobody());
            return Ok(());
        }
        changed.crash(&NodeSet::full(self.written().node_count()).difference(&live));
        changed.delete(&self.own());
        let changed = self.scenario.changed(&changed, self.options);
        let charges = Charges::new(self.groups, live.difference(&self.own()));
        let outcome = cheapest_blocking_set(&changed, &charges, known);
        self.scenario.checked(outcome, known, "a set that halts a node", |cost, set| {
            !set.contains(self.node) && charges.cost(set) == cost && is_met(&live.difference(set))
        })
    }

    fn splitting(&self, known: &mut Known<Split>) -> Result<(), AnalysisError> {
        known.budget().check()?;
        let view = &self.scenario.view;
        let live = &view.live;
        if !live.alive().contains(self.node) {
            known.prove();
            return Ok(());
        }
        let others = match self.options.scope {
            Scope::Core => view.core().clone(),
            Scope::All => live.alive(),
        };
        // Whoever diverges, and all on whom they depend. Who asks for nothing does not diverge; then anybody beside it may.
        let is_known = live.is_known(self.node);
        let fbas = match self.options.scope {
            Scope::Core if is_known => live.reduced_to(&live.reachable_from(&others.union(&self.own()))),
            Scope::Core | Scope::All => live.clone(),
        };
        let beside = if is_known { self.own() } else { fbas.alive() };
        let charges = Charges::new(self.groups, can_help_to_split(&fbas).difference(&self.own()));
        let outcome = self.cheapest_split(&fbas, &beside, &others, &charges, known);
        self.scenario.checked(outcome, known, "a set that splits a node off", |cost, split| {
            self.is_split_off(self.written(), split, &beside, &others)
                && self.groups.groups_of(&split.byzantine).len() as u32 == cost
        })
    }

    fn cheapest_split(
        &self,
        fbas: &Fbas,
        beside: &NodeSet,
        others: &NodeSet,
        charges: &Charges,
        known: &mut Known<Split>,
    ) -> Result<(), AnalysisError> {
        if self.scenario.techniques.bounds {
            // Whoever splits the node off splits the network: members of the core, or of anything.
            let scope =
                if beside.is_subset(self.scenario.view.core()) { self.options.scope } else { Scope::All };
            let mut anybody = Known::unwatched(known.budget());
            let outcome = smallest_splitting_set(self.scenario, scope, self.groups, &mut anybody);
            known.raise(anybody.lower());
            outcome?;
            let Some((_, split)) = anybody.best() else {
                known.prove();
                return Ok(());
            };
            self.in_place_of_another(fbas, split, beside, others, charges, known);
        }
        let bounds = Bounds::new(fbas, charges, known.budget())?;
        if let Some(own) = fbas.quorum_set_of(self.node).filter(|_| self.scenario.techniques.bounds) {
            let apart = others.iter().filter(|&other| other != self.node);
            let shared = apart.filter_map(|other| fbas.quorum_set_of(other)).collect::<BTreeSet<_>>();
            match shared.into_iter().map(|other| bounds.shared(own, other)).min() {
                None | Some(INFINITE) => {
                    known.prove();
                    return Ok(());
                }
                Some(least) => known.raise(least),
            }
        }
        known.enter("formulas");
        let limit = charges.cost(&fbas.alive()) as usize;
        let (mut sides, cost) = Sides::splitting_off(fbas, self.node, beside, others, charges, limit);
        let mut formula = std::mem::take(&mut sides.encoding.formula);
        minimise(&mut formula, &cost, known, |model| {
            let (a, b, byzantine) = sides.decode(model);
            let split = self.improved(fbas, beside, others, charges, Split { byzantine, a, b });
            Ok(Examined::Solution(charges.cost(&split.byzantine), split))
        })
    }

    /// Offers a split of somebody else in which the node changes places with one that asks for the same, if that is a split still.
    fn in_place_of_another(
        &self,
        fbas: &Fbas,
        split: &Split,
        beside: &NodeSet,
        others: &NodeSet,
        charges: &Charges,
        known: &mut Known<Split>,
    ) {
        let Split { byzantine, a, b } = split;
        let asks_alike = |other: &NodeId| fbas.quorum_set_of(*other) == fbas.quorum_set_of(self.node);
        for (a, b) in [(a, b), (b, a)] {
            for other in a.difference(byzantine).iter().filter(asks_alike).take(MOST_GUESSES) {
                let exchanged = |nodes: &NodeSet| {
                    let mut exchanged = nodes.clone();
                    for (from, to) in [(self.node, other), (other, self.node)] {
                        exchanged.remove(to);
                        if nodes.contains(from) {
                            exchanged.insert(to);
                        }
                    }
                    exchanged
                };
                let split = Split { byzantine: exchanged(byzantine), a: exchanged(a), b: exchanged(b) };
                if self.is_split_off(fbas, &split, beside, others) {
                    let split = self.improved(fbas, beside, others, charges, split);
                    known.offer(charges.cost(&split.byzantine), split);
                }
            }
        }
    }

    /// Drops Byzantine nodes, unit by unit, that are not needed.
    fn improved(
        &self,
        fbas: &Fbas,
        beside: &NodeSet,
        others: &NodeSet,
        charges: &Charges,
        mut split: Split,
    ) -> Split {
        for unit in charges.units(&split.byzantine) {
            let unit = NodeSet::of(fbas.node_count(), unit);
            let byzantine = split.byzantine.difference(&unit);
            for (from_a, from_b) in [(true, false), (false, true), (true, true)] {
                let [a, b] = [(&split.a, from_a), (&split.b, from_b)].map(|(side, is_left)| {
                    let side = if is_left { side.difference(&unit) } else { side.clone() };
                    fbas.largest_supported_inside(&side, &byzantine)
                });
                let fewer = Split { byzantine: byzantine.clone(), a, b };
                if self.is_split_off(fbas, &fewer, beside, others) {
                    split = fewer;
                    break;
                }
            }
        }
        split
    }

    /// Whether it is a split, with the node in A and not Byzantine, a member of `beside` that diverges there, and one of `others` in B.
    fn is_split_off(&self, fbas: &Fbas, split: &Split, beside: &NodeSet, others: &NodeSet) -> bool {
        let is_there = split.a.contains(self.node) && !split.byzantine.contains(self.node);
        is_there && is_split_between(fbas, split, beside, others)
    }

    /// Whom the node names, whom these name, and so on.
    fn reach(&self) -> NodeSet {
        let mut reached = self.scenario.nobody();
        let mut open = vec![self.node];
        while let Some(node) = open.pop() {
            let named =
                self.assignment.quorum_set_of(node).map(|id| self.assignment.quorum_sets().named_in(id));
            for named in named.into_iter().flatten() {
                if !reached.contains(named) {
                    reached.insert(named);
                    open.push(named);
                }
            }
        }
        reached
    }
}
