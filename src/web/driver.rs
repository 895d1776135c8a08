//! The drain loop: after every input, performs what the machine wants done, and sees to it that
//! the outcomes come back as inputs.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use futures_channel::oneshot::{Receiver, Sender, channel};
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};
use web_sys::Request;

use super::answer;
use super::auth::Endpoint;
use super::channel::Channel;
use super::clock::{self, Alarm};
use super::error::FetchError;
use super::locks::{self, Lock};
use super::page::{self, Page, PageEvent};
use super::request::{Pending, objection};
use super::scope::Scope;
use super::seal::{self, Keys};
use super::table::Table;
use super::world::World;
use crate::core::{
    AccessToken, Ask, AttemptId, CallId, Company, Effect, Error, Event, Machine, Message, Now,
    Options, Presence, RequestId, TabId, Ticket,
};

/// A manager's insides. Whatever the browser calls back holds it weakly, so that dropping the
/// manager ends it.
pub(crate) struct Driver {
    me: Weak<Driver>,
    machine: RefCell<Machine>,
    pub(crate) options: Options,
    pub(crate) world: World,
    pub(crate) scope: Scope,
    refresh: Endpoint,
    logout: Option<Endpoint>,
    tab: TabId,
    /// What the names of this group's locks and of its channel begin with.
    group: String,
    channel: RefCell<Option<Channel>>,
    page: RefCell<Option<Page>>,
    lock: RefCell<Option<(Ticket, Lock)>>,
    presence: RefCell<Option<Lock>>,
    next_presence: RefCell<Option<Lock>>,
    keys: RefCell<Option<Rc<Keys>>>,
    making_keys: OnceCell<Promise>,
    alarm: RefCell<Alarm>,
    requests: RefCell<Table<Pending>>,
    calls: RefCell<Table<Sender<Result<(), Error>>>>,
    ready: RefCell<Ready>,
    listeners: RefCell<Table<Listener>>,
    events: RefCell<VecDeque<Event>>,
    is_draining: Cell<bool>,
    is_telling: Cell<bool>,
    /// What `fetch` rejected the last refresh with.
    cause: RefCell<JsValue>,
}

type Listener = Rc<dyn Fn(&Event)>;

enum Ready {
    NotYet(Vec<Sender<()>>),
    Yes,
}

impl Driver {
    /// # Errors
    ///
    /// [`Error::InvalidOption`].
    pub(crate) fn new(options: Options, world: World) -> Result<Rc<Driver>, Error> {
        options.validate()?;
        let refresh = Endpoint::new(options.refresh.request.clone(), "refresh.url")?;
        let logout = match &options.logout {
            Some(logout) => Some(Endpoint::new(logout.request.clone(), "logout.url")?),
            None => None,
        };
        let scope = Scope::new(
            options.attach_to.as_deref(),
            logout.iter().chain([&refresh]),
        );
        let company = if locks::are_available() && seal::is_available() {
            Company::Siblings
        } else {
            Company::Alone
        };
        let tab = TabId(seal::random());
        let machine = Machine::new(options.policy(), tab, company, seal::random(), clock::now());
        let driver = Rc::new_cyclic(|me| Driver {
            me: me.clone(),
            machine: RefCell::new(machine),
            group: ["tokenhold:", &options.name].concat(),
            options,
            world,
            scope,
            refresh,
            logout,
            tab,
            channel: RefCell::default(),
            page: RefCell::default(),
            lock: RefCell::default(),
            presence: RefCell::default(),
            next_presence: RefCell::default(),
            keys: RefCell::default(),
            making_keys: OnceCell::new(),
            alarm: RefCell::default(),
            requests: RefCell::new(Table::new()),
            calls: RefCell::new(Table::new()),
            ready: RefCell::new(Ready::NotYet(Vec::new())),
            listeners: RefCell::new(Table::new()),
            events: RefCell::default(),
            is_draining: Cell::new(false),
            is_telling: Cell::new(false),
            cause: RefCell::new(JsValue::UNDEFINED),
        });
        driver.open_channel();
        driver.watch_page();
        Ok(driver)
    }

    /// Gives the machine an input, then does what it wants done.
    pub(crate) fn drive(&self, input: impl FnOnce(&mut Machine, Now)) {
        input(&mut self.machine.borrow_mut(), clock::now());
        if self.is_draining.replace(true) {
            // Called from within an effect, by a `fetch` of the app's: the loop below goes on.
            return;
        }
        while let Some(effect) = self.next_effect() {
            self.perform(effect);
        }
        self.set_alarm();
        self.is_draining.set(false);
        self.tell();
    }

    pub(crate) fn ask<T>(&self, question: impl FnOnce(&Machine) -> T) -> T {
        question(&self.machine.borrow())
    }

    /// A call of the app; the receiver gets its outcome.
    pub(crate) fn call(
        &self,
        input: impl FnOnce(&mut Machine, CallId, Now),
    ) -> Receiver<Result<(), Error>> {
        let (sender, receiver) = channel();
        let id = CallId(self.calls.borrow_mut().add(sender));
        self.drive(|machine, now| input(machine, id, now));
        receiver
    }

    /// A request of the app, or its wish for the token.
    pub(crate) fn enqueue(&self, make: impl FnOnce(RequestId) -> Pending) {
        let id = RequestId(
            self.requests
                .borrow_mut()
                .add_with(|id| make(RequestId(id))),
        );
        self.drive(|machine, now| machine.handle_request(id, now));
    }

    /// The app has aborted a request. If it is under way, `fetch` will say so too.
    pub(crate) fn abort(&self, id: RequestId) {
        if let Some(Pending::Request(outgoing)) = self.take_request(id) {
            let reason = outgoing.abort_reason();
            let _ = outgoing.done.send(Err(FetchError::Fetch(reason)));
        }
        self.drive(|machine, _| machine.handle_request_over(id));
    }

    /// A request that is none of the manager's business.
    pub(crate) fn pass_through(
        &self,
        request: &Request,
        done: Sender<Result<JsValue, FetchError>>,
    ) {
        let sent = self.world.fetch_request(request);
        spawn_local(async move {
            let _ = done.send(settled(sent).await.map_err(FetchError::Fetch));
        });
    }

    pub(crate) fn when_ready(&self) -> Receiver<()> {
        let (sender, receiver) = channel();
        match &mut *self.ready.borrow_mut() {
            Ready::NotYet(waiting) => waiting.push(sender),
            Ready::Yes => drop(sender.send(())),
        }
        receiver
    }

    pub(crate) fn listen(&self, listener: Listener) -> u32 {
        self.listeners.borrow_mut().add(listener)
    }

    pub(crate) fn unlisten(&self, id: u32) {
        self.listeners.borrow_mut().remove(id);
    }

    /// What `fetch` rejected the last refresh with, if it did.
    pub(crate) fn cause(&self) -> JsValue {
        self.cause.borrow().clone()
    }

    /// Ends everything; what waits is rejected.
    pub(crate) fn dispose(&self) {
        self.drive(|machine, _| machine.handle_dispose());
        self.withdraw();
        self.page.take();
        self.listeners.borrow_mut().clear();
    }

    fn next_effect(&self) -> Option<Effect> {
        self.machine.borrow_mut().poll_effect()
    }

    fn perform(&self, effect: Effect) {
        match effect {
            Effect::RequestLock(ticket) => self.request_lock(ticket),
            Effect::ReleaseLock(ticket) => {
                drop(self.lock.borrow_mut().take_if(|(held, _)| *held == ticket))
            }
            Effect::QueryPeers => self.query_peers(),
            Effect::Announce(presence) => self.announce(presence),
            Effect::Post(message) => self.post(&message),
            Effect::Ask(to) => self.ask_peer(to),
            Effect::HandOver { ask, news, token } => self.spawn(async move |driver| {
                if let Some(keys) = driver.keys().await
                    && let Ok(hand_over) = keys.seal(&ask, news, token).await
                {
                    driver.post(&Message::HandOver(hand_over));
                }
            }),
            Effect::Unseal(hand_over) => self.spawn(async move |driver| {
                if let Some(keys) = driver.keys().await
                    && let Ok(token) = keys.unseal(&hand_over).await
                {
                    driver
                        .drive(|machine, now| machine.handle_unsealed(hand_over.news, token, now));
                }
            }),
            Effect::Refresh(id) => self.send_refresh(id),
            Effect::Logout(id, token) => self.spawn(async move |driver| {
                let confirmed = match &driver.logout {
                    Some(endpoint) => {
                        answer::of_logout(endpoint.send(&driver.world, token.as_ref())).await
                    }
                    None => false,
                };
                driver.drive(|machine, now| machine.handle_logout_answer(id, confirmed, now));
            }),
            Effect::Send(id, token) => self.send(id, token),
            Effect::Deliver(id) => self.deliver(id),
            Effect::Reject(id, error) => self.reject(id, error),
            Effect::Settle(CallId(id), outcome) => {
                let waiting = self.calls.borrow_mut().remove(id);
                drop(waiting.map(|sender| sender.send(outcome)));
            }
            Effect::Ready => self.become_ready(),
            Effect::Emit(event) => self.events.borrow_mut().push_back(event),
            Effect::Withdraw => self.withdraw(),
            Effect::Return => self.open_channel(),
        }
    }

    fn request_lock(&self, ticket: Ticket) {
        let me = self.me.clone();
        let name = [&self.group, ":refresh"].concat();
        let lock = Lock::request(&name, move || {
            if let Some(driver) = me.upgrade() {
                driver.drive(|machine, now| machine.handle_lock_granted(ticket, now));
            }
        });
        *self.lock.borrow_mut() = lock.map(|lock| (ticket, lock));
    }

    fn query_peers(&self) {
        self.spawn(async |driver| {
            let peers = locks::peers(&driver.group).await;
            driver.drive(|machine, now| machine.handle_peers(&peers, now));
        });
    }

    /// The old presence goes when the new one is there: at no time is this tab unseen.
    fn announce(&self, presence: Presence) {
        let me = self.me.clone();
        let name = locks::presence_name(&self.group, presence);
        let lock = Lock::request(&name, move || {
            if let Some(driver) = me.upgrade() {
                let next = driver.next_presence.take();
                drop(driver.presence.replace(next));
                driver.drive(|machine, now| machine.handle_announced(presence.version, now));
            }
        });
        drop(self.next_presence.replace(lock));
    }

    fn post(&self, message: &Message) {
        if let Some(channel) = &*self.channel.borrow() {
            channel.post(message);
        }
    }

    fn ask_peer(&self, to: TabId) {
        self.spawn(async move |driver| {
            if let Some(keys) = driver.keys().await {
                driver.post(&Message::Ask(Ask {
                    from: driver.tab,
                    to,
                    key: keys.public(),
                }));
            }
        });
    }

    /// This tab's keys, made when first needed.
    async fn keys(self: &Rc<Self>) -> Option<Rc<Keys>> {
        let making = self.making_keys.get_or_init(|| {
            let driver = self.clone();
            future_to_promise(async move {
                let keys = Keys::generate().await?;
                *driver.keys.borrow_mut() = Some(Rc::new(keys));
                Ok(JsValue::UNDEFINED)
            })
        });
        JsFuture::from(making.clone()).await.ok()?;
        self.keys.borrow().clone()
    }

    fn send_refresh(&self, id: AttemptId) {
        self.spawn(async move |driver| {
            let sent = driver.refresh.send(&driver.world, None);
            let (answer, cause) = answer::of_refresh(sent, &driver.options.refresh).await;
            *driver.cause.borrow_mut() = cause;
            driver.drive(|machine, now| machine.handle_refresh_answer(id, answer, now));
        });
    }

    fn send(&self, id: RequestId, token: Option<AccessToken>) {
        let prepared = match self.requests.borrow_mut().find(id.0) {
            Some(Pending::Request(outgoing)) => Some(outgoing.prepare(token.as_ref())),
            Some(Pending::Token(_)) => None,
            None => return,
        };
        let Some(prepared) = prepared else {
            return self.grant_wish(id, token);
        };
        let sent = prepared.and_then(|request| self.world.fetch_request(&request));
        self.spawn(async move |driver| match settled(sent).await {
            Ok(response) => driver.answered(id, response).await,
            Err(error) => driver.finish(id, Err(FetchError::Fetch(error))),
        });
    }

    fn grant_wish(&self, id: RequestId, token: Option<AccessToken>) {
        if let Some(Pending::Token(sender)) = self.take_request(id) {
            let _ = sender.send(Ok(token));
        }
        self.machine.borrow_mut().handle_request_over(id);
    }

    async fn answered(&self, id: RequestId, response: JsValue) {
        let Some(challenge) = objection(&response, &self.world).await else {
            return self.finish(id, Ok(response));
        };
        let replayable = match self.requests.borrow_mut().find(id.0) {
            Some(Pending::Request(outgoing)) => {
                outgoing.rejected_with = Some(response);
                outgoing.is_replayable()
            }
            _ => return,
        };
        self.drive(|machine, now| machine.handle_rejected(id, challenge, replayable, now));
    }

    fn finish(&self, id: RequestId, outcome: Result<JsValue, FetchError>) {
        if let Some(Pending::Request(outgoing)) = self.take_request(id) {
            let _ = outgoing.done.send(outcome);
        }
        self.drive(|machine, _| machine.handle_request_over(id));
    }

    fn deliver(&self, id: RequestId) {
        if let Some(Pending::Request(mut outgoing)) = self.take_request(id)
            && let Some(response) = outgoing.rejected_with.take()
        {
            let _ = outgoing.done.send(Ok(response));
        }
    }

    fn reject(&self, id: RequestId, error: Error) {
        match self.take_request(id) {
            Some(Pending::Request(outgoing)) => drop(outgoing.done.send(Err(error.into()))),
            Some(Pending::Token(sender)) => drop(sender.send(Err(error.into()))),
            None => {}
        }
    }

    fn take_request(&self, id: RequestId) -> Option<Pending> {
        self.requests.borrow_mut().remove(id.0)
    }

    fn become_ready(&self) {
        if let Ready::NotYet(waiting) = self.ready.replace(Ready::Yes) {
            for sender in waiting {
                let _ = sender.send(());
            }
        }
    }

    /// Tells the listeners, one event after the other, even if a listener causes more.
    fn tell(&self) {
        if self.is_telling.replace(true) {
            return;
        }
        while let Some(event) = self.next_event() {
            let listeners: Vec<_> = self.listeners.borrow().iter().cloned().collect();
            for listener in listeners {
                listener(&event);
            }
        }
        self.is_telling.set(false);
    }

    fn next_event(&self) -> Option<Event> {
        self.events.borrow_mut().pop_front()
    }

    fn set_alarm(&self) {
        let delay = self.machine.borrow().next_timeout(clock::now());
        let me = self.me.clone();
        self.alarm.borrow_mut().set(delay, move || {
            if let Some(driver) = me.upgrade() {
                driver.alarm.borrow_mut().has_rung();
                driver.drive(|machine, now| machine.handle_timeout(now));
            }
        });
    }

    fn open_channel(&self) {
        let me = self.me.clone();
        let channel = Channel::open(&self.group, move |message| {
            if let Some(driver) = me.upgrade() {
                driver.drive(|machine, now| machine.handle_message(message, now));
            }
        });
        *self.channel.borrow_mut() = channel;
    }

    fn withdraw(&self) {
        self.channel.take();
        self.next_presence.take();
        self.presence.take();
    }

    fn watch_page(&self) {
        let me = self.me.clone();
        let page = Page::watch(move |event| {
            if let Some(driver) = me.upgrade() {
                driver.drive(|machine, now| match event {
                    PageEvent::Visibility(visible) => machine.handle_visibility(visible, now),
                    PageEvent::Wake => machine.handle_wake(now),
                    PageEvent::Online => machine.handle_online(now),
                    PageEvent::Hide => machine.handle_hide(now),
                    PageEvent::Show => machine.handle_show(now),
                });
            }
        });
        *self.page.borrow_mut() = Some(page);
    }

    /// Starts the machine, once there is someone to tell.
    pub(crate) fn start(&self) {
        self.drive(|machine, now| {
            machine.handle_visibility(page::is_visible(), now);
            machine.start(now);
        });
    }

    fn spawn<F: Future<Output = ()> + 'static>(&self, task: impl FnOnce(Rc<Driver>) -> F) {
        if let Some(driver) = self.me.upgrade() {
            spawn_local(task(driver));
        }
    }
}

async fn settled(sent: Result<Promise, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(sent?).await
}
