//! Splitting one node off: how few others, if Byzantine, let it diverge from a member of the core or, with [`Scope::All`], from anybody?
//!
//! A split with the node on one side is a split of the network, so the least splitting set bounds it from below. Two sets made of a known
//! split are often the answer: in one the node changes places with a node that asks for the same; in the other a side takes in all nodes
//! that it satisfies, the node among them.
//!
//! For a node outside the core the bound is the smaller of two costs. Either a member of the core diverges on the node's side, too, so that
//! the core splits. Or all honest nodes of that side are outside the core, and Byzantine nodes satisfy one of them, alone or together with
//! nodes of its own strongly connected component.

use std::sync::OnceLock;

use super::cost::bounds::{Bound, Bounds};
use super::cost::charges::Charges;
use super::encode::sides::Sides;
use super::encode::split::{can_help_to_split, is_split_between, least_shared_with, Split};
use super::error::AnalysisError;
use super::options::Scope;
use super::scenario::Scenario;
use super::splitting::smallest_splitting_set;
use super::technique::counting::splits::{Counting, Found, Sets};
use super::technique::deciding::Deciding;
use super::technique::outside::least_outside;
use crate::known::{Known, Step};
use crate::network::{Fbas, GroupBy, Groups, NodeId, NodeSet};
use crate::sat::{minimise, Examined};

/// With how many nodes that ask for the same the node changes places to guess a split.
const MOST_GUESSES: usize = 32;

/// What is known of the least splitting set of the network, once it was asked for: it is the same for all nodes.
#[derive(Debug, Default)]
pub(super) struct Least {
    core: OnceLock<Lower>,
    all: OnceLock<Lower>,
}

/// No set that splits costs less; the cheapest split that is known, if any is.
#[derive(Debug, Clone)]
struct Lower {
    cost: Bound,
    split: Option<Split>,
}

impl Lower {
    fn of(known: Known<Split>) -> Self {
        Lower { cost: Bound::of(&known), split: known.into_best().map(|(_, split)| split) }
    }
}

/// One node, to be split off.
#[derive(Clone, Copy)]
pub(super) struct SplitOff<'a> {
    pub scenario: &'a Scenario<'a>,
    pub groups: &'a Groups,
    pub scope: Scope,
    pub least: &'a Least,
    pub node: NodeId,
}

impl SplitOff<'_> {
    /// Looks for the cheapest set.
    pub fn search(&self, known: &mut Known<Split>) -> Result<(), AnalysisError> {
        known.budget().check()?;
        let view = &self.scenario.view;
        let live = &view.live;
        if !live.alive().contains(self.node) {
            known.prove();
            return Ok(());
        }
        if self.scope == Scope::All && self.scenario.techniques.bounds {
            self.off_the_core(known)?;
            if known.is_proven() {
                return Ok(());
            }
        }
        // Whoever diverges, and all on whom they depend. Who asks for nothing does not diverge; then anybody beside it may.
        let (beside, others) = self.diverging();
        let fbas = match self.scope {
            Scope::Core if live.is_known(self.node) => {
                live.reduced_to(&live.reachable_from(&others.union(&self.own())))
            }
            Scope::Core | Scope::All => live.clone(),
        };
        let charges = Charges::new(self.groups, can_help_to_split(&fbas).difference(&self.own()));
        let outcome = Field { task: self, fbas, beside, others, charges }.cheapest(known);
        self.scenario.checked(outcome, known, "a set that splits a node off", |cost, split| {
            self.is_met(split) && self.groups.groups_of(&split.byzantine).len() as u32 == cost
        })
    }

    /// Takes over what splits the node off from the core, as far as nothing outside it is cheaper.
    fn off_the_core(&self, known: &mut Known<Split>) -> Result<(), AnalysisError> {
        let view = &self.scenario.view;
        let live = &view.live;
        let outside = live.alive().difference(view.core());
        let charges = Charges::new(self.groups, can_help_to_split(live).difference(&self.own()));
        let outside = least_outside(live, &charges, &outside, known.budget())?;
        if !outside.is_positive() {
            return Ok(());
        }
        let mut in_core = Known::unwatched(known.budget());
        let outcome = SplitOff { scope: Scope::Core, ..*self }.search(&mut in_core);
        let least = Bound::of(&in_core).min(outside);
        if let Some((cost, split)) = in_core.into_best() {
            known.offer(cost, split);
        }
        least.raise(known);
        outcome
    }

    /// Whether it does, by the definition.
    pub fn is_met(&self, split: &Split) -> bool {
        let (beside, others) = self.diverging();
        is_split_off(&self.scenario.view.written, self.node, split, &beside, &others)
    }

    /// Who may diverge on the node's side, and who on the other.
    fn diverging(&self) -> (NodeSet, NodeSet) {
        let view = &self.scenario.view;
        let beside = if view.live.is_known(self.node) { self.own() } else { view.live.alive() };
        let others = match self.scope {
            Scope::Core => view.core().clone(),
            Scope::All => view.live.alive(),
        };
        (beside, others)
    }

    /// The node alone.
    fn own(&self) -> NodeSet {
        NodeSet::of(self.scenario.view.written.node_count(), [self.node])
    }

    /// What is known of the least splitting set of the network. It is looked for once.
    fn least(&self, scope: Scope, known: &Known<Split>) -> Result<Lower, AnalysisError> {
        let place = match scope {
            Scope::Core => &self.least.core,
            Scope::All => &self.least.all,
        };
        if let Some(lower) = place.get() {
            return Ok(lower.clone());
        }
        let mut whole = Known::unwatched(known.budget());
        smallest_splitting_set(self.scenario, scope, self.groups, &mut whole)?;
        Ok(place.get_or_init(|| Lower::of(whole)).clone())
    }
}

/// The part of the network in which the node is split off.
struct Field<'a> {
    task: &'a SplitOff<'a>,
    fbas: Fbas,
    /// Who may diverge on the node's side.
    beside: NodeSet,
    /// Who may diverge on the other side.
    others: NodeSet,
    charges: Charges<'a>,
}

impl Field<'_> {
    fn cheapest(&self, known: &mut Known<Split>) -> Result<(), AnalysisError> {
        let Field { fbas, others, charges, .. } = self;
        let bounds = Bounds::new(fbas, charges, known.budget())?;
        if self.task.scenario.techniques.bounds {
            let Lower { cost, split } = self.least_for(known)?;
            cost.raise(known);
            if cost == Bound::Impossible {
                return Ok(());
            }
            if let Some(split) = &split {
                self.in_place_of_another(split, known);
                self.with_all_who_follow(split, known);
            }
        }
        if self.task.scenario.techniques.bounds {
            least_shared_with(fbas, &bounds, self.task.node, others).raise(known);
        }
        let mut counting = Counting::splitting_off(fbas, self.task.node, others, charges, &bounds);
        let counts_first = counting.as_ref().is_some_and(Counting::is_apt);
        let techniques = self.task.scenario.techniques;
        let mut steps: [Step<_, _>; 3] = [
            (techniques.counting, &mut |known| self.count(counting.as_mut(), known)),
            (techniques.deciding && fbas.is_known(self.task.node), &mut |known| self.decide(known)),
            (true, &mut |known| self.by_formulas(known)),
        ];
        if !counts_first {
            steps.swap(0, 1);
        }
        known.until_proven(&mut steps)
    }

    fn by_formulas(&self, known: &mut Known<Split>) -> Result<(), AnalysisError> {
        known.enter("formulas");
        let Field { fbas, beside, others, charges, .. } = self;
        let limit = charges.cost(&fbas.alive()) as usize;
        let (mut sides, cost) =
            Sides::splitting_off(fbas, self.task.node, beside, others, charges, limit, known.budget());
        let mut formula = std::mem::take(&mut sides.encoding.formula);
        minimise(&mut formula, &cost, known, |model| {
            let (a, b, byzantine) = sides.decode(model);
            let split = self.improved(Split { byzantine, a, b });
            Ok(Examined::Solution(charges.cost(&split.byzantine), split))
        })
    }

    /// Asks which units can be Byzantine together without splitting the node off, where they are few.
    fn decide(&self, known: &mut Known<Split>) -> Result<(), AnalysisError> {
        let nodes = Groups::of(self.task.scenario.network, &GroupBy::Node);
        let deciding = Deciding {
            fbas: &self.fbas,
            diverging: &self.others,
            given: Some(self.task.node),
            nodes: &nodes,
            techniques: self.task.scenario.techniques,
        };
        deciding.fewest(&self.charges.units(&self.fbas.alive()), known, &|split| {
            let split = self.improved(split);
            (self.charges.cost(&split.byzantine), split)
        })
    }

    /// Counts as far as counting tells anything.
    fn count(&self, counting: Option<&mut Counting>, known: &mut Known<Split>) -> Result<(), AnalysisError> {
        let Some(counting) = counting else { return Ok(()) };
        let budget = known.budget();
        known.enter("counting");
        if !counting.tells_much(known.lower(), budget)? {
            return Ok(());
        }
        let upper = known.upper().unwrap_or(self.charges.cost(&self.fbas.alive()) + 1);
        while known.lower() < upper {
            match counting.split(known.lower(), budget)? {
                Found::Nothing => known.raise(known.lower() + 1),
                Found::Unknown => return Ok(()),
                Found::Split(Sets { byzantine, a, b }) => {
                    self.offer(Split { byzantine, a, b }, known);
                    return Ok(());
                }
            }
        }
        known.prove();
        Ok(())
    }

    /// A bound from below, and a split to begin with.
    fn least_for(&self, known: &Known<Split>) -> Result<Lower, AnalysisError> {
        let Field { fbas, beside, .. } = self;
        let core = self.task.scenario.view.core();
        if self.task.scope == Scope::All || beside.is_subset(core) {
            return self.task.least(self.task.scope, known);
        }
        if !fbas.is_known(self.task.node) {
            return self.task.least(Scope::All, known);
        }
        let mut lower = self.task.least(Scope::Core, known)?;
        let outside = fbas.reachable_from(&self.task.own()).union(&self.task.own()).difference(core);
        let outside = least_outside(fbas, &self.charges, &outside, known.budget())?;
        lower.cost = lower.cost.min(outside);
        Ok(lower)
    }

    /// Offers a split of somebody else, of which one side has as many as it can.
    fn with_all_who_follow(&self, split: &Split, known: &mut Known<Split>) {
        let fbas = &self.fbas;
        let Split { byzantine, a, b } = split;
        for (side, other) in [(a, b), (b, a)] {
            if side.is_empty() || byzantine.contains(self.task.node) {
                continue;
            }
            let room = fbas.alive().difference(&other.difference(byzantine));
            let a = fbas.largest_supported_inside(&room, byzantine);
            let split = Split { byzantine: byzantine.clone(), a, b: other.clone() };
            self.offer(split, known);
        }
    }

    /// Offers a split of somebody else in which the node changes places with one that asks for the same, if that is a split still.
    fn in_place_of_another(&self, split: &Split, known: &mut Known<Split>) {
        let fbas = &self.fbas;
        let Split { byzantine, a, b } = split;
        let asks_alike = |other: &NodeId| fbas.quorum_set_of(*other) == fbas.quorum_set_of(self.task.node);
        for (a, b) in [(a, b), (b, a)] {
            for other in a.difference(byzantine).iter().filter(asks_alike).take(MOST_GUESSES) {
                let exchanged = |nodes: &NodeSet| nodes.exchanged(self.task.node, other);
                let split = Split { byzantine: exchanged(byzantine), a: exchanged(a), b: exchanged(b) };
                self.offer(split, known);
            }
        }
    }

    /// Offers what is made of somebody else's split, if it is one that splits the node off.
    fn offer(&self, Split { byzantine, a, b }: Split, known: &mut Known<Split>) {
        // Who is Byzantine to no purpose, as nobody here names it, is left out.
        let idle = byzantine.difference(self.charges.charged());
        let [byzantine, a, b] = [byzantine, a, b].map(|nodes| nodes.difference(&idle));
        let split = Split { byzantine, a, b };
        if self.is_split_off(&split) {
            let split = self.improved(split);
            known.offer(self.charges.cost(&split.byzantine), split);
        }
    }

    /// Drops Byzantine nodes, unit by unit, that are not needed.
    fn improved(&self, mut split: Split) -> Split {
        let Field { fbas, charges, .. } = self;
        for unit in charges.units(&split.byzantine) {
            let unit = NodeSet::of(fbas.node_count(), unit);
            let byzantine = split.byzantine.difference(&unit);
            for (from_a, from_b) in [(true, false), (false, true), (true, true)] {
                let [a, b] = [(&split.a, from_a), (&split.b, from_b)].map(|(side, is_left)| {
                    let side = if is_left { side.difference(&unit) } else { side.clone() };
                    fbas.largest_supported_inside(&side, &byzantine)
                });
                let fewer = Split { byzantine: byzantine.clone(), a, b };
                if self.is_split_off(&fewer) {
                    split = fewer;
                    break;
                }
            }
        }
        split
    }

    fn is_split_off(&self, split: &Split) -> bool {
        is_split_off(&self.fbas, self.task.node, split, &self.beside, &self.others)
    }
}

/// Whether it is a split, with the node in A and not Byzantine, a member of `beside` that diverges there, and one of `others` in B.
fn is_split_off(fbas: &Fbas, node: NodeId, split: &Split, beside: &NodeSet, others: &NodeSet) -> bool {
    let is_there = split.a.contains(node) && !split.byzantine.contains(node);
    is_there && is_split_between(fbas, split, beside, others)
}
