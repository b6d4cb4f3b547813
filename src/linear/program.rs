//! Linear inequalities over bounded whole numbers.

/// A variable of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Var(pub(super) u32);

impl Var {
    /// The variable as an index into a solution.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A sum of variables with whole coefficients that must lie between two limits.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Variables with their coefficients; no variable twice, no coefficient 0.
    pub terms: Vec<(Var, i64)>,
    pub low: i64,
    pub high: i64,
}

/// No lower limit.
pub(super) const NO_LOW: i64 = i64::MIN;
/// No upper limit.
pub(super) const NO_HIGH: i64 = i64::MAX;

/// Inequalities over variables that it hands out itself.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// Per variable, its least and greatest value.
    pub(super) bounds: Vec<(i64, i64)>,
    /// Per variable: lower ranks are branched on first.
    pub(super) ranks: Vec<u8>,
    pub(super) rows: Vec<Row>,
    /// The row that bounds the cost, if one does.
    cost: Option<usize>,
}

impl Program {
    /// The program without variables and inequalities.
    pub fn new() -> Self {
        Self::default()
    }

    /// A new variable between two values. Variables of lower rank are branched on first.
    pub fn variable(&mut self, low: i64, high: i64, rank: u8) -> Var {
        self.bounds.push((low, high));
        self.ranks.push(rank);
        Var(self.bounds.len() as u32 - 1)
    }

    /// A new variable that is 0 or 1.
    pub fn binary(&mut self, rank: u8) -> Var {
        self.variable(0, 1, rank)
    }

    /// Demands that the sum is at least this much.
    pub fn at_least(&mut self, terms: impl IntoIterator<Item = (Var, i64)>, low: i64) {
        self.between(terms, low, NO_HIGH);
    }

    /// Demands that the sum is at most this much.
    pub fn at_most(&mut self, terms: impl IntoIterator<Item = (Var, i64)>, high: i64) {
        self.between(terms, NO_LOW, high);
    }

    /// Demands that the sum, which is what solutions cost, is at most this much. The search turns to what costs little.
    pub fn cost_at_most(&mut self, terms: impl IntoIterator<Item = (Var, i64)>, high: i64) {
        self.cost = Some(self.rows.len());
        self.at_most(terms, high);
    }

    /// The terms of the cost.
    pub(super) fn cost_terms(&self) -> &[(Var, i64)] {
        self.cost.map_or(&[], |row| &self.rows[row].terms)
    }

    /// What these values cost.
    pub(super) fn cost_of(&self, values: &[f64]) -> f64 {
        self.cost_terms().iter().map(|&(var, coefficient)| coefficient as f64 * values[var.index()]).sum()
    }

    /// What solutions cost at most.
    pub(super) fn most_cost(&self) -> i64 {
        self.cost.map_or(0, |row| self.rows[row].high)
    }

    /// The greatest value that the variable was given.
    pub fn greatest(&self, variable: Var) -> i64 {
        self.bounds[variable.index()].1
    }

    /// Demands that the sum lies between these limits, inclusive.
    pub fn between(&mut self, terms: impl IntoIterator<Item = (Var, i64)>, low: i64, high: i64) {
        self.demand(terms.into_iter().collect(), low, high);
    }

    fn demand(&mut self, mut terms: Vec<(Var, i64)>, low: i64, high: i64) {
        terms.sort_unstable();
        terms.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            if is_same {
                kept.1 += next.1;
            }
            is_same
        });
        terms.retain(|&(_, coefficient)| coefficient != 0);
        let mut row = Row { terms, low, high };
        self.tighten(&mut row);
        self.rows.push(row);
    }

    /// Where one variable that is one of two numbers is enough for what a sum must be at least, or at most, its coefficient need not be larger than that
    /// takes. The same whole numbers meet the row, and fewer real ones.
    fn tighten(&self, row: &mut Row) {
        let sign = match (row.low, row.high) {
            (_, NO_HIGH) => 1,
            (NO_LOW, _) => -1,
            _ => return,
        };
        // What the sum has to be more than at least, taken so that it has to be large.
        let least = |&(var, coefficient): &(Var, i64)| {
            let (low, high) = self.bounds[var.index()];
            (sign * coefficient * low).min(sign * coefficient * high)
        };
        let limit = if sign == 1 { row.low } else { -row.high };
        let need = limit - row.terms.iter().map(least).sum::<i64>();
        if need <= 0 {
            return;
        }
        let mut limit = limit;
        for (var, coefficient) in &mut row.terms {
            let (low, high) = self.bounds[var.index()];
            if high - low == 1 && coefficient.abs() > need {
                let before = least(&(*var, *coefficient));
                *coefficient = need * coefficient.signum();
                limit += least(&(*var, *coefficient)) - before;
            }
        }
        match sign {
            1 => row.low = limit,
            _ => row.high = -limit,
        }
    }

    /// Whether the values satisfy all inequalities and bounds.
    pub(super) fn is_solved_by(&self, values: &[i64]) -> bool {
        let in_bounds =
            self.bounds.iter().zip(values).all(|(&(low, high), &value)| (low..=high).contains(&value));
        in_bounds
            && self.rows.iter().all(|row| {
                let sum: i64 =
                    row.terms.iter().map(|&(var, coefficient)| coefficient * values[var.index()]).sum();
                (row.low..=row.high).contains(&sum)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Program {
        /// All values within the bounds.
        pub(in super::super) fn points(&self) -> Vec<Vec<i64>> {
            let mut points: Vec<Vec<i64>> = vec![vec![]];
            for &(low, high) in &self.bounds {
                let longer = |point: &Vec<i64>| {
                    let point = point.clone();
                    (low..=high).map(move |value| point.iter().copied().chain([value]).collect())
                };
                points = points.iter().flat_map(longer).collect();
            }
            points
        }
    }

    #[test]
    fn rows_are_met_by_the_same_whole_numbers_once_they_are_tight() {
        let mut random = fastrand::Rng::with_seed(1);
        let mut tightened = 0;
        for _ in 0..5_000 {
            let mut program = Program::new();
            let variables: Vec<Var> = (0..random.usize(1..5))
                .map(|_| {
                    let low = random.i64(-1..=1);
                    program.variable(low, low + random.i64(0..=2), 0)
                })
                .collect();
            let terms: Vec<(Var, i64)> = variables.iter().map(|&var| (var, random.i64(-5..=5))).collect();
            let (limit, is_at_most) = (random.i64(-9..=9), random.bool());
            match is_at_most {
                true => program.at_most(terms.iter().copied(), limit),
                false => program.at_least(terms.iter().copied(), limit),
            }
            for point in program.points() {
                let sum: i64 = terms.iter().map(|&(var, factor)| factor * point[var.index()]).sum();
                let expected = if is_at_most { sum <= limit } else { sum >= limit };
                assert_eq!(program.is_solved_by(&point), expected, "{terms:?} {limit} {program:?}");
            }
            let kept: Vec<(Var, i64)> = terms.into_iter().filter(|&(_, factor)| factor != 0).collect();
            tightened += usize::from(program.rows[0].terms != kept);
        }
        assert!(tightened > 200, "{tightened}");
    }
}
