//! The effects of the machine, in the world of a [`Tab`].

use super::*;

impl Tab {
    /// Does at once whatever needs no decision, and notes the rest.
    pub(super) fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::RequestLock(ticket, rank) => self.queue_for_lock(ticket, rank),
            Effect::ReleaseLock(ticket) => self.release_lock(ticket),
            Effect::QueryPeers => {
                self.queries += 1;
                let holders = self.holders();
                if let Some(peers) = &self.peers {
                    self.machine.handle_peers(peers, &holders, self.now);
                }
            }
            Effect::Announce(presence) => {
                self.presence = Some(presence);
                if self.visible_to_peers {
                    self.machine.handle_announced(presence.version, self.now);
                }
            }
            Effect::Post(message) => self.post(message),
            Effect::Ask(tab) => self.asked.push(tab),
            Effect::HandOver { ask, token, .. } => self.handed_over.push((ask.from, text(&token))),
            Effect::Unseal(hand_over) => self.unsealing.push(hand_over),
            Effect::Refresh(id) | Effect::RefreshAgain(id) => {
                self.is_repeat = matches!(effect, Effect::RefreshAgain(_));
                self.refreshes += 1;
                self.pending = Some(id);
            }
            Effect::Login(id, _) => {
                self.logins += 1;
                self.pending = Some(id);
            }
            Effect::CallOff(id) => self.called_off.push(id),
            Effect::Logout(id, token) => self.logouts.push((id, token.as_ref().map(text))),
            Effect::Send(id, Some(token)) => self.outcomes.push(Sent(id, text(&token))),
            Effect::Send(id, None) => self.outcomes.push(SentBare(id)),
            Effect::Deliver(id) => self.outcomes.push(Delivered(id)),
            Effect::Reject(id, error) => self.outcomes.push(Rejected(id, error.code())),
            Effect::Settle(call, outcome) => {
                let outcome = outcome.map_err(|error: Error| error.code());
                self.outcomes.push(Settled(call, outcome));
            }
            Effect::Ready => self.outcomes.push(Ready),
            Effect::Emit(event) => self.events.push(event),
            Effect::StepAside => self.presence = None,
            Effect::Withdraw => self.withdrawn = true,
            Effect::Return => self.withdrawn = false,
        }
    }

    fn post(&mut self, message: Message) {
        if let Some(token) = self.machine.access_token() {
            let (bytes, secret) = (message.encode(), token.expose().as_bytes());
            let mut parts = bytes.windows(secret.len());
            assert!(
                !parts.any(|part| part == secret),
                "confinement: all tabs can read {token:?}"
            );
        }
        self.posted.push(message);
    }

    fn queue_for_lock(&mut self, ticket: Ticket, rank: Rank) {
        match self.lock_of(rank) {
            Lock::Free => self.grant_lock(ticket, rank),
            lock @ Lock::Theirs(None) => *lock = Lock::Theirs(Some(ticket)),
            lock => panic!("{ticket:?} asks for a lock it already has or waits for: {lock:?}"),
        }
    }

    pub(super) fn grant_lock(&mut self, ticket: Ticket, rank: Rank) {
        *self.lock_of(rank) = Lock::Ours(ticket);
        self.machine.handle_lock_granted(ticket, self.now);
    }

    fn release_lock(&mut self, ticket: Ticket) {
        for lock in [&mut self.lock, &mut self.second_lock] {
            match lock {
                Lock::Ours(held) if *held == ticket => return *lock = Lock::Free,
                Lock::Theirs(Some(waiting)) if *waiting == ticket => {
                    return *lock = Lock::Theirs(None);
                }
                _ => {}
            }
        }
        panic!("{ticket:?} lets go of a lock it has not got");
    }

    fn lock_of(&mut self, rank: Rank) -> &mut Lock {
        match rank {
            Rank::FIRST => &mut self.lock,
            Rank(2) => &mut self.second_lock,
            other => panic!("no test needs a lock of {other:?}"),
        }
    }

    pub(super) fn holders(&self) -> Vec<Holder> {
        let mut holders = Vec::new();
        for (rank, lock) in [(Rank::FIRST, self.lock), (Rank(2), self.second_lock)] {
            match lock {
                Lock::Free => {}
                Lock::Ours(_) => holders.push(Holder { rank, client: 1 }),
                Lock::Theirs(_) => holders.push(Holder {
                    rank,
                    client: self.holder,
                }),
            }
        }
        holders
    }
}
