//! splr, and what it takes to use it: the only file that names it.
//!
//! It may panic on some formulas: panics are caught and answered with a second try under another configuration. A solver that was stopped
//! or asked once cannot be asked again: every search gets a fresh one. Its time limit counts whole seconds, and it writes proofs to files
//! only. `tests/splr_defects.rs` shows each of these.

use std::cell::Cell;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::Once;
use std::time::{Duration, Instant};

use splr::solver::{SatSolverIF, SolverResult};
use splr::{Certificate, Config, SolveIF, Solver};

use super::engine::{Decided, Engine, EngineError};

/// What the file of a proof is called.
const PROOF: &str = "proof.drat";

/// The solver splr.
#[derive(Debug, Clone, Copy)]
pub struct Splr;

impl Splr {
    /// Name and version.
    pub const NAME: &str = "splr 0.17.2";
}

impl Engine for Splr {
    fn decide(
        &self,
        clauses: &[Vec<i32>],
        is_proof_asked: bool,
        limit: Option<Duration>,
    ) -> Result<Decided, EngineError> {
        let folder = if is_proof_asked { Some(PrivateFolder::new()?) } else { None };
        let with_proof = |config: Config| match &folder {
            Some(PrivateFolder(folder)) => {
                Config { use_certification: true, io_odir: folder.clone(), io_pfile: PROOF.into(), ..config }
            }
            None => config,
        };
        Ok(match (contained(|config| run(with_proof(config), clauses, limit))?, &folder) {
            (Some(values), _) => Decided::Satisfiable(values),
            (None, None) => Decided::Unsatisfiable(None),
            (None, Some(PrivateFolder(folder))) => {
                let proof = std::fs::read_to_string(folder.join(PROOF));
                Decided::Unsatisfiable(Some(proof.map_err(|error| no_proof(&error))?))
            }
        })
    }
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
fn contained(run: impl Fn(Config) -> SolverResult) -> Result<Option<Vec<i32>>, EngineError> {
    let mut failures = Vec::new();
    for config in configurations() {
        match silently(|| catch_unwind(AssertUnwindSafe(|| run(config)))) {
            Ok(Ok(Certificate::SAT(values))) => return Ok(Some(values)),
            Ok(Ok(Certificate::UNSAT)) => return Ok(None),
            Ok(Err(splr::SolverError::TimeOut)) => return Err(EngineError::OutOfTime),
            Ok(Err(error)) => failures.push(error.to_string()),
            Err(_) => failures.push("panic".to_string()),
        }
    }
    Err(EngineError::Failed(failures.join("; ")))
}

/// The usual configuration, and one that forgets sooner which variables were in conflicts: it chooses others, and so may get around what
/// the usual one fails on. Without clause elimination, which we build the solver without, there is nothing else to switch off.
fn configurations() -> [Config; 2] {
    let usual = Config { quiet_mode: true, c_timeout: f64::MAX, ..Config::default() };
    let forgetful = Config { vrw_dcy_rat: 0.9, ..usual.clone() };
    [usual, forgetful]
}

fn no_proof(error: &std::io::Error) -> EngineError {
    EngineError::Failed(format!("proofs take a folder for temporary files: {error}"))
}

/// A new folder that nobody else may look into, gone when this is dropped.
struct PrivateFolder(PathBuf);

impl PrivateFolder {
    fn new() -> Result<Self, EngineError> {
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
    use crate::sat::random_formulas::hard_formula;
    use crate::sat::solver::dimacs;

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
            let why = |error: &EngineError| error.to_string();
            assert!(found.as_ref().is_err_and(|error| why(error).contains("panic")), "{found:?}");
            assert!(found.as_ref().is_err_and(|error| why(error).contains("; ")), "{found:?}");
        }
        assert!(!IS_SILENT.get(), "other panics are heard again");
        let found = contained(|_| Err(splr::SolverError::TimeOut));
        assert_eq!(found, Err(EngineError::OutOfTime), "what took too long is not tried twice");
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
    fn a_search_has_the_time_that_it_may_take() {
        let mut random = fastrand::Rng::with_seed(4);
        let (mut ended, mut all) = (0, 0);
        for _ in 0..200 {
            let clauses = dimacs(&hard_formula(&mut random));
            if Splr.decide(&clauses, false, Some(Duration::ZERO)).is_err() {
                all += 1;
                ended += usize::from(Splr.decide(&clauses, false, Some(Duration::from_millis(900))).is_ok());
            }
        }
        assert!(
            all > 50 && ended > all / 2,
            "within a second, of {all} searches of milliseconds {ended} end"
        );
    }
}
