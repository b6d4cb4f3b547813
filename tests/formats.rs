//! What a text is taken for: other spellings of what is read, what looks like a network and is none, and what the data says in other words.
//!
//! Nothing that may bear on an answer is dropped in silence: it is read, it is refused with its place, or there is a finding.

use std::io::Write;
use std::path::Path;

use serde_json::{json, Value};
use stellar_fbas::analysis::{
    blocking_sets, perform_analysis, quorum_intersection, splitting_sets, top_tier, Options,
};
use stellar_fbas::budget::Budget;
use stellar_fbas::network::{Finding, FindingCode, GroupBy, Groups, Network};

// ---------------------------------------------------------------- other names of inner sets

/// Six nodes in two halves: everybody asks for two of three in both.
fn halves(inner_sets: &str) -> Value {
    let half = |keys: [&str; 3]| json!({ "threshold": 2, "validators": keys, inner_sets: [] });
    let set = json!({
        "threshold": 2, "validators": [], inner_sets: [half(["A", "B", "C"]), half(["D", "E", "F"])],
    });
    ["A", "B", "C", "D", "E", "F"].iter().map(|key| json!({ "publicKey": key, "quorumSet": set })).collect()
}

#[test]
fn inner_sets_are_read_under_the_names_that_xdr_gives_them() {
    for name in ["innerQuorumSets", "inner_quorum_sets", "innerSets", "inner_sets"] {
        let network = network(&halves(name));
        assert_eq!(answers(&network), (true, Some(2), Some(2)), "{name}");
    }
}

#[test]
fn what_may_be_entries_of_a_quorum_set_is_read_or_refused() {
    for name in ["innerQSets", "InnerSets", "innerquorumsets", "sets", "members", "v"] {
        refused(&halves(name), &format!("nodes[0].quorumSet.{name}: not read here"));
    }
    let with = |name: &str, value: Value| {
        let set = json!({ "threshold": 1, "validators": ["A"], name: value });
        json!([{ "publicKey": "A", "quorumSet": set }])
    };
    let set = json!({ "threshold": 1, "validators": ["B"] });
    for value in [json!(["B"]), json!([set]), set, json!({ "members": ["B"] })] {
        refused(&with("other", value), "nodes[0].quorumSet.other: not read here");
    }
    for value in [
        json!("hash"),
        json!(1),
        json!(0.5),
        json!(true),
        json!(null),
        json!([]),
        json!({}),
        json!({ "at": [1], "t": 1 }),
    ] {
        assert_eq!(answers(&network(&with("hashKey", value))), (true, Some(1), None));
    }
    // At any depth, and in every format.
    let inner = json!({ "threshold": 1, "validators": [], "innerQuorumSets": [{ "threshold": 1, "validators": ["A"], "x": ["B"] }] });
    refused(
        &json!([{ "publicKey": "A", "quorumSet": inner }]),
        "nodes[0].quorumSet.innerQuorumSets[0].x: not read here",
    );
    let core = json!({ "t": 1, "v": ["A"], "innerSets": [{ "t": 1, "v": ["B"] }] });
    refused(&json!({ "nodes": [{ "node": "A", "qset": core }] }), "nodes[0].qset.innerSets: not read here");
    let python = json!({ "q": { "threshold": 1, "members": ["A"], "validators": ["B"] } });
    refused(
        &json!({ "validators": [{ "id": "A", "qset": "q" }], "qsets": python }),
        "qsets.q.validators: not read here",
    );
}

#[test]
fn two_spellings_at_once_are_refused() {
    let set = json!({ "threshold": 1, "validators": ["A"], "innerSets": [], "inner_sets": [] });
    refused(
        &json!([{ "publicKey": "A", "quorumSet": set }]),
        "nodes[0].quorumSet: `innerSets` and `inner_sets` mean the same",
    );
    let set = json!({ "threshold": 1, "validators": ["A"] });
    let twice = json!([{ "publicKey": "A", "quorumSet": null, "quorum_set": set }]);
    refused(&twice, "nodes[0]: `quorumSet` and `quorum_set` mean the same");
}

// ---------------------------------------------------------------- a node's quorum set under another name

#[test]
fn a_quorum_set_of_a_node_is_read_or_refused() {
    let set = json!({ "threshold": 2, "validators": ["A", "B", "C"] });
    let named = |name: &str, value: &Value| -> Value {
        ["A", "B", "C"].iter().map(|key| json!({ "publicKey": key, name: value })).collect()
    };
    for name in ["quorumSet", "quorum_set"] {
        assert_eq!(answers(&network(&named(name, &set))), (true, Some(2), Some(1)), "{name}");
    }
    for name in ["quorumset", "QuorumSet", "quorum-set", "qset", "scpQuorumSet", "trust"] {
        refused(&named(name, &set), &format!("nodes[0]: a quorum set seems to stand at `{name}`"));
    }
    // By its name alone, or by what it holds, and further in.
    refused(&named("qset", &json!("q1")), "nodes[0]: a quorum set seems to stand at `qset`");
    refused(
        &named("scp", &json!({ "quorumSet": set })),
        "nodes[0]: a quorum set seems to stand at `scp.quorumSet`",
    );
    refused(&named("x", &json!({ "t": 2, "v": ["A"] })), "nodes[0]: a quorum set seems to stand at `x`");
    let of_core = json!({ "nodes": [{ "node": "A", "quorumSet": set }] });
    refused(
        &of_core,
        "nodes[0]: a quorum set seems to stand at `quorumSet`, where it is not read; expected it at `qset`",
    );
    let of_python = json!({ "validators": [{ "id": "A", "attrs": { "quorumSet": set } }], "qsets": {} });
    refused(&of_python, "validators[0].attrs: a quorum set seems to stand at `quorumSet`");
    // Where the node says itself what its set is, other properties are its own business.
    let with_past = json!([{ "publicKey": "A", "quorumSet": null, "before": set }]);
    assert_eq!(network(&with_past).listed_count(), 1);
    assert_eq!(network(&named("qset", &Value::Null)).listed_count(), 3);
    assert_eq!(network(&named("quorumSetHash", &json!("ab"))).listed_count(), 3);
}

#[test]
fn where_no_quorum_set_is_known_nothing_is_said_of_the_network() {
    for nodes in [
        json!([]),
        json!({ "nodes": [] }),
        json!([{ "publicKey": "A" }, { "publicKey": "B", "quorumSet": null }]),
        // Not usable, so the node counts as unknown.
        json!([{ "publicKey": "A", "quorumSet": { "threshold": 0, "validators": ["A"] } }]),
    ] {
        let findings = report(&network(&nodes));
        let has = |code| findings.iter().any(|finding| finding.code == code);
        assert!(has(FindingCode::NoQuorumSets), "{nodes}");
        assert!(!has(FindingCode::NoQuorum), "{nodes}");
    }
    // A set that can never be satisfied says what its node asks for.
    let set = json!({ "threshold": 9, "validators": ["A"] });
    let findings = report(&network(&json!([{ "publicKey": "A", "quorumSet": set }])));
    let has = |code| findings.iter().any(|finding| finding.code == code);
    assert!(has(FindingCode::NoQuorum) && !has(FindingCode::NoQuorumSets));
}

// ---------------------------------------------------------------- what is down

#[test]
fn what_stellar_core_says_of_nodes_that_are_down_is_understood() {
    let node = |key: &str, status: &str| json!({ "node": key, "status": status, "qset": { "t": 3, "v": ["A", "B", "C", "D"] } });
    let nodes = [node("A", "tracking"), node("B", "behind"), node("C", "missing"), node("D", "tracking")];
    let network = network(&json!({ "nodes": nodes, "maybe_dead_nodes": ["D", "unlisted"] }));
    assert_eq!(not_validating(&network), ["C", "D"]);
    assert_eq!(attribute(&network, "C", "status"), Some(json!("missing")), "what was given stays");
    let null = json!({ "nodes": [node("A", "tracking")], "maybe_dead_nodes": null });
    assert!(not_validating(&self::network(&null)).is_empty());
    // What the node says in today's word counts.
    let both = json!({ "nodes": [{ "node": "A", "status": "missing", "isValidating": true }] });
    assert_eq!(attribute(&self::network(&both), "A", "isValidating"), Some(json!(true)));
}

#[test]
fn data_from_before_2019_is_understood() {
    let network = network(&json!([
        { "publicKey": "A", "countryName": "Germany", "countryCode": "DE", "active": false },
        { "publicKey": "B", "countryCode": "DE", "geoData": null, "active": true },
        { "publicKey": "C", "countryName": "Germany", "active": false, "isValidating": true },
        { "publicKey": "D", "countryName": "Germany", "geoData": { "countryName": "France" } },
        { "publicKey": "E", "countryName": 5, "isValidating": null, "active": false },
    ]));
    assert_eq!(not_validating(&network), ["A", "E"]);
    let groups = Groups::of(&network, &GroupBy::Country);
    let countries: Vec<&str> = network.nodes().map(|node| groups.label(groups.group(node))).collect();
    assert_eq!(countries, ["Germany", "DE", "Germany", "France", "E"]);
}

// ---------------------------------------------------------------- abbreviated keys

#[test]
fn keys_that_stellar_core_abbreviates_are_pointed_out() {
    let core = |keys: [&str; 2]| {
        let node = |key| json!({ "node": key, "qset": { "t": 1, "v": keys } });
        network(&json!({ "nodes": keys.map(node) }))
    };
    assert_eq!(
        concerned(&core(["sdf1", "GABC7"]), FindingCode::AbbreviatedKeys),
        Some(vec!["GABC7".to_string()])
    );
    let full = ["GCGB2S2KGYARPVIA37HYZXVRM2YZUEXA6S33ZU5BUDC6THSB62LZSTYH", "sdf1"];
    for keys in [full, ["GABC1", "gabcd"], ["GABCDE", "ABCDE"], ["GABC", "GAB-D"]] {
        assert_eq!(concerned(&core(keys), FindingCode::AbbreviatedKeys), None, "{keys:?}");
    }
    // Only stellar-core abbreviates.
    let nodes = json!([{ "publicKey": "GABCD", "quorumSet": { "threshold": 1, "validators": ["GABCD"] } }]);
    assert_eq!(concerned(&network(&nodes), FindingCode::AbbreviatedKeys), None);
}

// ---------------------------------------------------------------- how deep stellar-core goes

#[test]
fn five_levels_of_quorum_sets_are_what_stellar_core_accepts() {
    let nested = |levels: usize| {
        let innermost = json!({ "threshold": 1, "validators": ["A"] });
        let set = (1..levels)
            .fold(innermost, |set, _| json!({ "threshold": 1, "validators": [], "innerQuorumSets": [set] }));
        network(&json!([{ "publicKey": "A", "quorumSet": set }]))
    };
    for levels in 1..=8 {
        let expected = (levels > 5).then(|| vec!["A".to_string()]);
        assert_eq!(concerned(&nested(levels), FindingCode::NestingTooDeep), expected, "{levels} levels");
    }
    assert!(report(&nested(6)).iter().any(|finding| finding.message.contains("5 levels")));
}

// ---------------------------------------------------------------- files of another kind

#[test]
fn texts_of_another_kind_are_called_by_their_name() {
    let node = r#"{"publicKey":"A","quorumSet":{"threshold":1,"validators":["A"]}}"#;
    let core_node = r#"{"node":"A","qset":{"t":1,"v":["A"]}}"#;
    let qset = r#"{"agree":3,"fail_at":2,"fail_with":["A"],"value":{"t":1,"v":["A"]}}"#;
    let texts = [
        ("", "an empty text"),
        (" \n ", "an empty text"),
        ("<!DOCTYPE html><html></html>", "a page (HTML or XML)"),
        (
            "# mine\n\nNODE_IS_VALIDATOR=true\n[[VALIDATORS]]\nNAME=\"a\"\n",
            "a configuration of stellar-core (TOML)",
        ),
        ("[QUORUM_SET]\nTHRESHOLD_PERCENT=67\n", "a configuration of stellar-core (TOML)"),
        ("[quorum_set]\nthreshold = 1\nmembers = []\n", "a configuration of MobileCoin (network.toml)"),
        ("[DOCUMENTATION]\nORG_NAME=\"A\"\n[[VALIDATORS]]\nALIAS=\"a\"\n", "an organization's stellar.toml"),
        ("[other] # head\na = 1\n", "TOML and not JSON"),
        (&format!(r#"{{"data":[{node}]}}"#), "an object around a network, which stands at `data`"),
        (
            &format!(r#"{{"a":1,"b":{{"c":{{"nodes":[{node}]}}}}}}"#),
            "an object around a network, which stands at `b.c`",
        ),
        (r#"{"result":{"validators":[],"qsets":{}}}"#, "stands at `result`"),
        (
            &format!(r#"{{"node":"A","qset":{qset},"transitive":{{}}}}"#),
            "stellar-core's answer to quorum for one node",
        ),
        (&format!(r#"{{"1234":{qset}}}"#), "stellar-core's answer to quorum for one node"),
        (r#"{"info":{"build":"v23","quorum":{}}}"#, "stellar-core's answer to info"),
        (
            r#"{"threshold":1,"validators":["A"],"innerQuorumSets":[]}"#,
            "one quorum set, which does not say whose it is",
        ),
        (r#"{"t":1,"v":["A"]}"#, "one quorum set, which does not say whose it is"),
        (r#"{"threshold":1,"members":[{"type":"Node","args":"a:1"}]}"#, "a quorum set of MobileCoin"),
        (node, "one node and not an array of nodes"),
        (r#"[{"id":"o","name":null,"validators":["A"]}]"#, "an array of organizations"),
        (&format!("[{core_node}]"), "the nodes of a stellar-core's answer"),
        (r#"[{"threshold":1,"validators":["A"]}]"#, "an array of quorum sets"),
    ];
    for (text, kind) in texts {
        let error = Network::parse(text.as_bytes(), None).expect_err(text);
        assert_eq!(error.path, "nodes", "{text}");
        assert!(error.problem.contains(kind), "{text}: {error}");
        assert!(
            error.problem.ends_with("expected an array of nodes or another format that is read"),
            "{error}"
        );
    }
    // What is a network keeps its own error, with the place; so does what is nothing.
    for (text, message) in [
        ("[true]", "nodes[0]: invalid type: boolean"),
        (r#"[{"publicKey":"A","quorumSet":5}]"#, "nodes[0].quorumSet: invalid type"),
        (
            r#"[{"publicKey":"A","quorumSet":{"threshold":1,"members":["A"]}}]"#,
            "nodes[0].quorumSet.members: not read",
        ),
        (r#"{"nodes":[{"publicKey":5}],"data":[{"publicKey":"A"}]}"#, "nodes[0].publicKey: invalid type"),
        (r#"[{"publicKey":"A"},{"id":"o","validators":[]}]"#, "nodes[1]: missing field `publicKey`"),
        ("nonsense", "nodes: expected an array of nodes as JSON text"),
        ("{}", "nodes: an object of no format that is known"),
    ] {
        let error = Network::parse(text.as_bytes(), None).expect_err(text).to_string();
        assert!(error.starts_with(message), "{text}: {error}");
    }
}

// ---------------------------------------------------------------- what was reported

#[test]
fn every_file_that_was_reported_gives_what_is_right() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/reported");
    if !folder.is_dir() {
        let warning = format!("\nSKIPPED, nothing was checked: no reported files at {}\n", folder.display());
        std::io::stderr().write_all(warning.as_bytes()).expect("a writable stderr");
        return;
    }
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a readable file");
    let parse = |name: &str| Network::parse(text(name).as_bytes(), None);
    let network = |name: &str| parse(name).unwrap_or_else(|error| panic!("{name}: {error}"));

    for (name, answers) in [
        ("agora518.json", (false, Some(3), Some(0))),
        ("xdr-json-mixed.json", (false, Some(3), Some(0))),
        ("xdr-js-innerSets.json", (true, Some(2), Some(2))),
        ("flat-without-inner.json", (true, Some(2), Some(2))),
        ("flat-inner-null.json", (true, Some(2), Some(2))),
        ("set-under-another-name.json", (true, Some(2), Some(2))),
    ] {
        assert_eq!(self::answers(&network(name)), answers, "{name}");
    }

    // A node that is a quorum by itself counts where others name it, and is left out where nobody does.
    for (name, answers, says) in [
        ("one-lenient-of-four.json", (false, 2, 0), " count"),
        ("agora518.json", (false, 3, 0), " count"),
        ("stray-unnamed.json", (true, 2, 1), "left out"),
    ] {
        let found =
            perform_analysis(&network(name), &Options::default(), &Budget::unlimited()).expect("no limit");
        let node = found.node;
        let found_answers = (
            found.intersection.has_quorum_intersection(),
            node.blocking_sets_min_size,
            node.splitting_sets_min_size,
        );
        assert_eq!(found_answers, answers, "{name}");
        let alone = found.findings.iter().find(|finding| finding.code == FindingCode::OneNodeQuorum);
        assert!(alone.is_some_and(|finding| finding.message.contains(says)), "{name}: {alone:?}");
    }

    let halted = network("core-quorum-two-missing.json");
    assert_eq!(not_validating(&halted), ["CID", "DEE"]);
    let options = Options::default().with_faulty_nodes(not_validating(&halted));
    let found = perform_analysis(&halted, &options, &Budget::unlimited()).expect("no limit");
    assert_eq!(found.node.blocking_sets_filtered_min_size, 0);

    assert!(concerned(&network("empty.json"), FindingCode::NoQuorumSets).is_some());
    assert_eq!(concerned(&network("docs985-critical.json"), FindingCode::NestingTooDeep), None);
    let abbreviated = concerned(&network("core-quorum-abbreviated.json"), FindingCode::AbbreviatedKeys);
    assert_eq!(abbreviated, Some(vec!["GABCD".to_string()]));

    let old = network("country-2018.json");
    assert_eq!(not_validating(&old), ["DEE"]);
    let by_country = Options::default().with_group_by(GroupBy::Country);
    let tier = top_tier(&old, &by_country, &Budget::unlimited()).expect("no limit").top_tier;
    assert_eq!(tier, ["Germany", "United States"]);
    let blocking = blocking_sets(&old, &by_country, &Budget::unlimited()).expect("no limit").set;
    assert_eq!(blocking.size.smallest_known(), Some(1));

    for (name, kind) in [
        ("core.cfg", "a configuration of stellar-core (TOML)"),
        ("mobilecoin.toml", "a configuration of MobileCoin (network.toml)"),
        ("mobilecoin-own-set.json", "a quorum set of MobileCoin"),
    ] {
        let error = parse(name).expect_err(name).to_string();
        assert!(error.starts_with(&format!("nodes: {kind}")), "{name}: {error}");
    }
}

// ---------------------------------------------------------------- helpers

fn network(nodes: &Value) -> Network {
    Network::parse(nodes.to_string().as_bytes(), None).unwrap_or_else(|error| panic!("{nodes}: {error}"))
}

#[track_caller]
fn refused(nodes: &Value, message: &str) {
    let error = Network::parse(nodes.to_string().as_bytes(), None).expect_err("it is refused").to_string();
    assert!(error.starts_with(message), "{error}");
}

/// Whether quorums intersect, and the sizes of a smallest blocking and a smallest splitting set, all by node.
fn answers(network: &Network) -> (bool, Option<u32>, Option<u32>) {
    let (options, budget) = (Options::default(), Budget::unlimited());
    let intersection = quorum_intersection(network, &options, &budget).expect("no limit");
    let blocking = blocking_sets(network, &options, &budget).expect("no limit").set;
    let splitting = splitting_sets(network, &options, &budget).expect("no limit").set;
    assert!(blocking.size.is_exact() && splitting.size.is_exact());
    (intersection.has_quorum_intersection(), blocking.size.smallest_known(), splitting.size.smallest_known())
}

fn report(network: &Network) -> Vec<Finding> {
    perform_analysis(network, &Options::default(), &Budget::unlimited()).expect("no limit").findings
}

/// The nodes of a finding on the data, if there is one of this kind.
fn concerned(network: &Network, code: FindingCode) -> Option<Vec<String>> {
    network.findings().iter().find(|finding| finding.code == code).map(|finding| finding.nodes.clone())
}

fn attribute(network: &Network, key: &str, name: &str) -> Option<Value> {
    network.attribute(network.node(key).expect("a node"), name).cloned()
}

fn not_validating(network: &Network) -> Vec<String> {
    let is_down = |node: &_| network.attribute(*node, "isValidating") == Some(&json!(false));
    network.nodes().filter(is_down).map(|node| network.key(node).to_string()).collect()
}
