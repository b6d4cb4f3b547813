//! Sets of nodes as formulas: how many members of each class of exchangeable nodes are in a set, and whether the set
//! satisfies a quorum set.
//!
//! Members of a class are taken in order, so "at least i" is one literal and a formula never tells symmetric sets apart. All gates are
//! one-sided (Plaisted and Greenbaum, "A structure-preserving clause form translation", 1986): "satisfied" implies that the
//! threshold is reached, "broken" that it cannot be; neither says anything where it is false.

use crate::analysis::cost::charges::{Charge, Charges};
use crate::network::{Fbas, NodeClass, NodeId, NodeSet, QuorumSetId, Requirement};
use crate::sat::counter::{chain, demand, Unary};
use crate::sat::{Formula, Lit, Model};

/// A formula about sets of nodes of one system.
pub struct Encoding<'a> {
    /// The system.
    pub fbas: &'a Fbas,
    /// Its nodes in classes of exchangeable ones.
    pub classes: Vec<NodeClass>,
    /// What is demanded so far.
    pub formula: Formula,
    class_of: Vec<usize>,
}

/// An unknown set of nodes: per class, "at least i + 1 members are in it".
pub struct Side {
    /// One number a class.
    pub counts: Vec<Unary>,
    satisfied: Vec<Option<Lit>>,
    broken: Vec<Option<Lit>>,
}

impl<'a> Encoding<'a> {
    /// No demands yet. Nodes of one class must also have the same colour.
    pub fn new<C: Ord>(fbas: &'a Fbas, colour: impl Fn(NodeId) -> C) -> Self {
        let classes = fbas.classes(colour);
        let mut class_of = vec![usize::MAX; fbas.node_count()];
        for (index, class) in classes.iter().enumerate() {
            class.members.iter().for_each(|node| class_of[node.index()] = index);
        }
        Encoding { fbas, classes, formula: Formula::new(), class_of }
    }

    /// No demands yet, and per class how its members are charged.
    pub fn by_charge(fbas: &'a Fbas, charges: &Charges) -> (Self, Vec<Charge>) {
        let colours = charges.colours(fbas);
        let encoding = Encoding::new(fbas, |node| colours[node.index()]);
        let charges = encoding.charge_of_classes(&colours);
        (encoding, charges)
    }

    /// A new unknown set.
    pub fn side(&mut self) -> Side {
        let counts = self.classes.iter().map(|class| chain(&mut self.formula, class.members.len())).collect();
        self.side_of(counts)
    }

    /// The set of these numbers.
    pub fn side_of(&self, counts: Vec<Unary>) -> Side {
        let sets = self.fbas.quorum_sets().len();
        Side { counts, satisfied: vec![None; sets], broken: vec![None; sets] }
    }

    /// The class of an alive node.
    pub fn class_of(&self, node: NodeId) -> usize {
        self.class_of[node.index()]
    }

    /// The own quorum set of a class's members, if it is known.
    pub fn quorum_set_of(&self, class: usize) -> Option<QuorumSetId> {
        match self.classes[class].requirement {
            Requirement::Known(id) => Some(id),
            Requirement::Free | Requirement::Dead => None,
        }
    }

    /// The classes with a known quorum set, and that set.
    pub fn known_classes(&self) -> Vec<(usize, QuorumSetId)> {
        (0..self.classes.len()).filter_map(|class| Some((class, self.quorum_set_of(class)?))).collect()
    }

    /// A literal that is true only if the side satisfies the quorum set.
    pub fn satisfied(&mut self, side: &mut Side, id: QuorumSetId) -> Lit {
        if let Some(literal) = side.satisfied[id.index()] {
            return literal;
        }
        let fbas = self.fbas;
        let set = fbas.quorum_sets().get(id);
        let mut parts = self.validator_counts(&set.validators, &side.counts);
        for &inner in &set.inner {
            parts.push(vec![self.satisfied(side, inner)]);
        }
        let literal = self.at_least(&parts, set.threshold);
        side.satisfied[id.index()] = Some(literal);
        literal
    }

    /// A literal that is true only if the side does not satisfy the quorum set.
    pub fn broken(&mut self, side: &mut Side, id: QuorumSetId) -> Lit {
        if let Some(literal) = side.broken[id.index()] {
            return literal;
        }
        let fbas = self.fbas;
        let set = fbas.quorum_sets().get(id);
        let missing: Vec<Unary> = side.counts.iter().map(complement).collect();
        let mut parts = self.validator_counts(&set.validators, &missing);
        for &inner in &set.inner {
            parts.push(vec![self.broken(side, inner)]);
        }
        let literal = self.at_least(&parts, (set.entry_count() as u64 + 1).saturating_sub(set.threshold));
        side.broken[id.index()] = Some(literal);
        literal
    }

    /// Demands that the known members of the side are satisfied by it and that it has a known member: a quorum.
    pub fn demand_quorum(&mut self, side: &mut Side) {
        let known = self.known_classes();
        for &(class, id) in &known {
            let satisfied = self.satisfied(side, id);
            self.formula.implies(side.counts[class][0], satisfied);
        }
        self.formula.clause(known.into_iter().map(|(class, _)| side.counts[class][0]));
    }

    /// Demands that the side does not contain the set, nor any image of it under exchange of nodes.
    pub fn clause_against(&self, side: &Side, set: &NodeSet) -> Vec<Lit> {
        let mut members = vec![0usize; self.classes.len()];
        set.iter().for_each(|node| members[self.class_of[node.index()]] += 1);
        let contained = members.iter().zip(&side.counts).filter(|(&count, _)| count > 0);
        contained.map(|(&count, counts)| !counts[count - 1]).collect()
    }

    /// The set that a model gives the side: the first members of each class.
    pub fn decode(&self, side: &Side, model: &Model) -> NodeSet {
        let members = self.classes.iter().zip(&side.counts);
        let chosen = members.flat_map(|(class, counts)| &class.members[..model.count(counts)]);
        NodeSet::of(self.fbas.node_count(), chosen.copied())
    }

    /// Per class, how its members are charged.
    pub fn charge_of_classes(&self, colours: &[Charge]) -> Vec<Charge> {
        self.classes.iter().map(|class| colours[class.members[0].index()]).collect()
    }

    /// How many of the listed validators each class contributes, as numbers; all members of a class are listed equally often.
    fn validator_counts(&self, validators: &[NodeId], counts: &[Unary]) -> Vec<Unary> {
        let mut entries: Vec<(usize, usize)> = Vec::new();
        for node in validators {
            let class = self.class_of[node.index()];
            match entries.iter_mut().find(|(known, _)| *known == class) {
                Some((_, count)) => *count += 1,
                None => entries.push((class, 1)),
            }
        }
        let number = |(class, entries): (usize, usize)| {
            let times = entries / self.classes[class].members.len();
            counts[class].iter().flat_map(|&literal| std::iter::repeat_n(literal, times)).collect()
        };
        entries.into_iter().map(number).collect()
    }

    /// A literal that is true only if the numbers add up to `wanted`.
    fn at_least(&mut self, parts: &[Unary], wanted: u64) -> Lit {
        let total: usize = parts.iter().map(Vec::len).sum();
        if wanted == 0 {
            return self.formula.truth();
        }
        if wanted > total as u64 {
            return !self.formula.truth();
        }
        let wanted = wanted as usize;
        if wanted == total {
            let all = self.formula.variable();
            parts.iter().filter_map(|part| part.last()).for_each(|&last| self.formula.implies(all, last));
            return all;
        }
        if wanted == 1 {
            let any = self.formula.variable();
            let firsts = parts.iter().filter_map(|part| part.first().copied());
            self.formula.clause([!any].into_iter().chain(firsts));
            return any;
        }
        demand(&mut self.formula, parts, wanted)[wanted - 1]
    }
}

/// How many members of a class are *not* in a set, from how many are.
pub fn complement(counts: &Unary) -> Unary {
    counts.iter().rev().map(|&literal| !literal).collect()
}
