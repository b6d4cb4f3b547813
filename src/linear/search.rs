//! Branch and bound: a program is split on variables until its parts are contradictory or solved.

use std::rc::Rc;

use super::program::{Program, NO_HIGH, NO_LOW};
use super::propagate::{propagate, Bounds, Occurrences};
use super::simplex::{Relaxed, Simplex};
use crate::budget::{Budget, Stop};

/// What is known about a program.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// These values satisfy every inequality.
    Solution(Vec<i64>),
    /// Nothing does.
    Contradiction,
    /// The limit on parts was reached first; the search can go on with what is left.
    Unknown(Left),
}

/// The parts that are left to be looked at, the next one last, and what was learnt from the others.
#[derive(Debug, Clone, PartialEq)]
pub struct Left {
    parts: Vec<Part>,
    gains: Gains,
}

/// A part of the program: its bounds, and how it came about.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    bounds: Bounds,
    from: Option<Branch>,
}

/// One side of what a part was split on.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Branch {
    var: usize,
    is_above: bool,
    /// How far away the value of the variable was.
    distance: f64,
    /// The least cost that the relaxation had before.
    cost: f64,
}

/// Per variable and side, by how much the least cost grew over the distance, summed up, and how often that was seen ("pseudo-costs": Bénichou
/// et al., 1971).
#[derive(Debug, Clone, PartialEq)]
struct Gains(Vec<[(f64, f64); 2]>);

impl Gains {
    fn note(&mut self, branch: Branch, cost: f64) {
        let (sum, count) = &mut self.0[branch.var][usize::from(branch.is_above)];
        *sum += (cost - branch.cost).max(0.0) / branch.distance.max(LEAST_DISTANCE);
        *count += 1.0;
    }

    fn mean(&self) -> f64 {
        let all = self.0.iter().flatten();
        let (sum, count) = all.fold((0.0, 0.0), |(sum, count), gain| (sum + gain.0, count + gain.1));
        if count == 0.0 {
            1.0
        } else {
            sum / count
        }
    }

    /// What a split on the variable promises: both sides should gain. Seen little of, it counts as the `mean`.
    fn promise(&self, var: usize, above: f64, mean: f64) -> f64 {
        let [low, high] = self.0[var].map(|(sum, count)| (sum + mean) / (count + 1.0));
        (low * above).max(LEAST_GAIN) * (high * (1.0 - above)).max(LEAST_GAIN)
    }
}

/// Values within this of a whole number are taken for it (and then checked exactly).
const WHOLE: f64 = 1e-6;
const LEAST_DISTANCE: f64 = 0.01;
const LEAST_GAIN: f64 = 1e-4;

/// A solution, or a proof that there is none, from at most `limit` parts: of the whole program, or of what was left of it before.
pub fn solve(program: &Program, left: Option<&Left>, limit: usize, budget: &Budget) -> Result<Answer, Stop> {
    let occurrences = Occurrences::of(program);
    let Left { parts, mut gains } = match left {
        Some(left) => left.clone(),
        None => {
            let mut bounds = program.bounds.clone();
            if !propagate(program, &occurrences, &mut bounds, None) {
                return Ok(Answer::Contradiction);
            }
            Left {
                parts: vec![Part { bounds, from: None }],
                gains: Gains(vec![Default::default(); program.bounds.len()]),
            }
        }
    };
    let fresh = Rc::new(Simplex::new(program));
    let mut open: Vec<(Part, Rc<Simplex>)> =
        parts.into_iter().map(|part| (part, Rc::clone(&fresh))).collect();
    // What is beyond all costs.
    let beyond = program.most_cost() as f64 + 1.0;
    let mut looked_at = 0;
    while let Some((part, parent)) = open.pop() {
        budget.check()?;
        if looked_at == limit {
            open.push((part, parent));
            let parts = open.into_iter().map(|(part, _)| part).collect();
            return Ok(Answer::Unknown(Left { parts, gains }));
        }
        looked_at += 1;
        let Part { bounds, from } = part;
        let mut simplex = parent.under(program, &bounds);
        drop(parent);
        let mut relaxed = simplex.run(program, &occurrences, &bounds, budget)?;
        if let Relaxed::Contradiction(factors) = &relaxed {
            if is_contradiction(program, &bounds, factors) {
                from.into_iter().for_each(|branch| gains.note(branch, beyond.max(branch.cost + 1.0)));
                continue;
            }
        }
        if !matches!(relaxed, Relaxed::Solution(_)) {
            // Rounding errors have piled up: once more from the start.
            simplex = fresh.under(program, &bounds);
            relaxed = simplex.run(program, &occurrences, &bounds, budget)?;
        }
        let guess = match relaxed {
            Relaxed::Contradiction(factors) if is_contradiction(program, &bounds, &factors) => continue,
            Relaxed::Solution(values) => values,
            Relaxed::Contradiction(_) | Relaxed::Unclear => {
                bounds.iter().map(|&(low, high)| (low + high) as f64 / 2.0).collect()
            }
        };
        let cost = program.cost_of(&guess);
        from.into_iter().for_each(|branch| gains.note(branch, cost));
        let rounded: Vec<i64> = guess
            .iter()
            .zip(&bounds)
            .map(|(value, &(low, high))| (value.round() as i64).clamp(low, high))
            .collect();
        if program.is_solved_by(&rounded) {
            return Ok(Answer::Solution(rounded));
        }
        let Some((var, value)) = undecided(program, &bounds, &guess, &gains) else { continue };
        let (low, high) = bounds[var];
        let below = (value.floor() as i64).clamp(low, high - 1);
        let above = value - below as f64;
        // What is pushed last is looked at first: the side that the relaxation leans to.
        let simplex = Rc::new(simplex);
        for is_above in if above > 0.5 { [false, true] } else { [true, false] } {
            let mut bounds = bounds.clone();
            bounds[var] = if is_above { (below + 1, high) } else { (low, below) };
            let distance = if is_above { 1.0 - above } else { above };
            let branch = Branch { var, is_above, distance, cost };
            if propagate(program, &occurrences, &mut bounds, Some(var)) {
                open.push((Part { bounds, from: Some(branch) }, Rc::clone(&simplex)));
            } else {
                gains.note(branch, beyond.max(cost + 1.0));
            }
        }
    }
    Ok(Answer::Contradiction)
}

/// The variable to split on: of those of the lowest rank that are not whole, the one that promises most; or the first that is not fixed; none if
/// all are fixed.
fn undecided(program: &Program, bounds: &Bounds, guess: &[f64], gains: &Gains) -> Option<(usize, f64)> {
    let open = || (0..bounds.len()).filter(|&var| bounds[var].0 < bounds[var].1);
    let is_whole = |var: usize| (guess[var] - guess[var].round()).abs() <= WHOLE;
    let mean = gains.mean();
    let promise = |var: usize| gains.promise(var, guess[var] - guess[var].floor(), mean);
    let best = open().filter(|&var| !is_whole(var)).max_by(|&a, &b| {
        let ranks = program.ranks[b].cmp(&program.ranks[a]);
        ranks.then_with(|| promise(a).total_cmp(&promise(b))).then(b.cmp(&a))
    });
    best.or_else(|| open().min()).map(|var| (var, guess[var]))
}

/// Whether adding up the rows with these factors, rounded to whole numbers, cannot be reconciled with the bounds. Exact.
fn is_contradiction(program: &Program, bounds: &Bounds, factors: &[f64]) -> bool {
    let largest = factors.iter().fold(0.0f64, |largest, factor| largest.max(factor.abs()));
    if !largest.is_finite() || largest == 0.0 {
        return false;
    }
    const SCALE: f64 = (1u64 << 24) as f64;
    // The sum of the rows with these factors must be at least `need`, if every factor takes the limit it is on the side of; that
    // can be tried either way round.
    [1.0, -1.0].iter().any(|sign| {
        let mut sum = vec![0i128; bounds.len()];
        let mut need = 0i128;
        for (row, factor) in program.rows.iter().zip(factors) {
            let factor = (sign * factor / largest * SCALE).round() as i128;
            let limit = if factor > 0 { row.low } else { row.high };
            if factor == 0 || limit == NO_LOW || limit == NO_HIGH {
                continue;
            }
            need += factor * i128::from(limit);
            row.terms
                .iter()
                .for_each(|&(var, coefficient)| sum[var.index()] += factor * i128::from(coefficient));
        }
        let most: i128 = sum
            .iter()
            .zip(bounds)
            .map(|(&factor, &(low, high))| factor * i128::from(if factor > 0 { high } else { low }))
            .sum();
        most < need
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A few variables with small ranges and inequalities of every kind, equations among them.
    fn any_program(random: &mut fastrand::Rng) -> Program {
        let mut program = Program::new();
        let variables: Vec<_> = (0..random.usize(1..6))
            .map(|_| {
                let low = random.i64(-1..=1);
                program.variable(low, low + random.i64(0..=3), random.u8(..2))
            })
            .collect();
        for _ in 0..random.usize(1..7) {
            let terms: Vec<_> = (0..random.usize(0..6))
                .map(|_| (*random.choice(&variables).unwrap(), random.i64(-4..=4)))
                .collect();
            let limit = random.i64(-6..=9);
            match random.u8(..4) {
                0 => program.at_least(terms, limit),
                1 => program.at_most(terms, limit),
                2 => program.cost_at_most(terms, limit),
                _ => program.between(terms, limit, limit + random.i64(0..=1)),
            }
        }
        program
    }

    fn has_solution(program: &Program) -> bool {
        program.points().iter().any(|point| program.is_solved_by(point))
    }

    #[test]
    fn answers_agree_with_trying_all_values() {
        let mut random = fastrand::Rng::with_seed(1);
        let mut solvable = 0;
        const PROGRAMS: usize = 20_000;
        for _ in 0..PROGRAMS {
            let program = any_program(&mut random);
            let expected = has_solution(&program);
            // In slices, each of which goes on where the one before has ended.
            let mut left = None;
            let limit = *random.choice(&[1, 3, usize::MAX]).unwrap();
            let answer = loop {
                match solve(&program, left.as_ref(), limit, &Budget::unlimited()).expect("no limit") {
                    Answer::Unknown(more) => left = Some(more),
                    answer => break answer,
                }
            };
            match answer {
                Answer::Solution(values) => assert!(program.is_solved_by(&values)),
                answer => assert_eq!((answer, expected), (Answer::Contradiction, false), "{program:?}"),
            }
            solvable += usize::from(expected);
        }
        assert!((PROGRAMS / 10..PROGRAMS * 9 / 10).contains(&solvable), "both answers occur: {solvable}");
    }

    #[test]
    fn a_pigeonhole_needs_no_search() {
        // Thirty pigeons, twenty-nine holes: hopeless for clauses, one sum for inequalities.
        let mut program = Program::new();
        let (pigeons, holes) = (30, 29);
        let at: Vec<Vec<_>> = (0..pigeons).map(|_| (0..holes).map(|_| program.binary(0)).collect()).collect();
        at.iter().for_each(|pigeon| program.at_least(pigeon.iter().map(|&var| (var, 1)), 1));
        (0..holes).for_each(|hole| program.at_most(at.iter().map(|pigeon| (pigeon[hole], 1)), 1));
        assert_eq!(solve(&program, None, 1, &Budget::unlimited()), Ok(Answer::Contradiction));
    }

    #[test]
    fn a_limit_on_parts_ends_the_search() {
        let mut program = Program::new();
        let variables: Vec<_> = (0..20).map(|_| program.binary(0)).collect();
        program.between(variables.iter().map(|&var| (var, 2)), 21, 21);
        let answer = solve(&program, None, 1, &Budget::unlimited());
        assert!(matches!(answer, Ok(Answer::Unknown(_))), "{answer:?}");
    }
}
