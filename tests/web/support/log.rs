//! A log of all that has happened so far, in order; and the wait for more of it.

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;

use futures_channel::oneshot::{Sender, channel};

use super::soon::soon;

/// A shared list that only grows.
pub struct Log<T>(Rc<Inner<T>>);

struct Inner<T> {
    entries: RefCell<Vec<T>>,
    waiting: RefCell<Vec<Sender<()>>>,
}

impl<T: Clone + 'static> Log<T> {
    pub fn push(&self, entry: T) {
        self.0.entries.borrow_mut().push(entry);
        for sender in self.0.waiting.take() {
            let _ = sender.send(());
        }
    }

    pub fn all(&self) -> Vec<T> {
        self.0.entries.borrow().clone()
    }

    pub fn those(&self, wanted: impl Fn(&T) -> bool) -> Vec<T> {
        self.all().into_iter().filter(wanted).collect()
    }

    /// Waits for the `nth` (from 1) entry that matches.
    #[track_caller]
    pub fn nth<W: Fn(&T) -> bool + 'static>(
        &self,
        nth: usize,
        wanted: W,
    ) -> impl Future<Output = T> + use<T, W> {
        let log = self.clone();
        soon(async move {
            loop {
                if let Some(entry) = log.those(&wanted).get(nth - 1) {
                    return entry.clone();
                }
                let (sender, more) = channel();
                log.0.waiting.borrow_mut().push(sender);
                more.await.unwrap();
            }
        })
    }
}

impl<T> Clone for Log<T> {
    fn clone(&self) -> Log<T> {
        Log(self.0.clone())
    }
}

impl<T> Default for Log<T> {
    fn default() -> Log<T> {
        Log(Rc::new(Inner {
            entries: RefCell::default(),
            waiting: RefCell::default(),
        }))
    }
}
