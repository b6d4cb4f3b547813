//! Why an analysis gave no answer.

use crate::budget::Stop;
use crate::diagram::Unfinished;
use crate::known::Known;
use crate::sat::SolverError;

/// Why an analysis gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnalysisError {
    /// The budget ended first.
    #[error(transparent)]
    Stopped(#[from] Stop),
    /// The budget ended first, when the size in question was known to lie between these bounds.
    #[error("{stop}: the size is {}at least {lower}", .upper.map(|upper| format!("at most {upper}, ")).unwrap_or_default())]
    StoppedBetween {
        /// Why it ended.
        stop: Stop,
        /// Proven: the size is not smaller.
        lower: u32,
        /// The size of the smallest set known, if any.
        upper: Option<u32>,
    },
    /// All minimal sets were asked for, and more nodes or groups could be in one than a list is possible of.
    #[error("all minimal sets can be listed where at most {most} nodes or groups can be in one, and here {members} can")]
    TooManyToList {
        /// How many can be in a minimal set.
        members: u32,
        /// How many may be.
        most: u32,
    },
    /// A proof was asked for that would take a formula of too many clauses.
    #[error("a proof takes a formula of more than {most} clauses")]
    TooLargeToProve {
        /// How many it may have.
        most: usize,
    },
    /// A defect of this package: an answer failed its check, or the solver failed.
    #[error("internal error: {0}")]
    Internal(String),
}

impl AnalysisError {
    /// The same, naming the bounds if the budget ended.
    pub(super) fn with_bounds<W>(self, known: &Known<W>) -> AnalysisError {
        match self {
            AnalysisError::Stopped(stop) => {
                AnalysisError::StoppedBetween { stop, lower: known.lower(), upper: known.upper() }
            }
            other => other,
        }
    }

    /// The same where bounds of one size would say nothing about the whole.
    pub(super) fn without_bounds(self) -> AnalysisError {
        match self {
            AnalysisError::StoppedBetween { stop, .. } => AnalysisError::Stopped(stop),
            other => other,
        }
    }

    /// Whether the budget ended first.
    pub fn is_stopped(&self) -> bool {
        matches!(self, AnalysisError::Stopped(_) | AnalysisError::StoppedBetween { .. })
    }
}

impl From<SolverError> for AnalysisError {
    fn from(error: SolverError) -> Self {
        match error {
            SolverError::Stopped(stop) => AnalysisError::Stopped(stop),
            SolverError::Failed(_) => AnalysisError::Internal(error.to_string()),
        }
    }
}

impl From<Unfinished> for AnalysisError {
    fn from(unfinished: Unfinished) -> Self {
        match unfinished {
            Unfinished::Stopped(stop) => AnalysisError::Stopped(stop),
            Unfinished::TooLarge => AnalysisError::Internal(unfinished.to_string()),
        }
    }
}
