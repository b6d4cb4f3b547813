//! A formula and a budget in, a checked model out: how a solver is run.
//!
//! The solver sees a simplified formula, and its models are checked.
//!
//! A solver cannot be interrupted; it looks at its time limit every few milliseconds. So a call that may have to stop is tried for a short
//! time here and then on a thread of its own, again and again from the beginning, each time for longer; when its caller cannot wait any
//! longer it is left behind and ends with its try. To go on where a try has ended would be quicker, but where it ends depends on the clock,
//! and so would the model found: from the beginning a search always takes the same way.

use std::sync::mpsc;
use std::time::Duration;

use super::engine::{Decided, Engine, EngineError};
use super::simplify::{simplify, Simplified};
use super::splr::Splr;
use super::{Formula, Model};
use crate::budget::{Budget, Stop};

/// Name and version of the solver in use.
pub const SOLVER: &str = Splr::NAME;
/// The solver in use.
const ENGINE: &Splr = &Splr;

/// How long the first try of a call may take that may have to stop.
const FIRST_TRY: Duration = Duration::from_millis(25);
/// With more literals than this a solver takes long before it looks at its limit for the first time, so it is not tried here.
const MOST_LITERALS_HERE: usize = 500_000;
/// How much longer each try may take than the one before. All tries before the last one together take less than a third of its limit.
const GROWTH: u32 = 4;
/// How often a call that may have to stop looks whether it must.
const POLL: Duration = Duration::from_millis(5);

/// Why a formula was not decided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SolverError {
    /// The budget ended first.
    #[error(transparent)]
    Stopped(#[from] Stop),
    /// The solver failed on the formula in every configuration.
    #[error("the solver failed: {0}")]
    Failed(String),
}

impl From<EngineError> for SolverError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::OutOfTime => SolverError::Stopped(Stop::Timeout),
            EngineError::Failed(why) => SolverError::Failed(why),
        }
    }
}

/// A model of the formula, or nothing if it has none.
pub fn solve(formula: &Formula, budget: &Budget) -> Result<Option<Model>, SolverError> {
    solve_with(ENGINE, formula, budget)
}

/// The same by another solver.
pub fn solve_with(
    engine: &'static dyn Engine,
    formula: &Formula,
    budget: &Budget,
) -> Result<Option<Model>, SolverError> {
    formula.whole()?;
    budget.check()?;
    let mut rest = match simplify(formula, budget)? {
        Simplified::Unsatisfiable => return Ok(None),
        Simplified::Rest(rest) => rest,
    };
    // It may be large, and is not needed beside the solver's own.
    let open = std::mem::take(&mut rest.formula);
    let variables = open.variable_count();
    let model = if open.clauses().is_empty() {
        Some(Model(vec![false; variables]))
    } else {
        let clauses = dimacs(&open);
        drop(open);
        match search(engine, clauses, false, budget)? {
            Decided::Satisfiable(values) => Some(Model(model_of(&values, variables))),
            Decided::Unsatisfiable(_) => None,
        }
    };
    let Some(model) = model else { return Ok(None) };
    let model = rest.extend(&model);
    if !model.satisfies(formula) {
        return Err(SolverError::Failed("a model that does not satisfy its formula".into()));
    }
    Ok(Some(model))
}

/// Per variable its value in a model of these clauses, or the proof in the DRAT format that there is none. Variables count from 1; a
/// negative number negates.
pub fn refute(
    clauses: &[Vec<i32>],
    variables: usize,
    budget: &Budget,
) -> Result<Result<Vec<bool>, String>, SolverError> {
    budget.check()?;
    match search(ENGINE, clauses.to_vec(), true, budget)? {
        Decided::Satisfiable(values) => Ok(Ok(model_of(&values, variables))),
        Decided::Unsatisfiable(Some(proof)) => Ok(Err(proof)),
        Decided::Unsatisfiable(None) => Err(SolverError::Failed("no proof of what it refutes".into())),
    }
}

fn search(
    engine: &'static dyn Engine,
    clauses: Vec<Vec<i32>>,
    is_proof_asked: bool,
    budget: &Budget,
) -> Result<Decided, SolverError> {
    if budget.needs_checks() {
        search_aside(engine, clauses, is_proof_asked, budget)
    } else {
        Ok(engine.decide(&clauses, is_proof_asked, None)?)
    }
}

pub(super) fn dimacs(formula: &Formula) -> Vec<Vec<i32>> {
    let clauses = formula.clauses().iter();
    clauses.map(|clause| clause.iter().map(|literal| literal.dimacs()).collect()).collect()
}

fn model_of(values: &[i32], variables: usize) -> Vec<bool> {
    let mut model = vec![false; variables];
    for &value in values.iter().filter(|&&value| value > 0) {
        if let Some(slot) = model.get_mut(value as usize - 1) {
            *slot = true;
        }
    }
    model
}

/// Searches for a short time here; what takes longer, on a thread of its own, which is left behind when the budget ends. Where there are no
/// threads the budget is asked between tries.
fn search_aside(
    engine: &'static dyn Engine,
    clauses: Vec<Vec<i32>>,
    is_proof_asked: bool,
    budget: &Budget,
) -> Result<Decided, SolverError> {
    let first = FIRST_TRY.min(budget.remaining().unwrap_or(FIRST_TRY));
    let literals: usize = clauses.iter().map(Vec::len).sum();
    if cfg!(single_thread) || literals <= MOST_LITERALS_HERE {
        match engine.decide(&clauses, is_proof_asked, Some(first)) {
            Err(EngineError::OutOfTime) => budget.check()?,
            answer => return Ok(answer?),
        }
    }
    if cfg!(single_thread) {
        return search_in_tries(engine, &clauses, is_proof_asked, FIRST_TRY * GROWTH, budget);
    }
    let (sender, receiver) = mpsc::channel();
    let budget_of_thread = budget.clone();
    std::thread::Builder::new()
        .name("stellar-fbas solver".into())
        .spawn(move || {
            let found =
                search_in_tries(engine, &clauses, is_proof_asked, FIRST_TRY * GROWTH, &budget_of_thread);
            // Nobody listens any more when the budget has ended.
            let _ = sender.send(found);
        })
        .map_err(|error| SolverError::Failed(format!("no thread for the solver: {error}")))?;
    loop {
        match receiver.recv_timeout(POLL) {
            Ok(result) => return result,
            Err(mpsc::RecvTimeoutError::Timeout) => budget.check()?,
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                return Err(SolverError::Failed("the solver's thread ended without an answer".into()));
            }
        }
    }
}

/// Searches from the beginning, each time for longer, until there is an answer or the budget has ended.
fn search_in_tries(
    engine: &dyn Engine,
    clauses: &[Vec<i32>],
    is_proof_asked: bool,
    first: Duration,
    budget: &Budget,
) -> Result<Decided, SolverError> {
    let mut limit = first;
    loop {
        budget.check()?;
        match engine.decide(clauses, is_proof_asked, Some(limit.min(budget.remaining().unwrap_or(limit)))) {
            Err(EngineError::OutOfTime) => limit = limit.saturating_mul(GROWTH),
            answer => return Ok(answer?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sat::random_formulas::{any_formula, hard_formula};
    use crate::sat::Lit;

    #[test]
    fn a_search_in_tries_comes_to_the_same_model() {
        let mut random = fastrand::Rng::with_seed(2);
        let budget = Budget::unlimited();
        let (mut satisfiable, mut cut) = (0, 0);
        const FORMULAS: usize = 300;
        for _ in 0..FORMULAS {
            let clauses = dimacs(&hard_formula(&mut random));
            let whole = Splr.decide(&clauses, false, None).expect("an answer");
            cut += usize::from(Splr.decide(&clauses, false, Some(Duration::ZERO)).is_err());
            let found = search_in_tries(&Splr, &clauses, false, Duration::from_micros(100), &budget)
                .expect("an answer");
            assert_eq!(found, whole);
            satisfiable += usize::from(matches!(whole, Decided::Satisfiable(_)));
        }
        assert!(cut > FORMULAS / 2, "most take more than one try: {cut}");
        assert!(
            (FORMULAS / 10..FORMULAS * 9 / 10).contains(&satisfiable),
            "both answers occur: {satisfiable}"
        );
    }

    #[test]
    fn a_search_ends_soon_after_its_budget() {
        let mut random = fastrand::Rng::with_seed(3);
        let mut formula = Formula::new();
        let variables: Vec<Lit> = (0..400).map(|_| formula.variable()).collect();
        for _ in 0..1_720 {
            let chosen = [(); 3].map(|()| variables[random.usize(..variables.len())]);
            formula.clause(chosen.map(|variable| if random.bool() { variable } else { !variable }));
        }
        let budget = Budget::unlimited().with_time_limit(Duration::from_millis(50));
        let stopped = search_in_tries(&Splr, &dimacs(&formula), false, FIRST_TRY, &budget);
        assert_eq!(stopped, Err(SolverError::Stopped(Stop::Timeout)));
    }

    #[test]
    fn answers_agree_with_trying_all_values() {
        let mut random = fastrand::Rng::with_seed(1);
        let mut satisfiable = 0;
        const FORMULAS: usize = 5_000;
        for _ in 0..FORMULAS {
            let formula = any_formula(&mut random);
            let values =
                |bits: u32| Model((0..formula.variable_count()).map(|i| bits >> i & 1 == 1).collect());
            let has_model = (0..1 << formula.variable_count()).any(|bits| values(bits).satisfies(&formula));
            let found = solve(&formula, &Budget::unlimited()).expect("an answer");
            assert_eq!(found.is_some(), has_model, "{formula:?}");
            satisfiable += usize::from(has_model);
        }
        assert!(
            (FORMULAS / 10..FORMULAS * 9 / 10).contains(&satisfiable),
            "both answers occur: {satisfiable}"
        );
    }
}
