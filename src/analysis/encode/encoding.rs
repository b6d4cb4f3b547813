//! Sets of nodes as formulas: how many members of each class of exchangeable nodes are in a set, and whether the set
//! satisfies a quorum set.
//!
//! Members of a class are taken in order, so "at least i" is one literal and a formula never tells symmetric sets apart. All gates are
//! one-sided (Plaisted and Greenbaum, "A structure-preserving clause form translation", 1986): "satisfied" implies that the
//! threshold is reached, "broken" that it cannot be; neither says anything where it is false.

use crate::analysis::cost::charges::{Charge, Charges, Chosen};
use crate::budget::Budget;
use crate::network::{ClassId, Classes, Fbas, NodeId, NodeSet, QuorumSetId, Requirement};
use crate::sat::counter::{demand, number, AtLeast, Unary};
use crate::sat::{Formula, Lit, Model};

/// A formula about sets of nodes of one system.
pub struct Encoding<'a> {
    /// The system.
    pub fbas: &'a Fbas,
    /// Its nodes in classes of exchangeable ones.
    pub classes: Classes,
    /// What is demanded so far.
    pub formula: Formula,
}

/// An unknown set of nodes: per class, "at least i + 1 members are in it".
pub struct Side {
    /// One number a class.
    pub counts: Vec<Unary>,
    satisfied: Vec<Option<Lit>>,
    broken: Vec<Option<Lit>>,
}

impl Side {
    /// True exactly if a member of the class is in it.
    pub fn first(&self, class: ClassId) -> Lit {
        self.counts[class.index()][0]
    }
}

impl<'a> Encoding<'a> {
    /// No demands yet; they are written down as long as the budget lasts. Nodes of one class must also have the same colour.
    pub fn new<C: Ord>(fbas: &'a Fbas, colour: impl Fn(NodeId) -> C, budget: &Budget) -> Self {
        Encoding { fbas, classes: Classes::new(fbas, colour), formula: Formula::under(budget) }
    }

    /// No demands yet; members of a class are charged alike. Also returns how each node is charged.
    pub fn by_charge(fbas: &'a Fbas, charges: &Charges, budget: &Budget) -> (Self, Vec<Charge>) {
        let colours = charges.colours(fbas);
        (Encoding::new(fbas, |node| colours[node.index()], budget), colours)
    }

    /// A new unknown set.
    pub fn side(&mut self) -> Side {
        let counts =
            self.classes.iter().map(|class| number(&mut self.formula, class.members.len())).collect();
        self.side_of(counts)
    }

    /// The set of these numbers.
    pub fn side_of(&self, counts: Vec<Unary>) -> Side {
        let sets = self.fbas.quorum_sets().len();
        Side { counts, satisfied: vec![None; sets], broken: vec![None; sets] }
    }

    /// The own quorum set of a class's members, if it is known.
    pub fn quorum_set_of(&self, class: ClassId) -> Option<QuorumSetId> {
        match self.classes[class].requirement {
            Requirement::Known(id) => Some(id),
            Requirement::Free | Requirement::Dead => None,
        }
    }

    /// The classes with a known quorum set, and that set.
    pub fn known_classes(&self) -> Vec<(ClassId, QuorumSetId)> {
        self.classes.ids().filter_map(|class| Some((class, self.quorum_set_of(class)?))).collect()
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
            parts.push(AtLeast::of(self.satisfied(side, inner)));
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
        let missing: Vec<Unary> = side.counts.iter().map(Unary::complement).collect();
        let mut parts = self.validator_counts(&set.validators, &missing);
        for &inner in &set.inner {
            parts.push(AtLeast::of(self.broken(side, inner)));
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
            self.formula.implies(side.first(class), satisfied);
        }
        self.formula.clause(known.into_iter().map(|(class, _)| side.first(class)));
    }

    /// Demands that the side does not contain the set, nor any image of it under exchange of nodes.
    pub fn clause_against(&self, side: &Side, set: &NodeSet) -> Vec<Lit> {
        let members = self.classes.tally(set.iter());
        members.into_iter().map(|(class, count)| !side.counts[class.index()][count - 1]).collect()
    }

    /// The set that a model gives the side: the first members of each class.
    pub fn decode(&self, side: &Side, model: &Model) -> NodeSet {
        let members = self.classes.iter().zip(&side.counts);
        let chosen = members.flat_map(|(class, counts)| &class.members[..model.count(counts)]);
        NodeSet::of(self.fbas.node_count(), chosen.copied())
    }

    /// So many members of each class, where the members of a class are charged alike: `charges` are those of the nodes.
    pub fn chosen(&self, charges: &[Charge], numbers: impl IntoIterator<Item = Unary>) -> Vec<Chosen> {
        let charge = |class| charges[self.classes[class].first().index()];
        let numbered = self.classes.ids().zip(numbers);
        numbered.map(|(class, number)| Chosen { class, charge: charge(class), number }).collect()
    }

    /// How many of the listed validators each class contributes, as numbers; all members of a class are listed equally often.
    fn validator_counts(&self, validators: &[NodeId], counts: &[Unary]) -> Vec<AtLeast> {
        let number = |(class, entries): (ClassId, usize)| {
            let times = entries / self.classes[class].members.len();
            AtLeast::from(&counts[class.index()]).times(times)
        };
        self.classes.tally(validators.iter().copied()).into_iter().map(number).collect()
    }

    /// A literal that is true only if the numbers add up to `wanted`.
    fn at_least(&mut self, parts: &[AtLeast], wanted: u64) -> Lit {
        let total: usize = parts.iter().map(AtLeast::most).sum();
        if wanted == 0 {
            return self.formula.truth();
        }
        if wanted > total as u64 {
            return !self.formula.truth();
        }
        let wanted = wanted as usize;
        if wanted == total {
            let all = self.formula.variable();
            let lasts = parts.iter().filter_map(AtLeast::reaches_most);
            lasts.for_each(|last| self.formula.implies(all, last));
            return all;
        }
        if wanted == 1 {
            let any = self.formula.variable();
            let firsts = parts.iter().filter_map(|part| part.reaches(1));
            self.formula.clause([!any].into_iter().chain(firsts));
            return any;
        }
        let sum = demand(&mut self.formula, parts, wanted);
        sum.reaches(wanted).unwrap_or_else(|| !self.formula.truth())
    }
}
