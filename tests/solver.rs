//! The adapter to the solver on formulas that are chosen at random, beside another solver: the same verdicts, models that satisfy,
//! budgets that end at any moment and calls from several threads at a time. The other solver is run by the same adapter as well: what it takes
//! to use it stands in this file.
//!
//! `FBAS_FORMULAS` sets how many formulas are compared of each kind, `FBAS_FORMULAS_SEED` the first one's seed (0).

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};

use batsat::{lbool, Callbacks, Solver, SolverInterface};
use stellar_fbas::budget::{Budget, Stop};
use stellar_fbas::sat::{
    solve, solve_with, Decided, Engine, EngineError, Formula, Lit, Model, SolverError, Splr,
};

/// Clauses as numbers of variables, from 1, negative where negated.
type Clauses = Vec<Vec<i32>>;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().expect("a whole number"))
}

/// Does something with each kind of formula, on all cores; a failure names its seed.
fn for_each_formula(default: u64, work: impl Fn(u64, &Clauses, &mut fastrand::Rng) + Sync) {
    let (first, count) = (setting("FBAS_FORMULAS_SEED", 0), setting("FBAS_FORMULAS", default));
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let work = &work;
            scope.spawn(move || {
                for seed in (first..first + count).skip(worker).step_by(workers) {
                    let mut random = fastrand::Rng::with_seed(seed);
                    let clauses = any_clauses(&mut random);
                    let attempt = std::panic::AssertUnwindSafe(|| work(seed, &clauses, &mut random));
                    if let Err(panic) = std::panic::catch_unwind(attempt) {
                        eprintln!("FBAS_FORMULAS_SEED={seed} FBAS_FORMULAS=1 shows the failure again");
                        std::panic::resume_unwind(panic);
                    }
                }
            });
        }
    });
    println!("{count} formulas from seed {first}");
}

fn any_clauses(random: &mut fastrand::Rng) -> Clauses {
    match random.u8(..8) {
        0..3 => hard(random.usize(20..130), random),
        3..5 => odd(random.usize(1..12), 600, random),
        5..7 => odd(random.usize(10..90), 450, random),
        _ => pigeons(random.usize(2..6), random.bool(), random),
    }
}

/// Clauses of three literals at the ratio where they are hardest.
fn hard(variables: usize, random: &mut fastrand::Rng) -> Clauses {
    let count = variables * random.usize(400..450) / 100;
    (0..count).map(|_| (0..3).map(|_| any_literal(variables, random)).collect()).collect()
}

/// Clauses of any length, among them empty ones and units, with literals said twice and tautologies.
fn odd(variables: usize, most_per_hundred: usize, random: &mut fastrand::Rng) -> Clauses {
    let count = variables * random.usize(50..most_per_hundred) / 100;
    let length = |random: &mut fastrand::Rng| match random.u16(..1_000) {
        0 => 0,
        1..40 => 1,
        40..300 => 2,
        300..800 => 3,
        _ => random.usize(4..8),
    };
    (0..count).map(|_| (0..length(random)).map(|_| any_literal(variables, random)).collect()).collect()
}

/// Pigeons and one hole fewer, or as many: hard to refute for their size, and full of symmetry.
fn pigeons(holes: usize, are_too_many: bool, random: &mut fastrand::Rng) -> Clauses {
    let pigeons = holes + usize::from(are_too_many);
    let sits = |pigeon: usize, hole: usize| (pigeon * holes + hole + 1) as i32;
    let mut clauses: Clauses =
        (0..pigeons).map(|pigeon| (0..holes).map(|hole| sits(pigeon, hole)).collect()).collect();
    for hole in 0..holes {
        for one in 0..pigeons {
            clauses.extend((0..one).map(|other| vec![-sits(one, hole), -sits(other, hole)]));
        }
    }
    random.shuffle(&mut clauses);
    clauses
}

fn any_literal(variables: usize, random: &mut fastrand::Rng) -> i32 {
    let variable = random.i32(1..=variables as i32);
    if random.bool() {
        variable
    } else {
        -variable
    }
}

/// The formula, and its variables.
fn formula_of(clauses: &Clauses) -> (Formula, Vec<Lit>) {
    let mut formula = Formula::new();
    let count = clauses.iter().flatten().map(|literal| literal.unsigned_abs()).max().unwrap_or(0);
    let variables: Vec<Lit> = (0..count).map(|_| formula.variable()).collect();
    let literal = |&number: &i32| {
        let variable = variables[number.unsigned_abs() as usize - 1];
        if number > 0 {
            variable
        } else {
            !variable
        }
    };
    clauses.iter().for_each(|clause| formula.clause(clause.iter().map(literal)));
    (formula, variables)
}

/// Ends the search of the other solver.
struct Deadline(Option<Instant>);

impl Callbacks for Deadline {
    fn stop(&self) -> bool {
        self.0.is_some_and(|deadline| Instant::now() >= deadline)
    }
}

/// The other solver, a port of MiniSat. It writes no proofs.
struct BatSat;

impl Engine for BatSat {
    fn decide(
        &self,
        clauses: &[Vec<i32>],
        _is_proof_asked: bool,
        limit: Option<Duration>,
    ) -> Result<Decided, EngineError> {
        let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
        let mut solver = Solver::new(Default::default(), Deadline(deadline));
        for clause in clauses {
            let literal = |&number: &i32| {
                let variable = solver.var_of_int(number.unsigned_abs());
                batsat::Lit::new(variable, number > 0)
            };
            let mut clause = clause.iter().map(literal).collect();
            solver.add_clause_reuse(&mut clause);
        }
        match solver.solve_limited(&[]) {
            verdict if verdict == lbool::TRUE => {
                let is_true = |(_, value): &(i32, &lbool)| **value == lbool::TRUE;
                let model = (0..).zip(solver.get_model()).filter(is_true);
                Ok(Decided::Satisfiable(model.map(|(variable, _)| variable).collect()))
            }
            verdict if verdict == lbool::FALSE => Ok(Decided::Unsatisfiable(None)),
            _ => Err(EngineError::OutOfTime),
        }
    }
}

fn other_solver_finds_a_model(clauses: &Clauses) -> bool {
    let verdict = BatSat.decide(clauses, false, None).expect("nothing limits it");
    matches!(verdict, Decided::Satisfiable(_))
}

fn satisfies(model: &Model, variables: &[Lit], clauses: &Clauses) -> bool {
    let is_true =
        |number: &i32| model.is_true(variables[number.unsigned_abs() as usize - 1]) == (*number > 0);
    clauses.iter().all(|clause| clause.iter().any(is_true))
}

fn is_sound(answer: Option<&Model>, variables: &[Lit], clauses: &Clauses) {
    assert_eq!(answer.is_some(), other_solver_finds_a_model(clauses), "{clauses:?}");
    assert!(answer.is_none_or(|model| satisfies(model, variables, clauses)), "a model: {clauses:?}");
}

#[test]
fn verdicts_are_those_of_another_solver_and_models_satisfy() {
    let [satisfiable, refuted] = [(); 2].map(|()| AtomicU32::new(0));
    for_each_formula(1_500, |_, clauses, _| {
        let (formula, variables) = formula_of(clauses);
        let found = solve(&formula, &Budget::unlimited()).expect("an answer");
        is_sound(found.as_ref(), &variables, clauses);
        let again = solve(&formula, &Budget::unlimited().with_time_limit(Duration::from_secs(3_600)));
        assert_eq!(again.expect("an answer"), found, "the same model whatever the budget");
        let by_other = solve_with(&BatSat, &formula, &Budget::unlimited()).expect("an answer");
        assert_eq!(by_other.is_some(), found.is_some(), "either solver is run: {clauses:?}");
        assert!(by_other.is_none_or(|model| satisfies(&model, &variables, clauses)), "a model: {clauses:?}");
        let counter = if found.is_some() { &satisfiable } else { &refuted };
        counter.fetch_add(1, Ordering::Relaxed);
    });
    let counts = [satisfiable, refuted].map(AtomicU32::into_inner);
    let all: u32 = counts.iter().sum();
    assert!(all < 100 || counts.iter().all(|count| *count > all / 10), "both answers occur: {counts:?}");
}

/// Budgets that end by the clock or after so many looks at them, at any point of a search: either the answer or why it ended, and the
/// next call knows nothing of it.
#[test]
fn a_budget_that_ends_at_any_point_gives_its_reason_or_the_answer() {
    let [stopped, answered] = [(); 2].map(|()| AtomicU32::new(0));
    for_each_formula(150, |seed, _, random| {
        let engine: &'static dyn Engine = if seed % 2 == 0 { &Splr } else { &BatSat };
        let clauses = hard(random.usize(80..140), random);
        let (formula, variables) = formula_of(&clauses);
        let (budget, reason) = if random.bool() {
            let limit = Duration::from_micros(random.u64(0..20_000));
            (Budget::unlimited().with_time_limit(limit), Stop::Timeout)
        } else {
            let looks_left = Arc::new(AtomicU32::new(random.u32(0..8)));
            let is_cancelled = move || {
                let left = looks_left.load(Ordering::Relaxed);
                looks_left.store(left.saturating_sub(1), Ordering::Relaxed);
                left == 0
            };
            (Budget::unlimited().with_cancellation(is_cancelled), Stop::Cancelled)
        };
        let counter = match solve_with(engine, &formula, &budget) {
            Err(error) => {
                assert_eq!(error, SolverError::Stopped(reason));
                &stopped
            }
            Ok(answer) => {
                is_sound(answer.as_ref(), &variables, &clauses);
                &answered
            }
        };
        counter.fetch_add(1, Ordering::Relaxed);
        let next = solve_with(engine, &formula, &Budget::unlimited()).expect("an answer");
        is_sound(next.as_ref(), &variables, &clauses);
    });
    let counts = [stopped, answered].map(AtomicU32::into_inner);
    let all: u32 = counts.iter().sum();
    assert!(all < 100 || counts.iter().all(|count| *count > all / 20), "both ends occur: {counts:?}");
}
