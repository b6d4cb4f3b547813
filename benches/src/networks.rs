//! The networks that are compared: generated families, and real ones where there are any.

use std::path::Path;

use serde_json::Value;
use stellar_fbas::network::families::{self, Deviation, Generated};

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

/// All families; those of the folder first.
pub fn all(data: &Path) -> Vec<Family> {
    let mut all = given(data);
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
