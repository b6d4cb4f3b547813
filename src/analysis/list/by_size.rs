//! Finds minimal sets with the solver, those of the least size first; each stands for all sets that exchanging its nodes for others of
//! their class makes of it.
//!
//! A set of the least size is minimal, and so is every set of a greater size that contains none of those found before. So no set is ever
//! made smaller: splitting sets have subsets that do not split although smaller ones do.

use super::kind::{Kind, Question};
use crate::analysis::cost::bounds::Bounds;
use crate::analysis::cost::charges::{cost_of, payments, Charges, Payer, Payment};
use crate::analysis::encode::encoding::{Encoding, Side};
use crate::analysis::encode::formulas;
use crate::analysis::encode::sides::Sides;
use crate::analysis::encode::split::{is_split, Split};
use crate::analysis::error::AnalysisError;
use crate::analysis::scenario::check;
use crate::budget::{Budget, Stop};
use crate::diagram::{Family, Function, Functions, Unfinished};
use crate::network::{Fbas, GroupId, NodeId, NodeSet};
use crate::sat::counter::Tally;
use crate::sat::{solve, Formula, Lit, Model};

/// What the solver has found so far.
#[derive(Default)]
pub struct BySize {
    /// The least size not looked at; absent: not known yet.
    size: Option<u32>,
    /// The units that are exchangeable, class by class.
    classes: Vec<Vec<u32>>,
    /// Sets with all their images under exchange: so many units of each class.
    patterns: Vec<Vec<usize>>,
    is_complete: bool,
}

impl BySize {
    /// Says how small the smallest sets are, if there is any: what is smaller need not be looked at.
    pub fn begin_at(&mut self, least: Option<u32>) {
        self.size = least;
        self.is_complete = least.is_none();
    }

    /// Whether it must be said before sets can be asked for.
    pub fn needs_beginning(&self) -> bool {
        self.size.is_none() && !self.is_complete
    }

    /// Whether everything is found.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// All sets found so far.
    pub fn found(&self, budget: &Budget) -> Result<Family, AnalysisError> {
        self.family(&self.patterns, budget)
    }

    /// The sets of the next size; none after the last, while there may be none of a size before that.
    pub fn next_size(
        &mut self,
        question: &Question,
        budget: &Budget,
    ) -> Result<Option<Family>, AnalysisError> {
        let Some(size) = self.size.filter(|_| !self.is_complete) else { return Ok(None) };
        let charges = question.charges();
        let mut puzzle = Puzzle::new(question.fbas(), &question.kind, &charges, budget)?;
        for pattern in &self.patterns {
            puzzle.rule_out(pattern);
        }
        let mut patterns: Vec<Vec<usize>> = Vec::new();
        while let Some(model) = puzzle.solve(Some(size), budget)? {
            let chosen = puzzle.decode(&model);
            let units = question.groups.groups_of(&chosen.intersection(&question.charged));
            if let Some(escaped) = quorum_beside(question, &units, budget)? {
                puzzle.rule_out_escape(&escaped);
                continue;
            }
            if units.len() != size as usize {
                let claim = format!("a minimal set of {} among those of {size}", units.len());
                return Err(AnalysisError::Internal(claim));
            }
            check_model(question, &puzzle, &model)?;
            let pattern = puzzle.pattern_of(&units);
            puzzle.rule_out(&pattern);
            patterns.push(pattern);
        }
        let is_complete = puzzle.solve(None, budget)?.is_none();
        self.classes = puzzle.classes.into_iter().map(|class| class.units).collect();
        let family = self.family(&patterns, budget)?;
        // Not before nothing can be stopped any more: the next call would leave these sets out.
        (self.size, self.is_complete) = (Some(size + 1), is_complete);
        self.patterns.extend(patterns);
        Ok(Some(family))
    }

    /// The sets of some patterns.
    fn family(&self, patterns: &[Vec<usize>], budget: &Budget) -> Result<Family, AnalysisError> {
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

/// For blocking sets: a minimal quorum that these units do not meet.
fn quorum_beside(question: &Question, units: &[GroupId], budget: &Budget) -> Result<Option<NodeSet>, Stop> {
    let Kind::Blocking = question.kind else { return Ok(None) };
    let fbas = question.fbas();
    let is_up = |node: &NodeId| units.binary_search(&question.groups.group(*node)).is_err();
    let up = NodeSet::of(fbas.node_count(), fbas.alive().iter().filter(is_up));
    let quorum = fbas.largest_quorum_inside(&up);
    (!quorum.is_empty()).then(|| fbas.minimal_quorum_inside(&quorum, &[], || budget.check())).transpose()
}

/// Checks a split by its two sides; that of a listed set is one of these with exchangeable nodes exchanged.
fn check_model(question: &Question, puzzle: &Puzzle, model: &Model) -> Result<(), AnalysisError> {
    let (Kind::Splitting { diverging, .. }, Shape::Sides(sides)) = (&question.kind, &puzzle.shape) else {
        return Ok(());
    };
    let (a, b, byzantine) = sides.decode(model);
    check(is_split(&question.view.written, &Split { byzantine, a, b }, diverging), "a splitting set")
}

/// A formula whose models are sets of units.
struct Puzzle<'a> {
    formula: Formula,
    shape: Shape<'a>,
    classes: Vec<UnitClass>,
    cost: Tally,
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
    counts: Tally,
}

impl<'a> Puzzle<'a> {
    fn new(fbas: &'a Fbas, kind: &Kind, charges: &Charges, budget: &Budget) -> Result<Self, Stop> {
        let most = charges.cost(&fbas.alive()) as usize;
        let (mut shape, chosen, cost) = match kind {
            Kind::Quorums => {
                let (encoding, side, chosen) = formulas::quorum(fbas, charges, budget);
                (Shape::Members(encoding, side), chosen, None)
            }
            Kind::Blocking => {
                let (encoding, up, missing) = formulas::blocking(fbas, charges, budget);
                (Shape::Others(encoding, up), missing, None)
            }
            Kind::Splitting { diverging, .. } => {
                let bounds = Bounds::new(fbas, charges, budget)?;
                let (sides, cost) = Sides::splitting(fbas, diverging, charges, &bounds, most, budget);
                let byzantine = sides.byzantine(charges);
                (Shape::Sides(sides), byzantine, Some(cost))
            }
        };
        let encoding = shape.encoding_mut();
        let mut formula = std::mem::take(&mut encoding.formula);
        let payments = payments(&mut formula, &chosen);
        let cost = cost.unwrap_or_else(|| cost_of(&mut formula, &payments, most));
        let class = |payment: Payment| {
            let units = match payment.units {
                Payer::Class(class) => {
                    let units = encoding.classes[class].members.iter().filter_map(|&node| charges.unit(node));
                    units.map(|unit| unit.0).collect()
                }
                Payer::Group(group) => vec![group.0],
            };
            UnitClass { units, counts: payment.paid }
        };
        let classes = payments.into_iter().map(class).collect();
        Ok(Puzzle { formula, shape, classes, cost })
    }

    /// A model of at most this size, or of any.
    fn solve(&self, most: Option<u32>, budget: &Budget) -> Result<Option<Model>, AnalysisError> {
        let mut formula = self.formula.clone();
        if let Some(greater) = most.and_then(|most| self.cost.reaches(most as usize + 1)) {
            formula.clause([!greater]);
        }
        Ok(solve(&formula, budget)?)
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
        let clause: Option<Vec<Lit>> =
            chosen.map(|(class, &count)| class.counts.reaches(count).map(|reached| !reached)).collect();
        // Absent: there are fewer, so it is contained nowhere.
        clause.into_iter().for_each(|clause| self.formula.clause(clause));
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
