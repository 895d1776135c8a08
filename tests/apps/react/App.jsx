import { StrictMode, Suspense, useState } from "react";
import { TokenProvider, useClaims, useReady, useSession, useStatus, useTokenEvent, useTokens } from "tokenhold/react";
import { login, nameOf, rendered } from "./session.js";

const waiting = <p id="waiting">Please wait</p>;

export function App({ tokens, mode }) {
  const [isThere, setThere] = useState(true);
  return (
    <StrictMode>
      {isThere && (
        <TokenProvider tokens={tokens} fallback={mode === "fallback" ? waiting : undefined}>
          {mode === "suspend" ? <Suspended /> : <Page />}
        </TokenProvider>
      )}
      <button type="button" id="leave" onClick={() => setThere(false)}>
        Leave
      </button>
    </StrictMode>
  );
}

function Suspended() {
  return (
    <Suspense fallback={waiting}>
      <Ready />
    </Suspense>
  );
}

function Ready() {
  useReady();
  return <Page />;
}

function Page() {
  return (
    <>
      <StatusLine />
      {useStatus() === "signed-in" && <input id="draft" />}
      <Subject />
      <Expiry />
      <Events />
      <Actions />
    </>
  );
}

function StatusLine() {
  rendered("status");
  return <p id="status">{useStatus()}</p>;
}

function Subject() {
  rendered("subject");
  return <p id="subject">{useSession((session) => session.claims?.sub) ?? "nobody"}</p>;
}

function Expiry() {
  rendered("claims");
  return (
    <p>
      {useClaims()?.exp} {useSession().expiresAt}
    </p>
  );
}

function Events() {
  const [events, setEvents] = useState([]);
  const add = (event) => setEvents((events) => [...events, event]);
  useTokenEvent("refreshed", ({ type }) => add(type));
  useTokenEvent("signed-in", ({ person }) => person === "first" || add(person));
  useTokenEvent("signed-out", ({ reason }) => add(reason));
  return <p id="events">{events.join(" ")}</p>;
}

function Actions() {
  const tokens = useTokens();
  const [name, setName] = useState("");
  const call = async () => setName(await nameOf(await tokens.fetch("/api/me")));
  return (
    <>
      <p id="name">{name}</p>
      <button type="button" id="sign-in" onClick={async () => tokens.signIn(await login())}>
        Sign in
      </button>
      <button type="button" id="call" onClick={call}>
        Who am I?
      </button>
      <button type="button" id="refresh" onClick={() => tokens.refresh()}>
        Refresh
      </button>
      <button type="button" id="sign-out" onClick={() => tokens.logout()}>
        Sign out
      </button>
    </>
  );
}
