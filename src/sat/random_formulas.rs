//! Formulas chosen at random, for the tests of what decides them.

use super::{Formula, Lit};

/// A formula of up to twelve variables and many short clauses, some of them odd: empty, doubled literals, tautologies.
pub fn any_formula(random: &mut fastrand::Rng) -> Formula {
    let mut formula = Formula::new();
    let variables: Vec<Lit> = (0..random.usize(1..13)).map(|_| formula.variable()).collect();
    for _ in 0..random.usize(0..6 * variables.len()) {
        let length = if random.u16(..1000) == 0 { random.usize(..2) } else { random.usize(2..5) };
        let literals: Vec<Lit> = (0..length)
            .map(|_| {
                let variable = variables[random.usize(..variables.len())];
                if random.bool() {
                    variable
                } else {
                    !variable
                }
            })
            .collect();
        formula.clause(literals);
    }
    formula
}

/// A formula of three-literal clauses at the ratio where they are hardest: enough conflicts for many stages.
pub fn hard_formula(random: &mut fastrand::Rng) -> Formula {
    let mut formula = Formula::new();
    let variables: Vec<Lit> = (0..random.usize(60..120)).map(|_| formula.variable()).collect();
    for _ in 0..variables.len() * random.usize(410..450) / 100 {
        let chosen = [(); 3].map(|()| variables[random.usize(..variables.len())]);
        formula.clause(chosen.map(|variable| if random.bool() { variable } else { !variable }));
    }
    formula
}
