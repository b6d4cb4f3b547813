//! Holds the imports of the code against the arrows that the design permits, and finds circles among files. What counts is the file that
//! defines a name, whichever module hands it on. Unit tests inside files may import what they like.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What may import what. `lib.rs` is the map of the crate and imports nothing.
const PERMITTED: [(&str, &[&str]); 13] = [
    ("lib", &[]),
    ("network", &["subject"]),
    ("watch", &["subject"]),
    ("subject", &[]),
    ("pool", &[]),
    ("budget", &["watch", "pool"]),
    ("known", &["budget", "subject"]),
    ("sat", &["budget", "known"]),
    ("linear", &["budget"]),
    ("diagram", &["budget"]),
    ("analysis", &["network", "sat", "linear", "diagram", "budget", "known", "subject"]),
    ("verify", &["network", "budget"]),
    ("certify", &["analysis", "network", "sat", "budget", "verify"]),
];
/// It may import everything, and nobody imports it.
const DOOR: &str = "binding";

/// The floors of `analysis`, lowest first; what stands on one imports from those below it and from its own. A question is a file directly
/// in the folder that no other floor names.
const FLOORS: [&[&str]; 8] = [
    &["options", "error", "size"],
    &["scenario"],
    &["cost"],
    &["encode"],
    &["technique"],
    &["list"],
    &[],
    &["summary"],
];
/// The floor of the questions.
const QUESTIONS: usize = 6;

/// A module by its path from the root of the crate; the root is empty.
type Module = Vec<String>;

/// What one file says of others.
#[derive(Default)]
struct File {
    /// Paths that it names, from `crate`, `super`, `self` or one of its own modules.
    paths: Vec<Vec<String>>,
    /// The names that it hands on or takes for itself, by where they come from.
    names: BTreeMap<String, Vec<String>>,
}

/// The imports among files: each with those whose definitions it names.
fn imports(texts: &BTreeMap<Module, String>) -> BTreeMap<Module, BTreeSet<Module>> {
    let files: BTreeMap<&Module, File> =
        texts.iter().map(|(module, text)| (module, read(module, text, texts))).collect();
    let imported = |module: &Module| {
        let paths = files[module].paths.iter();
        let defining = paths.filter_map(|path| defining_file(module, path, &files, 0));
        defining.filter(|found| found != module).collect()
    };
    texts.keys().map(|module| (module.clone(), imported(module))).collect()
}

/// The file in which what a path of this module names is defined.
fn defining_file(
    from: &Module,
    path: &[String],
    files: &BTreeMap<&Module, File>,
    depth: u32,
) -> Option<Module> {
    let mut at = from.clone();
    for name in path {
        match name.as_str() {
            "crate" => at.clear(),
            "self" => {}
            "super" => drop(at.pop()),
            name => {
                let child: Module = at.iter().cloned().chain([name.to_string()]).collect();
                if files.contains_key(&child) {
                    at = child;
                    continue;
                }
                let source = files.get(&at)?.names.get(name).filter(|_| depth < 9);
                return source
                    .map_or(Some(at.clone()), |source| defining_file(&at, source, files, depth + 1));
            }
        }
    }
    Some(at)
}

fn read(module: &Module, text: &str, texts: &BTreeMap<Module, String>) -> File {
    let tokens = tokens(text);
    let mut file = File::default();
    let is_child = |name: &str| {
        texts.contains_key(&module.iter().cloned().chain([name.to_string()]).collect::<Module>())
    };
    let (mut at, mut is_visible, mut in_use) = (0, false, false);
    while at < tokens.len() {
        let token = tokens[at].as_str();
        match token {
            "use" => {
                in_use = true;
                is_visible = matches!(tokens[..at].last().map(String::as_str), Some("pub" | ")"));
            }
            ";" => in_use = false,
            _ => {}
        }
        let starts_path = tokens.get(at + 1).is_some_and(|next| next == "::")
            && (at == 0 || tokens[at - 1] != "::")
            // `pub(in crate::network)` says who may see something, and imports nothing.
            && !tokens[..at].ends_with(&["pub", "(", "in"].map(String::from))
            && (matches!(token, "crate" | "super" | "self") || is_child(token));
        if !starts_path {
            at += 1;
            continue;
        }
        let mut found = Vec::new();
        at = tree(&tokens, at, &mut Vec::new(), &mut found);
        for (path, name) in found {
            if in_use {
                file.names.insert(name, path.clone());
            }
            // Handing something on is no import: whoever takes it imports it from where it is defined.
            if !(in_use && is_visible) {
                file.paths.push(path);
            }
        }
    }
    file
}

/// Reads a path or a tree of them; returns where it ends.
fn tree(
    tokens: &[String],
    mut at: usize,
    prefix: &mut Vec<String>,
    found: &mut Vec<(Vec<String>, String)>,
) -> usize {
    let depth = prefix.len();
    loop {
        let token = tokens.get(at).map_or("", String::as_str);
        if token == "{" {
            at += 1;
            while tokens.get(at).is_some_and(|token| token != "}") {
                at = if tokens[at] == "," { at + 1 } else { tree(tokens, at, prefix, found) };
            }
            at += 1;
            break;
        }
        if token.starts_with(|first: char| first.is_alphabetic() || first == '_') {
            prefix.push(token.to_string());
        }
        at += 1;
        if tokens.get(at).is_some_and(|next| next == "::") {
            at += 1;
            continue;
        }
        let mut name = prefix.last().cloned().unwrap_or_default();
        if tokens.get(at).is_some_and(|next| next == "as") {
            name = tokens.get(at + 1).cloned().unwrap_or_default();
            at += 2;
        }
        found.push((prefix.clone(), name));
        break;
    }
    prefix.truncate(depth);
    at
}

/// Words, `::` and single characters, without comments, texts and unit tests.
fn tokens(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(raw) = rest.strip_prefix("r#\"") {
            raw.find("\"#").map_or(rest.len(), |end| end + 5)
        } else if first == '"' {
            let mut is_escaped = false;
            let end = rest[1..].find(|character| {
                let ends = character == '"' && !is_escaped;
                is_escaped = character == '\\' && !is_escaped;
                ends
            });
            end.map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("'\"'") || rest.starts_with("'{'") || rest.starts_with("'}'") {
            3
        } else if first.is_alphanumeric() || first == '_' {
            let end = rest.find(|character: char| !character.is_alphanumeric() && character != '_');
            let end = end.unwrap_or(rest.len());
            tokens.push(rest[..end].to_string());
            end
        } else {
            let length = if rest.starts_with("::") { 2 } else { first.len_utf8() };
            if !first.is_whitespace() {
                tokens.push(rest[..length].to_string());
            }
            length
        };
        rest = &rest[length..];
    }
    tokens
}

/// Arrows that are not permitted, in words.
fn forbidden(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<String> {
    let top = |module: &Module| module.first().map_or("lib".to_string(), String::clone);
    let mut found = Vec::new();
    for (from, to) in imports.iter().flat_map(|(from, all)| all.iter().map(move |to| (from, to))) {
        let (importing, imported) = (top(from), top(to));
        let permitted = PERMITTED.iter().find(|(name, _)| *name == importing);
        let is_permitted = importing == imported
            || (importing == DOOR && imported != "lib")
            || permitted.is_some_and(|(_, permitted)| permitted.contains(&imported.as_str()));
        if !is_permitted {
            found.push(format!("{} imports {}", from.join("::"), to.join("::")));
        }
    }
    found
}

/// On which floor of `analysis` a file stands; its map, which imports nothing, on none.
fn floor_of(module: &Module) -> Option<usize> {
    let [folder, room, ..] = &module[..] else { return None };
    let named = FLOORS.iter().position(|floor| floor.contains(&room.as_str()));
    (folder == "analysis").then(|| named.unwrap_or(QUESTIONS))
}

/// Arrows inside `analysis` that lead upwards, in words.
fn upwards(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<String> {
    let arrows = imports.iter().flat_map(|(from, all)| all.iter().map(move |to| (from, to)));
    let leads_upwards = |(from, to): &(&Module, &Module)| {
        floor_of(from).zip(floor_of(to)).is_some_and(|(importing, imported)| importing < imported)
    };
    arrows
        .filter(leads_upwards)
        .map(|(from, to)| format!("{} imports {}", from.join("::"), to.join("::")))
        .collect()
}

/// The files that import one another, directly or not, in groups.
fn circles(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<Vec<String>> {
    let reached = |from: &Module| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(next) = open.pop() {
            open.extend(imports[next].iter().filter(|to| seen.insert((*to).clone())));
        }
        seen
    };
    let reached: BTreeMap<&Module, BTreeSet<Module>> =
        imports.keys().map(|module| (module, reached(module))).collect();
    let mut found: BTreeSet<Vec<String>> = BTreeSet::new();
    for (module, others) in reached.iter().filter(|(module, others)| others.contains(**module)) {
        let circle = others.iter().filter(|other| reached[other].contains(*module));
        found.insert(circle.map(|module| module.join("::")).collect());
    }
    found.into_iter().collect()
}

fn texts_under(folder: &Path, module: &Module, texts: &mut BTreeMap<Module, String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_string();
        let inside: Module = module.iter().cloned().chain([name.clone()]).collect();
        if path.is_dir() {
            texts_under(&path, &inside, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let is_folder = matches!(name.as_str(), "mod" | "lib");
            let text = std::fs::read_to_string(&path).expect("text");
            texts.insert(if is_folder { module.clone() } else { inside }, text);
        }
    }
}

#[test]
fn files_import_what_the_design_permits() {
    let mut texts = BTreeMap::new();
    texts_under(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &Vec::new(), &mut texts);
    let imports = imports(&texts);
    let arrows: usize = imports.values().map(BTreeSet::len).sum();
    assert!(texts.len() > 60 && arrows > 200, "{} files, {arrows} arrows", texts.len());
    for (name, _) in PERMITTED.iter().filter(|(name, _)| *name != "lib") {
        assert!(texts.keys().any(|module| module.first().is_some_and(|top| top == name)), "{name} is gone");
    }
    assert_eq!(forbidden(&imports), Vec::<String>::new());
    for room in FLOORS.iter().flat_map(|floor| floor.iter()) {
        assert!(texts.contains_key(&vec!["analysis".to_string(), room.to_string()]), "{room} is gone");
    }
    assert!(texts.keys().filter(|module| floor_of(module) == Some(QUESTIONS)).count() > 5);
    assert!(imports[&vec!["analysis".to_string()]].is_empty(), "the map of the questions imports nothing");
    assert_eq!(upwards(&imports), Vec::<String>::new());
    assert_eq!(circles(&imports), Vec::<Vec<String>>::new());
}

fn crate_of(files: &[(&str, &str)]) -> BTreeMap<Module, BTreeSet<Module>> {
    let module = |path: &str| path.split("::").filter(|name| !name.is_empty()).map(String::from).collect();
    imports(&files.iter().map(|(path, text)| (module(path), text.to_string())).collect())
}

#[test]
fn a_planted_arrow_is_found() {
    for text in [
        "use crate::analysis::Options;",
        "use crate::{analysis::{self as questions}, network};",
        "fn f() { crate::analysis::quorums() }",
        "pub(crate) fn f(options: super::analysis::Options) {}",
    ] {
        let found = forbidden(&crate_of(&[("", ""), ("sat", text), ("analysis", ""), ("network", "")]));
        assert!(found.contains(&"sat imports analysis".to_string()), "{text}: {found:?}");
    }
    for text in [
        "// use crate::analysis::Options;",
        "const TEXT: &str = \"crate::analysis\\\" crate::analysis\";",
        "pub(in crate::analysis) fn f() {}",
        "use crate::budget::Budget;",
        "use super::budget::{Budget, Stop};\n#[cfg(test)]\nmod tests { use crate::analysis::quorums; }",
    ] {
        let found = forbidden(&crate_of(&[("", ""), ("sat", text), ("analysis", ""), ("budget", "")]));
        assert_eq!(found, Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_planted_arrow_upwards_is_found() {
    let found = |path: &'static str, text: &'static str| {
        let rooms = ["", "analysis", "analysis::error", "analysis::cost", "analysis::cost::charges"];
        let others = ["analysis::list", "analysis::list::kind", "analysis::blocking", "analysis::summary"];
        let files = rooms.into_iter().chain(others).map(|room| (room, if room == path { text } else { "" }));
        upwards(&crate_of(&files.collect::<Vec<_>>()))
    };
    for (path, text, arrow) in [
        ("analysis::cost::charges", "use crate::analysis::list::kind::Kind;", "list::kind"),
        ("analysis::list::kind", "use super::super::blocking;", "blocking"),
        ("analysis::blocking", "use super::summary::Report;", "summary"),
        ("analysis::error", "use super::cost::charges::Charges;", "cost::charges"),
    ] {
        assert_eq!(found(path, text), vec![format!("{path} imports analysis::{arrow}")]);
    }
    for (path, text) in [
        ("analysis::blocking", "use super::list::kind::Kind;"),
        ("analysis::summary", "use super::blocking::f; use crate::analysis::error::Error;"),
    ] {
        assert_eq!(found(path, text), Vec::<String>::new());
    }
}

#[test]
fn a_planted_circle_is_found() {
    let without = [
        ("", "pub mod sat;"),
        ("sat", "mod a; mod b; mod c; pub use a::A; pub use b::{B, Other as C};"),
        ("sat::a", "pub struct A;"),
        ("sat::b", "use super::A; pub struct B;"),
        ("sat::c", "use super::{A, B, C};"),
    ];
    assert_eq!(circles(&crate_of(&without)), Vec::<Vec<String>>::new());
    let with = |path: &str, text: &'static str| {
        without.map(|(known, before)| (known, if known == path { text } else { before }))
    };
    // Through what a folder hands on, through a path in code, and between a file and its folder.
    let circle = |names: &[&str]| vec![names.iter().map(|name| format!("sat{name}")).collect::<Vec<_>>()];
    assert_eq!(circles(&crate_of(&with("sat::a", "use super::C; pub struct A;"))), circle(&["::a", "::b"]));
    let code = "fn f() { super::c::g() } pub struct A;";
    assert_eq!(circles(&crate_of(&with("sat::a", code))), circle(&["::a", "::b", "::c"]));
    let folder = "mod a; mod b; mod c; pub struct A; fn f() { b::g() }";
    assert_eq!(circles(&crate_of(&with("sat", folder))), circle(&["", "::b"]));
}
