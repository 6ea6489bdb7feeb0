//! Comparison of two OpenAPI documents: what a client of the old one can no longer rely on (decision 50). What was added
//! breaks nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// Methods of a path; its other members are no operations.
const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];
/// Limits of a request's value that must not rise, and those that must not fall.
const LEAST: [&str; 4] = ["minLength", "minItems", "minProperties", "minimum"];
const MOST: [&str; 4] = ["maxLength", "maxItems", "maxProperties", "maximum"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Request,
    Response,
}

/// One line for each break, with its operation and its place.
pub fn breaking_changes(old: &Value, new: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (path, item) in members(&old["paths"]) {
        let Some(new_item) = new["paths"].get(path) else {
            found.push(format!("{path}: the path is gone"));
            continue;
        };
        for (method, operation) in members(item).filter(|(name, _)| METHODS.contains(&name.as_str())) {
            let name = format!("{} {path}", method.to_uppercase());
            let Some(new_operation) = new_item.get(method) else {
                found.push(format!("{name}: the method is gone"));
                continue;
            };
            let mut diff = Diff { old, new, name, found: Vec::new(), seen: BTreeSet::new() };
            diff.operation(operation, new_operation);
            found.append(&mut diff.found);
        }
    }
    found
}

fn members(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flatten()
}

fn items(array: &Value) -> impl Iterator<Item = &Value> {
    array.as_array().into_iter().flatten()
}

fn words(array: &Value) -> BTreeSet<String> {
    items(array).map(|word| word.as_str().map_or_else(|| word.to_string(), str::to_owned)).collect()
}

/// The comparison of one operation.
struct Diff<'a> {
    old: &'a Value,
    new: &'a Value,
    name: String,
    found: Vec<String>,
    /// Named schemas that were compared before, so that each break is told once and recursion ends.
    seen: BTreeSet<(String, bool)>,
}

impl Diff<'_> {
    fn tell(&mut self, place: &str, what: &str) {
        self.found.push(format!("{}: {}", self.name, format!("{place} {what}").trim()));
    }

    fn operation(&mut self, old: &Value, new: &Value) {
        let guards: Vec<&Value> = items(&new["security"]).collect();
        let is_open = guards.is_empty();
        let old_guards: Vec<&Value> = items(&old["security"]).collect();
        let is_same = !old_guards.is_empty() && old_guards.iter().all(|guard| guards.contains(guard));
        if !is_open && !is_same {
            self.tell("", "is guarded otherwise");
        }
        self.parameters(old, new);
        self.body(&old["requestBody"], &new["requestBody"]);
        for (status, response) in members(&old["responses"]) {
            match new["responses"].get(status) {
                None => self.tell("", &format!("the status {status} is gone")),
                Some(now) => self.content(status, response, now, Side::Response),
            }
        }
    }

    fn parameters(&mut self, old: &Value, new: &Value) {
        let same = |one: &Value, other: &Value| one["name"] == other["name"] && one["in"] == other["in"];
        let name = |parameter: &Value| parameter["name"].as_str().unwrap_or_default().to_owned();
        for parameter in items(&old["parameters"]) {
            match items(&new["parameters"]).find(|now| same(parameter, now)) {
                None => self.tell(&name(parameter), "is gone"),
                Some(now) => {
                    self.schema(&name(parameter), &parameter["schema"], &now["schema"], Side::Request);
                }
            }
        }
        for parameter in items(&new["parameters"]).filter(|parameter| parameter["required"] == true) {
            let before = items(&old["parameters"]).find(|before| same(parameter, before));
            if before.is_none_or(|before| before["required"] != true) {
                self.tell(&name(parameter), "is required");
            }
        }
    }

    fn body(&mut self, old: &Value, new: &Value) {
        if new["required"] == true && old["required"] != true {
            self.tell("", "the body is required");
        }
        self.content("body", old, new, Side::Request);
    }

    fn content(&mut self, place: &str, old: &Value, new: &Value, side: Side) {
        for (media_type, content) in members(&old["content"]) {
            match new["content"].get(media_type) {
                None => self.tell(place, &format!("{media_type} is gone")),
                Some(now) => self.schema(place, &content["schema"], &now["schema"], side),
            }
        }
    }

    fn schema(&mut self, place: &str, old: &Value, new: &Value, side: Side) {
        let key = |name: &str| (name.to_owned(), side == Side::Request);
        if named(old).is_some_and(|name| !self.seen.insert(key(name))) {
            return;
        }
        let parts: Vec<_> = items(&old["allOf"]).filter_map(named).map(key).collect();
        self.seen.extend(parts);
        let (old, new) = (Flat::of(self.old, old), Flat::of(self.new, new));
        self.types(place, &old, &new, side);
        match side {
            Side::Request => self.limits(place, &old, &new),
            Side::Response => {}
        }
        self.properties(place, &old, &new, side);
        for (name, within) in [("items", "[]"), ("additionalProperties", "{}")] {
            if let (Some(Value::Object(before)), Some(Value::Object(now))) =
                (old.rest.get(name), new.rest.get(name))
            {
                let (before, now) = (Value::from(before.clone()), Value::from(now.clone()));
                self.schema(&format!("{place}{within}"), &before, &now, side);
            }
        }
    }

    fn types(&mut self, place: &str, old: &Flat, new: &Flat, side: Side) {
        let (narrow, wide) = match side {
            Side::Request => (old, new),
            Side::Response => (new, old),
        };
        for kind in narrow.types.iter().filter(|kind| !wide.takes(kind)) {
            match side {
                Side::Request => self.tell(place, &format!("no longer takes {kind}")),
                Side::Response => self.tell(place, &format!("may be {kind}")),
            }
        }
        if narrow.types.is_empty() && !wide.types.is_empty() {
            self.tell(place, "has another type");
        }
        let lost = narrow.alternatives.iter().any(|one| !wide.alternatives.contains(one));
        if side == Side::Request && lost {
            self.tell(place, "has other alternatives");
        }
    }

    fn limits(&mut self, place: &str, old: &Flat, new: &Flat) {
        if let Some(values) = &new.values {
            match &old.values {
                None => self.tell(place, "takes some values only"),
                Some(before) => {
                    for value in before.difference(values) {
                        self.tell(place, &format!("no longer takes {value}"));
                    }
                }
            }
        }
        let number = |flat: &Flat, name: &str| flat.rest.get(name).and_then(Value::as_f64);
        for name in LEAST {
            if number(new, name).is_some_and(|now| number(old, name).is_none_or(|before| now > before)) {
                self.tell(place, &format!("{name} has risen"));
            }
        }
        for name in MOST {
            if number(new, name).is_some_and(|now| number(old, name).is_none_or(|before| now < before)) {
                self.tell(place, &format!("{name} has fallen"));
            }
        }
        for name in ["pattern", "format"] {
            if new.rest.contains_key(name) && new.rest.get(name) != old.rest.get(name) {
                self.tell(place, &format!("{name} has changed"));
            }
        }
    }

    fn properties(&mut self, place: &str, old: &Flat, new: &Flat, side: Side) {
        for (name, before) in &old.properties {
            let place = format!("{place}.{name}");
            match new.properties.get(name) {
                None => self.tell(&place, "is gone"),
                Some(now) => self.schema(&place, before, now, side),
            }
        }
        let (needed, given, what) = match side {
            Side::Request => (&new.required, &old.required, "is required"),
            Side::Response => (&old.required, &new.required, "may be absent"),
        };
        for name in needed.difference(given) {
            if side == Side::Request || new.properties.contains_key(name) {
                self.tell(&format!("{place}.{name}"), what);
            }
        }
    }
}

/// The name of a schema, also of one that may be null.
fn named(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str().or_else(|| choices(schema).and_then(|all| one_of(&all)?["$ref"].as_str()))
}

/// The alternatives that are not null.
fn choices(schema: &Value) -> Option<Vec<&Value>> {
    let all = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array())?;
    Some(all.iter().filter(|choice| choice["type"] != "null").collect())
}

fn one_of<'a>(choices: &[&'a Value]) -> Option<&'a Value> {
    match choices {
        [only] => Some(only),
        _ => None,
    }
}

/// A schema without references and parts.
#[derive(Default)]
struct Flat {
    /// None of them: any.
    types: BTreeSet<String>,
    values: Option<BTreeSet<String>>,
    properties: BTreeMap<String, Value>,
    required: BTreeSet<String>,
    alternatives: BTreeSet<String>,
    rest: Map<String, Value>,
}

impl Flat {
    fn of(document: &Value, schema: &Value) -> Self {
        let mut flat = Self::default();
        flat.add(document, schema);
        flat
    }

    /// References lead to named schemas only, and parts are none of the schemas that they are in.
    fn add(&mut self, document: &Value, schema: &Value) {
        if let Some(path) = schema["$ref"].as_str() {
            let target = document.pointer(path.trim_start_matches('#'));
            self.add(document, target.unwrap_or_else(|| panic!("{path} leads nowhere")));
        }
        items(&schema["allOf"]).for_each(|part| self.add(document, part));
        match choices(schema) {
            Some(all) => match one_of(&all) {
                Some(only) => {
                    self.add(document, only);
                    self.types.insert("null".to_owned());
                }
                None => self.alternatives.extend(all.iter().map(ToString::to_string)),
            },
            None => self.types.extend(kinds(&schema["type"])),
        }
        if schema["enum"].is_array() {
            self.values = Some(words(&schema["enum"]));
        }
        self.required.extend(words(&schema["required"]));
        self.properties
            .extend(members(&schema["properties"]).map(|(name, part)| (name.clone(), part.clone())));
        self.rest.extend(members(schema).map(|(name, value)| (name.clone(), value.clone())));
    }

    fn takes(&self, kind: &str) -> bool {
        self.types.is_empty()
            || self.types.contains(kind)
            || (kind == "integer" && self.types.contains("number"))
    }
}

fn kinds(kind: &Value) -> BTreeSet<String> {
    kind.as_str().map_or_else(|| words(kind), |one| BTreeSet::from([one.to_owned()]))
}
