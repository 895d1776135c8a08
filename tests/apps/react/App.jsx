import { StrictMode, Suspense, useState } from "react";
import { TokenProvider, useClaims, useReady, useSession, useStatus, useTokenEvent, useTokens } from "tokenhold/react";
import { login, nameOf, rendered } from "./session.js";

const waiting = <p id="waiting">Please wait</p>;

export function App({ tokens, mode }) {
  const [isThere, setThere] = useState(true);
  return (
    <StrictMode>
      <TokenProvider tokens={tokens} fallback={mode === "fallback" ? waiting : undefined}>
        {isThere && (mode === "suspend" ? <Suspended /> : <Page />)}
        <button type="button" id="leave" onClick={() => setThere(false)}>
          Leave
        </button>
      </TokenProvider>
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
  const add = (event) => setEvents((events) => [...events, event.type === "signed-out" ? event.reason : event.type]);
  useTokenEvent("refreshed", add);
  useTokenEvent("signed-out", add);
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
