//! The comparison as a table: one row a family and question.

use std::time::Duration;

use comfy_table::{presets, Table};

use crate::networks::{self, Family};
use crate::task::{run, Outcome, Question, Tool};
use crate::Arguments;

/// One network's outcomes; the others' are absent where they were not asked.
struct Row {
    ours: Option<Outcome>,
    others: Vec<Option<Option<Outcome>>>,
}

const OTHERS: [(Tool, &str); 2] =
    [(Tool::FbasAnalyzer, "fbas_analyzer 0.7.4"), (Tool::Wasm, "WASM build 0.6.2")];

/// Runs everything and prints the table.
pub fn print(arguments: &Arguments) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut table = Table::new();
    table.load_preset(if arguments.markdown {
        presets::ASCII_MARKDOWN
    } else {
        presets::UTF8_FULL_CONDENSED
    });
    let mut header =
        vec!["network".to_string(), "question".into(), "proven".into(), "median".into(), "slowest".into()];
    header.push("peak memory".into());
    let peers = arguments.peer.iter().map(|peer| peer.name.as_str());
    for name in OTHERS.iter().map(|(_, name)| *name).chain(peers) {
        header.extend([format!("{name}: solved"), "median".into(), "ratio".into()]);
    }
    table.set_header(header);
    for family in networks::all(&arguments.data) {
        if !family.name.contains(&arguments.only) {
            continue;
        }
        for &question in family.questions {
            eprintln!("{}: {}", family.name, question.name());
            table.add_row(row(arguments, &family, question, folder.path()));
        }
    }
    println!("{table}");
}

fn row(arguments: &Arguments, family: &Family, question: Question, folder: &std::path::Path) -> Vec<String> {
    let limit = Duration::from_secs(arguments.limit);
    let mut rows = Vec::new();
    for (index, network) in family.networks.iter().enumerate() {
        let file = folder.join("nodes.json");
        std::fs::write(&file, network).expect("a file to write");
        let ours = run(Tool::Ours, question, &file, Duration::from_secs(arguments.our_limit));
        // The others are asked about some of the networks, spread over the family.
        let step = family.networks.len().div_ceil(arguments.others.max(1));
        let is_known_to_all = !matches!(question, Question::SplittingAll | Question::PerformAnalysis);
        let ask = is_known_to_all && arguments.others > 0 && index % step == 0;
        let others = OTHERS.iter().map(|(tool, _)| ask.then(|| run(*tool, question, &file, limit)));
        let peers = arguments.peer.iter().map(|peer| ask.then(|| peer.ask(question, &file, limit)));
        let others = others.chain(peers).collect();
        rows.push(Row { ours, others });
    }
    let solved: Vec<&Outcome> = rows.iter().filter_map(|row| row.ours.as_ref()).collect();
    let peak = solved.iter().map(|outcome| outcome.peak).max().unwrap_or(0);
    let times: Vec<f64> = solved.iter().map(|outcome| outcome.milliseconds).collect();
    let slowest = times.iter().copied().fold(0.0, f64::max);
    let mut cells = vec![
        family.name.clone(),
        question.name(),
        format!("{} of {}", solved.len(), rows.len()),
        time(median(times)),
        time(Some(slowest)),
        format!("{} MB", peak / 1024),
    ];
    for other in 0..OTHERS.len() + arguments.peer.len() {
        cells.extend(compared(&rows, other, limit));
    }
    cells
}

/// How many another analyser solved, its median, and the median ratio of its time to ours; where it was stopped, the ratio is at
/// least that of the limit. Answers that differ are counted.
fn compared(rows: &[Row], other: usize, limit: Duration) -> [String; 3] {
    let asked: Vec<(&Option<Outcome>, &Outcome)> =
        rows.iter().filter_map(|row| Some((row.others[other].as_ref()?, row.ours.as_ref()?))).collect();
    if asked.is_empty() {
        return ["".into(), "".into(), "".into()];
    }
    let solved: Vec<(&Outcome, &Outcome)> =
        asked.iter().filter_map(|(theirs, ours)| Some((theirs.as_ref()?, *ours))).collect();
    let differing = solved.iter().filter(|(theirs, ours)| is_different(theirs, ours)).count();
    let mut count = format!("{} of {}", solved.len(), asked.len());
    if differing > 0 {
        count += &format!(", {differing} differ");
    }
    let limit = limit.as_secs_f64() * 1e3;
    let ratios = asked.iter().map(|(theirs, ours)| {
        theirs.as_ref().map_or(limit, |theirs| theirs.milliseconds) / ours.milliseconds
    });
    let is_bound = 2 * solved.len() < asked.len() + 1;
    let ratio = median(ratios.collect()).unwrap_or(0.0);
    let digits = if ratio < 10.0 { 1 } else { 0 };
    [
        count,
        time(median(solved.iter().map(|(theirs, _)| theirs.milliseconds).collect())),
        format!("{}{ratio:.digits$}", if is_bound { "> " } else { "" }),
    ]
}

/// The others say 0 where no set exists.
fn is_different(theirs: &Outcome, ours: &Outcome) -> bool {
    theirs.value != ours.value && !(ours.value.is_null() && theirs.value == 0)
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

fn time(milliseconds: Option<f64>) -> String {
    match milliseconds {
        None => "–".into(),
        Some(time) if time < 10.0 => format!("{time:.2} ms"),
        Some(time) if time < 1_000.0 => format!("{time:.0} ms"),
        Some(time) => format!("{:.1} s", time / 1e3),
    }
}
