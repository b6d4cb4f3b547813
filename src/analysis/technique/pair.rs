//! Looks for two disjoint quorums A and B that each have a diverging member; a given node may be the only one of A. Cheap ways come first:
//! bounds, all sets of very few nodes, guesses, counting. The solver is asked only where none of them settles the question.

use std::time::Duration;

use super::counting::splits::{Counting, Found, Sets};
use super::subsets::{Subsets, FEW_STEPS, MORE_STEPS};
use crate::analysis::cost::bounds::{Bound, Bounds};
use crate::analysis::cost::charges::Charges;
use crate::analysis::encode::sides::Sides;
use crate::analysis::encode::split::{least_shared, least_shared_with};
use crate::analysis::error::AnalysisError;
use crate::analysis::options::Techniques;
use crate::budget::{Budget, Stop};
use crate::network::{Fbas, Groups, NodeId, NodeSet};
use crate::sat::{solve, SolverError};

/// So many steps of trying node by node come before the costlier ways.
const FEW_BRANCHES: usize = 400;
/// How many quorums are taken to see whether another one is left beside them.
const MOST_GUESSES: usize = 3;

/// A formula that is not decided in this time may be hard, so all sets are tried where nodes are few.
const SOON: Duration = Duration::from_millis(100);

/// Two sets of nodes without a common one.
type Sides2 = (NodeSet, NodeSet);

/// The question in one system.
pub struct Pair<'a> {
    fbas: &'a Fbas,
    all: NodeSet,
    /// The known nodes that count as diverging in A, and those that do in B.
    in_a: NodeSet,
    in_b: NodeSet,
    /// The only one of A, if one is given.
    given: Option<NodeId>,
    nodes: &'a Groups,
    techniques: Techniques,
}

/// What trying node by node came to.
enum Tried {
    Found(Sides2),
    Nothing,
    TooLong,
}

impl<'a> Pair<'a> {
    /// Asks about a system all of whose nodes are live; `nodes` has every node for itself.
    pub fn of(live: &'a Fbas, diverging: &NodeSet, nodes: &'a Groups, techniques: Techniques) -> Self {
        let known = live.nodes().filter(|&node| live.is_known(node) && diverging.contains(node));
        let diverging = NodeSet::of(live.node_count(), known);
        Pair {
            fbas: live,
            all: live.alive(),
            in_a: diverging.clone(),
            in_b: diverging,
            given: None,
            nodes,
            techniques,
        }
    }

    /// The same with this node, which is known, in the first of the two.
    pub fn splitting_off(mut self, node: NodeId) -> Self {
        self.in_a = NodeSet::of(self.fbas.node_count(), [node]).intersection(&self.all);
        self.given = Some(node);
        self
    }

    /// Such quorums, if there are any.
    pub fn find(&self, budget: &Budget) -> Result<Option<Sides2>, AnalysisError> {
        if self.in_a.is_empty() || self.in_a.union(&self.in_b).len() < 2 {
            return Ok(None);
        }
        let mut charges = Charges::new(self.nodes, self.all.clone());
        if self.given.is_some() {
            charges = charges.without(&self.in_a);
        }
        let bounds = Bounds::new(self.fbas, &charges, budget)?;
        if self.techniques.bounds && self.least_shared(&bounds, budget)?.is_positive() {
            return Ok(None);
        }
        let subsets = self.techniques.subsets.then(|| Subsets::of(self.fbas)).flatten();
        let steps = subsets.as_ref().map_or(usize::MAX, Subsets::steps);
        let try_sets = |subsets: &Subsets| subsets.disjoint_quorums(&self.in_a, &self.in_b, budget);
        let within = |most_steps: usize| subsets.as_ref().filter(|_| steps <= most_steps);
        if let Some(subsets) = within(FEW_STEPS) {
            return Ok(try_sets(subsets)?);
        }
        if self.techniques.guesses {
            if let Some(pair) = self.guess() {
                return Ok(Some(pair));
            }
            match self.try_all(budget)? {
                Tried::Found(pair) => return Ok(Some(pair)),
                Tried::Nothing => return Ok(None),
                Tried::TooLong => {}
            }
        }
        if let Some(subsets) = within(MORE_STEPS) {
            return Ok(try_sets(subsets)?);
        }
        if self.techniques.counting {
            let counting = match self.given {
                None => Some(Counting::new(self.fbas, &self.in_b, &charges, &bounds)),
                Some(node) => Counting::splitting_off(self.fbas, node, &self.in_b, &charges, &bounds),
            };
            if let Some(mut counting) = counting {
                if counting.tells_much(0, budget)? {
                    match counting.split_or_leave(0, budget)? {
                        Found::Nothing => return Ok(None),
                        Found::Split(Sets { a, b, .. }) => return Ok(Some((a, b))),
                        Found::Unknown => {}
                    }
                }
            }
        }
        let sides = Sides::disjoint(self.fbas, &self.in_a, &self.in_b, budget);
        let formula = &sides.encoding.formula;
        let decided = match &subsets {
            None => solve(formula, budget),
            Some(subsets) => match solve(formula, &budget.clone().with_time_limit(SOON)) {
                Err(SolverError::Stopped(_)) if try_sets(subsets)?.is_none() => Ok(None),
                // Which quorums are found must not hang on the clock.
                Err(SolverError::Stopped(_)) => solve(formula, budget),
                decided => decided,
            },
        };
        Ok(decided?.map(|model| {
            let (a, b, _) = sides.decode(&model);
            (self.fbas.largest_quorum_inside(&a), self.fbas.largest_quorum_inside(&b))
        }))
    }

    /// The least that slices of nodes that diverge share.
    fn least_shared(&self, bounds: &Bounds, budget: &Budget) -> Result<Bound, Stop> {
        match self.given {
            None => least_shared(self.fbas, bounds, &self.in_b, budget),
            Some(node) => Ok(least_shared_with(self.fbas, bounds, node, &self.in_b)),
        }
    }

    fn is_a(&self, nodes: &NodeSet) -> bool {
        !nodes.is_disjoint(&self.in_a)
    }

    /// B at its largest without some nodes, if one of its members diverges.
    fn largest_without(&self, nodes: &NodeSet) -> Option<NodeSet> {
        Some(self.fbas.largest_quorum_inside(&self.all.difference(nodes)))
            .filter(|quorum| !quorum.is_disjoint(&self.in_b))
    }

    /// A small quorum, and what is left beside it.
    fn guess(&self) -> Option<Sides2> {
        let mut avoid = NodeSet::empty(self.fbas.node_count());
        for _ in 0..MOST_GUESSES {
            let side = self.small_side(&avoid);
            if let Some(beside) = self.largest_without(&side) {
                return Some((side, beside));
            }
            avoid = side;
        }
        None
    }

    /// A quorum with a diverging member, as small as removing nodes one by one makes it, first those that it should avoid.
    fn small_side(&self, avoid: &NodeSet) -> NodeSet {
        let mut side = self.all.clone();
        let others: Vec<NodeId> = self.all.difference(avoid).iter().collect();
        for node in avoid.iter().chain(others.into_iter().rev()) {
            if side.contains(node) {
                let mut without = side.clone();
                without.remove(node);
                let smaller = self.fbas.largest_quorum_inside(&without);
                if self.is_a(&smaller) {
                    side = smaller;
                }
            }
        }
        side
    }

    /// Tries who stands in A, node by node.
    fn try_all(&self, budget: &Budget) -> Result<Tried, Stop> {
        // Who is on it, and who may be.
        let mut open = vec![(NodeSet::empty(self.fbas.node_count()), self.all.clone())];
        for _ in 0..FEW_BRANCHES {
            budget.check()?;
            let Some((members, possible)) = open.pop() else { return Ok(Tried::Nothing) };
            let side = self.fbas.largest_quorum_inside(&possible);
            if !self.is_a(&side) || !members.is_subset(&side) {
                continue;
            }
            let Some(beside) = self.largest_without(&members) else { continue };
            let own = self.fbas.largest_quorum_inside(&members);
            if self.is_a(&own) {
                return Ok(Tried::Found((own, beside)));
            }
            let Some(next) = self.next(&members, &side) else { continue };
            let (mut with, mut without) = (members.clone(), side.clone());
            with.insert(next);
            without.remove(next);
            open.push((members, without));
            open.push((with, side));
        }
        Ok(if open.is_empty() { Tried::Nothing } else { Tried::TooLong })
    }

    /// Whom to decide about next: of those that a member still wants, or else of those that may diverge, the one that is named most.
    fn next(&self, members: &NodeSet, side: &NodeSet) -> Option<NodeId> {
        let satisfied = self.fbas.satisfied_sets(members);
        let mut wanted = members.iter().filter_map(|node| self.fbas.quorum_set_of(node));
        let candidates = match wanted.find(|id| !satisfied[id.index()]) {
            Some(id) => self.fbas.named_in(id),
            None => self.in_a.iter().collect(),
        };
        let is_open = |node: &NodeId| side.contains(*node) && !members.contains(*node);
        let named = |node: NodeId| self.fbas.quorum_sets_listing(node).len();
        candidates.into_iter().filter(is_open).max_by_key(|&node| (named(node), std::cmp::Reverse(node)))
    }
}
