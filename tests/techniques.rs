//! Techniques change how long an answer takes and nothing else: every analysis gives the same sizes with each of them switched off, on
//! networks with real organisations that are too large for brute force.

use families::{Deviation, Generated};
use stellar_fbas::analysis::{blocking_sets, quorums, splitting_sets, top_tier, Options, Scope, Techniques};
use stellar_fbas::budget::Budget;
use stellar_fbas::network::{GroupBy, Network};

/// Some networks of every family, small enough for formulas alone.
fn networks(seed: u64) -> Vec<(String, Generated)> {
    let almost = |organizations, drop, adapts, deviate| {
        families::almost_symmetric(organizations, Deviation { drop, adapts, deviate }, seed)
    };
    let mut networks: Vec<(String, Generated)> = Vec::new();
    for organizations in 3..=6 {
        for drop in [0.1, 0.3, 0.6] {
            for adapts in [true, false] {
                let mut add = |kind: &str, deviate| {
                    let name = format!("{kind} {organizations} organisations, drop {drop}, adapts {adapts}");
                    networks.push((name, almost(organizations, drop, adapts, deviate)));
                };
                add("homogeneous", 0.0);
                add("heterogeneous", 0.4);
            }
        }
    }
    let core = almost(5, 0.2, true, 0.2);
    networks.push(("watched".into(), families::with_watchers(&core, 6, seed)));
    networks.push(("two".into(), families::components(&[core, almost(4, 0.4, false, 0.3)])));
    networks
        .extend((0..4).map(|tangle| (format!("tangled {tangle}"), families::tangled(10, 4 * seed + tangle))));
    networks.push(("attached".into(), families::preferential_attachment(8, 3, seed)));
    networks
}

/// The same networks whatever the seed.
fn regular() -> Vec<(String, Generated)> {
    vec![
        ("ring".into(), families::ring(7, 2)),
        ("line".into(), families::line(7, 2)),
        ("flat".into(), families::flat(11, 6)),
        ("symmetric".into(), families::symmetric(6, 3, 5)),
        ("large organisations".into(), families::symmetric(4, 5, 3)),
    ]
}

/// What must not change: sizes, verdicts and the top tier.
fn answers(
    network: &Network,
    options: &Options,
) -> (Option<u32>, Option<u32>, Option<u32>, bool, Vec<String>) {
    let budget = Budget::unlimited();
    let quorums = quorums(network, options, &budget).expect("no limit");
    (
        splitting_sets(network, options, &budget).expect("no limit").set.size.smallest_known(),
        blocking_sets(network, options, &budget).expect("no limit").set.size.smallest_known(),
        quorums.set.size.smallest_known(),
        quorums.intersection.has_quorum_intersection(),
        top_tier(network, options, &budget).expect("no limit").top_tier,
    )
}

/// The same network with providers that cross organisations, the first of them more often.
fn with_providers(generated: &Generated) -> Generated {
    let mut crossed = generated.clone();
    for (index, node) in crossed.nodes.iter_mut().enumerate() {
        let provider = (index % 5).min(index % 7).min(index % 4 + 1);
        node["isp"] = format!("Provider {provider}").into();
    }
    crossed
}

fn check((name, generated): &(String, Generated)) {
    let network = with_providers(generated).network().expect("a family is valid input");
    let all = Techniques::default();
    // Where nodes are few, trying all sets leaves nothing to the others.
    let others = Techniques { subsets: false, ..all };
    let without = [
        others,
        Techniques { bounds: false, ..others },
        Techniques { guesses: false, ..others },
        Techniques { exchange: false, ..others },
        Techniques { counting: false, ..others },
        Techniques { watchers: false, ..others },
        Techniques { deciding: false, ..others },
        Techniques { local_search: false, ..others },
        Techniques { parts: false, ..others },
        Techniques { deciding: false, counting: false, ..others },
        Techniques { bounds: false, guesses: false, counting: false, ..others },
        Techniques { bounds: false, guesses: false, watchers: false, ..others },
        Techniques { bounds: false, guesses: false, counting: false, watchers: false, ..others },
    ];
    for group_by in [GroupBy::Node, GroupBy::Organization, GroupBy::Isp] {
        for scope in [Scope::Core, Scope::All] {
            let options = |techniques| {
                Options::default()
                    .with_group_by(group_by.clone())
                    .with_scope(scope)
                    .with_techniques(techniques)
            };
            let expected = answers(&network, &options(all));
            for techniques in without {
                let found = answers(&network, &options(techniques));
                assert_eq!(found, expected, "{name} by {group_by:?}, {scope:?}, {techniques:?}");
            }
        }
    }
}

#[test]
fn switching_techniques_off_changes_no_answer() {
    let setting = std::env::var("FBAS_TECHNIQUES_SEEDS").ok();
    let seeds: u64 = setting.map_or(2, |value| value.parse().expect("a whole number"));
    let mut networks: Vec<(String, Generated)> = (0..seeds).flat_map(networks).collect();
    networks.extend(regular());
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let networks = &networks;
            scope.spawn(move || networks.iter().skip(worker).step_by(workers).for_each(check));
        }
    });
}
