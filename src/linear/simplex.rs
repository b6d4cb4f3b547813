//! The relaxation of a program to real numbers: dual simplex method with bounded variables.
//!
//! Every row's sum is a variable, too. Basic variables are sums of the others, each of which sits at one of its bounds. A basic variable
//! beyond its bounds is exchanged for one that can still move; where none can, it says which inequalities contradict each other.
//!
//! Most rows hold with room to spare most of the time. So the tableau has only those basic variables that are the program's own, and there are
//! no more of them than rows that are tight. What a row's sum is made of is worked out from its terms when it is about to be exchanged.

use super::program::{Program, Row, NO_HIGH, NO_LOW};
use super::propagate::{range, Bounds, Occurrences};
use crate::budget::{Budget, Stop};

const FEASIBLE: f64 = 1e-7;
const PIVOT: f64 = 1e-7;
/// How many exchanges are done before somebody looks whether the answer is still wanted.
const EXCHANGES_BETWEEN_CHECKS: usize = 16;
/// By how much the cost of a solution weighs more than the odd costs that prevent cycles.
const COST: f64 = 20.0;
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

/// Where a variable of the program stands.
#[derive(Clone, Copy)]
enum Place {
    /// Basic, with this row of the tableau.
    Row(usize),
    /// Nonbasic, with this column.
    Column(usize),
    /// Left out for being fixed.
    LeftOut,
}

/// The state of the method; a copy can go on under tighter bounds. Variables count from 0, then the sums of the program's rows.
pub(super) struct Simplex {
    /// Per variable of the program.
    places: Vec<Place>,
    /// The program's basic variables as sums of the nonbasic ones, row by row.
    tableau: Vec<f64>,
    /// Per row of the tableau, its variable, and what variables that have been left out add to the sum.
    basic: Vec<usize>,
    constants: Vec<f64>,
    nonbasic: Vec<usize>,
    /// Per nonbasic variable, whether it sits at its upper bound.
    is_high: Vec<bool>,
    /// Guides the exchange; its sign says at which bound a nonbasic variable may sit.
    reduced_costs: Vec<f64>,
    /// Per row of the program, whether its sum is basic and may be beyond its limits.
    is_watched: Vec<bool>,
    /// Per variable, about how far it moves with the others while it is basic; it evens out the choice among them (the Devex rule).
    weights: Vec<f64>,
}

impl Simplex {
    pub fn new(program: &Program) -> Self {
        let (variables, rows) = (program.bounds.len(), program.rows.len());
        // Any positive costs will do, as only feasibility is asked for; odd ones prevent ties and so cycles. Where they are mostly what a
        // solution costs, what is too dear is a contradiction early.
        let mut reduced_costs: Vec<f64> =
            (0..variables).map(|index| 1.0 + ((index * 7919 + 13) % 1009) as f64 / 1009.0).collect();
        for &(var, cost) in program.cost_terms().iter().filter(|(_, cost)| *cost > 0) {
            reduced_costs[var.index()] += COST * cost as f64;
        }
        Simplex {
            places: (0..variables).map(Place::Column).collect(),
            tableau: Vec::new(),
            basic: Vec::new(),
            constants: Vec::new(),
            nonbasic: (0..variables).collect(),
            is_high: vec![false; variables],
            reduced_costs,
            is_watched: vec![true; rows],
            weights: vec![1.0; variables + rows],
        }
    }

    /// A copy without the variables that are fixed and the rows that hold anyway. Those whose bounds are new go on from where they sit.
    pub fn under(&self, program: &Program, bounds: &Bounds) -> Simplex {
        let is_fixed = |variable: usize| bounds.get(variable).is_some_and(|&(low, high)| low == high);
        let (fixed, columns): (Vec<usize>, Vec<usize>) =
            (0..self.nonbasic.len()).partition(|&column| is_fixed(self.nonbasic[column]));
        let mut places = self.places.clone();
        columns.iter().enumerate().for_each(|(column, &old)| {
            if let Some(place) = places.get_mut(self.nonbasic[old]) {
                *place = Place::Column(column);
            }
        });
        fixed.iter().for_each(|&column| places[self.nonbasic[column]] = Place::LeftOut);
        let mut tableau = Vec::with_capacity(self.basic.len() * columns.len());
        let mut constants = Vec::with_capacity(self.basic.len());
        for (row, constant) in self.constants.iter().enumerate() {
            let entries = self.row(row);
            tableau.extend(columns.iter().map(|&column| entries[column]));
            let value = |column: usize| bounds[self.nonbasic[column]].0 as f64;
            constants
                .push(constant + fixed.iter().map(|&column| entries[column] * value(column)).sum::<f64>());
        }
        let may_fail = |(row, &is_watched): (&Row, &bool)| {
            is_watched && {
                let (least, greatest) = range(row, bounds);
                least < row.low || greatest > row.high
            }
        };
        Simplex {
            places,
            tableau,
            basic: self.basic.clone(),
            constants,
            nonbasic: columns.iter().map(|&column| self.nonbasic[column]).collect(),
            is_high: columns.iter().map(|&column| self.is_high[column]).collect(),
            reduced_costs: columns.iter().map(|&column| self.reduced_costs[column]).collect(),
            is_watched: program.rows.iter().zip(&self.is_watched).map(may_fail).collect(),
            weights: self.weights.clone(),
        }
    }

    pub fn run(
        &mut self,
        program: &Program,
        occurrences: &Occurrences,
        bounds: &Bounds,
        budget: &Budget,
    ) -> Result<Relaxed, Stop> {
        let variables = self.places.len();
        let limits: Vec<(f64, f64)> = bounds
            .iter()
            .map(|&(low, high)| (low as f64, high as f64))
            .chain(program.rows.iter().map(|row| {
                let low = if row.low == NO_LOW { f64::NEG_INFINITY } else { row.low as f64 };
                let high = if row.high == NO_HIGH { f64::INFINITY } else { row.high as f64 };
                (low, high)
            }))
            .collect();
        let mut values = self.values(program, &limits);
        let mut row = vec![0.0; self.nonbasic.len()];
        let mut change = vec![0.0; limits.len()];
        let mut candidates: Vec<(f64, usize)> = Vec::new();
        let mut basic: Vec<usize> = Vec::new();
        for exchanges in 0..50 * limits.len() {
            if exchanges % EXCHANGES_BETWEEN_CHECKS == 0 {
                budget.check()?;
            }
            self.list_basic(&mut basic);
            let Some((leaving, beyond)) = self.leaving(&basic, &limits, &values) else {
                values.truncate(variables);
                return Ok(Relaxed::Solution(values));
            };
            let target = values[leaving] - beyond;
            let constant = self.sum_of(leaving, program, bounds, &mut row);
            // The variables that can move the leaving one back, the cheapest first.
            candidates.clear();
            for (column, &factor) in row.iter().enumerate() {
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
                let way = (high - low) * row[column].abs();
                if way >= missing - FEASIBLE {
                    entering = Some(column);
                    break;
                }
                missing -= way;
                moved.push((column, if self.is_high[column] { low - high } else { high - low }));
            }
            let Some(column) = entering else {
                return Ok(Relaxed::Contradiction(self.factors_of(leaving, &row, program.rows.len())));
            };
            if !moved.is_empty() {
                change.fill(0.0);
                for (column, way) in moved {
                    self.is_high[column] = !self.is_high[column];
                    values[self.nonbasic[column]] += way;
                    self.add_column(column, way, occurrences, &mut change);
                }
                basic.iter().for_each(|&variable| values[variable] += change[variable]);
            }
            change.fill(0.0);
            self.add_column(column, 1.0, occurrences, &mut change);
            let pivot = row[column];
            let step = (target - values[leaving]) / pivot;
            let weight = self.weights[leaving] / (pivot * pivot);
            for &variable in &basic {
                let change = change[variable];
                if change != 0.0 {
                    values[variable] += change * step;
                    self.weights[variable] = self.weights[variable].max(change * change * weight);
                }
            }
            let entered = self.nonbasic[column];
            self.weights[entered] = weight.max(1.0);
            values[entered] += step;
            values[leaving] = target;
            self.exchange(leaving, column, &mut row, constant);
            self.is_high[column] = beyond > 0.0;
        }
        Ok(Relaxed::Unclear)
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.tableau[row * self.nonbasic.len()..(row + 1) * self.nonbasic.len()]
    }

    /// The basic variables that may be beyond their bounds.
    fn list_basic(&self, list: &mut Vec<usize>) {
        list.clear();
        list.extend_from_slice(&self.basic);
        for (row, &is_watched) in self.is_watched.iter().enumerate() {
            if is_watched {
                list.push(self.places.len() + row);
            }
        }
    }

    /// What all variables are with the nonbasic ones at their bounds.
    fn values(&self, program: &Program, limits: &[(f64, f64)]) -> Vec<f64> {
        // Variables that are in neither place are fixed.
        let mut values: Vec<f64> = limits.iter().map(|&(low, _)| low).collect();
        let high = self.nonbasic.iter().zip(&self.is_high).filter(|(_, &is_high)| is_high);
        high.for_each(|(&variable, _)| values[variable] = limits[variable].1);
        for (row, (&variable, constant)) in self.basic.iter().zip(&self.constants).enumerate() {
            let terms = self.row(row).iter().zip(&self.nonbasic);
            values[variable] = constant + terms.map(|(factor, &other)| factor * values[other]).sum::<f64>();
        }
        for (index, row) in program.rows.iter().enumerate().filter(|&(index, _)| self.is_watched[index]) {
            let terms = row.terms.iter().map(|&(var, coefficient)| coefficient as f64 * values[var.index()]);
            values[self.places.len() + index] = terms.sum();
        }
        values
    }

    /// The basic variable that is furthest beyond its bounds, measured by its weight, and how far.
    fn leaving(&self, basic: &[usize], limits: &[(f64, f64)], values: &[f64]) -> Option<(usize, f64)> {
        let mut worst: Option<(f64, usize, f64)> = None;
        for &variable in basic {
            let (value, (low, high)) = (values[variable], limits[variable]);
            let beyond = if value < low - FEASIBLE {
                value - low
            } else if value > high + FEASIBLE {
                value - high
            } else {
                continue;
            };
            let measure = beyond * beyond / self.weights[variable];
            if worst.is_none_or(|(most, _, _)| measure > most) {
                worst = Some((measure, variable, beyond));
            }
        }
        worst.map(|(_, variable, beyond)| (variable, beyond))
    }

    /// Writes a basic variable as a sum of the nonbasic ones; returns what those that were left out add to it.
    fn sum_of(&self, variable: usize, program: &Program, bounds: &Bounds, sum: &mut [f64]) -> f64 {
        sum.fill(0.0);
        let mut constant = 0.0;
        let mut add = |variable: usize, factor: f64| match self.places[variable] {
            Place::Row(row) => {
                sum.iter_mut().zip(self.row(row)).for_each(|(sum, entry)| *sum += factor * entry);
                constant += factor * self.constants[row];
            }
            Place::Column(column) => sum[column] += factor,
            Place::LeftOut => constant += factor * bounds[variable].0 as f64,
        };
        match variable.checked_sub(self.places.len()) {
            None => add(variable, 1.0),
            Some(row) => {
                let terms = program.rows[row].terms.iter();
                terms.for_each(|&(var, coefficient)| add(var.index(), coefficient as f64));
            }
        }
        constant
    }

    /// Adds what the basic variables change by if the nonbasic one of a column grows by so much.
    fn add_column(&self, column: usize, by: f64, occurrences: &Occurrences, change: &mut [f64]) {
        let variables = self.places.len();
        let mut add = |variable: usize, by: f64| {
            change[variable] += by;
            let rows = occurrences.of_variable(variable);
            rows.for_each(|(row, coefficient)| change[variables + row] += coefficient * by);
        };
        if self.nonbasic[column] < variables {
            add(self.nonbasic[column], by);
        }
        for (row, &variable) in self.basic.iter().enumerate() {
            let factor = self.row(row)[column];
            if factor != 0.0 {
                add(variable, factor * by);
            }
        }
    }

    /// Exchanges a basic variable, given as `sum`, for the nonbasic one of a column.
    fn exchange(&mut self, leaving: usize, column: usize, sum: &mut [f64], constant: f64) {
        let columns = self.nonbasic.len();
        let pivot = sum[column];
        for (other, value) in sum.iter_mut().enumerate() {
            *value = if other == column { 1.0 / pivot } else { -*value / pivot };
        }
        let constant = -constant / pivot;
        let nonzero: Vec<usize> = (0..columns).filter(|&other| sum[other] != 0.0).collect();
        let is_dense = 4 * nonzero.len() > columns;
        for (row, constant_of_row) in self.tableau.chunks_exact_mut(columns).zip(&mut self.constants) {
            let factor = std::mem::take(&mut row[column]);
            if factor.abs() < NOISE {
                continue;
            }
            if is_dense {
                row.iter_mut().zip(sum.iter()).for_each(|(value, change)| *value += factor * change);
            } else {
                nonzero.iter().for_each(|&at| row[at] += factor * sum[at]);
            }
            *constant_of_row += factor * constant;
        }
        let cost = std::mem::take(&mut self.reduced_costs[column]);
        self.reduced_costs.iter_mut().zip(sum.iter()).for_each(|(value, change)| *value += cost * change);
        let entering = std::mem::replace(&mut self.nonbasic[column], leaving);
        self.leave(leaving, column);
        match entering.checked_sub(self.places.len()) {
            None => {
                self.places[entering] = Place::Row(self.basic.len());
                self.basic.push(entering);
                self.constants.push(constant);
                self.tableau.extend_from_slice(sum);
            }
            Some(row) => self.is_watched[row] = true,
        }
    }

    /// A basic variable becomes the nonbasic one of a column.
    fn leave(&mut self, leaving: usize, column: usize) {
        let Some(place) = self.places.get_mut(leaving) else {
            self.is_watched[leaving - self.places.len()] = false;
            return;
        };
        let Place::Row(row) = std::mem::replace(place, Place::Column(column)) else { return };
        // The last row takes its place.
        let columns = self.nonbasic.len();
        let last = self.basic.len() - 1;
        self.basic.swap_remove(row);
        self.constants.swap_remove(row);
        self.tableau.copy_within(last * columns.., row * columns);
        self.tableau.truncate(last * columns);
        if let Some(&moved) = self.basic.get(row) {
            self.places[moved] = Place::Row(row);
        }
    }

    /// A basic variable, given as a sum of nonbasic ones, as a sum of the program's rows: how often each is taken.
    fn factors_of(&self, variable: usize, sum: &[f64], rows: usize) -> Vec<f64> {
        let mut factors = vec![0.0; rows];
        let row_of = |variable: usize| variable.checked_sub(self.places.len());
        row_of(variable).into_iter().for_each(|row| factors[row] = 1.0);
        for (&variable, &entry) in self.nonbasic.iter().zip(sum) {
            row_of(variable).into_iter().for_each(|row| factors[row] = -entry);
        }
        factors
    }
}
