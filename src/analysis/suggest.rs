//! Finds the fewest units (nodes or groups) that have to change to what they ask for in a later network, so that a network that is not safe
//! becomes safe.
//!
//! Every choice of units is a state between the two networks, and the choice suffices if this state is safe. A larger choice may fail where
//! a smaller one suffices, as units that change may also make a quorum that shares no node with another one. So the failure of a choice
//! rules out only a region of states: those that are unsafe for the same reason (see [`super::safety`]). The smallest choices outside all of
//! these regions are tried first.

use super::encode::states::{Choice, Region};
use super::error::AnalysisError;
use super::options::Options;
use super::plan::{plan_under, Plan};
use super::safety::{Danger, Demands, Floors, Safety, Unsafe, UnsafeState};
use super::scenario::search;
use super::size::Size;
use crate::budget::Budget;
use crate::known::Known;
use crate::network::{GroupBy, Groups, Network, NodeSet, Transition};
use crate::subject::Figure;

/// Who has to change so that a network is safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The units that can change, in the order of their labels.
    pub candidates: Vec<String>,
    /// Why the network is not safe as it is. Absent: it is safe or, if nothing is known of the size, that is not known.
    pub today: Option<UnsafeState>,
    /// How many units have to change.
    pub size: Size,
    /// The fewest of them that are known, in the order of their labels. Absent: none will do or, if the size is not exact, none were found.
    pub adopters: Option<Vec<String>>,
}

/// The nodes that can be asked to adopt a quorum set: those that ask for one today and have not crashed. Who asks for nothing that is known is
/// not known to be there.
pub fn can_adopt(network: &Network, options: &Options) -> NodeSet {
    let crashed = network.nodes_with_keys(&options.faulty_nodes);
    let can =
        network.nodes().filter(|&node| network.quorum_set_of(node).is_some() && !crashed.contains(node));
    NodeSet::of(network.node_count(), can)
}

/// The fewest units that have to change, of those that ask for something else in the later network, so that a quorum exists, every two quorums
/// share a node and no smallest set is below its floor. As for a plan, [`Options::reachable_from`] does not count here.
pub fn suggest(
    transition: &Transition,
    unit: &GroupBy,
    floors: Floors,
    options: &Options,
    budget: &Budget,
) -> Result<Suggestion, AnalysisError> {
    let mut safety = Safety::new(transition, unit, Demands::of(floors), options);
    let mut today = None;
    let subject = Figure::Adopters.into();
    let found = search(&subject, options, budget, |known| {
        known.enter("states");
        safety.find_kinds(budget)?;
        Search { safety: &safety, regions: Vec::new() }.run(&mut today, known)
    })?;
    let units = 0..safety.change.units.len();
    let chosen = |choice: Vec<bool>| safety.labels(units.clone().filter(|&unit| choice[unit]));
    Ok(Suggestion {
        candidates: safety.labels(units.clone()),
        today: today.map(|found| safety.described(&found)),
        size: found.size,
        adopters: found.example.map(chosen),
    })
}

/// The change in which these units change and no others.
pub fn change_of(transition: &Transition, unit: &GroupBy, changing: &[String]) -> Transition {
    let network = transition.after();
    let groups = Groups::of(network, unit);
    let is_one = |node: &_| changing.iter().any(|label| label == groups.label(groups.group(*node)));
    transition.of(&NodeSet::of(network.node_count(), network.nodes().filter(is_one)))
}

/// In which order they can change so that the network is in no danger on the way that it is not in today. As no fewer will do, it is in some danger
/// until all have changed: one that has no quorum stays without one or gets one, and is not split; one that is split does not lose all quorums; and one
/// that is below a floor neither splits nor halts.
pub fn way_there(
    change: &Transition,
    unit: &GroupBy,
    today: Option<Danger>,
    options: &Options,
    budget: &Budget,
) -> Result<Plan, AnalysisError> {
    plan_under(change, unit, demands_on_the_way(today), options, budget)
}

/// What is asked of the states on the way from a network that is in this danger.
pub fn demands_on_the_way(today: Option<Danger>) -> Demands {
    Demands {
        quorum: today != Some(Danger::Halt),
        intersection: today != Some(Danger::Split),
        floors: Floors::default(),
    }
}

struct Search<'s> {
    safety: &'s Safety<'s>,
    /// States that are not safe.
    regions: Vec<Region>,
}

impl Search<'_> {
    fn run(&mut self, today: &mut Option<Unsafe>, known: &mut Known<Vec<bool>>) -> Result<(), AnalysisError> {
        let (units, budget) = (self.safety.change.units.len(), known.budget());
        let nobody = vec![false; units];
        *today = self.safety.unsafe_in(&Region::state(&nobody), budget)?;
        if today.is_none() {
            known.offer(0, nobody);
            return Ok(());
        }
        known.raise(1);
        // What will do at all, so that something is known early.
        self.follow(nobody, known)?;
        self.follow(vec![true; units], known)?;
        while !known.is_proven() {
            budget.check()?;
            let everything = Region::all(units);
            let kinds = &self.safety.change.kinds;
            let most = known.lower() as usize;
            match kinds.outside(&everything, most, &self.regions, budget)? {
                Some(choice) => self.follow(choice, known)?,
                None if kinds.outside(&everything, units, &self.regions, budget)?.is_none() => known.prove(),
                None => known.raise(known.lower() + 1),
            }
        }
        Ok(())
    }

    /// Looks at a choice of units and, while it will not do, at the larger one that has all of whom one at least would have to change as well. What
    /// will do is made smaller, one unit after the other.
    fn follow(&mut self, mut choice: Vec<bool>, known: &mut Known<Vec<bool>>) -> Result<(), AnalysisError> {
        while !self.will_do(&choice, known)? {
            let region = self.regions.last();
            let needed = |&unit: &usize| region.is_some_and(|region| region.0[unit] == Choice::Before);
            let needed: Vec<usize> = (0..choice.len()).filter(needed).collect();
            if needed.is_empty() {
                return Ok(());
            }
            needed.into_iter().for_each(|unit| choice[unit] = true);
        }
        for unit in (0..choice.len()).rev() {
            if choice[unit] && !known.is_proven() {
                choice[unit] = false;
                choice[unit] = !self.will_do(&choice, known)?;
            }
        }
        Ok(())
    }

    /// Whether a choice will do; if not, the states that will not for the same reason are the last of the regions.
    fn will_do(&mut self, choice: &[bool], known: &mut Known<Vec<bool>>) -> Result<bool, AnalysisError> {
        let found = self.safety.unsafe_in(&Region::state(choice), known.budget())?;
        match found {
            Some(found) => self.regions.push(found.region),
            None => {
                let size = choice.iter().filter(|&&has| has).count() as u32;
                known.offer(size, choice.to_vec());
                return Ok(true);
            }
        }
        Ok(false)
    }
}
