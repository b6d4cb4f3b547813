//! The two formulas of which one set of nodes is the solution: that it contains a quorum, and that somebody is blocked by it.

use super::encoding::{complement, Encoding, Side};
use crate::analysis::cost::charges::{Charge, Charges};
use crate::network::Fbas;
use crate::sat::counter::Unary;

/// Demands a quorum; with its members, and per class how many they are.
pub fn quorum<'a>(fbas: &'a Fbas, charges: &Charges) -> (Encoding<'a>, Side, Vec<(Charge, Unary)>) {
    let (mut encoding, charges) = Encoding::by_charge(fbas, charges);
    let mut side = encoding.side();
    encoding.demand_quorum(&mut side);
    let chosen = charges.into_iter().zip(side.counts.iter().cloned()).collect();
    (encoding, side, chosen)
}

/// Demands that some node's quorum set is broken by nodes that are missing, or that nobody who is known is left; with the nodes that stay
/// up, and per class how many are missing.
pub fn blocking<'a>(fbas: &'a Fbas, charges: &Charges) -> (Encoding<'a>, Side, Vec<(Charge, Unary)>) {
    let (mut encoding, charges) = Encoding::by_charge(fbas, charges);
    // The nodes that stay up; the blocking set is what is missing.
    let mut up = encoding.side();
    let mut blocked_first = Vec::new();
    for (class, id) in encoding.known_classes() {
        let is_first = encoding.formula.variable();
        let broken = encoding.broken(&mut up, id);
        encoding.formula.implies(is_first, up.counts[class][0]);
        encoding.formula.implies(is_first, broken);
        blocked_first.push(is_first);
    }
    // Or nobody who is known stays up.
    let everybody = encoding.formula.variable();
    for (class, _) in encoding.known_classes() {
        encoding.formula.implies(everybody, !up.counts[class][0]);
    }
    encoding.formula.clause(blocked_first.into_iter().chain([everybody]));
    let missing = charges.into_iter().zip(up.counts.iter().map(complement)).collect();
    (encoding, up, missing)
}
