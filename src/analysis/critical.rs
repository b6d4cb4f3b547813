//! Critical groups: which groups are one misconfiguration away from letting a network split that does not split yet?
//!
//! A misconfigured group is modelled as stellar-core does it ("intersection-critical", `QuorumIntersectionChecker`). Each of its members,
//! also one whose quorum set is unknown, then asks for both of two things: all members of the group, and any one of the nodes that depend on
//! it, which are the nodes outside the group whose quorum sets name a member. The group is critical when there are two disjoint quorums
//! then. Its members go along with any such node, but a member that is in both quorums still counts as shared, so a misconfigured group can
//! do less than a Byzantine one.

use std::collections::BTreeSet;

use super::cost::bounds::{Bound, Bounds};
use super::cost::charges::Charges;
use super::encode::split::least_shared;
use super::error::AnalysisError;
use super::intersection::{intersection_of, Intersection};
use super::options::Options;
use super::scenario::{check, out_of_reach, Scenario};
use super::technique::pair::Pair;
use crate::budget::Budget;
use crate::network::sorting::{sort, sort_by, sort_distinct};
use crate::network::{Asks, Assignment, GroupBy, Groups, Network, NodeId, NodeSet, QuorumSetId};

/// Which groups are asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Candidates {
    /// Those of the grouping that the options name.
    #[default]
    Groups,
    /// Those that stellar-core asks about: the validators of every innermost inner quorum set that is nobody's own quorum set, and every
    /// single node.
    StellarCore,
}

/// A group, and whether the network hangs on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriticalGroup {
    /// Its label; for a single node, its public key; absent for validators of a quorum set that are no group of the options' grouping.
    pub group: Option<String>,
    /// Its members: public keys, ascending.
    pub nodes: Vec<String>,
    /// Whether it is critical. Absent where not every two quorums intersect to begin with, as nobody is needed to split the network then,
    /// and where, with `anytime`, the budget ended first.
    pub is_critical: Option<bool>,
    /// If it is: two quorums that are disjoint when it is misconfigured. Public keys, ascending.
    pub disjoint_quorums: Option<(Vec<String>, Vec<String>)>,
}

/// All groups that were asked about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CriticalGroups {
    /// In the order of their labels; those without one come last, in the order of their members.
    pub groups: Vec<CriticalGroup>,
    /// Which groups were asked about.
    pub candidates: Candidates,
    /// Whether every two quorums share a node as it is.
    pub intersection: Intersection,
    /// Whether everything is proven. Otherwise, with `anytime`, the budget ended first.
    pub is_exact: bool,
}

impl CriticalGroups {
    /// The critical groups that are known, each by its label or else by its members.
    pub(super) fn critical(&self) -> Vec<String> {
        let critical = self.groups.iter().filter(|group| group.is_critical == Some(true));
        critical.map(|group| group.group.clone().unwrap_or_else(|| group.nodes.join(" + "))).collect()
    }
}

/// Which groups are critical.
pub fn critical_groups(
    network: &Network,
    candidates: Candidates,
    options: &Options,
    budget: &Budget,
) -> Result<CriticalGroups, AnalysisError> {
    let scenario = Scenario::of(network, options);
    let intersection = intersection_of(&scenario, options, budget)?;
    let groups = Groups::of(network, &options.group_by);
    let seen = NodeSet::full(network.node_count()).difference(&out_of_reach(network, options));
    let asked = candidates;
    let candidates = match asked {
        Candidates::Groups => by_groups(network, &groups, &seen),
        Candidates::StellarCore => by_quorum_sets(network, &groups, &seen),
    };
    let is_exact = intersection.is_exact();
    if !intersection.has_quorum_intersection() {
        let open = |candidate: Candidate| candidate.answered(network, None);
        let groups = candidates.into_iter().map(open).collect();
        return Ok(CriticalGroups { groups, candidates: asked, intersection, is_exact });
    }
    // Without it there is no time for any of them either.
    let base = match Base::of(&scenario, options, budget) {
        Err(error) if error.is_stopped() && options.anytime => None,
        base => Some(base?),
    };
    let answers = budget.map(&candidates, |candidate| match &base {
        Some(base) => base.verdict(&candidate.nodes, options, budget),
        None => Ok(None),
    });
    let mut result = CriticalGroups { groups: Vec::new(), candidates: asked, intersection, is_exact };
    for (candidate, verdict) in candidates.into_iter().zip(answers) {
        let verdict = verdict?;
        result.is_exact &= verdict.is_some();
        result.groups.push(candidate.answered(network, verdict));
    }
    Ok(result)
}

/// A group that is asked about.
struct Candidate {
    label: Option<String>,
    nodes: NodeSet,
}

/// Two disjoint quorums, or that there are none.
type Verdict = Option<(NodeSet, NodeSet)>;

impl Candidate {
    fn answered(self, network: &Network, verdict: Option<Verdict>) -> CriticalGroup {
        CriticalGroup {
            group: self.label,
            nodes: network.keys_of(&self.nodes),
            is_critical: verdict.as_ref().map(Option::is_some),
            disjoint_quorums: verdict.flatten().map(|(a, b)| (network.keys_of(&a), network.keys_of(&b))),
        }
    }
}

fn by_groups(network: &Network, groups: &Groups, seen: &NodeSet) -> Vec<Candidate> {
    let members = groups.iter().zip(groups.members());
    let candidate = |(group, members)| Candidate {
        label: Some(groups.label(group).to_string()),
        nodes: NodeSet::of(network.node_count(), members).intersection(seen),
    };
    members.map(candidate).filter(|candidate| !candidate.nodes.is_empty()).collect()
}

fn by_quorum_sets(network: &Network, groups: &Groups, seen: &NodeSet) -> Vec<Candidate> {
    let assignment = network.assignment();
    let sets = network.quorum_sets();
    let mut outermost: Vec<QuorumSetId> =
        seen.iter().filter_map(|node| assignment.quorum_set_of(node)).collect();
    sort_distinct(&mut outermost);
    let is_asked_for = sets.asked_for(outermost.iter().copied());
    let mut named: BTreeSet<Vec<NodeId>> = BTreeSet::new();
    for (id, set) in sets.iter() {
        if is_asked_for[id.index()]
            && outermost.binary_search(&id).is_err()
            && set.inner.is_empty()
            && !set.validators.is_empty()
        {
            let mut members = set.validators.clone();
            sort(&mut members);
            members.dedup();
            named.insert(members);
        }
    }
    named.extend(seen.iter().map(|node| vec![node]));
    let members = groups.members();
    let label = |nodes: &[NodeId]| match nodes {
        [node] => Some(network.key(*node).to_string()),
        _ => groups
            .iter()
            .find(|group| members[group.index()] == nodes)
            .map(|group| groups.label(group).to_string()),
    };
    let candidate = |nodes: Vec<NodeId>| Candidate {
        label: label(&nodes),
        nodes: NodeSet::of(network.node_count(), nodes),
    };
    let mut candidates: Vec<Candidate> = named.into_iter().map(candidate).collect();
    sort_by(&mut candidates, |a, b| (a.label.is_none(), &a.label).cmp(&(b.label.is_none(), &b.label)));
    candidates
}

/// The network as the options read it, as something to change.
struct Base<'a> {
    scenario: &'a Scenario<'a>,
    assignment: Assignment,
    /// Every node for itself.
    nodes: Groups,
    /// Who is not dead and not in the core.
    outside: NodeSet,
    /// Slices of two nodes of the core share so many live nodes at least.
    shared_in_core: Bound,
}

impl<'a> Base<'a> {
    fn of(scenario: &'a Scenario, options: &Options, budget: &Budget) -> Result<Self, AnalysisError> {
        let view = &scenario.view;
        let nodes = Groups::of(scenario.network, &GroupBy::Node);
        let shared_in_core = match scenario.techniques.bounds {
            true => {
                let core = view.live.reduced_to(&view.live.reachable_from(view.core()));
                let charges = Charges::new(&nodes, core.alive());
                least_shared(&core, &Bounds::new(&core, &charges, budget)?, view.core(), budget)?
            }
            false => Bound::NOTHING,
        };
        let outside = view.written.alive().difference(view.core());
        Ok(Base { scenario, assignment: scenario.assignment(options), nodes, outside, shared_in_core })
    }

    /// Two quorums that are disjoint when these nodes are misconfigured, or that there are none; absent if, with `anytime`, the budget ended.
    fn verdict(
        &self,
        group: &NodeSet,
        options: &Options,
        budget: &Budget,
    ) -> Result<Option<Verdict>, AnalysisError> {
        match self.disjoint_quorums(group, options, budget) {
            Ok(verdict) => Ok(Some(verdict)),
            Err(error) if error.is_stopped() && options.anytime => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// One of the two has all of the group, and others whom the group and they satisfy; the other is a quorum of the network as it is.
    fn disjoint_quorums(
        &self,
        group: &NodeSet,
        options: &Options,
        budget: &Budget,
    ) -> Result<Verdict, AnalysisError> {
        budget.check()?;
        let Scenario { view, techniques, .. } = self.scenario;
        // All of the group are wanted, and somebody who depends on it.
        let is_gone = |node: NodeId| self.assignment.asks(node) == Asks::Gone;
        if group.iter().any(is_gone) || self.assignment.dependents(group).is_subset(group) {
            return Ok(None);
        }
        let others = view.live.alive().difference(group);
        if !view.live.has_quorum_inside(&others) {
            return Ok(None);
        }
        let with = view.written.largest_supported_inside(&self.outside.union(group), group);
        let is_core_needed = !with.difference(group).iter().any(|node| view.written.is_known(node));
        if is_core_needed && self.shared_in_core.is_positive() && group.is_subset(&view.live.alive()) {
            return Ok(None);
        }
        let changed = self.scenario.changed(&misconfigured(&self.assignment, group), options);
        if !is_core_needed && techniques.guesses {
            let beside = view.live.largest_quorum_inside(&others.difference(&with));
            if !beside.is_empty() {
                return checked(&changed, (with, beside));
            }
        }
        let diverging = match is_core_needed {
            true => view.core().difference(group),
            // With the group, nodes may be in a quorum that are in none without it.
            false => view.written.alive().difference(group),
        };
        let fbas = changed.view.of_minimal_quorums();
        let pair = Pair::of(fbas, &diverging, &self.nodes, *techniques).find(budget)?;
        pair.map_or(Ok(None), |pair| checked(&changed, pair))
    }
}

/// Two quorums of the changed network, if they are, and disjoint.
fn checked(changed: &Scenario, (a, b): (NodeSet, NodeSet)) -> Result<Verdict, AnalysisError> {
    let written = &changed.view.written;
    let holds = written.is_quorum(&a) && written.is_quorum(&b) && a.is_disjoint(&b);
    check(holds, "two quorums that are disjoint when a group is misconfigured")?;
    Ok(Some((a, b)))
}

/// The assignment in which these nodes, as far as they have not crashed, go along with whoever depends on them.
fn misconfigured(assignment: &Assignment, group: &NodeSet) -> Assignment {
    let mut changed = assignment.clone();
    let dependent: Vec<NodeId> = assignment.dependents(group).difference(group).iter().collect();
    let all = changed.quorum_set(group.len() as u64, group.iter(), []);
    let one = changed.quorum_set(1, dependent, []);
    let set = changed.quorum_set(2, [], [all, one]);
    for node in group.iter().filter(|&node| assignment.asks(node) != Asks::Gone) {
        changed.replace(node, Asks::For(set));
    }
    changed
}
