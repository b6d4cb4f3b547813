//! `stellar-core.cfg`: a quorum set written out as `QUORUM_SET`, or made of `VALIDATORS` by quality and home domain (`Config.cpp` of
//! stellar-core: `loadQset`, `generateQuorumSet`, and `normalizeQSet` of `QuorumSetUtils.cpp`).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::toml_text::{Document, Place};
use crate::network::limits::STELLAR_CORE_LEVELS;
use crate::network::sorting::{sort_by, sort_distinct};
use crate::network::{listed, InputError, WrittenQuorumSet};

/// What of its entries a set asks for where it does not say.
const USUAL_PERCENT: u64 = 67;
/// A domain of high quality has so many validators at least.
const FEWEST_OF_HIGH_QUALITY: usize = 3;

/// How far a validator is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Quality {
    Low,
    Medium,
    High,
    Critical,
}

/// A validator that a configuration lists.
struct Validator {
    key: String,
    domain: String,
    quality: Quality,
}

/// The quorum set that the node with this key asks for.
pub fn quorum_set(document: &Document, own_key: &str) -> Result<WrittenQuorumSet<'static>, InputError> {
    let names = Names::of(document, own_key)?;
    let mut set = match document.get("QUORUM_SET") {
        Some(place) => written_out(document, &place, &names, STELLAR_CORE_LEVELS)?,
        None => {
            let validators = validators(document, &names)?;
            if validators.is_empty() {
                return Err(InputError::new("line 1", "no quorum set, expected QUORUM_SET or VALIDATORS"));
            }
            level(&validators)
        }
    };
    simplify(&mut set);
    Ok(set)
}

// ---------------------------------------------------------------- names

/// The keys of validators by the names that they have in the file.
struct Names<'a> {
    own_key: &'a str,
    keys: BTreeMap<String, String>,
}

impl<'a> Names<'a> {
    fn of(document: &Document, own_key: &'a str) -> Result<Self, InputError> {
        let mut names = Names { own_key, keys: BTreeMap::new() };
        for list in ["NODE_NAMES", "PREFERRED_PEER_KEYS"] {
            if let Some(place) = document.get(list) {
                for item in document.items(&place)? {
                    names.learn(document, &item, document.text(&item)?)?;
                }
            }
        }
        if let Some(place) = document.get("VALIDATORS") {
            for item in document.items(&place)? {
                let fields: BTreeMap<&str, Place> = document.entries(&item)?.into_iter().collect();
                if let (Some(name), Some(key)) = (fields.get("NAME"), fields.get("PUBLIC_KEY")) {
                    let (key, name) = (document.text(key)?, document.text(name)?);
                    names.learn(document, &item, &format!("{key} {name}"))?;
                }
            }
        }
        if let Some(place) = document.get("QUORUM_SET") {
            names.learn_below(document, &place)?;
        }
        Ok(names)
    }

    /// Takes in the names that stand behind keys in a quorum set that is written out.
    fn learn_below(&mut self, document: &Document, place: &Place) -> Result<(), InputError> {
        for (key, inner) in document.entries(place)? {
            if key == "VALIDATORS" {
                for item in document.items(&inner)? {
                    self.learn(document, &item, document.text(&item)?)?;
                }
            } else if inner.is_table() {
                self.learn_below(document, &inner)?;
            }
        }
        Ok(())
    }

    /// Takes in `KEY name`.
    fn learn(&mut self, document: &Document, place: &Place, text: &str) -> Result<(), InputError> {
        let mut words = text.split_whitespace();
        let (Some(key), Some(name)) = (words.next(), words.next()) else { return Ok(()) };
        if key.starts_with(['$', '@']) {
            return Ok(());
        }
        match self.keys.insert(name.to_string(), key.to_string()) {
            Some(other) if other != key => {
                Err(document.error(place, format!("the name {name} for two keys, {other} and {key}")))
            }
            _ => Ok(()),
        }
    }

    /// The key that an entry means: a key, possibly with a name behind it, `$name`, `$self`, or `@` and the beginning of a key with a name.
    fn key_of(&self, document: &Document, place: &Place) -> Result<String, InputError> {
        let text = document.text(place)?;
        let Some(first) = text.split_whitespace().next() else {
            return Err(document.error(place, "an empty text, expected a key, $name, $self or @PREFIX"));
        };
        if first == "$self" {
            return Ok(self.own_key.to_string());
        }
        if let Some(name) = first.strip_prefix('$') {
            let unknown = || {
                let known: Vec<&str> = self.keys.keys().map(String::as_str).collect();
                document
                    .error(place, format!("{first}, expected the name of a validator: {}", listed(&known)))
            };
            return self.keys.get(name).cloned().ok_or_else(unknown);
        }
        if let Some(beginning) = first.strip_prefix('@') {
            let mut keys: Vec<&String> =
                self.keys.values().filter(|key| key.starts_with(beginning)).collect();
            sort_distinct(&mut keys);
            return match keys[..] {
                [key] => Ok(key.clone()),
                _ => Err(document.error(
                    place,
                    format!("{first}, with which {} keys that have a name begin, expected one", keys.len()),
                )),
            };
        }
        Ok(first.to_string())
    }
}

// ---------------------------------------------------------------- written out

/// A table with `THRESHOLD_PERCENT` and `VALIDATORS`, in which every table is an inner set.
fn written_out(
    document: &Document,
    place: &Place,
    names: &Names,
    levels_left: usize,
) -> Result<WrittenQuorumSet<'static>, InputError> {
    if levels_left == 0 {
        return Err(
            document.error(place, format!("expected at most {STELLAR_CORE_LEVELS} levels of quorum sets"))
        );
    }
    let (mut percent, mut validators, mut inner) = (USUAL_PERCENT, Vec::new(), Vec::new());
    for (key, value) in document.entries(place)? {
        match key {
            "THRESHOLD_PERCENT" => percent = document.number(&value, 1, 100)?,
            "VALIDATORS" => {
                for item in document.items(&value)? {
                    validators.push(names.key_of(document, &item)?);
                }
            }
            _ if value.is_table() => inner.push(written_out(document, &value, names, levels_left - 1)?),
            _ => {
                let expected = "expected THRESHOLD_PERCENT, VALIDATORS or a table, which is an inner set";
                return Err(document.error(&value, expected));
            }
        }
    }
    let entries = (validators.len() + inner.len()) as u64;
    if entries == 0 {
        return Err(
            document.error(place, "a quorum set without entries, expected VALIDATORS or an inner set")
        );
    }
    Ok(WrittenQuorumSet::new(1 + (entries * percent - 1) / 100, validators).with_inner(inner))
}

// ---------------------------------------------------------------- by quality

fn quality(document: &Document, place: &Place) -> Result<Quality, InputError> {
    match document.text(place)? {
        "LOW" => Ok(Quality::Low),
        "MEDIUM" => Ok(Quality::Medium),
        "HIGH" => Ok(Quality::High),
        "CRITICAL" => Ok(Quality::Critical),
        other => Err(document.error(place, format!("{other}, expected LOW, MEDIUM, HIGH or CRITICAL"))),
    }
}

/// The validators that are listed, and the node itself if it validates: best quality first, then by domain.
fn validators(document: &Document, names: &Names) -> Result<Vec<Validator>, InputError> {
    let domains = qualities_of_domains(document)?;
    let mut validators: Vec<Validator> = Vec::new();
    if let Some(place) = document.get("VALIDATORS") {
        for item in document.items(&place)? {
            validators.push(validator(document, &item, &domains)?);
        }
    }
    let validates = document.get("NODE_IS_VALIDATOR").map(|place| document.truth(&place)).transpose()?;
    if validates == Some(true) && !validators.is_empty() {
        let Some(place) = document.get("NODE_HOME_DOMAIN") else {
            let expected = "a node that validates (NODE_IS_VALIDATOR), expected NODE_HOME_DOMAIN, in which it counts itself";
            return Err(InputError::new("line 1", expected));
        };
        let domain = document.text(&place)?.to_string();
        let Some(&quality) = domains.get(&domain) else {
            return Err(document.error(&place, format!("{domain}, expected a domain that HOME_DOMAINS has")));
        };
        if !validators.iter().any(|validator| validator.key == names.own_key) {
            validators.push(Validator { key: names.own_key.to_string(), domain, quality });
        }
    }
    sort_by(&mut validators, |a, b| (Reverse(a.quality), &a.domain).cmp(&(Reverse(b.quality), &b.domain)));
    for domain in validators.chunk_by(|a, b| (a.quality, &a.domain) == (b.quality, &b.domain)) {
        let Validator { domain: name, quality, .. } = &domain[0];
        if *quality >= Quality::High && domain.len() < FEWEST_OF_HIGH_QUALITY {
            let count = domain.len();
            let problem = format!(
                "{count} of {name}, expected at least {FEWEST_OF_HIGH_QUALITY} validators of a domain of quality HIGH or CRITICAL"
            );
            return Err(match document.get("VALIDATORS") {
                Some(place) => document.error(&place, problem),
                None => InputError::new("line 1", problem),
            });
        }
    }
    Ok(validators)
}

fn qualities_of_domains(document: &Document) -> Result<BTreeMap<String, Quality>, InputError> {
    let mut domains = BTreeMap::new();
    let Some(place) = document.get("HOME_DOMAINS") else { return Ok(domains) };
    for item in document.items(&place)? {
        let (mut name, mut how) = (None, None);
        for (key, value) in document.entries(&item)? {
            match key {
                "HOME_DOMAIN" => name = Some(document.text(&value)?),
                "QUALITY" => how = Some(quality(document, &value)?),
                _ => return Err(document.error(&value, "expected HOME_DOMAIN or QUALITY")),
            }
        }
        let (Some(name), Some(how)) = (name, how) else {
            return Err(document.error(&item, "expected HOME_DOMAIN and QUALITY"));
        };
        if domains.insert(name.to_string(), how).is_some() {
            return Err(document.error(&item, format!("{name} once more, expected each domain once")));
        }
    }
    Ok(domains)
}

fn validator(
    document: &Document,
    item: &Place,
    domains: &BTreeMap<String, Quality>,
) -> Result<Validator, InputError> {
    let (mut name, mut key, mut domain, mut own, mut has_history) = (None, None, None, None, false);
    for (field, value) in document.entries(item)? {
        match field {
            "NAME" => name = Some(document.text(&value)?),
            "PUBLIC_KEY" => key = Some(document.text(&value)?),
            "HOME_DOMAIN" => domain = Some(document.text(&value)?),
            "QUALITY" => own = Some(quality(document, &value)?),
            "HISTORY" => has_history = !document.text(&value)?.is_empty(),
            "ADDRESS" => drop(document.text(&value)?),
            _ => {
                let expected = "expected NAME, PUBLIC_KEY, HOME_DOMAIN, QUALITY, HISTORY or ADDRESS";
                return Err(document.error(&value, expected));
            }
        }
    }
    let (Some(_), Some(key), Some(domain)) = (name, key, domain) else {
        return Err(document.error(item, "expected NAME, PUBLIC_KEY and HOME_DOMAIN"));
    };
    let quality = match (domains.get(domain), own) {
        (Some(_), Some(_)) => {
            let problem =
                format!("a QUALITY of its own, expected none where HOME_DOMAINS has that of {domain}");
            return Err(document.error(item, problem));
        }
        (Some(&quality), None) | (None, Some(quality)) => quality,
        (None, None) => {
            let problem = format!("no quality, expected QUALITY here or HOME_DOMAINS with {domain}");
            return Err(document.error(item, problem));
        }
    };
    if quality >= Quality::High && !has_history {
        let expected = "expected HISTORY, as validators of quality HIGH or CRITICAL have an archive";
        return Err(document.error(item, expected));
    }
    Ok(Validator { key: key.to_string(), domain: domain.to_string(), quality })
}

/// The set of the best quality of these validators: an inner set a domain, and one more for all of lower quality.
fn level(validators: &[Validator]) -> WrittenQuorumSet<'static> {
    let best = validators.first().map(|validator| validator.quality);
    let count = validators.iter().take_while(|validator| Some(validator.quality) == best).count();
    let (these, lower) = validators.split_at(count);
    let of_domain = |members: &[Validator]| {
        let keys = members.iter().map(|validator| validator.key.clone());
        WrittenQuorumSet::new(members.len() as u64 - (members.len() as u64 - 1) / 2, keys)
    };
    let mut inner: Vec<WrittenQuorumSet> =
        these.chunk_by(|a, b| a.domain == b.domain).map(of_domain).collect();
    if !lower.is_empty() {
        inner.push(level(lower));
    }
    let entries = inner.len() as u64;
    let threshold = match best {
        Some(Quality::Critical) => entries,
        _ => entries - entries.saturating_sub(1) / 3,
    };
    WrittenQuorumSet::new(threshold, Vec::<String>::new()).with_inner(inner)
}

/// An inner set of one validator is that validator, and a set of one inner set alone is that set.
fn simplify(set: &mut WrittenQuorumSet<'static>) {
    for mut inner in std::mem::take(&mut set.inner) {
        simplify(&mut inner);
        match (inner.threshold, inner.validators.len(), inner.inner.len()) {
            (1, 1, 0) => set.validators.append(&mut inner.validators),
            _ => set.inner.push(inner),
        }
    }
    if set.threshold == 1 && set.validators.is_empty() && set.inner.len() == 1 {
        *set = set.inner.remove(0);
    }
}
