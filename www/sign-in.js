import { byId, setText } from "./dom.js";
import { command, hideNotice, showNotice } from "./notice.js";

/** The sign-in form. */
export function wireSignIn(tokens) {
  const form = /** @type {HTMLFormElement} */ (byId("sign-in-form"));
  const password = /** @type {HTMLInputElement} */ (form.elements.namedItem("password"));
  const problem = byId("sign-in-problem");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    setText(problem, "");
    button.disabled = true;
    try {
      setText(problem, (await signIn(tokens, new FormData(form))) ?? "");
    } catch (error) {
      setText(problem, `That did not work: ${error.message}`);
    } finally {
      button.disabled = false;
      password.value = "";
      if (problem.textContent) password.focus();
    }
  });
}

/** Returns the fault, or undefined. */
async function signIn(tokens, form) {
  let retryAfter;
  try {
    await tokens.signIn(async () => {
      const response = await fetch("/auth/login", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ username: form.get("username"), password: form.get("password") }),
      });
      retryAfter = response.headers.get("retry-after");
      return response;
    });
  } catch (error) {
    if (error.status === 401) return "That is not the password. It is in the terminal where the server was started.";
    if (error.status === 429) return `Too many attempts. Try again in ${retryAfter ?? "a few"} seconds.`;
    throw error;
  }
  hideNotice();
  if (location.protocol === "http:") await proveCookie(tokens);
}

/**
 * Over plain http some browsers drop a `Secure` cookie without notice: Safari does so on localhost, all do elsewhere.
 * The session would then end, unexplained, when the token does. A refresh tells at once whether the cookie is there.
 */
async function proveCookie(tokens) {
  try {
    await tokens.refresh();
  } catch (error) {
    if (error.code === "session-ended") explainLostCookie();
  }
}

function explainLostCookie() {
  showNotice(
    "The sign-in did not stick",
    [
      "The password was right, but the browser did not keep the session cookie: the refresh that followed was answered 401. The cookie is marked ",
      command("Secure"),
      ", and this page came over plain http. Safari and other WebKit browsers drop such cookies even on localhost.",
    ],
    [
      "Start the server with ",
      command("npm start -- --tls self-signed"),
      " and open it by https, or, for development only, with ",
      command("npm start -- --insecure-cookies"),
      ".",
    ],
  );
}
