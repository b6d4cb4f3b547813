//! Decides the easy part of a formula: unit clauses, what follows from them, and pure literals.
//!
//! The solver spends milliseconds before it starts to search, so small formulas are best settled here.

use super::{Formula, Lit, Model};
use crate::budget::{Budget, Stop};

/// What is left of a formula.
pub(super) enum Simplified {
    /// It has no model.
    Unsatisfiable,
    /// It has a model exactly if the rest has one.
    Rest(Rest),
}

/// The undecided part of a formula, over variables of its own.
pub(super) struct Rest {
    /// The clauses left, with variables renumbered.
    pub formula: Formula,
    /// Per variable of the original: its value, if decided.
    decided: Vec<Option<bool>>,
    /// Per variable of the rest: the original variable.
    original: Vec<usize>,
}

impl Rest {
    /// The model of the original formula that a model of the rest stands for.
    pub fn extend(&self, model: &Model) -> Model {
        let mut values: Vec<bool> = self.decided.iter().map(|value| value.unwrap_or(false)).collect();
        for (variable, &original) in self.original.iter().enumerate() {
            values[original] = model.0[variable];
        }
        Model(values)
    }
}

/// Propagates units and pure literals until nothing changes; linear in the size of the formula.
pub(super) fn simplify(formula: &Formula, budget: &Budget) -> Result<Simplified, Stop> {
    let mut state = State::new(formula);
    budget.check()?;
    if !state.run() {
        return Ok(Simplified::Unsatisfiable);
    }
    budget.check()?;
    let State { value, satisfied, .. } = state;
    let mut renumbered: Vec<Option<Lit>> = vec![None; formula.variable_count()];
    let mut original = Vec::new();
    let mut rest = Formula::new();
    for (clause, _) in formula.clauses().iter().zip(&satisfied).filter(|(_, &satisfied)| !satisfied) {
        let open: Vec<Lit> = clause
            .iter()
            .filter(|literal| value[literal.variable()].is_none())
            .map(|literal| {
                let positive = *renumbered[literal.variable()].get_or_insert_with(|| {
                    original.push(literal.variable());
                    rest.variable()
                });
                if literal.is_positive() {
                    positive
                } else {
                    !positive
                }
            })
            .collect();
        rest.clause(open);
    }
    Ok(Simplified::Rest(Rest { formula: rest, decided: value, original }))
}

struct State<'a> {
    clauses: &'a [Vec<Lit>],
    value: Vec<Option<bool>>,
    satisfied: Vec<bool>,
    /// Per clause: literals not yet false.
    open: Vec<u32>,
    /// Per literal: the clauses that contain it.
    occurrences: Vec<Vec<u32>>,
    /// Per literal: how many clauses not yet satisfied contain it.
    needed: Vec<u32>,
    queue: Vec<Lit>,
}

impl<'a> State<'a> {
    fn new(formula: &'a Formula) -> Self {
        let clauses = formula.clauses();
        let mut occurrences = vec![Vec::new(); 2 * formula.variable_count()];
        for (index, clause) in clauses.iter().enumerate() {
            clause.iter().for_each(|literal| occurrences[literal.index()].push(index as u32));
        }
        State {
            clauses,
            value: vec![None; formula.variable_count()],
            satisfied: vec![false; clauses.len()],
            open: clauses.iter().map(|clause| clause.len() as u32).collect(),
            needed: occurrences.iter().map(|clauses: &Vec<u32>| clauses.len() as u32).collect(),
            occurrences,
            queue: Vec::new(),
        }
    }

    /// False if the formula turned out unsatisfiable.
    fn run(&mut self) -> bool {
        for clause in self.clauses {
            match clause[..] {
                [] => return false,
                [unit] => self.queue.push(unit),
                _ => {}
            }
        }
        if !self.propagate() {
            return false;
        }
        for variable in 1..=self.value.len() as i32 {
            self.note_pure(Lit::from_dimacs(variable));
            self.note_pure(Lit::from_dimacs(-variable));
        }
        self.propagate()
    }

    /// A literal whose negation nobody needs may as well be true.
    fn note_pure(&mut self, literal: Lit) {
        let is_open = self.value[literal.variable()].is_none();
        if is_open && self.needed[(!literal).index()] == 0 && self.needed[literal.index()] > 0 {
            self.queue.push(literal);
        }
    }

    fn propagate(&mut self) -> bool {
        while let Some(literal) = self.queue.pop() {
            match self.value[literal.variable()] {
                Some(value) if value == literal.is_positive() => continue,
                Some(_) => return false,
                None => self.value[literal.variable()] = Some(literal.is_positive()),
            }
            for at in 0..self.occurrences[literal.index()].len() {
                let index = self.occurrences[literal.index()][at] as usize;
                if std::mem::replace(&mut self.satisfied[index], true) {
                    continue;
                }
                let clauses = self.clauses;
                for &member in &clauses[index] {
                    self.needed[member.index()] -= 1;
                    if self.needed[member.index()] == 0 {
                        self.note_pure(!member);
                    }
                }
            }
            for at in 0..self.occurrences[(!literal).index()].len() {
                let index = self.occurrences[(!literal).index()][at] as usize;
                self.open[index] -= 1;
                if self.satisfied[index] {
                    continue;
                }
                match self.open[index] {
                    0 => return false,
                    1 => {
                        let clauses = self.clauses;
                        let last = clauses[index].iter().find(|l| self.value[l.variable()].is_none());
                        self.queue.extend(last.copied());
                    }
                    _ => {}
                }
            }
        }
        true
    }
}
