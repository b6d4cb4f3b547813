//! Finds the fewest units (nodes or groups) that suffice for something, where every set that contains sufficient units suffices, too. It
//! decides instead of searching. Asked about a set of units, the caller answers that they suffice, or names units of which every sufficient
//! set has at least one. A smallest set that hits all such answers bounds the size from below; if it suffices, it is the answer (an implicit
//! hitting set in the sense of Moreno-Centeno and Karp, 2013).

use std::cmp::Reverse;

use crate::analysis::error::AnalysisError;
use crate::known::Known;
use crate::network::sorting::{sort_by, sort_by_key};

/// Some of up to 128 units, the i-th by bit i.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Units(u128);

impl Units {
    /// The units of these numbers.
    pub fn of(numbers: impl IntoIterator<Item = usize>) -> Self {
        Units(numbers.into_iter().fold(0, |bits, number| bits | 1 << number))
    }

    /// Whether the unit is one of them.
    pub fn contains(self, unit: usize) -> bool {
        self.0 >> unit & 1 == 1
    }

    /// These and one more.
    pub fn with(self, unit: usize) -> Self {
        Units(self.0 | 1 << unit)
    }

    /// The numbers of the units, ascending.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let first = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(first)
        })
    }

    fn len(self) -> u32 {
        self.0.count_ones()
    }

    fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn is_disjoint(self, other: Units) -> bool {
        self.0 & other.0 == 0
    }

    fn union(self, other: Units) -> Units {
        Units(self.0 | other.0)
    }

    fn difference(self, other: Units) -> Units {
        Units(self.0 & !other.0)
    }
}

/// How often each of some units or nodes was among those of which one is needed. A new need that is kept free of those that are in many says
/// most: the fewer units needs share, the more it takes to meet them all.
pub struct Needed(Vec<u32>);

impl Needed {
    /// Of so many, none of which was needed so far.
    pub fn new(count: usize) -> Self {
        Needed(vec![0; count])
    }

    /// One of these is needed.
    pub fn note(&mut self, need: impl IntoIterator<Item = usize>) {
        need.into_iter().for_each(|unit| self.0[unit] += 1);
    }

    /// All of them, first those that were needed most often.
    pub fn most_often_first(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.0.len()).collect();
        sort_by_key(&mut order, |&unit| Reverse(self.0[unit]));
        order
    }
}

/// Looks for the fewest of so many units until they are proven, or until that has taken too many steps. `decide` offers what it finds to `known`;
/// about units that will not do it returns those of which one is needed, too, if possible without those that come first in the order that it gets.
/// Each of `alike` are units that can be exchanged for one another: what suffices still does.
pub fn fewest<W>(
    units: usize,
    most_steps: usize,
    alike: &[Units],
    known: &mut Known<W>,
    decide: impl FnMut(Units, &[usize], &mut Known<W>) -> Result<Option<Units>, AnalysisError>,
) -> Result<(), AnalysisError> {
    let needed = Needed::new(units);
    let mut search = Search { needs: Vec::new(), needed, steps: 0, most_steps, alike, decide };
    while !known.is_proven() {
        // All sets of so many units are looked at until one will do.
        let size = known.lower();
        let open = search.needs.clone();
        match search.choose(Units::default(), size, Units::default(), open, known)? {
            Chosen::Found => {}
            Chosen::Nothing => known.raise(size + 1),
            Chosen::TooLong => break,
        }
    }
    Ok(())
}

enum Chosen {
    Found,
    Nothing,
    TooLong,
}

struct Search<'a, D> {
    /// Units that will do have one of each of these.
    needs: Vec<Units>,
    needed: Needed,
    steps: usize,
    most_steps: usize,
    alike: &'a [Units],
    decide: D,
}

impl<D> Search<'_, D> {
    /// Chooses `left` more units at most, none of the barred ones, that will do together with those chosen; `open` are the needs that these do
    /// not meet.
    fn choose<W>(
        &mut self,
        chosen: Units,
        left: u32,
        mut barred: Units,
        mut open: Vec<Units>,
        known: &mut Known<W>,
    ) -> Result<Chosen, AnalysisError>
    where
        D: FnMut(Units, &[usize], &mut Known<W>) -> Result<Option<Units>, AnalysisError>,
    {
        known.budget().check()?;
        self.steps += 1;
        if self.steps > self.most_steps {
            return Ok(Chosen::TooLong);
        }
        if open.is_empty() {
            let order = self.needed.most_often_first();
            let Some(need) = (self.decide)(chosen, &order, known)? else { return Ok(Chosen::Found) };
            if need.is_empty() {
                // Not even all of them will do.
                known.prove();
            }
            self.needed.note(need.iter());
            self.needs.push(need);
            open.push(need);
        }
        if known.is_proven() {
            return Ok(Chosen::Found);
        }
        if apart(&open, barred) > left {
            return Ok(Chosen::Nothing);
        }
        let mut seen = self.needs.len();
        for unit in by_use(&open, barred) {
            if barred.contains(unit) {
                continue;
            }
            let missed = || open.iter().filter(|need| !need.contains(unit)).copied();
            // The last one has to meet all needs that are left.
            if left > 1 || missed().next().is_none() {
                let missed = missed().collect();
                match self.choose(chosen.with(unit), left - 1, barred, missed, known)? {
                    Chosen::Nothing => {}
                    found => return Ok(found),
                }
                open.extend(self.needs[seen..].iter().filter(|need| need.is_disjoint(chosen)));
                seen = self.needs.len();
            }
            // Whatever has this unit has been looked at, and so has an image of whatever has one like it.
            let like = self.alike.iter().find(|alike| alike.contains(unit)).copied().unwrap_or_default();
            barred = barred.union(like.difference(chosen)).with(unit);
        }
        Ok(Chosen::Nothing)
    }
}

/// How many of these needs, each without the barred units, share none: they take a unit each.
fn apart(needs: &[Units], barred: Units) -> u32 {
    let (mut seen, mut apart) = (Units::default(), 0);
    for need in needs {
        let choice = need.difference(barred);
        if choice.is_disjoint(seen) {
            seen = seen.union(choice);
            apart += 1;
        }
    }
    apart
}

/// The units that the need with the fewest to choose from offers, first those that meet most needs.
fn by_use(needs: &[Units], barred: Units) -> Vec<usize> {
    let choices = needs.iter().map(|need| need.difference(barred));
    let tightest = choices.min_by_key(|choice| choice.len()).unwrap_or_default();
    let uses = |unit: usize| needs.iter().filter(|need| need.contains(unit)).count();
    let mut units: Vec<(usize, usize)> = tightest.iter().map(|unit| (uses(unit), unit)).collect();
    sort_by(&mut units, |a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    units.into_iter().map(|(_, unit)| unit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;

    #[test]
    fn the_fewest_units_are_those_that_trying_all_finds() {
        let mut random = fastrand::Rng::with_seed(1);
        let mut sizes = [0; 10];
        for _ in 0..2_000 {
            // What will do meets each of some sets, and sometimes nothing will do.
            let count = random.usize(1..9);
            let any = |random: &mut fastrand::Rng| {
                Units((0..count).filter(|_| random.u8(..3) == 0).fold(0, |all, unit| all | 1 << unit))
            };
            let mut sets: Vec<Units> = (0..random.usize(0..7)).map(|_| any(&mut random)).collect();
            // Sometimes the first units can be exchanged for one another: every set has its images.
            let first = Units((1 << random.usize(0..=count.min(4))) - 1);
            let alike = if random.bool() { vec![first] } else { Vec::new() };
            for _ in alike.iter().flat_map(|_| first.iter()) {
                for pair in first.iter().zip(first.iter().skip(1)) {
                    let swapped = |&Units(bits): &Units| {
                        let (a, b) = (bits >> pair.0 & 1, bits >> pair.1 & 1);
                        Units(bits & !(1 << pair.0 | 1 << pair.1) | a << pair.1 | b << pair.0)
                    };
                    let images: Vec<Units> = sets.iter().map(swapped).collect();
                    sets.extend(images);
                    sets.sort_unstable_by_key(|set| set.0);
                    sets.dedup();
                }
            }
            let will_do = |units: Units| sets.iter().all(|set| !set.is_disjoint(units));
            let expected =
                (0..1u128 << count).map(Units).filter(|&units| will_do(units)).map(Units::len).min();
            let budget = Budget::unlimited();
            let mut known: Known<Units> = Known::unwatched(&budget);
            let found = fewest(count, usize::MAX, &alike, &mut known, |units, _, known| {
                if will_do(units) {
                    known.offer(units.len(), units);
                    return Ok(None);
                }
                Ok(sets.iter().copied().find(|set| set.is_disjoint(units)))
            });
            assert_eq!(found, Ok(()));
            assert!(known.is_proven());
            assert_eq!(known.upper(), expected, "{sets:?}");
            assert!(known.best().is_none_or(|&(cost, units)| units.len() == cost && will_do(units)));
            sizes[expected.map_or(9, |size| size as usize)] += 1;
        }
        assert!(sizes[0] > 0 && sizes[1] > 0 && sizes[3] > 0 && sizes[9] > 0, "all kinds occur: {sizes:?}");
    }

    #[test]
    fn who_is_needed_most_often_comes_first_in_what_is_asked_next() {
        // Any two of five will do. The first need is all but the first unit.
        let budget = Budget::unlimited();
        let mut known: Known<Units> = Known::unwatched(&budget);
        let mut orders = Vec::new();
        let found = fewest(5, usize::MAX, &[], &mut known, |units, order, known| {
            if units.len() == 2 {
                known.offer(2, units);
                return Ok(None);
            }
            orders.push(order.to_vec());
            Ok(Some(Units::of((usize::from(units.is_empty())..5).filter(|&unit| !units.contains(unit)))))
        });
        assert_eq!((found, known.upper()), (Ok(()), Some(2)));
        assert_eq!(orders[..2], [vec![0, 1, 2, 3, 4], vec![1, 2, 3, 4, 0]]);
    }

    #[test]
    fn a_limit_on_steps_ends_the_search() {
        let budget = Budget::unlimited();
        let mut known: Known<Units> = Known::unwatched(&budget);
        let found = fewest(99, 3, &[], &mut known, |units, _, _| {
            Ok(Some(Units::of((0..99).filter(|&unit| !units.contains(unit)))))
        });
        assert_eq!((found, known.is_proven()), (Ok(()), false));
    }
}
