//! Names the figures in JavaScript: the field of a result in which a figure stands, and the name under which progress reports it.

use crate::subject::{Figure, Part, State, Subject};

/// Which result has the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fields {
    /// The answer to one question, or that of `performAnalysis`, whose figures say what they count.
    Own,
    /// A `FullAnalysis`: the answers to all questions.
    Full,
}

/// The path of the field in which a figure stands.
pub(super) fn field(subject: &Subject, fields: Fields) -> String {
    let field = match (&subject.part, subject.figure) {
        (Part::Network, figure) => figure,
        // Whether quorums intersect stands beside the figures of a network on the way.
        (Part::State(state), figure) if figure != Figure::Intersection => {
            return format!("{}.figures.{}", self::state(*state), merged(figure));
        }
        _ => return place(subject),
    };
    let (answer, field) = match field {
        Figure::Intersection => ("quorums", "hasQuorumIntersection"),
        Figure::TopTier => ("topTier", "topTier"),
        Figure::SymmetricTopTier => ("symmetricTopTier", "symmetricTopTier"),
        // Nobody tells them of a network without saying what is counted.
        Figure::Blocking | Figure::FilteredBlocking => ("blockingSets", "minSize"),
        Figure::Splitting => ("splittingSets", "minSize"),
        Figure::Quorums => ("quorums", "minSize"),
        Figure::HistoryCritical => ("historyCritical", "minSize"),
        figure @ (Figure::Halting | Figure::VBlocking | Figure::SplittingOff) => {
            return format!("{}.minSize", of_network(figure));
        }
        Figure::Needed => return "minSize".into(),
        other => return of_network(other).into(),
    };
    match fields {
        Fields::Own => field.into(),
        Fields::Full => format!("{answer}.{field}"),
    }
}

/// What progress calls what is looked for.
pub(super) fn sought(subject: &Subject) -> String {
    match subject.is_other_way {
        true => format!("{} read the other way", place(subject)),
        false => place(subject),
    }
}

/// Where it stands, but for the field of an answer.
fn place(Subject { figure, part, .. }: &Subject) -> String {
    match part {
        Part::Network => of_network(*figure).into(),
        Part::Counted(grouping) => format!("{grouping}.{}", merged(*figure)),
        Part::Node(key) => format!("{key}.{}", of_network(*figure)),
        Part::State(state) => format!("{}.{}", self::state(*state), merged(*figure)),
    }
}

fn state(state: State) -> String {
    match state {
        State::Before => "before".into(),
        State::AfterRound(number) => format!("order[{number}].after"),
        State::Unsafe => "unsafeState".into(),
        State::After => "after".into(),
    }
}

fn of_network(figure: Figure) -> &'static str {
    match figure {
        Figure::Intersection => "hasQuorumIntersection",
        Figure::TopTier => "topTier",
        Figure::Blocking | Figure::FilteredBlocking => "blockingSets",
        Figure::Splitting => "splittingSets",
        Figure::Quorums => "quorums",
        Figure::HistoryCritical => "historyCritical",
        Figure::Halting => "halting",
        Figure::VBlocking => "vBlocking",
        Figure::SplittingOff => "splitting",
        Figure::Intact => "intact",
        Figure::Critical => "groups",
        Figure::SymmetricTopTier => "symmetricTopTier",
        Figure::HasSymmetricTopTier => "hasSymmetricTopTier",
        Figure::AnyOrder => "anyOrderIsSafe",
        Figure::Order => "order",
        Figure::Danger => "danger",
        Figure::Needed | Figure::Adopters => "adopters",
    }
}

/// The field of an `AnalysisMergedResult` or, for those that it does not have, the name of the figure.
pub(super) fn merged(figure: Figure) -> &'static str {
    match figure {
        Figure::TopTier => "topTierSize",
        Figure::Blocking => "blockingSetsMinSize",
        Figure::FilteredBlocking => "blockingSetsFilteredMinSize",
        Figure::Splitting => "splittingSetsMinSize",
        other => of_network(other),
    }
}
