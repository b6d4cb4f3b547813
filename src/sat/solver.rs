//! The adapter to splr: the only file that names it.
//!
//! splr may panic on some formulas, cannot be interrupted, and looks at its time limit only now and then. So every call gets a
//! fresh solver on a simplified formula, panics are caught and answered with a second try under another configuration,
//! models are checked, and a call that may have to stop runs on a thread of its own, which is left behind when
//! its caller cannot wait any longer and ends on its own time limit.

use std::cell::Cell;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::mpsc;
use std::sync::Once;
use std::time::Duration;

use splr::{Certificate, Config, SolveIF, Solver};

use super::simplify::{simplify, Simplified};
use super::{Formula, Model};
use crate::budget::{Budget, Stop};

/// Name and version of the solver.
pub const SOLVER: &str = "splr 0.17.2";

/// Time limit, in seconds, of the first try of a call that may have to stop; each further try has four times as much.
/// A call left behind so ends after at most four times the time its caller had waited, or after this.
const FIRST_TRY_SECONDS: f64 = 10.0;
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
    let clauses: Vec<Vec<i32>> = formula
        .clauses()
        .iter()
        .map(|clause| clause.iter().map(|literal| literal.dimacs()).collect())
        .collect();
    let values = if budget.can_stop() {
        search_aside(clauses, budget)?
    } else {
        search_contained(&clauses, f64::MAX)?
    };
    Ok(values.map(|values| {
        let mut model = vec![false; formula.variable_count()];
        for value in values.into_iter().filter(|&value| value > 0) {
            if let Some(slot) = model.get_mut(value as usize - 1) {
                *slot = true;
            }
        }
        Model(model)
    }))
}

/// Searches on a thread of its own, which is left behind when the budget ends.
fn search_aside(clauses: Vec<Vec<i32>>, budget: &Budget) -> Result<Option<Vec<i32>>, SolverError> {
    let (sender, receiver) = mpsc::channel();
    let budget_of_thread = budget.clone();
    std::thread::Builder::new()
        .name("stellar-fbas solver".into())
        .spawn(move || {
            let is_wanted = budget_of_thread;
            let mut seconds = FIRST_TRY_SECONDS;
            let result = loop {
                match search_contained(&clauses, seconds) {
                    Err(Failure::TimeLimit) if is_wanted.check().is_ok() => seconds *= 4.0,
                    result => break result,
                }
            };
            // Nobody listens any more when the budget has ended.
            let _ = sender.send(result);
        })
        .map_err(|error| SolverError::Failed(format!("no thread for the solver: {error}")))?;
    loop {
        match receiver.recv_timeout(POLL) {
            Ok(result) => return Ok(result?),
            Err(mpsc::RecvTimeoutError::Timeout) => budget.check()?,
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                return Err(SolverError::Failed("the solver's thread ended without an answer".into()));
            }
        }
    }
}

/// Searches; a panic or a failure is answered with a second try under another configuration.
fn search_contained(clauses: &[Vec<i32>], seconds: f64) -> Result<Option<Vec<i32>>, Failure> {
    let plain = Config { quiet_mode: true, c_timeout: seconds, ..Config::default() };
    let without_elimination = Config { enable_eliminator: false, ..plain.clone() };
    let mut failures = Vec::new();
    for config in [plain, without_elimination] {
        let attempt = silently(|| {
            catch_unwind(AssertUnwindSafe(|| match Solver::try_from((config, clauses)) {
                Ok(mut solver) => solver.solve(),
                // Clauses that contradict each other already while they are loaded.
                Err(Err(splr::SolverError::EmptyClause)) => Ok(Certificate::UNSAT),
                Err(decided) => decided,
            }))
        });
        match attempt {
            Ok(Ok(Certificate::SAT(values))) => return Ok(Some(values)),
            Ok(Ok(Certificate::UNSAT)) => return Ok(None),
            Ok(Err(splr::SolverError::TimeOut)) => return Err(Failure::TimeLimit),
            Ok(Err(error)) => failures.push(error.to_string()),
            Err(_) => failures.push("panic".to_string()),
        }
    }
    Err(Failure::Defect(failures.join("; ")))
}

/// Why splr gave no answer.
enum Failure {
    TimeLimit,
    Defect(String),
}

impl From<Failure> for SolverError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::TimeLimit => SolverError::Failed("its time limit ran out".into()),
            Failure::Defect(defect) => SolverError::Failed(defect),
        }
    }
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
