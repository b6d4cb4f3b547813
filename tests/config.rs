//! What configurations mean, each worked out by hand from how stellar-core reads them, and what is wrong with others, by line and key.

use stellar_fbas::network::{quorum_set_of_config, FindingCode, WrittenQuorumSet, OWN_KEY};

fn set(text: &str) -> WrittenQuorumSet<'static> {
    quorum_set_of_config(text, Some("SELF")).expect("a configuration").quorum_set
}

fn error(text: &str) -> String {
    quorum_set_of_config(text, Some("SELF")).expect_err("no configuration").to_string()
}

fn of(threshold: u64, validators: &[&'static str]) -> WrittenQuorumSet<'static> {
    WrittenQuorumSet::new(threshold, validators.iter().copied())
}

fn codes(text: &str, own_key: Option<&str>) -> Vec<FindingCode> {
    let configuration = quorum_set_of_config(text, own_key).expect("a configuration");
    configuration.findings.iter().map(|finding| finding.code).collect()
}

/// Validators by domain, each with its quality and how many it has.
fn by_quality(domains: &[(&str, &str, usize)]) -> String {
    let mut text = String::new();
    for (name, quality, _) in domains {
        text += &format!("[[HOME_DOMAINS]]\nHOME_DOMAIN = \"{name}\"\nQUALITY = \"{quality}\"\n");
    }
    for (name, _, count) in domains {
        for index in 0..*count {
            text += &format!(
                "[[VALIDATORS]]\nNAME = \"{name}{index}\"\nHOME_DOMAIN = \"{name}\"\nPUBLIC_KEY = \"{}{index}\"\nHISTORY = \"curl {{0}} -o {{1}}\"\n",
                name.to_uppercase()
            );
        }
    }
    text
}

#[test]
fn a_set_that_is_written_out() {
    // 1 + (3 * 67 - 1) / 100 = 3, where a third of three would be 2.01.
    assert_eq!(set("[QUORUM_SET]\nVALIDATORS = ['A', 'B', 'C']"), of(3, &["A", "B", "C"]));
    assert_eq!(
        set("[QUORUM_SET]\nTHRESHOLD_PERCENT = 66\nVALIDATORS = ['A', 'B', 'C']"),
        of(2, &["A", "B", "C"])
    );
    for (percent, threshold) in [(1, 1), (25, 1), (26, 2), (50, 2), (51, 3), (75, 3), (76, 4), (100, 4)] {
        let text = format!("[QUORUM_SET]\nTHRESHOLD_PERCENT = {percent}\nVALIDATORS = ['A', 'B', 'C', 'D']");
        assert_eq!(set(&text), of(threshold, &["A", "B", "C", "D"]), "{percent} %");
    }
}

#[test]
fn every_table_in_a_set_is_an_inner_set() {
    // Two entries, a validator and an inner set: 1 + (2 * 51 - 1) / 100 = 2. In the inner set 1 + (3 * 50 - 1) / 100 = 2.
    let text = "
        [QUORUM_SET]
        THRESHOLD_PERCENT = 51
        VALIDATORS = ['A']
        [QUORUM_SET.whatever]
        THRESHOLD_PERCENT = 50
        VALIDATORS = ['B', 'C', 'D']";
    assert_eq!(set(text), of(2, &["A"]).with_inner([of(2, &["B", "C", "D"])]));
}

#[test]
fn names_stand_for_keys() {
    let text = "
        NODE_NAMES = ['KEYA  ann', 'KEYBEN ben']
        [QUORUM_SET]
        THRESHOLD_PERCENT = 100
        VALIDATORS = ['$ann', '$self', '@KEYB', 'KEYC cid', 'KEYD', '$cid']";
    assert_eq!(set(text), of(6, &["KEYA", "SELF", "KEYBEN", "KEYC", "KEYD", "KEYC"]));
    assert_eq!(codes(text, Some("SELF")), [FindingCode::DuplicateEntry]);
}

#[test]
fn sets_of_one_are_simplified() {
    let text = "
        [QUORUM_SET]
        [QUORUM_SET.1]
        THRESHOLD_PERCENT = 100
        VALIDATORS = ['A', 'B']
        [QUORUM_SET.1.1]
        VALIDATORS = ['C']";
    // The innermost set of one validator is that validator, and the outermost one of one set is that set.
    assert_eq!(set(text), of(3, &["A", "B", "C"]));
}

#[test]
fn domains_of_one_quality_are_two_thirds_of_their_majorities() {
    // 2 of 3 in each domain; 3 of the 4 domains: 4 - (4 - 1) / 3.
    let text = by_quality(&[("d", "HIGH", 3), ("a", "HIGH", 3), ("c", "HIGH", 3), ("b", "HIGH", 3)]);
    let domain = |keys: &[&'static str]| of(2, keys);
    let expected = of(3, &[]).with_inner([
        domain(&["A0", "A1", "A2"]),
        domain(&["B0", "B1", "B2"]),
        domain(&["C0", "C1", "C2"]),
        domain(&["D0", "D1", "D2"]),
    ]);
    assert_eq!(set(&text), expected);
    assert_eq!(codes(&text, Some("SELF")), [FindingCode::SelfExcluded]);
    // Whose key nobody knows may be one of them.
    assert_eq!(codes(&text, None), []);
}

#[test]
fn lower_quality_is_one_more_entry() {
    let text = by_quality(&[("low", "LOW", 1), ("m", "MEDIUM", 2), ("h", "HIGH", 3), ("c", "CRITICAL", 4)]);
    // Low: a set of one domain of one, which is that validator. Medium: 2 of {2 of M, LOW0}: 2 - (2 - 1) / 3 = 2. High: 2 of {2 of H, that}.
    // Critical: all of {3 of C: 4 - (4 - 1) / 2, that}.
    let medium = of(2, &["LOW0"]).with_inner([of(2, &["M0", "M1"])]);
    let high = of(2, &[]).with_inner([of(2, &["H0", "H1", "H2"]), medium]);
    assert_eq!(set(&text), of(2, &[]).with_inner([of(3, &["C0", "C1", "C2", "C3"]), high]));
}

#[test]
fn a_node_that_validates_counts_itself_in() {
    let text = format!(
        "NODE_IS_VALIDATOR = true\nNODE_HOME_DOMAIN = \"m\"\n{}",
        by_quality(&[("m", "MEDIUM", 2), ("n", "MEDIUM", 1)])
    );
    // 2 of 3 in its own domain, and the single one of the other: 2 of those two.
    assert_eq!(set(&text), of(2, &["N0"]).with_inner([of(2, &["M0", "M1", "SELF"])]));
    let without_key = quorum_set_of_config(&text, None).expect("a configuration");
    assert_eq!(without_key.quorum_set, of(2, &["N0"]).with_inner([of(2, &["M0", "M1", OWN_KEY])]));
    assert_eq!(codes(&text, None), [FindingCode::OwnKeyUnknown]);
    assert_eq!(codes(&text, Some("SELF")), []);
}

#[test]
fn a_quality_stands_at_the_validator_where_its_domain_has_none() {
    let text = "
        [[VALIDATORS]]
        NAME = 'ann'
        HOME_DOMAIN = 'a'
        QUALITY = 'LOW'
        PUBLIC_KEY = 'ANN'
        [[VALIDATORS]]
        NAME = 'ben'
        HOME_DOMAIN = 'b'
        QUALITY = 'LOW'
        PUBLIC_KEY = 'BEN'";
    assert_eq!(set(text), of(2, &["ANN", "BEN"]));
}

#[test]
fn a_set_that_is_written_out_counts_beside_validators() {
    let text = format!("{}[QUORUM_SET]\nVALIDATORS = ['$a0', 'B b']", by_quality(&[("a", "HIGH", 1)]));
    assert_eq!(set(&text), of(2, &["A0", "B"]));
    assert_eq!(codes(&text, Some("SELF")), [FindingCode::ValidatorsNotUsed, FindingCode::SelfExcluded]);
}

#[test]
fn mobilecoin_says_it_in_toml_and_in_json() {
    let expected = of(2, &["a.test:8443"]).with_inner([of(1, &["b.test:8443", "c.test:8443"])]);
    let toml = r#"
        broadcast_peers = ["mcp://a.test:8443/"]
        [quorum_set]
        threshold = 2
        members = [
            { type = "Node", args = "a.test:8443" },
            { type = "InnerSet", args = { threshold = 1, members = [
                { type = "Node", args = "b.test:8443" }, { type = "Node", args = "c.test:8443" } ] } },
        ]"#;
    assert_eq!(set(toml), expected);
    let json = r#"{"threshold": 2, "members": [
        {"type": "Node", "args": "a.test:8443"},
        {"type": "InnerSet", "args": {"threshold": 1, "members": [
            {"type": "Node", "args": "b.test:8443"}, {"type": "Node", "args": "c.test:8443"}]}}]}"#;
    assert_eq!(set(json), expected);
}

#[test]
fn errors_name_line_and_key() {
    for (text, expected) in [
        ("", "line 1: no quorum set, expected QUORUM_SET or VALIDATORS"),
        ("a = 1\nb = ", "line 2: "),
        ("[QUORUM_SET]\nTHRESHOLD_PERCENT = 0\nVALIDATORS = ['A']", "line 2, QUORUM_SET.THRESHOLD_PERCENT: expected a whole number from 1 to 100"),
        ("[QUORUM_SET]\nTHRESHOLD_PERCENT = 67.5\nVALIDATORS = ['A']", "line 2, QUORUM_SET.THRESHOLD_PERCENT: "),
        ("[QUORUM_SET]\nVALIDATORS = ['A',\n 7]", "line 3, QUORUM_SET.VALIDATORS[1]: expected a text"),
        ("[QUORUM_SET]\nVALIDATORS = ['$bob', 'A ann']", "line 2, QUORUM_SET.VALIDATORS[0]: $bob, expected the name of a validator: ann"),
        ("[QUORUM_SET]\nVALIDATORS = ['A ann', 'B ann']", "line 2, QUORUM_SET.VALIDATORS[1]: the name ann for two keys, A and B"),
        ("[QUORUM_SET]\nVALIDATORS = ['@A', 'AB ann', 'AC ben']", "line 2, QUORUM_SET.VALIDATORS[0]: @A, with which 2 keys that have a name begin, expected one"),
        ("[QUORUM_SET]\nTHRESHOLD = 3\nVALIDATORS = ['A']", "line 2, QUORUM_SET.THRESHOLD: expected THRESHOLD_PERCENT, VALIDATORS or a table, which is an inner set"),
        ("[QUORUM_SET]\nVALIDATORS = ['A']\n[QUORUM_SET.1]", "line 3, QUORUM_SET.1: a quorum set without entries, expected VALIDATORS or an inner set"),
        ("[[HOME_DOMAINS]]\nHOME_DOMAIN = 'a'\nQUALITY = 'BEST'", "line 3, HOME_DOMAINS[0].QUALITY: BEST, expected LOW, MEDIUM, HIGH or CRITICAL"),
        ("{\"threshold\": 1,\n\"members\": [{\"type\": \"Tree\", \"args\": \"a\"}]}", "quorumSet.members[0]: expected a type, Node or InnerSet, and args"),
        ("[quorum_set]\nthreshold = 1\nmembers = [\n{ type = 'Tree', args = 'a' }]", "line 4, quorum_set.members[0]: expected a type, Node or InnerSet, and args"),
    ] {
        let found = error(text);
        assert!(found.starts_with(expected), "{text}\n{found}\n{expected}");
    }
    let high = by_quality(&[("a", "HIGH", 2)]);
    assert!(
        error(&high).ends_with(
            "VALIDATORS: 2 of a, expected at least 3 validators of a domain of quality HIGH or CRITICAL"
        ),
        "{}",
        error(&high)
    );
    let without_history = by_quality(&[("a", "HIGH", 3)]).replace("HISTORY = \"curl {0} -o {1}\"\n", "");
    assert!(
        error(&without_history).contains("VALIDATORS[0]: expected HISTORY"),
        "{}",
        error(&without_history)
    );
    let with_quality = by_quality(&[("a", "LOW", 1)]) + "QUALITY = 'LOW'";
    assert!(error(&with_quality).contains("a QUALITY of its own, expected none"), "{}", error(&with_quality));
}

#[test]
fn stellar_core_accepts_five_levels() {
    let level = |depth: usize| {
        let path: String = (1..depth).map(|level| format!(".{level}")).collect();
        format!("[QUORUM_SET{path}]\nVALIDATORS = ['A{depth}', 'B{depth}']\n")
    };
    let text = |levels: usize| (1..=levels).map(level).collect::<String>();
    set(&text(5));
    assert!(error(&text(6)).ends_with("expected at most 5 levels of quorum sets"), "{}", error(&text(6)));
}
