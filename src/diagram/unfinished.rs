//! Why a diagram, or what is counted on one, was not finished.

use crate::budget::Stop;

/// Why a diagram was not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfinished {
    /// It would take more nodes or levels than allowed.
    #[error("the decision diagram grew too large")]
    TooLarge,
    /// The budget ended.
    #[error(transparent)]
    Stopped(#[from] Stop),
}
