//! Unary numbers and their sums: the totalizer of Bailleux and Boufkhad ("Efficient CNF Encoding of Boolean
//! Cardinality Constraints", CP 2003), each sum in the one direction that is needed.
//!
//! A unary number is a list of literals, the i-th (from 0) meaning "at least i + 1". Sums merge the two shortest
//! numbers first, so that long chains of exchangeable members are merged late.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Formula, Lit};

/// A number n as literals: the i-th is true only if (or, for a tally, whenever) n > i.
pub type Unary = Vec<Lit>;

/// The sum of numbers as a *demand*: where output i is true, the sum really is at least i + 1. Sound for "at least";
/// says nothing where an output is false. Only the first `limit` outputs are made.
pub fn demand(formula: &mut Formula, parts: &[Unary], limit: usize) -> Unary {
    merge_all(parts, limit, |a, b, limit| {
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
    })
}

/// The sum of numbers as a *tally*: where the sum is at least i + 1, output i is true. Sound for "at most": an output that
/// is false bounds the sum. Only the first `limit` outputs are made; a larger sum makes all of them true.
pub fn tally(formula: &mut Formula, parts: &[Unary], limit: usize) -> Unary {
    merge_all(parts, limit, |a, b, limit| {
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
    })
}

/// New literals of a number: at least i + 2 implies at least i + 1.
pub fn chain(formula: &mut Formula, length: usize) -> Unary {
    let number: Unary = (0..length).map(|_| formula.variable()).collect();
    number.windows(2).for_each(|pair| formula.implies(pair[1], pair[0]));
    number
}

fn merge_all(parts: &[Unary], limit: usize, mut merge: impl FnMut(&Unary, &Unary, usize) -> Unary) -> Unary {
    let mut numbers: Vec<Unary> = parts.iter().map(|part| part[..part.len().min(limit)].to_vec()).collect();
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
    use super::{demand, tally, Unary};
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

    fn check(limit: usize, sum: impl Fn(&mut Formula, &[Unary], usize) -> Unary, is_demand: bool) {
        let mut formula = Formula::new();
        let inputs: Vec<Lit> = (0..5).map(|_| formula.variable()).collect();
        let parts: Vec<Unary> = inputs.iter().map(|&input| vec![input]).collect();
        let outputs = sum(&mut formula, &parts, limit);
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
        (1..=6).for_each(|limit| check(limit, demand, true));
    }

    #[test]
    fn a_tally_can_be_false_exactly_when_the_sum_is_not_reached() {
        (1..=6).for_each(|limit| check(limit, tally, false));
    }
}
