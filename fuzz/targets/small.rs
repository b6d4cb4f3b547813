//! Bytes as a small network and a way to read it: every sequence of bytes is one, so that nothing that is fuzzed is refused.

use stellar_fbas::analysis::Techniques;

use super::support::{Format, Mask, Node, QuorumSet, SmallNetwork, Spelling, FORMATS, MOST_GROUPS};

/// Most nodes: every subset is looked at.
const MOST_NODES: usize = 7;
const LARGEST_THRESHOLD: u64 = (1 << 53) - 1;

/// A network and how it is read.
#[derive(Debug)]
pub struct Case {
    pub small: SmallNetwork,
    pub format: Format,
    pub unknown_are_free: bool,
    pub crashed: Mask,
    pub techniques: Techniques,
}

/// Bytes that are taken one by one; behind the last one there are zeros.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first
    }

    /// A number below a bound.
    fn below(&mut self, bound: usize) -> usize {
        self.byte() as usize % bound
    }
}

impl Case {
    /// The case that the bytes stand for.
    pub fn of(bytes: &[u8]) -> Self {
        let mut bytes = Bytes(bytes);
        let count = bytes.below(MOST_NODES) + 1;
        let (how, switches) = (bytes.byte(), bytes.byte());
        let bit = |number: u32| switches >> number & 1 == 0;
        let crashed = if how & 1 == 1 { Mask::from(bytes.byte()) & ((1 << count) - 1) } else { 0 };
        let mut nodes: Vec<Node> = Vec::with_capacity(count);
        for index in 0..count {
            let node = node(&mut bytes, count, nodes.last().filter(|_| index > 0));
            nodes.push(node);
        }
        let sets = nodes.iter().filter_map(|node| node.quorum_set.as_ref());
        let named = sets.fold(0, |named, set| named | set.named());
        for (index, node) in nodes.iter_mut().enumerate() {
            // Who is neither listed nor named does not exist.
            node.is_listed |= named >> index & 1 == 0;
        }
        Case {
            small: SmallNetwork { nodes, lists_organizations: how & 2 == 2, names_domains: how & 4 == 4 },
            format: FORMATS[usize::from(how >> 4 & 3)],
            unknown_are_free: how & 8 == 8,
            crashed,
            techniques: Techniques {
                bounds: bit(0),
                guesses: bit(1),
                exchange: bit(2),
                counting: bit(3),
                watchers: bit(4),
                diagrams: bit(5),
                deciding: bit(6),
                subsets: how & 128 == 0,
                local_search: bit(7),
                parts: how & 64 == 0,
            },
        }
    }
}

/// A node: with the quorum set of the one before it, as often happens, or with one of its own, or none.
fn node(bytes: &mut Bytes, count: usize, before: Option<&Node>) -> Node {
    let kind = bytes.byte();
    let quorum_set = match (kind % 8, before) {
        (0..=3, Some(before)) => before.quorum_set.clone(),
        (7, _) => None,
        _ => Some(quorum_set(bytes, count, 2)),
    };
    let is_listed = quorum_set.is_some() || kind & 8 == 0;
    let group = |number: usize| number.checked_sub(1).filter(|&group| group < MOST_GROUPS);
    let (first, second) = (bytes.byte() as usize, bytes.byte() as usize);
    Node {
        is_listed,
        quorum_set,
        history_archive_has_error: [None, Some(false), Some(true), Some(false)][usize::from(kind >> 6)],
        organization: group(first % 5),
        // One of a higher number, as the lower one keeps the node.
        second_organization: group(first % 5)
            .filter(|_| first & 128 != 0)
            .map(|organization| organization + 1),
        country: group(first / 5 % 5),
        isp: group(second % 5),
        attribute: group(second / 5 % 5),
        spelling: Spelling::default(),
    }
}

fn quorum_set(bytes: &mut Bytes, count: usize, levels: usize) -> QuorumSet {
    let shape = bytes.byte();
    let validators = match shape & 3 {
        // A mask of nodes is what most bytes should mean.
        0 | 1 => {
            let mask = bytes.byte();
            (0..count).filter(|node| mask >> node & 1 == 1).collect()
        }
        // In any order and more than once.
        2 => (0..bytes.below(5)).map(|_| bytes.below(count)).collect(),
        _ => Vec::new(),
    };
    let inner_count = if levels == 0 { 0 } else { usize::from(shape >> 2 & 3) };
    let inner: Vec<QuorumSet> = (0..inner_count).map(|_| quorum_set(bytes, count, levels - 1)).collect();
    let entries = (validators.len() + inner.len()) as u64;
    let threshold = match u64::from(shape >> 4) {
        0 => 0,
        15 => LARGEST_THRESHOLD,
        // Mostly reachable ones.
        number => 1 + number % (entries + 1),
    };
    QuorumSet { threshold, validators, inner }
}
