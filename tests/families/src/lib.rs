//! Families of networks for tests and benchmarks: the shapes that real and feared networks have, of any size, seeded.
//!
//! A family returns JSON in the package's input format, so that other analysers can be given the same networks.

use fastrand::Rng;
use serde_json::{json, Value};

use stellar_fbas::network::{InputError, Network};

/// A generated network as JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Generated {
    /// The nodes.
    pub nodes: Vec<Value>,
    /// The organisations; empty where a family has none.
    pub organizations: Vec<Value>,
}

impl Generated {
    /// The JSON text of the nodes.
    pub fn nodes_json(&self) -> String {
        Value::from(self.nodes.clone()).to_string()
    }

    /// The JSON text of the organisations.
    pub fn organizations_json(&self) -> String {
        Value::from(self.organizations.clone()).to_string()
    }

    /// The network.
    pub fn network(&self) -> Result<Network, InputError> {
        Network::parse(self.nodes_json().as_bytes(), Some(self.organizations_json().as_bytes()))
    }

    fn push_organization(&mut self, organization: usize, quorum_sets: &[Value]) {
        let keys: Vec<String> = (0..quorum_sets.len()).map(|member| key(organization, member)).collect();
        for (key, quorum_set) in keys.iter().zip(quorum_sets) {
            self.nodes.push(json!({
                "publicKey": key,
                "quorumSet": quorum_set,
                "organizationId": organization_id(organization),
                "isValidating": true,
                "historyArchiveHasError": false,
            }));
        }
        self.organizations.push(json!({ "id": organization_id(organization), "validators": keys }));
    }
}

fn empty() -> Generated {
    Generated { nodes: Vec::new(), organizations: Vec::new() }
}

fn key(organization: usize, member: usize) -> String {
    format!("ORG{organization:03}NODE{member}")
}

fn organization_id(organization: usize) -> String {
    format!("org-{organization:03}")
}

fn quorum_set(threshold: usize, validators: &[String], inner: &[Value]) -> Value {
    json!({ "threshold": threshold, "validators": validators, "innerQuorumSets": inner })
}

/// An organisation's inner quorum set: a simple majority of its members.
fn majority_of(organization: usize, members: usize) -> Value {
    let keys: Vec<String> = (0..members).map(|member| key(organization, member)).collect();
    quorum_set(members / 2 + 1, &keys, &[])
}

/// `organizations` of `members` nodes each; every node asks for a majority of the members of `threshold` organisations.
pub fn symmetric(organizations: usize, members: usize, threshold: usize) -> Generated {
    let inner: Vec<Value> =
        (0..organizations).map(|organization| majority_of(organization, members)).collect();
    let shared = quorum_set(threshold, &[], &inner);
    let mut generated = empty();
    (0..organizations)
        .for_each(|organization| generated.push_organization(organization, &vec![shared.clone(); members]));
    generated
}

/// How an [`almost_symmetric`] network deviates from a symmetric one.
#[derive(Debug, Clone, Copy)]
pub struct Deviation {
    /// The probability that an organisation leaves another one out of its quorum set.
    pub drop: f64,
    /// Whether an organisation that leaves others out asks for just more than two thirds of those that it keeps. Otherwise it asks
    /// for as many as if it had left nobody out or, if it keeps fewer, for all of them.
    pub adapts: bool,
    /// The probability that a single validator has a quorum set of its own, with other organisations left out, so that its
    /// organisation is heterogeneous.
    pub deviate: f64,
}

/// Organisations of three, two of three each; every organisation leaves some others out. Of n organisations, n - (n - 1) / 3, rounded
/// down, are just more than two thirds.
pub fn almost_symmetric(organizations: usize, deviation: Deviation, seed: u64) -> Generated {
    let mut random = Rng::with_seed(seed);
    let two_thirds = |count: usize| count - count.saturating_sub(1) / 3;
    let mut chosen = |owner: usize| {
        let kept = (0..organizations).filter(|&other| other == owner || random.f64() >= deviation.drop);
        let inner: Vec<Value> = kept.map(|other| majority_of(other, 3)).collect();
        let base = if deviation.adapts { inner.len() } else { organizations };
        quorum_set(two_thirds(base).min(inner.len()), &[], &inner)
    };
    let usual: Vec<Value> = (0..organizations).map(&mut chosen).collect();
    let deviating: Vec<[Value; 3]> =
        (0..organizations).map(|owner| [(); 3].map(|()| chosen(owner))).collect();
    let mut generated = empty();
    for (organization, (usual, own)) in usual.into_iter().zip(deviating).enumerate() {
        let sets = own.map(|own| if random.f64() < deviation.deviate { own } else { usual.clone() });
        generated.push_organization(organization, &sets);
    }
    generated
}

/// `nodes` nodes without organisations, each asking for `threshold` of all.
pub fn flat(nodes: usize, threshold: usize) -> Generated {
    let keys: Vec<String> = (0..nodes).map(|node| key(node, 0)).collect();
    let shared = quorum_set(threshold, &keys, &[]);
    let node =
        |key: &String| json!({ "publicKey": key, "quorumSet": shared, "historyArchiveHasError": false });
    Generated { nodes: keys.iter().map(node).collect(), organizations: Vec::new() }
}

/// A core with `watchers` nodes around it that nobody names, each asking for two thirds of up to seven of the core's organisations.
pub fn with_watchers(core: &Generated, watchers: usize, seed: u64) -> Generated {
    let mut random = Rng::with_seed(seed);
    let mut generated = core.clone();
    let organizations = core.organizations.len();
    for watcher in 0..watchers {
        let mut trusted: Vec<usize> = (0..organizations).collect();
        random.shuffle(&mut trusted);
        trusted.truncate(7);
        let inner: Vec<Value> = trusted.iter().map(|&organization| majority_of(organization, 3)).collect();
        generated.nodes.push(json!({
            "publicKey": format!("WATCHER{watcher:05}"),
            "quorumSet": quorum_set(inner.len() - inner.len() / 3, &[], &inner),
        }));
    }
    generated
}

/// Organisations of three on a circle, each asking for itself and a majority of its `reach` neighbours on either side.
pub fn ring(organizations: usize, reach: usize) -> Generated {
    neighbours(organizations, |organization| {
        let around = (1..=reach).flat_map(|step| [organization + step, organization + organizations - step]);
        around.map(|other| other % organizations).collect()
    })
}

/// Organisations of three in a row, each asking for itself and a majority of its `reach` neighbours on either side.
pub fn line(organizations: usize, reach: usize) -> Generated {
    neighbours(organizations, |organization| {
        let from = organization.saturating_sub(reach);
        let to = (organization + reach).min(organizations - 1);
        (from..=to).filter(|&other| other != organization).collect()
    })
}

/// Organisations of three that come one after another, each asking for itself and a majority of `links` earlier ones; those that many
/// already trust are the likelier to be trusted. The first `links + 1` trust each other.
pub fn preferential_attachment(organizations: usize, links: usize, seed: u64) -> Generated {
    let mut random = Rng::with_seed(seed);
    let mut trusted: Vec<usize> = Vec::new();
    let mut choices: Vec<Vec<usize>> = Vec::new();
    for organization in 0..organizations {
        let mut chosen: Vec<usize> = Vec::new();
        if organization <= links {
            chosen.extend((0..=links.min(organizations - 1)).filter(|&other| other != organization));
        }
        while organization > links && chosen.len() < links {
            let other = trusted[random.usize(..trusted.len())];
            if !chosen.contains(&other) {
                chosen.push(other);
            }
        }
        trusted.extend(&chosen);
        trusted.push(organization);
        choices.push(chosen);
    }
    neighbours(organizations, |organization| choices[organization].clone())
}

fn neighbours(organizations: usize, trusted_by: impl Fn(usize) -> Vec<usize>) -> Generated {
    let mut generated = empty();
    for organization in 0..organizations {
        let others = trusted_by(organization);
        let around: Vec<Value> = others.iter().map(|&other| majority_of(other, 3)).collect();
        let majority = quorum_set(around.len() / 2 + 1, &[], &around);
        let own = quorum_set(2, &[], &[majority_of(organization, 3), majority]);
        generated.push_organization(organization, &[own.clone(), own.clone(), own]);
    }
    generated
}

/// Nodes that ask for many sets, each of a few nodes or of such sets again, no two the same: nothing to count, though there are few nodes. An
/// organisation has two of them.
pub fn tangled(nodes: usize, seed: u64) -> Generated {
    let mut random = Rng::with_seed(seed);
    let mut generated = empty();
    for organization in 0..nodes.div_ceil(2) {
        let members = 2.min(nodes - 2 * organization);
        let sets: Vec<Value> = (0..members).map(|_| tangled_set(nodes, 2, &mut random)).collect();
        generated.push_organization(organization, &sets);
    }
    generated
}

fn tangled_set(nodes: usize, levels: usize, random: &mut Rng) -> Value {
    let (mut named, mut inner) = (Vec::new(), Vec::new());
    for _ in 0..random.usize(3..=6) {
        if levels > 0 && random.u8(..4) > 0 {
            inner.push(tangled_set(nodes, levels - 1, random));
        } else {
            let node = random.usize(..nodes);
            named.push(key(node / 2, node % 2));
        }
    }
    named.sort();
    named.dedup();
    let entries = named.len() + inner.len();
    quorum_set((entries / 2 + random.usize(0..2)).clamp(1, entries), &named, &inner)
}

/// Several networks side by side that do not know of each other.
pub fn components(parts: &[Generated]) -> Generated {
    let mut generated = empty();
    for (index, part) in parts.iter().enumerate() {
        let renamed = |values: &[Value]| -> Vec<Value> {
            values.iter().map(|value| with_prefix(value, &format!("PART{index}"))).collect()
        };
        generated.nodes.extend(renamed(&part.nodes));
        generated.organizations.extend(renamed(&part.organizations));
    }
    generated
}

/// The value with a prefix before every public key and organisation id in it.
fn with_prefix(value: &Value, prefix: &str) -> Value {
    match value {
        Value::String(text) => Value::from(format!("{prefix}-{text}")),
        Value::Array(items) => items.iter().map(|item| with_prefix(item, prefix)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, field)| (name.clone(), with_prefix(field, prefix))).collect()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_is_a_valid_network_of_the_size_asked_for() {
        let core = symmetric(4, 3, 3);
        let deviation = Deviation { drop: 0.2, adapts: true, deviate: 0.2 };
        let families = [
            (core.clone(), 12),
            (almost_symmetric(6, deviation, 1), 18),
            (flat(7, 4), 7),
            (with_watchers(&core, 5, 1), 17),
            (ring(6, 2), 18),
            (line(6, 2), 18),
            (preferential_attachment(8, 3, 1), 24),
            (components(&[core.clone(), flat(3, 2)]), 15),
        ];
        for (generated, nodes) in families {
            let network = generated.network().expect("a family is valid input");
            assert_eq!((network.listed_count(), network.node_count()), (nodes, nodes));
        }
    }

    #[test]
    fn a_seed_decides_everything() {
        let deviation = Deviation { drop: 0.3, adapts: false, deviate: 0.3 };
        assert_eq!(almost_symmetric(8, deviation, 7), almost_symmetric(8, deviation, 7));
        assert_ne!(almost_symmetric(8, deviation, 7), almost_symmetric(8, deviation, 8));
    }
}
