//! Decides whether the states of a change are safe. A state is safe if it has a quorum, every two of its quorums share a node and, where
//! floors are given, no smallest blocking or splitting set is below its floor.
//!
//! One query covers all states of a region, in which some units (nodes or groups) are open: they may have changed or not. The query is about
//! one network that stands for these states. In it each node of an open unit asks for *one* of its two quorum sets, so that the network has
//! at least the quorums and splits of each state; or for *both*, so that it has no quorum that one of the states does not have. If such a
//! network has a split or no quorum, the region may have an unsafe state. Where one choice for each open unit explains what was found, that
//! choice is an unsafe state. Otherwise the region is divided in two: in one half an open unit has changed, in the other it has not. Of an
//! unsafe state only those units are remembered that make it unsafe, so that it stands for many.

use super::blocking::cheapest_blocking_set;
use super::cost::bounds::Bound;
use super::cost::charges::Charges;
use super::encode::change::{Change, Seen};
use super::encode::split::{arena, is_split};
use super::encode::states::{Choice, Kinds, Region};
use super::error::AnalysisError;
use super::intersection::find_and_keep;
use super::options::{Options, Scope};
use super::scenario::{check, Scenario};
use super::splitting::{least_shared_in, smallest_splitting_set};
use crate::budget::Budget;
use crate::known::Known;
use crate::network::{Fbas, GroupBy, Groups, NodeId, NodeSet, Transition};

/// So many states are sooner asked about one by one than as regions, of which much is true that is true of none of their states.
const FEW_STATES: usize = 128;

/// Sizes that no state may fall below, counted by the grouping of the options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Floors {
    /// Of a smallest blocking set.
    pub blocking: u32,
    /// Of a smallest splitting set.
    pub splitting: u32,
}

/// What is asked of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demands {
    /// That it has a quorum.
    pub quorum: bool,
    /// That no two of its quorums are disjoint.
    pub intersection: bool,
    /// That no smallest set is below its floor.
    pub floors: Floors,
}

impl Demands {
    /// All that makes a state safe.
    pub fn of(floors: Floors) -> Self {
        Demands { quorum: true, intersection: true, floors }
    }
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

/// A state that is not safe, and all states that are not for the same reason.
pub struct Unsafe {
    pub has_changed: Vec<bool>,
    pub danger: Danger,
    pub disjoint_quorums: Option<(NodeSet, NodeSet)>,
    pub region: Region,
}

/// The states of a change, and what is asked of them.
pub struct Safety<'a> {
    pub change: Change<'a>,
    groups: Groups,
    demands: Demands,
    options: &'a Options,
}

impl<'a> Safety<'a> {
    /// The states in which some of these units have changed and the others have not. All are told apart until [`Safety::find_kinds`].
    pub fn new(transition: &'a Transition, unit: &GroupBy, demands: Demands, options: &'a Options) -> Self {
        let network = transition.after();
        let change = Change::new(transition, &Groups::of(network, unit), options);
        Safety { change, groups: Groups::of(network, &options.group_by), demands, options }
    }

    /// Finds out which units can be exchanged without making a difference, so that they are counted.
    pub fn find_kinds(&mut self, budget: &Budget) -> Result<(), AnalysisError> {
        Ok(self.change.find_kinds(&self.groups, budget)?)
    }

    /// The labels of some units, in their order.
    pub fn labels(&self, units: impl IntoIterator<Item = usize>) -> Vec<String> {
        units.into_iter().map(|unit| self.change.units[unit].label.clone()).collect()
    }

    /// An unsafe state, as people call it.
    pub fn described(&self, found: &Unsafe) -> UnsafeState {
        let network = self.change.transition.after();
        let changed = (0..found.has_changed.len()).filter(|&unit| found.has_changed[unit]);
        UnsafeState {
            changed: self.labels(changed),
            danger: found.danger,
            disjoint_quorums: found
                .disjoint_quorums
                .as_ref()
                .map(|(a, b)| (network.keys_of(a), network.keys_of(b))),
        }
    }

    /// A state of the region that is not safe, if there is one.
    pub fn unsafe_in(&self, region: &Region, budget: &Budget) -> Result<Option<Unsafe>, AnalysisError> {
        if self.demands.quorum {
            if let Some(found) = self.halted_in(region, &self.nobody(), budget)? {
                return Ok(Some(found));
            }
        }
        if self.demands.intersection {
            if let Some(found) = self.split_in(region, budget)? {
                return Ok(Some(found));
            }
        }
        if self.demands.floors.blocking > 1 {
            if let Some(found) = self.easily_halted_in(region, budget)? {
                return Ok(Some(found));
            }
        }
        if self.demands.floors.splitting > 1 {
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
        while let Some(has_changed) = kinds.outside(region, region.0.len(), &covered, budget)? {
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
            let floor = self.demands.floors.blocking;
            let mut known = Known::unwatched(budget).below(Some(floor));
            cheapest_blocking_set(&seen, &charges, &mut known)?;
            let Some((cost, blocking)) = known.into_best().filter(|&(cost, _)| cost < floor) else {
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
        let floor = self.demands.floors.splitting;
        let are_few = self.options.techniques.deciding && self.change.kinds.states(region) <= FEW_STATES;
        self.first_in(region, budget, |region| {
            if are_few && region.open().next().is_some() {
                return self.easily_split_by_bounds(region, ways, budget);
            }
            let lowest = self.seen_in(region, ways, |seen| {
                let mut known = Known::unwatched(budget).below(Some(floor));
                smallest_splitting_set(seen, self.options.scope, &self.groups, &mut known)?;
                Ok(known.into_best().filter(|&(cost, _)| cost < floor))
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
                region: self.where_the_core_is_the_same(&has_changed),
                has_changed,
                danger: Danger::Floor,
                disjoint_quorums: None,
            }))
        })
    }

    /// What bounds alone tell of many states.
    fn easily_split_by_bounds(
        &self,
        region: &Region,
        ways: &[Seen],
        budget: &Budget,
    ) -> Result<Looked, AnalysisError> {
        for &seen in ways {
            let seen = self.change.scenario(region, seen);
            if least_shared_in(&seen, self.options.scope, &self.groups, budget)?
                >= Bound::AtLeast(self.demands.floors.splitting)
            {
                return Ok(Looked::Nothing);
            }
        }
        Ok(Looked::Somewhere)
    }

    /// The states that differ from this one in nobody on whom the core depends in any of them, so that the core and its splits are the same. Where a
    /// split may be elsewhere, or somebody may be left out in one of them only, it is this state alone, as all may hang on everybody.
    fn where_the_core_is_the_same(&self, has_changed: &[bool]) -> Region {
        let state = Region::state(has_changed);
        let mut region = Region::all(has_changed.len());
        if self.options.scope != Scope::Core || self.change.may_be_stray() {
            return state;
        }
        loop {
            if !self.change.is_one_system(&region) {
                return state;
            }
            let seen = self.change.scenario(&region, Seen::Splitting);
            let reached = seen.view.live.reachable_from(seen.view.core());
            let counts = |&unit: &usize| !self.change.units[unit].changing.is_disjoint(&reached);
            let counting: Vec<usize> = region.open().filter(counts).collect();
            if counting.is_empty() {
                return region;
            }
            counting.into_iter().for_each(|unit| region.0[unit] = state.0[unit]);
        }
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
                        open.push(self.change.kinds.without(&region, unit));
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
