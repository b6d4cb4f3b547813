//! Intact nodes: who is safe and live whatever some ill-behaved nodes do?
//!
//! A set D is dispensable when the nodes outside D are a quorum or D is all nodes, and the system with D deleted has no two disjoint
//! quorums. A node is intact when some dispensable set has all ill-behaved nodes and not it; the others are befouled (Mazières, "The Stellar
//! Consensus Protocol", 2015). Dead nodes are befouled: no quorum has them.
//!
//! The search looks for the dispensable sets with all ill-behaved nodes that are smallest by inclusion. It starts with the ill-behaved
//! nodes, and adds every node that is in no quorum without them. If two disjoint quorums are left when the set so far is deleted, every
//! dispensable set that contains it has all known members of one of the two. So each of these quorums is tried in turn.

use std::collections::BTreeSet;

use super::error::AnalysisError;
use super::options::{Options, Techniques};
use super::scenario::{check, out_of_reach, Scenario};
use super::technique::pair::Pair;
use crate::budget::Budget;
use crate::network::{Fbas, GroupBy, Groups, Network, NodeId, NodeSet};

/// Who is intact, and who is befouled.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IntactNodes {
    /// The intact nodes: public keys, ascending. If it is not exact, those that are proven to be.
    pub intact: Vec<String>,
    /// All others. If it is not exact, some of them may be intact.
    pub befouled: Vec<String>,
    /// A smallest dispensable set that has the ill-behaved nodes. Where every two quorums intersect and no unknown node is free, there is
    /// but one that is smallest, and it is the befouled nodes. If it is not exact, the smallest one found: at worst all nodes.
    pub dispensable_set: Vec<String>,
    /// Whether that is proven. Otherwise, with `anytime`, the budget ended first.
    pub is_exact: bool,
    /// The ill-behaved nodes: public keys, ascending.
    pub ill_behaved: Vec<String>,
    /// The keys among the ill-behaved that the network does not have.
    pub unknown_keys: Vec<String>,
}

/// Who is intact when these nodes are ill-behaved. Keys that the network does not have are passed over.
pub fn intact_nodes<K: AsRef<str>>(
    network: &Network,
    ill_behaved: &[K],
    options: &Options,
    budget: &Budget,
) -> Result<IntactNodes, AnalysisError> {
    let scenario = Scenario::of(network, options);
    let seen = NodeSet::full(network.node_count()).difference(&out_of_reach(network, options));
    let unknown_keys = network.unknown_keys(ill_behaved);
    let ill_behaved = network.nodes_with_keys(ill_behaved).intersection(&seen);
    let mut search = Search::new(&scenario, seen);
    let is_exact = match search.run(&ill_behaved, budget) {
        Err(error) if error.is_stopped() && options.anytime => false,
        done => done.map(|()| true)?,
    };
    let smallest = search.smallest().clone();
    let left = search.all.difference(&smallest);
    let written = &scenario.view.written;
    let holds = ill_behaved.is_subset(&smallest) && (left.is_empty() || written.is_quorum(&left));
    check(holds, "a dispensable set")?;
    let intact = search.intact();
    Ok(IntactNodes {
        befouled: network.keys_of(&search.all.difference(&intact)),
        intact: network.keys_of(&intact),
        dispensable_set: network.keys_of(&smallest),
        is_exact,
        ill_behaved: network.keys_of(&ill_behaved),
        unknown_keys,
    })
}

struct Search<'a> {
    fbas: &'a Fbas,
    all: NodeSet,
    nodes: Groups,
    techniques: Techniques,
    /// Dispensable sets, none of which has all of an earlier one. All nodes together are one.
    found: Vec<NodeSet>,
}

impl<'a> Search<'a> {
    fn new(scenario: &'a Scenario, all: NodeSet) -> Self {
        let network = scenario.network;
        Search {
            fbas: &scenario.view.written,
            found: vec![all.clone()],
            all,
            nodes: Groups::of(network, &GroupBy::Node),
            techniques: scenario.techniques,
        }
    }

    /// Finds all dispensable sets with these nodes that are smallest by inclusion.
    fn run(&mut self, ill_behaved: &NodeSet, budget: &Budget) -> Result<(), AnalysisError> {
        let mut seen: BTreeSet<Vec<NodeId>> = BTreeSet::new();
        let mut open = vec![self.with_those_left_behind(ill_behaved)];
        while let Some(set) = open.pop() {
            budget.check()?;
            let is_known = self.found[1..].iter().any(|found| found.is_subset(&set));
            if is_known || set == self.all || !seen.insert(set.iter().collect()) {
                continue;
            }
            let rest = self.fbas.deleting(&set).live();
            let apart = self.disjoint_quorums(&rest, budget)?;
            if apart.is_empty() {
                self.found.retain(|found| !set.is_subset(found) || *found == self.all);
                self.found.push(set);
                continue;
            }
            for kept in &apart {
                let mut with_others = set.clone();
                for quorum in apart.iter().filter(|&quorum| quorum != kept) {
                    quorum
                        .iter()
                        .filter(|&node| rest.is_known(node))
                        .for_each(|node| with_others.insert(node));
                }
                open.push(self.with_those_left_behind(&with_others));
            }
        }
        Ok(())
    }

    /// Two or more quorums no two of which share a node, or none.
    fn disjoint_quorums(&self, rest: &Fbas, budget: &Budget) -> Result<Vec<NodeSet>, AnalysisError> {
        let mut apart: Vec<NodeSet> = Vec::new();
        for quorum in rest.minimal_quorum_candidates() {
            budget.check()?;
            if apart.iter().all(|other| other.is_disjoint(&quorum)) {
                apart.push(quorum);
            }
        }
        if apart.len() > 1 {
            return Ok(apart);
        }
        let rest = rest.of_minimal_quorums();
        let pair = Pair::of(&rest, &rest.alive(), &self.nodes, self.techniques).find(budget)?;
        if let Some((a, b)) = &pair {
            check(rest.is_quorum(a) && rest.is_quorum(b) && a.is_disjoint(b), "two disjoint quorums")?;
        }
        Ok(pair.map_or(Vec::new(), |(a, b)| vec![a, b]))
    }

    /// These nodes, and all that are in no quorum without them.
    fn with_those_left_behind(&self, set: &NodeSet) -> NodeSet {
        self.all.difference(&self.fbas.largest_quorum_inside(&self.all.difference(set)))
    }

    /// The smallest set found; of equally small ones, the first by names.
    fn smallest(&self) -> &NodeSet {
        let by_size = |set: &&NodeSet| (set.len(), set.iter().collect::<Vec<_>>());
        self.found.iter().min_by_key(by_size).unwrap_or(&self.all)
    }

    /// Who is outside some set that was found.
    fn intact(&self) -> NodeSet {
        let nobody = NodeSet::empty(self.fbas.node_count());
        self.found.iter().fold(nobody, |intact, set| intact.union(&self.all.difference(set)))
    }
}
