//! Splitting sets: how few nodes or groups can, if Byzantine, make the rest of the network diverge?
//!
//! S splits when there are sets A and B, each with a known member outside S (from the core, by default), such that every
//! known member outside S is satisfied by its set and A ∩ B ⊆ S. This is the "delete" semantics of Mazières ("The Stellar
//! Consensus Protocol", 2015); a superset of a splitting set need not split.

use super::cost::bounds::{Bound, Bounds};
use super::cost::charges::Charges;
use super::encode::sides::Sides;
use super::encode::split::{arena, can_help_to_split, is_split, least_shared, Split};
use super::error::AnalysisError;
use super::intersection::{budget_for_verdict, intersection_of, Intersection};
use super::list::all::answer;
use super::list::kind::{Question, SetsOf};
use super::list::smallest::MinimalSet;
use super::options::{Options, Scope, Techniques};
use super::scenario::{search, Scenario};
use super::technique::counting::splits::{Counting, Found, Sets};
use super::technique::deciding::Deciding;
use super::technique::local_search::Nearby;
use super::technique::outside::least_outside;
use super::technique::watchers;
use crate::budget::{Budget, Stop};
use crate::known::{Known, Step};
use crate::network::{Fbas, GroupBy, Groups, Network, NodeId, NodeSet};
use crate::sat::{minimise, Examined};
use crate::subject::Figure;

/// The smallest splitting set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SplittingSets {
    /// Its size and an example.
    pub set: MinimalSet,
    /// Whether every two quorums share a node.
    pub intersection: Intersection,
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
    let question = Question::new(SetsOf::Splitting, &scenario, options);
    let mut intersection = Intersection::default();
    let found = search(&Figure::Splitting.into(), options, budget, |known| {
        intersection = intersection_of(&scenario, options, &budget_for_verdict(options, budget))?;
        smallest_splitting_set(&scenario, options.scope, &question.groups, known)
    })?;
    let set = answer(question, network, options, budget, &found, |split| &split.byzantine)?;
    let witness = found.example.map(|split| (network.keys_of(&split.a), network.keys_of(&split.b)));
    let (quorum_a, quorum_b) = witness.unwrap_or_default();
    Ok(SplittingSets { set, intersection, quorum_a, quorum_b })
}

/// The cheapest splitting set. Makes use of the verdict on quorum intersection, if there is one already.
pub(super) fn smallest_splitting_set(
    scenario: &Scenario,
    scope: Scope,
    groups: &Groups,
    known: &mut Known<Split>,
) -> Result<(), AnalysisError> {
    known.budget().check()?;
    let (fbas, diverging) = arena(&scenario.view, scope);
    let charges = Charges::new(groups, can_help_to_split(&fbas));
    let verdict = scenario.view.disjoint_quorums();
    let has_disjoint = verdict.is_some_and(Option::is_some);
    let of_nodes = Groups::of(scenario.network, &GroupBy::Node);
    let (nodes, techniques) = (&of_nodes, scenario.techniques);
    let search = |known: &mut Known<Split>| {
        let mut rest = None;
        if techniques.watchers
            && scope == Scope::All
            && !has_disjoint
            && fbas.alive().iter().all(|node| fbas.is_known(node))
        {
            known.enter("watchers");
            let is_split = |split: &Split| is_split(&fbas, split, &diverging);
            rest = watchers::settle(&fbas, &charges, known, is_split)?;
        }
        let fbas = rest.as_ref().unwrap_or(&fbas);
        let outside = fbas.alive().difference(scenario.view.core());
        if techniques.bounds && scope == Scope::All && !has_disjoint && !outside.is_empty() {
            let outside = least_outside(fbas, &charges, &outside, known.budget())?;
            if outside > Bound::AtLeast(known.lower()) {
                let (fbas, diverging) = arena(&scenario.view, Scope::Core);
                let charges = Charges::new(groups, can_help_to_split(&fbas));
                let core = Task { fbas: &fbas, diverging, charges, nodes, techniques };
                core.smallest_unless(outside, verdict, known)?;
            }
            if known.is_proven() {
                return Ok(());
            }
        }
        let diverging = diverging.intersection(&fbas.alive());
        let task = Task { fbas, diverging, charges: charges.clone(), nodes, techniques };
        task.smallest(verdict, known)
    };
    let outcome = search(known);
    scenario.checked(outcome, known, "a splitting set", |cost, split| {
        is_split(&scenario.view.written, split, &diverging)
            && groups.groups_of(&split.byzantine).len() as u32 == cost
    })
}

/// What every split costs at least because of what slices share.
pub(super) fn least_shared_in(
    scenario: &Scenario,
    scope: Scope,
    groups: &Groups,
    budget: &Budget,
) -> Result<Bound, Stop> {
    let (fbas, diverging) = arena(&scenario.view, scope);
    let charges = Charges::new(groups, can_help_to_split(&fbas));
    least_shared(&fbas, &Bounds::new(&fbas, &charges, budget)?, &diverging, budget)
}

struct Task<'a> {
    fbas: &'a Fbas,
    /// The nodes that may count as diverging.
    diverging: NodeSet,
    charges: Charges<'a>,
    /// Every node for itself.
    nodes: &'a Groups,
    techniques: Techniques,
}

impl Task<'_> {
    /// Takes over what is found, where all splits that are not among these cost `others` at least.
    fn smallest_unless(
        &self,
        others: Bound,
        verdict: Option<&Option<(NodeSet, NodeSet)>>,
        known: &mut Known<Split>,
    ) -> Result<(), AnalysisError> {
        let mut these = Known::unwatched(known.budget()).below(known.floor());
        if let Some((cost, split)) = known.best() {
            these.offer(*cost, split.clone());
        }
        let outcome = self.smallest(verdict, &mut these);
        let least = Bound::of(&these).min(others);
        if let Some((cost, split)) = these.into_best() {
            known.offer(cost, split);
        }
        least.raise(known);
        outcome
    }

    fn smallest(
        &self,
        verdict: Option<&Option<(NodeSet, NodeSet)>>,
        known: &mut Known<Split>,
    ) -> Result<(), AnalysisError> {
        if let Some(Some((a, b))) = verdict {
            let byzantine = NodeSet::empty(self.fbas.node_count());
            let split = Split { byzantine, a: a.clone(), b: b.clone() };
            if is_split(self.fbas, &split, &self.diverging) {
                known.offer(0, split);
                return Ok(());
            }
        }
        if verdict.is_some_and(Option::is_none) {
            known.raise(1);
        }
        let bounds = Bounds::new(self.fbas, &self.charges, known.budget())?;
        known.until_proven::<Stop>(&mut [
            (self.techniques.bounds, &mut |known| {
                match least_shared(self.fbas, &bounds, &self.diverging, known.budget())? {
                    // No two nodes can diverge here at all.
                    Bound::Impossible => known.prove(),
                    Bound::AtLeast(least) => known.raise(least.min(known.limit().unwrap_or(least))),
                }
                Ok(())
            }),
            (self.techniques.guesses, &mut |known| {
                self.guess(known);
                Ok(())
            }),
        ])?;
        if known.is_proven() {
            return Ok(());
        }
        let mut counting = Counting::new(self.fbas, &self.diverging, &self.charges, &bounds);
        let counts_first = counting.is_apt();
        let mut steps: [Step<_, _>; 3] = [
            (self.techniques.counting, &mut |known| self.count(&mut counting, known)),
            (self.techniques.deciding, &mut |known| self.decide(known)),
            (true, &mut |known| self.by_formulas(&bounds, known)),
        ];
        if !counts_first {
            steps.swap(0, 1);
        }
        known.until_proven(&mut steps)
    }

    /// Asks which units can be Byzantine together without a split, where they are few.
    fn decide(&self, known: &mut Known<Split>) -> Result<(), AnalysisError> {
        let deciding = Deciding {
            fbas: self.fbas,
            diverging: &self.diverging,
            given: None,
            nodes: self.nodes,
            techniques: self.techniques,
        };
        deciding.fewest(&self.charges.units(&self.fbas.alive()), known, &|split| {
            let split = self.improved(split);
            (self.charges.cost(&split.byzantine), split)
        })
    }

    /// Counts as far as counting tells anything.
    fn count(&self, counting: &mut Counting, known: &mut Known<Split>) -> Result<(), AnalysisError> {
        known.enter("counting");
        let budget = known.budget();
        let upper = known.limit().unwrap_or(self.charges.cost(&self.fbas.alive()) + 1);
        if known.lower() >= upper {
            known.prove();
            return Ok(());
        }
        if !counting.tells_much(known.lower(), budget)? {
            return Ok(());
        }
        let mut nearby = Nearby::new(self.fbas, &self.diverging, &self.charges);
        self.search(&mut nearby, known);
        let upper = known.limit().unwrap_or(upper);
        self.raise_to_not_refuted(counting, upper, known)?;
        self.search(&mut nearby, known);
        let upper = known.limit().unwrap_or(upper);
        while known.lower() < upper && !known.is_proven() {
            match counting.split(known.lower(), budget)? {
                Found::Nothing => known.raise(known.lower() + 1),
                Found::Unknown => return Ok(()),
                Found::Split(Sets { byzantine, a, b }) => {
                    let split = self.improved(Split { byzantine, a, b });
                    let (cost, lower) = (self.charges.cost(&split.byzantine), known.lower());
                    if cost != lower {
                        let claim = format!("counting found a split of {cost} where it should cost {lower}");
                        return Err(AnalysisError::Internal(claim));
                    }
                    known.offer(cost, split);
                    return Ok(());
                }
            }
        }
        if known.lower() >= upper {
            known.prove();
        }
        Ok(())
    }

    /// Looks for cheaper splits near the best one: a proof that nothing is cheaper then has less to exclude.
    fn search(&self, nearby: &mut Nearby, known: &mut Known<Split>) {
        let Some((_, split)) = known.best().filter(|_| self.techniques.local_search && !known.is_proven())
        else {
            return;
        };
        if let Some(split) = nearby.improve(split, known.lower(), known.budget()) {
            if is_split(self.fbas, &split, &self.diverging) {
                let split = self.improved(split);
                known.offer(self.charges.cost(&split.byzantine), split);
            }
        }
    }

    fn by_formulas(&self, bounds: &Bounds, known: &mut Known<Split>) -> Result<(), AnalysisError> {
        known.enter("formulas");
        let limit = known.limit().unwrap_or_else(|| self.charges.cost(&self.fbas.alive())) as usize;
        let (mut sides, cost) =
            Sides::splitting(self.fbas, &self.diverging, &self.charges, bounds, limit, known.budget());
        let mut formula = std::mem::take(&mut sides.encoding.formula);
        minimise(&mut formula, &cost, known, |model| {
            let (a, b, byzantine) = sides.decode(model);
            let split = self.improved(Split { byzantine, a, b });
            Ok(Examined::Solution(self.charges.cost(&split.byzantine), split))
        })
    }

    /// The least cost, up to `upper`, that the relaxation does not refute; costs refuted are a range from below.
    fn raise_to_not_refuted(
        &self,
        counting: &mut Counting,
        upper: u32,
        known: &mut Known<Split>,
    ) -> Result<(), AnalysisError> {
        let mut high = upper;
        while known.lower() < high {
            let middle = known.lower() + (high - known.lower()) / 2;
            if counting.is_refuted(middle, known.budget())? {
                known.raise(middle + 1);
            } else {
                high = middle;
            }
        }
        Ok(())
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

    /// Those who stand beside none of these nodes in a quorum set, so that nobody Byzantine stands in for them.
    fn apart_from(&self, nodes: &NodeSet) -> NodeSet {
        let listing = nodes.iter().flat_map(|node| self.fbas.quorum_sets_listing(node));
        let beside = listing.flat_map(|&id| self.fbas.quorum_sets().get(id).validators.iter().copied());
        self.fbas.alive().difference(&NodeSet::of(self.fbas.node_count(), beside))
    }

    /// Offers splits that are easy to see: pairs of small quorums that avoid each other, and single groups.
    fn guess(&self, known: &mut Known<Split>) {
        let lower = known.lower();
        let mut offer = |guess: Split| {
            if is_split(self.fbas, &guess, &self.diverging) {
                let guess = self.improved(guess);
                known.offer(self.charges.cost(&guess.byzantine), guess);
            }
        };
        let nobody = NodeSet::empty(self.fbas.node_count());
        let first = self.small_side(&nobody, &nobody);
        let second = self.small_side(&nobody, &first);
        let third = self.small_side(&nobody, &second);
        for (a, b) in [(&first, &second), (&third, &second)] {
            offer(Split { byzantine: a.intersection(b), a: a.clone(), b: b.clone() });
        }
        if lower <= 1 {
            let groups = self.charges.units(&self.fbas.alive()).into_iter().filter(|unit| unit.len() > 1);
            for unit in groups.take(MOST_GUESSES) {
                let unit = NodeSet::of(self.fbas.node_count(), unit);
                let around = |avoid: &NodeSet| self.split_around(&self.small_side(&unit, avoid), &unit);
                let found = around(&nobody).or_else(|| around(&self.apart_from(&unit)));
                found.into_iter().for_each(&mut offer);
            }
        }
    }
}

/// How many single groups are tried before the solver is asked.
const MOST_GUESSES: usize = 32;
