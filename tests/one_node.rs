//! All that concerns one node against brute force on thousands of nasty little networks, straight from the definitions: every policy, scope
//! and grouping.
//!
//! `FBAS_ORACLE_NETWORKS` sets how many networks are compared (1,000), `FBAS_ORACLE_SEED` the first one's seed (0).

#[allow(dead_code)] // Not everything the oracle knows is asked here.
mod support;

use std::collections::BTreeSet;

use rand::seq::IndexedRandom;
use rand::Rng;
use stellar_fbas::analysis::{
    blocking_sets, core, critical_groups, every_node, findings_on, findings_on_every, history_critical,
    intact_nodes, one_node, perform_analysis, splitting_sets, top_tier, Candidates, CriticalGroups,
    MinimalSet, NamedQuorumSet, OneNode, Options, Scope, Size, Techniques,
};
use stellar_fbas::budget::Budget;
use stellar_fbas::network::{Finding, FindingCode, GroupBy, Network, UnknownNodes};

use stellar_fbas::subject::{Figure, Subject};
use support::brute_force::Oracle;
use support::{keys, members, random_networks, Format, Grouping, Mask, QuorumSet, SmallNetwork, GROUPINGS};

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().expect("a whole number"))
}

fn mask(nodes: impl Iterator<Item = usize>) -> Mask {
    nodes.fold(0, |set, node| set | 1 << node)
}

/// One node of a network under one reading.
struct Case<'a> {
    small: &'a SmallNetwork,
    oracle: &'a Oracle<'a>,
    all: Mask,
    /// Crashed nodes, and stray ones where they are left out.
    gone: Mask,
    grouping: Grouping,
    node: usize,
    scope: Scope,
}

impl Case<'_> {
    fn mask(&self, keys: &[String]) -> Mask {
        let set = mask((0..self.small.nodes.len()).filter(|&node| keys.contains(&support::key(node))));
        assert_eq!(support::keys(set), keys, "sorted keys of the network");
        set
    }

    /// The fewest groups of nodes that are one of these sets.
    fn fewest(&self, sets: impl Iterator<Item = Mask>) -> Option<u32> {
        sets.map(|set| self.small.groups(set, self.grouping).len() as u32).min()
    }

    /// Sets of other nodes that are in some quorum.
    fn others(&self) -> impl Iterator<Item = Mask> {
        let may_be = self.oracle.live & !(1 << self.node);
        (0..=may_be).filter(move |set| set & !may_be == 0)
    }

    fn halts(&self, set: Mask) -> bool {
        self.oracle.quorums().iter().all(|quorum| quorum & set != 0 || quorum >> self.node & 1 == 0)
    }

    /// Whether it meets every slice in the live nodes, which the node itself helps to satisfy.
    fn is_v_blocking(&self, set: Mask) -> bool {
        if self.oracle.live >> self.node & 1 == 0 {
            return true;
        }
        let quorum_set = self.small.nodes[self.node].quorum_set.as_ref().filter(|set| set.threshold > 0);
        quorum_set.is_some_and(|quorum_set| !quorum_set.is_satisfied_by(self.oracle.live & !set))
    }

    /// Whether a set splits the node off, with the other side's diverging member among `others`.
    fn splits_off(&self, byzantine: Mask, others: Mask) -> bool {
        let own: Mask = 1 << self.node;
        let beside = if self.oracle.known & own != 0 { own } else { self.all };
        let is_a = |side: &Mask| side & own != 0 && self.oracle.is_side(*side, byzantine, beside);
        (0..=self.all).filter(is_a).any(|a| {
            let free = self.all & !(a & !byzantine);
            (0..=free).any(|b| b & !free == 0 && self.oracle.is_side(b, byzantine, others))
        })
    }

    fn check(&self, set: &MinimalSet, expected: Option<u32>, holds: impl Fn(Mask) -> bool, what: &str) {
        let size = expected.map_or(Size::NoSet, Size::Exactly);
        assert_eq!(set.size, size, "{what}");
        if let Some(size) = expected {
            let nodes = self.mask(&set.example_nodes);
            assert!(nodes & (1 << self.node) == 0 && holds(nodes), "{what}");
            assert_eq!(self.small.groups(nodes, self.grouping).len() as u32, size, "{what}");
            assert_eq!(set.example_set.len() as u32, size, "{what}");
        }
    }

    fn compare(&self, found: &OneNode, what: &str) {
        let oracle = self.oracle;
        let own: Mask = 1 << self.node;
        let is_in = |set: Mask| set & own != 0;
        assert_eq!(found.key, support::key(self.node));
        assert_eq!(found.is_in_quorum, is_in(oracle.live), "{what}");
        assert_eq!(found.is_in_core, is_in(oracle.core), "{what}");
        assert_eq!(found.is_in_top_tier, Some(is_in(oracle.top_tier())), "{what}");
        let halting = self.fewest(self.others().filter(|&set| self.halts(set)));
        self.check(&found.halting, halting, |set| self.halts(set), &format!("halting, {what}"));
        let v_blocking = self.fewest(self.others().filter(|&set| self.is_v_blocking(set)));
        self.check(
            &found.v_blocking,
            v_blocking,
            |set| self.is_v_blocking(set),
            &format!("v-blocking, {what}"),
        );
        let others = if self.scope == Scope::Core { oracle.core } else { oracle.live };
        let splits = |set: Mask| self.splits_off(set, others);
        let is_live = is_in(oracle.live);
        let splitting = self.fewest(self.others().filter(|&set| is_live && splits(set)));
        self.check(&found.splitting.set, splitting, splits, &format!("splitting off, {what}"));
        if splitting.is_some() {
            let (a, b) = (self.mask(&found.splitting.quorum_a), self.mask(&found.splitting.quorum_b));
            let byzantine = self.mask(&found.splitting.set.example_nodes);
            assert!(is_in(a) && a & b & !byzantine == 0, "{what}");
            assert!(oracle.is_side(a, byzantine, self.all) && oracle.is_side(b, byzantine, others), "{what}");
        }
        let needs_it = |other: &usize| {
            let with_it = |quorum: &Mask| quorum >> other & 1 == 0 || is_in(*quorum);
            *other != self.node && oracle.live >> other & 1 == 1 && oracle.quorums().iter().all(with_it)
        };
        assert_eq!(self.mask(&found.dependents), mask(members(self.all).filter(needs_it)), "{what}");
        let named = |node: usize| match &self.small.nodes[node].quorum_set {
            Some(set) if set.threshold > 0 && self.gone >> node & 1 == 0 => set.named(),
            _ => 0,
        };
        let trusts = |other: &usize| *other != self.node && is_in(named(*other));
        assert_eq!(self.mask(&found.trusted_by), mask(members(self.all).filter(trusts)), "{what}");
        let mut reach = named(self.node);
        for _ in 0..self.small.nodes.len() {
            reach = members(reach).fold(reach, |reach, node| reach | named(node));
        }
        assert_eq!(self.mask(&found.reach), reach, "{what}");
    }
}

/// How often each remark on a quorum set was made: it names its node, dead validators, dead sets, sets without tolerance, organisations that stop
/// it alone.
#[derive(Debug, Default)]
struct Remarks([usize; 5]);

impl std::ops::AddAssign for Remarks {
    fn add_assign(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(all, more)| *all += more);
    }
}

impl Case<'_> {
    /// The remarks on the node's quorum set, by the definitions.
    fn compare_quorum_set(&self, found: &OneNode, what: &str) -> Remarks {
        let own: Mask = 1 << self.node;
        let live = self.oracle.live;
        let set = self.small.nodes[self.node].quorum_set.as_ref().filter(|set| set.threshold > 0);
        let Some(set) = set.filter(|_| self.gone & own == 0) else {
            assert_eq!(found.quorum_set, None, "{what}");
            return Remarks::default();
        };
        let remarks = found.quorum_set.as_ref().expect("a quorum set");
        assert_eq!(remarks.quorum_set.threshold, set.threshold, "{what}");
        assert_eq!(remarks.names_itself, set.named() & own != 0, "{what}");
        assert_eq!(self.mask(&remarks.dead_validators), set.named() & !live, "{what}");
        let mut inner: Vec<&QuorumSet> = Vec::new();
        inner_sets(set, &mut inner);
        let is_dead = |set: &QuorumSet| !set.is_satisfied_by(live);
        // Nodes and inner sets fail one at a time, each wherever it is listed.
        let is_intolerant = |set: &QuorumSet| {
            let without = |validators: Mask, inner: Option<&QuorumSet>| {
                let nodes =
                    set.validators.iter().filter(|&&node| live & !validators & 1 << node != 0).count();
                let sets = set.inner.iter().filter(|&entry| !is_dead(entry) && !same(inner, entry)).count();
                ((nodes + sets) as u64) < set.threshold
            };
            let by_node = set.validators.iter().any(|&node| without(1 << node, None));
            !is_dead(set) && (by_node || set.inner.iter().any(|entry| without(0, Some(entry))))
        };
        let dead: BTreeSet<String> = inner.iter().filter(|set| is_dead(set)).map(|set| text(set)).collect();
        let intolerant: BTreeSet<String> =
            inner.iter().filter(|set| is_intolerant(set)).map(|set| text(set)).collect();
        let texts = |sets: &[NamedQuorumSet]| sets.iter().map(named_text).collect::<BTreeSet<_>>();
        assert_eq!(texts(&remarks.dead_sets), dead, "{what}");
        assert_eq!(texts(&remarks.intolerant_sets), intolerant, "{what}");
        let mut stopping = BTreeSet::new();
        for label in self.small.groups(live, Grouping::Organization) {
            let members =
                members(live & !own).filter(|&node| self.small.group(node, Grouping::Organization) == label);
            let members = mask(members);
            if members != 0 && live & own != 0 && self.halts(members) {
                stopping.insert(label);
            }
        }
        assert_eq!(remarks.stopped_by.iter().cloned().collect::<BTreeSet<_>>(), stopping, "{what}");
        let counts = [&dead, &intolerant, &stopping].map(|all| usize::from(!all.is_empty()));
        let names_dead = usize::from(!remarks.dead_validators.is_empty());
        Remarks([usize::from(remarks.names_itself), names_dead, counts[0], counts[1], counts[2]])
    }
}

fn inner_sets<'a>(set: &'a QuorumSet, found: &mut Vec<&'a QuorumSet>) {
    for inner in &set.inner {
        found.push(inner);
        inner_sets(inner, found);
    }
}

fn same(one: Option<&QuorumSet>, other: &QuorumSet) -> bool {
    one.is_some_and(|one| text(one) == text(other))
}

/// A quorum set as text that does not hang on the order of entries.
fn text(set: &QuorumSet) -> String {
    let mut validators: Vec<String> = set.validators.iter().map(|&node| support::key(node)).collect();
    validators.sort();
    let mut inner: Vec<String> = set.inner.iter().map(text).collect();
    inner.sort();
    format!("{} {validators:?} {inner:?}", set.threshold)
}

fn named_text(set: &NamedQuorumSet) -> String {
    let mut inner: Vec<String> = set.inner_quorum_sets.iter().map(named_text).collect();
    inner.sort();
    format!("{} {:?} {inner:?}", set.threshold, set.validators)
}

#[test]
fn what_concerns_a_node_is_what_the_definitions_say() {
    let budget = Budget::unlimited();
    let first = setting("FBAS_ORACLE_SEED", 0);
    let mut seen = [[0; 5]; 3];
    let mut seen_sets = Remarks::default();
    for seed in first..first + setting("FBAS_ORACLE_NETWORKS", 1_000) {
        let mut random = random_networks::random(seed ^ 0x0E_0D0E);
        let small = random_networks::network(&mut random_networks::random(seed));
        let order: Vec<usize> = (0..small.nodes.len()).collect();
        let nodes = small.nodes_json(&order, Format::Nodes);
        let organizations = small.organizations_json();
        let organizations = organizations.as_deref().map(str::as_bytes);
        let network = Network::parse(nodes.as_bytes(), organizations).expect("valid input");
        let all = mask(order.iter().copied().filter(|&node| network.node(&support::key(node)).is_some()));
        let crashed: Mask = if random.random_bool(0.3) { random.random_range(0..=all) & all } else { 0 };
        let (are_free, ignores) = (random.random_bool(0.5), random.random_bool(0.3));
        let oracle = Oracle::reading(&small, are_free, crashed, ignores);
        let stray = Oracle::new(&small, are_free, crashed).stray_nodes();
        let gone = crashed | if ignores { stray } else { 0 };
        let grouping = *GROUPINGS.choose(&mut random).expect("groupings");
        let scope = if random.random_bool(0.5) { Scope::Core } else { Scope::All };
        let options = Options::default()
            .with_group_by(grouping.name().map_or(GroupBy::Node, GroupBy::named))
            .with_faulty_nodes(keys(crashed))
            .with_unknown_nodes(if are_free { UnknownNodes::Free } else { UnknownNodes::Dead })
            .with_ignore_one_node_quorums(ignores)
            .with_scope(scope)
            .with_techniques(Techniques {
                bounds: random.random_bool(0.7),
                guesses: random.random_bool(0.7),
                counting: random.random_bool(0.7),
                deciding: random.random_bool(0.7),
                subsets: random.random_bool(0.5),
                ..Techniques::default()
            });
        let every = every_node(&network, &options, &budget).expect("no limit");
        assert_eq!(every.iter().map(|one| one.key.clone()).collect::<Vec<_>>(), keys(all), "seed {seed}");
        for (node, among_all) in members(all).zip(&every) {
            let what = format!("node {node} of seed {seed}");
            let id = network.node(&support::key(node)).expect("a node of the network");
            let found = one_node(&network, id, &options, &budget).expect("no limit");
            let case = Case { small: &small, oracle: &oracle, all, gone, grouping, node, scope };
            case.compare(&found, &what);
            case.compare(among_all, &format!("{what}, asked about with all others"));
            seen_sets += case.compare_quorum_set(&found, &what);
            assert_eq!(found.quorum_set, among_all.quorum_set, "{what}");
            for (kind, set) in
                [&found.halting, &found.v_blocking, &found.splitting.set].into_iter().enumerate()
            {
                let size = set.size.smallest_known().map_or(4, |size| size.min(3) as usize);
                seen[kind][size] += 1;
            }
        }
    }
    assert!(seen.iter().flatten().all(|&count| count > 0), "all sizes occur: {seen:?}");
    assert!(seen_sets.0.iter().all(|&count| count > 20), "all remarks occur: {seen_sets:?}");
}

#[test]
fn what_a_node_sees_is_a_network_of_those_whom_it_reaches() {
    let budget = Budget::unlimited();
    let mut smaller = 0;
    for seed in 0..setting("FBAS_ORACLE_NETWORKS", 1_000) {
        let mut random = random_networks::random(seed ^ 0x5EE);
        let small = random_networks::network(&mut random_networks::random(seed));
        let order: Vec<usize> = (0..small.nodes.len()).collect();
        let organizations = small.organizations_json();
        let parsed = |order: &[usize]| {
            let organizations = organizations.as_deref().map(str::as_bytes);
            Network::parse(small.nodes_json(order, Format::Nodes).as_bytes(), organizations).expect("valid")
        };
        let network = parsed(&order);
        let from = random.random_range(0..small.nodes.len());
        if network.node(&support::key(from)).is_none() || !small.nodes[from].is_listed {
            continue;
        }
        let mut reach: Mask = 1 << from;
        let named = |node: usize| small.nodes[node].quorum_set.as_ref().filter(|set| set.threshold > 0);
        for _ in 0..small.nodes.len() {
            reach = members(reach).filter_map(named).fold(reach, |reach, set| reach | set.named());
        }
        // A threshold of 0 at the top is no quorum set, but in the text it names nodes all the same.
        let is_void = |node: usize| small.nodes[node].quorum_set.is_some() && named(node).is_none();
        if members(reach).any(is_void) {
            continue;
        }
        let seen = parsed(&members(reach).collect::<Vec<_>>());
        smaller += usize::from(reach.count_ones() as usize != small.nodes.len());
        let grouping = *GROUPINGS.choose(&mut random).expect("groupings");
        let whole = Options::default()
            .with_group_by(grouping.name().map_or(GroupBy::Node, GroupBy::named))
            .with_faulty_nodes(keys(if random.random_bool(0.3) {
                random.random_range(0..=reach) & reach
            } else {
                0
            }))
            .with_unknown_nodes(if random.random_bool(0.5) { UnknownNodes::Free } else { UnknownNodes::Dead })
            .with_ignore_one_node_quorums(random.random_bool(0.3))
            .with_scope(if random.random_bool(0.5) { Scope::Core } else { Scope::All });
        let options = whole.clone().with_reachable_from(support::key(from));
        let figures = |network: &Network, options: &Options| {
            let sizes = (
                blocking_sets(network, options, &budget).expect("no limit").set.size,
                splitting_sets(network, options, &budget).expect("no limit").set.size,
                history_critical(network, options, &budget).expect("no limit").set.size,
            );
            let who = (
                // A group is called as its first node says, which may be out of sight.
                top_tier(network, options, &budget).expect("no limit").top_tier.len(),
                core(network, options, &budget).expect("no limit").len(),
                intact_nodes(network, &[support::key(from)], options, &budget).expect("no limit"),
            );
            let every = every_node(network, options, &budget).expect("no limit");
            let critical =
                critical_groups(network, Candidates::StellarCore, options, &budget).expect("no limit");
            // So are those that are asked about, and their order is that of their labels.
            let critical: BTreeSet<_> =
                critical.groups.into_iter().map(|one| (one.nodes, one.is_critical)).collect();
            let every: Vec<_> =
                every.into_iter().map(|one| (one.key, one.halting.size, one.dependents)).collect();
            let figures = perform_analysis(network, options, &budget).expect("no limit");
            let figures =
                (figures.node, figures.organization, figures.intersection.has_quorum_intersection());
            (sizes, who, every, critical, figures)
        };
        assert_eq!(figures(&network, &options), figures(&seen, &whole), "seed {seed}");
    }
    assert!(smaller > 100, "most nodes do not see all others: {smaller}");
}

#[test]
fn answers_that_hang_on_unknown_nodes_say_so() {
    let budget = Budget::unlimited();
    let mut seen = [[0; 2]; 3];
    for seed in 0..setting("FBAS_ORACLE_NETWORKS", 1_000) {
        let mut random = random_networks::random(seed ^ 0xDEAD);
        let small = random_networks::network(&mut random_networks::random(seed));
        let order: Vec<usize> = (0..small.nodes.len()).collect();
        let nodes = small.nodes_json(&order, Format::Nodes);
        let network = Network::parse(nodes.as_bytes(), None).expect("valid input");
        let grouping = *GROUPINGS.choose(&mut random).expect("groupings");
        let by = grouping.name().map_or(GroupBy::Node, GroupBy::named);
        let reading = |unknown_nodes, scope| {
            Options::default().with_group_by(by.clone()).with_unknown_nodes(unknown_nodes).with_scope(scope)
        };
        let scope = if random.random_bool(0.5) { Scope::Core } else { Scope::All };
        let mut readings = [reading(UnknownNodes::Dead, scope), reading(UnknownNodes::Free, scope)];
        if random.random_bool(0.5) {
            readings.reverse();
        }
        let [here, there] = &readings;
        let hanging = |findings: Vec<Finding>| -> BTreeSet<Subject> {
            let hanging =
                findings.into_iter().filter(|one| one.code == FindingCode::VerdictDependsOnUnknownNodes);
            hanging.flat_map(|one| one.subjects).collect()
        };
        let Some(node) = network.nodes().nth(random.random_range(0..network.node_count())) else { continue };
        let [one, other] =
            [here, there].map(|options| one_node(&network, node, options, &budget).expect("no limit"));
        let mut expected = BTreeSet::new();
        for (figure, is_other) in [
            (Figure::Halting, one.halting.size != other.halting.size),
            (Figure::VBlocking, one.v_blocking.size != other.v_blocking.size),
            (Figure::SplittingOff, one.splitting.set.size != other.splitting.set.size),
        ] {
            expected.extend(is_other.then(|| figure.into()));
        }
        let told = findings_on(&one, &network, here, &budget).expect("no limit");
        let is_hanging = |one: &&Finding| one.code == FindingCode::VerdictDependsOnUnknownNodes;
        assert!(told.iter().filter(is_hanging).all(|one| !one.nodes.is_empty()), "on whom, seed {seed}");
        let every = every_node(&network, here, &budget).expect("no limit");
        let of_every = findings_on_every(&every, &network, here, &budget).expect("no limit");
        let place = every.iter().position(|among_all| among_all.key == one.key).expect("every node");
        assert_eq!(
            of_every[place],
            told.iter().filter(is_hanging).cloned().collect::<Vec<_>>(),
            "seed {seed}"
        );
        assert_eq!(hanging(told), expected, "node {} of seed {seed}", one.key);
        seen[0][usize::from(expected.is_empty())] += 1;

        let ill_behaved = [network.key(node).to_string()];
        let [one, other] = [here, there]
            .map(|options| intact_nodes(&network, &ill_behaved, options, &budget).expect("no limit"));
        let of_known = |keys: &[String]| -> Vec<String> {
            let is_known =
                |key: &&String| network.node(key).is_some_and(|node| network.quorum_set_of(node).is_some());
            keys.iter().filter(is_known).cloned().collect()
        };
        let is_other = of_known(&one.intact) != of_known(&other.intact);
        let found = hanging(findings_on(&one, &network, here, &budget).expect("no limit"));
        assert_eq!(found.contains(&Figure::Intact.into()), is_other, "intact nodes of seed {seed}");
        seen[1][usize::from(is_other)] += 1;

        let [one, other] = [here, there].map(|options| {
            critical_groups(&network, Candidates::Groups, options, &budget).expect("no limit")
        });
        let critical = |found: &CriticalGroups| -> Vec<Option<String>> {
            let critical = found.groups.iter().filter(|group| group.is_critical == Some(true));
            critical.map(|group| group.group.clone()).collect()
        };
        let is_other = one.intersection.has_quorum_intersection() && critical(&one) != critical(&other);
        let found = hanging(findings_on(&one, &network, here, &budget).expect("no limit"));
        assert_eq!(found.contains(&Figure::Critical.into()), is_other, "critical groups of seed {seed}");
        seen[2][usize::from(is_other)] += 1;
    }
    assert!(seen.iter().flatten().all(|&count| count > 10), "all kinds occur: {seen:?}");
}
