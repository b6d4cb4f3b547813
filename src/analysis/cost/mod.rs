//! What nodes cost, alone and together, and lower bounds on what satisfies or breaks a quorum set.

pub mod bounds;
pub mod charges;
pub mod items;
