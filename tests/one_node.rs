//! All that concerns one node against brute force on thousands of nasty little networks, straight from the definitions: every policy, scope
//! and grouping.
//!
//! `FBAS_ORACLE_NETWORKS` sets how many networks are compared (1,000), `FBAS_ORACLE_SEED` the first one's seed (0).

#[allow(dead_code)] // Not everything the oracle knows is asked here.
mod support;

use rand::seq::IndexedRandom;
use rand::Rng;
use stellar_fbas::analysis::{one_node, MinimalSet, OneNode, Options, Scope, Size, Techniques};
use stellar_fbas::budget::Budget;
use stellar_fbas::network::{GroupBy, Network, UnknownNodes};

use support::brute_force::Oracle;
use support::{keys, members, random_networks, Format, Grouping, Mask, SmallNetwork, GROUPINGS};

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

#[test]
fn what_concerns_a_node_is_what_the_definitions_say() {
    let budget = Budget::unlimited();
    let first = setting("FBAS_ORACLE_SEED", 0);
    let mut seen = [[0; 5]; 3];
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
        let options = Options {
            group_by: grouping.name().map_or(GroupBy::Node, GroupBy::named),
            faulty_nodes: keys(crashed),
            unknown_nodes: if are_free { UnknownNodes::Free } else { UnknownNodes::Dead },
            ignore_one_node_quorums: Some(ignores),
            scope,
            techniques: Techniques { bounds: random.random_bool(0.7), ..Techniques::default() },
            ..Options::default()
        };
        for node in members(all) {
            let what = format!("node {node} of seed {seed}");
            let id = network.node(&support::key(node)).expect("a node of the network");
            let found = one_node(&network, id, &options, &budget).expect("no limit");
            let case = Case { small: &small, oracle: &oracle, all, gone, grouping, node, scope };
            case.compare(&found, &what);
            for (kind, set) in
                [&found.halting, &found.v_blocking, &found.splitting.set].into_iter().enumerate()
            {
                let size = set.size.smallest_known().map_or(4, |size| size.min(3) as usize);
                seen[kind][size] += 1;
            }
        }
    }
    assert!(seen.iter().flatten().all(|&count| count > 0), "all sizes occur: {seen:?}");
}
