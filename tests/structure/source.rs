//! A file's functions, types and calls, as its tokens show them. Tests do not count.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

#[derive(Default)]
pub struct Source {
    pub name: String,
    /// Functions, each with the type that it belongs to; with none, it is empty.
    pub functions: BTreeSet<(String, String)>,
    /// Structs and enums, with the types of their fields, as far as they have one.
    pub types: BTreeMap<String, BTreeMap<String, String>>,
    pub uses: BTreeSet<Use>,
}

/// One mention of something that may be another file's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// A function called on `self`, in a type's own functions.
    OnSelf { owner: String, name: String },
    /// A function called on a field of `self`.
    OnField {
        owner: String,
        field: String,
        name: String,
    },
    /// A function called on anything else, whose type only the compiler knows.
    OnValue { name: String },
    /// A function of a type, by its path.
    OfType { owner: String, name: String },
    /// A word that may be a type's or a free function's name.
    Word(String),
    /// A file, by its path.
    File(String),
}

impl Source {
    pub fn read(name: &str, text: &str) -> Source {
        let mut source = Source {
            name: name.to_owned(),
            ..Source::default()
        };
        let tokens: TokenStream = text.parse().expect("it compiles");
        source.read_items(without_tests(tokens), "");
        source
    }

    pub fn mentions(&self, word: &str) -> bool {
        self.uses.contains(&Use::Word(word.to_owned()))
    }

    /// Reads definitions, and the calls in between.
    fn read_items(&mut self, tokens: Vec<TokenTree>, owner: &str) {
        let mut place = 0;
        while place < tokens.len() {
            let word = tokens[place].to_string();
            let braces = (place..tokens.len()).find(|at| is_braces(&tokens[*at]));
            match (word.as_str(), braces) {
                ("impl", Some(end)) if owner.is_empty() => {
                    let subject = last_word(&tokens[place..end]);
                    self.read_items(inner(&tokens[end]), &subject);
                    place = end;
                }
                ("struct" | "enum", _) => {
                    let name = tokens[place + 1].to_string();
                    let body = tokens.get(place + 2).map(inner).unwrap_or_default();
                    self.types.insert(name, fields(&body));
                    self.read_uses(&body, owner);
                    place += 2;
                }
                ("fn", Some(end)) => {
                    let name = tokens[place + 1].to_string();
                    self.functions.insert((owner.to_owned(), name));
                    self.read_uses(&tokens[place + 2..=end], owner);
                    place = end;
                }
                _ => self.read_uses(&tokens[place..=place], owner),
            }
            place += 1;
        }
        self.read_paths(&tokens);
    }

    /// Paths of `use` stand between the items.
    fn read_paths(&mut self, tokens: &[TokenTree]) {
        let words: Vec<String> = tokens.iter().map(TokenTree::to_string).collect();
        for path in words.windows(4) {
            if path[0] == "super" && path[1] == ":" && path[2] == ":" {
                self.uses.insert(Use::File(path[3].clone()));
            }
        }
    }

    fn read_uses(&mut self, tokens: &[TokenTree], owner: &str) {
        let words: Vec<String> = flat(tokens);
        let parameters = parameters(&words);
        let owner = owner.to_owned();
        for at in 0..words.len() {
            let before = |back: usize| at.checked_sub(back).map_or("", |at| words[at].as_str());
            let name = words[at].clone();
            if !is_name(&name) {
                continue;
            }
            let is_called = words.get(at + 1).is_some_and(|next| next == "(");
            let used = if before(1) == ":" && before(2) == ":" {
                let owner = match before(3) {
                    "Self" => owner.clone(),
                    path => path.to_owned(),
                };
                Use::OfType { owner, name }
            } else if before(1) == "." && is_called {
                let field = before(2).to_owned();
                match (before(2), before(3), before(4)) {
                    ("self", ..) => Use::OnSelf {
                        owner: owner.clone(),
                        name,
                    },
                    (_, ".", "self") => Use::OnField {
                        owner: owner.clone(),
                        field,
                        name,
                    },
                    (_, "." | ")", _) => Use::OnValue { name },
                    (value, ..) => match parameters.get(value).cloned() {
                        Some(owner) => Use::OfType { owner, name },
                        None => Use::OnValue { name },
                    },
                }
            } else {
                Use::Word(name)
            };
            self.uses.insert(used);
        }
    }
}

/// How many lines there are before the tests that end a file.
pub fn lines_without_tests(text: &str) -> usize {
    let is_code = |line: &&str| !line.starts_with("#[cfg(test)]");
    text.lines().take_while(is_code).count()
}

fn without_tests(tokens: TokenStream) -> Vec<TokenTree> {
    let mut kept: Vec<TokenTree> = Vec::new();
    let mut is_test = false;
    for token in tokens {
        let is_end = is_braces(&token) || token.to_string() == ";";
        let is_mark = token.to_string().replace(' ', "") == "[cfg(test)]";
        if is_mark {
            is_test = true;
            kept.pop();
        } else if !is_test {
            kept.push(token);
        } else if is_end {
            is_test = false;
        }
    }
    kept
}

/// The types of a struct's fields, without what is around and in them.
fn fields(body: &[TokenTree]) -> BTreeMap<String, String> {
    let words: Vec<String> = body.iter().map(TokenTree::to_string).collect();
    let types = words
        .windows(3)
        .filter(|three| three[1] == ":" && is_name(&three[0]) && is_name(&three[2]));
    types
        .map(|three| (three[0].clone(), three[2].clone()))
        .collect()
}

/// The types of a function's parameters, whether references or not.
fn parameters(words: &[String]) -> BTreeMap<String, String> {
    let end = words.iter().position(|word| word == "{");
    let signature = &words[..end.unwrap_or_default()];
    let is_mark = |word: &&String| ["&", "mut", "'"].contains(&word.as_str());
    let colons = (1..signature.len()).filter(|at| signature[*at] == ":");
    let typed = colons.filter_map(|at| {
        let subject = signature[at + 1..].iter().find(|word| !is_mark(word))?;
        Some((signature[at - 1].clone(), subject.clone()))
    });
    typed.collect()
}

fn flat(tokens: &[TokenTree]) -> Vec<String> {
    let mut words = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                words.push(open.to_owned());
                words.extend(flat(&inner(token)));
                words.push(close.to_owned());
            }
            _ => words.push(token.to_string()),
        }
    }
    words
}

fn inner(token: &TokenTree) -> Vec<TokenTree> {
    match token {
        TokenTree::Group(group) => group.stream().into_iter().collect(),
        _ => Vec::new(),
    }
}

fn last_word(tokens: &[TokenTree]) -> String {
    let mut words = tokens.iter().rev().map(TokenTree::to_string);
    words.find(|word| is_name(word)).unwrap_or_default()
}

fn is_braces(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

#[test]
fn lines_are_counted_up_to_the_tests() {
    assert_eq!(
        lines_without_tests("one\ntwo\n#[cfg(test)]\nmod tests {}\n"),
        2
    );
    assert_eq!(lines_without_tests("one\n    #[cfg(test)]\ntwo\n"), 3);
}
