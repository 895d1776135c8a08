/** `http`: messages that a server or a browser could read (RFC 9112), or headers alone. */

const tokens = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const requestLine = new RegExp(`^${tokens} /\\S* HTTP/1\\.1$`);
const statusLine = /^HTTP\/1\.1 \d{3} [\w -]+$/;
const header = new RegExp(`^(${tokens}): \\S.*$`);

/** The messages in a block: `{ start, headers, body }`. Lines before the first start line have none. */
export function messagesIn(code) {
  const messages = [];
  let inBody = false;
  for (const line of code.trimEnd().split("\n")) {
    if (requestLine.test(line) || statusLine.test(line)) {
      messages.push({ start: line, headers: [], body: "" });
      inBody = false;
    } else if (line === "" && messages.length > 0) {
      inBody = true;
    } else if (inBody) {
      messages.at(-1).body += `${line}\n`;
    } else {
      if (messages.length === 0) messages.push({ start: null, headers: [], body: "" });
      messages.at(-1).headers.push(line);
    }
  }
  return messages;
}

export function checkHttp(code) {
  return messagesIn(code).flatMap((message) => [...headerComplaints(message), ...bodyComplaints(message)]);
}

/** A long header may go on in an indented line, as it is easier to read. */
function headerComplaints({ headers }) {
  return headers
    .filter((line, at) => !header.test(line) && !(at > 0 && /^\s+\S/.test(line)))
    .map((line) => `no header: ${line}`);
}

function bodyComplaints({ headers, body }) {
  if (!body || !headers.some((line) => /^content-type: application\/json\b/i.test(line))) return [];
  try {
    JSON.parse(body);
    return [];
  } catch (error) {
    return [`the body: ${error.message}`];
  }
}
