//! All inclusion-minimal sets of a kind: counted exactly without listing them, listed one by one in the order of size and names.
//!
//! The sets are those of units, nodes or groups. Where a decision diagram of them stays small, it has them all; where it does not, formulas
//! find them size by size. A set of the least size is minimal, and so is every set of a greater size that contains none of those
//! found before, so that no set is ever made smaller: splitting sets have subsets that do not split although smaller ones do.

use std::collections::BTreeMap;
use std::sync::Arc;

use num_bigint::BigUint;

use super::blocking;
use super::bounds::Bounds;
use super::charges::{cost_tally, Charge, Charges};
use super::encoding::{Encoding, Side};
use super::families::{self, SidesOfSplits};
use super::history::{history_critical, with_good_history};
use super::one_quorum_set::OneQuorumSet;
use super::quorums;
use super::scenario::{failed_check, Scenario};
use super::sides::Sides;
use super::splitting::{arena, is_split, splitting_sets, useful, Split};
use super::{AnalysisError, MinimalSet, Options};
use crate::budget::{Budget, Stop};
use crate::diagram::{Counts, Function, Functions, Listing, Unfinished};
use crate::network::{Fbas, GroupId, Groups, Network, NodeId, NodeSet, View};
use crate::progress::Known;
use crate::sat::counter::Unary;
use crate::sat::{solve, Formula, Lit, Model};

/// Most nodes of a diagram: about a hundred megabytes.
const MOST_NODES: usize = 1_250_000;
/// The same where nobody asked for counts or lists: milliseconds.
const FEW_NODES: usize = 1 << 15;

/// How many minimal sets there are, exactly.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SetCounts {
    /// All of them.
    pub total: BigUint,
    /// How many there are of each size that occurs, sizes ascending.
    pub sizes: Vec<(u32, BigUint)>,
    /// Who is in any of them, and in how many: the most frequent first, then by names.
    pub occurrences: Vec<(Arc<str>, BigUint)>,
}

/// What all minimal sets can be asked for of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetsOf {
    /// Quorums or, by group, sets of groups whose nodes contain one.
    Quorums,
    /// Blocking sets.
    Blocking,
    /// Splitting sets.
    Splitting,
    /// History-critical sets.
    HistoryCritical,
}

/// All inclusion-minimal sets of one kind, to be listed one by one; [`Options::limit`] does not bear on them.
pub fn minimal_sets(
    network: &Network,
    of: SetsOf,
    options: &Options,
    budget: &Budget,
) -> Result<MinimalSets, AnalysisError> {
    let scenario = Scenario::of(network, options);
    let groups = Arc::new(Groups::of(network, &options.group_by));
    let (kind, charged) = match of {
        SetsOf::Quorums => (Kind::Quorums, scenario.view.live.alive()),
        SetsOf::Blocking => (Kind::Blocking, scenario.view.live.alive()),
        SetsOf::Splitting => splitting_kind(&scenario, options),
        SetsOf::HistoryCritical => (Kind::Quorums, with_good_history(network)),
    };
    let mut all = MinimalSets::new(MOST_NODES, &scenario, kind, groups, charged, budget)?;
    if all.needs_beginning() {
        let options = Options { limit: None, anytime: false, ..options.clone() };
        let smallest = match of {
            SetsOf::Quorums => quorums::quorums(network, &options, budget)?.set,
            SetsOf::Blocking => blocking::blocking_sets(network, &options, budget)?.set,
            SetsOf::Splitting => splitting_sets(network, &options, budget)?.set,
            SetsOf::HistoryCritical => history_critical(network, &options, budget)?.set,
        };
        all.begin_at(smallest.min_size);
    }
    Ok(all)
}

/// Minimal sets that were asked for by [`Options::limit`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SetList {
    /// The sets, each sorted, in the order of size and then of names.
    pub sets: Vec<Vec<Arc<str>>>,
    /// Whether these are all.
    pub is_complete: bool,
}

/// Which sets.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// Sets whose nodes, with all those that are not charged, contain a quorum.
    Quorums,
    /// Sets whose nodes meet every quorum.
    Blocking,
    /// Sets of which some nodes, Byzantine, let nodes of `diverging` diverge in this system.
    Splitting { arena: Box<Fbas>, diverging: NodeSet },
}

/// All minimal sets of a kind, to be asked for one by one. Made by [`minimal_sets`].
pub struct MinimalSets {
    view: Arc<View>,
    groups: Arc<Groups>,
    /// The nodes that cost something.
    charged: NodeSet,
    kind: Kind,
    one_quorum_set: Option<OneQuorumSet>,
    /// The sides of all splits, where a diagram has them.
    sides: Option<SidesOfSplits>,
    way: Way,
    listing: Listing,
    names: BTreeMap<u32, Arc<str>>,
}

/// How the sets are found.
enum Way {
    /// They are all known; with their numbers.
    Diagram(Counts),
    /// Size by size.
    Formulas(Found),
}

/// What formulas have found.
#[derive(Default)]
struct Found {
    /// The least size not looked at; absent: not known yet.
    size: Option<u32>,
    /// The units that are exchangeable, class by class.
    classes: Vec<Vec<u32>>,
    /// Sets with all their images under exchange: so many units of each class.
    patterns: Vec<Vec<usize>>,
    is_complete: bool,
}

impl MinimalSets {
    /// Sets of units, nodes or groups, that cost something to one of the `charged` nodes.
    fn new(
        most_nodes: usize,
        scenario: &Scenario,
        kind: Kind,
        groups: Arc<Groups>,
        charged: NodeSet,
        budget: &Budget,
    ) -> Result<Self, Stop> {
        let view = scenario.view.clone();
        let one_quorum_set = match &kind {
            Kind::Splitting { arena, diverging } => OneQuorumSet::of(arena, diverging),
            Kind::Quorums | Kind::Blocking => None,
        };
        let mut sets = MinimalSets {
            view,
            groups,
            charged,
            kind,
            one_quorum_set,
            sides: None,
            way: Way::Formulas(Found::default()),
            listing: Listing::default(),
            names: BTreeMap::new(),
        };
        if scenario.techniques.diagrams {
            match sets.by_diagram(most_nodes, budget) {
                Ok(()) | Err(Unfinished::TooLarge) => {}
                Err(Unfinished::Stopped(stop)) => return Err(stop),
            }
        }
        Ok(sets)
    }

    fn by_diagram(&mut self, most_nodes: usize, budget: &Budget) -> Result<(), Unfinished> {
        let mut functions = Functions::new(most_nodes, budget);
        let charges = Charges::new(&self.groups, self.charged.clone());
        let family = match (&self.kind, &self.one_quorum_set) {
            (Kind::Quorums, _) => families::containing_quorums(&mut functions, self.fbas(), &charges)?,
            (Kind::Blocking, _) => families::meeting_all_quorums(&mut functions, self.fbas(), &charges)?,
            (Kind::Splitting { .. }, Some(shared)) => {
                families::splitting(&mut functions, self.fbas(), shared, &charges)?
            }
            (Kind::Splitting { diverging, .. }, None) => {
                let (family, sides) =
                    families::splitting_in_two(&mut functions, self.fbas(), diverging, &charges)?;
                self.sides = Some(sides);
                family
            }
        };
        self.way = Way::Diagram(family.counts(budget)?);
        self.listing = Listing::new(family);
        Ok(())
    }

    /// The system in which the sets are looked for.
    fn fbas(&self) -> &Fbas {
        match &self.kind {
            Kind::Quorums | Kind::Blocking => self.view.of_minimal_quorums(),
            Kind::Splitting { arena, .. } => arena,
        }
    }

    /// Says how small the smallest sets are, if there is any: what is smaller need not be looked at.
    fn begin_at(&mut self, least: Option<u32>) {
        if let Way::Formulas(found) = &mut self.way {
            found.size = least;
            found.is_complete = least.is_none();
        }
    }

    /// Whether it must be said before sets can be asked for.
    fn needs_beginning(&self) -> bool {
        matches!(&self.way, Way::Formulas(found) if found.size.is_none() && !found.is_complete)
    }

    /// How many there are, if all are known.
    pub fn counts(&mut self, budget: &Budget) -> Result<Option<SetCounts>, AnalysisError> {
        let Counts { total, sizes, occurrences } = match &self.way {
            Way::Diagram(counts) => counts.clone(),
            Way::Formulas(found) if !found.is_complete => return Ok(None),
            Way::Formulas(found) => found.family(&found.patterns, budget)?.counts(budget)?,
        };
        let mut occurrences: Vec<(Arc<str>, BigUint)> =
            occurrences.into_iter().map(|(unit, count)| (self.name(unit), count)).collect();
        occurrences.sort_by(|(a, of_a), (b, of_b)| of_b.cmp(of_a).then_with(|| a.cmp(b)));
        Ok(Some(SetCounts { total, sizes: sizes.into_iter().collect(), occurrences }))
    }

    /// The next set, its names sorted; none after the last.
    pub fn next_set(&mut self, budget: &Budget) -> Result<Option<Vec<Arc<str>>>, AnalysisError> {
        loop {
            budget.check()?;
            if let Some(units) = self.listing.next() {
                self.check(&units)?;
                return Ok(Some(units.into_iter().map(|unit| self.name(unit)).collect()));
            }
            let Way::Formulas(found) = &self.way else { return Ok(None) };
            let Some(size) = found.size.filter(|_| !found.is_complete) else { return Ok(None) };
            let Level { classes, patterns, is_last } = self.level(size, found, budget)?;
            if let Way::Formulas(found) = &mut self.way {
                found.classes = classes;
                self.listing = Listing::new(found.family(&patterns, budget)?);
                found.patterns.extend(patterns);
                found.size = Some(size + 1);
                found.is_complete = is_last;
            }
        }
    }

    fn name(&mut self, unit: u32) -> Arc<str> {
        let groups = &self.groups;
        self.names.entry(unit).or_insert_with(|| groups.label(GroupId(unit)).into()).clone()
    }

    /// Checks a set by the definition. That it is minimal has no witness.
    fn check(&self, units: &[u32]) -> Result<(), AnalysisError> {
        let written = &self.view.written;
        let is_chosen = |node: &NodeId| units.binary_search(&self.groups.group(*node).0).is_ok();
        let alive = self.fbas().alive();
        let chosen = alive.iter().filter(|node| self.charged.contains(*node) && is_chosen(node));
        let chosen = NodeSet::of(written.node_count(), chosen);
        let (holds, claim) = match &self.kind {
            Kind::Quorums => {
                let inside = chosen.union(&alive.difference(&self.charged));
                (written.has_quorum_inside(&inside), "a set with a quorum")
            }
            Kind::Blocking => {
                (!written.has_quorum_inside(&written.alive().difference(&chosen)), "a blocking set")
            }
            Kind::Splitting { diverging, .. } => {
                let by_group = units.len() != chosen.len();
                let split = match (&self.one_quorum_set, &self.sides) {
                    (Some(shared), _) => shared.split_by(self.fbas(), &chosen),
                    (None, Some(sides)) => sides.split_by(self.fbas(), &chosen, by_group),
                    // Formulas: the split was checked when it was found.
                    (None, None) => return Ok(()),
                };
                (split.is_some_and(|split| is_split(written, &split, diverging)), "a splitting set")
            }
        };
        if holds {
            Ok(())
        } else {
            Err(failed_check(claim))
        }
    }

    /// The sets of one size, if those of smaller sizes are known.
    fn level(&self, size: u32, found: &Found, budget: &Budget) -> Result<Level, AnalysisError> {
        let charges = Charges::new(&self.groups, self.charged.clone());
        let mut puzzle = Puzzle::new(self.fbas(), &self.kind, &charges);
        for pattern in &found.patterns {
            puzzle.rule_out(pattern);
        }
        let mut patterns: Vec<Vec<usize>> = Vec::new();
        let mut is_last = false;
        let mut is_bounded = true;
        loop {
            let mut formula = puzzle.formula.clone();
            if let Some(&greater) = puzzle.cost.get(size as usize).filter(|_| is_bounded) {
                formula.clause([!greater]);
            }
            match solve(&formula, budget)? {
                // All of this size are known. Are there greater ones?
                None if is_bounded && (size as usize) < puzzle.cost.len() => is_bounded = false,
                None => {
                    is_last = true;
                    break;
                }
                Some(_) if !is_bounded => break,
                Some(model) => {
                    let chosen = puzzle.decode(&model);
                    let units = self.groups.groups_of(&chosen.intersection(&self.charged));
                    if let Some(escaped) = self.quorum_beside(&units) {
                        puzzle.rule_out_escape(&escaped);
                        continue;
                    }
                    if units.len() != size as usize {
                        let claim = format!("a minimal set of {} among those of {size}", units.len());
                        return Err(AnalysisError::Internal(claim));
                    }
                    self.check_model(&puzzle, &model)?;
                    let pattern = puzzle.pattern_of(&units);
                    puzzle.rule_out(&pattern);
                    patterns.push(pattern);
                }
            }
        }
        Ok(Level {
            classes: puzzle.classes.into_iter().map(|class| class.units).collect(),
            patterns,
            is_last,
        })
    }

    /// For blocking sets: a minimal quorum that these units do not meet.
    fn quorum_beside(&self, units: &[GroupId]) -> Option<NodeSet> {
        let Kind::Blocking = self.kind else { return None };
        let fbas = self.fbas();
        let is_up = |node: &NodeId| units.binary_search(&self.groups.group(*node)).is_err();
        let up = NodeSet::of(fbas.node_count(), fbas.alive().iter().filter(is_up));
        let quorum = fbas.largest_quorum_inside(&up);
        (!quorum.is_empty()).then(|| fbas.minimal_quorum_inside(&quorum, &[]))
    }

    /// Checks a split by its two sides; that of a listed set is one of these with exchangeable nodes exchanged.
    fn check_model(&self, puzzle: &Puzzle, model: &Model) -> Result<(), AnalysisError> {
        let (Kind::Splitting { diverging, .. }, Shape::Sides(sides)) = (&self.kind, &puzzle.shape) else {
            return Ok(());
        };
        let (a, b, byzantine) = sides.decode(model);
        if is_split(&self.view.written, &Split { byzantine, a, b }, diverging) {
            Ok(())
        } else {
            Err(failed_check("a splitting set"))
        }
    }
}

/// What is found of one size.
struct Level {
    classes: Vec<Vec<u32>>,
    patterns: Vec<Vec<usize>>,
    /// Whether there are no greater ones.
    is_last: bool,
}

impl Found {
    /// The sets of some patterns.
    fn family(
        &self,
        patterns: &[Vec<usize>],
        budget: &Budget,
    ) -> Result<crate::diagram::Family, AnalysisError> {
        let mut functions = Functions::new(usize::MAX, budget);
        let mut contains_one = Function::FALSE;
        let mut levels: Vec<Vec<Function>> = Vec::with_capacity(self.classes.len());
        let mut next = 0;
        for class in &self.classes {
            let own: Result<Vec<Function>, Unfinished> =
                (next..next + class.len() as u32).map(|level| functions.level(level)).collect();
            levels.push(own?);
            next += class.len() as u32;
        }
        for pattern in patterns {
            let mut contains = Function::TRUE;
            for (levels, &count) in levels.iter().zip(pattern).rev() {
                let enough = functions.at_least(count as u64, levels.clone())?;
                contains = functions.both(enough, contains)?;
            }
            contains_one = functions.either(contains, contains_one)?;
        }
        let names: Vec<u32> = self.classes.iter().flatten().copied().collect();
        Ok(functions.minimal_sets(contains_one, &names)?)
    }
}

/// A formula whose models are sets of units.
struct Puzzle<'a> {
    formula: Formula,
    shape: Shape<'a>,
    classes: Vec<UnitClass>,
    cost: Unary,
}

/// How a model is read.
enum Shape<'a> {
    /// The members of a set.
    Members(Encoding<'a>, Side),
    /// The nodes that are not in a set.
    Others(Encoding<'a>, Side),
    /// The Byzantine nodes.
    Sides(Sides<'a>),
}

/// Units that are exchangeable, and how many of them are chosen.
struct UnitClass {
    units: Vec<u32>,
    counts: Unary,
}

impl<'a> Puzzle<'a> {
    fn new(fbas: &'a Fbas, kind: &Kind, charges: &Charges) -> Self {
        let most = charges.cost(&fbas.alive()) as usize;
        let (mut shape, chosen, cost) = match kind {
            Kind::Quorums => {
                let (encoding, side, chosen) = quorums::formula_of(fbas, charges);
                (Shape::Members(encoding, side), chosen, None)
            }
            Kind::Blocking => {
                let (encoding, up, missing) = blocking::formula_of(fbas, charges);
                (Shape::Others(encoding, up), missing, None)
            }
            Kind::Splitting { diverging, .. } => {
                let bounds = Bounds::new(fbas, charges);
                let (sides, cost) = Sides::splitting(fbas, diverging, charges, &bounds, most);
                let byzantine = sides.byzantine(charges);
                (Shape::Sides(sides), byzantine, Some(cost))
            }
        };
        let encoding = shape.encoding_mut();
        let mut formula = std::mem::take(&mut encoding.formula);
        let cost = cost.unwrap_or_else(|| cost_tally(&mut formula, &chosen, most));
        let members: Vec<&[NodeId]> = encoding.classes.iter().map(|class| &class.members[..]).collect();
        let classes = unit_classes(&mut formula, &members, chosen, charges);
        Puzzle { formula, shape, classes, cost }
    }

    /// The chosen nodes.
    fn decode(&self, model: &Model) -> NodeSet {
        match &self.shape {
            Shape::Members(encoding, side) => encoding.decode(side, model),
            Shape::Others(encoding, side) => encoding.fbas.alive().difference(&encoding.decode(side, model)),
            Shape::Sides(sides) => sides.decode(model).2,
        }
    }

    fn pattern_of(&self, units: &[GroupId]) -> Vec<usize> {
        let is_chosen = |unit: &&u32| units.binary_search(&GroupId(**unit)).is_ok();
        self.classes.iter().map(|class| class.units.iter().filter(is_chosen).count()).collect()
    }

    /// Demands that no image of the pattern is contained.
    fn rule_out(&mut self, pattern: &[usize]) {
        let chosen = self.classes.iter().zip(pattern).filter(|(_, &count)| count > 0);
        let clause: Vec<Lit> = chosen.map(|(class, &count)| !class.counts[count - 1]).collect();
        self.formula.clause(clause);
    }

    /// Demands that a quorum that escaped, with its images, is met.
    fn rule_out_escape(&mut self, escaped: &NodeSet) {
        if let Shape::Others(encoding, up) = &self.shape {
            let clause = encoding.clause_against(up, escaped);
            self.formula.clause(clause);
        }
    }
}

impl<'a> Shape<'a> {
    fn encoding_mut(&mut self) -> &mut Encoding<'a> {
        match self {
            Shape::Members(encoding, _) | Shape::Others(encoding, _) => encoding,
            Shape::Sides(sides) => &mut sides.encoding,
        }
    }
}

/// The units in classes of exchangeable ones. A group is a class of its own, and chosen when one of its nodes is.
fn unit_classes(
    formula: &mut Formula,
    members: &[&[NodeId]],
    chosen: Vec<(Charge, Unary)>,
    charges: &Charges,
) -> Vec<UnitClass> {
    let mut classes: Vec<UnitClass> = Vec::new();
    let mut class_of_group: BTreeMap<GroupId, usize> = BTreeMap::new();
    for (members, (charge, counts)) in members.iter().zip(chosen) {
        let Some(&any) = counts.first() else { continue };
        match charge {
            Charge::Free => {}
            Charge::Each => {
                let units =
                    members.iter().filter_map(|&node| charges.unit(node)).map(|unit| unit.0).collect();
                classes.push(UnitClass { units, counts });
            }
            Charge::Group(group) => {
                let class = *class_of_group.entry(group).or_insert_with(|| {
                    classes.push(UnitClass { units: vec![group.0], counts: vec![formula.variable()] });
                    classes.len() - 1
                });
                formula.implies(any, classes[class].counts[0]);
            }
        }
    }
    classes
}

/// What there is to say of all minimal sets beside the smallest one, as far as the options ask for it. Where nobody asked and counting is
/// not easy, or where the budget ends while it is counted, there are no numbers.
pub(super) fn describe(
    scenario: &Scenario,
    kind: Kind,
    groups: &Arc<Groups>,
    charged: NodeSet,
    options: &Options,
    known: &Known<impl Sized>,
    set: &mut MinimalSet,
) -> Result<(), AnalysisError> {
    let budget = known.budget();
    let may_fail = |stop: Stop| stop == Stop::Timeout || options.anytime;
    if !known.is_proven() {
        set.list = options.limit.map(|_| SetList::default());
        return Ok(());
    }
    let most_nodes = if options.limit.is_some() { MOST_NODES } else { FEW_NODES };
    let mut all = match MinimalSets::new(most_nodes, scenario, kind, groups.clone(), charged, budget) {
        Ok(all) => all,
        Err(stop) if options.limit.is_none() && may_fail(stop) => return Ok(()),
        Err(_) if options.anytime => {
            set.list = Some(SetList::default());
            return Ok(());
        }
        Err(stop) => return Err(AnalysisError::from(stop).with_bounds(known)),
    };
    all.begin_at(known.upper());
    if let Some(limit) = options.limit {
        match list(&mut all, limit, options.anytime, budget) {
            Ok(list) => set.list = Some(list),
            Err(error) => return Err(error.with_bounds(known)),
        }
    }
    match all.counts(budget) {
        Ok(counts) => set.counts = counts,
        Err(AnalysisError::Stopped(stop)) if may_fail(stop) => {}
        Err(error) => return Err(error),
    }
    let smallest = set.counts.as_ref().map(|counts| counts.sizes.first().map(|&(size, _)| size));
    if smallest.is_some_and(|smallest| smallest != known.upper()) {
        let claim = format!(
            "the smallest set has {:?} members, and the smallest counted {smallest:?}",
            known.upper()
        );
        return Err(AnalysisError::Internal(claim));
    }
    Ok(())
}

fn list(
    all: &mut MinimalSets,
    limit: usize,
    anytime: bool,
    budget: &Budget,
) -> Result<SetList, AnalysisError> {
    let mut sets = Vec::new();
    loop {
        match all.next_set(budget) {
            Ok(None) => return Ok(SetList { sets, is_complete: true }),
            Ok(Some(_)) if sets.len() == limit => return Ok(SetList { sets, is_complete: false }),
            Ok(Some(set)) => sets.push(set),
            Err(AnalysisError::Stopped(_)) if anytime => return Ok(SetList { sets, is_complete: false }),
            Err(error) => return Err(error),
        }
    }
}

/// The kind of sets that split a network within this scope, and who may be in them.
pub(super) fn splitting_kind(scenario: &Scenario, options: &Options) -> (Kind, NodeSet) {
    let (arena, diverging) = arena(&scenario.view, options.scope);
    let useful = useful(&arena);
    (Kind::Splitting { arena: Box::new(arena), diverging }, useful)
}

impl From<Unfinished> for AnalysisError {
    fn from(unfinished: Unfinished) -> Self {
        match unfinished {
            Unfinished::Stopped(stop) => AnalysisError::Stopped(stop),
            Unfinished::TooLarge => AnalysisError::Internal(unfinished.to_string()),
        }
    }
}
