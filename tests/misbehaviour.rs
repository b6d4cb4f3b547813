//! Intact nodes and critical groups against brute force on thousands of nasty little networks, straight from the definitions.
//!
//! `FBAS_ORACLE_NETWORKS` sets how many networks are compared (2,000), `FBAS_ORACLE_SEED` the first one's seed (0).

#[allow(dead_code)] // Not everything the oracle knows is asked here.
mod support;

use std::collections::BTreeSet;

use families::Deviation;
use rand::seq::IndexedRandom;
use rand::Rng;
use stellar_fbas::analysis::{
    critical_groups, intact_nodes, AnalysisError, Candidates, CriticalGroup, IntactNodes, Options, Techniques,
};
use stellar_fbas::budget::{Budget, Stop};
use stellar_fbas::network::{GroupBy, Network, UnknownNodes};

use support::brute_force::Oracle;
use support::{
    keys, members, random_networks, Format, Grouping, Mask, QuorumSet, SmallNetwork, FORMATS, GROUPINGS,
};

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().expect("a whole number"))
}

/// A network with the way in which it is read.
struct Case {
    small: SmallNetwork,
    network: Network,
    /// The nodes that are listed or named.
    all: Mask,
    crashed: Mask,
    are_free: bool,
    ignore_one_node_quorums: bool,
    grouping: Grouping,
    techniques: Techniques,
}

impl Case {
    fn of(seed: u64, random: &mut impl Rng) -> Self {
        let small = random_networks::network(&mut random_networks::random(seed));
        let count = small.nodes.len();
        let order: Vec<usize> = (0..count).collect();
        let format: Format = *FORMATS.choose(random).expect("formats");
        let organizations = small.organizations_json().filter(|_| format != Format::Explorer);
        let nodes = small.nodes_json(&order, format);
        let organizations = organizations.as_deref().map(str::as_bytes);
        let network = Network::parse(nodes.as_bytes(), organizations).expect("valid input");
        let is_there = |node: &usize| network.node(&support::key(*node)).is_some();
        Case {
            all: mask((0..count).filter(is_there)),
            crashed: if random.random_bool(0.3) { random.random_range(0..1 << count) } else { 0 },
            are_free: random.random_bool(0.5),
            ignore_one_node_quorums: random.random_bool(0.3),
            grouping: match format {
                // Nobody says anything of groups there.
                Format::StellarCore => Grouping::Node,
                _ => *GROUPINGS.choose(random).expect("groupings"),
            },
            techniques: match random.random_bool(0.5) {
                true => Techniques::default(),
                false => Techniques {
                    bounds: random.random_bool(0.5),
                    guesses: random.random_bool(0.5),
                    exchange: random.random_bool(0.5),
                    counting: random.random_bool(0.5),
                    ..Techniques::default()
                },
            },
            small,
            network,
        }
    }

    fn options(&self) -> Options {
        Options::default()
            .with_group_by(self.grouping.name().map_or(GroupBy::Node, GroupBy::named))
            .with_faulty_nodes(keys(self.crashed))
            .with_unknown_nodes(if self.are_free { UnknownNodes::Free } else { UnknownNodes::Dead })
            .with_ignore_one_node_quorums(self.ignore_one_node_quorums)
            .with_techniques(self.techniques)
    }

    fn oracle(&self) -> Oracle<'_> {
        Oracle::reading(&self.small, self.are_free, self.crashed, self.ignore_one_node_quorums)
    }

    /// Crashed nodes, and stray ones where they are left out.
    fn gone(&self) -> Mask {
        let stray = Oracle::new(&self.small, self.are_free, self.crashed).stray_nodes();
        self.crashed | if self.ignore_one_node_quorums { stray } else { 0 }
    }

    fn mask(&self, keys: &[String]) -> Mask {
        let is_named = |node: &usize| keys.contains(&support::key(*node));
        let set = mask((0..self.small.nodes.len()).filter(is_named));
        assert_eq!(support::keys(set), keys, "sorted keys of the network");
        set
    }
}

fn mask(nodes: impl Iterator<Item = usize>) -> Mask {
    nodes.fold(0, |set, node| set | 1 << node)
}

/// Whether a set is dispensable.
fn is_dispensable(oracle: &Oracle, all: Mask, set: Mask) -> bool {
    let left = all & !set;
    if left != 0 && !oracle.is_quorum(left) {
        return false;
    }
    let quorums: Vec<Mask> =
        (1..=left).filter(|some| some & !left == 0 && oracle.is_side(some | set, set, all)).collect();
    quorums.iter().all(|a| quorums.iter().all(|b| a & b != 0))
}

#[test]
fn intact_nodes_are_those_of_the_definition() {
    let budget = Budget::unlimited();
    let first = setting("FBAS_ORACLE_SEED", 0);
    let (mut some_are_intact, mut are_several, mut more_than_the_dead) = (0, 0, 0);
    for seed in first..first + setting("FBAS_ORACLE_NETWORKS", 2_000) {
        let mut random = random_networks::random(seed ^ 0xD15_9E45);
        let case = Case::of(seed, &mut random);
        let ill: Mask = random.random_range(0..=case.all) & random.random_range(0..=case.all) & case.all;
        let oracle = case.oracle();
        let dispensable: Vec<Mask> = (0..=case.all)
            .filter(|set| set & !case.all == 0 && ill & !set == 0 && is_dispensable(&oracle, case.all, *set))
            .collect();
        let intact = dispensable.iter().fold(0, |intact, set| intact | case.all & !set);
        let found = intact_nodes(&case.network, &keys(ill), &case.options(), &budget).expect("no limit");
        assert!(found.is_exact, "seed {seed}");
        assert_eq!(case.mask(&found.intact), intact, "seed {seed}");
        assert_eq!(case.mask(&found.befouled), case.all & !intact, "seed {seed}");
        let set = case.mask(&found.dispensable_set);
        assert!(dispensable.contains(&set), "seed {seed}");
        assert_eq!(
            dispensable.iter().map(|set| set.count_ones()).min(),
            Some(set.count_ones()),
            "seed {seed}"
        );
        if oracle.has_quorum_intersection() && !case.are_free {
            assert_eq!(set, case.all & !intact, "seed {seed}: closed under intersection");
            more_than_the_dead += usize::from(set != case.all && set & !(ill | case.all & !oracle.live) != 0);
        }
        some_are_intact += usize::from(intact != 0);
        are_several += usize::from(set != case.all & !intact);
    }
    assert!(
        some_are_intact > 100 && are_several > 10 && more_than_the_dead > 10,
        "all kinds occur: {some_are_intact}, {are_several}, {more_than_the_dead}"
    );
}

fn check(case: &Case, group: &CriticalGroup, intersects: bool, seed: u64) -> Option<bool> {
    if !intersects {
        assert_eq!((group.is_critical, &group.disjoint_quorums), (None, &None), "seed {seed}");
        return None;
    }
    let nodes = case.mask(&group.nodes);
    let changed = case.small.misconfigured(nodes, case.gone());
    let oracle = Oracle::new(&changed, case.are_free, case.gone());
    let quorums = oracle.quorums();
    let splits = quorums.iter().any(|a| quorums.iter().any(|b| a & b == 0));
    assert_eq!(group.is_critical, Some(splits), "seed {seed}, {:?}", group.nodes);
    assert_eq!(group.disjoint_quorums.is_some(), splits, "seed {seed}");
    if let Some((a, b)) = &group.disjoint_quorums {
        let (a, b) = (case.mask(a), case.mask(b));
        assert!(oracle.is_quorum(a) && oracle.is_quorum(b) && a & b == 0, "seed {seed}");
    }
    Some(splits)
}

/// The quorum sets inside of a set, at any depth.
fn inner_sets<'a>(set: &'a QuorumSet, found: &mut Vec<&'a QuorumSet>) {
    for inner in &set.inner {
        found.push(inner);
        inner_sets(inner, found);
    }
}

#[test]
fn critical_groups_are_those_of_the_definition() {
    let budget = Budget::unlimited();
    let first = setting("FBAS_ORACLE_SEED", 0);
    let mut seen = [0; 3];
    for seed in first..first + setting("FBAS_ORACLE_NETWORKS", 2_000) {
        let case = Case::of(seed, &mut random_networks::random(seed ^ 0xC217_1CA1));
        let intersects = case.oracle().has_quorum_intersection();
        for candidates in [Candidates::Groups, Candidates::StellarCore] {
            let found =
                critical_groups(&case.network, candidates, &case.options(), &budget).expect("no limit");
            assert!(found.is_exact, "seed {seed}");
            assert_eq!(found.intersection.has_quorum_intersection(), intersects, "seed {seed}");
            let nodes: BTreeSet<Mask> = found.groups.iter().map(|group| case.mask(&group.nodes)).collect();
            assert_eq!(nodes.len(), found.groups.len(), "seed {seed}: each once");
            let expected: BTreeSet<Mask> = match candidates {
                Candidates::Groups => {
                    let alike = |node: usize| {
                        let label = case.small.group(node, case.grouping);
                        let is_alike = |other: &usize| case.small.group(*other, case.grouping) == label;
                        mask(members(case.all).filter(is_alike))
                    };
                    members(case.all).map(alike).collect()
                }
                Candidates::StellarCore => {
                    let sets: Vec<&QuorumSet> = case
                        .small
                        .nodes
                        .iter()
                        .filter_map(|node| node.quorum_set.as_ref())
                        .filter(|set| set.threshold > 0)
                        .collect();
                    let form = |set: &QuorumSet| {
                        let mut validators = set.validators.clone();
                        validators.sort_unstable();
                        (set.threshold, validators)
                    };
                    let outermost: Vec<_> =
                        sets.iter().filter(|set| set.inner.is_empty()).map(|set| form(set)).collect();
                    let mut inner = Vec::new();
                    sets.iter().for_each(|set| inner_sets(set, &mut inner));
                    let innermost = inner.into_iter().filter(|set| {
                        set.inner.is_empty() && !set.validators.is_empty() && !outermost.contains(&form(set))
                    });
                    innermost.map(QuorumSet::named).chain(members(case.all).map(|node| 1 << node)).collect()
                }
            };
            assert_eq!(nodes, expected, "seed {seed}");
            for group in &found.groups {
                let kind = check(&case, group, intersects, seed).map_or(2, usize::from);
                seen[kind] += 1;
            }
        }
    }
    assert!(seen.iter().all(|&count| count > 100), "all kinds occur: {seen:?}");
}

#[test]
fn when_time_runs_out_nothing_is_said_that_is_not_proven() {
    let deviation = Deviation { drop: 0.2, adapts: true, deviate: 0.2 };
    let network = families::almost_symmetric(13, deviation, 1).network().expect("valid");
    let over = Budget::unlimited().with_cancellation(|| true);
    let options = Options::default().with_anytime(true);
    let found = intact_nodes(&network, &["ORG000NODE0"], &options, &over).expect("anytime");
    let everybody: Vec<String> = network.nodes().map(|node| network.key(node).to_string()).collect();
    let nobody_is_proven = IntactNodes {
        ill_behaved: vec!["ORG000NODE0".into()],
        unknown_keys: Vec::new(),
        intact: Vec::new(),
        befouled: everybody.clone(),
        dispensable_set: everybody,
        is_exact: false,
    };
    assert_eq!(found, nobody_is_proven);
    let found = critical_groups(&network, Candidates::StellarCore, &options, &over).expect("anytime");
    assert!(!found.is_exact && found.groups.iter().all(|group| group.is_critical.is_none()));
    let options = Options::default();
    let stopped = intact_nodes(&network, &["ORG000NODE0"], &options, &over).expect_err("cancelled");
    assert_eq!(stopped, AnalysisError::Stopped(Stop::Cancelled));
}
