//! Functions of yes-or-no questions, called levels, and the families of sets that make them true.

use rustc_hash::FxHashMap;

use super::family::Family;
use super::unfinished::Unfinished;
use crate::budget::Budget;

/// Most levels of one function: what recurs does so once a level, on a thread's small stack.
pub const MOST_LEVELS: usize = 2_000;
/// How many results of operations are remembered at a time.
const MOST_REMEMBERED: usize = 1 << 19;
/// Pairs of functions take less memory than nodes, and there may be more of them.
const PAIRS_PER_NODE: usize = 2;
/// How many steps are taken, or nodes made, between looks at the budget.
const STEPS_BETWEEN_CHECKS: usize = 1 << 10;

/// A function in a store of [`Functions`]; equal functions are equal values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Function(u32);

impl Function {
    /// The function that is never true; as a family, no set.
    pub const FALSE: Function = Function(0);
    /// The function that is always true; as a family, the empty set alone.
    pub const TRUE: Function = Function(1);

    pub(super) fn numbered(index: usize) -> Self {
        Function(index as u32)
    }

    pub(super) fn index(self) -> usize {
        self.0 as usize
    }

    fn constant(is_true: bool) -> Self {
        if is_true {
            Function::TRUE
        } else {
            Function::FALSE
        }
    }
}

/// A question with what follows from no and from yes. Questions are asked in the order of their levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Node {
    pub level: u32,
    pub no: Function,
    pub yes: Function,
}

/// A store of functions, each distinct node once.
pub struct Functions<'a> {
    nodes: Vec<Node>,
    ids: FxHashMap<Node, Function>,
    choices: FxHashMap<[Function; 3], Function>,
    most_nodes: usize,
    budget: &'a Budget,
}

type Made<T = Function> = Result<T, Unfinished>;
type Memo = FxHashMap<Function, Function>;

impl<'a> Functions<'a> {
    /// An empty store that will hold at most so many nodes; a node takes about fifty bytes.
    pub fn new(most_nodes: usize, budget: &'a Budget) -> Self {
        let constant = |id| Node { level: u32::MAX, no: Function(id), yes: Function(id) };
        Functions {
            nodes: vec![constant(0), constant(1)],
            ids: FxHashMap::default(),
            choices: FxHashMap::default(),
            most_nodes,
            budget,
        }
    }

    /// The function that is true when the answer at this level is yes.
    pub fn level(&mut self, level: u32) -> Made {
        if level as usize >= MOST_LEVELS {
            return Err(Unfinished::TooLarge);
        }
        self.node(level, Function::FALSE, Function::TRUE)
    }

    /// `yes` where `condition` is true, and `no` elsewhere.
    pub fn choose(&mut self, condition: Function, yes: Function, no: Function) -> Made {
        match (condition, yes, no) {
            (Function::TRUE, ..) => return Ok(yes),
            (Function::FALSE, ..) => return Ok(no),
            _ if yes == no => return Ok(yes),
            (_, Function::TRUE, Function::FALSE) => return Ok(condition),
            _ => {}
        }
        let key = [condition, yes, no];
        if let Some(&known) = self.choices.get(&key) {
            return Ok(known);
        }
        let level = self.top(condition).min(self.top(yes)).min(self.top(no));
        let [if_no, if_yes] = [false, true].map(|answer| key.map(|part| self.after(part, level, answer)));
        let if_no = self.choose(if_no[0], if_no[1], if_no[2])?;
        let if_yes = self.choose(if_yes[0], if_yes[1], if_yes[2])?;
        let result = self.node(level, if_no, if_yes)?;
        if self.choices.len().is_multiple_of(STEPS_BETWEEN_CHECKS) {
            self.budget.check()?;
        }
        if self.choices.len() >= MOST_REMEMBERED {
            self.choices = FxHashMap::default();
        }
        self.choices.insert(key, result);
        Ok(result)
    }

    /// True where both are.
    pub fn both(&mut self, a: Function, b: Function) -> Made {
        self.choose(a, b, Function::FALSE)
    }

    /// True where one of them is.
    pub fn either(&mut self, a: Function, b: Function) -> Made {
        self.choose(a, Function::TRUE, b)
    }

    /// True where one of them is.
    pub fn any(&mut self, parts: impl IntoIterator<Item = Function>) -> Made {
        self.at_least(1, parts.into_iter().collect())
    }

    /// True where at least `wanted` of the parts are, each counted as often as it is listed.
    pub fn at_least(&mut self, wanted: u64, mut parts: Vec<Function>) -> Made {
        if wanted > parts.len() as u64 {
            return Ok(Function::FALSE);
        }
        let wanted = wanted as usize;
        // From the last levels to the first, so that every step adds on top.
        parts.sort_unstable_by_key(|&part| std::cmp::Reverse((self.top(part), part)));
        let mut reached = vec![Function::FALSE; wanted + 1];
        reached[0] = Function::TRUE;
        for (index, &part) in parts.iter().enumerate() {
            let later = parts.len() - index - 1;
            for count in (wanted.saturating_sub(later).max(1)..=wanted.min(index + 1)).rev() {
                reached[count] = self.choose(part, reached[count - 1], reached[count])?;
            }
        }
        Ok(reached[wanted])
    }

    /// True for every set that has a subset for which the function is true.
    pub fn with_supersets(&mut self, function: Function) -> Made {
        self.with_supersets_in(function, &|_| true)
    }

    /// True for every set that has a subset for which the function is true and that differs only in levels of this kind.
    pub fn with_supersets_in(&mut self, function: Function, is_open: &dyn Fn(u32) -> bool) -> Made {
        self.with_supersets_of(function, is_open, &mut Memo::default())
    }

    fn with_supersets_of(
        &mut self,
        function: Function,
        is_open: &dyn Fn(u32) -> bool,
        memo: &mut Memo,
    ) -> Made {
        let Some(Node { level, no, yes }) = self.inner(function) else { return Ok(function) };
        if let Some(&known) = memo.get(&function) {
            return Ok(known);
        }
        let no = self.with_supersets_of(no, is_open, memo)?;
        let mut yes = self.with_supersets_of(yes, is_open, memo)?;
        if is_open(level) {
            yes = self.either(no, yes)?;
        }
        let result = self.node(level, no, yes)?;
        memo.insert(function, result);
        Ok(result)
    }

    /// The dual: true for a set when the function is false for the complement of the set. Of the sets that contain a member of a
    /// family it makes those that meet every member.
    pub fn dual(&mut self, function: Function) -> Made {
        self.dual_of(function, &mut Memo::default())
    }

    fn dual_of(&mut self, function: Function, memo: &mut Memo) -> Made {
        let Some(Node { level, no, yes }) = self.inner(function) else {
            return Ok(Function::constant(function == Function::FALSE));
        };
        if let Some(&known) = memo.get(&function) {
            return Ok(known);
        }
        let (no, yes) = (self.dual_of(yes, memo)?, self.dual_of(no, memo)?);
        let result = self.node(level, no, yes)?;
        memo.insert(function, result);
        Ok(result)
    }

    /// True where the members at levels of this kind can be shared out between two sides so that the function is true for both: once with
    /// what one side gets, once with what the other one gets, and both times with the members at all other levels.
    pub fn for_two_sides(&mut self, function: Function, is_shared_out: &dyn Fn(u32) -> bool) -> Made {
        self.for_sides([function; 2], is_shared_out, &mut FxHashMap::default())
    }

    fn for_sides(
        &mut self,
        [a, b]: [Function; 2],
        is_shared_out: &dyn Fn(u32) -> bool,
        memo: &mut FxHashMap<[Function; 2], Function>,
    ) -> Made {
        match (a, b) {
            (Function::FALSE, _) | (_, Function::FALSE) => return Ok(Function::FALSE),
            (Function::TRUE, Function::TRUE) => return Ok(Function::TRUE),
            _ => {}
        }
        // The sides can change places.
        let key = [a.min(b), a.max(b)];
        if let Some(&known) = memo.get(&key) {
            return Ok(known);
        }
        if memo.len() >= PAIRS_PER_NODE * self.most_nodes {
            return Err(Unfinished::TooLarge);
        }
        if memo.len().is_multiple_of(STEPS_BETWEEN_CHECKS) {
            self.budget.check()?;
        }
        let level = self.top(a).min(self.top(b));
        let [no, yes] = [false, true].map(|answer| [a, b].map(|side| self.after(side, level, answer)));
        let result = if is_shared_out(level) {
            let to_a = self.for_sides([yes[0], no[1]], is_shared_out, memo)?;
            let to_b = self.for_sides([no[0], yes[1]], is_shared_out, memo)?;
            self.either(to_a, to_b)?
        } else {
            let no = self.for_sides(no, is_shared_out, memo)?;
            let yes = self.for_sides(yes, is_shared_out, memo)?;
            self.node(level, no, yes)?
        };
        memo.insert(key, result);
        Ok(result)
    }

    /// The function with another one in the place of every level.
    pub fn replaced(&mut self, function: Function, by_level: &[Function]) -> Made {
        self.replaced_in(function, by_level, &mut Memo::default())
    }

    fn replaced_in(&mut self, function: Function, by_level: &[Function], memo: &mut Memo) -> Made {
        let Some(Node { level, no, yes }) = self.inner(function) else { return Ok(function) };
        if let Some(&known) = memo.get(&function) {
            return Ok(known);
        }
        let no = self.replaced_in(no, by_level, memo)?;
        let yes = self.replaced_in(yes, by_level, memo)?;
        let result = self.choose(by_level[level as usize], yes, no)?;
        memo.insert(function, result);
        Ok(result)
    }

    /// The minimal sets for which a function is true that is true for all supersets of such sets, too. `names` says what to call the
    /// levels; members are listed in the order of their names.
    pub fn minimal_sets(&mut self, function: Function, names: &[u32]) -> Made<Family> {
        let root = self.minimal_of(function, &mut Memo::default(), &mut FxHashMap::default())?;
        let mut places: FxHashMap<Function, u32> = FxHashMap::default();
        places.insert(Function::FALSE, Family::NONE);
        places.insert(Function::TRUE, Family::EMPTY_SET);
        let mut family = Family::default();
        self.copy(root, names, &mut places, &mut family);
        family.set_root(places[&root]);
        Ok(family)
    }

    fn minimal_of(
        &mut self,
        function: Function,
        memo: &mut Memo,
        without: &mut FxHashMap<[Function; 2], Function>,
    ) -> Made {
        let Some(Node { level, no, yes }) = self.inner(function) else { return Ok(function) };
        if let Some(&known) = memo.get(&function) {
            return Ok(known);
        }
        let absent = self.minimal_of(no, memo, without)?;
        let present = self.minimal_of(yes, memo, without)?;
        // Sets that would do without this level's member are not minimal with it.
        let present = self.untrue_members(present, no, without)?;
        let result = self.family_node(level, absent, present)?;
        memo.insert(function, result);
        Ok(result)
    }

    /// The members of a family for which the function is not true.
    fn untrue_members(
        &mut self,
        family: Function,
        function: Function,
        memo: &mut FxHashMap<[Function; 2], Function>,
    ) -> Made {
        match (family, function) {
            (Function::FALSE, _) | (_, Function::TRUE) => return Ok(Function::FALSE),
            (_, Function::FALSE) => return Ok(family),
            _ => {}
        }
        if let Some(&known) = memo.get(&[family, function]) {
            return Ok(known);
        }
        let level = self.top(family).min(self.top(function));
        let (no, yes) = (self.after(function, level, false), self.after(function, level, true));
        let result = if self.top(family) == level {
            let Node { no: absent, yes: present, .. } = self.nodes[family.index()];
            let absent = self.untrue_members(absent, no, memo)?;
            let present = self.untrue_members(present, yes, memo)?;
            self.family_node(level, absent, present)?
        } else {
            self.untrue_members(family, no, memo)?
        };
        memo.insert([family, function], result);
        Ok(result)
    }

    fn copy(&self, of: Function, names: &[u32], places: &mut FxHashMap<Function, u32>, to: &mut Family) {
        if places.contains_key(&of) {
            return;
        }
        let Node { level, no, yes } = self.nodes[of.index()];
        self.copy(no, names, places, to);
        self.copy(yes, names, places, to);
        let place = to.push(level, names[level as usize], places[&no], places[&yes]);
        places.insert(of, place);
    }

    pub(super) fn at(&self, function: Function) -> Node {
        self.nodes[function.index()]
    }

    fn top(&self, function: Function) -> u32 {
        self.nodes[function.index()].level
    }

    fn inner(&self, function: Function) -> Option<Node> {
        Some(self.nodes[function.index()]).filter(|node| node.level != u32::MAX)
    }

    /// What follows from an answer at a level that is not below the function's first.
    fn after(&self, function: Function, level: u32, answer: bool) -> Function {
        let node = self.nodes[function.index()];
        match node.level == level {
            true if answer => node.yes,
            true => node.no,
            false => function,
        }
    }

    fn node(&mut self, level: u32, no: Function, yes: Function) -> Made {
        if no == yes {
            return Ok(no);
        }
        self.stored(Node { level, no, yes })
    }

    fn family_node(&mut self, level: u32, absent: Function, present: Function) -> Made {
        if present == Function::FALSE {
            return Ok(absent);
        }
        self.stored(Node { level, no: absent, yes: present })
    }

    fn stored(&mut self, node: Node) -> Made {
        if let Some(&known) = self.ids.get(&node) {
            return Ok(known);
        }
        if self.nodes.len() >= self.most_nodes {
            return Err(Unfinished::TooLarge);
        }
        if self.nodes.len().is_multiple_of(STEPS_BETWEEN_CHECKS) {
            self.budget.check()?;
        }
        let id = Function(self.nodes.len() as u32);
        self.nodes.push(node);
        self.ids.insert(node, id);
        Ok(id)
    }
}
