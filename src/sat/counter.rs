//! Unary numbers and their sums: the totalizer of Bailleux and Boufkhad ("Efficient CNF Encoding of Boolean
//! Cardinality Constraints", CP 2003), each sum in the one direction that is needed.
//!
//! A unary number is a list of literals, the i-th (from 0) meaning "at least i + 1". What a literal says is in the type: of a [`Unary`] both
//! that it is true and that it is false, of an [`AtLeast`] only that it is true, of a [`Tally`] only that it is false. Sums merge the two
//! shortest numbers first, so that long chains of exchangeable members are merged late.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Deref;

use super::{Formula, Lit};

/// A number n as literals: the i-th is true exactly if n > i.
#[derive(Debug, Clone, Default)]
pub struct Unary(Vec<Lit>);

impl Unary {
    /// The number 0, of so many literals.
    pub fn zero(formula: &mut Formula, length: usize) -> Unary {
        Unary(vec![!formula.truth(); length])
    }

    /// The number `length` - n, of a number n of so many literals.
    pub fn complement(&self) -> Unary {
        Unary(self.0.iter().rev().map(|&literal| !literal).collect())
    }
}

impl Deref for Unary {
    type Target = [Lit];

    fn deref(&self) -> &[Lit] {
        &self.0
    }
}

/// A number n from below: the i-th literal is true only if n > i. Where it is false, nothing is said.
#[derive(Debug, Clone)]
pub struct AtLeast(Vec<Lit>);

impl AtLeast {
    /// 1 or 0: 1 if the literal is true.
    pub fn of(literal: Lit) -> Self {
        AtLeast(vec![literal])
    }

    /// The largest number that can be said.
    pub fn most(&self) -> usize {
        self.0.len()
    }

    /// True only if the number is at least `least`, which is 1 or more; absent: it never is.
    pub fn reaches(&self, least: usize) -> Option<Lit> {
        self.0.get(least - 1).copied()
    }

    /// True only if the number is the largest that can be said; absent: that is 0.
    pub fn reaches_most(&self) -> Option<Lit> {
        self.0.last().copied()
    }

    /// The number times `factor`.
    pub fn times(&self, factor: usize) -> Self {
        AtLeast(self.0.iter().flat_map(|&literal| std::iter::repeat_n(literal, factor)).collect())
    }
}

impl From<&Unary> for AtLeast {
    fn from(number: &Unary) -> Self {
        AtLeast(number.0.clone())
    }
}

/// A number n from above: the i-th literal is true whenever n > i. Where it is true, nothing is said.
#[derive(Debug, Clone)]
pub struct Tally(Vec<Lit>);

impl Tally {
    /// 1 or 0: 0 if the literal is false.
    pub fn of(literal: Lit) -> Self {
        Tally(vec![literal])
    }

    /// True whenever the number is at least `least`, which is 1 or more; absent: it is not counted so far.
    pub fn reaches(&self, least: usize) -> Option<Lit> {
        self.0.get(least - 1).copied()
    }
}

impl From<&Unary> for Tally {
    fn from(number: &Unary) -> Self {
        Tally(number.0.clone())
    }
}

/// The sum of numbers from below. Only the first `limit` literals are made.
pub fn demand(formula: &mut Formula, parts: &[AtLeast], limit: usize) -> AtLeast {
    AtLeast(merge_all(parts.iter().map(|part| &part.0), limit, |a, b, limit| {
        let outputs = chain(formula, (a.len() + b.len()).min(limit));
        for (index, &output) in outputs.iter().enumerate() {
            // At least index + 1 in all: for every i, more than i in a, or at least index + 1 - i in b.
            for i in index.saturating_sub(b.len())..=index.min(a.len()) {
                let more_in_a = a.get(i).copied();
                let rest_in_b = b.get(index - i).copied();
                formula.clause([!output].into_iter().chain(more_in_a).chain(rest_in_b));
            }
        }
        outputs
    }))
}

/// The sum of numbers from above. Only the first `limit` literals are made; a larger sum makes all of them true.
pub fn tally(formula: &mut Formula, parts: &[Tally], limit: usize) -> Tally {
    Tally(merge_all(parts.iter().map(|part| &part.0), limit, |a, b, limit| {
        let outputs = chain(formula, (a.len() + b.len()).min(limit));
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                let Some(index) = (i + j).min(outputs.len()).checked_sub(1) else { continue };
                let at_least_i = i.checked_sub(1).map(|i| !a[i]);
                let at_least_j = j.checked_sub(1).map(|j| !b[j]);
                formula.clause([outputs[index]].into_iter().chain(at_least_i).chain(at_least_j));
            }
        }
        outputs
    }))
}

/// A new number from 0 to `length`.
pub fn number(formula: &mut Formula, length: usize) -> Unary {
    Unary(chain(formula, length))
}

/// New literals of which each implies the one before it.
fn chain(formula: &mut Formula, length: usize) -> Vec<Lit> {
    let number: Vec<Lit> = (0..length).map(|_| formula.variable()).collect();
    number.windows(2).for_each(|pair| formula.implies(pair[1], pair[0]));
    number
}

fn merge_all<'a>(
    parts: impl Iterator<Item = &'a Vec<Lit>>,
    limit: usize,
    mut merge: impl FnMut(&[Lit], &[Lit], usize) -> Vec<Lit>,
) -> Vec<Lit> {
    let mut numbers: Vec<Vec<Lit>> = parts.map(|part| part[..part.len().min(limit)].to_vec()).collect();
    let mut shortest: BinaryHeap<Reverse<(usize, usize)>> = numbers
        .iter()
        .enumerate()
        .filter(|(_, n)| !n.is_empty())
        .map(|(i, n)| Reverse((n.len(), i)))
        .collect();
    while let (Some(Reverse((_, first))), second) = (shortest.pop(), shortest.pop()) {
        let Some(Reverse((_, second))) = second else {
            return std::mem::take(&mut numbers[first]);
        };
        let sum = merge(&numbers[first], &numbers[second], limit);
        shortest.push(Reverse((sum.len(), numbers.len())));
        numbers.push(sum);
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::super::{solve, Formula, Lit};
    use super::{demand, tally, AtLeast, Tally};
    use crate::budget::Budget;

    /// Whether the formula has a model in which exactly the given inputs are true and `forced` holds.
    fn is_satisfiable(formula: &Formula, inputs: &[Lit], values: u32, forced: Lit) -> bool {
        let mut formula = formula.clone();
        for (i, &input) in inputs.iter().enumerate() {
            formula.clause([if values >> i & 1 == 1 { input } else { !input }]);
        }
        formula.clause([forced]);
        solve(&formula, &Budget::unlimited()).expect("no limit").is_some()
    }

    fn check(limit: usize, sum: impl Fn(&mut Formula, &[Lit], usize) -> Vec<Lit>, is_demand: bool) {
        let mut formula = Formula::new();
        let inputs: Vec<Lit> = (0..5).map(|_| formula.variable()).collect();
        let outputs = sum(&mut formula, &inputs, limit);
        assert_eq!(outputs.len(), limit.min(5));
        for values in 0u32..32 {
            for (i, &output) in outputs.iter().enumerate() {
                let reached = values.count_ones() as usize > i;
                assert_eq!(is_satisfiable(&formula, &inputs, values, output), reached || !is_demand);
                assert_eq!(is_satisfiable(&formula, &inputs, values, !output), !reached || is_demand);
            }
        }
    }

    #[test]
    fn a_demand_can_be_true_exactly_when_the_sum_is_reached() {
        let sum = |formula: &mut Formula, inputs: &[Lit], limit| {
            let parts: Vec<AtLeast> = inputs.iter().map(|&input| AtLeast::of(input)).collect();
            demand(formula, &parts, limit).0
        };
        (1..=6).for_each(|limit| check(limit, sum, true));
    }

    #[test]
    fn a_tally_can_be_false_exactly_when_the_sum_is_not_reached() {
        let sum = |formula: &mut Formula, inputs: &[Lit], limit| {
            let parts: Vec<Tally> = inputs.iter().map(|&input| Tally::of(input)).collect();
            tally(formula, &parts, limit).0
        };
        (1..=6).for_each(|limit| check(limit, sum, false));
    }
}
