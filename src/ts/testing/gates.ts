import { answerTo, type Route } from "./routes.ts";

interface Gate {
  route: Route;
  opened: Promise<void>;
}

/** What is held back, until it is let go. */
export class Gates {
  readonly #closed = new Set<Gate>();

  /** Returns what opens it. */
  close(route: Route): () => void {
    let open!: () => void;
    const gate = { route, opened: new Promise<void>((resolve) => (open = resolve)) };
    this.#closed.add(gate);
    return () => {
      this.#closed.delete(gate);
      open();
    };
  }

  /** Resolves when nothing holds the answer to this request back. */
  async opened(request: Request): Promise<void> {
    const isClosed = ({ route }: Gate) => answerTo(route, request);
    for (let gate = [...this.#closed].find(isClosed); gate; gate = [...this.#closed].find(isClosed)) await gate.opened;
  }
}
