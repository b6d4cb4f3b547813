//! Counts all inclusion-minimal sets of one kind (quorums, blocking, splitting or history-critical sets), and lists them one by one in the
//! order of size and names.
//!
//! The members of these sets are units: nodes or groups. Where a decision diagram of the sets stays small, it has them all, and they are
//! counted without being listed. Where it does not, the solver finds them size by size.

use std::collections::BTreeMap;
use std::sync::Arc;

use num_bigint::BigUint;

use super::by_size::BySize;
use super::diagrams;
use super::diagrams::SidesOfSplits;
use super::kind::{Kind, Question};
use super::smallest::{MinimalSet, SetCounts, SetList};
use crate::analysis::encode::split::is_split;
use crate::analysis::error::AnalysisError;
use crate::analysis::options::Options;
use crate::analysis::scenario::check;
use crate::analysis::size::Smallest;
use crate::analysis::technique::one_quorum_set::OneQuorumSet;
use crate::budget::{Budget, Stop};
use crate::diagram::{Counts, Functions, Listing, Unfinished, MOST_LEVELS};
use crate::network::sorting::sort_by;
use crate::network::{GroupId, Network, NodeId, NodeSet};

/// Most nodes of a diagram: about a hundred megabytes.
const MOST_NODES: usize = 1_250_000;
/// The same where nobody asked for counts or lists: some milliseconds.
const FEW_NODES: usize = 1 << 14;
/// The same for splits between nodes that ask for different things, where most diagrams that are not small are very large.
const FEW_NODES_FOR_SIDES: usize = 1 << 12;

/// All minimal sets of a kind, to be asked for one by one. Made by `analysis::minimal_sets`.
pub struct MinimalSets {
    question: Question,
    one_quorum_set: Option<OneQuorumSet>,
    /// The sides of all splits, where a diagram has them.
    sides: Option<SidesOfSplits>,
    way: Way,
    listing: Listing,
    names: BTreeMap<u32, Arc<str>>,
}

/// How the sets are found.
enum Way {
    /// They are all known; with their numbers, unless even these are too many to work out.
    Diagram(Option<Counts>),
    /// Size by size.
    Formulas(BySize),
}

impl MinimalSets {
    pub(crate) fn new(is_asked_for: bool, question: Question, budget: &Budget) -> Result<Self, Stop> {
        let one_quorum_set = match &question.kind {
            Kind::Splitting { arena, diverging } => OneQuorumSet::of(arena, diverging),
            Kind::Quorums | Kind::Blocking => None,
        };
        let mut sets = MinimalSets {
            question,
            one_quorum_set,
            sides: None,
            way: Way::Formulas(BySize::default()),
            listing: Listing::default(),
            names: BTreeMap::new(),
        };
        if sets.question.has_diagrams {
            let has_sides =
                matches!(sets.question.kind, Kind::Splitting { .. }) && sets.one_quorum_set.is_none();
            let most_nodes = match is_asked_for {
                true => MOST_NODES,
                false if has_sides => FEW_NODES_FOR_SIDES,
                false => FEW_NODES,
            };
            match sets.by_diagram(most_nodes, budget) {
                Ok(()) | Err(Unfinished::TooLarge) => {}
                Err(Unfinished::Stopped(stop)) => return Err(stop),
            }
        }
        Ok(sets)
    }

    fn by_diagram(&mut self, most_nodes: usize, budget: &Budget) -> Result<(), Unfinished> {
        let mut functions = Functions::new(most_nodes, budget);
        let (fbas, charges) = (self.question.fbas(), self.question.charges());
        let family = match (&self.question.kind, &self.one_quorum_set) {
            (Kind::Quorums, _) => diagrams::containing_quorums(&mut functions, fbas, &charges)?,
            (Kind::Blocking, _) => diagrams::meeting_all_quorums(&mut functions, fbas, &charges)?,
            (Kind::Splitting { .. }, Some(shared)) => {
                diagrams::splitting(&mut functions, fbas, shared, &charges)?
            }
            (Kind::Splitting { diverging, .. }, None) => {
                let (family, sides) = diagrams::splitting_in_two(&mut functions, fbas, diverging, &charges)?;
                self.sides = Some(sides);
                family
            }
        };
        self.way = Way::Diagram(match family.counts(budget) {
            Ok(counts) => Some(counts),
            Err(Unfinished::TooLarge) => None,
            Err(stopped) => return Err(stopped),
        });
        self.listing = Listing::new(family);
        Ok(())
    }

    /// Whether it must be said how small the smallest sets are before sets can be asked for.
    pub(crate) fn needs_beginning(&self) -> bool {
        matches!(&self.way, Way::Formulas(found) if found.needs_beginning())
    }

    /// Says how small the smallest sets are, if there is any. Lists need it, unless they come from a diagram; they are not
    /// possible where too many could be in a set.
    pub(crate) fn begin_at(&mut self, least: Option<u32>) -> Result<(), AnalysisError> {
        let Way::Formulas(found) = &mut self.way else { return Ok(()) };
        found.begin_at(least);
        let members = self.question.charges().cost(&self.question.fbas().alive());
        if members as usize > MOST_LEVELS {
            return Err(AnalysisError::TooManyToList { members, most: MOST_LEVELS as u32 });
        }
        Ok(())
    }

    /// How many there are, if all are known.
    pub fn counts(&mut self, budget: &Budget) -> Result<Option<SetCounts>, AnalysisError> {
        let Counts { total, sizes, occurrences } = match &self.way {
            Way::Diagram(Some(counts)) => counts.clone(),
            Way::Diagram(None) => return Ok(None),
            Way::Formulas(found) if !found.is_complete() => return Ok(None),
            Way::Formulas(found) => match found.found(budget)?.counts(budget) {
                Ok(counts) => counts,
                Err(Unfinished::TooLarge) => return Ok(None),
                Err(stopped) => return Err(stopped.into()),
            },
        };
        let mut occurrences: Vec<(Arc<str>, BigUint)> =
            occurrences.into_iter().map(|(unit, count)| (self.name(unit), count)).collect();
        sort_by(&mut occurrences, |(a, of_a), (b, of_b)| of_b.cmp(of_a).then_with(|| a.cmp(b)));
        Ok(Some(SetCounts { total, sizes: sizes.into_iter().collect(), occurrences }))
    }

    /// The next set, its names sorted; none after the last. Where the budget ends first, a call with another one goes on from there.
    pub fn next_set(&mut self, budget: &Budget) -> Result<Option<Vec<Arc<str>>>, AnalysisError> {
        loop {
            budget.check()?;
            if let Some(units) = self.listing.next_set(budget)? {
                self.check(&units)?;
                return Ok(Some(units.into_iter().map(|unit| self.name(unit)).collect()));
            }
            let Way::Formulas(found) = &mut self.way else { return Ok(None) };
            match found.next_size(&self.question, budget)? {
                Some(family) => self.listing = Listing::new(family),
                None => return Ok(None),
            }
        }
    }

    fn name(&mut self, unit: u32) -> Arc<str> {
        let groups = &self.question.groups;
        self.names.entry(unit).or_insert_with(|| groups.label(GroupId(unit)).into()).clone()
    }

    /// Checks a set by the definition. That it is minimal has no witness.
    fn check(&self, units: &[u32]) -> Result<(), AnalysisError> {
        let Question { view, groups, charged, kind, .. } = &self.question;
        let (written, fbas) = (&view.written, self.question.fbas());
        let alive = fbas.alive();
        let is_chosen = |node: &NodeId| units.binary_search(&groups.group(*node).0).is_ok();
        let chosen = alive.iter().filter(|node| charged.contains(*node) && is_chosen(node));
        let chosen = NodeSet::of(written.node_count(), chosen);
        let (holds, claim) = match kind {
            Kind::Quorums => {
                let inside = chosen.union(&alive.difference(charged));
                (written.has_quorum_inside(&inside), "a set with a quorum")
            }
            Kind::Blocking => {
                (!written.has_quorum_inside(&written.alive().difference(&chosen)), "a blocking set")
            }
            Kind::Splitting { diverging, .. } => {
                let by_group = units.len() != chosen.len();
                let split = match (&self.one_quorum_set, &self.sides) {
                    // It takes as few as possible, so of nodes of a minimal set all.
                    (Some(shared), _) => {
                        shared.split_by(fbas, &chosen).filter(|split| by_group || split.byzantine == chosen)
                    }
                    (None, Some(sides)) => sides.split_by(fbas, &chosen, by_group),
                    // Formulas: the split was checked when it was found.
                    (None, None) => return Ok(()),
                };
                (split.is_some_and(|split| is_split(written, &split, diverging)), "a splitting set")
            }
        };
        check(holds, claim)
    }
}

/// The answer to a question of which a search found the smallest set, whose nodes are given; and what there is to say of all minimal sets, as far as
/// the options ask for it. Where nobody asked and counting is not easy, or where the budget ends while it is counted, there are no numbers.
pub fn answer<W>(
    question: Question,
    network: &Network,
    options: &Options,
    budget: &Budget,
    found: &Smallest<W>,
    nodes: impl Fn(&W) -> &NodeSet,
) -> Result<MinimalSet, AnalysisError> {
    let mut set = MinimalSet::of(found, network, nodes, |nodes| question.charges().labels(nodes));
    set.list = options.limit.map(|_| SetList::default());
    if set.size.is_exact() {
        describe(question, options, budget, &mut set)?;
    }
    Ok(set)
}

fn describe(
    question: Question,
    options: &Options,
    budget: &Budget,
    set: &mut MinimalSet,
) -> Result<(), AnalysisError> {
    match list_and_count(question, options, budget, set) {
        Err(AnalysisError::Stopped(stop)) => {
            set.is_cut_short = true;
            if options.anytime || (stop == Stop::Timeout && options.limit.is_none()) {
                Ok(())
            } else {
                let (lower, upper) = (set.size.lower_bound(), set.size.smallest_known());
                Err(AnalysisError::StoppedBetween { stop, lower, upper })
            }
        }
        outcome => outcome,
    }
}

fn list_and_count(
    question: Question,
    options: &Options,
    budget: &Budget,
    set: &mut MinimalSet,
) -> Result<(), AnalysisError> {
    let size = set.size.smallest_known();
    let mut all = MinimalSets::new(options.limit.is_some(), question, budget)?;
    match all.begin_at(size) {
        Err(AnalysisError::TooManyToList { .. }) if options.limit.is_none() => return Ok(()),
        begun => begun?,
    }
    if let (Some(limit), Some(list)) = (options.limit, &mut set.list) {
        loop {
            match all.next_set(budget)? {
                Some(_) if list.sets.len() == limit => break,
                Some(next) => list.sets.push(next),
                None => {
                    list.is_complete = true;
                    break;
                }
            }
        }
    }
    set.counts = all.counts(budget)?;
    let smallest = set.counts.as_ref().map(|counts| counts.sizes.first().map(|&(size, _)| size));
    if smallest.is_some_and(|smallest| smallest != size) {
        let claim = format!("the smallest set has {size:?} members, the smallest counted {smallest:?}");
        return Err(AnalysisError::Internal(claim));
    }
    Ok(())
}
