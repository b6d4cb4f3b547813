//! The adapter to splr: the only file that names it.
//!
//! splr may panic on some formulas and cannot be interrupted; it looks at its time limit every few milliseconds. So every call gets
//! a fresh solver on a simplified formula, panics are caught and answered with a second try under another configuration,
//! and models are checked. A call that may have to stop and is not over soon runs on a thread of its own, in slices of time that grow with
//! what it has taken; when its caller cannot wait any longer it is left behind and ends with its slice.

use std::cell::Cell;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::mpsc;
use std::sync::Once;
use std::time::{Duration, Instant};

use splr::assign::PropagateIF;
use splr::solver::{SolverEvent, SolverResult, StageManager};
use splr::types::Instantiate;
use splr::{Certificate, Config, SolveIF, Solver};

use super::simplify::{simplify, Simplified};
use super::{Formula, Model};
use crate::budget::{Budget, Stop};

/// Name and version of the solver.
pub const SOLVER: &str = "splr 0.17.2";

/// A call that may have to stop works in slices of at least this time.
const SHORTEST_SLICE: Duration = Duration::from_millis(25);
/// A slice may take this share of the time that the call has taken before. Shorter ones cost more: splr goes on after a slice
/// with all that it has learnt, but takes up its rhythm of restarts and clause reductions from the beginning.
const SHARE_OF_TIME_TAKEN: u32 = 8;
/// The unit, in conflicts, in which splr measures its stages.
const STAGE_SIZE: usize = 32;
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

/// A model of the formula, or nothing if it has none.
pub fn solve(formula: &Formula, budget: &Budget) -> Result<Option<Model>, SolverError> {
    budget.check()?;
    let rest = match simplify(formula) {
        Simplified::Unsatisfiable => return Ok(None),
        Simplified::Rest(rest) => rest,
    };
    let model = if rest.formula.clauses().is_empty() {
        Some(Model(vec![false; rest.formula.variable_count()]))
    } else {
        search(&rest.formula, budget)?
    };
    let Some(model) = model else { return Ok(None) };
    let model = rest.extend(&model);
    if !model.satisfies(formula) {
        return Err(SolverError::Failed("a model that does not satisfy its formula".into()));
    }
    Ok(Some(model))
}

fn search(formula: &Formula, budget: &Budget) -> Result<Option<Model>, SolverError> {
    let clauses = dimacs(formula);
    let values = if budget.needs_checks() {
        search_aside(clauses, budget)?
    } else {
        search_contained(&clauses, None)?
    };
    Ok(values.map(|values| model_of(&values, formula.variable_count())))
}

fn dimacs(formula: &Formula) -> Vec<Vec<i32>> {
    let clauses = formula.clauses().iter();
    clauses.map(|clause| clause.iter().map(|literal| literal.dimacs()).collect()).collect()
}

fn model_of(values: &[i32], variables: usize) -> Model {
    let mut model = vec![false; variables];
    for &value in values.iter().filter(|&&value| value > 0) {
        if let Some(slot) = model.get_mut(value as usize - 1) {
            *slot = true;
        }
    }
    Model(model)
}

/// Searches for one slice here; what takes longer, on a thread of its own, which is left behind when the budget ends.
fn search_aside(clauses: Vec<Vec<i32>>, budget: &Budget) -> Result<Option<Vec<i32>>, SolverError> {
    let first = budget.clone().with_time_limit(SHORTEST_SLICE);
    match search_contained(&clauses, Some(Slices { budget: &first, shortest: SHORTEST_SLICE })) {
        Err(SolverError::Stopped(_)) => budget.check()?,
        answer => return answer,
    }
    let (sender, receiver) = mpsc::channel();
    let budget_of_thread = budget.clone();
    std::thread::Builder::new()
        .name("stellar-fbas solver".into())
        .spawn(move || {
            let shortest = SHORTEST_SLICE;
            let slices = Slices { budget: &budget_of_thread, shortest };
            // Nobody listens any more when the budget has ended.
            let _ = sender.send(search_contained(&clauses, Some(slices)));
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

/// How a search is cut, so that it ends soon after its budget.
#[derive(Clone, Copy)]
struct Slices<'a> {
    budget: &'a Budget,
    shortest: Duration,
}

/// Searches; a panic or a failure is answered with a second try under another configuration.
fn search_contained(clauses: &[Vec<i32>], slices: Option<Slices>) -> Result<Option<Vec<i32>>, SolverError> {
    let plain = Config { quiet_mode: true, c_timeout: f64::MAX, ..Config::default() };
    let without_elimination = Config { enable_eliminator: false, ..plain.clone() };
    let mut failures = Vec::new();
    for config in [plain, without_elimination] {
        let attempt = silently(|| {
            catch_unwind(AssertUnwindSafe(|| match Solver::try_from((config, clauses)) {
                Ok(mut solver) => match slices {
                    Some(slices) => search_in_slices(&mut solver, slices),
                    None => Ok(solver.solve()),
                },
                // Clauses that contradict each other already while they are loaded.
                Err(Err(splr::SolverError::EmptyClause)) => Ok(Ok(Certificate::UNSAT)),
                Err(decided) => Ok(decided),
            }))
        });
        match attempt {
            Ok(Ok(Ok(Certificate::SAT(values)))) => return Ok(Some(values)),
            Ok(Ok(Ok(Certificate::UNSAT))) => return Ok(None),
            Ok(Ok(Err(error))) => failures.push(error.to_string()),
            Ok(Err(stop)) => return Err(SolverError::Stopped(stop)),
            Err(_) => failures.push("panic".to_string()),
        }
    }
    Err(SolverError::Failed(failures.join("; ")))
}

/// Searches until there is an answer or the budget has ended.
fn search_in_slices(solver: &mut Solver, slices: Slices) -> Result<SolverResult, Stop> {
    let began = Instant::now();
    loop {
        slices.budget.check()?;
        let longest = slices.budget.remaining().unwrap_or(Duration::MAX);
        let slice = slices.shortest.max(began.elapsed() / SHARE_OF_TIME_TAKEN).min(longest);
        limit(solver, slice);
        match solver.solve() {
            Err(splr::SolverError::TimeOut) => {
                // What a solve() expects that comes after another one: nothing left over from its trail, no clause that is decided
                // already, and stages counted from the first.
                solver.asg.handle(SolverEvent::Reinitialize);
                if solver.asg.clear_asserted_literals(&mut solver.cdb).is_err() {
                    return Ok(Ok(Certificate::UNSAT));
                }
                solver.state.stm = StageManager::new(STAGE_SIZE);
            }
            result => return Ok(result),
        }
    }
}

/// Lets the solver end this much later. Its own limit is in whole seconds since it began, so its beginning is moved.
fn limit(solver: &mut Solver, slice: Duration) {
    let seconds = slice.as_secs() + 1;
    let shift = Duration::from_secs(seconds) - slice;
    let now = Instant::now();
    solver.state.start = now.checked_sub(shift).unwrap_or(now);
    solver.state.config.c_timeout = seconds as f64;
}

thread_local! {
    static IS_SILENT: Cell<bool> = const { Cell::new(false) };
}

/// Runs the solver without the message that a caught panic of its would print; other panics print as before.
fn silently<T>(work: impl FnOnce() -> T) -> T {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !IS_SILENT.get() {
                previous(info);
            }
        }));
    });
    IS_SILENT.set(true);
    let result = work();
    IS_SILENT.set(false);
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sat::Lit;

    /// A formula of up to twelve variables and many short clauses, some of them odd: empty, doubled literals, tautologies.
    fn any_formula(random: &mut fastrand::Rng) -> Formula {
        let mut formula = Formula::new();
        let variables: Vec<Lit> = (0..random.usize(1..13)).map(|_| formula.variable()).collect();
        for _ in 0..random.usize(0..6 * variables.len()) {
            let length = if random.u16(..1000) == 0 { random.usize(..2) } else { random.usize(2..5) };
            let literals: Vec<Lit> = (0..length)
                .map(|_| {
                    let variable = variables[random.usize(..variables.len())];
                    if random.bool() {
                        variable
                    } else {
                        !variable
                    }
                })
                .collect();
            formula.clause(literals);
        }
        formula
    }

    /// A formula of three-literal clauses at the ratio where they are hardest: enough conflicts for many stages.
    fn hard_formula(random: &mut fastrand::Rng) -> Formula {
        let mut formula = Formula::new();
        let variables: Vec<Lit> = (0..random.usize(60..120)).map(|_| formula.variable()).collect();
        for _ in 0..variables.len() * random.usize(410..450) / 100 {
            let chosen = [(); 3].map(|()| variables[random.usize(..variables.len())]);
            formula.clause(chosen.map(|variable| if random.bool() { variable } else { !variable }));
        }
        formula
    }

    #[test]
    fn a_search_that_is_cut_into_slices_comes_to_the_same_answer() {
        let mut random = fastrand::Rng::with_seed(2);
        let budget = Budget::unlimited();
        let mut satisfiable = 0;
        const FORMULAS: usize = 300;
        for _ in 0..FORMULAS {
            let formula = hard_formula(&mut random);
            let clauses = dimacs(&formula);
            let whole = search_contained(&clauses, None).expect("an answer");
            // No time at all: a slice ends with its first stage.
            let slices = Slices { budget: &budget, shortest: Duration::ZERO };
            let found = search_contained(&clauses, Some(slices)).expect("an answer");
            assert_eq!(found.is_some(), whole.is_some(), "{formula:?}");
            satisfiable += usize::from(found.is_some());
            let model = found.map(|values| model_of(&values, formula.variable_count()));
            assert!(model.is_none_or(|model| model.satisfies(&formula)));
        }
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
        let clauses = dimacs(&formula);
        let budget = Budget::unlimited().with_time_limit(Duration::from_millis(50));
        let slices = Slices { budget: &budget, shortest: SHORTEST_SLICE };
        let stopped = search_contained(&clauses, Some(slices));
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
