//! What is known of a smallest set of some kind: its size, and an example.

use crate::known::Known;

/// What is known of the size of a smallest set of some kind, in nodes or groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Proven: a smallest set has so many members.
    Exactly(u32),
    /// Proven: no such set exists.
    NoSet,
    /// Not proven: the budget ended first.
    Between {
        /// Proven: no set is smaller than this.
        lower: u32,
        /// The size of the smallest set known, if any is known.
        best: Option<u32>,
    },
}

impl Default for Size {
    /// Nothing is known.
    fn default() -> Self {
        Size::Between { lower: 0, best: None }
    }
}

impl Size {
    /// What a search came to.
    fn of(known: &Known<impl Sized>) -> Self {
        match known.upper() {
            Some(size) if known.is_proven() => Size::Exactly(size),
            None if known.is_proven() => Size::NoSet,
            best => Size::Between { lower: known.lower(), best },
        }
    }

    /// The size of the smallest set known; absent: none is known, or none exists.
    pub fn smallest_known(self) -> Option<u32> {
        match self {
            Size::Exactly(size) => Some(size),
            Size::NoSet => None,
            Size::Between { best, .. } => best,
        }
    }

    /// Proven: no set is smaller than this. It is 0 where no set exists.
    pub fn lower_bound(self) -> u32 {
        match self {
            Size::Exactly(size) => size,
            Size::NoSet => 0,
            Size::Between { lower, .. } => lower,
        }
    }

    /// Whether the size is proven, or that there is none.
    pub fn is_exact(self) -> bool {
        !matches!(self, Size::Between { .. })
    }

    /// Whether the example of a later answer to the same question is to be taken instead of that of this one.
    pub(super) fn yields_to(self, later: Size) -> bool {
        let is_smaller = match (later.smallest_known(), self.smallest_known()) {
            (Some(later), Some(known)) => later <= known,
            (later, known) => later.is_some() || known.is_none(),
        };
        later.is_exact() || (!self.is_exact() && is_smaller)
    }

    /// What is known from this and from another answer to the same question.
    pub(super) fn and(self, other: Size) -> Size {
        match (self, other) {
            (Size::Between { lower: a, best: x }, Size::Between { lower: b, best: y }) => {
                match (a.max(b), x.into_iter().chain(y).min()) {
                    (lower, Some(best)) if best <= lower => Size::Exactly(best),
                    (lower, best) => Size::Between { lower, best },
                }
            }
            (Size::Between { .. }, exact) | (exact, _) => exact,
        }
    }
}

/// What a search for a smallest set came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smallest<W> {
    /// The size of a smallest set.
    pub size: Size,
    /// The smallest one known, with all that shows what it does.
    pub example: Option<W>,
}

impl<W> Smallest<W> {
    /// What the search knows at its end.
    pub(super) fn of(known: Known<W>) -> Self {
        Smallest { size: Size::of(&known), example: known.into_best().map(|(_, example)| example) }
    }

    /// The smallest one known, with its size.
    pub(super) fn best(&self) -> Option<(u32, &W)> {
        self.size.smallest_known().zip(self.example.as_ref())
    }

    /// The same of another search that has the same answer but for who is in it, unless what is made of the example is none there.
    pub(super) fn map<V>(&self, example: impl FnOnce(&W) -> Option<V>) -> Option<Smallest<V>> {
        let example = match &self.example {
            Some(known) => Some(example(known)?),
            None => None,
        };
        Some(Smallest { size: self.size, example })
    }

    /// Takes over what a later answer to the same question knows better.
    pub(super) fn refine(&mut self, later: Self) {
        if self.size.yields_to(later.size) {
            self.example = later.example;
        }
        self.size = self.size.and(later.size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_answers_that_prove_nothing_alone_can_prove_the_size_together() {
        let (above, below) =
            (Size::Between { lower: 1, best: Some(3) }, Size::Between { lower: 3, best: Some(5) });
        assert_eq!((above.and(below), below.and(above)), (Size::Exactly(3), Size::Exactly(3)));
        let apart = Size::Between { lower: 2, best: None };
        assert_eq!(apart.and(above), Size::Between { lower: 2, best: Some(3) });
        for exact in [Size::Exactly(3), Size::NoSet] {
            assert_eq!((exact.and(Size::default()), Size::default().and(exact)), (exact, exact));
        }
    }
}
