//! The app in a page: what it has asked the machine for, and has no answer to yet.

use tokenhold::core::{AccessToken, CallId, RequestId};

use crate::{Breach, Invariant};

/// A request goes out once, and once more after it has been rejected.
const MOST_TIMES_SENT: u8 = 2;

/// `Person` is by what the app tells people apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct App<Person> {
    /// Since when it has waited for `ready`.
    unready_since: Option<u64>,
    /// As whom it believes to be signed in.
    pub person: Option<Person>,
    /// The requests that have no end yet, in the order in which they were made.
    requests: Vec<Request<Person>>,
    /// The calls that wait for an outcome, each with when it was made.
    calls: Vec<(CallId, u64)>,
    last_id: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request<Person> {
    pub id: RequestId,
    /// As whom the app believed to be signed in when it made it.
    pub made_as: Option<Person>,
    pub times_sent: u8,
    pub state: RequestState,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RequestState {
    /// The machine has had it since then, for the first time or again.
    Held(u64),
    /// It is at the API, with this token.
    Sent(Option<AccessToken>),
}

impl<Person> Default for App<Person> {
    /// Of a page that is not there.
    fn default() -> App<Person> {
        App {
            unready_since: None,
            person: None,
            requests: Vec::new(),
            calls: Vec::new(),
            last_id: 0,
        }
    }
}

impl<Person: Clone + PartialEq> App<Person> {
    /// Of a page that opens, and waits for `ready`.
    pub fn opened(now: u64) -> App<Person> {
        App {
            unready_since: Some(now),
            ..App::default()
        }
    }

    pub fn requests(&self) -> &[Request<Person>] {
        &self.requests
    }

    /// The request, unless it is over.
    pub fn request(&self, id: RequestId) -> Option<&Request<Person>> {
        self.requests.iter().find(|request| request.id == id)
    }

    pub fn calls(&self) -> &[(CallId, u64)] {
        &self.calls
    }

    pub fn is_ready(&self) -> bool {
        self.unready_since.is_none()
    }

    /// Since when the oldest of what waits for the machine has waited.
    pub fn oldest_wait(&self) -> Option<u64> {
        let requests = self.requests.iter().filter_map(Request::held_since);
        let calls = self.calls.iter().map(|(_, since)| *since);
        requests.chain(calls).chain(self.unready_since).min()
    }

    /// The time for which the page did not run does not count as waiting.
    pub fn shift_waits(&mut self, shift: impl Fn(u64) -> u64) {
        self.unready_since = self.unready_since.map(&shift);
        for (_, since) in &mut self.calls {
            *since = shift(*since);
        }
        for request in &mut self.requests {
            if let RequestState::Held(since) = &mut request.state {
                *since = shift(*since);
            }
        }
    }

    // The app's part.

    pub fn next_id(&mut self) -> u32 {
        self.last_id += 1;
        self.last_id
    }

    /// How many requests and calls it has made, and whatever else has a number of this kind.
    pub fn ids_given(&self) -> u32 {
        self.last_id
    }

    pub fn make_request(&mut self, now: u64) -> RequestId {
        let id = RequestId(self.next_id());
        self.requests.push(Request {
            id,
            made_as: self.person.clone(),
            times_sent: 0,
            state: RequestState::Held(now),
        });
        id
    }

    /// The number that the next call will have.
    pub fn next_call(&self) -> CallId {
        CallId(self.last_id + 1)
    }

    pub fn make_call(&mut self, now: u64) -> CallId {
        let id = CallId(self.next_id());
        self.calls.push((id, now));
        id
    }

    /// The app does not care any more, or has its answer.
    pub fn end_request(&mut self, id: RequestId) -> Option<Request<Person>> {
        let found = self.requests.iter().position(|request| request.id == id)?;
        Some(self.requests.remove(found))
    }

    /// The page is left, and the network ends what is at the API. Returns what that was.
    pub fn cut_off(&mut self) -> Vec<Request<Person>> {
        let is_sent = |request: &mut Request<Person>| request.is_at_the_api();
        self.requests.extract_if(.., is_sent).collect()
    }

    /// The API has rejected it, and the machine has it again.
    pub fn take_back(&mut self, id: RequestId, now: u64) {
        if let Some(request) = self.requests.iter_mut().find(|one| one.id == id) {
            request.state = RequestState::Held(now);
        }
    }

    // The machine's part. Nothing may come to an end twice.

    /// retry-once, and one-identity: `owner` is the person whose token it is, if that can be known.
    pub(crate) fn send(
        &mut self,
        id: RequestId,
        token: Option<AccessToken>,
        owner: Option<Person>,
    ) -> Result<(), Breach> {
        let Some(request) = self.requests.iter_mut().find(|one| one.id == id) else {
            return Err(Invariant::Liveness.is_broken(format!("{id:?} is sent when it is over")));
        };
        let was_at_the_api = request.is_at_the_api();
        request.times_sent += 1;
        request.state = RequestState::Sent(token);
        if was_at_the_api || request.times_sent > MOST_TIMES_SENT {
            let times = request.times_sent;
            return Err(Invariant::RetryOnce.is_broken(format!("{id:?} goes out {times} times")));
        }
        let is_of_another = request
            .made_as
            .as_ref()
            .zip(owner)
            .is_some_and(|(made_as, owner)| *made_as != owner);
        if is_of_another {
            return Err(Invariant::OneIdentity.is_broken(format!("{id:?} goes as another person")));
        }
        Ok(())
    }

    pub(crate) fn finish(&mut self, id: RequestId) -> Result<Request<Person>, Breach> {
        let ended = self.end_request(id);
        ended.ok_or_else(|| Invariant::Liveness.is_broken(format!("{id:?} has two ends")))
    }

    pub(crate) fn settle(&mut self, call: CallId) -> Result<(), Breach> {
        let Some(found) = self.calls.iter().position(|(one, _)| *one == call) else {
            return Err(Invariant::Liveness.is_broken(format!("{call:?} is settled twice")));
        };
        self.calls.remove(found);
        Ok(())
    }

    pub(crate) fn become_ready(&mut self) -> Result<(), Breach> {
        let since = self.unready_since.take();
        since
            .map(|_| ())
            .ok_or_else(|| Invariant::Liveness.is_broken("ready twice"))
    }
}

impl<Person> Request<Person> {
    pub fn is_at_the_api(&self) -> bool {
        matches!(self.state, RequestState::Sent(_))
    }

    /// Since when the machine has had it; `None`: it is at the API.
    pub fn held_since(&self) -> Option<u64> {
        match self.state {
            RequestState::Held(since) => Some(since),
            RequestState::Sent(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(result: Result<impl Sized, Breach>) -> Option<Invariant> {
        result.err().map(|breach| breach.invariant)
    }

    #[test]
    fn a_request_goes_out_twice_at_most() {
        let mut app = App::<u8>::opened(0);
        let id = app.make_request(1);
        assert_eq!(app.send(id, None, None), Ok(()));
        app.take_back(id, 2);
        assert_eq!(app.send(id, None, None), Ok(()));
        app.take_back(id, 3);
        assert_eq!(broken(app.send(id, None, None)), Some(Invariant::RetryOnce));
    }

    #[test]
    fn a_request_that_is_at_the_api_does_not_go_out() {
        let mut app = App::<u8>::opened(0);
        let id = app.make_request(1);
        assert_eq!(app.send(id, None, None), Ok(()));
        assert_eq!(broken(app.send(id, None, None)), Some(Invariant::RetryOnce));
    }

    #[test]
    fn a_request_goes_out_as_the_person_who_made_it() {
        let mut app = App::<u8>::opened(0);
        app.person = Some(1);
        let ids = [
            app.make_request(1),
            app.make_request(1),
            app.make_request(1),
        ];
        assert_eq!(app.send(ids[0], None, Some(1)), Ok(()));
        assert_eq!(app.send(ids[1], None, None), Ok(()));
        let sent = app.send(ids[2], None, Some(2));
        assert_eq!(broken(sent), Some(Invariant::OneIdentity));
    }

    #[test]
    fn nothing_ends_twice() {
        let mut app = App::<u8>::opened(0);
        let (id, call) = (app.make_request(1), app.make_call(1));
        assert!(app.finish(id).is_ok() && app.settle(call).is_ok() && app.become_ready().is_ok());
        let again = [
            broken(app.finish(id)),
            broken(app.settle(call)),
            broken(app.become_ready()),
        ];
        assert_eq!(again, [Some(Invariant::Liveness); 3]);
    }

    #[test]
    fn the_oldest_wait_is_of_what_the_machine_has() {
        let mut app = App::<u8>::opened(4);
        assert_eq!(app.become_ready(), Ok(()));
        let id = app.make_request(5);
        app.make_call(6);
        assert_eq!(app.oldest_wait(), Some(5));
        assert_eq!(app.send(id, None, None), Ok(()));
        assert_eq!(app.oldest_wait(), Some(6));
        app.shift_waits(|since| since + 10);
        assert_eq!(app.oldest_wait(), Some(16));
        assert_eq!(app.cut_off().len(), 1);
        assert!(app.requests().is_empty());
    }
}
