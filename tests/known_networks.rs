//! Networks whose answers are known from elsewhere: snapshots of real networks, test data of other analysers, and the networks of
//! stellar-core's own tests. Networks and answers are read from `../shared/data`; where that folder is missing, these tests say
//! so on the terminal and check nothing.

use std::fmt::Debug;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{json, Value};
use stellar_fbas::analysis::{
    blocking_sets, history_critical, perform_analysis, quorums, splitting_sets, top_tier, MergedResult,
    Options, Scope,
};
use stellar_fbas::budget::Budget;
use stellar_fbas::network::{GroupBy, Network};

#[test]
fn stellar_2025_11_13() {
    check_snapshot("stellar-2025-11-13");
}

#[test]
fn stellar_2019_09_17() {
    check_snapshot("stellar-2019-09-17");
}

#[test]
fn mobilecoin_2021_10_22() {
    check_snapshot("mobilecoin-2021-10-22");
}

#[test]
fn almost_symmetric() {
    let Some(folder) = folder("almost-symmetric") else { return };
    let expected = object(&read_json(&folder.join("expected.json")));
    let answered: Vec<String> = expected.iter().map(|(name, _)| format!("{name}.json")).collect();
    let mut report = Report::default();
    for file in std::fs::read_dir(&folder).expect("a readable folder") {
        let name = file.expect("a readable entry").file_name().to_string_lossy().into_owned();
        let is_answered = name == "expected.json" || answered.contains(&name);
        report.check(&name, "has known answers", is_answered, true);
    }
    for (name, known) in &expected {
        let network = parse(&read(&folder.join(format!("{name}.json"))), None);
        check_almost_symmetric(&mut report, name, &network, known);
    }
    report.finish();
}

fn check_almost_symmetric(report: &mut Report, name: &str, network: &Network, known: &Value) {
    let (core, all) = (Options::default(), Options::default().with_scope(Scope::All));
    let budget = Budget::unlimited();
    let unproven = known["unproven"].as_array().expect("a list of unproven answers");
    let mut size = |key: &str, found: Option<u32>, is_exact: bool| {
        report.check(name, &format!("{key} is exact"), is_exact, true);
        if !unproven.contains(&json!(key)) {
            report.check(name, key, json!(found), known[key].clone());
        }
    };
    let quorums = quorums(network, &core, &budget).expect("an answer");
    size("minQuorum", quorums.set.size.smallest_known(), quorums.set.size.is_exact());
    let blocking = blocking_sets(network, &core, &budget).expect("an answer").set;
    size("minBlocking", blocking.size.smallest_known(), blocking.size.is_exact());
    let splitting = splitting_sets(network, &core, &budget).expect("an answer").set;
    size("minSplittingCore", splitting.size.smallest_known(), splitting.size.is_exact());
    let splitting = splitting_sets(network, &all, &budget).expect("an answer").set;
    size("minSplittingAll", splitting.size.smallest_known(), splitting.size.is_exact());
    let top_tier = top_tier(network, &core, &budget).expect("an answer").top_tier;
    size("topTier", u32::try_from(top_tier.len()).ok(), true);
    report.check(name, "hasQuorum", json!(quorums.intersection.has_quorum()), known["hasQuorum"].clone());
    let intersection = json!(quorums.intersection.has_quorum_intersection());
    report.check(name, "hasQuorumIntersection", intersection, known["hasQuorumIntersection"].clone());
}

#[test]
fn stellar_core() {
    let Some(folder) = folder("stellar-core") else { return };
    let file = read_json(&folder.join("cases.json"));
    let cases = file["cases"].as_array().expect("a list of cases");
    let mut report = Report::default();
    for case in cases {
        let id = case["id"].as_str().expect("the id of a case");
        let network = parse(&case["nodes"].to_string(), Some(&case["organizations"].to_string()));
        let found = quorums(&network, &Options::default(), &Budget::unlimited()).expect("an answer");
        // stellar-core does not assert the answer of every case; those are known from another solver.
        let oracle = &case["crossCheck"]["satOracle"];
        let asserted = &case["expected"]["enjoysQuorumIntersection"];
        let enjoys = if asserted.is_null() { &oracle["enjoysQuorumIntersection"] } else { asserted };
        let has_quorum = oracle["hasQuorum"].as_bool().expect("a known answer");
        if let Some(asserted) = case["expected"]["hasQuorum"].as_bool() {
            report.check(id, "hasQuorum, as known from both sources", has_quorum, asserted);
        }
        // Without a quorum stellar-core's networks "enjoy" intersection; by our definition they do not.
        let enjoys = has_quorum && enjoys.as_bool().expect("a known answer");
        report.check(id, "hasQuorum", found.intersection.has_quorum(), has_quorum);
        report.check(id, "hasQuorumIntersection", found.intersection.has_quorum_intersection(), enjoys);
        let is_split = has_quorum && !enjoys;
        report.check(
            id,
            "a witness of disjoint quorums",
            found.intersection.disjoint_quorums().is_some(),
            is_split,
        );
    }
    report.finish();
}

/// Checks a snapshot of a real network against its `expected.json`.
fn check_snapshot(name: &str) {
    let Some(folder) = folder(name) else { return };
    let nodes = read(&folder.join("nodes.json"));
    let network = parse(&nodes, Some(&read(&folder.join("organizations.json"))));
    let expected = read_json(&folder.join("expected.json"));
    let mut report = Report::default();
    let faulty_nodes = match expected["faultyNodes"].as_str() {
        Some("none") => Vec::new(),
        Some("nodes whose isValidating is false") => not_validating(&nodes),
        other => panic!("{name}: faultyNodes is {other:?}"),
    };
    check_analysis_result(&mut report, name, &network, faulty_nodes, &expected["analysisResult"]);

    let (options, budget) = (Options::default(), Budget::unlimited());
    let minimal_quorum = quorums(&network, &options, &budget).expect("an answer").set.size.smallest_known();
    let blocking = blocking_sets(&network, &options, &budget).expect("an answer").set.size.smallest_known();
    let splitting = splitting_sets(&network, &options, &budget).expect("an answer").set.size.smallest_known();
    let all = Options::default().with_scope(Scope::All);
    let splitting_all = splitting_sets(&network, &all, &budget).expect("an answer").set.size.smallest_known();
    let history = history_critical(&network, &options, &budget).expect("an answer").set.size.smallest_known();
    let sizes = [
        ("/minimalQuorums/size", minimal_quorum),
        ("/minimalBlockingSets/size", blocking),
        ("/minimalSplittingSets/size", splitting),
        ("/splittingSetsMinSizeScopeAll", splitting_all),
        ("/historyCritical/minSize", history),
        // The single analyses agree with the figures of performAnalysis.
        ("/analysisResult/node/blockingSetsMinSize", blocking),
        ("/analysisResult/node/splittingSetsMinSize", splitting),
    ];
    for (pointer, found) in sizes {
        if let Some(known) = expected.pointer(pointer) {
            report.check(name, pointer, json!(found), known.clone());
        }
    }
    // The counts come from an enumerator that omits sets where members of an organisation ask for different things; tests/enumerator.rs
    // compares with one that does not.
    let organizations = read_json(&folder.join("organizations.json"));
    let groupings = [("", "/count", GroupBy::Node), ("/organization", "", GroupBy::Organization)];
    for (prefix, known_count, group_by) in
        groupings.into_iter().filter(|_| is_homogeneous(&nodes, &organizations))
    {
        let options = Options::default().with_group_by(group_by).with_limit(usize::MAX);
        let lists = [
            ("minimalQuorums", quorums(&network, &options, &budget).expect("an answer").set),
            ("minimalBlockingSets", blocking_sets(&network, &options, &budget).expect("an answer").set),
            ("minimalSplittingSets", splitting_sets(&network, &options, &budget).expect("an answer").set),
        ];
        for (what, set) in lists {
            let pointer = format!("{prefix}/{what}{known_count}");
            let Some(known) = expected.pointer(&pointer) else { continue };
            let list = set.list.expect("asked for");
            let total = set.counts.map(|counts| counts.total.to_string());
            report.check(name, &pointer, json!(list.sets.len()), known.clone());
            report.check(name, &format!("{pointer}, counted"), json!(total), json!(known.to_string()));
            report.check(name, &format!("{pointer}, complete"), json!(list.is_complete), json!(true));
        }
    }
    report.finish();
}

/// Whether all members of an organisation that have a quorum set have the same.
fn is_homogeneous(nodes: &str, organizations: &Value) -> bool {
    let nodes: Vec<Value> = serde_json::from_str(nodes).expect("a list of nodes");
    organizations.as_array().expect("a list").iter().all(|organization| {
        let members = organization["validators"].as_array().expect("a list");
        let known = nodes.iter().filter(|node| members.contains(&node["publicKey"]));
        let mut sets = known.map(|node| &node["quorumSet"]).filter(|set| !set.is_null());
        let first = sets.next();
        sets.all(|set| Some(set) == first)
    })
}

fn check_analysis_result(
    report: &mut Report,
    name: &str,
    network: &Network,
    faulty_nodes: Vec<String>,
    known: &Value,
) {
    let options = Options::default().with_faulty_nodes(faulty_nodes);
    let found = perform_analysis(network, &options, &Budget::unlimited()).expect("an answer");
    let found = json!({
        "hasQuorumIntersection": found.intersection.has_quorum_intersection(),
        "hasSymmetricTopTier": found.has_symmetric_top_tier,
        "node": merged(found.node),
        "organization": merged(found.organization),
        "country": merged(found.country),
        "isp": merged(found.isp),
    });
    for (key, known) in object(known) {
        report.check(name, &key, found[&key].clone(), known);
    }
}

fn merged(figures: MergedResult) -> Value {
    json!({
        "topTierSize": figures.top_tier_size,
        "blockingSetsMinSize": figures.blocking_sets_min_size,
        "blockingSetsFilteredMinSize": figures.blocking_sets_filtered_min_size,
        "splittingSetsMinSize": figures.splitting_sets_min_size,
    })
}

fn not_validating(nodes: &str) -> Vec<String> {
    let nodes: Vec<Value> = serde_json::from_str(nodes).expect("a list of nodes");
    let silent = nodes.iter().filter(|node| node["isValidating"] == json!(false));
    silent.map(|node| node["publicKey"].as_str().expect("a public key").to_string()).collect()
}

/// A folder of known networks, or word on the terminal that there are none here.
fn folder(name: &str) -> Option<PathBuf> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if data.is_dir() {
        return Some(data.join(name));
    }
    // Not `eprintln!`, which the test harness hides when a test passes.
    let warning = format!("\nSKIPPED, nothing was checked: no known networks at {}\n", data.display());
    std::io::stderr().write_all(warning.as_bytes()).expect("a writable stderr");
    None
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read_json(path: &Path) -> Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn object(value: &Value) -> Vec<(String, Value)> {
    let fields = value.as_object().expect("an object");
    assert!(!fields.is_empty(), "known answers are there");
    fields.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn parse(nodes: &str, organizations: Option<&str>) -> Network {
    Network::parse(nodes.as_bytes(), organizations.map(str::as_bytes)).expect("a valid network")
}

/// Collects all disagreements of a folder, so that one does not hide the next.
#[derive(Default)]
struct Report {
    disagreements: Vec<String>,
    checks: usize,
}

impl Report {
    fn check<T: PartialEq + Debug>(&mut self, network: &str, what: &str, found: T, known: T) {
        self.checks += 1;
        if found != known {
            self.disagreements.push(format!("{network}: {what}: found {found:?}, known {known:?}"));
        }
    }

    fn finish(self) {
        assert!(self.checks > 0, "something was checked");
        assert!(self.disagreements.is_empty(), "\n{}", self.disagreements.join("\n"));
    }
}
