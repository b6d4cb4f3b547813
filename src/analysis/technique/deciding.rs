//! The fewest groups that can split the network, found by asking over and over whether some Byzantine nodes of given groups can: a question
//! for yes or no is easier than a search for the fewest.
//!
//! If the members that diverge stand outside the groups, all nodes of these may be Byzantine: the question is whether the system with
//! them deleted has two disjoint quorums with a diverging member each. Where a side has nobody to diverge but nodes of the groups, one of
//! these stays honest, and the others must satisfy its quorum set (docs/methods.md, 7.8).

use super::hitting::{fewest, Units};
use super::pair::Pair;
use super::subsets::Subsets;
use crate::analysis::encode::split::Split;
use crate::analysis::error::AnalysisError;
use crate::analysis::options::Techniques;
use crate::budget::Budget;
use crate::known::Known;
use crate::network::{Fbas, Groups, NodeId, NodeSet};

/// With more units than this, one would ask for long which of them can be Byzantine together.
const MOST_UNITS: usize = 24;
/// How many steps are taken to find the fewest groups before other ways have their turn.
const MOST_STEPS: usize = 10_000;
/// In about the time of a step, so many sides are looked at where all sets are tried.
const SIDES_PER_STEP: usize = 1 << 19;
/// All sets are tried at once where that takes no longer than so many steps.
const MOST_AT_ONCE: usize = 4;

/// The splits of one system.
pub struct Deciding<'a> {
    pub fbas: &'a Fbas,
    /// The nodes that count as diverging.
    pub diverging: &'a NodeSet,
    /// A known node that is to be split off from them, if one is: it diverges on one side and is never Byzantine.
    pub given: Option<NodeId>,
    /// Every node for itself.
    pub nodes: &'a Groups,
    pub techniques: Techniques,
}

impl Deciding<'_> {
    /// Looks for the fewest units that split, where they or the nodes are few. `improved` makes splits cheaper and says what they cost.
    pub fn fewest(
        &self,
        units: &[Vec<NodeId>],
        known: &mut Known<Split>,
        improved: &dyn Fn(Split) -> (u32, Split),
    ) -> Result<(), AnalysisError> {
        let subsets = self.techniques.subsets.then(|| Subsets::of(self.fbas)).flatten();
        let given = self.given.map(|node| NodeSet::of(self.fbas.node_count(), [node]));
        let in_a = given.as_ref().unwrap_or(self.diverging);
        let splits = subsets.as_ref().and_then(|subsets| subsets.splits(units, in_a, self.diverging));
        let steps = splits.as_ref().map_or(usize::MAX, |splits| splits.sides(known) / SIDES_PER_STEP);
        if steps > MOST_AT_ONCE {
            self.by_decisions(units, steps.min(MOST_STEPS), known, improved)?;
        }
        match splits.filter(|_| !known.is_proven()) {
            Some(splits) => Ok(splits.cheapest(known, improved)?),
            None => Ok(()),
        }
    }

    /// Asks over and over, so many times at most.
    fn by_decisions(
        &self,
        units: &[Vec<NodeId>],
        most_steps: usize,
        known: &mut Known<Split>,
        improved: &dyn Fn(Split) -> (u32, Split),
    ) -> Result<(), AnalysisError> {
        if units.len() > MOST_UNITS {
            return Ok(());
        }
        known.enter("deciding");
        let splits = |some: Units, known: &mut Known<Split>| {
            let nodes = some.iter().flat_map(|unit| units[unit].iter().copied());
            let nodes = NodeSet::of(self.fbas.node_count(), nodes);
            let found = self.split_within(&nodes, known.budget())?.map(improved);
            let splits = found.is_some();
            if let Some((cost, split)) = found {
                known.offer(cost, split);
            }
            Ok::<bool, AnalysisError>(splits)
        };
        fewest(units.len(), most_steps, &[], known, |chosen, order, known| {
            if splits(chosen, known)? {
                return Ok(None);
            }
            // As many as possible beside them: what splits has one of the others.
            let mut together = chosen;
            for &unit in order.iter().filter(|&&unit| !chosen.contains(unit)) {
                if !splits(together.with(unit), known)? {
                    together = together.with(unit);
                }
            }
            Ok(Some(Units::of((0..units.len()).filter(|&unit| !together.contains(unit)))))
        })
    }

    /// A split in which only nodes of `byzantine` are Byzantine, if there is one.
    fn split_within(&self, byzantine: &NodeSet, budget: &Budget) -> Result<Option<Split>, AnalysisError> {
        budget.check()?;
        match self.outside(byzantine, budget)? {
            Some(split) => Ok(Some(split)),
            None => self.among(byzantine, budget),
        }
    }

    /// A split with exactly these nodes Byzantine.
    fn outside(&self, byzantine: &NodeSet, budget: &Budget) -> Result<Option<Split>, AnalysisError> {
        let rest = self.fbas.deleting(byzantine).live();
        let mut pair = Pair::of(&rest, self.diverging, self.nodes, self.techniques);
        if let Some(node) = self.given {
            pair = pair.splitting_off(node);
        }
        let pair = pair.find(budget)?;
        Ok(pair.map(|(a, b)| Split {
            a: a.union(byzantine),
            b: b.union(byzantine),
            byzantine: byzantine.clone(),
        }))
    }

    /// A split in which one or two of these nodes are honest, because sides have nobody else to diverge, and all others Byzantine.
    fn among(&self, byzantine: &NodeSet, budget: &Budget) -> Result<Option<Split>, AnalysisError> {
        // Whoever does not diverge may stand on such a side as well.
        let alive = self.fbas.alive();
        let may_stand = |node: &NodeId| !self.diverges(*node) && self.given != Some(*node);
        let others = NodeSet::of(self.fbas.node_count(), alive.iter().filter(may_stand));
        let satisfied = self.fbas.satisfied_sets(&byzantine.union(&others));
        let is_satisfied =
            |node: NodeId| self.fbas.quorum_set_of(node).is_some_and(|id| satisfied[id.index()]);
        let honest: Vec<NodeId> =
            byzantine.iter().filter(|&node| self.diverges(node) && is_satisfied(node)).collect();
        for (index, &first) in honest.iter().enumerate() {
            let mut byzantine = byzantine.clone();
            byzantine.remove(first);
            if let Some(split) = self.with_honest(first, &byzantine, &others, budget)? {
                return Ok(Some(split));
            }
            if self.given.is_some() {
                continue;
            }
            for &second in &honest[index + 1..] {
                byzantine.remove(second);
                if let Some(split) = self.with_honest(first, &byzantine, &others, budget)? {
                    return Ok(Some(split));
                }
                byzantine.insert(second);
            }
        }
        Ok(None)
    }

    /// A split with exactly these nodes Byzantine, in which nobody diverges on one side but this node.
    fn with_honest(
        &self,
        node: NodeId,
        byzantine: &NodeSet,
        others: &NodeSet,
        budget: &Budget,
    ) -> Result<Option<Split>, AnalysisError> {
        budget.check()?;
        let mut with_it = byzantine.clone();
        with_it.insert(node);
        if !self.fbas.quorum_set_of(node).is_some_and(|id| self.fbas.is_satisfied_by(id, &with_it)) {
            let is_alone = others.is_subset(byzantine);
            return if is_alone { Ok(None) } else { self.outside(byzantine, budget) };
        }
        // The side needs nobody else, and the less it has, the more is left to the other.
        let mut rest = self.fbas.alive();
        rest.remove(node);
        let other = self.fbas.largest_supported_inside(&rest, byzantine);
        let is_split = match self.given {
            None => other.difference(byzantine).iter().any(|node| self.diverges(node)),
            Some(given) => other.contains(given),
        };
        // Where a node is given, it is A that has it.
        Ok(is_split.then(|| Split { byzantine: byzantine.clone(), a: other, b: with_it }))
    }

    fn diverges(&self, node: NodeId) -> bool {
        self.diverging.contains(node) && self.fbas.is_known(node) && self.given != Some(node)
    }
}
