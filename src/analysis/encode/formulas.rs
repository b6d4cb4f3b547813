//! Formulas about one unknown set of nodes: that it is a quorum, and that the nodes missing from it block somebody.

use super::encoding::{Encoding, Side};
use crate::analysis::cost::charges::{Charges, Chosen};
use crate::budget::Budget;
use crate::network::Fbas;
use crate::sat::counter::Unary;

/// Demands a quorum. Returned with the encoding: its members, and per class how they are charged and how many they are.
pub fn quorum<'a>(fbas: &'a Fbas, charges: &Charges, budget: &Budget) -> (Encoding<'a>, Side, Vec<Chosen>) {
    let (mut encoding, charges) = Encoding::by_charge(fbas, charges, budget);
    let mut side = encoding.side();
    encoding.demand_quorum(&mut side);
    let chosen = encoding.chosen(&charges, side.counts.iter().cloned());
    (encoding, side, chosen)
}

/// Demands that [somebody is blocked first](demand_blocked). Returned with the encoding: the nodes that stay up, and per class how they are
/// charged and how many are missing.
pub fn blocking<'a>(fbas: &'a Fbas, charges: &Charges, budget: &Budget) -> (Encoding<'a>, Side, Vec<Chosen>) {
    let (mut encoding, charges) = Encoding::by_charge(fbas, charges, budget);
    // The nodes that stay up; the blocking set is what is missing.
    let mut up = encoding.side();
    demand_blocked(&mut encoding, &mut up);
    let missing = encoding.chosen(&charges, up.counts.iter().map(Unary::complement));
    (encoding, up, missing)
}

/// Demands what holds wherever no quorum is left among the nodes that stay up: somebody is blocked first, that is, some known node stays up
/// whose quorum set the missing nodes break; or no known node stays up. It is not enough: the others may still be a quorum.
pub fn demand_blocked(encoding: &mut Encoding, up: &mut Side) {
    let mut blocked_first = Vec::new();
    for (class, id) in encoding.known_classes() {
        let is_first = encoding.formula.variable();
        let broken = encoding.broken(up, id);
        encoding.formula.implies(is_first, up.first(class));
        encoding.formula.implies(is_first, broken);
        blocked_first.push(is_first);
    }
    let nobody_is_left = encoding.formula.variable();
    for (class, _) in encoding.known_classes() {
        encoding.formula.implies(nobody_is_left, !up.first(class));
    }
    encoding.formula.clause(blocked_first.into_iter().chain([nobody_is_left]));
}
