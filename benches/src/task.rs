//! One question to one analyser, measured in a process of its own: that bounds its time and tells its peak memory.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use serde_json::{json, Value};
use stellar_fbas::analysis::{self, Options, Scope};
use stellar_fbas::budget::Budget;
use stellar_fbas::network::Network;
use wait_timeout::ChildExt;

/// Who answers.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Tool {
    Ours,
    FbasAnalyzer,
    Wasm,
}

/// Another analyser that is given as a command line.
#[derive(Clone)]
pub struct Peer {
    pub name: String,
    command: Vec<String>,
}

impl Peer {
    /// Reads NAME=COMMAND; the words of the command stand between spaces.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, command) = text.split_once('=').ok_or("NAME='command {nodes} {question}' is expected")?;
        let command: Vec<String> = command.split_whitespace().map(str::to_string).collect();
        if command.is_empty() {
            return Err("a command is expected behind NAME=".into());
        }
        Ok(Peer { name: name.to_string(), command })
    }

    /// Asks it; nothing if it fails, takes longer than the limit, or prints no answer.
    pub fn ask(&self, question: Question, nodes: &Path, limit: Duration) -> Option<Outcome> {
        let fill = |word: &String| {
            word.replace("{nodes}", &nodes.to_string_lossy()).replace("{question}", &question.name())
        };
        let mut words = self.command.iter().map(fill);
        let mut command = Command::new(words.next()?);
        command.args(words).stdout(Stdio::piped()).stderr(Stdio::null());
        let start = Instant::now();
        let output = output_of(command, limit)?;
        let milliseconds = start.elapsed().as_secs_f64() * 1e3;
        let text = String::from_utf8_lossy(&output).to_lowercase();
        let words = text.split(|letter: char| !letter.is_alphanumeric());
        let mut values = words.filter_map(|word| serde_json::from_str(word).ok());
        let value = values.rfind(|value: &Value| value.is_boolean() || value.is_u64())?;
        Some(Outcome { milliseconds, value, peak: 0 })
    }
}

/// What a command prints, if it ends well within the limit.
fn output_of(mut command: Command, limit: Duration) -> Option<Vec<u8>> {
    let mut child = command.spawn().ok()?;
    if child.wait_timeout(limit).ok()?.is_none() {
        child.kill().ok();
        child.wait().ok();
        return None;
    }
    let output = child.wait_with_output().ok()?;
    output.status.success().then_some(output.stdout)
}

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ValueEnum)]
pub enum Question {
    Intersection,
    Quorum,
    Blocking,
    Splitting,
    SplittingAll,
    TopTier,
    PerformAnalysis,
}

impl Question {
    pub fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default()
    }
}

/// What a task came to.
#[derive(Clone)]
pub struct Outcome {
    pub milliseconds: f64,
    pub value: Value,
    /// In KiB, where the system tells.
    pub peak: u64,
}

/// Runs a task in a child process; nothing if it fails or takes longer than the limit.
pub fn run(tool: Tool, question: Question, nodes: &Path, limit: Duration) -> Option<Outcome> {
    let mut command = match tool {
        Tool::Wasm => {
            let mut command = Command::new("node");
            command.arg(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("wasm.cjs"));
            command
        }
        Tool::Ours | Tool::FbasAnalyzer => {
            let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
            command.arg("task").arg(tool.to_possible_value()?.get_name());
            command
        }
    };
    command.arg(question.name()).arg(nodes).stdout(Stdio::piped()).stderr(Stdio::null());
    // Starting up is not what is measured.
    let output = output_of(command, limit + Duration::from_millis(300))?;
    let answer: Value = serde_json::from_slice(&output).ok()?;
    let milliseconds = answer["milliseconds"].as_f64()?;
    Some(Outcome { milliseconds, value: answer["value"].clone(), peak: answer["peak"].as_u64().unwrap_or(0) })
        .filter(|_| milliseconds <= limit.as_secs_f64() * 1e3)
}

/// Answers in this process.
pub fn answer(tool: Tool, question: Question, nodes: &Path) {
    let text = std::fs::read_to_string(nodes).expect("a file to read");
    let (milliseconds, value) = match tool {
        Tool::Ours => ours(question, &text),
        Tool::FbasAnalyzer => fbas_analyzer(question, &text),
        Tool::Wasm => panic!("the WebAssembly build runs in Node.js"),
    };
    println!("{}", json!({ "milliseconds": milliseconds, "value": value, "peak": peak() }));
}

/// The median time of up to nine runs in up to about a second, and the answer. What a run works on is made anew, unmeasured: our networks
/// remember what they were asked.
fn measure<T>(make: impl Fn() -> T, work: impl Fn(&T) -> Value) -> (f64, Value) {
    let begin = Instant::now();
    let mut times = Vec::new();
    loop {
        let subject = make();
        let start = Instant::now();
        let value = work(&subject);
        times.push(start.elapsed().as_secs_f64() * 1e3);
        if times.len() == 9 || begin.elapsed() > Duration::from_millis(500) {
            times.sort_by(f64::total_cmp);
            return (times[times.len() / 2], value);
        }
    }
}

fn ours(question: Question, text: &str) -> (f64, Value) {
    let parse = || Network::parse(text.as_bytes(), None).expect("a network");
    let budget = Budget::unlimited();
    let scope = if question == Question::SplittingAll { Scope::All } else { Scope::Core };
    let options = Options::default().with_scope(scope);
    let size = |set: analysis::MinimalSet| json!(set.size.smallest_known());
    measure(parse, |network| match question {
        Question::Intersection => {
            json!(analysis::quorum_intersection(network, &options, &budget)
                .expect("an answer")
                .has_quorum_intersection())
        }
        Question::Quorum => size(analysis::quorums(network, &options, &budget).expect("an answer").set),
        Question::Blocking => {
            size(analysis::blocking_sets(network, &options, &budget).expect("an answer").set)
        }
        Question::Splitting | Question::SplittingAll => {
            size(analysis::splitting_sets(network, &options, &budget).expect("an answer").set)
        }
        Question::TopTier => {
            json!(analysis::top_tier(network, &options, &budget).expect("an answer").top_tier.len())
        }
        Question::PerformAnalysis => {
            let result = analysis::perform_analysis(network, &options, &budget).expect("an answer");
            json!(result.node.splitting_sets_min_size)
        }
    })
}

fn fbas_analyzer(question: Question, text: &str) -> (f64, Value) {
    use fbas_analyzer::{Analysis, Fbas};
    let parse = || Fbas::from_json_str(text);
    measure(parse, |fbas| {
        let analysis = Analysis::new(fbas);
        match question {
            Question::Intersection => json!(analysis.has_quorum_intersection()),
            Question::Quorum => json!(analysis.minimal_quorums().min()),
            Question::Blocking => json!(analysis.minimal_blocking_sets().min()),
            Question::Splitting => json!(analysis.minimal_splitting_sets().min()),
            Question::TopTier => json!(analysis.top_tier().len()),
            Question::SplittingAll | Question::PerformAnalysis => panic!("not a question for this one"),
        }
    })
}

/// The peak memory of this process in KiB, where the system tells.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
