/** The globals of the pages. The benchmark reads them by WebDriver. */
declare global {
  // requests.js, storm.js
  var measure: (amount: { rounds: number; requests?: number; callers?: number }) => Promise<object>;
  // start.js
  var times: Promise<Record<string, number>>;
  // tabs.js
  var opened: Promise<void>;
  // The page itself.
  var signOut: () => void;
}

export {};
