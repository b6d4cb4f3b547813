//! What is remembered of a network: the answers that were asked for last, in a bounded amount of memory.

use std::sync::{Mutex, PoisonError};

/// How many are remembered. A report needs four groupings, and four views.
const MOST_REMEMBERED: usize = 8;

/// The values of the keys that were asked for last.
#[derive(Debug)]
pub(super) struct Remembered<K, V>(Mutex<Vec<(K, V)>>);

impl<K, V> Default for Remembered<K, V> {
    fn default() -> Self {
        Remembered(Mutex::default())
    }
}

impl<K: PartialEq, V: Clone> Remembered<K, V> {
    /// The value of the key, made if it is not remembered.
    pub fn get(&self, key: K, make: impl FnOnce(&K) -> V) -> V {
        let remembered = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = remembered().iter().find(|(known, _)| *known == key).map(|(_, value)| value.clone());
        // Made without holding the lock: two calls at once may both make it.
        let value = known.unwrap_or_else(|| make(&key));
        let mut remembered = remembered();
        remembered.retain(|(known, _)| *known != key);
        remembered.push((key, value.clone()));
        if remembered.len() > MOST_REMEMBERED {
            remembered.remove(0);
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_last_is_made_once_and_no_more_is_kept() {
        let remembered: Remembered<usize, usize> = Remembered::default();
        let made = std::cell::Cell::new(0);
        let get = |key| {
            remembered.get(key, |key| {
                made.set(made.get() + 1);
                key * key
            })
        };
        for key in 0..MOST_REMEMBERED {
            assert_eq!((get(key), get(key), get(0)), (key * key, key * key, 0));
        }
        assert_eq!(made.get(), MOST_REMEMBERED);
        // 1 was asked for the longest time ago.
        assert_eq!(get(MOST_REMEMBERED), MOST_REMEMBERED * MOST_REMEMBERED);
        assert_eq!((get(0), made.get()), (0, MOST_REMEMBERED + 1));
        assert_eq!((get(1), made.get()), (1, MOST_REMEMBERED + 2));
    }
}
