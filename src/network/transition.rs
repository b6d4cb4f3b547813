//! An earlier and a later network over one directory: who asks for something else in the later one, and every state in between.

use std::collections::{HashMap, HashSet};

use super::assignment::Asks;
use super::directory::{Directory, Organization};
use super::sorting::sort;
use super::{Assignment, InputError, Network, NodeId, NodeSet, MAX_NODES};

/// Two networks whose nodes are numbered alike. A node that one of them does not have is unknown in it.
///
/// What is said of a node apart from its quorum set (organisation, country, any attribute) is what the later network says, if it lists the
/// node, and else what the earlier one says: a node that moves to another organisation counts as one of that in all states.
#[derive(Debug)]
pub struct Transition {
    before: Network,
    after: Network,
    changing: NodeSet,
    /// The nodes that only the other network lists: of the earlier one, and of the later.
    unlisted: [NodeSet; 2],
}

impl Transition {
    /// Numbers the nodes of both networks together. Fails if they are more than a network may have.
    pub fn between(before: &Network, after: &Network) -> Result<Self, InputError> {
        let mut keys: Vec<&str> = [before, after]
            .iter()
            .flat_map(|network| network.directory.keys.iter())
            .map(|key| &**key)
            .collect();
        super::sorting::sort_distinct(&mut keys);
        if keys.len() > MAX_NODES {
            let found =
                format!("{} nodes in both networks together, expected at most {MAX_NODES}", keys.len());
            return Err(InputError::new("nodes", found));
        }
        let ids: HashMap<&str, NodeId> = keys.iter().copied().zip((0..).map(NodeId)).collect();
        let [earlier, later] = [before, after].map(|network| Place::of(network, &ids));
        let directory = std::sync::Arc::new(directory_of(&keys, &earlier, &later));
        let listed = [&earlier, &later]
            .map(|place| NodeSet::of(keys.len(), place.listing().map(|(_, number)| number)));
        Ok(Transition {
            unlisted: [listed[1].difference(&listed[0]), listed[0].difference(&listed[1])],
            ..Self::of_assignments(
                &Network::of(directory, Assignment::unknown(keys.len())),
                earlier.assignment(keys.len()),
                &later.assignment(keys.len()),
            )
        })
    }

    /// The change of the nodes of a network from one assignment to another.
    fn of_assignments(network: &Network, before: Assignment, later: &Assignment) -> Self {
        let mut after = before.clone();
        after.adopt(later, &NodeSet::full(before.node_count()));
        let changes = |node: &NodeId| before.asks(*node) != after.asks(*node);
        let changing = NodeSet::of(before.node_count(), network.nodes().filter(changes));
        let nobody = changing.difference(&changing);
        Transition {
            before: network.with_assignment(before),
            after: network.with_assignment(after),
            changing,
            unlisted: [nobody.clone(), nobody],
        }
    }

    /// The same where nodes that only one of the networks lists are in no quorum of the other however unknown nodes are read, as they are known not
    /// to be there: they ask for what there is not.
    pub fn without_unlisted(&self) -> Self {
        let without = |network: &Network, unlisted: &NodeSet| {
            let mut assignment = network.assignment().clone();
            let nothing = Asks::For(assignment.quorum_set(1, [], []));
            unlisted.iter().for_each(|node| assignment.replace(node, nothing));
            assignment
        };
        let [before, after] = &self.unlisted;
        let later = without(&self.after, after);
        Self::of_assignments(&self.after, without(&self.before, before), &later)
    }

    /// The earlier network.
    pub fn before(&self) -> &Network {
        &self.before
    }

    /// The later network. The quorum sets of the earlier one have the same ids in it.
    pub fn after(&self) -> &Network {
        &self.after
    }

    /// The later network alone.
    pub fn into_after(self) -> Network {
        self.after
    }

    /// The nodes that ask for something else in the later network.
    pub fn changing(&self) -> &NodeSet {
        &self.changing
    }

    /// The change of these nodes alone: the later network is the one in which they have changed and no others.
    pub fn of(&self, nodes: &NodeSet) -> Self {
        let changing = self.changing.intersection(nodes);
        Transition {
            before: self.before.with_assignment(self.before.assignment().clone()),
            after: self.after.with_assignment(self.state(&changing)),
            changing,
            unlisted: self.unlisted.clone(),
        }
    }

    /// Who asks for what when these nodes have changed and no others.
    pub fn state(&self, changed: &NodeSet) -> Assignment {
        let mut assignment = self.after.assignment().clone();
        for node in self.changing.difference(changed).iter() {
            assignment.replace(node, self.before.assignment().asks(node));
        }
        assignment
    }
}

/// One of the two networks, and where its nodes stand among those of both.
struct Place<'a> {
    network: &'a Network,
    /// Per node of the network: its number among those of both.
    numbers: Vec<NodeId>,
}

impl<'a> Place<'a> {
    fn of(network: &'a Network, ids: &HashMap<&str, NodeId>) -> Self {
        let numbers = network.directory.keys.iter().map(|key| ids[&**key]).collect();
        Place { network, numbers }
    }

    fn assignment(&self, node_count: usize) -> Assignment {
        let network = self.network;
        let mut assignment = Assignment::unknown(node_count);
        // Inner sets stand before those that name them.
        let mut stored = Vec::with_capacity(network.quorum_sets().len());
        for (_, set) in network.quorum_sets().iter() {
            let validators = set.validators.iter().map(|node| self.numbers[node.index()]);
            let inner: Vec<_> = set.inner.iter().map(|inner| stored[inner.index()]).collect();
            stored.push(assignment.quorum_set(set.threshold, validators, inner));
        }
        for node in network.nodes() {
            let asks = match network.assignment().asks(node) {
                Asks::For(id) => Asks::For(stored[id.index()]),
                asks => asks,
            };
            assignment.replace(self.numbers[node.index()], asks);
        }
        assignment
    }

    /// The nodes that the network lists, by their numbers among those of both.
    fn listing(&self) -> impl Iterator<Item = (NodeId, NodeId)> + '_ {
        self.network.directory.listing.iter().map(|&node| (node, self.numbers[node.index()]))
    }
}

fn directory_of(keys: &[&str], earlier: &Place, later: &Place) -> Directory {
    let mut directory = Directory::of(keys);
    for place in [later, earlier] {
        for (node, number) in place.listing() {
            if !directory.listed.contains(number) {
                directory.listed.insert(number);
                directory.listing.push(number);
                directory.attributes[number.index()] =
                    place.network.directory.attributes[node.index()].clone();
            }
        }
    }
    directory.organizations = organizations_of(earlier, later);
    directory
}

/// Those of the later network, and those of the earlier one with the validators that the later one does not list.
fn organizations_of(earlier: &Place, later: &Place) -> Option<Vec<Organization>> {
    let given = |place: &Place| {
        let organizations = place.network.organizations()?;
        let renumbered = |organization: &Organization| Organization {
            validators: organization.validators.iter().map(|node| place.numbers[node.index()]).collect(),
            ..organization.clone()
        };
        Some(organizations.iter().map(renumbered).collect::<Vec<_>>())
    };
    let listed: HashSet<NodeId> = later.listing().map(|(_, number)| number).collect();
    let (Some(mut organizations), others) = (given(later), given(earlier)) else { return given(earlier) };
    let taken: HashSet<NodeId> =
        organizations.iter().flat_map(|organization| organization.validators.iter().copied()).collect();
    for mut other in others.into_iter().flatten() {
        other.validators.retain(|node| !listed.contains(node) && !taken.contains(node));
        match organizations.iter_mut().find(|organization| organization.id == other.id) {
            Some(known) => {
                known.validators.append(&mut other.validators);
                sort(&mut known.validators);
            }
            None if other.validators.is_empty() => {}
            None => organizations.push(other),
        }
    }
    Some(organizations)
}
