//! What a SAT solver must be able to do to be used here. Each one is a file of its own that implements [`Engine`].

use std::time::Duration;

/// A SAT solver. It decides clauses as they are and from the beginning: what runs it simplifies formulas, watches the budget and checks
/// models.
pub trait Engine: Sync {
    /// Decides whether the clauses have a model, within this time. Variables count from 1; a negative number negates.
    ///
    /// The same clauses lead to the same model, whatever the limit. Panics do not leave it. Where a proof is asked for, an answer that
    /// there is no model comes with one.
    fn decide(
        &self,
        clauses: &[Vec<i32>],
        is_proof_asked: bool,
        limit: Option<Duration>,
    ) -> Result<Decided, EngineError>;
}

/// What a search came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// The literals that are true in a model; a variable that is not among them is false.
    Satisfiable(Vec<i32>),
    /// There is no model; with the proof in the DRAT format, if one was asked for.
    Unsatisfiable(Option<String>),
}

/// Why a search came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The limit ended first.
    #[error("the time of the search ran out")]
    OutOfTime,
    /// The solver failed.
    #[error("{0}")]
    Failed(String),
}
