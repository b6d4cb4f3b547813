//! The relaxation of a program to real numbers: dual simplex method on a dense tableau with bounded variables.
//!
//! Every row's sum is a variable, too. The tableau writes the basic variables as sums of the others, each of which sits at one of its
//! bounds. A basic variable beyond its bounds is exchanged for one that can still move; where none can, its row of the tableau
//! says which inequalities contradict each other.

use super::program::{Program, NO_HIGH, NO_LOW};
use super::propagate::{range, Bounds};
use crate::budget::{Budget, Stop};

const FEASIBLE: f64 = 1e-7;
const PIVOT: f64 = 1e-7;
/// How many exchanges are done before somebody looks whether the answer is still wanted.
const EXCHANGES_BETWEEN_CHECKS: usize = 16;
/// Smaller factors are taken for rounding errors.
const NOISE: f64 = 1e-11;

/// What the relaxation says.
pub(super) enum Relaxed {
    /// Values of the program's variables that satisfy all inequalities, up to rounding.
    Solution(Vec<f64>),
    /// Adding up the rows with these factors seems to give a contradiction.
    Contradiction(Vec<f64>),
    /// Gave up.
    Unclear,
}

/// The state of the method; a copy can go on under tighter bounds.
pub(super) struct Simplex {
    variables: usize,
    /// Basic variables as sums of the nonbasic ones, row by row. Variables count from 0, then the sums of the program's rows.
    tableau: Vec<f64>,
    basic: Vec<usize>,
    nonbasic: Vec<usize>,
    /// Per row, what variables that have been left out for being fixed add to the sum.
    constants: Vec<f64>,
    /// Per nonbasic variable, whether it sits at its upper bound.
    is_high: Vec<bool>,
    /// Guides the exchange; its sign says at which bound a nonbasic variable may sit.
    reduced_costs: Vec<f64>,
    /// Per row, about how far its basic variable moves with the others; it evens out the choice among rows (the Devex rule).
    weights: Vec<f64>,
}

impl Simplex {
    pub fn new(program: &Program) -> Self {
        let (variables, rows) = (program.bounds.len(), program.rows.len());
        let mut tableau = vec![0.0; variables * rows];
        for (index, row) in program.rows.iter().enumerate() {
            for &(var, coefficient) in &row.terms {
                tableau[index * variables + var.index()] = coefficient as f64;
            }
        }
        // Any positive costs will do, as only feasibility is asked for; odd ones prevent ties and so cycles.
        let reduced_costs =
            (0..variables).map(|index| 1.0 + ((index * 7919 + 13) % 1009) as f64 / 1009.0).collect();
        Simplex {
            variables,
            tableau,
            constants: vec![0.0; rows],
            basic: (variables..variables + rows).collect(),
            nonbasic: (0..variables).collect(),
            is_high: vec![false; variables],
            reduced_costs,
            weights: vec![1.0; rows],
        }
    }

    /// A copy without the variables that are fixed and the rows that hold anyway. Those whose bounds are new go on from where they sit.
    pub fn under(&self, program: &Program, bounds: &Bounds) -> Simplex {
        let is_fixed = |variable: usize| bounds.get(variable).is_some_and(|&(low, high)| low == high);
        let holds_anyway = |variable: usize| {
            let row = variable.checked_sub(self.variables).map(|index| &program.rows[index]);
            row.is_some_and(|row| {
                let (least, greatest) = range(row, bounds);
                least >= row.low && greatest <= row.high
            })
        };
        let columns: Vec<usize> =
            (0..self.nonbasic.len()).filter(|&column| !is_fixed(self.nonbasic[column])).collect();
        let fixed: Vec<(usize, f64)> = (0..self.nonbasic.len())
            .filter(|&column| is_fixed(self.nonbasic[column]))
            .map(|column| (column, bounds[self.nonbasic[column]].0 as f64))
            .filter(|&(_, value)| value != 0.0)
            .collect();
        let rows: Vec<usize> = (0..self.basic.len()).filter(|&row| !holds_anyway(self.basic[row])).collect();
        let mut tableau = Vec::with_capacity(rows.len() * columns.len());
        let mut constants = Vec::with_capacity(rows.len());
        for &row in &rows {
            let entries = &self.tableau[row * self.nonbasic.len()..(row + 1) * self.nonbasic.len()];
            tableau.extend(columns.iter().map(|&column| entries[column]));
            let left_out: f64 = fixed.iter().map(|&(column, value)| entries[column] * value).sum();
            constants.push(self.constants[row] + left_out);
        }
        Simplex {
            variables: self.variables,
            tableau,
            constants,
            basic: rows.iter().map(|&row| self.basic[row]).collect(),
            nonbasic: columns.iter().map(|&column| self.nonbasic[column]).collect(),
            is_high: columns.iter().map(|&column| self.is_high[column]).collect(),
            reduced_costs: columns.iter().map(|&column| self.reduced_costs[column]).collect(),
            weights: rows.iter().map(|&row| self.weights[row]).collect(),
        }
    }

    pub fn run(&mut self, program: &Program, bounds: &Bounds, budget: &Budget) -> Result<Relaxed, Stop> {
        let limits: Vec<(f64, f64)> = bounds
            .iter()
            .map(|&(low, high)| (low as f64, high as f64))
            .chain(program.rows.iter().map(|row| {
                let low = if row.low == NO_LOW { f64::NEG_INFINITY } else { row.low as f64 };
                let high = if row.high == NO_HIGH { f64::INFINITY } else { row.high as f64 };
                (low, high)
            }))
            .collect();
        let columns = self.nonbasic.len();
        let mut resting: Vec<f64> = (0..columns)
            .map(|column| {
                let (low, high) = limits[self.nonbasic[column]];
                if self.is_high[column] {
                    high
                } else {
                    low
                }
            })
            .collect();
        let mut values: Vec<f64> = (0..self.basic.len())
            .map(|row| {
                let entries = &self.tableau[row * columns..(row + 1) * columns];
                self.constants[row]
                    + entries.iter().zip(&resting).map(|(factor, value)| factor * value).sum::<f64>()
            })
            .collect();
        let mut pivot_row = vec![0.0; columns];
        let mut candidates: Vec<(f64, usize)> = Vec::new();
        for exchanges in 0..50 * (self.basic.len() + columns) {
            if exchanges % EXCHANGES_BETWEEN_CHECKS == 0 {
                budget.check()?;
            }
            let Some((leaving, beyond)) = self.leaving(&limits, &values) else {
                return Ok(Relaxed::Solution(self.solution(bounds, &resting, &values)));
            };
            let target = values[leaving] - beyond;
            pivot_row.copy_from_slice(&self.tableau[leaving * columns..(leaving + 1) * columns]);
            // The variables that can move the leaving one back, the cheapest first.
            candidates.clear();
            for (column, &factor) in pivot_row.iter().enumerate() {
                let slope = if beyond < 0.0 { factor } else { -factor };
                let helps = if self.is_high[column] { slope < -PIVOT } else { slope > PIVOT };
                let (low, high) = limits[self.nonbasic[column]];
                if helps && low < high {
                    candidates.push((self.reduced_costs[column].abs() / slope.abs(), column));
                }
            }
            candidates.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            // As long as the whole way from one bound to the other is not enough, a variable goes it; the next one enters.
            let mut missing = beyond.abs();
            let mut entering = None;
            let mut moved: Vec<(usize, f64)> = Vec::new();
            for &(_, column) in &candidates {
                let (low, high) = limits[self.nonbasic[column]];
                let way = (high - low) * pivot_row[column].abs();
                if way >= missing - FEASIBLE {
                    entering = Some(column);
                    break;
                }
                missing -= way;
                moved.push((column, if self.is_high[column] { low - high } else { high - low }));
            }
            let Some(column) = entering else {
                return Ok(Relaxed::Contradiction(self.factors_of(leaving, program.rows.len())));
            };
            for (column, way) in moved {
                self.is_high[column] = !self.is_high[column];
                resting[column] += way;
                for (row, value) in values.iter_mut().enumerate() {
                    *value += self.tableau[row * columns + column] * way;
                }
            }
            let step = (target - values[leaving]) / pivot_row[column];
            let entered = resting[column] + step;
            for (row, value) in values.iter_mut().enumerate() {
                *value += self.tableau[row * columns + column] * step;
            }
            self.exchange(leaving, column, &mut pivot_row);
            values[leaving] = entered;
            resting[column] = target;
            self.is_high[column] = beyond > 0.0;
        }
        Ok(Relaxed::Unclear)
    }

    /// The row whose basic variable is furthest beyond its bounds, measured by the row's weight, and how far.
    fn leaving(&self, limits: &[(f64, f64)], values: &[f64]) -> Option<(usize, f64)> {
        let mut worst: Option<(f64, usize, f64)> = None;
        for (row, &value) in values.iter().enumerate() {
            let (low, high) = limits[self.basic[row]];
            let beyond = if value < low - FEASIBLE {
                value - low
            } else if value > high + FEASIBLE {
                value - high
            } else {
                continue;
            };
            let measure = beyond * beyond / self.weights[row];
            if worst.is_none_or(|(most, _, _)| measure > most) {
                worst = Some((measure, row, beyond));
            }
        }
        worst.map(|(_, row, beyond)| (row, beyond))
    }

    fn solution(&self, bounds: &Bounds, resting: &[f64], values: &[f64]) -> Vec<f64> {
        // Variables that are in neither place are fixed.
        let mut solution: Vec<f64> = bounds.iter().map(|&(low, _)| low as f64).collect();
        let all = self.nonbasic.iter().zip(resting).chain(self.basic.iter().zip(values));
        all.filter(|(&variable, _)| variable < self.variables)
            .for_each(|(&variable, &value)| solution[variable] = value);
        solution
    }

    /// Exchanges the basic variable of a row, given as `pivot_row`, for the nonbasic one of a column.
    fn exchange(&mut self, leaving: usize, column: usize, pivot_row: &mut [f64]) {
        let columns = self.nonbasic.len();
        let pivot = pivot_row[column];
        let weight = self.weights[leaving];
        for (other, value) in pivot_row.iter_mut().enumerate() {
            *value = if other == column { 1.0 / pivot } else { -*value / pivot };
        }
        let constant = -self.constants[leaving] / pivot;
        let nonzero: Vec<usize> = (0..columns).filter(|&other| pivot_row[other] != 0.0).collect();
        let is_dense = 4 * nonzero.len() > columns;
        for (index, row) in self.tableau.chunks_exact_mut(columns).enumerate() {
            if index == leaving {
                row.copy_from_slice(pivot_row);
                self.constants[index] = constant;
                continue;
            }
            let factor = row[column];
            if factor.abs() < NOISE {
                row[column] = 0.0;
                continue;
            }
            row[column] = 0.0;
            if is_dense {
                row.iter_mut().zip(pivot_row.iter()).for_each(|(value, change)| *value += factor * change);
            } else {
                nonzero.iter().for_each(|&at| row[at] += factor * pivot_row[at]);
            }
            self.constants[index] += factor * constant;
            let ratio = factor / pivot;
            self.weights[index] = self.weights[index].max(ratio * ratio * weight);
        }
        self.weights[leaving] = (weight / (pivot * pivot)).max(1.0);
        let cost = self.reduced_costs[column];
        self.reduced_costs[column] = 0.0;
        self.reduced_costs
            .iter_mut()
            .zip(pivot_row.iter())
            .for_each(|(value, change)| *value += cost * change);
        std::mem::swap(&mut self.basic[leaving], &mut self.nonbasic[column]);
    }

    /// The tableau's row as a sum of the program's rows: how often each is taken.
    fn factors_of(&self, row: usize, rows: usize) -> Vec<f64> {
        let mut factors = vec![0.0; rows];
        if let Some(index) = self.basic[row].checked_sub(self.variables) {
            factors[index] = 1.0;
        }
        let entries = &self.tableau[row * self.nonbasic.len()..(row + 1) * self.nonbasic.len()];
        for (&variable, &entry) in self.nonbasic.iter().zip(entries) {
            if let Some(index) = variable.checked_sub(self.variables) {
                factors[index] = -entry;
            }
        }
        factors
    }
}
