//! The states between an earlier and a later network. A state says of each unit (node or group) whether it has changed. A region is a set of
//! states: in all of them some units have changed, others have not, and the rest may do either.
//!
//! Units that can be exchanged for one another are of one kind, and of a kind only the number of changed units is counted. So what is known
//! of one state holds for every state that an exchange of units makes of it. This file finds a state outside given regions, and rounds of
//! units that pass no state of a forbidden region.

use crate::budget::Budget;
use crate::sat::counter::{number, tally, Tally, Unary};
use crate::sat::{solve, Formula, Lit, SolverError};

/// What a unit does in some states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Choice {
    /// It has not changed.
    Before,
    /// It has changed.
    After,
    /// It has changed in some of them and in others not.
    Either,
}

/// The states in which each unit does what is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Region(pub Vec<Choice>);

impl Region {
    /// All states of so many units.
    pub fn all(units: usize) -> Self {
        Region(vec![Choice::Either; units])
    }

    /// This state alone.
    pub fn state(has_changed: &[bool]) -> Self {
        Region(has_changed.iter().map(|&has| if has { Choice::After } else { Choice::Before }).collect())
    }

    /// The same states as far as the unit does this in them.
    pub fn with(&self, unit: usize, choice: Choice) -> Self {
        let mut region = self.clone();
        region.0[unit] = choice;
        region
    }

    /// The first state: whoever may not have changed has not.
    pub fn first(&self) -> Vec<bool> {
        self.0.iter().map(|&choice| choice == Choice::After).collect()
    }

    /// The units that do the one or the other.
    pub fn open(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().filter(|(_, &choice)| choice == Choice::Either).map(|(unit, _)| unit)
    }
}

/// Units by kind: those of one kind can be exchanged without changing anything that is asked about.
#[derive(Debug)]
pub struct Kinds(pub Vec<Vec<usize>>);

/// How many units of a kind have changed, and how many have not: at least.
struct Least {
    changed: usize,
    unchanged: usize,
}

impl Kinds {
    fn unit_count(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    /// The states of the region in which the unit has not changed, but for images of those in which it has: so none of the open units of its
    /// kind has.
    pub fn without(&self, region: &Region, unit: usize) -> Region {
        let mut rest = region.with(unit, Choice::Before);
        for &other in self.0.iter().filter(|kind| kind.contains(&unit)).flatten() {
            if region.0[other] == Choice::Either {
                rest.0[other] = Choice::Before;
            }
        }
        rest
    }

    /// How many states the region has that are no images of one another, at most.
    pub fn states(&self, region: &Region) -> usize {
        let open = |kind: &Vec<usize>| kind.iter().filter(|&&unit| region.0[unit] == Choice::Either).count();
        self.0.iter().map(open).fold(1, |states, open| states.saturating_mul(open + 1))
    }

    /// What counts of changed units must come to in a state so that it is one of the region, or an image of one.
    fn least(&self, region: &Region) -> Vec<Least> {
        let count = |kind: &Vec<usize>, choice| kind.iter().filter(|&&unit| region.0[unit] == choice).count();
        let least =
            |kind| Least { changed: count(kind, Choice::After), unchanged: count(kind, Choice::Before) };
        self.0.iter().map(least).collect()
    }

    /// A state of the region in which so many units have changed at most, and which is in none of the others, nor an image of one in them;
    /// absent: there is none.
    pub fn outside(
        &self,
        within: &Region,
        most: usize,
        covered: &[Region],
        budget: &Budget,
    ) -> Result<Option<Vec<bool>>, SolverError> {
        let mut formula = Formula::new();
        let state = self.counts(&mut formula);
        for ((kind, count), least) in self.0.iter().zip(&state).zip(self.least(within)) {
            (0..least.changed).for_each(|index| formula.clause([count[index]]));
            (kind.len() - least.unchanged..kind.len()).for_each(|index| formula.clause([!count[index]]));
        }
        for region in covered {
            self.forbid(&mut formula, region, &state, &state);
        }
        if most < self.unit_count() {
            let parts: Vec<Tally> = state.iter().map(Tally::from).collect();
            let changed = tally(&mut formula, &parts, most + 1);
            formula.clause(changed.reaches(most + 1).map(|is_more| !is_more));
        }
        let Some(model) = solve(&formula, budget)? else { return Ok(None) };
        let mut has_changed = within.first();
        for (kind, count) in self.0.iter().zip(&state) {
            let missing = model.count(count) - kind.iter().filter(|&&unit| has_changed[unit]).count();
            let open = kind.iter().copied().filter(|&unit| within.0[unit] == Choice::Either);
            open.take(missing).for_each(|unit| has_changed[unit] = true);
        }
        Ok(Some(has_changed))
    }

    /// At most so many rounds in which all units change and pass no forbidden state, in whatever order those of one round act: the states
    /// that each may pass. Absent: there are none.
    pub fn rounds(
        &self,
        most: usize,
        forbidden: &[Region],
        budget: &Budget,
    ) -> Result<Option<Vec<Region>>, SolverError> {
        let mut formula = Formula::new();
        let states: Vec<Vec<Unary>> = (0..=most).map(|_| self.counts(&mut formula)).collect();
        let (first, last) = (&states[0], &states[most]);
        literals(first).for_each(|&literal| formula.clause([!literal]));
        literals(last).for_each(|&literal| formula.clause([literal]));
        for pair in states.windows(2) {
            for (&earlier, &later) in literals(&pair[0]).zip(literals(&pair[1])) {
                formula.implies(earlier, later);
            }
            for region in forbidden {
                self.forbid(&mut formula, region, &pair[0], &pair[1]);
            }
        }
        let Some(model) = solve(&formula, budget)? else { return Ok(None) };
        let passed = |pair: &[Vec<Unary>]| {
            let mut region = Region::all(self.unit_count());
            for ((kind, earlier), later) in self.0.iter().zip(&pair[0]).zip(&pair[1]) {
                let (earlier, later) = (model.count(earlier), model.count(later));
                kind[..earlier].iter().for_each(|&unit| region.0[unit] = Choice::After);
                kind[later..].iter().for_each(|&unit| region.0[unit] = Choice::Before);
            }
            region
        };
        let rounds = states.windows(2).map(passed);
        Ok(Some(rounds.filter(|round| round.open().next().is_some()).collect()))
    }

    /// Per kind, how many of it have changed.
    fn counts(&self, formula: &mut Formula) -> Vec<Unary> {
        self.0.iter().map(|kind| number(formula, kind.len())).collect()
    }

    /// No state from `earlier` to `later` is in the region, nor an image of one in it. One is if, of each kind, enough have changed in the
    /// end and few enough at the start.
    fn forbid(&self, formula: &mut Formula, region: &Region, earlier: &[Unary], later: &[Unary]) {
        let mut clause: Vec<Lit> = Vec::new();
        for (index, (kind, least)) in self.0.iter().zip(self.least(region)).enumerate() {
            if least.changed > 0 {
                clause.push(!later[index][least.changed - 1]);
            }
            if least.unchanged > 0 {
                clause.push(earlier[index][kind.len() - least.unchanged]);
            }
        }
        formula.clause(clause);
    }
}

/// The literals of all counts.
fn literals(counts: &[Unary]) -> impl Iterator<Item = &Lit> {
    counts.iter().flat_map(|count| count.iter())
}
