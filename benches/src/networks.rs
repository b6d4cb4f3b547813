//! The networks that are compared: generated families, and real ones where there are any.

use std::path::Path;

use families::{Deviation, Generated};
use serde_json::{json, Value};

use crate::task::Question;

/// Networks that make up one row a question.
pub struct Family {
    pub name: String,
    pub questions: &'static [Question],
    /// Lists of nodes, as JSON.
    pub networks: Vec<String>,
}

const ALL: &[Question] =
    &[Question::Intersection, Question::Quorum, Question::Blocking, Question::Splitting, Question::TopTier];

fn family(name: String, networks: impl IntoIterator<Item = Generated>) -> Family {
    let networks = networks.into_iter().map(|network| Value::from(network.nodes).to_string()).collect();
    Family { name, questions: ALL, networks }
}

fn almost(organizations: usize, deviate: f64, adapts: bool, drops: &[f64], seeds: u64) -> Vec<Generated> {
    let of = |seed| {
        drops.iter().map(move |&drop| {
            families::almost_symmetric(organizations, Deviation { drop, adapts, deviate }, seed)
        })
    };
    (0..seeds).flat_map(of).collect()
}

const DROPS: &[f64] = &[0.05, 0.1, 0.2, 0.3];

/// The same networks with a country and a provider for every node that cross organisations: drawn at random, the first ones more often.
fn crossed(networks: Vec<Generated>, countries: usize, providers: usize) -> Vec<Generated> {
    let mut random = fastrand::Rng::with_seed(1);
    let mut skewed = |most: usize| random.usize(..most).min(random.usize(..most));
    let mut cross = |mut network: Generated| {
        for node in &mut network.nodes {
            node["geoData"] = json!({ "countryName": format!("Country {}", skewed(countries)) });
            node["isp"] = format!("Provider {}", skewed(providers)).into();
        }
        network
    };
    networks.into_iter().map(&mut cross).collect()
}

/// The networks that Stellar is growing into, each with groups that cross: what an explorer asks about them, and the hardest of it by node.
fn growing() -> Vec<Family> {
    let mut growing = Vec::new();
    for organizations in [19, 25, 34] {
        let network = families::symmetric(organizations, 3, 2 * organizations / 3 + 1);
        let name = format!("symmetric, {organizations} organisations, groups that cross");
        growing.push((name, crossed(vec![network], 4, 5)));
    }
    let kinds = [
        ("uneven", false, 0.0),
        ("adapted", true, 0.0),
        ("heterogeneous", false, 0.3),
        ("half-heterogeneous", true, 0.5),
    ];
    for (kind, adapts, deviate) in kinds {
        for organizations in [10, 13, 16, 19] {
            let networks = almost(organizations, deviate, adapts, &[0.15], 3);
            let name = format!("{kind}, {organizations} organisations, groups that cross");
            growing.push((name, crossed(networks, 8, 10)));
        }
    }
    let questions = &[Question::PerformAnalysis, Question::Splitting];
    growing.into_iter().map(|(name, networks)| Family { questions, ..family(name, networks) }).collect()
}

/// All families; those of the folder first.
pub fn all(data: &Path) -> Vec<Family> {
    let mut all = given(data);
    all.extend(growing());
    for organizations in [7, 9, 10, 30, 50, 100, 200] {
        let threshold = organizations - (organizations - 1) / 3;
        let network = families::symmetric(organizations, 3, threshold);
        all.push(family(format!("symmetric, {organizations} organisations"), [network]));
    }
    for nodes in [15, 40, 60, 100, 200] {
        let thresholds = [nodes / 2 + 1, nodes * 2 / 3 + 1, nodes * 9 / 10];
        let networks = thresholds.map(|threshold| families::flat(nodes, threshold));
        all.push(family(format!("flat, {nodes} nodes"), networks));
    }
    for (organizations, seeds) in [(8, 5), (12, 5), (16, 5), (20, 10), (24, 10), (30, 10)] {
        let networks = almost(organizations, 0.0, false, DROPS, seeds);
        all.push(family(format!("almost symmetric, {organizations} organisations"), networks));
    }
    for (organizations, seeds) in [(16, 3), (20, 3), (24, 3)] {
        let networks = almost(organizations, 0.0, true, DROPS, seeds);
        all.push(family(format!("almost symmetric, thresholds adapted, {organizations}"), networks));
    }
    for (organizations, seeds) in [(8, 5), (12, 5), (16, 5)] {
        let networks = almost(organizations, 0.2, false, DROPS, seeds);
        all.push(family(format!("heterogeneous, {organizations} organisations"), networks));
    }
    for organizations in [10, 40] {
        let networks = (1..=3).map(|reach| families::ring(organizations, reach));
        all.push(family(format!("ring, {organizations} organisations"), networks));
        let networks = (1..=3).map(|reach| families::line(organizations, reach));
        all.push(family(format!("line, {organizations} organisations"), networks));
    }
    let networks = (0..5).map(|seed| families::preferential_attachment(50, 3, seed));
    all.push(family("preferential attachment, 50 organisations".into(), networks));
    for nodes in [10, 14] {
        let mut tangled =
            family(format!("tangled, {nodes} nodes"), (0..5).map(|seed| families::tangled(nodes, seed)));
        tangled.questions = &[Question::Intersection, Question::Splitting, Question::PerformAnalysis];
        all.push(tangled);
    }
    let core = families::symmetric(33, 3, 23);
    let mut watched =
        family("33 organisations, 9,901 watchers".into(), [families::with_watchers(&core, 9_901, 1)]);
    watched.questions = &[Question::Splitting, Question::SplittingAll, Question::PerformAnalysis];
    all.push(watched);
    all
}

/// What a folder has: `*/nodes.json` one by one, and all other lists of nodes of a sub-folder as one family.
fn given(data: &Path) -> Vec<Family> {
    let mut folders: Vec<_> =
        std::fs::read_dir(data).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    folders.sort();
    let mut families = Vec::new();
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let read = |path: &Path| std::fs::read_to_string(path).ok();
        if let Some(nodes) = read(&folder.join("nodes.json")) {
            let questions = &[
                Question::Intersection,
                Question::Quorum,
                Question::Blocking,
                Question::Splitting,
                Question::TopTier,
                Question::PerformAnalysis,
            ];
            families.push(Family { name, questions, networks: vec![nodes] });
            continue;
        }
        let mut files: Vec<_> =
            std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        files.sort();
        let is_network = |text: &String| text.trim_start().starts_with('[') && text.contains("publicKey");
        let networks: Vec<String> = files.iter().filter_map(|file| read(file)).filter(is_network).collect();
        if !networks.is_empty() {
            families.push(Family { name: format!("{name} (given)"), questions: ALL, networks });
        }
    }
    families
}
