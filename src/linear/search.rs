//! Branch and bound: a program is split on variables until its parts are contradictory or solved.

use std::rc::Rc;

use super::program::{Program, NO_HIGH, NO_LOW};
use super::propagate::{propagate, Bounds, Occurrences};
use super::simplex::{Relaxed, Simplex};
use crate::budget::{Budget, Stop};

/// What is known about a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// These values satisfy every inequality.
    Solution(Vec<i64>),
    /// Nothing does.
    Contradiction,
    /// The limit on parts was reached first.
    Unknown,
}

/// Values within this of a whole number are taken for it (and then checked exactly).
const WHOLE: f64 = 1e-6;

/// A solution, or a proof that there is none, from at most `limit` parts.
pub fn solve(program: &Program, limit: usize, budget: &Budget) -> Result<Answer, Stop> {
    let occurrences = Occurrences::of(program);
    let mut bounds = program.bounds.clone();
    if !propagate(program, &occurrences, &mut bounds, None) {
        return Ok(Answer::Contradiction);
    }
    let fresh = Rc::new(Simplex::new(program));
    let mut open = vec![(bounds, Rc::clone(&fresh))];
    let mut parts = 0;
    while let Some((bounds, parent)) = open.pop() {
        budget.check()?;
        if parts == limit {
            return Ok(Answer::Unknown);
        }
        parts += 1;
        let mut simplex = parent.under(program, &bounds);
        drop(parent);
        let mut relaxed = simplex.run(program, &bounds, budget)?;
        if let Relaxed::Contradiction(factors) = &relaxed {
            if is_contradiction(program, &bounds, factors) {
                continue;
            }
        }
        if !matches!(relaxed, Relaxed::Solution(_)) {
            // Rounding errors have piled up: once more from the start.
            simplex = fresh.under(program, &bounds);
            relaxed = simplex.run(program, &bounds, budget)?;
        }
        let guess = match relaxed {
            Relaxed::Contradiction(factors) if is_contradiction(program, &bounds, &factors) => continue,
            Relaxed::Solution(values) => values,
            Relaxed::Contradiction(_) | Relaxed::Unclear => {
                bounds.iter().map(|&(low, high)| (low + high) as f64 / 2.0).collect()
            }
        };
        let rounded: Vec<i64> = guess
            .iter()
            .zip(&bounds)
            .map(|(value, &(low, high))| (value.round() as i64).clamp(low, high))
            .collect();
        if program.is_solved_by(&rounded) {
            return Ok(Answer::Solution(rounded));
        }
        let Some((var, value)) = undecided(program, &bounds, &guess) else { continue };
        let (low, high) = bounds[var];
        let below = (value.floor() as i64).clamp(low, high - 1);
        let is_nearer_above = value - below as f64 > 0.5;
        // What is pushed last is looked at first: the side that the relaxation leans to.
        let sides = if is_nearer_above {
            [(low, below), (below + 1, high)]
        } else {
            [(below + 1, high), (low, below)]
        };
        let simplex = Rc::new(simplex);
        for side in sides {
            let mut bounds = bounds.clone();
            bounds[var] = side;
            if propagate(program, &occurrences, &mut bounds, Some(var)) {
                open.push((bounds, Rc::clone(&simplex)));
            }
        }
    }
    Ok(Answer::Contradiction)
}

/// The variable whose value is furthest from whole, or the first that is not fixed; none if all are fixed.
fn undecided(program: &Program, bounds: &Bounds, guess: &[f64]) -> Option<(usize, f64)> {
    let open = (0..bounds.len()).filter(|&var| bounds[var].0 < bounds[var].1);
    let fraction = |var: usize| (guess[var] - guess[var].round()).abs();
    let rank = |var: usize| if fraction(var) > WHOLE { program.ranks[var] } else { u8::MAX };
    let most = open
        .clone()
        .max_by(|&a, &b| rank(b).cmp(&rank(a)).then(fraction(a).total_cmp(&fraction(b)).then(b.cmp(&a))))?;
    let var = if fraction(most) > WHOLE { most } else { open.min()? };
    Some((var, guess[var]))
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
            match random.u8(..3) {
                0 => program.at_least(terms, limit),
                1 => program.at_most(terms, limit),
                _ => program.between(terms, limit, limit + random.i64(0..=1)),
            }
        }
        program
    }

    fn has_solution(program: &Program) -> bool {
        let mut points: Vec<Vec<i64>> = vec![vec![]];
        for &(low, high) in &program.bounds {
            let longer = |point: &Vec<i64>| {
                let point = point.clone();
                (low..=high).map(move |value| point.iter().copied().chain([value]).collect())
            };
            points = points.iter().flat_map(longer).collect();
        }
        points.iter().any(|point| program.is_solved_by(point))
    }

    #[test]
    fn answers_agree_with_trying_all_values() {
        let mut random = fastrand::Rng::with_seed(1);
        let mut solvable = 0;
        const PROGRAMS: usize = 20_000;
        for _ in 0..PROGRAMS {
            let program = any_program(&mut random);
            let expected = has_solution(&program);
            match solve(&program, usize::MAX, &Budget::unlimited()).expect("no limit") {
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
        assert_eq!(solve(&program, 1, &Budget::unlimited()), Ok(Answer::Contradiction));
    }

    #[test]
    fn a_limit_on_parts_ends_the_search() {
        let mut program = Program::new();
        let variables: Vec<_> = (0..20).map(|_| program.binary(0)).collect();
        program.between(variables.iter().map(|&var| (var, 2)), 21, 21);
        assert_eq!(solve(&program, 1, &Budget::unlimited()), Ok(Answer::Unknown));
    }
}
