//! Dependency graph of the source files: which file uses items of which other file, and its cycles. Re-exported names
//! are followed to the file that defines them.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::{UsedPath, paths_in};

/// The path of a module that has a file of its own: `["crm", "connect"]` is `crm/connect.rs`.
pub type Module = Vec<String>;

/// All modules with a file, and the paths that each uses.
pub struct Modules {
    paths: BTreeMap<Module, Vec<UsedPath>>,
}

impl Modules {
    pub fn new<'a>(sources: impl IntoIterator<Item = (Module, &'a str)>) -> Self {
        let paths = sources.into_iter().map(|(module, text)| {
            let paths = paths_in(text, &module);
            (module, paths)
        });
        Self { paths: paths.collect() }
    }

    /// The module that defines the item of a path used in `module`, and its direct path; `None` for other crates and
    /// local names.
    pub fn resolve(&self, module: &[String], path: &str) -> Option<(Module, String)> {
        let mut path = self.rooted(module, path)?;
        // Chains of re-exports are short; two modules that import each other's names by `*` would loop for ever.
        for _ in 0..8 {
            let (target, rest) = self.split(&path);
            let Some(import) = rest.first().and_then(|name| self.import(target, name)) else {
                break;
            };
            let Some(next) = self.rooted(target, &import.path) else {
                break;
            };
            path = [&next, &rest[1..]].concat();
        }
        let (target, _) = self.split(&path);
        Some((target.to_vec(), format!("crate::{}", path.join("::"))))
    }

    /// The files that each file depends on. Not counted: re-exports; inline modules, which contain tests; and items
    /// that a module uses from its parent modules, because it is a part of them.
    pub fn dependencies(&self) -> BTreeMap<Module, BTreeSet<Module>> {
        let of_module = |(module, paths): (&Module, &Vec<UsedPath>)| {
            let counted = paths.iter().filter(|used| !used.is_reexport && !used.is_inline);
            let targets =
                counted.filter_map(|used| self.resolve(module, &used.path)).map(|(target, _)| target);
            (module.clone(), targets.filter(|target| !module.starts_with(target)).collect())
        };
        self.paths.iter().map(of_module).collect()
    }

    fn rooted(&self, module: &[String], path: &str) -> Option<Module> {
        let path: Module = path.split("::").map(str::to_owned).collect();
        if path[0] == "crate" {
            return Some(path[1..].to_vec());
        }
        // A child may be named without `self`.
        let is_child = self.paths.contains_key(&[module, &path[..1]].concat());
        is_child.then(|| [module, &path].concat())
    }

    /// Splits a path into its longest prefix that is a module with a file, and the rest.
    fn split<'a>(&self, path: &'a [String]) -> (&'a [String], &'a [String]) {
        let is_module = |length: &usize| self.paths.contains_key(&path[..*length]);
        path.split_at((1..=path.len()).rev().find(is_module).unwrap_or(0))
    }

    fn import(&self, module: &[String], name: &str) -> Option<&UsedPath> {
        let paths = self.paths.get(module)?;
        paths.iter().find(|used| !used.is_inline && used.name.as_deref() == Some(name))
    }
}

/// The strongly connected components of more than one file, each sorted.
pub fn cycles(dependencies: &BTreeMap<Module, BTreeSet<Module>>) -> BTreeSet<BTreeSet<Module>> {
    let reached: BTreeMap<&Module, BTreeSet<&Module>> =
        dependencies.keys().map(|module| (module, reachable(dependencies, module))).collect();
    let component = |module: &Module| -> BTreeSet<Module> {
        let mutual = |other: &&&Module| reached.get(**other).is_some_and(|back| back.contains(module));
        reached[module].iter().filter(mutual).map(|other| (*other).clone()).collect()
    };
    dependencies.keys().map(component).filter(|component| component.len() > 1).collect()
}

/// Everything that `from` depends on, directly or not.
fn reachable<'a>(
    dependencies: &'a BTreeMap<Module, BTreeSet<Module>>,
    from: &Module,
) -> BTreeSet<&'a Module> {
    let (mut found, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(module) = open.pop() {
        for next in dependencies.get(module).into_iter().flatten() {
            if found.insert(next) {
                open.push(next);
            }
        }
    }
    found
}
