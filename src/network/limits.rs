//! How much is read: limits on the shape of a text, and on how many values it may have before any of them takes memory.
//!
//! A text is bounded by its length, but what is made of it is larger: a digit and a comma become a value of 72 bytes. So values are counted
//! first, in one pass over the bytes, where a text is long enough to have too many.

use super::error::InputError;

/// Deepest nesting of quorum sets that is read. stellar-core itself accepts 5 levels.
pub const MAX_NESTING: usize = 32;
/// Most levels of quorum sets that stellar-core accepts: it counts them from 0 to `MAXIMUM_QUORUM_NESTING_LEVEL`, which is 4.
pub(super) const STELLAR_CORE_LEVELS: usize = 5;
/// Largest threshold: the largest integer that JavaScript's numbers express exactly.
pub const MAX_THRESHOLD: u64 = (1 << 53) - 1;
/// Longest public key or organisation id, in bytes. Stellar's have 56.
pub const MAX_KEY_BYTES: usize = 1024;
/// Most nodes in one network, those that are named but not listed included: sets of nodes are bit sets, and some questions look at one
/// for each node.
pub const MAX_NODES: usize = 100_000;
/// Most values in one JSON text, at any depth: a number, string, list or name of a property counts as one, an object as four, as it takes
/// memory. No text that is read takes more than a gigabyte.
pub const MAX_VALUES: usize = 8 << 20;
/// Most entries of one quorum set, inner ones counted as one each. stellar-core accepts 1,000 validators in all; bounds on what a set costs
/// take time and memory in the square of its entries.
pub const MAX_SET_ENTRIES: usize = 4096;
/// Most entries of quorum sets in all, when shared quorum sets are written out for every node that has them.
pub const MAX_ENTRIES: usize = 1 << 20;

/// Refuses a text with too many values.
pub(crate) fn check_values(text: &[u8], root: &str) -> Result<(), InputError> {
    // No byte stands for more than four.
    if text.len() * 4 > MAX_VALUES && count_values(text) > MAX_VALUES {
        return Err(InputError::new(root, format!("expected at most {MAX_VALUES} values in one JSON text")));
    }
    Ok(())
}

/// Refuses a quorum set with too many entries.
pub(super) fn check_entries(count: usize) -> Result<(), String> {
    if count > MAX_SET_ENTRIES {
        return Err(format!("{count} entries, expected at most {MAX_SET_ENTRIES} in one quorum set"));
    }
    Ok(())
}

/// How many values a JSON text has at most: every one stands behind a comma or a colon or at the start of a list or the text.
fn count_values(text: &[u8]) -> usize {
    let (mut count, mut is_in_string, mut is_escaped) = (1, false, false);
    for &byte in text {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = is_in_string,
            b'"' => is_in_string = !is_in_string,
            b',' | b':' | b'[' if !is_in_string => count += 1,
            b'{' if !is_in_string => count += 4,
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_outside_of_strings_only() {
        for (text, count) in [
            ("0", 1),
            ("[0]", 2),
            ("[0,[0,0]]", 5),
            (r#"{"a":{"b":1,"c":2}}"#, 13),
            (r#"["a,b,[{", "\\", ",\"[{,"]"#, 4),
        ] {
            assert_eq!(count_values(text.as_bytes()), count, "{text}");
        }
    }
}
