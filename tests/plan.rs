//! Changes from one network to another against brute force: all states, and all orders in rounds, of thousands of random pairs of nasty
//! little networks, straight from the definitions.
//!
//! `FBAS_ORACLE_NETWORKS` sets how many pairs are compared (5,000), `FBAS_ORACLE_SEED` the first one's seed (0).

#[allow(dead_code)] // Not everything the oracle knows is asked here.
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::time::Duration;

use rand::seq::IndexedRandom;
use rand::Rng;
use serde_json::{json, Value};
use stellar_fbas::analysis::{
    plan, rollout, splitting_sets, AnalysisError, Danger, Floors, Options, Plan, Rollout, Scope, Size, Stage,
    Techniques,
};
use stellar_fbas::budget::{Budget, Stop};
use stellar_fbas::network::{FindingCode, GroupBy, Network, Transition, UnknownNodes};
use stellar_fbas::subject::{Figure, Part, State, Subject};

use support::brute_force::Oracle;
use support::{members, plain, random_networks, Format, Grouping, Mask, SmallNetwork, GROUPINGS};

const MOST_UNITS: usize = 6;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().expect("a whole number"))
}

/// A pair of networks of the same nodes, and how it is read.
struct Case {
    before: SmallNetwork,
    after: SmallNetwork,
    transition: Transition,
    unit: Grouping,
    grouping: Grouping,
    floors: Floors,
    are_free: bool,
    crashed: Mask,
    ignores_stray: bool,
    scope: Scope,
    exchange: bool,
    asks_states: bool,
}

fn parsed(small: &SmallNetwork) -> Network {
    let order: Vec<usize> = (0..small.nodes.len()).collect();
    let organizations = small.organizations_json();
    let text = small.nodes_json(&order, Format::Nodes);
    Network::parse(text.as_bytes(), organizations.as_deref().map(str::as_bytes)).expect("valid input")
}

impl Case {
    fn of(seed: u64, random: &mut impl Rng) -> Self {
        let before = random_networks::network(&mut random_networks::random(seed));
        let mut after = before.clone();
        let others = random_networks::network(&mut random_networks::random(seed ^ 0xA57E12));
        let named_by_others = |set: &support::QuorumSet| set.named() >> before.nodes.len() == 0;
        for (node, other) in after.nodes.iter_mut().zip(&others.nodes) {
            match random.random_range(0..6) {
                0 => node.quorum_set = other.quorum_set.clone().filter(named_by_others),
                1 | 2 => {
                    if let Some(set) = &mut node.quorum_set {
                        set.threshold = (set.threshold.min(9) + random.random_range(0..3)).saturating_sub(1);
                    }
                }
                3 if random.random_bool(0.3) => {
                    node.is_listed = false;
                    node.quorum_set = None;
                }
                _ => {}
            }
            node.is_listed |= node.quorum_set.is_some();
        }
        // Often a few nodes adopt what another one asks for.
        if random.random_bool(0.3) {
            let count = after.nodes.len();
            let set = after.nodes[random.random_range(0..count)].quorum_set.clone();
            for node in &mut after.nodes {
                if node.is_listed && set.is_some() && random.random_bool(0.6) {
                    node.quorum_set = set.clone();
                }
            }
        }
        let transition = Transition::between(&parsed(&before), &parsed(&after)).expect("few nodes");
        let has_floors = random.random_bool(0.4);
        Case {
            unit: *[Grouping::Node, *GROUPINGS.choose(random).expect("groupings")]
                .choose(random)
                .expect("two"),
            grouping: *GROUPINGS.choose(random).expect("groupings"),
            floors: match has_floors {
                true => Floors { blocking: random.random_range(0..4), splitting: random.random_range(0..4) },
                false => Floors::default(),
            },
            are_free: random.random_bool(0.3),
            crashed: if random.random_bool(0.3) {
                random.random_range(0..1 << before.nodes.len())
            } else {
                0
            },
            ignores_stray: random.random_bool(0.3),
            scope: if random.random_bool(0.5) { Scope::Core } else { Scope::All },
            exchange: random.random_bool(0.8),
            asks_states: random.random_bool(0.5),
            before,
            after,
            transition,
        }
    }

    fn options(&self) -> Options {
        Options::default()
            .with_group_by(self.grouping.name().map_or(GroupBy::Node, GroupBy::named))
            .with_faulty_nodes(support::keys(self.crashed))
            .with_unknown_nodes(if self.are_free { UnknownNodes::Free } else { UnknownNodes::Dead })
            .with_ignore_one_node_quorums(self.ignores_stray)
            .with_scope(self.scope)
            .with_techniques(Techniques {
                exchange: self.exchange,
                deciding: self.asks_states,
                ..Techniques::default()
            })
    }

    fn plan(&self, budget: &Budget) -> Result<Plan, AnalysisError> {
        let unit = self.unit.name().map_or(GroupBy::Node, GroupBy::named);
        plan(&self.transition, &unit, self.floors, &self.options(), budget)
    }

    fn rollout(&self, budget: &Budget) -> Result<Rollout, AnalysisError> {
        let unit = self.unit.name().map_or(GroupBy::Node, GroupBy::named);
        rollout(&self.transition, &unit, self.floors, &self.options(), budget)
    }

    /// What the network is like when these nodes have changed.
    fn stage(&self, changed: Mask) -> Stage {
        let state = self.state(changed);
        let oracle = Oracle::reading(&state, self.are_free, self.crashed, self.ignores_stray);
        let diverging = match self.scope {
            Scope::Core => oracle.core,
            Scope::All => oracle.live,
        };
        let mut stage = Stage { is_exact: true, ..Stage::default() };
        let top_tier: BTreeSet<String> =
            members(oracle.top_tier()).map(|node| state.group(node, self.grouping)).collect();
        let splitting = oracle.smallest_splitting(&oracle.splitting_sets(diverging), self.grouping);
        let blocking = oracle.smallest_blocking(self.grouping);
        stage.has_quorum_intersection = oracle.has_quorum_intersection();
        stage.has_splitting_set = splitting.is_some();
        stage.figures.top_tier_size = top_tier.len() as u32;
        stage.figures.blocking_sets_min_size = blocking;
        stage.figures.blocking_sets_filtered_min_size = blocking;
        stage.figures.splitting_sets_min_size = splitting.unwrap_or(stage.figures.top_tier_size);
        stage
    }

    /// The networks of nodes as they are grouped here: listed in the one or the other.
    fn both(&self) -> SmallNetwork {
        let mut both = self.before.clone();
        for (node, later) in both.nodes.iter_mut().zip(&self.after.nodes) {
            node.is_listed |= later.is_listed;
        }
        both
    }

    /// The nodes of each unit.
    fn units(&self, labels: &[String]) -> Vec<Mask> {
        let both = self.both();
        let nodes = |label: &String| {
            let belongs = |node: &usize| both.group(*node, self.unit) == plain(label);
            (0..both.nodes.len()).filter(belongs).fold(0, |all, node| all | 1 << node)
        };
        labels.iter().map(nodes).collect()
    }

    fn state(&self, changed: Mask) -> SmallNetwork {
        let mut state = self.both();
        for node in members(changed) {
            state.nodes[node].quorum_set = self.after.nodes[node].quorum_set.clone();
        }
        state
    }

    fn danger(&self, changed: Mask) -> Option<Danger> {
        let state = self.state(changed);
        let oracle = Oracle::reading(&state, self.are_free, self.crashed, self.ignores_stray);
        if !oracle.has_quorum() {
            return Some(Danger::Halt);
        }
        if !oracle.has_quorum_intersection() {
            return Some(Danger::Split);
        }
        let diverging = match self.scope {
            Scope::Core => oracle.core,
            Scope::All => oracle.live,
        };
        let is_low = oracle.smallest_blocking(self.grouping) < self.floors.blocking
            || self.floors.splitting > 1
                && oracle
                    .smallest_splitting(&oracle.splitting_sets(diverging), self.grouping)
                    .is_some_and(|size| size < self.floors.splitting);
        is_low.then_some(Danger::Floor)
    }
}

/// How few rounds lead from nothing to all, if every state between the first and the last of a round must be safe.
fn fewest_rounds(is_safe: &[bool]) -> Option<usize> {
    let mut rounds = vec![None; is_safe.len()];
    rounds[0] = Some(0usize).filter(|_| is_safe[0]);
    for state in 1..is_safe.len() {
        for from in (0..state).filter(|from| from & !state == 0) {
            let passes = |via: usize| via & !state == 0 && from & !via == 0;
            if (from..=state).filter(|&via| passes(via)).all(|via| is_safe[via]) {
                let through = rounds[from].map(|count| count + 1);
                rounds[state] = [rounds[state], through].into_iter().flatten().min();
            }
        }
    }
    rounds[is_safe.len() - 1]
}

#[test]
fn plans_are_as_brute_force_has_them() {
    let budget = Budget::unlimited();
    let first = setting("FBAS_ORACLE_SEED", 0);
    let (mut any_order, mut in_rounds, mut at_once, mut floors) = (0, 0, 0, 0);
    for seed in first..first + setting("FBAS_ORACLE_NETWORKS", 5_000) {
        let mut random = random_networks::random(seed ^ 0x9_1A45);
        let case = Case::of(seed, &mut random);
        let found = case.plan(&budget).expect("no limit");
        let units = case.units(&found.units);
        if units.len() > MOST_UNITS {
            continue;
        }
        let nodes = |state: usize| {
            units
                .iter()
                .enumerate()
                .filter(|(unit, _)| state >> unit & 1 == 1)
                .fold(0, |all, (_, unit)| all | unit)
        };
        let changing = nodes((1 << units.len()) - 1);
        for node in (0..case.before.nodes.len()).filter(|node| changing >> node & 1 == 0) {
            let [before, after] = [&case.before, &case.after].map(|network| &network.nodes[node].quorum_set);
            let asks = |set: &Option<support::QuorumSet>| {
                let set = set.as_ref().filter(|set| set.threshold > 0)?;
                Some(
                    (0..1 << case.before.nodes.len())
                        .map(|nodes| set.is_satisfied_by(nodes))
                        .collect::<Vec<_>>(),
                )
            };
            assert_eq!(asks(before), asks(after), "seed {seed}: node {node} is of no unit");
        }
        let dangers: Vec<Option<Danger>> =
            (0..1 << units.len()).map(|state| case.danger(nodes(state))).collect();
        let is_safe: Vec<bool> = dangers.iter().map(Option::is_none).collect();
        assert!(found.is_exact, "seed {seed}");
        assert_eq!(found.any_order_is_safe, Some(is_safe.iter().all(|&safe| safe)), "seed {seed}");
        assert_eq!(found.unsafe_state.is_none(), found.any_order_is_safe == Some(true), "seed {seed}");
        let number = |label: &String| found.units.iter().position(|unit| unit == label).expect("a unit");
        if let Some(state) = &found.unsafe_state {
            let index = state.changed.iter().fold(0, |all, label| all | 1usize << number(label));
            assert_eq!(Some(state.danger), dangers[index], "seed {seed}: state {index:b}");
            assert_eq!(state.disjoint_quorums.is_some(), state.danger == Danger::Split, "seed {seed}");
            if let Some((a, b)) = &state.disjoint_quorums {
                let small = case.state(nodes(index));
                let oracle = Oracle::reading(&small, case.are_free, case.crashed, case.ignores_stray);
                let mask = |keys: &[String]| {
                    let is_named = |node: &usize| keys.contains(&support::key(*node));
                    (0..small.nodes.len()).filter(is_named).fold(0, |all: Mask, node| all | 1 << node)
                };
                assert!(oracle.is_quorum(mask(a)) && oracle.is_quorum(mask(b)) && mask(a) & mask(b) == 0);
            }
        }
        let expected = fewest_rounds(&is_safe);
        assert_eq!(found.rounds.as_ref().map(Vec::len), expected, "seed {seed}: {is_safe:?}");
        let ends_are_safe = is_safe[0] && is_safe[is_safe.len() - 1];
        assert_eq!(found.all_at_once, ends_are_safe && expected.is_none(), "seed {seed}");
        let mut state = 0;
        for round in found.rounds.iter().flatten() {
            let next = round.iter().fold(state, |all, label| all | 1usize << number(label));
            assert!(!round.is_empty() && (next & !state).count_ones() as usize == round.len(), "seed {seed}");
            let passes = |via: usize| via & !next == 0 && state & !via == 0;
            assert!((state..=next).filter(|&via| passes(via)).all(|via| is_safe[via]), "seed {seed}");
            state = next;
        }
        assert!(found.rounds.is_none() || state + 1 == is_safe.len(), "seed {seed}");
        any_order += usize::from(found.any_order_is_safe == Some(true) && units.len() > 1);
        in_rounds += usize::from(expected.is_some_and(|rounds| rounds > 1));
        at_once += usize::from(found.all_at_once);
        floors += usize::from(dangers.contains(&Some(Danger::Floor)));
    }
    println!("any order {any_order}, in rounds {in_rounds}, at once {at_once}, floors {floors}");
    assert!(any_order > 30 && in_rounds > 30 && at_once > 5 && floors > 30);
}

#[test]
fn stages_are_as_brute_force_has_them() {
    let budget = Budget::unlimited();
    let first = setting("FBAS_ORACLE_SEED", 0);
    let (mut rounds, mut unsafe_states) = (0, 0);
    for seed in first..first + setting("FBAS_ORACLE_NETWORKS", 5_000) / 5 {
        let mut random = random_networks::random(seed ^ 0x9_1A45);
        let case = Case::of(seed, &mut random);
        let found = case.rollout(&budget).expect("no limit");
        assert_eq!(found.plan, case.plan(&budget).expect("no limit"), "seed {seed}");
        let nodes = |labels: &[String]| case.units(labels).iter().fold(0, |all, unit| all | unit);
        assert_eq!(found.before, case.stage(0), "seed {seed}");
        assert_eq!(found.after, case.stage(nodes(&found.plan.units)), "seed {seed}");
        let in_state = found.plan.unsafe_state.as_ref().map(|state| case.stage(nodes(&state.changed)));
        assert_eq!(found.unsafe_state, in_state, "seed {seed}");
        let mut changed = 0;
        for (round, stage) in found.plan.rounds.iter().flatten().zip(&found.rounds) {
            changed |= nodes(round);
            assert_eq!(*stage, case.stage(changed), "seed {seed}: after {round:?}");
        }
        assert_eq!(found.rounds.len(), found.plan.rounds.as_ref().map_or(0, Vec::len), "seed {seed}");
        rounds += found.rounds.len();
        unsafe_states += usize::from(found.unsafe_state.is_some());
    }
    println!("rounds {rounds}, unsafe states {unsafe_states}");
    assert!(rounds > 100 && unsafe_states > 100);
}

/// The same case with unknown nodes read the other way; as free, but whom one of the networks does not list is in no quorum of it.
fn read_the_other_way(case: &Case) -> Case {
    let nothing = support::QuorumSet { threshold: 1, validators: Vec::new(), inner: Vec::new() };
    let [mut before, mut after] = [case.before.clone(), case.after.clone()];
    for (earlier, later) in before.nodes.iter_mut().zip(&mut after.nodes) {
        match (earlier.is_listed, later.is_listed) {
            _ if case.are_free => {}
            (true, false) => later.quorum_set = Some(nothing.clone()),
            (false, true) => earlier.quorum_set = Some(nothing.clone()),
            _ => {}
        }
    }
    let transition = Transition::between(&parsed(&case.before), &parsed(&case.after)).expect("few nodes");
    Case { before, after, transition, are_free: !case.are_free, ..*case }
}

/// Whom others count on, of those who are up and whose quorum set is not known in one of the networks.
fn unknown_and_counted_on(case: &Case) -> Vec<String> {
    let networks = [&case.before, &case.after];
    let usable = |network: &SmallNetwork, node: usize| {
        network.nodes[node].quorum_set.clone().filter(|set| set.threshold > 0)
    };
    let concerned = |&node: &usize| {
        let is_named = |network: &&SmallNetwork| {
            let names = |other: usize| usable(network, other).is_some_and(|set| set.named() >> node & 1 == 1);
            (0..network.nodes.len()).any(|other| other != node && names(other))
        };
        networks.iter().any(|network| usable(network, node).is_none())
            && case.crashed >> node & 1 == 0
            && networks.iter().any(is_named)
    };
    (0..case.before.nodes.len()).filter(concerned).map(support::key).collect()
}

#[test]
fn what_hangs_on_unknown_nodes_is_what_brute_force_finds_in_both_readings() {
    let budget = Budget::unlimited();
    let first = setting("FBAS_ORACLE_SEED", 0);
    let mut seen: BTreeMap<Figure, usize> = BTreeMap::new();
    let mut with_more_units = 0;
    for seed in first..first + setting("FBAS_ORACLE_NETWORKS", 5_000) {
        let mut random = random_networks::random(seed ^ 0x9_1A45);
        let case = Case::of(seed, &mut random);
        let other = read_the_other_way(&case);
        let found = case.rollout(&budget).expect("no limit");
        let Rollout { plan, findings, .. } = &found;
        // Who is in no unit here, but comes or goes with an unknown quorum set: such a group may do so at any time.
        let mut labels = plan.units.clone();
        for node in 0..other.before.nodes.len() {
            let [was, is] = [&other.before, &other.after].map(|network| &network.nodes[node]);
            let label = case.both().group(node, case.unit);
            if other.are_free
                && was.is_listed != is.is_listed
                && !labels.iter().any(|known| plain(known) == label)
            {
                labels.push(label);
            }
        }
        let units = case.units(&labels);
        if units.len() > MOST_UNITS {
            continue;
        }
        with_more_units += usize::from(labels.len() > plan.units.len());
        let nodes = |state: usize| {
            let changed = units.iter().enumerate().filter(|(unit, _)| state >> unit & 1 == 1);
            changed.fold(0, |all, (_, unit)| all | unit)
        };
        let (own, all) = ((1usize << plan.units.len()) - 1, (1usize << units.len()) - 1);
        let is_safe: Vec<bool> = (0..=all).map(|state| other.danger(nodes(state)).is_none()).collect();
        let mut expected: BTreeSet<Subject> = BTreeSet::new();
        let any_order = is_safe.iter().all(|&safe| safe);
        if plan.any_order_is_safe != Some(any_order) {
            expected.insert(Figure::AnyOrder.into());
        }
        let differs = match &plan.rounds {
            Some(rounds) => {
                let mut before = 0;
                let mut is_unsafe = false;
                for round in rounds {
                    let number =
                        |label: &String| labels.iter().position(|unit| unit == label).expect("a unit");
                    let next = round.iter().fold(before, |all, label| all | 1usize << number(label));
                    let passes = |via: usize| via & own & !next == 0 && before & !via == 0;
                    is_unsafe |= !(0..=all).filter(|&via| passes(via)).all(|via| is_safe[via]);
                    before = next;
                }
                is_unsafe && plan.any_order_is_safe == Some(false)
            }
            None => {
                let outcome = |is_safe: &[bool]| match (is_safe[0], is_safe[is_safe.len() - 1]) {
                    (false, _) => "before",
                    (_, false) => "after",
                    _ if fewest_rounds(is_safe).is_some() => "some",
                    _ => "at once",
                };
                let here: Vec<bool> = (0..=own).map(|state| case.danger(nodes(state)).is_none()).collect();
                outcome(&here) != outcome(&is_safe)
            }
        };
        if differs {
            expected.insert(Figure::Order.into());
        }
        for (end, changed, here) in
            [(State::Before, 0, found.before), (State::After, nodes(all), found.after)]
        {
            let there = other.stage(changed);
            let sizes =
                |stage: &Stage| stage.has_splitting_set.then_some(stage.figures.splitting_sets_min_size);
            let figures = [
                (Figure::Intersection, here.has_quorum_intersection == there.has_quorum_intersection),
                (Figure::TopTier, here.figures.top_tier_size == there.figures.top_tier_size),
                (
                    Figure::Blocking,
                    here.figures.blocking_sets_min_size == there.figures.blocking_sets_min_size,
                ),
                (Figure::Splitting, sizes(&here) == sizes(&there)),
            ];
            let other = figures.into_iter().filter(|(_, is_same)| !is_same);
            expected.extend(other.map(|(figure, _)| Subject::new(figure, Part::State(end))));
        }
        assert!(!findings.iter().any(|finding| finding.code == FindingCode::NotExact), "seed {seed}");
        let hanging: Vec<_> = findings
            .iter()
            .filter(|finding| finding.code == FindingCode::VerdictDependsOnUnknownNodes)
            .collect();
        let told: BTreeSet<Subject> = hanging.iter().flat_map(|finding| finding.subjects.clone()).collect();
        assert_eq!(told, expected, "seed {seed}: {plan:?} {is_safe:?}");
        for finding in hanging {
            assert_eq!(finding.nodes, unknown_and_counted_on(&other), "seed {seed}");
        }
        told.into_iter().for_each(|subject| *seen.entry(subject.figure).or_default() += 1);
    }
    println!("{seen:?}, with more units {with_more_units}");
    assert!(seen.len() == 6 && seen.values().all(|&count| count > 10) && with_more_units > 10);
}

#[test]
fn whenever_it_is_stopped_only_what_is_proven_hangs_on_unknown_nodes() {
    let subjects = |found: &Rollout, code: FindingCode| -> BTreeSet<Subject> {
        let told = found.findings.iter().filter(|finding| finding.code == code);
        told.flat_map(|finding| finding.subjects.clone()).collect()
    };
    let hangs = FindingCode::VerdictDependsOnUnknownNodes;
    let (mut open, mut with_all) = (0, 0);
    for seed in 0..100 {
        let case = Case::of(seed, &mut random_networks::random(seed ^ 0x9_1A45));
        let all = subjects(&case.rollout(&Budget::unlimited()).expect("no limit"), hangs);
        let options = case.options().with_anytime(true);
        for most in (0..).step_by(7) {
            let asked = Arc::new(AtomicUsize::new(0));
            let count = asked.clone();
            let budget = Budget::unlimited()
                .with_threads(1)
                .with_cancellation(move || count.fetch_add(1, Ordering::Relaxed) >= most);
            let unit = case.unit.name().map_or(GroupBy::Node, GroupBy::named);
            let found = rollout(&case.transition, &unit, case.floors, &options, &budget).expect("anytime");
            let [told, not_known] = [hangs, FindingCode::NotExact].map(|code| subjects(&found, code));
            assert!(told.is_subset(&all), "seed {seed}, {most}: {told:?} of {all:?}");
            assert!(told.is_disjoint(&not_known), "seed {seed}, {most}");
            open += usize::from(!not_known.is_empty());
            if asked.load(Ordering::Relaxed) < most {
                assert!(told == all && not_known.is_empty(), "seed {seed}");
                with_all += usize::from(!all.is_empty());
                break;
            }
        }
    }
    println!("not known {open}, all of some {with_all}");
    assert!(open > 10 && with_all > 10);
}

#[test]
fn with_anytime_all_that_is_known_when_the_time_is_up_is_told() {
    let mut random = random_networks::random(0x9_1A45);
    let case = Case::of(0, &mut random);
    let over = Budget::unlimited().with_time_limit(Duration::ZERO);
    assert!(matches!(case.rollout(&over), Err(AnalysisError::Stopped(Stop::Timeout))));
    let options = case.options().with_anytime(true);
    let found = rollout(&case.transition, &GroupBy::Node, case.floors, &options, &over).expect("anytime");
    assert!(!found.plan.is_exact && found.plan.any_order_is_safe.is_none() && found.plan.rounds.is_none());
    assert!(!found.before.is_exact && !found.after.is_exact && !found.after.has_quorum_intersection);
}

/// Organizations of three nodes, 2 of them each. The first `changed` of the earlier `earlier` ones, and `came` later ones, ask for 14 of all 20,
/// the others for 12 of 17.
fn of_twenty(changed: usize, came: usize) -> Network {
    let organization = |number: usize| {
        let validators: Vec<String> = (0..3).map(|node| format!("o{number}v{node}")).collect();
        json!({ "threshold": 2, "validators": validators, "innerQuorumSets": [] })
    };
    let of = |threshold: usize, count: usize| {
        let inner: Vec<Value> = (0..count).map(organization).collect();
        json!({ "threshold": threshold, "validators": [], "innerQuorumSets": inner })
    };
    let quorum_set = |number: usize| match number {
        17.. if number - 17 >= came => Value::Null,
        ..17 if number >= changed => of(12, 17),
        _ => of(14, 20),
    };
    let node = |number: usize, node: usize| json!({ "publicKey": format!("o{number}v{node}"), "organizationId": format!("o{number}"), "quorumSet": quorum_set(number) });
    let nodes: Vec<Value> = (0..20)
        .flat_map(|number| (0..3).map(move |index| (number, index)))
        .map(|(number, index)| node(number, index))
        .collect();
    Network::parse(Value::from(nodes).to_string().as_bytes(), None).expect("valid input")
}

#[test]
fn twenty_organizations_change_in_as_few_rounds_as_sizes_of_all_states_allow() {
    const FLOOR: u32 = 7;
    let budget = Budget::unlimited();
    let options = Options::default().with_group_by(GroupBy::Organization);
    let is_safe = |changed: usize, came: usize| {
        let found = splitting_sets(&of_twenty(changed, came), &options, &budget).expect("no limit");
        matches!(found.set.size, Size::Exactly(size) if size >= FLOOR)
    };
    let states: Vec<[bool; 4]> =
        (0..=17).map(|changed| [0, 1, 2, 3].map(|came| is_safe(changed, came))).collect();
    let all = |changed: std::ops::RangeInclusive<usize>, came: std::ops::RangeInclusive<usize>| {
        states[changed].iter().all(|row| row[came.clone()].iter().all(|&is_safe| is_safe))
    };
    assert!(all(0..=0, 0..=0) && all(17..=17, 3..=3) && !all(0..=17, 0..=3), "an order is wanted");
    let transition = Transition::between(&of_twenty(0, 0), &of_twenty(17, 3)).expect("the same nodes");
    let floors = Floors { blocking: 0, splitting: FLOOR };
    let found = plan(&transition, &GroupBy::Organization, floors, &options, &budget).expect("no limit");
    assert_eq!((found.any_order_is_safe, found.is_exact, found.units.len()), (Some(false), true, 20));
    let rounds = found.rounds.expect("an order");
    // One round would pass all states.
    assert_eq!(rounds.len(), 2);
    let (mut changed, mut came) = (0, 0);
    for round in &rounds {
        let newcomers = round.iter().filter(|label| ["o17", "o18", "o19"].contains(&label.as_str())).count();
        let next = (changed + round.len() - newcomers, came + newcomers);
        assert!(all(changed..=next.0, came..=next.1), "{round:?}");
        (changed, came) = next;
    }
    assert_eq!((changed, came), (17, 3));
}
