//! Keeps one function after the store that it was made in is gone, and looks for answers that make it true on two sides at once. Of each
//! level it is given whether the answer is fixed, open but the same on both sides, or yes on one side and no on the other.

use std::collections::{HashMap, HashSet};

use super::function::{Function, Functions, Node};

/// What is known of the answer at a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It is this one, for both sides.
    Fixed(bool),
    /// It can be either, the same for both sides.
    Open,
    /// It is yes for one side and no for the other.
    SharedOut,
}

/// A function with nothing around it.
#[derive(Debug, Clone)]
pub struct Kept {
    nodes: Vec<Node>,
    root: Function,
}

impl Kept {
    /// The function of a store.
    pub fn new(functions: &Functions, function: Function) -> Self {
        let mut nodes = vec![functions.at(Function::FALSE), functions.at(Function::TRUE)];
        let mut places =
            HashMap::from([(Function::FALSE, Function::FALSE), (Function::TRUE, Function::TRUE)]);
        let root = copy(functions, function, &mut places, &mut nodes);
        Kept { nodes, root }
    }

    /// Answers, level by level, with which the function is true for both sides: where they are shared out, those of the first side.
    /// Levels that do not matter are left out.
    pub fn answers_for_two_sides(&self, at: &dyn Fn(u32) -> Answer) -> Option<Vec<(u32, bool)>> {
        let mut answers = Vec::new();
        self.answer([self.root; 2], at, &mut HashSet::new(), &mut answers).then(|| {
            answers.reverse();
            answers
        })
    }

    fn answer(
        &self,
        sides: [Function; 2],
        at: &dyn Fn(u32) -> Answer,
        failed: &mut HashSet<[Function; 2]>,
        answers: &mut Vec<(u32, bool)>,
    ) -> bool {
        if sides.contains(&Function::FALSE) || failed.contains(&sides) {
            return false;
        }
        if sides == [Function::TRUE; 2] {
            return true;
        }
        let level = sides.map(|side| self.nodes[side.index()].level).into_iter().min().unwrap_or_default();
        let choices: &[[bool; 2]] = match at(level) {
            Answer::Fixed(true) => &[[true; 2]],
            Answer::Fixed(false) => &[[false; 2]],
            Answer::Open => &[[true; 2], [false; 2]],
            Answer::SharedOut => &[[true, false], [false, true]],
        };
        for &choice in choices {
            let after = [0, 1].map(|side| {
                let node = self.nodes[sides[side].index()];
                match node.level == level {
                    true if choice[side] => node.yes,
                    true => node.no,
                    false => sides[side],
                }
            });
            if self.answer(after, at, failed, answers) {
                answers.push((level, choice[0]));
                return true;
            }
        }
        failed.insert(sides);
        false
    }
}

fn copy(
    functions: &Functions,
    of: Function,
    places: &mut HashMap<Function, Function>,
    nodes: &mut Vec<Node>,
) -> Function {
    if let Some(&known) = places.get(&of) {
        return known;
    }
    let Node { level, no, yes } = functions.at(of);
    let no = copy(functions, no, places, nodes);
    let yes = copy(functions, yes, places, nodes);
    let place = Function::numbered(nodes.len());
    nodes.push(Node { level, no, yes });
    places.insert(of, place);
    place
}
