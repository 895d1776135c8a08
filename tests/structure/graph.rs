//! Which file calls which.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::source::{Source, Use};

/// From file to file, with what is called.
pub struct Graph(BTreeMap<(String, String), BTreeSet<String>>);

impl Graph {
    /// All other files may name the declarations of the file `top`, without calling it.
    pub fn of(sources: &[Source], top: &str) -> Graph {
        let mut calls: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
        for from in sources {
            for used in &from.uses {
                for to in sources {
                    let name = what(used, from, to, sources, to.name == top);
                    if let Some(name) = name.filter(|_| to.name != from.name) {
                        let pair = (from.name.clone(), to.name.clone());
                        calls.entry(pair).or_default().insert(name);
                    }
                }
            }
        }
        Graph(calls)
    }

    pub fn has(&self, from: &str, to: &str, name: &str) -> bool {
        let pair = (from.to_owned(), to.to_owned());
        self.0.get(&pair).is_some_and(|names| names.contains(name))
    }

    /// Whether a file of that name calls another one, whichever folders they are in.
    pub fn calls(&self, from: &str, to: &str) -> bool {
        let is = |path: &str, name: &str| path.rsplit('/').next() == Some(name);
        self.0
            .keys()
            .any(|pair| is(&pair.0, from) && is(&pair.1, to))
    }

    /// The pairs of files that call each other, with what they call; empty if there are none.
    pub fn mutual(&self) -> String {
        let mut text = String::new();
        for ((from, to), names) in &self.0 {
            if let Some(back) = self
                .0
                .get(&(to.clone(), from.clone()))
                .filter(|_| from < to)
            {
                writeln!(text, "{from} -> {to}: {names:?}; {to} -> {from}: {back:?}")
                    .expect("it is memory");
            }
        }
        text
    }

    /// The calls against that order; empty if there are none.
    pub fn upward(&self, from_top_to_bottom: &[&str]) -> String {
        let place = |file: &String| from_top_to_bottom.iter().position(|one| one == file);
        let mut text = String::new();
        for ((from, to), names) in &self.0 {
            if place(from) >= place(to) {
                writeln!(text, "{from} -> {to}: {names:?}").expect("it is memory");
            }
        }
        text
    }
}

/// The function of `to` that this may mean.
fn what(used: &Use, from: &Source, to: &Source, all: &[Source], is_top: bool) -> Option<String> {
    let has = |owner: &str, name: &str| {
        let function = (owner.to_owned(), name.to_owned());
        to.functions.contains(&function).then(|| name.to_owned())
    };
    let has_for_any = |name: &str| {
        let is_it = |function: &&(String, String)| !function.0.is_empty() && function.1 == name;
        to.functions.iter().find(is_it).map(|_| name.to_owned())
    };
    match used {
        Use::OnSelf { owner, name } | Use::OfType { owner, name } => has(owner, name),
        Use::OnField { owner, field, name } => {
            let types = all.iter().find_map(|source| source.types.get(owner));
            match types.and_then(|fields| fields.get(field)) {
                Some(owner) => has(owner, name),
                None => has_for_any(name),
            }
        }
        Use::OnValue { name } => has_for_any(name),
        Use::Word(name) if !is_top && to.types.contains_key(name) => Some(name.clone()),
        Use::Word(name) => has("", name),
        Use::File(name) => {
            let folder = from.name.rsplit_once('/').map(|(folder, _)| folder);
            let path = folder.map_or(name.clone(), |folder| format!("{folder}/{name}"));
            (to.name == path).then_some(path)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(files: &[(&str, &str)]) -> Graph {
        let sources: Vec<Source> = files
            .iter()
            .map(|(name, text)| Source::read(name, text))
            .collect();
        Graph::of(&sources, "mod")
    }

    const TOP: (&str, &str) = ("mod", "struct Machine { part: Part }");

    #[test]
    fn files_that_call_one_way_are_layers() {
        let graph = graph(&[
            TOP,
            ("a", "impl Machine { fn a(&mut self) { self.b(); } }"),
            ("b", "impl Machine { fn b(&mut self) { self.part.c(1) } }"),
            ("c", "struct Part; impl Part { fn c(&self, _: u8) {} }"),
        ]);
        assert_eq!(graph.mutual(), "");
        assert!(graph.has("a", "b", "b") && graph.has("b", "c", "c"));
        assert_eq!(graph.upward(&["mod", "a", "b", "c"]), "");
        let upward = graph.upward(&["mod", "b", "a", "c"]);
        assert_eq!(upward, "a -> b: {\"b\"}\n");
    }

    #[test]
    fn two_that_call_each_other_are_found_by_what_they_call() {
        let graph = graph(&[
            TOP,
            ("a", "impl Machine { fn a(&mut self) { self.b(); } }"),
            (
                "b",
                "impl Machine { fn b(&self) { assert!(matches!(self.a(), ())); } }",
            ),
        ]);
        let pair = "a -> b: {\"b\"}; b -> a: {\"a\"}\n";
        assert_eq!(graph.mutual(), pair);
    }

    #[test]
    fn a_circle_of_three_calls_up_in_any_order() {
        let graph = graph(&[
            TOP,
            ("a", "impl Machine { fn a(&self) { self.b() } }"),
            ("b", "impl Machine { fn b(&self) { self.c() } }"),
            ("c", "impl Machine { fn c(&self) { self.a() } }"),
        ]);
        assert_eq!(graph.mutual(), "");
        let upward = graph.upward(&["mod", "a", "b", "c"]);
        assert_eq!(upward, "c -> a: {\"a\"}\n");
        let upward = graph.upward(&["mod", "b", "c", "a"]);
        assert_eq!(upward, "a -> b: {\"b\"}\n");
    }

    #[test]
    fn a_part_that_calls_up_is_found() {
        let part = "struct Part; impl Part { fn c(&self, up: &Machine) { up.a() } }";
        let graph = graph(&[
            TOP,
            ("a", "impl Machine { fn a(&self) { self.part.c(self) } }"),
            ("c", part),
        ]);
        let pair = "a -> c: {\"c\"}; c -> a: {\"a\"}\n";
        assert_eq!(graph.mutual(), pair);
    }

    #[test]
    fn calls_of_the_top_count_as_calls_up() {
        let graph = graph(&[
            (
                "mod",
                "impl Machine { fn top(&self) { self.a() } fn low(&self) {} }",
            ),
            ("a", "impl Machine { fn a(&self) { self.low() } }"),
        ]);
        let upward = graph.upward(&["mod", "a"]);
        assert_eq!(upward, "a -> mod: {\"low\"}\n");
    }

    #[test]
    fn imports_types_and_free_functions_count() {
        let graph = graph(&[
            ("parts/a", "use super::b::B; fn free() {}"),
            ("parts/b", "struct B; impl B { fn new() { free() } }"),
            ("c", "fn make() { B::new() }"),
            ("d", "const D: Option<B> = None;"),
        ]);
        assert!(graph.has("parts/a", "parts/b", "parts/b"));
        assert!(graph.has("parts/b", "parts/a", "free"));
        assert!(graph.has("c", "parts/b", "new"));
        assert!(graph.has("d", "parts/b", "B"));
    }

    #[test]
    fn tests_do_not_count() {
        let graph = graph(&[
            ("a", "impl Machine { fn a(&self) { self.b() } }"),
            (
                "b",
                "impl Machine { fn b(&self) {} }
                 #[cfg(test)] impl Machine { fn test(&self) { self.a() } }
                 #[cfg(test)] mod tests { fn test(machine: Machine) { machine.a() } }",
            ),
        ]);
        assert!(graph.has("a", "b", "b"));
        assert_eq!(graph.mutual(), "");
    }
}
