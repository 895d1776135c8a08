/** What the pages leave for who measures them. */
declare global {
  // requests.js, storm.js
  var measure: (amount: { rounds: number; requests?: number; callers?: number }) => Promise<object>;
  // start.js
  var times: Promise<Record<string, number>>;
  // The page itself.
  var signOut: () => void;
}

export {};
