import { answerTo, type Route } from "./routes.ts";

/** What is held back, until it is let go. */
export class Gates {
  readonly #closed = new Map<Promise<void>, Route>();

  /** Returns what opens it. */
  close(route: Route): () => void {
    let open!: () => void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    this.#closed.set(gate, route);
    return () => {
      this.#closed.delete(gate);
      open();
    };
  }

  /** Resolves when nothing holds the answer to this request back. */
  async opened(request: Request): Promise<void> {
    for (const [gate, route] of this.#closed) if (answerTo(route, request)) await gate;
  }
}
