import { answerTo, type Route } from "./routes.ts";

/** The URLs and paths whose answers are held back. */
export class Gates {
  readonly #closed = new Map<Promise<void>, Route>();

  /** Holds back answers for this route. Returns the function that lets them go. */
  close(route: Route): () => void {
    let open!: () => void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    this.#closed.set(gate, route);
    return () => {
      this.#closed.delete(gate);
      open();
    };
  }

  /** Resolves when the answer to this request is no longer held back. */
  async opened(request: Request): Promise<void> {
    for (const [gate, route] of this.#closed) if (answerTo(route, request)) await gate;
  }
}
