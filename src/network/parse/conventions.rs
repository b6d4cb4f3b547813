//! Translates the attributes of nodes from other sources into those that explorers write today: the country stands in `geoData`, and
//! `isValidating` says whether a node is down. Data of before 2019 has `countryName`, `countryCode` and `active` at the node itself.
//! Attributes that a node has already are not overwritten.

use serde_json::{Map, Value};

/// Says that a node is down, unless its data says itself whether it is validating.
pub(super) fn is_down(attributes: &mut Map<String, Value>) {
    let is_validating = attributes.entry("isValidating").or_insert(Value::Null);
    if is_validating.is_null() {
        *is_validating = Value::Bool(false);
    }
}

/// Says in today's words what the attributes of a node say in those of before 2019.
pub(super) fn translate(attributes: &mut Map<String, Value>) {
    if attributes.get("active") == Some(&Value::Bool(false)) {
        is_down(attributes);
    }
    if attributes.get("geoData").is_none_or(Value::is_null) {
        let texts = ["countryCode", "countryName"].into_iter().filter_map(|name| {
            let text = attributes.get(name).filter(|value| value.is_string())?;
            Some((name.to_string(), text.clone()))
        });
        let geo_data: Map<String, Value> = texts.collect();
        if !geo_data.is_empty() {
            attributes.insert("geoData".into(), Value::Object(geo_data));
        }
    }
}
