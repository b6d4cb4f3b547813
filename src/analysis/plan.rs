//! A change from one network to another: may the units (nodes or groups) that change do so in any order, and if not, in which?
//!
//! A state is safe when it has a quorum, every two of its quorums share a node and, if floors are given, no smallest set is below its floor.
//! Many states are asked about at once, in one query on a network: where a unit may have changed or not, each of its nodes asks for *one* of
//! its two quorum sets, which has at least the quorums and splits of each of these states; or for *both*, which has no quorum that one
//! of these states does not have. Where such a network has a split or no quorum, either one choice a unit explains it, which is an unsafe state,
//! or a unit that would have to do both is decided the one way and the other. Of an unsafe state only those units are remembered that
//! make it one, so that it stands for many; an order is looked for that passes none of those, until what it passes proves to be safe.

use super::blocking::cheapest_blocking_set;
use super::cost::charges::Charges;
use super::encode::change::{Change, Seen};
use super::encode::split::{arena, is_split};
use super::encode::states::{Choice, Kinds, Region};
use super::error::AnalysisError;
use super::intersection::find_and_keep;
use super::options::{Options, Scope};
use super::scenario::{check, Scenario};
use super::splitting::smallest_splitting_set;
use crate::budget::Budget;
use crate::known::Known;
use crate::network::{Fbas, GroupBy, Groups, NodeId, NodeSet, Transition};
use crate::subject::Figure;

/// Sizes that no state may fall below, counted by the grouping of the options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Floors {
    /// Of a smallest blocking set.
    pub blocking: u32,
    /// Of a smallest splitting set.
    pub splitting: u32,
}

/// Why a state is not safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Danger {
    /// It has no quorum.
    Halt,
    /// It has two disjoint quorums.
    Split,
    /// A smallest set is below its floor.
    Floor,
}

/// A state that is not safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsafeState {
    /// The units that have changed in it, in the order of their labels.
    pub changed: Vec<String>,
    /// Why.
    pub danger: Danger,
    /// If it is split: two disjoint quorums. Public keys, ascending.
    pub disjoint_quorums: Option<(Vec<String>, Vec<String>)>,
}

/// What can be said of a change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The units that change, in the order of their labels.
    pub units: Vec<String>,
    /// Whether every state between the two networks is safe, both of them included. Absent: not known.
    pub any_order_is_safe: Option<bool>,
    /// If not: a state that is not safe.
    pub unsafe_state: Option<UnsafeState>,
    /// As few rounds as possible, so that all states on the way are safe whatever the order in which the units of one round change. Absent: there
    /// is no such order or, if it is not exact, none was found.
    pub rounds: Option<Vec<Vec<String>>>,
    /// Whether both networks are safe and no order leads from one to the other, so that all units that change would have to at once.
    pub all_at_once: bool,
    /// Whether all of it is proven. Otherwise, with `anytime`, the budget ended first.
    pub is_exact: bool,
}

/// Whether a change is safe, and in which order it can be rolled out. A unit is a node or, by a grouping, the nodes of a group. What a node
/// sees may be another part of the network in each state, so [`Options::reachable_from`] does not count here.
pub fn plan(
    transition: &Transition,
    unit: &GroupBy,
    floors: Floors,
    options: &Options,
    budget: &Budget,
) -> Result<Plan, AnalysisError> {
    let network = transition.after();
    let groups = Groups::of(network, &options.group_by);
    let change = Change::new(transition, &Groups::of(network, unit), options);
    let mut plan =
        Plan { units: change.units.iter().map(|unit| unit.label.clone()).collect(), ..Plan::default() };
    let mut task = Task { change, groups, floors, options };
    let kinds = task.change.find_kinds(&task.groups, budget).map_err(AnalysisError::from);
    match kinds.and_then(|()| task.fill(&mut plan, budget)) {
        Err(error) if error.is_stopped() && options.anytime => Ok(plan),
        done => done.map(|()| Plan { is_exact: true, ..plan }),
    }
}

/// A state that is not safe, and all states that are not for the same reason.
struct Unsafe {
    has_changed: Vec<bool>,
    danger: Danger,
    disjoint_quorums: Option<(NodeSet, NodeSet)>,
    region: Region,
}

struct Task<'a> {
    change: Change<'a>,
    groups: Groups,
    floors: Floors,
    options: &'a Options,
}

impl Task<'_> {
    fn fill(&self, plan: &mut Plan, budget: &Budget) -> Result<(), AnalysisError> {
        // What is told of the way: in how many rounds at least.
        let subject = Figure::Order.into();
        let mut known: Known<()> = Known::new(&subject, budget);
        known.enter("states");
        let everything = Region::all(self.change.units.len());
        let Some(found) = self.unsafe_in(&everything, budget)? else {
            plan.any_order_is_safe = Some(true);
            let all = plan.units.clone();
            plan.rounds = Some(Some(all).filter(|all| !all.is_empty()).into_iter().collect());
            return Ok(());
        };
        plan.any_order_is_safe = Some(false);
        plan.unsafe_state = Some(self.described(&found));
        let mut forbidden = vec![found.region];
        let ends = [false, true].map(|has| Region::state(&vec![has; self.change.units.len()]));
        for end in &ends {
            if let Some(found) = self.unsafe_in(end, budget)? {
                // No order leads from or to a network that is not safe itself.
                plan.unsafe_state = Some(self.described(&found));
                return Ok(());
            }
        }
        plan.rounds = self.fewest_rounds(&mut forbidden, &mut known)?;
        plan.all_at_once = plan.rounds.is_none();
        Ok(())
    }

    fn fewest_rounds(
        &self,
        forbidden: &mut Vec<Region>,
        known: &mut Known<()>,
    ) -> Result<Option<Vec<Vec<String>>>, AnalysisError> {
        let budget = known.budget();
        let mut passed_safely: Vec<Region> = Vec::new();
        for most in 2..=self.change.units.len() {
            known.raise(most as u32);
            'rounds: while let Some(rounds) = self.change.kinds.rounds(most, forbidden, budget)? {
                for round in &rounds {
                    if passed_safely.contains(round) {
                        continue;
                    }
                    if let Some(found) = self.unsafe_in(round, budget)? {
                        forbidden.push(found.region);
                        continue 'rounds;
                    }
                    passed_safely.push(round.clone());
                }
                let labels =
                    |round: &Region| round.open().map(|unit| self.change.units[unit].label.clone()).collect();
                return Ok(Some(rounds.iter().map(labels).collect()));
            }
        }
        Ok(None)
    }

    fn described(&self, found: &Unsafe) -> UnsafeState {
        let network = self.change.transition.after();
        let changed = self.change.units.iter().zip(&found.has_changed).filter(|(_, &has)| has);
        UnsafeState {
            changed: changed.map(|(unit, _)| unit.label.clone()).collect(),
            danger: found.danger,
            disjoint_quorums: found
                .disjoint_quorums
                .as_ref()
                .map(|(a, b)| (network.keys_of(a), network.keys_of(b))),
        }
    }

    /// A state of the region that is not safe, if there is one.
    fn unsafe_in(&self, region: &Region, budget: &Budget) -> Result<Option<Unsafe>, AnalysisError> {
        if let Some(found) = self.halted_in(region, &self.nobody(), budget)? {
            return Ok(Some(found));
        }
        if let Some(found) = self.split_in(region, budget)? {
            return Ok(Some(found));
        }
        if self.floors.blocking > 1 {
            if let Some(found) = self.easily_halted_in(region, budget)? {
                return Ok(Some(found));
            }
        }
        if self.floors.splitting > 1 {
            return self.easily_split_in(region, budget);
        }
        Ok(None)
    }

    // ---------------------------------------------------------------- no quorum

    /// A state of the region without a quorum, when these nodes stop as well.
    fn halted_in(
        &self,
        region: &Region,
        stopped: &NodeSet,
        budget: &Budget,
    ) -> Result<Option<Unsafe>, AnalysisError> {
        let mut covered: Vec<Region> = Vec::new();
        let strict = self.change.fbas(&self.change.seen(region, Seen::Strictly), stopped);
        if self.change.is_one_system(region)
            && self.change.is_never_stray(&strict.largest_quorum_inside(&strict.alive()))
        {
            return Ok(None);
        }
        // With nodes stopped that are no units' own, units of one kind need not be exchangeable.
        let apart = Kinds((0..self.change.units.len()).map(|unit| vec![unit]).collect());
        let kinds = if stopped.is_empty() { &self.change.kinds } else { &apart };
        while let Some(has_changed) = kinds.outside(region, &covered, budget)? {
            budget.check()?;
            let fbas = self.change.fbas(&self.change.state(&has_changed), stopped);
            let quorum = fbas.largest_quorum_inside(&fbas.alive());
            if quorum.is_empty() {
                return Ok(Some(Unsafe {
                    region: self.all_halted(&has_changed, stopped),
                    has_changed,
                    danger: if stopped.is_empty() { Danger::Halt } else { Danger::Floor },
                    disjoint_quorums: None,
                }));
            }
            let minimal = self.undemanding_quorum(&fbas, &quorum, budget)?;
            covered.push(self.change.where_they_hold(&Region::state(&has_changed), &[&minimal]));
        }
        Ok(None)
    }

    /// A minimal quorum with as few members as possible that ask for something else in the one network than in the other.
    fn undemanding_quorum(
        &self,
        fbas: &Fbas,
        quorum: &NodeSet,
        budget: &Budget,
    ) -> Result<NodeSet, AnalysisError> {
        let order: Vec<NodeId> = self.change.transition.changing().iter().collect();
        Ok(fbas.minimal_quorum_inside(quorum, &order, || budget.check())?)
    }

    /// States that have no quorum, among them this one, with these nodes stopped.
    fn all_halted(&self, has_changed: &[bool], stopped: &NodeSet) -> Region {
        let mut region = Region::state(has_changed);
        for unit in 0..self.change.units.len() {
            let wider = region.with(unit, Choice::Either);
            let fbas = self.change.fbas(&self.change.seen(&wider, Seen::Generously), stopped);
            if self.change.is_one_system(&wider) && !fbas.has_quorum_inside(&fbas.alive()) {
                region = wider;
            }
        }
        region
    }

    // ---------------------------------------------------------------- two disjoint quorums

    fn split_in(&self, region: &Region, budget: &Budget) -> Result<Option<Unsafe>, AnalysisError> {
        self.first_in(region, budget, |region| {
            let found = self.seen_in(region, &[Seen::Loosely, Seen::Generously], |seen| {
                find_and_keep(seen, budget)?;
                Ok(seen.view.disjoint_quorums().cloned().flatten())
            })?;
            let Some((a, b)) = found else { return Ok(Looked::Nothing) };
            let Some(state) = self.change.explained(region, &[&a, &b]) else { return Ok(Looked::Somewhere) };
            let has_changed = state.first();
            let fbas = self.change.fbas(&self.change.state(&has_changed), &self.nobody());
            if !(fbas.is_quorum(&a) && fbas.is_quorum(&b) && a.is_disjoint(&b)) {
                return self.somewhere(region, "two disjoint quorums of a state");
            }
            Ok(Looked::Found(Unsafe {
                region: self.change.where_they_hold(&state, &[&a, &b]),
                has_changed,
                danger: Danger::Split,
                disjoint_quorums: Some((a, b)),
            }))
        })
    }

    // ---------------------------------------------------------------- floors

    fn easily_halted_in(&self, region: &Region, budget: &Budget) -> Result<Option<Unsafe>, AnalysisError> {
        self.first_in(region, budget, |region| {
            let seen = self.change.scenario(region, Seen::Strictly);
            let fbas = &seen.view.written;
            let charges = Charges::new(&self.groups, fbas.alive());
            let mut known = Known::unwatched(budget);
            cheapest_blocking_set(&seen, &charges, &mut known)?;
            let Some((cost, blocking)) = known.into_best().filter(|&(cost, _)| cost < self.floors.blocking)
            else {
                return Ok(Looked::Nothing);
            };
            // What stops all live nodes of these groups stops the state.
            let members = self.groups.groups_of(&blocking);
            debug_assert_eq!(members.len() as u32, cost);
            let all = self
                .change
                .transition
                .after()
                .nodes()
                .filter(|&node| members.contains(&self.groups.group(node)));
            let stopped = NodeSet::of(self.change.transition.after().node_count(), all);
            match self.halted_in(region, &stopped, budget)? {
                Some(found) => Ok(Looked::Found(found)),
                None => self.somewhere(region, "a blocking set of a state"),
            }
        })
    }

    fn easily_split_in(&self, region: &Region, budget: &Budget) -> Result<Option<Unsafe>, AnalysisError> {
        // Where any node may diverge, somebody may be split off whom nobody names.
        let ways: &[Seen] = match self.options.scope == Scope::All && self.change.ignores_stray {
            true => &[Seen::Splitting],
            false => &[Seen::Loosely, Seen::Generously],
        };
        self.first_in(region, budget, |region| {
            let lowest = self.seen_in(region, ways, |seen| {
                let mut known = Known::unwatched(budget);
                smallest_splitting_set(seen, self.options.scope, &self.groups, &mut known)?;
                Ok(known.into_best().filter(|&(cost, _)| cost < self.floors.splitting))
            })?;
            let Some((_, split)) = lowest else { return Ok(Looked::Nothing) };
            let honest = [&split.a, &split.b].map(|side| side.difference(&split.byzantine));
            let Some(state) = self.change.explained_despite(region, &honest, [&split.a, &split.b]) else {
                return Ok(Looked::Somewhere);
            };
            let has_changed = state.first();
            let scenario = self.change.scenario(&Region::state(&has_changed), Seen::Generously);
            let (_, diverging) = arena(&scenario.view, self.options.scope);
            let is_live = split.byzantine.is_subset(&scenario.view.live.alive());
            if !is_live || !is_split(&scenario.view.written, &split, &diverging) {
                return self.somewhere(region, "a split of a state");
            }
            Ok(Looked::Found(Unsafe {
                // Who is live and in the core hangs on everybody.
                region: Region::state(&has_changed),
                has_changed,
                danger: Danger::Floor,
                disjoint_quorums: None,
            }))
        })
    }

    // ---------------------------------------------------------------- regions

    /// Looks into the region, and where it cannot be told at once, into its two halves, and so on.
    fn first_in(
        &self,
        region: &Region,
        budget: &Budget,
        mut look: impl FnMut(&Region) -> Result<Looked, AnalysisError>,
    ) -> Result<Option<Unsafe>, AnalysisError> {
        let mut open = vec![region.clone()];
        while let Some(region) = open.pop() {
            budget.check()?;
            let looked = if self.change.is_one_system(&region) { look(&region)? } else { Looked::Somewhere };
            match looked {
                Looked::Nothing => {}
                Looked::Found(found) => return Ok(Some(found)),
                Looked::Somewhere => {
                    if let Some(unit) = self.next(&region) {
                        open.push(region.with(unit, Choice::After));
                        open.push(region.with(unit, Choice::Before));
                    }
                }
            }
        }
        Ok(None)
    }

    /// What the region shows in the last of these ways, unless it shows nothing in an earlier one, each of which shows at least as much. A single
    /// state is the same network in all of them.
    fn seen_in<T>(
        &self,
        region: &Region,
        ways: &[Seen],
        mut look: impl FnMut(&Scenario) -> Result<Option<T>, AnalysisError>,
    ) -> Result<Option<T>, AnalysisError> {
        let is_one_state = region.open().next().is_none();
        let mut shown = None;
        for &seen in &ways[if is_one_state { ways.len() - 1 } else { 0 }..] {
            shown = look(&self.change.scenario(region, seen))?;
            if shown.is_none() {
                break;
            }
        }
        Ok(shown)
    }

    /// What was seen is in none of the states that explain it. A single state is seen as it is, so there it must be.
    fn somewhere(&self, region: &Region, claim: &str) -> Result<Looked, AnalysisError> {
        check(region.open().next().is_some(), claim)?;
        Ok(Looked::Somewhere)
    }

    /// Which unit to decide about: one that cannot be seen both ways, or else the one with most nodes that change.
    fn next(&self, region: &Region) -> Option<usize> {
        let rank = |&unit: &usize| {
            (self.change.is_known_once(unit), self.change.units[unit].changing.len(), std::cmp::Reverse(unit))
        };
        region.open().max_by_key(rank)
    }

    fn nobody(&self) -> NodeSet {
        NodeSet::empty(self.change.transition.after().node_count())
    }
}

/// What a region that is seen as one network told.
enum Looked {
    /// All its states are safe in this respect.
    Nothing,
    /// One of them is not.
    Found(Unsafe),
    /// Perhaps one of them is not.
    Somewhere,
}
