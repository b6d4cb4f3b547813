//! Lists a family's sets by size and then by names, one at a time, whatever the order of its levels.

use std::collections::HashMap;
use std::sync::Arc;

use super::family::{Choice, Family};
use crate::budget::{Budget, Stop};

/// How many choices of diagrams are held for later, about; beyond that they are worked out again.
const MOST_HELD: usize = 1 << 21;

/// The sets of a family, still to be listed. A set costs at most a walk over the diagram for each of its names.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    family: Family,
    /// Sizes still to come, descending.
    sizes: Vec<u32>,
    /// The sets of the size at hand.
    of_size: Arc<Family>,
    /// Whether names are in the set at hand, as far as that is decided.
    decided: Vec<(u32, bool)>,
    /// What else there is to decide, the next last.
    open: Vec<Branch>,
}

/// Sets still to be listed that go along with the first so many decisions, and do not have a name.
#[derive(Debug, Clone)]
struct Branch {
    decided: usize,
    without: u32,
    /// These sets; absent: to be worked out again.
    family: Option<Arc<Family>>,
}

impl Listing {
    /// All sets of the family.
    pub fn new(family: Family) -> Self {
        Listing { sizes: family.sizes().into_iter().rev().collect(), family, ..Listing::default() }
    }

    /// The next set: its names, ascending. Where the budget ends first, the next call lists it.
    pub fn next_set(&mut self, budget: &Budget) -> Result<Option<Vec<u32>>, Stop> {
        let branch = self.open.pop();
        let size = if branch.is_none() { self.sizes.pop() } else { None };
        let waiting = self.open.len();
        let next = self.first_of(branch.clone(), size, budget);
        if next.is_err() {
            self.open.truncate(waiting);
            self.open.extend(branch);
            self.sizes.extend(size);
        }
        next
    }

    /// The first set of this branch or of this size; what follows it is left open.
    fn first_of(
        &mut self,
        branch: Option<Branch>,
        size: Option<u32>,
        budget: &Budget,
    ) -> Result<Option<Vec<u32>>, Stop> {
        let mut family = match (branch, size) {
            (Some(Branch { decided, without, family }), _) => {
                self.decided.truncate(decided);
                self.decided.push((without, false));
                family.map_or_else(|| self.worked_out(budget), Ok)?
            }
            (None, Some(size)) => {
                self.decided.clear();
                self.of_size = Arc::new(self.family.of_size(size));
                self.of_size.clone()
            }
            (None, None) => return Ok(None),
        };
        // Sets of one size: the first of them has the least name that any of them has.
        while let Some(first) = family.choices.iter().map(|choice| choice.name).min() {
            budget.check()?;
            let others = family.restricted(first, false);
            if !others.is_empty() {
                let decided = self.decided.len();
                self.open.push(Branch { decided, without: first, family: Some(Arc::new(others)) });
                self.hold_less();
            }
            self.decided.push((first, true));
            family = Arc::new(family.restricted(first, true));
        }
        Ok(Some(self.decided.iter().filter(|(_, is_in)| *is_in).map(|&(name, _)| name).collect()))
    }

    /// The sets that go along with the decisions.
    fn worked_out(&self, budget: &Budget) -> Result<Arc<Family>, Stop> {
        let mut family = self.of_size.clone();
        for &(name, is_in) in &self.decided {
            budget.check()?;
            family = Arc::new(family.restricted(name, is_in));
        }
        Ok(family)
    }

    /// Lets go of diagrams where there are too many, those first that are needed last.
    fn hold_less(&mut self) {
        let mut held = 0;
        for branch in self.open.iter_mut().rev() {
            held += branch.family.as_ref().map_or(0, |family| family.choices.len());
            if held > MOST_HELD {
                branch.family = None;
            }
        }
    }
}

impl Family {
    /// The sets of this size.
    fn of_size(&self, size: u32) -> Family {
        let mut result = Family::default();
        let root = self.add_of_size(self.root, size, &mut HashMap::new(), &mut result);
        result.root = root;
        result
    }

    fn add_of_size(
        &self,
        place: u32,
        size: u32,
        places: &mut HashMap<(u32, u32), u32>,
        result: &mut Family,
    ) -> u32 {
        let Some(&Choice { level, name, absent, present }) = self.choice(place) else {
            return if place == Family::EMPTY_SET && size == 0 { Family::EMPTY_SET } else { Family::NONE };
        };
        if let Some(&known) = places.get(&(place, size)) {
            return known;
        }
        let absent = self.add_of_size(absent, size, places, result);
        let present = match size.checked_sub(1) {
            Some(size) => self.add_of_size(present, size, places, result),
            None => Family::NONE,
        };
        let own = if present == Family::NONE { absent } else { result.push(level, name, absent, present) };
        places.insert((place, size), own);
        own
    }

    /// The sets that have the name, without it; or the sets that do not have it.
    fn restricted(&self, name: u32, is_present: bool) -> Family {
        let level = self.choices.iter().find(|choice| choice.name == name).map(|choice| choice.level);
        let Some(level) = level else {
            return if is_present { Family::default() } else { self.clone() };
        };
        // A way past the level without its question leads to sets that do not have the name.
        let is_past = |place: u32| self.choice(place).is_none_or(|choice| choice.level > level);
        let mut places = vec![Family::NONE, Family::EMPTY_SET];
        let mut result = Family::default();
        let follow = |places: &[u32], place: u32| {
            if is_present && is_past(place) {
                Family::NONE
            } else {
                places[place as usize]
            }
        };
        for choice in &self.choices {
            let place = if choice.level > level {
                result.push(
                    choice.level,
                    choice.name,
                    places[choice.absent as usize],
                    places[choice.present as usize],
                )
            } else if choice.level == level {
                places[if is_present { choice.present } else { choice.absent } as usize]
            } else {
                let (absent, present) = (follow(&places, choice.absent), follow(&places, choice.present));
                if present == Family::NONE {
                    absent
                } else {
                    result.push(choice.level, choice.name, absent, present)
                }
            };
            places.push(place);
        }
        result.root = follow(&places, self.root);
        result.reachable()
    }

    /// The same without what the root does not lead to.
    fn reachable(self) -> Family {
        let mut is_reached = vec![false; self.choices.len() + 2];
        is_reached[self.root as usize] = true;
        for (index, choice) in self.choices.iter().enumerate().rev() {
            if is_reached[index + 2] {
                is_reached[choice.absent as usize] = true;
                is_reached[choice.present as usize] = true;
            }
        }
        let mut places = vec![Family::NONE, Family::EMPTY_SET];
        let mut result = Family::default();
        for (index, choice) in self.choices.iter().enumerate() {
            let (absent, present) = (places[choice.absent as usize], places[choice.present as usize]);
            let is_reached = is_reached[index + 2];
            places.push(if is_reached {
                result.push(choice.level, choice.name, absent, present)
            } else {
                Family::NONE
            });
        }
        result.root = places[self.root as usize];
        result
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    use super::super::Functions;
    use super::*;
    use crate::budget::Budget;

    /// The subsets of 0..6 that contain one of some random sets, and their minimal ones, by trying all.
    fn random_family(random: &mut fastrand::Rng) -> (Vec<u32>, BTreeSet<Vec<u32>>) {
        let members: Vec<u32> = (0..random.usize(..7)).map(|_| random.u32(..64)).collect();
        let contains_one = |set: u32| members.iter().any(|&member| member & !set == 0);
        let is_minimal = |&set: &u32| {
            contains_one(set) && (0..6).all(|bit| set >> bit & 1 == 0 || !contains_one(set & !(1 << bit)))
        };
        let names = |set: u32| (0..6).filter(|bit| set >> bit & 1 == 1).collect();
        let minimal = (0..64).filter(is_minimal).map(names).collect();
        (members, minimal)
    }

    fn all(family: Family) -> Vec<Vec<u32>> {
        let budget = Budget::unlimited();
        let mut listing = Listing::new(family);
        std::iter::from_fn(|| listing.next_set(&budget).expect("no limit")).collect()
    }

    /// The same, where the budget ends time and again.
    fn all_in_spite_of_stops(family: Family, random: &mut fastrand::Rng) -> Vec<Vec<u32>> {
        let mut listing = Listing::new(family);
        let mut listed = Vec::new();
        loop {
            let left = AtomicUsize::new(random.usize(..12));
            let is_spent = move || left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_err();
            let budget = Budget::unlimited().with_cancellation(is_spent);
            loop {
                match listing.next_set(&budget) {
                    Ok(Some(set)) => listed.push(set),
                    Ok(None) => return listed,
                    Err(_) => break,
                }
            }
        }
    }

    #[test]
    fn minimal_sets_are_found_counted_and_listed_in_order_of_size_and_names() {
        let mut random = fastrand::Rng::with_seed(1);
        let budget = Budget::unlimited();
        for _ in 0..2_000 {
            let (members, minimal) = random_family(&mut random);
            // Levels are not in the order of names.
            let mut names: Vec<u32> = (0..6).collect();
            random.shuffle(&mut names);
            let mut functions = Functions::new(10_000, &budget);
            let mut parts = Vec::new();
            for member in &members {
                let levels = (0..6).filter(|&level| member >> names[level as usize] & 1 == 1);
                let levels: Vec<_> = levels.map(|level| functions.level(level).expect("small")).collect();
                parts.push(functions.at_least(levels.len() as u64, levels).expect("small"));
            }
            let function = functions.any(parts).expect("small");
            let family = functions.minimal_sets(function, &names).expect("small");
            let counts = family.counts(&budget).expect("no limit");
            let listed: Vec<Vec<u32>> = all(family.clone());
            let mut expected: Vec<Vec<u32>> = minimal.iter().cloned().collect();
            expected.sort_by_key(|set| (set.len(), set.clone()));
            assert_eq!(listed, expected);
            assert_eq!(all_in_spite_of_stops(family, &mut random), expected);
            assert_eq!(counts.total, expected.len().into());
            for size in 0..=6 {
                let of_size = expected.iter().filter(|set| set.len() == size).count();
                assert_eq!(counts.sizes.get(&(size as u32)).cloned().unwrap_or_default(), of_size.into());
                let with_name = expected.iter().filter(|set| set.contains(&(size as u32))).count();
                let counted = counts.occurrences.get(&(size as u32)).cloned().unwrap_or_default();
                assert_eq!(counted, with_name.into());
            }
        }
    }

    #[test]
    fn the_dual_meets_every_set_and_supersets_are_added() {
        let mut random = fastrand::Rng::with_seed(2);
        let budget = Budget::unlimited();
        for _ in 0..500 {
            let (members, _) = random_family(&mut random);
            let mut functions = Functions::new(10_000, &budget);
            let levels: Vec<_> = (0..6).map(|level| functions.level(level).expect("small")).collect();
            // Exactly the members, so neither supersets nor subsets of them.
            let mut exact = Function::FALSE;
            for member in &members {
                let mut all = Function::TRUE;
                for (bit, &level) in levels.iter().enumerate() {
                    let (yes, no) =
                        if member >> bit & 1 == 1 { (all, Function::FALSE) } else { (Function::FALSE, all) };
                    all = functions.choose(level, yes, no).expect("small");
                }
                exact = functions.either(exact, all).expect("small");
            }
            let up = functions.with_supersets(exact).expect("small");
            let dual = functions.dual(up).expect("small");
            let hitting = functions.minimal_sets(dual, &[0, 1, 2, 3, 4, 5]).expect("small");
            let meets_all = |set: u32| members.iter().all(|member| member & set != 0);
            let listed: Vec<u32> = all(hitting)
                .into_iter()
                .map(|set| set.iter().fold(0, |mask, name| mask | 1 << name))
                .collect();
            let is_minimal = |&set: &u32| {
                meets_all(set) && (0..6).all(|bit| set >> bit & 1 == 0 || !meets_all(set & !(1 << bit)))
            };
            let expected: BTreeSet<u32> = (0..64).filter(is_minimal).collect();
            assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), expected);
        }
    }

    use super::super::Function;

    #[test]
    fn a_diagram_that_grows_too_large_says_so() {
        let budget = Budget::unlimited();
        let mut functions = Functions::new(20, &budget);
        let mut make = || {
            let levels = (0..12).map(|level| functions.level(level)).collect::<Result<Vec<_>, _>>()?;
            functions.at_least(6, levels)
        };
        assert_eq!(make(), Err(super::super::Unfinished::TooLarge));
    }
}
