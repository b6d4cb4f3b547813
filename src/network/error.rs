//! What can be wrong with input: always with the place and what was expected there.

/// Input that is not a network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {problem}")]
#[non_exhaustive]
pub struct InputError {
    /// Where: a JSON path such as `nodes[3].quorumSet.threshold`.
    pub path: String,
    /// What was found and what was expected.
    pub problem: String,
}

/// Longest excerpt of the input that an error message may carry, in characters.
const LONGEST_MESSAGE: usize = 300;

impl InputError {
    /// An error at a place. Long messages (they may quote the input) are cut.
    pub fn new(path: impl Into<String>, problem: impl std::fmt::Display) -> Self {
        Self { path: shortened(path.into()), problem: shortened(problem.to_string()) }
    }
}

/// A text, cut if it is long.
fn shortened(text: String) -> String {
    match text.char_indices().nth(LONGEST_MESSAGE) {
        Some((cut, _)) => {
            // The end of a serde message says what was expected; keep it.
            let tail: Vec<char> = text.chars().rev().take(100).collect();
            format!("{} … {}", &text[..cut], tail.into_iter().rev().collect::<String>())
        }
        None => text,
    }
}
