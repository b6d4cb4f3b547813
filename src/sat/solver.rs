//! The adapter to splr: the only file that names it.
//!
//! splr may panic on some formulas and cannot be interrupted; it looks at its time limit every few milliseconds. So every call gets
//! a fresh solver on a simplified formula, panics are caught and answered with a second try under another configuration,
//! and models are checked.
//!
//! A call that may have to stop is tried for a short time here and then on a thread of its own, again and again from the beginning, each
//! time for longer; when its caller cannot wait any longer it is left behind and ends with its try. To go on where a try has ended would
//! be quicker, but where it ends hangs on the clock, and with it would the model found: from the beginning a search always takes the
//! same way.

use std::cell::Cell;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::mpsc;
use std::sync::Once;
use std::time::{Duration, Instant};

use splr::solver::{SatSolverIF, SolverResult};
use splr::{Certificate, Config, SolveIF, Solver};

use super::simplify::{simplify, Simplified};
use super::{Formula, Model};
use crate::budget::{Budget, Stop};

/// Name and version of the solver.
pub const SOLVER: &str = "splr 0.17.2";

/// How long the first try of a call may take that may have to stop.
const FIRST_TRY: Duration = Duration::from_millis(25);
/// How much longer each try may take than the one before. All tries before the last one together take less than a third of its limit.
const GROWTH: u32 = 4;
/// What the file of a proof is called.
const PROOF: &str = "proof.drat";
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

/// What a search came to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Decided {
    /// The values of a model.
    Satisfiable(Vec<i32>),
    /// There is none; with the proof, if one was asked for.
    Unsatisfiable(String),
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
        match search(dimacs(&rest.formula), false, budget)? {
            Decided::Satisfiable(values) => Some(Model(model_of(&values, rest.formula.variable_count()))),
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
    Ok(match search(clauses.to_vec(), true, budget)? {
        Decided::Satisfiable(values) => Ok(model_of(&values, variables)),
        Decided::Unsatisfiable(proof) => Err(proof),
    })
}

fn search(clauses: Vec<Vec<i32>>, is_proof_asked: bool, budget: &Budget) -> Result<Decided, SolverError> {
    if budget.needs_checks() {
        search_aside(clauses, is_proof_asked, budget)
    } else {
        attempt(&clauses, is_proof_asked, None)
    }
}

fn dimacs(formula: &Formula) -> Vec<Vec<i32>> {
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

/// Searches for a short time here; what takes longer, on a thread of its own, which is left behind when the budget ends.
fn search_aside(
    clauses: Vec<Vec<i32>>,
    is_proof_asked: bool,
    budget: &Budget,
) -> Result<Decided, SolverError> {
    let first = FIRST_TRY.min(budget.remaining().unwrap_or(FIRST_TRY));
    match attempt(&clauses, is_proof_asked, Some(first)) {
        Err(SolverError::Stopped(_)) => budget.check()?,
        answer => return answer,
    }
    let (sender, receiver) = mpsc::channel();
    let budget_of_thread = budget.clone();
    std::thread::Builder::new()
        .name("stellar-fbas solver".into())
        .spawn(move || {
            let found = search_in_tries(&clauses, is_proof_asked, FIRST_TRY * GROWTH, &budget_of_thread);
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
    clauses: &[Vec<i32>],
    is_proof_asked: bool,
    first: Duration,
    budget: &Budget,
) -> Result<Decided, SolverError> {
    let mut limit = first;
    loop {
        budget.check()?;
        match attempt(clauses, is_proof_asked, Some(limit.min(budget.remaining().unwrap_or(limit)))) {
            Err(SolverError::Stopped(_)) => limit = limit.saturating_mul(GROWTH),
            answer => return answer,
        }
    }
}

/// Searches, for so long at most.
fn attempt(
    clauses: &[Vec<i32>],
    is_proof_asked: bool,
    limit: Option<Duration>,
) -> Result<Decided, SolverError> {
    // splr can write its proof to a file only.
    let folder = if is_proof_asked { Some(PrivateFolder::new()?) } else { None };
    let with_proof = |config: Config| match &folder {
        Some(PrivateFolder(folder)) => {
            Config { use_certification: true, io_odir: folder.clone(), io_pfile: PROOF.into(), ..config }
        }
        None => config,
    };
    Ok(match (contained(|config| run(with_proof(config), clauses, limit))?, &folder) {
        (Some(values), _) => Decided::Satisfiable(values),
        (None, None) => Decided::Unsatisfiable(String::new()),
        (None, Some(PrivateFolder(folder))) => {
            let proof = std::fs::read_to_string(folder.join(PROOF));
            Decided::Unsatisfiable(proof.map_err(|error| no_proof(&error))?)
        }
    })
}

fn run(config: Config, clauses: &[Vec<i32>], limit: Option<Duration>) -> SolverResult {
    match Solver::try_from((config, clauses)) {
        Ok(mut solver) => {
            limit.into_iter().for_each(|limit| end_after(&mut solver, limit));
            let answer = solver.solve();
            solver.save_certification();
            answer
        }
        // Clauses that contradict each other already while they are loaded.
        Err(Err(splr::SolverError::EmptyClause)) => Ok(Certificate::UNSAT),
        Err(decided) => decided,
    }
}

/// Runs the solver; a panic or a failure is answered with a second try under another configuration.
fn contained(run: impl Fn(Config) -> SolverResult) -> Result<Option<Vec<i32>>, SolverError> {
    let mut failures = Vec::new();
    for config in configurations() {
        match silently(|| catch_unwind(AssertUnwindSafe(|| run(config)))) {
            Ok(Ok(Certificate::SAT(values))) => return Ok(Some(values)),
            Ok(Ok(Certificate::UNSAT)) => return Ok(None),
            Ok(Err(splr::SolverError::TimeOut)) => return Err(SolverError::Stopped(Stop::Timeout)),
            Ok(Err(error)) => failures.push(error.to_string()),
            Err(_) => failures.push("panic".to_string()),
        }
    }
    Err(SolverError::Failed(failures.join("; ")))
}

/// The usual configuration, and one that forgets sooner which variables were in conflicts: it chooses others, and so may get around what
/// the usual one fails on. Without clause elimination, which we build the solver without, there is nothing else to switch off.
fn configurations() -> [Config; 2] {
    let usual = Config { quiet_mode: true, c_timeout: f64::MAX, ..Config::default() };
    let forgetful = Config { vrw_dcy_rat: 0.9, ..usual.clone() };
    [usual, forgetful]
}

fn no_proof(error: &std::io::Error) -> SolverError {
    SolverError::Failed(format!("proofs take a folder for temporary files: {error}"))
}

/// A new folder that nobody else may look into, gone when this is dropped.
struct PrivateFolder(PathBuf);

impl PrivateFolder {
    fn new() -> Result<Self, SolverError> {
        // In WebAssembly the standard library knows no such place.
        let place = if cfg!(target_family = "wasm") { PathBuf::from("/tmp") } else { std::env::temp_dir() };
        let folder = place.join(format!("stellar-fbas-{:016x}", RandomState::new().hash_one(())));
        #[allow(unused_mut)] // Only Unix has permissions to set.
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).map_err(|error| no_proof(&error))?;
        Ok(PrivateFolder(folder))
    }
}

impl Drop for PrivateFolder {
    fn drop(&mut self) {
        // What is left behind is small, and the system cleans its folder for temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Lets the solver end this much later. It gives up parts of its work after a tenth of its limit, which must not hang on the clock: so it
/// is told that it began long ago and may take just so much longer. Its limit counts whole seconds only, the moment at which it began does
/// not.
fn end_after(solver: &mut Solver, limit: Duration) {
    let now = Instant::now();
    // What is longer than anybody waits is cut where sums of it still fit.
    let limit = limit.min(Duration::from_secs(1 << 32));
    let seconds = limit.as_secs() + 1;
    // As long as the clock of this system can express.
    let long_ago = [86_400, 3_600, 60, 0].map(|more| Duration::from_secs(seconds + more));
    let begin = |total: Duration| Some((now.checked_sub(total - limit)?, total));
    let (began, total) = long_ago.into_iter().find_map(begin).unwrap_or((now, Duration::from_secs(seconds)));
    solver.state.start = began;
    solver.state.config.c_timeout = total.as_secs_f64();
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
    fn a_panic_or_a_failure_leads_to_a_second_try_and_then_to_an_error() {
        let is_first = |config: &Config| config.vrw_dcy_rat == Config::default().vrw_dcy_rat;
        let fails = |is_panic: bool| {
            assert!(!is_panic, "a panic of the solver");
            Err(splr::SolverError::SolverBug)
        };
        for is_panic in [true, false] {
            let found = contained(|config| match is_first(&config) {
                true => fails(is_panic),
                false => Ok(Certificate::SAT(vec![1])),
            });
            assert_eq!(found, Ok(Some(vec![1])));
            let found = contained(|config| fails(is_panic == is_first(&config)));
            let why = |error: &SolverError| error.to_string();
            assert!(found.as_ref().is_err_and(|error| why(error).contains("panic")), "{found:?}");
            assert!(found.as_ref().is_err_and(|error| why(error).contains("; ")), "{found:?}");
        }
        assert!(!IS_SILENT.get(), "other panics are heard again");
        let found = contained(|_| Err(splr::SolverError::TimeOut));
        assert_eq!(found, Err(SolverError::Stopped(Stop::Timeout)), "what took too long is not tried twice");
    }

    #[test]
    fn the_second_try_searches_elsewhere_and_comes_to_the_same_verdict() {
        let mut random = fastrand::Rng::with_seed(4);
        let mut differ = 0;
        for _ in 0..50 {
            let clauses = dimacs(&hard_formula(&mut random));
            let [first, second] =
                configurations().map(|config| run(config, &clauses, None).expect("an answer"));
            assert_eq!(first == Certificate::UNSAT, second == Certificate::UNSAT);
            differ += usize::from(first != second);
        }
        assert!(differ > 0, "otherwise it would fail where the first one does");
    }

    #[test]
    fn a_search_in_tries_comes_to_the_same_model() {
        let mut random = fastrand::Rng::with_seed(2);
        let budget = Budget::unlimited();
        let (mut satisfiable, mut cut) = (0, 0);
        const FORMULAS: usize = 300;
        for _ in 0..FORMULAS {
            let clauses = dimacs(&hard_formula(&mut random));
            let whole = attempt(&clauses, false, None).expect("an answer");
            cut += usize::from(attempt(&clauses, false, Some(Duration::ZERO)).is_err());
            let found =
                search_in_tries(&clauses, false, Duration::from_micros(100), &budget).expect("an answer");
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
    fn a_search_has_the_time_that_it_may_take() {
        let mut random = fastrand::Rng::with_seed(4);
        let (mut ended, mut all) = (0, 0);
        for _ in 0..200 {
            let clauses = dimacs(&hard_formula(&mut random));
            if attempt(&clauses, false, Some(Duration::ZERO)).is_err() {
                all += 1;
                ended += usize::from(attempt(&clauses, false, Some(Duration::from_millis(900))).is_ok());
            }
        }
        assert!(
            all > 50 && ended > all / 2,
            "within a second, of {all} searches of milliseconds {ended} end"
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
        let stopped = search_in_tries(&dimacs(&formula), false, FIRST_TRY, &budget);
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
