//! Turns a claim into a question that has to be answered with no: is there a quorum, a blocking set or a split that would contradict it,
//! such as one that is too cheap? The question says among which nodes it would have to be.

use super::certificate::Statement;
use super::counting::{Counting, IMPOSSIBLE};
use super::formula::{Formula, Side};
use super::system::System;
use crate::budget::Stop;
use crate::network::{GroupBy, Groups, NodeId, NodeSet};

/// What would contradict a claim.
enum Kind {
    /// If a node is given, one with it that contains none of some quorums without it.
    Quorum(Option<NodeId>),
    BlockingSet,
    /// Of two of these nodes.
    Split(NodeSet),
}

/// A question to which the answer should be no.
pub(crate) struct Question<'a> {
    system: &'a System<'a>,
    kind: Kind,
    /// The nodes among which the answer would be.
    among: NodeSet,
    groups: Groups,
    /// The nodes that cost something.
    charged: NodeSet,
    /// It would cost less; absent: whatever it costs.
    bound: Option<u32>,
}

impl<'a> Question<'a> {
    /// The question whether something contradicts the statement, if there is a single one.
    pub fn of(system: &'a System, statement: &Statement) -> Result<Option<Self>, Stop> {
        use Statement::*;
        let split = |all: bool| system.diverging(all).map(|diverging| Kind::Split(diverging.clone()));
        let (kind, group_by, bound) = match statement {
            // Nobody has to be Byzantine.
            QuorumsIntersect { .. } => (Kind::Split(system.of_minimal_quorums()?), &None, Some(1)),
            SmallestQuorum { group_by, size, .. } => (Kind::Quorum(None), group_by, Some(*size)),
            SmallestBlockingSet { group_by, size, .. } => (Kind::BlockingSet, group_by, Some(*size)),
            SmallestSplittingSet { group_by, all, size, .. } => (split(*all)?, group_by, Some(*size)),
            NoSplittingSet { all, .. } => (split(*all)?, &None, None),
            NoQuorum {} | DisjointQuorums { .. } | TopTier { .. } => return Ok(None),
        };
        let among = match &kind {
            Kind::Split(diverging) => system.reached_from(diverging)?,
            _ => system.of_minimal_quorums()?,
        };
        let groups = Groups::of(system.network, &group_by.as_deref().map_or(GroupBy::Node, GroupBy::named));
        let with_history = matches!(statement, SmallestQuorum { with_history: true, .. });
        let is_charged = |&node: &NodeId| !with_history || system.network.has_good_history(node);
        let charged = system.set(system.network.nodes().filter(is_charged));
        Ok(Some(Question { system, kind, among, groups, charged, bound }))
    }

    /// The question whether a quorum with the node contains none of some quorums without it.
    pub fn needing(system: &'a System, node: NodeId) -> Result<Self, Stop> {
        let (groups, charged) = (Groups::of(system.network, &GroupBy::Node), system.set([]));
        let (kind, among) = (Kind::Quorum(Some(node)), system.of_minimal_quorums()?);
        Ok(Question { system, kind, among, groups, charged, bound: None })
    }

    /// How many groups the charged nodes of a set are of.
    pub fn cost(&self, nodes: &NodeSet) -> u32 {
        self.groups.groups_of(&nodes.intersection(&self.charged)).len() as u32
    }

    /// Whether counting shows that the answer is no.
    pub fn is_refuted_by_counting(&self) -> Result<bool, Stop> {
        let Question { system, among, groups, charged, .. } = self;
        let counting = Counting { system, among, groups, charged };
        let least = match &self.kind {
            Kind::Quorum(_) => counting.least_quorum(),
            Kind::BlockingSet => counting.least_blocking(),
            Kind::Split(diverging) => counting.least_shared(diverging)?,
        };
        Ok(least >= self.bound.unwrap_or(IMPOSSIBLE))
    }

    /// The formula that is true only if the answer is yes, and the set that it asks for. Blocking sets have to meet the quorums; a quorum
    /// must not contain them.
    pub fn formula(&self, quorums: &[NodeSet]) -> Result<(Formula, Side<'_>), Stop> {
        let Question { system, among, .. } = self;
        let mut formula = Formula::default();
        let mut side = |name, is_missing| formula.side(system, name, among, is_missing);
        let set = match &self.kind {
            Kind::Split(diverging) => {
                let (byzantine, mut a, mut b) = (side("S", false), side("A", false), side("B", false));
                formula.demand_support(&mut a, Some(&byzantine), diverging);
                formula.demand_support(&mut b, Some(&byzantine), diverging);
                formula.demand_apart(&a, &b, &byzantine);
                formula.demand_order(&a, &b, &byzantine, diverging);
                // What their quorum sets make them share would cost too much.
                let counting = Counting { system, among, groups: &self.groups, charged: &self.charged };
                let pairs = counting.sharing(self.bound.unwrap_or(IMPOSSIBLE))?;
                formula.demand_none(&a, &b, &byzantine, &pairs);
                byzantine
            }
            Kind::BlockingSet => {
                let mut set = side("B", true);
                formula.demand_first_blocked(&mut set);
                quorums.iter().for_each(|quorum| formula.clause(set.of(quorum)));
                set
            }
            Kind::Quorum(needed) => {
                let mut quorum = side("Q", false);
                formula.demand_support(&mut quorum, None, among);
                if let &Some(needed) = needed {
                    formula.clause(quorum.of(&system.set([needed])));
                    // Without it, somebody has to be the first who is not satisfied.
                    formula.demand_first_blocked(&mut quorum.missing_without(needed));
                }
                for avoided in quorums.iter().filter(|avoided| avoided.is_subset(among)) {
                    formula.clause(quorum.of(avoided).map(|member| -member));
                }
                quorum
            }
        };
        if let Some(bound) = self.bound {
            formula.demand_cost_below(bound, &set, &self.groups, &self.charged);
        }
        Ok((formula, set))
    }
}
