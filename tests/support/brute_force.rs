//! Answers straight from the definitions, by trying all subsets.

use super::{key, members, Grouping, Mask, QuorumSet, SmallNetwork};

/// A small network under one reading: which nodes are dead, which are free.
pub struct Oracle<'a> {
    network: &'a SmallNetwork,
    /// The nodes with a usable quorum set that are not dead.
    pub known: Mask,
    free: Mask,
    /// Per set of nodes: the known nodes, inside or outside, whose quorum set it satisfies.
    satisfied: Vec<Mask>,
    /// All quorums.
    quorums: Vec<Mask>,
    /// The union of all quorums.
    pub live: Mask,
    /// The union of the strongly connected components of live nodes that contain a quorum.
    pub core: Mask,
}

impl<'a> Oracle<'a> {
    /// The network with unknown nodes free or dead, and some nodes crashed.
    pub fn new(network: &'a SmallNetwork, unknown_are_free: bool, crashed: Mask) -> Self {
        let count = network.nodes.len();
        let all: Mask = ((1u32 << count) - 1) as Mask;
        let usable =
            |node: &usize| network.nodes[*node].quorum_set.as_ref().is_some_and(|set| set.threshold > 0);
        let with_set = (0..count).filter(usable).fold(0, |known: Mask, node| known | 1 << node);
        let known = with_set & !crashed;
        let free = if unknown_are_free { all & !with_set & !crashed } else { 0 };
        let satisfied: Vec<Mask> = (0..=all)
            .map(|set| {
                let is_satisfied = |node: &usize| {
                    network.nodes[*node]
                        .quorum_set
                        .as_ref()
                        .is_some_and(|quorum_set| quorum_set.is_satisfied_by(set))
                };
                members(known).filter(is_satisfied).fold(0, |satisfied, node| satisfied | 1 << node)
            })
            .collect();
        let is_quorum = |set: &Mask| {
            set & !(known | free) == 0 && set & known != 0 && set & known & !satisfied[*set as usize] == 0
        };
        let quorums: Vec<Mask> = (1..=all).filter(is_quorum).collect();
        let live = quorums.iter().fold(0, |live, quorum| live | quorum);
        let mut oracle = Oracle { network, known, free, satisfied, quorums, live, core: 0 };
        oracle.core = oracle.find_core();
        oracle
    }

    /// The same, with stray nodes dead as well if they are to be left out.
    pub fn reading(
        network: &'a SmallNetwork,
        unknown_are_free: bool,
        crashed: Mask,
        ignores_one_node_quorums: bool,
    ) -> Self {
        let oracle = Oracle::new(network, unknown_are_free, crashed);
        match oracle.stray_nodes() {
            stray if ignores_one_node_quorums && stray != 0 => {
                Oracle::new(network, unknown_are_free, crashed | stray)
            }
            _ => oracle,
        }
    }

    /// The nodes that are a quorum all by themselves and that no other node of any quorum names.
    pub fn stray_nodes(&self) -> Mask {
        let names = |node: usize| match &self.network.nodes[node].quorum_set {
            Some(set) if (self.known & self.live) >> node & 1 == 1 => set.named() & !(1 << node),
            _ => 0,
        };
        let named = (0..self.network.nodes.len()).fold(0, |named, node| named | names(node));
        self.one_node_quorums() & !named
    }

    /// The nodes that are a quorum all by themselves.
    pub fn one_node_quorums(&self) -> Mask {
        self.quorums.iter().filter(|quorum| quorum.count_ones() == 1).fold(0, |nodes, quorum| nodes | quorum)
    }

    fn find_core(&self) -> Mask {
        let count = self.network.nodes.len();
        let mut reach: Vec<Mask> = (0..count)
            .map(|node| {
                let named = if self.known >> node & 1 == 1 {
                    self.network.nodes[node].quorum_set.as_ref().map_or(0, QuorumSet::named)
                } else {
                    0
                };
                (named & self.live) | 1 << node
            })
            .collect();
        for _ in 0..count {
            for node in 0..count {
                reach[node] = members(reach[node]).fold(reach[node], |all, other| all | reach[other]);
            }
        }
        let component = |node: usize| {
            members(reach[node])
                .filter(|&other| reach[other] >> node & 1 == 1)
                .fold(0, |all, other| all | 1 << other)
        };
        members(self.live)
            .map(component)
            .filter(|&component: &Mask| {
                self.quorums.iter().any(|quorum| quorum & !(component | self.free) == 0)
            })
            .fold(0, |core, component| core | component)
    }

    /// All quorums, minimal or not.
    pub fn quorums(&self) -> &[Mask] {
        &self.quorums
    }

    pub fn has_quorum(&self) -> bool {
        !self.quorums.is_empty()
    }

    pub fn is_quorum(&self, set: Mask) -> bool {
        self.quorums.contains(&set)
    }

    pub fn has_quorum_intersection(&self) -> bool {
        self.has_quorum() && self.quorums.iter().all(|a| self.quorums.iter().all(|b| a & b != 0))
    }

    /// The number of groups that a set touches.
    fn cost(&self, set: Mask, grouping: Grouping) -> u32 {
        self.network.groups(set, grouping).len() as u32
    }

    fn minimal_quorums(&self) -> impl Iterator<Item = Mask> + '_ {
        let is_minimal =
            |quorum: &Mask| !self.quorums.iter().any(|other| other != quorum && other & !quorum == 0);
        self.quorums.iter().copied().filter(is_minimal)
    }

    /// The union of all minimal quorums.
    pub fn top_tier(&self) -> Mask {
        self.minimal_quorums().fold(0, |all, quorum| all | quorum)
    }

    /// The fewest groups that contain a quorum.
    pub fn smallest_quorum(&self, grouping: Grouping) -> Option<u32> {
        self.quorums.iter().map(|&quorum| self.cost(quorum, grouping)).min()
    }

    /// The members of a set whose history archive is good.
    pub fn good_history(&self, set: Mask) -> Mask {
        // An archive that nobody checked is not relied on.
        let is_good = |node: &usize| {
            let node = &self.network.nodes[*node];
            node.is_listed && node.history_archive_has_error == Some(false)
        };
        members(set).filter(is_good).fold(0, |good, node| good | 1 << node)
    }

    /// The fewest groups of well archived members of a quorum.
    pub fn smallest_history_critical(&self, grouping: Grouping) -> Option<u32> {
        self.quorums.iter().map(|&quorum| self.cost(self.good_history(quorum), grouping)).min()
    }

    /// Whether no quorum avoids the set.
    pub fn blocks(&self, set: Mask) -> bool {
        self.quorums.iter().all(|quorum| quorum & set != 0)
    }

    /// The fewest groups whose nodes block.
    pub fn smallest_blocking(&self, grouping: Grouping) -> u32 {
        let all = ((1u32 << self.network.nodes.len()) - 1) as Mask;
        let blocking = (0..=all).filter(|&set| self.blocks(set));
        blocking.map(|set| self.cost(set, grouping)).min().expect("all nodes together block")
    }

    /// Whether `set` is one side of a split by `byzantine`, of which a member of `diverging` is outside it.
    pub fn is_side(&self, set: Mask, byzantine: Mask, diverging: Mask) -> bool {
        let honest = set & !byzantine;
        honest & self.known & diverging != 0
            && honest & !(self.known | self.free) == 0
            && honest & self.known & !self.satisfied[set as usize] == 0
    }

    /// All splitting sets, given between which nodes a split counts.
    pub fn splitting_sets(&self, diverging: Mask) -> Vec<Mask> {
        let count = self.network.nodes.len();
        let all = ((1u32 << count) - 1) as Mask;
        let splits = |byzantine: &Mask| {
            let sides: Vec<Mask> =
                (0..=all).filter(|&set| self.is_side(set, *byzantine, diverging)).collect();
            // contains[X]: whether some side lies inside X.
            let mut contains = vec![false; all as usize + 1];
            sides.iter().for_each(|&side| contains[side as usize] = true);
            for node in 0..count {
                for set in 0..=all as usize {
                    if set >> node & 1 == 1 {
                        contains[set] |= contains[set & !(1 << node)];
                    }
                }
            }
            sides.iter().any(|&side| contains[(all & !(side & !byzantine)) as usize])
        };
        (0..=all).filter(|set| set & !self.live == 0).filter(splits).collect()
    }

    /// The fewest groups of which some nodes split.
    pub fn smallest_splitting(&self, splitting_sets: &[Mask], grouping: Grouping) -> Option<u32> {
        splitting_sets.iter().map(|&set| self.cost(set, grouping)).min()
    }

    /// The quorum set of the symmetric top tier, written out, if there is one.
    pub fn symmetric_top_tier(&self) -> Option<String> {
        let mut forms: Vec<(String, Mask, Mask)> = Vec::new();
        for node in members(self.core & self.known) {
            let Some(set) = &self.network.nodes[node].quorum_set else { continue };
            let mut form = self.without_dead(set);
            if form.named() >> node & 1 == 0 {
                form.threshold += 1;
                form.validators.push(node);
            }
            let text = written(&form);
            match forms.iter_mut().find(|(known, _, _)| *known == text) {
                Some((_, _, holders)) => *holders |= 1 << node,
                None => forms.push((text, form.named(), 1 << node)),
            }
        }
        forms.retain(|(_, named, holders)| named == holders);
        match &forms[..] {
            [(text, named, _)] if self.quorums.iter().all(|quorum| quorum & named != 0) => Some(text.clone()),
            _ => None,
        }
    }

    fn without_dead(&self, set: &QuorumSet) -> QuorumSet {
        let inner = set.inner.iter().map(|inner| self.without_dead(inner));
        QuorumSet {
            threshold: set.threshold,
            validators: set.validators.iter().copied().filter(|&node| self.live >> node & 1 == 1).collect(),
            inner: inner
                .filter(|set| set.threshold <= (set.validators.len() + set.inner.len()) as u64)
                .collect(),
        }
    }
}

/// A quorum set as text, equal for equal sets whatever the order of their entries.
fn written(set: &QuorumSet) -> String {
    let mut entries: Vec<String> = set.validators.iter().map(|&node| key(node)).collect();
    entries.extend(set.inner.iter().map(written));
    entries.sort();
    format!("{} of [{}]", set.threshold, entries.join(", "))
}
