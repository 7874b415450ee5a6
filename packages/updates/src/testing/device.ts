import { download, lookUp, refresh, type TrustedSet } from '../index.ts';
import { MemoryStore, NOW, type SimulatedRepository } from './simulated-repository.ts';

/** A client of a simulated repository: answers `ok`, or the code of what was refused. */
export class SimulatedDevice {
  readonly store = new MemoryStore();
  readonly #repository: SimulatedRepository;
  start = NOW;

  constructor(repository: SimulatedRepository, root = repository.files.get('1.root.json')!) {
    this.#repository = repository;
    this.store.files.set('root', root);
  }

  get #session() {
    return { start: this.start, store: this.store, source: this.#repository };
  }

  async refresh(): Promise<string> {
    const outcome = await refresh(this.#session);
    return outcome.ok ? 'ok' : outcome.fault.code;
  }

  /** The content of a target, or the code of what was refused. */
  async download(path: string): Promise<string> {
    const outcome = await refresh(this.#session);
    return outcome.ok ? this.#fetch(outcome.value, path) : outcome.fault.code;
  }

  async #fetch(trusted: TrustedSet, path: string): Promise<string> {
    const found = await lookUp(this.#session, trusted, path);
    if (!found.ok) return found.fault.code;
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of download(this.#repository, trusted.root, found.value.target))
        chunks.push(chunk);
      return `got ${Buffer.concat(chunks).toString()}`;
    } catch (error) {
      return (error as { code: string }).code;
    }
  }
}
