//! The app's requests that are under way or held back.

use super::effect::RequestId;
use super::identity::Identity;
use super::version::Version;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Phase {
    /// Not sent yet: there is no token that could go with it.
    Held,
    /// Under way with the token of that version, or without one.
    Sent(Option<Version>),
    /// Rejected with the token of that version; to be replayed with a newer one.
    Rejected(Version),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Request {
    pub(crate) id: RequestId,
    pub(crate) phase: Phase,
    /// As whom the app made it; `None`: before anybody was known.
    pub(crate) identity: Option<Identity>,
    pub(crate) replayed: bool,
}

impl Request {
    /// Whether a token of `other` may go with it.
    pub(crate) fn may_go_as(&self, other: Identity) -> bool {
        self.identity.is_none_or(|identity| identity.is(other))
    }

    pub(crate) fn is_waiting(&self) -> bool {
        !matches!(self.phase, Phase::Sent(_))
    }
}

/// All of them, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Requests(Vec<Request>);

impl Requests {
    pub(crate) fn add(&mut self, request: Request) {
        self.0.push(request);
    }

    pub(crate) fn find(&mut self, id: RequestId) -> Option<&mut Request> {
        let place = self.place(id)?;
        self.0.get_mut(place)
    }

    pub(crate) fn remove(&mut self, id: RequestId) -> bool {
        let place = self.place(id);
        place.map(|place| self.0.remove(place)).is_some()
    }

    pub(crate) fn any_waiting(&self) -> bool {
        self.0.iter().any(Request::is_waiting)
    }

    /// Puts back, in their order, those that have been taken out and are not over.
    pub(crate) fn put_back(&mut self, requests: Vec<Request>) {
        self.0 = requests;
    }

    pub(crate) fn take_all(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.0)
    }

    fn place(&self, id: RequestId) -> Option<usize> {
        self.0.binary_search_by_key(&id, |request| request.id).ok()
    }
}
