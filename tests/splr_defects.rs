//! What splr 0.17.2 does wrong and `src/sat/splr.rs` therefore does without, one test each. A test that fails after an upgrade says that
//! the solver has become better, and that its part of the adapter can go.

use splr::{Certificate, Config, SolveIF, Solver, SolverError};

fn solver(clauses: &[Vec<i32>], c_timeout: f64) -> Solver {
    let config = Config { quiet_mode: true, c_timeout, ..Config::default() };
    Solver::try_from((config, clauses)).expect("clauses without a conflict among units")
}

/// Clauses of three different variables each, at the ratio where they are hardest.
fn hard(seed: u64) -> Vec<Vec<i32>> {
    let mut random = fastrand::Rng::with_seed(seed);
    let variables = random.usize(60..120);
    let mut clause = || {
        let mut chosen: Vec<i32> = Vec::new();
        while chosen.len() < 3 {
            let variable = random.i32(1..=variables as i32);
            if chosen.iter().all(|literal| literal.abs() != variable) {
                chosen.push(if random.bool() { variable } else { -variable });
            }
        }
        chosen
    };
    (0..variables * 425 / 100).map(|_| clause()).collect()
}

/// Runs one of the ignored tests below in a process of its own, as it may end it; says whether it passes.
fn passes(test: &str) -> bool {
    let this = std::env::current_exe().expect("the tests are a program");
    let mut run = std::process::Command::new(this);
    let output = run.args(["--exact", test, "--ignored"]).output().expect("it can be run again");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("running 1 test"), "{test}: {said}");
    output.status.success()
}

const FORMULAS: u64 = 40;

/// So a search that has taken too long begins anew instead of going on.
#[test]
#[cfg_attr(not(debug_assertions), ignore = "nothing looks for undefined behaviour")]
fn a_search_that_was_stopped_cannot_go_on() {
    assert!(!passes("goes_on_after_a_timeout"));
}

#[test]
#[ignore = "run by the test above"]
fn goes_on_after_a_timeout() {
    for clauses in (0..FORMULAS).map(hard) {
        // No time at all: it stops whenever it looks.
        let mut solver = solver(&clauses, 0.0);
        while matches!(solver.solve(), Err(SolverError::TimeOut)) {}
    }
}

/// So every call gets a solver of its own.
#[test]
#[cfg_attr(not(debug_assertions), ignore = "nothing looks for undefined behaviour")]
fn a_solver_cannot_be_asked_again() {
    assert!(!passes("answers_twice"));
}

#[test]
#[ignore = "run by the test above"]
fn answers_twice() {
    for clauses in (0..FORMULAS).map(hard) {
        let mut solver = solver(&clauses, f64::MAX);
        let [first, second] = [(); 2].map(|()| solver.solve().expect("an answer"));
        assert_eq!(first == Certificate::UNSAT, second == Certificate::UNSAT);
    }
}

/// So a limit is set by shifting the moment at which the solver began.
#[test]
fn a_limit_counts_whole_seconds_only() {
    let stopped = (0..FORMULAS).filter(|&seed| {
        let clauses = hard(seed);
        solver(&clauses, f64::MAX).solve().expect("an answer within milliseconds");
        // Nine tenths of a second are none.
        matches!(solver(&clauses, 0.9).solve(), Err(SolverError::TimeOut))
    });
    assert!(stopped.count() > 0, "a search of milliseconds is given up");
}

/// So this error is read as an answer.
#[test]
fn clauses_that_contradict_each_other_are_an_error() {
    let config = Config { quiet_mode: true, ..Config::default() };
    let loaded = Solver::try_from((config, &[vec![1, 2], vec![-1], vec![1]][..]));
    assert!(matches!(loaded, Err(Err(SolverError::EmptyClause))));
}
