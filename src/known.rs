//! What is known of a minimum while it is looked for.

use crate::budget::Budget;
use crate::subject::Subject;

/// What is known of a minimum while it is looked for: a bound from below, and the cheapest solution so far.
pub struct Known<'a, W> {
    /// Absent: nobody is told.
    subject: Option<&'a Subject>,
    budget: &'a Budget,
    phase: &'static str,
    lower: u32,
    best: Option<(u32, W)>,
    /// Only whether a solution costs less than this is asked, if it is given.
    floor: Option<u32>,
    is_proven: bool,
}

/// A way to learn more of a minimum, and whether it is wanted.
pub type Step<'s, 'a, W, E> = (bool, &'s mut dyn FnMut(&mut Known<'a, W>) -> Result<(), E>);

impl<'a, W> Known<'a, W> {
    /// Nothing is known yet of what is looked for.
    pub fn new(subject: &'a Subject, budget: &'a Budget) -> Self {
        Known { subject: Some(subject), ..Known::unwatched(budget) }
    }

    /// Nothing is known yet of something that is looked for on the way, of which nobody is told.
    pub fn unwatched(budget: &'a Budget) -> Self {
        Known { subject: None, budget, phase: "bounds", lower: 0, best: None, floor: None, is_proven: false }
    }

    /// It is enough to know a solution that costs less than this, or that there is none.
    pub fn below(self, floor: Option<u32>) -> Self {
        Known { floor, ..self }
    }

    /// What a solution has to cost less than, if nothing else is asked.
    pub fn floor(&self) -> Option<u32> {
        self.floor
    }

    /// What may be spent on the search.
    pub fn budget(&self) -> &'a Budget {
        self.budget
    }

    /// From now on it is looked for in this way.
    pub fn enter(&mut self, phase: &'static str) {
        self.phase = phase;
        self.tell();
    }

    /// No solution costs less than this.
    pub fn raise(&mut self, lower: u32) {
        if lower > self.lower {
            self.lower = lower;
            self.tell();
        }
    }

    /// There is this solution.
    pub fn offer(&mut self, cost: u32, solution: W) {
        if self.upper().is_none_or(|upper| cost < upper) {
            self.best = Some((cost, solution));
            self.tell();
        }
    }

    /// Takes these steps, as far as they are wanted, until the best solution known is proven to be the cheapest.
    pub fn until_proven<E>(&mut self, steps: &mut [Step<'_, 'a, W, E>]) -> Result<(), E> {
        for (_, step) in steps.iter_mut().filter(|(is_wanted, _)| *is_wanted) {
            if self.is_proven() {
                break;
            }
            step(self)?;
        }
        Ok(())
    }

    /// No solution is cheaper than the best one known; if none is known, there is none. Where there is a floor: nor is one below it.
    pub fn prove(&mut self) {
        self.is_proven = true;
        self.raise(self.limit().unwrap_or_default());
    }

    /// Whether the best solution known is proven to be the cheapest or, if none is known, that there is none. Where there is a floor, also
    /// whether it is known if a solution is below it.
    pub fn is_proven(&self) -> bool {
        let is_below = |floor| self.upper().is_some_and(|upper| upper < floor);
        self.is_proven
            || self.limit().is_some_and(|limit| limit <= self.lower)
            || self.floor.is_some_and(is_below)
    }

    /// No solution costs less than this.
    pub fn lower(&self) -> u32 {
        self.lower
    }

    /// What the best solution known costs.
    pub fn upper(&self) -> Option<u32> {
        self.best.as_ref().map(|&(cost, _)| cost)
    }

    /// What a solution has to cost less than, so that it tells more.
    pub fn limit(&self) -> Option<u32> {
        self.upper().into_iter().chain(self.floor).min()
    }

    /// The best solution known, with its cost.
    pub fn best(&self) -> Option<&(u32, W)> {
        self.best.as_ref()
    }

    /// The best solution known, with its cost.
    pub fn into_best(self) -> Option<(u32, W)> {
        self.best
    }

    fn tell(&self) {
        if let (Some(watch), Some(subject)) = (self.budget.watch(), self.subject) {
            watch.note(subject, self.phase, self.lower, self.upper());
        }
    }
}
