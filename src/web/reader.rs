//! Reading options: every field by its name, and the first thing that is wrong is said of that
//! name. Reading goes on after that, with `None`, so that no reader has to look out for errors.

use std::borrow::Cow;
use std::cell::RefCell;

use js_sys::{Array, Object};
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use super::js;
use crate::core::Error;

/// The first thing that was wrong.
#[derive(Default)]
pub(crate) struct Wrong(RefCell<Option<Error>>);

impl Wrong {
    /// # Errors
    ///
    /// [`Error::InvalidOption`] if anything was.
    pub(crate) fn check(self) -> Result<(), Error> {
        self.0.into_inner().map_or(Ok(()), Err)
    }
}

/// An object of options, its dotted name, and who is told what is wrong with it.
pub(crate) struct Reader<'a> {
    path: String,
    object: JsValue,
    wrong: &'a Wrong,
}

impl<'a> Reader<'a> {
    /// All options. `known` has the names there are, separated by spaces.
    pub(crate) fn new(object: JsValue, known: &str, wrong: &'a Wrong) -> Reader<'a> {
        let reader = Reader {
            path: String::new(),
            object,
            wrong,
        };
        reader.check("options", known);
        reader
    }

    /// An option that is an object itself.
    pub(crate) fn child(&self, key: &str, known: &str) -> Option<Reader<'a>> {
        let reader = Reader {
            path: self.name(key),
            object: self.value(key)?,
            wrong: self.wrong,
        };
        reader.check(&reader.path, known);
        Some(reader)
    }

    /// `None` if it is not set. A getter that throws counts as that.
    #[inline(never)]
    pub(crate) fn value(&self, key: &str) -> Option<JsValue> {
        let value = js::get(&self.object, key);
        (!value.is_undefined()).then_some(value)
    }

    #[inline(never)]
    pub(crate) fn text(&self, key: &str, problem: &'static str) -> Option<String> {
        self.scalar(key, problem)
    }

    /// Reads it into its place, or leaves there what is the default.
    #[inline(never)]
    pub(crate) fn text_into(&self, place: &mut String, key: &str, problem: &'static str) {
        if let Some(text) = self.text(key, problem) {
            *place = text;
        }
    }

    pub(crate) fn flag(&self, key: &str) -> Option<bool> {
        self.scalar(key, "must be a boolean")
    }

    pub(crate) fn number(&self, key: &str, problem: &'static str) -> Option<f64> {
        self.scalar(key, problem)
    }

    /// A list whose every item is something.
    #[inline(never)]
    pub(crate) fn list(&self, key: &str, problem: &'static str) -> Option<Array> {
        let value = self.value(key)?;
        if !Array::is_array(&value) {
            self.fail(key, problem);
            return None;
        }
        Some(value.unchecked_into())
    }

    pub(crate) fn statuses_into(&self, place: &mut Vec<u16>, key: &str, problem: &'static str) {
        let Some(list) = self.list(key, problem) else {
            return;
        };
        place.clear();
        for status in list.iter() {
            let status = status.as_f64().unwrap_or_default();
            // What is no whole number in range becomes a status that there is not.
            place.push(if status.fract() == 0.0 {
                status as u16
            } else {
                0
            });
        }
    }

    #[inline(never)]
    pub(crate) fn fail(&self, key: &str, problem: &'static str) {
        self.report(self.name(key), problem);
    }

    fn scalar<T: DeserializeOwned>(&self, key: &str, problem: &'static str) -> Option<T> {
        let value = serde_wasm_bindgen::from_value(self.value(key)?).ok();
        if value.is_none() {
            self.fail(key, problem);
        }
        value
    }

    fn check(&self, name: &str, known: &str) {
        if !self.object.is_object() || Array::is_array(&self.object) {
            return self.report(name.to_owned(), "must be an object");
        }
        for key in Object::keys(self.object.unchecked_ref::<Object>()).iter() {
            let key = key.as_string().unwrap_or_default();
            if !known.split(' ').any(|name| name == key) {
                self.fail(&key, "is unknown");
            }
        }
    }

    fn report(&self, name: String, problem: &'static str) {
        let mut wrong = self.wrong.0.borrow_mut();
        if wrong.is_none() {
            *wrong = Some(Error::invalid(Cow::Owned(name), problem));
        }
    }

    fn name(&self, key: &str) -> String {
        if self.path.is_empty() {
            return key.to_owned();
        }
        [&self.path, ".", key].concat()
    }
}
