//! The drain loop: after every input it performs the machine's effects, and turns their outcomes into
//! inputs.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

use super::channel::Channel;
use super::clock::{self, Alarm};
use super::done::{Done, Outcome};
use super::error::FetchError;
use super::js;
use super::locks::Lock;
use super::page::{self, PageEvent, Watch};
use super::request::Pending;
use super::seal::{self, Keys};
use super::settings::Settings;
use super::table::Table;
use crate::core::{CallId, Event, Machine, Now, RequestId, TabId, TabSharing, Ticket, Warning};

/// A manager's insides. The browser's callbacks hold it weakly, so that it ends when the manager is
/// dropped.
pub(crate) struct Driver {
    pub(super) me: Weak<Driver>,
    pub(super) machine: RefCell<Machine>,
    pub(super) settings: Settings,
    pub(super) tab: TabId,
    pub(super) channel: RefCell<Option<Channel>>,
    pub(super) page: RefCell<Option<Watch>>,
    pub(super) lock: RefCell<Option<(Ticket, Lock)>>,
    pub(super) presence: RefCell<Option<Lock>>,
    pub(super) next_presence: RefCell<Option<Lock>>,
    pub(super) keys: Keys,
    alarm: RefCell<Alarm>,
    pub(super) requests: RefCell<Table<Pending>>,
    pub(super) calls: RefCell<Table<Done>>,
    /// The functions of the calls that log in, until they are called.
    pub(super) logins: RefCell<Vec<(CallId, Function)>>,
    pub(super) ready: RefCell<Ready>,
    listeners: RefCell<Table<Listening>>,
    pub(super) events: RefCell<Vec<Event>>,
    /// A session has ended of which the app has not been told yet.
    pub(super) session_is_over: Cell<bool>,
    is_draining: Cell<bool>,
    is_telling: Cell<bool>,
    may_start: Cell<bool>,
    /// The warnings that are told once, and have been.
    warned: RefCell<Vec<Warning>>,
    /// The value that `fetch` rejected the last refresh with.
    pub(super) cause: RefCell<JsValue>,
    /// The last answer to a logout request, and whether it confirms the logout.
    pub(super) left: RefCell<JsValue>,
}

type Listening = Rc<dyn Fn(&Event)>;

pub(super) enum Ready {
    NotYet(Vec<Done>),
    Yes,
}

impl Driver {
    pub(crate) fn new(settings: JsValue) -> Rc<Driver> {
        let settings = Settings::of(settings);
        let sharing = if page::can_meet() {
            TabSharing::Shared
        } else {
            TabSharing::Alone
        };
        let tab = TabId(seal::random());
        let machine = Machine::new(
            settings.policy.clone(),
            tab,
            sharing,
            seal::random(),
            clock::now(),
        );
        Rc::new_cyclic(|me| Driver {
            me: me.clone(),
            machine: RefCell::new(machine),
            settings,
            tab,
            channel: RefCell::default(),
            page: RefCell::default(),
            lock: RefCell::default(),
            presence: RefCell::default(),
            next_presence: RefCell::default(),
            keys: Keys::new(),
            alarm: RefCell::default(),
            requests: RefCell::new(Table::new()),
            calls: RefCell::new(Table::new()),
            logins: RefCell::default(),
            ready: RefCell::new(Ready::NotYet(Vec::new())),
            listeners: RefCell::new(Table::new()),
            events: RefCell::default(),
            session_is_over: Cell::default(),
            is_draining: Cell::new(false),
            is_telling: Cell::new(false),
            may_start: Cell::new(true),
            warned: RefCell::default(),
            cause: RefCell::new(JsValue::UNDEFINED),
            left: RefCell::new(JsValue::UNDEFINED),
        })
    }

    /// Starts the machine, once the app can listen. Does nothing the second time, or after the end.
    pub(crate) fn start(&self) {
        if !self.may_start.replace(false) {
            return;
        }
        self.open_channel();
        self.watch_page();
        self.drive(|machine, now| {
            machine.start(now);
            machine.handle_visibility(page::is_visible(), now);
        });
    }

    /// Gives the machine an input, then performs its effects.
    pub(crate) fn drive(&self, input: impl FnOnce(&mut Machine, Now)) {
        // To read the clocks costs more than all that the machine does: once for each input.
        let now = clock::now();
        input(&mut self.machine.borrow_mut(), now);
        self.drain(now);
    }

    /// Gives the machine an input later, if this is still there by then.
    pub(super) fn driven<F: Fn(&Driver)>(&self, input: F) -> impl Fn() + use<F> {
        let me = self.me.clone();
        move || {
            if let Some(driver) = me.upgrade() {
                input(&driver);
            }
        }
    }

    /// Continues when the promise is settled. The driver lives until then.
    pub(super) fn when(
        &self,
        promise: Promise,
        then: impl FnOnce(&Driver, Result<JsValue, JsValue>) + 'static,
    ) {
        if let Some(driver) = self.me.upgrade() {
            js::when(promise, Box::new(move |outcome| then(&driver, outcome)));
        }
    }

    pub(crate) fn ask<T>(&self, question: impl FnOnce(&Machine) -> T) -> T {
        question(&self.machine.borrow())
    }

    pub(crate) fn when_ready(&self, done: Done) {
        if let Ready::NotYet(waiting) = &mut *self.ready.borrow_mut() {
            return waiting.push(done);
        }
        done(Ok(Outcome::Nothing));
    }

    pub(crate) fn listen(&self, listener: Listening) -> u32 {
        self.listeners.borrow_mut().add(listener)
    }

    pub(crate) fn unlisten(&self, id: u32) {
        self.listeners.borrow_mut().remove(id);
    }

    /// In how many milliseconds the machine tries again.
    #[cfg(feature = "npm")]
    pub(crate) fn retry_in(&self) -> u64 {
        self.ask(|machine| machine.retry_in(clock::now()))
    }

    /// The browser refuses what tabs need to meet, perhaps even the locks.
    #[inline(never)]
    pub(super) fn refused(&self, with_locks: bool) {
        self.drive(|machine, now| machine.handle_refusal(with_locks, now));
    }

    pub(super) fn warn_once(&self, warning: Warning) {
        let mut warned = self.warned.borrow_mut();
        if !warned.contains(&warning) {
            warned.push(warning);
            drop(warned);
            self.warn(warning);
        }
    }

    pub(super) fn warn(&self, warning: Warning) {
        self.events.borrow_mut().push(Event::Warning(warning));
        self.tell();
    }

    /// The value that `fetch` rejected the last refresh with, if it did.
    pub(crate) fn cause(&self) -> JsValue {
        self.cause.borrow().clone()
    }

    /// Ends everything, and rejects the calls that wait.
    pub(crate) fn dispose(&self) {
        self.may_start.set(false);
        self.drive(|machine, _| machine.handle_dispose());
        self.withdraw();
        self.page.take();
        self.listeners.borrow_mut().clear();
    }

    pub(super) fn take_request(&self, id: RequestId) -> Option<Pending> {
        self.requests.borrow_mut().remove(id.0)
    }

    pub(super) fn open_channel(&self) {
        let me = self.me.clone();
        let hear = move |message| {
            if let Some(driver) = me.upgrade() {
                driver.drive(|machine, now| machine.handle_message(message, now));
            }
        };
        let channel = Channel::open(&self.settings.group, self.tab, hear);
        if channel.is_none() {
            self.refused(false);
        }
        *self.channel.borrow_mut() = channel;
    }

    pub(super) fn withdraw(&self) {
        self.channel.take();
        self.step_aside();
    }

    pub(super) fn step_aside(&self) {
        self.next_presence.take();
        self.presence.take();
    }

    // Not inlined, because `drive` is instantiated for every input.
    #[inline(never)]
    fn drain(&self, now: Now) {
        if self.is_draining.replace(true) {
            // The app's `fetch` has called this from within an effect. The loop below continues.
            return;
        }
        loop {
            let effect = self.machine.borrow_mut().poll_effect();
            let Some(effect) = effect else { break };
            self.perform(effect);
        }
        self.set_alarm(now);
        self.is_draining.set(false);
        self.tell();
    }

    /// Tells the listeners, one event after the other, even if a listener causes more.
    fn tell(&self) {
        if self.is_telling.replace(true) {
            return;
        }
        loop {
            let events = self.events.take();
            if events.is_empty() {
                break;
            }
            for event in events {
                let listeners: Vec<_> = self.listeners.borrow().iter().cloned().collect();
                for listener in listeners {
                    listener(&event);
                }
            }
        }
        self.is_telling.set(false);
    }

    fn set_alarm(&self, now: Now) {
        let delay = self.machine.borrow().next_timeout(now);
        let ring = self.driven(|driver| {
            driver.alarm.borrow_mut().has_rung();
            driver.drive(|machine, now| machine.handle_timeout(now));
        });
        self.alarm.borrow_mut().set(delay, now, ring);
    }

    fn watch_page(&self) {
        let me = self.me.clone();
        let tell = move |event| {
            if let Some(driver) = me.upgrade() {
                driver.alarm.borrow_mut().distrust();
                driver.drive(|machine, now| match event {
                    PageEvent::Visibility(visible) => machine.handle_visibility(visible, now),
                    PageEvent::Wake => machine.handle_wake(now),
                    PageEvent::Online => machine.handle_online(now),
                    PageEvent::Leave => machine.handle_leave(now),
                    PageEvent::Hide => machine.handle_hide(now),
                    PageEvent::Show => machine.handle_show(now),
                });
            }
        };
        *self.page.borrow_mut() = Some(page::watch(tell));
    }
}

/// The outcome of a `fetch`, as the app gets it.
pub(super) fn answered(outcome: Result<JsValue, JsValue>) -> Result<Outcome, FetchError> {
    match outcome {
        Ok(response) => Ok(Outcome::Response(response)),
        Err(error) => Err(FetchError::Fetch(error)),
    }
}
