//! Groups on the embedded example, checked against the definitions written down a second time, and closed forms.
//!
//! A set of groups blocks when all their nodes together block, and splits when some of their nodes together split; quorum sets stay
//! as they are. The explorers' present service fuses each group into one super node instead. On this network it reports blocking
//! and splitting sizes 3/3 instead of 2/1 for countries, 6/0 instead of 2/1 for internet providers, and with three
//! organisations down it misses that the network has halted.

use std::collections::BTreeSet;

use serde_json::{json, Value};
use stellar_fbas::analysis::{
    blocking_sets, perform_analysis, quorums, splitting_sets, symmetric_top_tier, top_tier, AnalysisResult,
    MergedResult, MinimalSet, NamedQuorumSet, Options,
};
use stellar_fbas::budget::Budget;
use stellar_fbas::network::{Finding, FindingCode, GroupBy, Groups, Network};

const NODES: &str = include_str!("../examples/network/stellar-2025-11.json");
const ORGANIZATIONS: &str = include_str!("../examples/network/organizations-2025-11.json");

// ---------------------------------------------------------------- the embedded example

#[test]
fn the_example_has_the_figures_of_the_public_network() {
    let found = analyse(not_validating());
    assert!(found.intersection.has_quorum_intersection());
    assert!(found.has_symmetric_top_tier);
    assert_eq!(figures(found.node), [21, 6, 6, 3]);
    assert_eq!(figures(found.organization), [7, 3, 3, 3]);
    assert_eq!(figures(found.country), [7, 2, 2, 1]);
    assert_eq!(figures(found.isp), [10, 2, 2, 1]);
}

#[test]
fn the_example_has_a_symmetric_top_tier_of_5_of_7_organizations() {
    let found = symmetric_top_tier(&example(), &Options::default(), &Budget::unlimited())
        .expect("an answer")
        .expect("a symmetric top tier");
    assert_eq!((found.threshold, found.validators.len(), found.inner_quorum_sets.len()), (5, 0, 7));
    let is_two_of_three = |inner: &NamedQuorumSet| inner.threshold == 2 && inner.validators.len() == 3;
    assert!(found.inner_quorum_sets.iter().all(is_two_of_three));
}

#[test]
fn the_example_names_one_validator_that_nobody_crawled_and_two_nodes_without_a_quorum_set() {
    let network = example();
    let nodes_of = |code: FindingCode| {
        let finding = network.findings().iter().find(|finding| finding.code == code);
        finding.map_or(0, |finding| finding.nodes.len())
    };
    assert_eq!((network.listed_count(), network.node_count()), (36, 37));
    assert_eq!(nodes_of(FindingCode::UnknownValidator), 1);
    assert_eq!(nodes_of(FindingCode::UnknownQuorumSet), 2);
}

#[test]
fn two_countries_or_two_providers_block() {
    for by in [GroupBy::Country, GroupBy::Isp] {
        let options = Options::default().with_group_by(by.clone());
        let found = blocking_sets(&example(), &options, &Budget::unlimited()).expect("an answer").set;
        assert_eq!(
            (found.size.smallest_known(), found.size.lower_bound(), found.size.is_exact()),
            (Some(2), 2, true),
            "{by:?}"
        );
        assert_eq!(found.example_set.len(), 2);
        let written = Written::example();
        let of_groups = |groups: &[String]| {
            let nodes = written.nodes.iter().filter(|node| groups.contains(&group(node, &by)));
            nodes.map(key).collect::<Keys>()
        };
        assert!(written.largest_quorum_without(&of_groups(&found.example_set)).is_empty());
        let all: BTreeSet<String> = written.nodes.iter().map(|node| group(node, &by)).collect();
        for one in all {
            let left = written.largest_quorum_without(&of_groups(std::slice::from_ref(&one)));
            assert!(!left.is_empty(), "{one} alone does not block");
        }
    }
}

#[test]
fn one_country_or_one_provider_splits() {
    for by in [GroupBy::Country, GroupBy::Isp] {
        let options = Options::default().with_group_by(by.clone());
        let found = splitting_sets(&example(), &options, &Budget::unlimited()).expect("an answer");
        assert!(found.intersection.has_quorum_intersection(), "so the empty set does not split");
        assert_eq!(
            (found.set.size.smallest_known(), found.set.size.lower_bound(), found.set.size.is_exact()),
            (Some(1), 1, true),
            "{by:?}"
        );
        let [splitter] = &found.set.example_set[..] else { panic!("one group splits") };
        let written = Written::example();
        let a: Keys = found.quorum_a.into_iter().collect();
        let b: Keys = found.quorum_b.into_iter().collect();
        let shared: Keys = a.intersection(&b).cloned().collect();
        assert!(written
            .nodes
            .iter()
            .filter(|node| shared.contains(&key(node)))
            .all(|node| group(node, &by) == *splitter));
        for side in [&a, &b] {
            let honest: Keys = side.difference(&shared).cloned().collect();
            assert!(!honest.is_empty());
            assert!(honest.iter().all(|member| written.is_satisfied(member, side)));
        }
    }
}

#[test]
fn with_three_organizations_down_the_network_has_halted_in_every_grouping() {
    let down = validators_of(&["stellar.blockdaemon.com", "lobstr.co", "www.stellar.org"]);
    assert_eq!(down.len(), 9);
    let found = analyse(down.clone());
    let blocking =
        |figures: MergedResult| (figures.blocking_sets_min_size, figures.blocking_sets_filtered_min_size);
    assert_eq!(blocking(found.node), (6, 0));
    assert_eq!(blocking(found.organization), (3, 0));
    assert_eq!(blocking(found.country), (2, 0));
    assert_eq!(blocking(found.isp), (2, 0));
    assert!(found.intersection.has_quorum_intersection(), "crashed nodes bear on the filtered figure only");

    // In the single analyses crashed nodes are dead.
    let options = Options::default().with_faulty_nodes(down);
    let blocking = blocking_sets(&example(), &options, &Budget::unlimited()).expect("an answer").set;
    assert_eq!((blocking.size.smallest_known(), blocking.size.is_exact()), (Some(0), true));
    assert!(blocking.example_set.is_empty());
    let quorums = quorums(&example(), &options, &Budget::unlimited()).expect("an answer");
    assert!(!quorums.intersection.has_quorum());
    assert!(!quorums.intersection.has_quorum_intersection());
}

#[test]
fn with_two_organizations_down_one_more_halts_the_network() {
    let found = analyse(validators_of(&["stellar.blockdaemon.com", "lobstr.co"]));
    let filtered = [found.node, found.organization, found.country, found.isp]
        .map(|figures| figures.blocking_sets_filtered_min_size);
    assert_eq!(filtered, [2, 1, 1, 1]);
}

// ---------------------------------------------------------------- grouping by any attribute

#[test]
fn grouping_by_home_domain_is_grouping_by_organization_where_they_coincide() {
    let by_domain = sizes(&example(), GroupBy::named("homeDomain"));
    assert_eq!(by_domain, sizes(&example(), GroupBy::Organization));
    assert_eq!(by_domain, (7, Some(3), Some(3)));
    let labels = |by: GroupBy| {
        let options = Options::default().with_group_by(by);
        top_tier(&example(), &options, &Budget::unlimited()).expect("an answer").top_tier
    };
    let domains = labels(GroupBy::named("homeDomain"));
    assert_eq!(domains, labels(GroupBy::named("organization")));
    assert_eq!(domains[..2], ["lobstr.co", "publicnode.org"]);
}

#[test]
fn grouping_by_a_nested_attribute_follows_its_path() {
    let options = Options::default().with_group_by(GroupBy::named("geoData.countryCode"));
    let codes = top_tier(&example(), &options, &Budget::unlimited()).expect("an answer").top_tier;
    assert_eq!(codes, ["BE", "CA", "DE", "FI", "SG", "TW", "US"]);
    assert_eq!(sizes(&example(), GroupBy::named("geoData.countryCode")), (7, Some(2), Some(1)));
    let splitting = splitting_sets(&example(), &options, &Budget::unlimited()).expect("an answer").set;
    assert_eq!(splitting.example_set, ["US"]);
}

#[test]
fn by_an_attribute_that_no_node_has_every_node_stands_for_itself() {
    let by_nothing = sizes(&example(), GroupBy::named("no.such.attribute"));
    assert_eq!(by_nothing, sizes(&example(), GroupBy::Node));
    assert_eq!(by_nothing, (21, Some(6), Some(3)));
}

#[test]
fn nodes_without_a_group_stand_for_themselves_beside_groups() {
    let keys = ["A", "B", "C", "D"];
    let network = |isps: [Value; 4]| {
        let quorum_set = json!({ "threshold": 3, "validators": keys, "innerQuorumSets": [] });
        let node = |(key, isp)| json!({ "publicKey": key, "isp": isp, "quorumSet": quorum_set });
        let nodes: Value = keys.iter().zip(isps).map(node).collect();
        Network::parse(nodes.to_string().as_bytes(), None).expect("a valid network")
    };
    // Two nodes block 3 of 4, and two must be Byzantine to split it: the ones that share a provider count once.
    let shared = network([json!("One"), json!("One"), Value::Null, json!("")]);
    let options = Options::default().with_group_by(GroupBy::Isp);
    let top_tier = top_tier(&shared, &options, &Budget::unlimited()).expect("an answer").top_tier;
    assert_eq!(top_tier, ["C", "D", "One"]);
    assert_eq!(sizes(&shared, GroupBy::Isp), (3, Some(1), Some(1)));
    assert_eq!(sizes(&network(keys.map(|_| Value::Null)), GroupBy::Isp), (4, Some(2), Some(2)));
}

// ---------------------------------------------------------------- what names a group

/// Nodes `0`, `1`, ... with these values of an attribute.
fn with_attribute(values: &[Value]) -> Network {
    let node =
        |(index, value): (usize, &Value)| json!({ "publicKey": index.to_string(), "at": { "x": value } });
    let nodes: Value = values.iter().enumerate().map(node).collect();
    Network::parse(nodes.to_string().as_bytes(), None).expect("a valid network")
}

#[test]
fn one_rule_says_which_values_name_one_group() {
    let alike = [
        vec![json!(1), json!(1.0), json!("1"), json!("1,"), json!("1."), json!(",1,.")],
        vec![json!(-0.5), json!("-0.5")],
        vec![json!(0), json!(-0.0), json!("0")],
        vec![json!(1e20), json!("100000000000000000000")],
        vec![json!(true), json!("true")],
        vec![json!("Amazon.com, Inc."), json!("Amazon.com Inc"), json!("Amazon.com Inc.")],
    ];
    let nothing = [json!(null), json!(""), json!([]), json!([1]), json!({}), json!({ "x": 1 })];
    let values: Vec<Value> = alike.iter().flatten().chain(&nothing).cloned().collect();
    let network = with_attribute(&values);
    let groups = Groups::of(&network, &GroupBy::named("at.x"));
    assert_eq!(groups.count(), alike.len() + nothing.len());
    let mut index = 0..;
    let mut node = || network.node(&index.next().unwrap_or(0).to_string()).expect("a node");
    for values in &alike {
        let group: Vec<_> = values.iter().map(|_| groups.group(node())).collect();
        assert!(group.iter().all(|one| *one == group[0]), "{values:?}");
    }
    for value in &nothing {
        assert!(groups.is_node(groups.group(node())), "{value}");
    }
    // Countries and providers go by the same rule.
    let providers = named([("A", Some("1,")), ("B", Some("1."))]);
    assert_eq!(Groups::of(&providers, &GroupBy::Isp).count(), 1);
    // Listed organisations do not: they have ids.
    let organizations = br#"[{"id":"o,","validators":["A"]},{"id":"o.","validators":["B"]}]"#;
    let nodes = br#"[{"publicKey":"A"},{"publicKey":"B"}]"#;
    let network = Network::parse(nodes, Some(organizations)).expect("a valid network");
    assert_eq!(Groups::of(&network, &GroupBy::Organization).count(), 2);
}

#[test]
fn labels_are_sorted_by_code_points() {
    let network = with_attribute(&["a", "Ä", "Z", "\u{10000}", "\u{FFFF}"].map(Value::from));
    let groups = Groups::of(&network, &GroupBy::named("at.x"));
    let labels: Vec<&str> = groups.iter().map(|group| groups.label(group)).collect();
    // By code units of UTF-16, as JavaScript sorts, the last two would change places.
    assert_eq!(labels, ["Z", "a", "Ä", "\u{FFFF}", "\u{10000}"]);
}

#[test]
fn a_grouping_knows_whether_it_has_data_on_some_nodes() {
    let network = with_attribute(&[json!("x"), json!(null), json!("")]);
    let groups = Groups::of(&network, &GroupBy::named("at.x"));
    let has_data = |keys: &[&str]| groups.has_data(&network.nodes_with_keys(keys));
    assert!(has_data(&["0"]) && has_data(&["0", "1", "2"]));
    assert!(!has_data(&["1", "2"]) && !has_data(&[]));
    assert!(!Groups::of(&network, &GroupBy::Node).has_data(&network.nodes_with_keys(&["0"])));
    assert_eq!(Finding::no_group_data("at.x").group_by.as_deref(), Some("at.x"));
}

#[test]
fn keys_that_no_node_bears_are_found() {
    let nodes = br#"[{"publicKey":"B","quorumSet":{"threshold":1,"validators":["A"]}}]"#;
    let network = Network::parse(nodes, None).expect("a valid network");
    assert_eq!(network.unknown_keys(&["C", "A", "c", "B", "C"]), ["C", "c"], "A is named and so a node");
    assert!(network.unknown_keys::<&str>(&[]).is_empty());
}

// ---------------------------------------------------------------- groups that are called like nodes

#[test]
fn a_group_that_is_called_like_a_node_is_told_apart() {
    let network = named([("GAA", None), ("A", Some("GAA")), ("B", Some("GAA")), ("GAA (group)", None)]);
    let groups = Groups::of(&network, &GroupBy::Isp);
    let labels: Vec<&str> = groups.iter().map(|group| groups.label(group)).collect();
    assert_eq!(labels, ["GAA", "GAA (group)", "GAA (group) (group)"]);
    assert_eq!(groups.iter().map(|group| groups.is_node(group)).collect::<Vec<_>>(), [true, true, false]);
    let options = Options::default().with_group_by(GroupBy::Isp).with_limit(9);
    let found = blocking_sets(&network, &options, &Budget::unlimited()).expect("an answer").set;
    let sets: Vec<Vec<String>> = lists(&found);
    assert_eq!(sets, [vec!["GAA (group) (group)"], vec!["GAA", "GAA (group)"]]);
}

#[test]
fn labels_are_unique_and_sorted_whatever_nodes_and_groups_are_called() {
    let pool = ["A", "A (group)", "A (group) (group)", "B", "B (group)", "C"];
    let mut random = fastrand::Rng::with_seed(11);
    let mut contested = 0;
    for _ in 0..2000 {
        let mut keys = pool;
        random.shuffle(&mut keys);
        let nodes =
            [0, 1, 2, 3, 4].map(|index| (keys[index], random.bool().then(|| pool[random.usize(..6)])));
        let network = named(nodes);
        let groups = Groups::of(&network, &GroupBy::Isp);
        let labels: Vec<&str> = groups.iter().map(|group| groups.label(group)).collect();
        assert!(labels.is_sorted_by(|a, b| a < b), "{nodes:?}: {labels:?}");
        let group_of = |key: &str| groups.group(network.node(key).expect("a listed node"));
        let alone: Vec<&str> = nodes.iter().filter(|(_, isp)| isp.is_none()).map(|(key, _)| *key).collect();
        for (key, isp) in nodes {
            let (group, label) = (group_of(key), groups.label(group_of(key)));
            assert_eq!(groups.is_node(group), isp.is_none());
            match isp {
                None => assert_eq!(label, key),
                Some(isp) if alone.contains(&isp) => {
                    contested += 1;
                    let marks = label.strip_prefix(isp).expect("the label begins with the name of the group");
                    assert!(!marks.is_empty() && marks.replace(" (group)", "").is_empty(), "{label}");
                }
                Some(isp) => assert_eq!(label, isp),
            }
            let together =
                nodes.iter().filter(|(other, _)| group_of(other) == group).map(|(other, _)| *other);
            let alike = nodes
                .iter()
                .filter(|(other, others)| if isp.is_some() { *others == isp } else { *other == key });
            assert!(together.eq(alike.map(|(other, _)| *other)), "{nodes:?}");
        }
        // The order of a list is that of the labels as shown.
        let options = Options::default().with_group_by(GroupBy::Isp).with_limit(99);
        let sets = lists(&blocking_sets(&network, &options, &Budget::unlimited()).expect("an answer").set);
        assert!(sets.is_sorted_by_key(|set| (set.len(), set.clone())), "{nodes:?}: {sets:?}");
        assert!(sets.iter().all(|set| set.is_sorted()), "{nodes:?}: {sets:?}");
    }
    assert!(contested > 1000, "{contested}");
}

/// A network in which all ask for all but one of all, with their providers.
fn named<const N: usize>(nodes: [(&str, Option<&str>); N]) -> Network {
    let quorum_set = json!({ "threshold": N - 1, "validators": nodes.map(|(key, _)| key).as_slice() });
    let node = |(key, isp)| json!({ "publicKey": key, "isp": isp, "quorumSet": quorum_set });
    let nodes: Value = nodes.into_iter().map(node).collect();
    Network::parse(nodes.to_string().as_bytes(), None).expect("a valid network")
}

fn lists(set: &MinimalSet) -> Vec<Vec<String>> {
    let list = set.list.as_ref().expect("a list was asked for");
    list.sets.iter().map(|set| set.iter().map(|name| name.to_string()).collect()).collect()
}

// ---------------------------------------------------------------- closed forms

#[test]
fn organizations_of_three_have_closed_forms() {
    for organizations in 1..=10u32 {
        for threshold in 1..=organizations {
            let network = families::symmetric(organizations as usize, 3, threshold as usize)
                .network()
                .expect("a valid network");
            let case = format!("{threshold} of {organizations} organisations");
            // Two quorums have at least this many organisations in common, and in each of those at least one node.
            let overlap = (2 * threshold).saturating_sub(organizations);
            let to_block = organizations - threshold + 1;
            assert_eq!(min_quorum(&network, GroupBy::Node), Some(2 * threshold), "{case}");
            assert_eq!(min_quorum(&network, GroupBy::Organization), Some(threshold), "{case}");
            let nodes = sizes(&network, GroupBy::Node);
            assert_eq!(nodes, (3 * organizations, Some(2 * to_block), Some(overlap)), "{case}");
            let groups = sizes(&network, GroupBy::Organization);
            assert_eq!(groups, (organizations, Some(to_block), Some(overlap)), "{case}");
        }
    }
}

#[test]
fn flat_networks_have_closed_forms() {
    for nodes in 1..=9u32 {
        for threshold in 1..=nodes {
            let network =
                families::flat(nodes as usize, threshold as usize).network().expect("a valid network");
            // When all need all, nobody is left to diverge.
            let splitting = (threshold < nodes).then(|| (2 * threshold).saturating_sub(nodes));
            let case = format!("{threshold} of {nodes}");
            assert_eq!(min_quorum(&network, GroupBy::Node), Some(threshold), "{case}");
            let found = sizes(&network, GroupBy::Node);
            assert_eq!(found, (nodes, Some(nodes - threshold + 1), splitting), "{case}");
        }
    }
}

#[test]
fn where_all_need_all_no_set_splits_and_that_is_not_a_zero() {
    let network = families::flat(3, 3).network().expect("a valid network");
    let found = splitting_sets(&network, &Options::default(), &Budget::unlimited()).expect("an answer");
    assert!(found.intersection.has_quorum_intersection());
    assert_eq!((found.set.size.smallest_known(), found.set.size.is_exact()), (None, true));
    assert!(found.set.example_set.is_empty());
    let report = perform_analysis(&network, &Options::default(), &Budget::unlimited()).expect("an answer");
    assert_eq!(figures(report.node), [3, 1, 1, 3]);
    assert!(report.findings.iter().any(|finding| finding.code == FindingCode::NoSplittingSet));
}

// ---------------------------------------------------------------- questions, in short

fn example() -> Network {
    Network::parse(NODES.as_bytes(), Some(ORGANIZATIONS.as_bytes())).expect("the example is a valid network")
}

fn analyse(faulty_nodes: Vec<String>) -> AnalysisResult {
    let options = Options::default().with_faulty_nodes(faulty_nodes);
    perform_analysis(&example(), &options, &Budget::unlimited()).expect("an answer")
}

fn figures(merged: MergedResult) -> [u32; 4] {
    [
        merged.top_tier_size,
        merged.blocking_sets_min_size,
        merged.blocking_sets_filtered_min_size,
        merged.splitting_sets_min_size,
    ]
}

/// The sizes of the top tier, of a smallest blocking set and of a smallest splitting set, all proven.
fn sizes(network: &Network, by: GroupBy) -> (u32, Option<u32>, Option<u32>) {
    let (options, budget) = (Options::default().with_group_by(by), Budget::unlimited());
    let top_tier = top_tier(network, &options, &budget).expect("an answer").top_tier;
    let blocking = blocking_sets(network, &options, &budget).expect("an answer").set;
    let splitting = splitting_sets(network, &options, &budget).expect("an answer").set;
    assert!(blocking.size.is_exact() && splitting.size.is_exact());
    assert_eq!(blocking.example_set.len() as u32, blocking.size.smallest_known().unwrap_or(0));
    assert_eq!(splitting.example_set.len() as u32, splitting.size.smallest_known().unwrap_or(0));
    (top_tier.len() as u32, blocking.size.smallest_known(), splitting.size.smallest_known())
}

fn min_quorum(network: &Network, by: GroupBy) -> Option<u32> {
    let options = Options::default().with_group_by(by);
    let found = quorums(network, &options, &Budget::unlimited()).expect("an answer").set;
    assert!(found.size.is_exact());
    found.size.smallest_known()
}

// ---------------------------------------------------------------- the example, read a second time

type Keys = BTreeSet<String>;

/// The example as written, with the definition of a quorum in its simplest form.
struct Written {
    nodes: Vec<Value>,
}

impl Written {
    fn example() -> Self {
        Written { nodes: serde_json::from_str(NODES).expect("a list of nodes") }
    }

    fn is_satisfied(&self, member: &str, by: &Keys) -> bool {
        let node = self.nodes.iter().find(|node| key(node) == member).expect("a listed node");
        !node["quorumSet"].is_null() && is_satisfied(&node["quorumSet"], by)
    }

    /// Removes members that are not satisfied until nothing changes.
    fn largest_quorum_without(&self, dead: &Keys) -> Keys {
        let mut left: Keys = self.nodes.iter().map(key).filter(|key| !dead.contains(key)).collect();
        loop {
            let satisfied: Keys =
                left.iter().filter(|member| self.is_satisfied(member, &left)).cloned().collect();
            if satisfied == left {
                return left;
            }
            left = satisfied;
        }
    }
}

fn is_satisfied(quorum_set: &Value, by: &Keys) -> bool {
    let entries = |name: &str| quorum_set[name].as_array().expect("a list of entries").clone();
    let validators =
        entries("validators").iter().filter(|key| by.contains(key.as_str().expect("a key"))).count();
    let inner = entries("innerQuorumSets").iter().filter(|inner| is_satisfied(inner, by)).count();
    (validators + inner) as u64 >= quorum_set["threshold"].as_u64().expect("a threshold")
}

fn key(node: &Value) -> String {
    node["publicKey"].as_str().expect("a public key").to_string()
}

fn group(node: &Value, by: &GroupBy) -> String {
    let pointer = match by {
        GroupBy::Country => "/geoData/countryName",
        GroupBy::Isp => "/isp",
        other => panic!("not used here: {other:?}"),
    };
    node.pointer(pointer).and_then(Value::as_str).expect("every node of the example has one").to_string()
}

fn not_validating() -> Vec<String> {
    let nodes = Written::example().nodes;
    nodes.iter().filter(|node| node["isValidating"] == json!(false)).map(key).collect()
}

fn validators_of(organizations: &[&str]) -> Vec<String> {
    let all: Vec<Value> = serde_json::from_str(ORGANIZATIONS).expect("a list of organisations");
    let chosen = all.iter().filter(|organization| {
        organizations.contains(&organization["id"].as_str().expect("an organisation's id"))
    });
    let validators = chosen.flat_map(|organization| organization["validators"].as_array().expect("a list"));
    validators.map(|key| key.as_str().expect("a public key").to_string()).collect()
}
