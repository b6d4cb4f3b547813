//! What inequalities imply about single variables, in whole numbers.

use super::program::{Program, Row, NO_HIGH, NO_LOW};

/// Per variable, its least and greatest value.
pub(super) type Bounds = Vec<(i64, i64)>;

/// Which rows each variable is in, and with which coefficient.
pub(super) struct Occurrences {
    /// Per variable, where its entries end; those of the first begin at 0.
    ends: Vec<usize>,
    rows: Vec<u32>,
    coefficients: Vec<f64>,
}

impl Occurrences {
    pub fn of(program: &Program) -> Self {
        let terms = || {
            program
                .rows
                .iter()
                .zip(0..)
                .flat_map(|(row, index)| row.terms.iter().map(move |term| (index, term)))
        };
        let mut ends = vec![0; program.bounds.len()];
        terms().for_each(|(_, (var, _))| ends[var.index()] += 1);
        let mut end = 0;
        // Where the entries of each begin; writing them moves that to where they end.
        for count in &mut ends {
            end += std::mem::replace(count, end);
        }
        let (mut rows, mut coefficients) = (vec![0; end], vec![0.0; end]);
        for (index, &(var, coefficient)) in terms() {
            let at = &mut ends[var.index()];
            rows[*at] = index;
            coefficients[*at] = coefficient as f64;
            *at += 1;
        }
        Occurrences { ends, rows, coefficients }
    }

    fn range(&self, variable: usize) -> std::ops::Range<usize> {
        let start = variable.checked_sub(1).map_or(0, |before| self.ends[before]);
        start..self.ends[variable]
    }

    /// The rows that the variable is in.
    fn rows(&self, variable: usize) -> &[u32] {
        &self.rows[self.range(variable)]
    }

    /// The rows that the variable is in, with its coefficients there.
    pub fn of_variable(&self, variable: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.range(variable);
        let rows = self.rows[range.clone()].iter().map(|&row| row as usize);
        rows.zip(self.coefficients[range].iter().copied())
    }
}

/// Tightens the bounds until nothing changes; false if some inequality can no longer be met. `changed`: the variables whose bounds
/// are new, or nothing if all are.
pub(super) fn propagate(
    program: &Program,
    occurrences: &Occurrences,
    bounds: &mut Bounds,
    changed: Option<usize>,
) -> bool {
    let mut is_queued = vec![false; program.rows.len()];
    let mut queue: Vec<u32> = match changed {
        Some(var) => occurrences.rows(var).to_vec(),
        None => (0..program.rows.len() as u32).collect(),
    };
    queue.iter().for_each(|&row| is_queued[row as usize] = true);
    while let Some(index) = queue.pop() {
        is_queued[index as usize] = false;
        let row = &program.rows[index as usize];
        let (least, greatest) = range(row, bounds);
        if (row.high != NO_HIGH && least > row.high) || (row.low != NO_LOW && greatest < row.low) {
            return false;
        }
        for &(var, coefficient) in &row.terms {
            let (low, high) = bounds[var.index()];
            if low == high {
                continue;
            }
            let (mut new_low, mut new_high) = (low, high);
            // The others contribute at least `least` and at most `greatest` without this variable's share.
            let (own_least, own_greatest) = if coefficient > 0 {
                (coefficient * low, coefficient * high)
            } else {
                (coefficient * high, coefficient * low)
            };
            if row.high != NO_HIGH {
                let room = row.high - (least - own_least);
                if coefficient > 0 {
                    new_high = new_high.min(room.div_euclid(coefficient));
                } else {
                    // Rounds towards what is still possible: c·x <= room with c < 0.
                    new_low = new_low.max(ceil_div(room, coefficient));
                }
            }
            if row.low != NO_LOW {
                let need = row.low - (greatest - own_greatest);
                if coefficient > 0 {
                    new_low = new_low.max(ceil_div(need, coefficient));
                } else {
                    new_high = new_high.min(floor_div(need, coefficient));
                }
            }
            if new_low > new_high {
                return false;
            }
            if (new_low, new_high) != (low, high) {
                bounds[var.index()] = (new_low, new_high);
                for &other in occurrences.rows(var.index()) {
                    if !is_queued[other as usize] {
                        is_queued[other as usize] = true;
                        queue.push(other);
                    }
                }
                if !is_queued[index as usize] {
                    is_queued[index as usize] = true;
                    queue.push(index);
                }
            }
        }
    }
    true
}

/// The least and the greatest value of a row's sum within the bounds.
pub(super) fn range(row: &Row, bounds: &Bounds) -> (i64, i64) {
    row.terms.iter().fold((0, 0), |(least, greatest), &(var, coefficient)| {
        let (low, high) = bounds[var.index()];
        if coefficient > 0 {
            (least + coefficient * low, greatest + coefficient * high)
        } else {
            (least + coefficient * high, greatest + coefficient * low)
        }
    })
}

fn floor_div(a: i64, b: i64) -> i64 {
    let quotient = a / b;
    if a % b != 0 && (a < 0) != (b < 0) {
        quotient - 1
    } else {
        quotient
    }
}

fn ceil_div(a: i64, b: i64) -> i64 {
    -floor_div(-a, b)
}
