//! Names the figure that a search looks for or that a finding is about, and what it is a figure of: the network, a grouping, one node or a
//! state of a change. How it is spelled in results is up to whoever writes them.

/// A figure of an answer, without the words of any language.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// Which figure.
    pub figure: Figure,
    /// Of what.
    pub part: Part,
    /// Whether it is the figure under the other reading of unknown nodes, free instead of dead or the reverse, which is worked out to see
    /// whether the answer depends on them.
    pub is_other_way: bool,
}

/// Which figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Figure {
    /// Whether every two quorums share a node.
    Intersection,
    /// The members of the top tier, or how many there are.
    TopTier,
    /// The quorum set that a symmetric top tier shares.
    SymmetricTopTier,
    /// Whether there is a symmetric top tier.
    HasSymmetricTopTier,
    /// A smallest blocking set.
    Blocking,
    /// The same with the faulty nodes crashed.
    FilteredBlocking,
    /// A smallest splitting set.
    Splitting,
    /// A smallest quorum.
    Quorums,
    /// A smallest history-critical set.
    HistoryCritical,
    /// A smallest set that halts one node.
    Halting,
    /// A smallest v-blocking set of one node.
    VBlocking,
    /// A smallest set that splits one node off.
    SplittingOff,
    /// The intact nodes.
    Intact,
    /// The critical groups.
    Critical,
    /// Whether the units of a change may change in any order.
    AnyOrder,
    /// The safe order of a change that has the fewest rounds.
    Order,
    /// Why a network is not safe as it is.
    Danger,
    /// How many units have to adopt a quorum set at least.
    Needed,
    /// The units that would have to, and the search for them.
    Adopters,
}

/// Of what it is a figure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Part {
    /// The network, as the question was asked.
    Network,
    /// The network, counted by the grouping of this name.
    Counted(&'static str),
    /// The node with this public key.
    Node(String),
    /// A state of a change.
    State(State),
}

/// A state of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Nobody has changed.
    Before,
    /// These rounds are over, counted from zero.
    AfterRound(usize),
    /// The state that is not safe.
    Unsafe,
    /// All have changed.
    After,
}

impl Subject {
    /// A figure of this part.
    pub fn new(figure: Figure, part: Part) -> Self {
        Subject { figure, part, is_other_way: false }
    }

    /// The same with unknown nodes read the other way.
    pub fn other_way(self) -> Self {
        Subject { is_other_way: true, ..self }
    }
}

/// A figure of the network, as the question was asked.
impl From<Figure> for Subject {
    fn from(figure: Figure) -> Self {
        Subject::new(figure, Part::Network)
    }
}
