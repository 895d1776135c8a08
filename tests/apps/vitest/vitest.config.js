import { defineConfig } from "vitest/config";

const projects = [
  { environment: "node", include: ["src/*.test.js"] },
  { environment: "jsdom", include: ["src/*.test.{js,jsx}", "page/*.test.js"] },
  { environment: "happy-dom", include: ["src/*.test.{js,jsx}"] },
];

export default defineConfig({
  oxc: { jsx: { runtime: "automatic" } },
  test: {
    projects: projects.map((test) => ({ extends: true, test: { name: test.environment, ...test } })),
    maxWorkers: 1,
    // Finding an element by its role takes jsdom seconds on a machine that is busy.
    testTimeout: 60_000,
  },
});
