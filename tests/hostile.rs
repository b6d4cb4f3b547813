//! Texts that mean harm: each is answered, or refused with the place and the reason, in bounded time and memory. What JavaScript can do beyond
//! that is in `__test__/hostile.test.ts`.

use stellar_fbas::analysis::{
    blocking_sets, full_analysis, perform_analysis, quorum_intersection, quorums, splitting_sets, top_tier,
    AnalysisError, Options, Size,
};
use stellar_fbas::budget::{Budget, CancelFlag, Stop};
use stellar_fbas::network::{
    preprocess, FindingCode, GroupBy, Network, NodeSet, UnknownNodes, MAX_ENTRIES, MAX_KEY_BYTES,
    MAX_NESTING, MAX_NODES, MAX_SET_ENTRIES, MAX_THRESHOLD, MAX_VALUES,
};

/// The error of a text that is refused, by both functions that read texts.
fn refused(text: &str) -> String {
    let error = Network::parse(text.as_bytes(), None).expect_err("it is refused");
    assert_eq!(preprocess(text.as_bytes()).expect_err("it is refused"), error);
    assert!(error.to_string().chars().count() < 1000, "an error does not repeat the input");
    error.to_string()
}

#[track_caller]
fn assert_refused(text: &str, parts: &[&str]) {
    let error = refused(text);
    assert!(parts.iter().all(|part| error.contains(part)), "{error}");
}

fn network(text: &str) -> Network {
    Network::parse(text.as_bytes(), None).expect("valid input")
}

fn nodes(count: usize, node: impl Fn(usize) -> String) -> String {
    format!("[{}]", (0..count).map(node).collect::<Vec<_>>().join(","))
}

/// A node that asks for some of these.
fn flat(key: usize, threshold: usize, validators: &[usize]) -> String {
    let validators: Vec<String> = validators.iter().map(|key| format!("\"{key}\"")).collect();
    format!(
        r#"{{"publicKey":"{key}","quorumSet":{{"threshold":{threshold},"validators":[{}]}}}}"#,
        validators.join(",")
    )
}

/// Quorum sets in python-fbas's format, each naming the next one twice.
fn tower(levels: usize) -> String {
    let qset = |level: usize| {
        let next = if level + 1 < levels { format!("q{}", level + 1) } else { "A".to_string() };
        format!(r#""q{level}":{{"threshold":1,"members":["{next}","{next}"]}}"#)
    };
    let qsets: Vec<String> = (0..levels).map(qset).collect();
    format!(r#"{{"validators":[{{"id":"A","qset":"q0"}}],"qsets":{{{}}}}}"#, qsets.join(","))
}

#[test]
fn shared_quorum_sets_are_not_written_out_without_bound() {
    assert_refused(&tower(30), &["qsets.q", &MAX_ENTRIES.to_string()]);
    assert_refused(&tower(40), &["qsets.q", &format!("nested at most {MAX_NESTING} deep")]);
    // What is within the bound is stored once a level, and answered.
    let network = network(&tower(18));
    assert_eq!(network.quorum_sets().len(), 18);
    let found = top_tier(&network, &Options::default(), &Budget::unlimited()).expect("no limit");
    assert_eq!(found.top_tier, ["A"]);
}

#[test]
fn nesting_ends_the_reading_not_the_process() {
    for levels in [MAX_NESTING + 1, 1_000, 100_000] {
        let explorer = r#"{"threshold":1,"validators":[],"innerQuorumSets":["#.repeat(levels);
        let text = format!(r#"[{{"publicKey":"A","quorumSet":{explorer}{}}}]"#, "]}".repeat(levels));
        assert_refused(&text, &["nodes[0].quorumSet.innerQuorumSets[0]", "at most 32 deep"]);
        let core = r#"{"t":1,"v":["#.repeat(levels);
        let text = format!(r#"{{"nodes":[{{"node":"A","qset":{core}{}}}]}}"#, "]}".repeat(levels));
        assert_refused(&text, &["nodes"]);
    }
    for (open, close) in [("[", "]"), (r#"{"x":"#, "}")] {
        let deep = format!("{}0{}", open.repeat(100_000), close.repeat(100_000));
        assert_refused(&format!(r#"[{{"publicKey":"A","x":{deep}}}]"#), &["nodes[0].x", "recursion limit"]);
        // Nobody keeps what the formats do not know.
        let text = format!(r#"{{"x":{deep},"nodes":[{}]}}"#, flat(0, 1, &[0]));
        assert_eq!(network(&text).listed_count(), 1);
    }
}

#[test]
fn thresholds_are_whole_numbers_that_javascript_has() {
    let text = |threshold: &str| {
        format!(r#"[{{"publicKey":"A","quorumSet":{{"threshold":{threshold},"validators":["A"]}}}}]"#)
    };
    for threshold in
        ["-1", "1.5", "9007199254740992", "18446744073709551616", "1e308", "-0.5", "\"1\"", "null"]
    {
        assert_refused(
            &text(threshold),
            &["nodes[0].quorumSet.threshold: ", "expected a whole number from 0 to"],
        );
    }
    for threshold in ["1e309", "NaN", "Infinity", "0x1", "01", "+1"] {
        assert_refused(&text(threshold), &["nodes[0].quorumSet"]);
    }
    let codes = |threshold: u64| -> Vec<FindingCode> {
        let network = network(&text(&threshold.to_string()));
        quorums(&network, &Options::default(), &Budget::unlimited()).expect("no limit");
        network.findings().iter().map(|finding| finding.code).collect()
    };
    assert!(codes(0).contains(&FindingCode::ZeroThreshold));
    for threshold in [(1 << 31) - 1, 1 << 31, 1 << 32, MAX_THRESHOLD] {
        assert!(codes(threshold).contains(&FindingCode::UnreachableThreshold), "{threshold}");
    }
}

#[test]
fn values_nodes_and_keys_are_bounded() {
    let zeros = "0,".repeat(MAX_VALUES);
    assert_refused(
        &format!(r#"[{{"publicKey":"A","x":[{zeros}0]}}]"#),
        &["nodes: ", &MAX_VALUES.to_string()],
    );
    let organizations = format!("[{zeros}0]");
    let error = Network::parse(b"[]", Some(organizations.as_bytes())).expect_err("it is refused");
    assert_eq!(error.path, "organizations");

    let unknown = |count| nodes(count, |key| format!(r#"{{"publicKey":"{key}"}}"#));
    assert_eq!(network(&unknown(MAX_NODES)).node_count(), MAX_NODES);
    assert_refused(&unknown(MAX_NODES + 1), &["nodes: 100001 nodes"]);
    // A few thousand nodes that each name others.
    let strangers = nodes(40, |key| flat(key, 1, &(key * 4000..(key + 1) * 4000).collect::<Vec<_>>()));
    assert_refused(&strangers, &["nodes: 160000 nodes with those"]);
    for entries in [MAX_SET_ENTRIES + 1, 1_000_000] {
        let text = format!("[{}]", flat(0, entries, &vec![0; entries]));
        assert_refused(&text, &["nodes[0].quorumSet: ", "expected at most 4096 in one quorum set"]);
    }
    // One name thousands of times is one node, with a finding.
    let network = network(&format!("[{}]", flat(0, MAX_SET_ENTRIES, &[0; MAX_SET_ENTRIES])));
    assert!(network.findings().iter().any(|finding| finding.code == FindingCode::DuplicateEntry));
    let found = blocking_sets(&network, &Options::default(), &Budget::unlimited()).expect("no limit");
    assert_eq!(found.set.size.smallest_known(), Some(1));

    for key in ["", &"k".repeat(MAX_KEY_BYTES + 1), &"k".repeat(1 << 20)] {
        let length = &["nodes[0].publicKey: invalid length"];
        assert_refused(&format!(r#"[{{"publicKey":"{key}"}}]"#), length);
    }
    assert_refused(r#"[{"publicKey":"\ud800"}]"#, &["nodes[0].publicKey: "]);
}

#[test]
fn an_error_always_says_where() {
    for text in ["", "{", "[", "{}", "[[]]", "[0]", r#"{"": [{"publicKey}"#, r#"{"nodes":{}}"#, "[] []", "\0"]
    {
        let error = Network::parse(text.as_bytes(), None).expect_err("it is refused");
        assert!(error.path.starts_with("nodes"), "{text}: {error}");
    }
}

#[test]
fn paths_of_attributes_may_be_anything() {
    let network = network(
        r#"[{"publicKey":"A","":{"":{"x":"y"}},"__proto__":{"a":"b"},"quorumSet":{"threshold":1,"validators":["A"]}}]"#,
    );
    for (path, group) in [
        ("", "A"),
        (".", "A"),
        ("..x", "y"),
        ("__proto__.a", "b"),
        ("constructor", "A"),
        (&".".repeat(1 << 20), "A"),
        (&"x".repeat(1 << 20), "A"),
    ] {
        let options = Options::default().with_group_by(GroupBy::named(path));
        let found = top_tier(&network, &options, &Budget::unlimited()).expect("no limit");
        assert_eq!(found.top_tier, [group]);
    }
}

#[test]
fn large_legal_networks_have_verdicts() {
    let core = [0, 1, 2, 3];
    let watched = nodes(20_000, |key| match key {
        0..=3 => flat(key, 3, &core),
        _ => flat(key, 3, &[0, 1, 2, key, key - 1]),
    });
    let found =
        perform_analysis(&network(&watched), &Options::default(), &Budget::unlimited()).expect("no limit");
    assert!(found.intersection.has_quorum_intersection());
    assert_eq!((found.node.top_tier_size, found.node.blocking_sets_min_size), (4, 2));

    // A quorum each: looked at one after the other, as all of them at once would be a bit a pair.
    let alone = network(&nodes(20_000, |key| flat(key, 1, &[key])));
    let found = quorum_intersection(&alone, &Options::default(), &Budget::unlimited()).expect("no limit");
    assert_eq!(found.disjoint_quorums().map(|(a, b)| a.len() + b.len()), Some(2));
    let fbas = alone.fbas(UnknownNodes::Dead, &NodeSet::empty(alone.node_count()));
    assert_eq!(fbas.one_node_quorums().len(), 20_000);
    assert_eq!(fbas.minimal_quorum_candidates().map(|quorum| quorum.len()).sum::<usize>(), 20_000);
    let full = |network: &Network| {
        let full = full_analysis(network, &Options::default(), &Budget::unlimited()).expect("no limit");
        (full.top_tier.value.top_tier.len(), full.blocking_sets.value.set.size, full.quorums.value.set.size)
    };
    let exactly = Size::Exactly;
    assert_eq!(full(&alone), (20_000, exactly(20_000), exactly(1)));
    // Many parts, each of which is halted by two of its four nodes.
    let parts = network(&nodes(20_000, |key| flat(key, 3, &[0, 1, 2, 3].map(|place| key / 4 * 4 + place))));
    assert_eq!(full(&parts), (20_000, exactly(10_000), exactly(3)));
    // Each a quorum alone, and all of them one component.
    let circle = network(&nodes(2_000, |key| flat(key, 1, &[key, (key + 1) % 2_000])));
    assert_eq!(full(&circle), (2_000, exactly(2_000), exactly(1)));
}

#[test]
fn what_takes_long_in_a_large_network_ends_when_it_is_cancelled() {
    // One quorum, of everybody: that it is minimal has to be seen at every node.
    let ring = network(&nodes(20_000, |key| flat(key, 2, &[key, (key + 1) % 20_000])));
    let options = Options::default();
    // Cancelled at the hundredth look, long before an answer.
    let budget = || {
        let (flag, looks) = (CancelFlag::default(), std::sync::atomic::AtomicU32::new(0));
        Budget::unlimited().with_threads(1).with_cancellation(move || {
            if looks.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 100 {
                flag.cancel();
            }
            flag.is_cancelled()
        })
    };
    let is_cancelled = |error: Option<AnalysisError>| {
        matches!(
            error,
            Some(
                AnalysisError::Stopped(Stop::Cancelled)
                    | AnalysisError::StoppedBetween { stop: Stop::Cancelled, .. }
            )
        )
    };
    assert!(is_cancelled(top_tier(&ring, &options, &budget()).err()), "top tier");
    assert!(is_cancelled(quorum_intersection(&ring, &options, &budget()).err()), "intersection");
    assert!(is_cancelled(quorums(&ring, &options, &budget()).err()), "quorums");
    assert!(is_cancelled(blocking_sets(&ring, &options, &budget()).err()), "blocking sets");
    assert!(is_cancelled(splitting_sets(&ring, &options, &budget()).err()), "splitting sets");
}
