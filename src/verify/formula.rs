//! Writes what would contradict a claim as a formula, so that a refutation of the formula proves the claim. docs/certificates.md says it
//! clause by clause.
//!
//! There is one variable for each node. Symmetry and bounds are not used. A variable for "satisfied" is true only if the threshold is
//! reached; it may be false although the threshold is reached.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::system::System;
use crate::network::{Groups, NodeId, NodeSet, QuorumSetId};

/// A conjunction of clauses. Variables count from 1; a negative number negates.
#[derive(Debug, Default)]
pub struct Formula {
    /// How many variables there are.
    pub variables: i32,
    /// The clauses.
    pub clauses: Vec<Vec<i32>>,
    meanings: String,
    /// Whether clauses are missing, as there would be too many.
    pub is_cut_short: bool,
}

/// Most clauses of a formula: some hundred megabytes with all that is made of them.
pub const MOST_CLAUSES: usize = 1 << 20;

/// An unknown set of nodes.
pub struct Side<'a> {
    system: &'a System<'a>,
    /// Per node the literal that it is in the set, 0 for those that are not.
    members: Vec<i32>,
    /// Whether it is the nodes outside that satisfy quorum sets, or do not.
    is_missing: bool,
    /// Per quorum set the variable of what is said of it.
    said: Vec<Option<i32>>,
}

impl<'a> Side<'a> {
    /// The nodes that can be in it, with their literals.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, i32)> + '_ {
        let nodes = (0u32..).map(NodeId).zip(self.members.iter().copied());
        nodes.filter(|(_, member)| *member != 0)
    }

    /// The literals of these nodes.
    pub fn of<'s>(&'s self, nodes: &'s NodeSet) -> impl Iterator<Item = i32> + 's {
        self.nodes().filter(|(node, _)| nodes.contains(*node)).map(|(_, member)| member)
    }

    /// What is missing of the set without this node, which is missing, too.
    pub fn missing_without(&self, node: NodeId) -> Side<'a> {
        let mut members: Vec<i32> = self.members.iter().map(|member| -member).collect();
        members[node.index()] = 0;
        Side { members, is_missing: true, said: vec![None; self.said.len()], ..*self }
    }
}

impl Formula {
    /// The formula in the DIMACS format, with comments that say what variables mean.
    pub fn dimacs(&self) -> String {
        let mut text = format!("{}p cnf {} {}\n", self.meanings, self.variables, self.clauses.len());
        for clause in &self.clauses {
            for literal in clause {
                let _ = write!(text, "{literal} ");
            }
            text.push_str("0\n");
        }
        text
    }

    fn variable(&mut self) -> i32 {
        self.variables += 1;
        self.variables
    }

    pub(super) fn clause(&mut self, literals: impl IntoIterator<Item = i32>) {
        match self.clauses.len() < MOST_CLAUSES {
            true => self.clauses.push(literals.into_iter().collect()),
            false => self.is_cut_short = true,
        }
    }

    /// A set of some of these nodes, which comments call by this name.
    pub(super) fn side<'a>(
        &mut self,
        system: &'a System,
        name: &str,
        among: &NodeSet,
        is_missing: bool,
    ) -> Side<'a> {
        let mut members = vec![0; system.network.node_count()];
        for node in among.iter() {
            members[node.index()] = self.variable();
            // A key with a line break would end the comment.
            let key = serde_json::Value::from(system.network.key(node));
            let _ = writeln!(self.meanings, "c {} {name} {key}", self.variables);
        }
        Side { system, members, is_missing, said: vec![None; system.network.quorum_sets().len()] }
    }

    /// A variable that is true only if so many of the literals are: counters "at least j of the first i".
    fn at_least(&mut self, literals: &[i32], threshold: u64) -> i32 {
        let count = literals.len();
        let threshold = threshold.min(count as u64 + 1) as usize;
        if self.is_cut_short {
            return self.variable();
        }
        let mut before: Vec<Option<i32>> = vec![None; threshold + 1];
        for (i, &literal) in literals.iter().enumerate() {
            let mut now = vec![None; threshold + 1];
            // Of the first i + 1, as many as are needed that the rest can make up for what is missing.
            for j in (threshold + i + 1).saturating_sub(count).max(1)..=threshold.min(i + 1) {
                let counter = self.variable();
                self.clause([-counter, literal].into_iter().chain(before[j]));
                if let Some(less) = before[j - 1] {
                    self.clause([-counter, less]);
                }
                now[j] = Some(counter);
            }
            before = now;
        }
        if let Some(reached) = before[threshold] {
            return reached;
        }
        let gate = self.variable();
        if threshold > 0 {
            self.clause([-gate]);
        }
        gate
    }

    /// A variable that is true only if the side satisfies the quorum set; or if, for want of the side's nodes, nobody does.
    fn said(&mut self, side: &mut Side, id: QuorumSetId) -> i32 {
        if let Some(variable) = side.said[id.index()] {
            return variable;
        }
        let set = side.system.network.quorum_sets().get(id);
        let members = set.validators.iter().map(|node| side.members[node.index()]);
        let mut entries: Vec<i32> = members.filter(|&member| member != 0).collect();
        // Who cannot be in the side is not there to satisfy, and is missing anyway.
        let absent = set.validators.len() - entries.len();
        for &inner in &set.inner {
            entries.push(self.said(side, inner));
        }
        let broken =
            (set.entry_count() as u64 + 1).saturating_sub(set.threshold.saturating_add(absent as u64));
        let needed = if side.is_missing { broken } else { set.threshold };
        let variable = self.at_least(&entries, needed);
        side.said[id.index()] = Some(variable);
        variable
    }

    /// Whoever is in the side and asks is satisfied by it, or Byzantine; and of `diverging`, somebody who asks is in it and not Byzantine.
    pub(super) fn demand_support(&mut self, side: &mut Side, byzantine: Option<&Side>, diverging: &NodeSet) {
        let mut honest = Vec::new();
        for (node, member) in side.nodes().collect::<Vec<_>>() {
            let Some(id) = side.system.asks_for(node) else { continue };
            let satisfied = self.said(side, id);
            let faulty = byzantine.map(|byzantine| byzantine.members[node.index()]);
            self.clause([-member, satisfied].into_iter().chain(faulty));
            if diverging.contains(node) {
                let diverges = self.variable();
                self.clause([-diverges, member]);
                faulty.iter().for_each(|faulty| self.clause([-diverges, -faulty]));
                honest.push(diverges);
            }
        }
        self.clause(honest);
    }

    /// Who is in both sides is Byzantine.
    pub(super) fn demand_apart(&mut self, a: &Side, b: &Side, byzantine: &Side) {
        for (node, a) in a.nodes() {
            self.clause([-a, -b.members[node.index()], byzantine.members[node.index()]]);
        }
    }

    /// Nobody who is not Byzantine asks for one of a pair on the side A and for the other on the side B.
    pub(super) fn demand_none(
        &mut self,
        a: &Side,
        b: &Side,
        byzantine: &Side,
        pairs: &[(QuorumSetId, QuorumSetId)],
    ) {
        let [of_a, of_b] = [a, b].map(|side| self.asked(side, byzantine));
        for (of_one, of_other) in pairs {
            self.clause([-of_a[of_one], -of_b[of_other]]);
        }
    }

    /// Per quorum set that members of the side ask for, a variable that is true if one of them is not Byzantine.
    fn asked(&mut self, side: &Side, byzantine: &Side) -> BTreeMap<QuorumSetId, i32> {
        let mut asked = BTreeMap::new();
        for (node, member) in side.nodes() {
            if let Some(id) = side.system.asks_for(node) {
                let is_asked = *asked.entry(id).or_insert_with(|| self.variable());
                self.clause([-member, byzantine.members[node.index()], is_asked]);
            }
        }
        asked
    }

    /// Of the nodes of `diverging` that ask, are in one of the sides and not Byzantine, the first one is in A: the sides may change places.
    pub(super) fn demand_order(&mut self, a: &Side, b: &Side, byzantine: &Side, diverging: &NodeSet) {
        let mut before: Option<i32> = None;
        let diverges = |node: NodeId| diverging.contains(node) && a.system.asks_for(node).is_some();
        for (node, member) in a.nodes().filter(|(node, _)| diverges(*node)) {
            let faulty = byzantine.members[node.index()];
            self.clause([-b.members[node.index()], faulty].into_iter().chain(before));
            let by_now = self.variable();
            self.clause([-by_now, member].into_iter().chain(before));
            self.clause([-by_now, -faulty].into_iter().chain(before));
            before = Some(by_now);
        }
    }

    /// Somebody is blocked first, by the side alone, or all who ask are in it.
    pub(super) fn demand_first_blocked(&mut self, side: &mut Side) {
        let everybody = self.variable();
        let mut first = vec![everybody];
        for (node, member) in side.nodes().collect::<Vec<_>>() {
            let Some(id) = side.system.asks_for(node) else { continue };
            let blocked = self.said(side, id);
            let is_first = self.variable();
            self.clause([-everybody, member]);
            self.clause([-is_first, -member]);
            self.clause([-is_first, blocked]);
            first.push(is_first);
        }
        self.clause(first);
    }

    /// The charged members of the side are of fewer than `bound` groups.
    pub(super) fn demand_cost_below(&mut self, bound: u32, side: &Side, groups: &Groups, charged: &NodeSet) {
        let mut spared: Vec<Option<i32>> = vec![None; groups.count()];
        for (node, member) in side.nodes().filter(|(node, _)| charged.contains(*node)) {
            let spared = *spared[groups.group(node).index()].get_or_insert_with(|| self.variable());
            self.clause([-spared, -member]);
        }
        let spared: Vec<i32> = spared.into_iter().flatten().collect();
        let most_are_spared = self.at_least(&spared, (spared.len() as u64 + 1).saturating_sub(bound.into()));
        self.clause([most_are_spared]);
    }
}
