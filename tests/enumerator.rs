//! All minimal sets beside those that an independent analyser enumerates: `fbas_analyzer` 0.7.0 (Florian, Henningsen, Ndolo and
//! Scheuermann, "The Sum of Its Parts", 2022). Later versions omit sets of heterogeneous organisations.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use fbas_analyzer::{Analysis, Fbas, NodeIdSetVecResult};
use stellar_fbas::analysis::{blocking_sets, quorums, splitting_sets, MinimalSet, Options, Scope};
use stellar_fbas::budget::Budget;
use stellar_fbas::network::families::{self, Deviation, Generated};
use stellar_fbas::network::Network;

fn networks() -> Vec<(String, Generated)> {
    let core = families::symmetric(4, 3, 3);
    let mut networks = vec![
        ("symmetric, 3 of 4".to_string(), core.clone()),
        ("symmetric, 3 of 5".to_string(), families::symmetric(5, 3, 3)),
        ("symmetric, 4 of 5".to_string(), families::symmetric(5, 3, 4)),
        ("symmetric, 4 of 4 of one each".to_string(), families::symmetric(4, 1, 4)),
        ("flat, 5 of 8".to_string(), families::flat(8, 5)),
        ("flat, 4 of 8".to_string(), families::flat(8, 4)),
        ("ring".to_string(), families::ring(5, 1)),
        ("line".to_string(), families::line(4, 1)),
        ("preferential attachment".to_string(), families::preferential_attachment(5, 2, 1)),
        ("watchers".to_string(), families::with_watchers(&core, 4, 1)),
        ("two components".to_string(), families::components(&[families::flat(4, 3), families::flat(3, 2)])),
    ];
    for seed in 0..8 {
        for (organizations, drop, adapts, deviate) in [
            (4, 0.2, false, 0.0),
            (4, 0.3, true, 0.0),
            (5, 0.2, true, 0.0),
            (4, 0.2, false, 0.3),
            (4, 0.3, true, 0.4),
        ] {
            let deviation = Deviation { drop, adapts, deviate };
            let generated = families::almost_symmetric(organizations, deviation, seed);
            networks.push((format!("{organizations} organisations, {deviation:?}, seed {seed}"), generated));
        }
    }
    networks
}

/// Lists all minimal sets of both analysers; the number of sets.
fn compare(name: &str, json: &str, scope: Scope) -> usize {
    let budget = Budget::unlimited();
    let fbas = Fbas::from_json_str(json);
    let mut enumerated = Analysis::new(&fbas);
    if scope == Scope::Core {
        enumerated.shrink_to_core_nodes();
    }
    let network = Network::parse(json.as_bytes(), None).expect("valid");
    let options = Options { scope, limit: Some(usize::MAX), ..Options::default() };
    let mut compared = 0;
    let mut compare = |what: &str, found: MinimalSet, expected: NodeIdSetVecResult| {
        let expected = expected.into_pretty_vec_vec(&fbas, None).into_iter();
        let mut expected: Vec<Vec<Arc<str>>> =
            expected.map(|set| set.into_iter().map(Arc::from).collect()).collect();
        expected.iter_mut().for_each(|set| set.sort());
        expected.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
        let list = found.list.expect("it was asked for");
        assert!(list.is_complete);
        assert_eq!(list.sets, expected, "{what} of {name}");
        assert_eq!(found.counts.expect("a complete list").total, expected.len().into(), "{what} of {name}");
        compared += expected.len();
    };
    let found = quorums(&network, &options, &budget).expect("no limit").set;
    compare("quorums", found, enumerated.minimal_quorums());
    let found = blocking_sets(&network, &options, &budget).expect("no limit").set;
    compare("blocking sets", found, enumerated.minimal_blocking_sets());
    let found = splitting_sets(&network, &options, &budget).expect("no limit").set;
    compare("splitting sets", found, enumerated.minimal_splitting_sets());
    compared
}

#[test]
fn the_same_sets_of_generated_networks() {
    let networks = networks().into_iter();
    let compared: usize =
        networks.map(|(name, generated)| compare(&name, &generated.nodes_json(), Scope::All)).sum();
    println!("{compared} sets are the same");
}

#[test]
fn the_same_sets_of_real_networks() {
    let example = include_str!("../examples/network/stellar-2025-11.json").to_string();
    let mut snapshots = vec![("the example".to_string(), example)];
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    for name in ["stellar-2025-11-13", "stellar-2019-09-17", "mobilecoin-2021-10-22"] {
        match std::fs::read_to_string(data.join(name).join("nodes.json")) {
            Ok(nodes) => snapshots.push((name.to_string(), nodes)),
            // Not `eprintln!`, which the test harness hides when a test passes.
            Err(error) => {
                writeln!(std::io::stderr(), "\nSKIPPED {name}: {error}").expect("a writable stderr")
            }
        }
    }
    for (name, nodes) in snapshots {
        let nodes: Vec<serde_json::Value> = serde_json::from_str(&nodes).expect("a list of nodes");
        // It cannot read a quorum set that is null.
        let readable: Vec<_> = nodes.into_iter().filter(|node| !node["quorumSet"].is_null()).collect();
        let json = serde_json::to_string(&readable).expect("valid");
        println!("{name}: {} sets are the same", compare(&name, &json, Scope::Core));
    }
}
