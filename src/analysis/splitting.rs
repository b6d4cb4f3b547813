//! Splitting sets: how few nodes or groups can, if Byzantine, make the rest of the network diverge?
//!
//! S splits when there are sets A and B, each with a known member outside S (from the core, by default), such that every
//! known member outside S is satisfied by its set and A ∩ B ⊆ S. This is the "delete" semantics of Mazières ("The Stellar
//! Consensus Protocol", 2015); a superset of a splitting set need not split.

use super::bounds::{Bounds, INFINITE};
use super::charges::Charges;
use super::counting::{Counting, Found, Sets};
use super::intersection::disjoint_quorums;
use super::scenario::Scenario;
use super::sides::Sides;
use super::watchers::{self, Settled};
use super::{AnalysisError, MinimalSet, Options, Scope, Techniques};
use crate::budget::Budget;
use crate::network::{Fbas, Groups, Network, NodeId, NodeSet, QuorumSetId};
use crate::sat::{minimise, solve, Examined, Minimum, Model};

/// The smallest splitting set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SplittingSets {
    /// Its size and an example.
    pub set: MinimalSet,
    /// Whether a quorum exists and every two quorums share a node.
    pub has_quorum_intersection: bool,
    /// One of two quorums that meet only inside the example, whose members are Byzantine. Public keys, ascending.
    pub quorum_a: Vec<String>,
    /// The other.
    pub quorum_b: Vec<String>,
}

/// How few nodes or groups can make the network split.
pub fn splitting_sets(
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Result<SplittingSets, AnalysisError> {
    let scenario = Scenario::of(network, options);
    let groups = Groups::of(network, &options.group_by);
    let disjoint = disjoint_quorums(&scenario, budget)?;
    let has_quorum_intersection = scenario.has_quorum() && disjoint.is_none();
    let smallest = smallest_splitting_set(&scenario, options.scope, &groups, disjoint, budget)?;
    let mut result = SplittingSets { has_quorum_intersection, ..SplittingSets::default() };
    result.set.is_exact = true;
    if let Some((cost, split)) = smallest {
        result.set.min_size = Some(cost);
        result.set.lower_bound = cost;
        result.set.example_set = groups.labels_of(&split.byzantine);
        result.quorum_a = network.keys_of(&split.a);
        result.quorum_b = network.keys_of(&split.b);
    }
    Ok(result)
}

/// A splitting set with the two sets that it lets diverge.
#[derive(Debug, Clone)]
pub(super) struct Split {
    pub byzantine: NodeSet,
    pub a: NodeSet,
    pub b: NodeSet,
}

/// The cheapest splitting set. `disjoint`: two disjoint quorums, if there are any.
pub(super) fn smallest_splitting_set(
    scenario: &Scenario,
    scope: Scope,
    groups: &Groups,
    disjoint: Option<(NodeSet, NodeSet)>,
    budget: &Budget,
) -> Result<Minimum<Split>, AnalysisError> {
    let live = &scenario.live;
    let (interesting, diverging) = match scope {
        Scope::All => (live.alive(), live.alive()),
        Scope::Core => {
            let core = scenario.written.core();
            (live.reachable_from(&core), core)
        }
    };
    let fbas = without_surplus(&live.reduced_to(&interesting), &diverging);
    // A Byzantine node that nobody names helps nobody.
    let useful = NodeSet::of(fbas.node_count(), fbas.alive().iter().filter(|&node| fbas.is_named(node)));
    let charges = Charges::new(groups, useful);
    let has_disjoint = disjoint.is_some();
    let mut settled = None;
    if scenario.techniques.watchers
        && scope == Scope::All
        && !has_disjoint
        && live.alive().iter().all(|node| live.is_known(node))
    {
        settled = watchers::settle(&fbas, &charges, budget, |split| is_split(&fbas, split, &diverging))?;
    }
    let (fbas, known) = match settled {
        Some(Settled { rest, cheapest }) => (rest, cheapest),
        None => (fbas, None),
    };
    let diverging_here = diverging.intersection(&fbas.alive());
    let techniques = scenario.techniques;
    let task = Task { fbas: &fbas, diverging: diverging_here, charges, techniques, budget };
    let found = task.smallest(disjoint, known, !has_disjoint)?;
    if let Some((cost, split)) = &found {
        let holds = is_split(&scenario.written, split, &diverging)
            && groups.groups_of(&split.byzantine).len() as u32 == *cost;
        scenario.check(holds, "a splitting set")?;
    }
    Ok(found)
}

/// Whether it splits by the definition, where the nodes of `diverging` count.
fn is_split(fbas: &Fbas, split: &Split, diverging: &NodeSet) -> bool {
    let diverges = |side: &NodeSet| {
        let honest = side.difference(&split.byzantine).intersection(diverging);
        fbas.is_quorum_despite(side, &split.byzantine) && honest.iter().any(|node| fbas.is_known(node))
    };
    diverges(&split.a) && diverges(&split.b) && split.a.intersection(&split.b).is_subset(&split.byzantine)
}

/// Of exchangeable nodes that nobody names, one for each side is enough.
fn without_surplus(fbas: &Fbas, diverging: &NodeSet) -> Fbas {
    let mut keep = fbas.alive();
    for class in fbas.classes(|node| diverging.contains(node)) {
        if !fbas.is_named(class.members[0]) {
            class.members.iter().skip(2).for_each(|&node| keep.remove(node));
        }
    }
    fbas.reduced_to(&keep)
}

/// The least that the slices of two different nodes of `diverging` share: a lower bound on every splitting set.
pub(super) fn least_shared(fbas: &Fbas, bounds: &Bounds, diverging: &NodeSet) -> u32 {
    let mut holders: Vec<(QuorumSetId, usize)> = Vec::new();
    for node in diverging.iter() {
        let Some(id) = fbas.quorum_set_of(node) else { continue };
        match holders.iter_mut().find(|(known, _)| *known == id) {
            Some((_, count)) => *count += 1,
            None => holders.push((id, 1)),
        }
    }
    let mut least = INFINITE;
    for (index, &(first, count)) in holders.iter().enumerate() {
        if count > 1 {
            least = least.min(bounds.shared(first, first));
        }
        for &(second, _) in &holders[index + 1..] {
            least = least.min(bounds.shared(first, second));
        }
    }
    least
}

struct Task<'a> {
    fbas: &'a Fbas,
    /// The nodes that may count as diverging.
    diverging: NodeSet,
    charges: Charges<'a>,
    techniques: Techniques,
    budget: &'a Budget,
}

/// How far counting came.
enum Counted {
    /// A split that costs least.
    Cheapest((u32, Split)),
    /// No split costs less than the one that is known or, if none is, there is none.
    NothingBelowKnown,
    /// No split costs less than this; whether one costs this much is left to formulas.
    NothingBelow(u32),
}

impl Task<'_> {
    fn smallest(
        &self,
        disjoint: Option<(NodeSet, NodeSet)>,
        mut known: Minimum<Split>,
        quorums_intersect: bool,
    ) -> Result<Minimum<Split>, AnalysisError> {
        if let Some((a, b)) = disjoint {
            let split = Split { byzantine: NodeSet::empty(self.fbas.node_count()), a, b };
            if is_split(self.fbas, &split, &self.diverging) {
                return Ok(Some((0, split)));
            }
        }
        let bounds = Bounds::new(self.fbas, &self.charges);
        let mut lower = u32::from(quorums_intersect);
        if self.techniques.bounds {
            lower = lower.max(least_shared(self.fbas, &bounds, &self.diverging));
        }
        // Where no two nodes can diverge here at all, the bound is infinite.
        if lower == INFINITE || known.as_ref().is_some_and(|&(cost, _)| cost <= lower) {
            return Ok(known);
        }
        if self.techniques.guesses {
            for split in self.guesses(lower) {
                known = self.better(known, split);
            }
        }
        if self.techniques.counting {
            match self.by_counting(&bounds, lower, &known)? {
                Counted::Cheapest(split) => return Ok(Some(split)),
                Counted::NothingBelowKnown => return Ok(known),
                Counted::NothingBelow(cost) => lower = cost,
            }
        }
        self.by_formulas(&bounds, lower, known)
    }

    fn by_counting(
        &self,
        bounds: &Bounds,
        lower: u32,
        known: &Minimum<Split>,
    ) -> Result<Counted, AnalysisError> {
        let upper = match known {
            Some((cost, _)) => *cost,
            None => self.charges.cost(&self.fbas.alive()) + 1,
        };
        if lower >= upper {
            return Ok(Counted::NothingBelowKnown);
        }
        let counting = Counting::new(self.fbas, &self.diverging, &self.charges, bounds);
        if !counting.tells_much(lower, self.budget)? {
            return Ok(Counted::NothingBelow(lower));
        }
        let mut lower = self.least_not_refuted(&counting, lower, upper)?;
        while lower < upper {
            match counting.split(lower, self.budget)? {
                Found::Nothing => lower += 1,
                Found::Unknown => return Ok(Counted::NothingBelow(lower)),
                Found::Split(Sets { byzantine, a, b }) => {
                    let split = self.improved(Split { byzantine, a, b });
                    let cost = self.charges.cost(&split.byzantine);
                    if cost != lower {
                        let claim = format!("counting found a split of {cost} where it should cost {lower}");
                        return Err(AnalysisError::Internal(claim));
                    }
                    return Ok(Counted::Cheapest((cost, split)));
                }
            }
        }
        Ok(Counted::NothingBelowKnown)
    }

    fn by_formulas(
        &self,
        bounds: &Bounds,
        lower: u32,
        known: Minimum<Split>,
    ) -> Result<Minimum<Split>, AnalysisError> {
        let limit = match &known {
            Some((cost, _)) => *cost as usize,
            None => self.charges.cost(&self.fbas.alive()) as usize,
        };
        let (mut sides, cost) = Sides::splitting(self.fbas, &self.diverging, &self.charges, bounds, limit);
        let mut formula = std::mem::take(&mut sides.encoding.formula);
        let split_of = |model: &Model| {
            let (a, b, byzantine) = sides.decode(model);
            let split = self.improved(Split { byzantine, a, b });
            (self.charges.cost(&split.byzantine), split)
        };
        let known = match known {
            Some(known) => known,
            None => match solve(&formula, self.budget)? {
                Some(model) => split_of(&model),
                None => return Ok(None),
            },
        };
        minimise(&mut formula, &cost, lower, Some(known), self.budget, |model| {
            let (cost, split) = split_of(model);
            Ok(Examined::Solution(cost, split))
        })
    }

    /// The least cost, from `lower` to `upper`, that the relaxation does not refute; costs refuted are a range from below.
    fn least_not_refuted(&self, counting: &Counting, lower: u32, upper: u32) -> Result<u32, AnalysisError> {
        let (mut low, mut high) = (lower, upper);
        while low < high {
            let middle = low + (high - low) / 2;
            if counting.is_refuted(middle, self.budget)? {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    /// The cheaper of the best split known and a guess, if the guess is a split at all.
    fn better(&self, known: Minimum<Split>, guess: Split) -> Minimum<Split> {
        if !is_split(self.fbas, &guess, &self.diverging) {
            return known;
        }
        let guess = self.improved(guess);
        let cost = self.charges.cost(&guess.byzantine);
        match known {
            Some((best, split)) if best <= cost => Some((best, split)),
            _ => Some((cost, guess)),
        }
    }

    /// Drops Byzantine nodes, unit by unit, that are not needed.
    fn improved(&self, mut split: Split) -> Split {
        for unit in self.charges.units(&split.byzantine) {
            let unit = NodeSet::of(self.fbas.node_count(), unit);
            let fewer = split.byzantine.difference(&unit);
            let Split { a, b, .. } = &split;
            let starts = [a.clone(), a.difference(&unit), b.clone(), b.difference(&unit)];
            if let Some(cheaper) = starts.iter().find_map(|start| self.split_around(start, &fewer)) {
                split = cheaper;
            }
        }
        // Byzantine nodes that stand in neither set do nothing.
        split.byzantine = split.byzantine.intersection(&split.a.union(&split.b));
        split
    }

    /// A split in which one side lies inside `start`, with these nodes Byzantine, if that is so simple.
    fn split_around(&self, start: &NodeSet, byzantine: &NodeSet) -> Option<Split> {
        let a = self.fbas.largest_supported_inside(&start.union(byzantine), byzantine);
        let rest = self.fbas.alive().difference(&a.difference(byzantine));
        let b = self.fbas.largest_supported_inside(&rest, byzantine);
        let split = Split { byzantine: byzantine.clone(), a, b };
        is_split(self.fbas, &split, &self.diverging).then_some(split)
    }

    /// A set as small as removing nodes one by one makes it that some diverging node outside `byzantine` supports. Nodes are tried in
    /// descending order of how often they are named, so that what remains leaves most to others.
    fn small_side(&self, byzantine: &NodeSet, avoid: &NodeSet) -> NodeSet {
        let diverges = |side: &NodeSet| {
            side.iter().any(|node| {
                self.fbas.is_known(node) && self.diverging.contains(node) && !byzantine.contains(node)
            })
        };
        let mut side = self.fbas.largest_supported_inside(&self.fbas.alive(), byzantine);
        let mut order: Vec<NodeId> = avoid.iter().collect();
        order.extend(side.iter().filter(|&node| !avoid.contains(node)).collect::<Vec<_>>().into_iter().rev());
        for node in order {
            if byzantine.contains(node) || !side.contains(node) {
                continue;
            }
            let mut without = side.clone();
            without.remove(node);
            let smaller = self.fbas.largest_supported_inside(&without, byzantine);
            if diverges(&smaller) {
                side = smaller;
            }
        }
        side
    }

    /// Splits that are easy to see: pairs of small quorums that avoid each other, and single groups.
    fn guesses(&self, lower: u32) -> Vec<Split> {
        let nobody = NodeSet::empty(self.fbas.node_count());
        let mut guesses = Vec::new();
        let first = self.small_side(&nobody, &nobody);
        let second = self.small_side(&nobody, &first);
        let third = self.small_side(&nobody, &second);
        for (a, b) in [(&first, &second), (&third, &second)] {
            guesses.push(Split { byzantine: a.intersection(b), a: a.clone(), b: b.clone() });
        }
        if lower <= 1 {
            let groups = self.charges.units(&self.fbas.alive()).into_iter().filter(|unit| unit.len() > 1);
            for unit in groups.take(MOST_GUESSES) {
                let unit = NodeSet::of(self.fbas.node_count(), unit);
                let side = self.small_side(&unit, &nobody);
                guesses.extend(self.split_around(&side, &unit));
            }
        }
        guesses
    }
}

/// How many single groups are tried before the solver is asked.
const MOST_GUESSES: usize = 32;
