/** The smallest app that shows whether the package works: it makes a token manager and writes its status into the page. */

export const app = {
  "index.html": `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>an app</title>
<body>
<script type="module" src="./main.js"></script>
</body>
</html>
`,
  "main.js": `import { createTokenManager } from "tokenhold";
const tokens = await createTokenManager({ refresh: "/auth/refresh", restore: false });
document.body.dataset.status = tokens.status;
`,
};

/** Opens the app at `url` in a browser, and returns the status that it shows. */
export async function statusShown(driver, url) {
  await driver.get(url);
  return driver.wait(() => driver.executeScript("return document.body.dataset.status"), 20_000, `no status at ${url}`);
}
