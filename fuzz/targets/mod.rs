//! What is fuzzed: a function a target, from bytes to assertions. Libfuzzer calls them, and `cargo test` does, over the committed seeds.

mod analyses;
mod small;
#[path = "../../tests/support/mod.rs"]
#[allow(dead_code)]
mod support;
mod texts;

pub use analyses::{encodings, reduction};
pub use texts::{parse, preprocess};
