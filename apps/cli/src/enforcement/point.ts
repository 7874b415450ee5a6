import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { writeDurably } from './durable-file.ts';
import type { Engine } from './engine.ts';
import { Haproxy } from './haproxy.ts';
import { JOURNAL_SHOWN, LOCK_MILLIS, VERSIONS_KEPT } from './limits.ts';
import { nftables } from './nftables.ts';
import { nothingYet, type State, stateSchema, type Version } from './state.ts';

/** What a person can do something about; the command ends with its words. */
export class PointError extends Error {
  override name = 'PointError';
}

const engineSchema = z.strictObject({ haproxy: z.string() });

export const DEFAULT_FOLDER = '/var/lib/wardline/enforcement';

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Who acts: the person behind sudo, where there is one. */
export const actor = (): string => process.env.SUDO_USER ?? userInfo().username;

export interface JournalEntry {
  time: string;
  by: string;
  act: 'applied' | 'confirmed' | 'rolled back' | 'restored' | 'refused';
  version: string | null;
  why: string;
}

/** The folder in which an enforcement point on this machine keeps what runs and what ran before. */
export class Point {
  readonly folder: string;
  readonly engine: Engine;

  /** `haproxy`: the folder of a gateway of HAProxy that this point commands from now on, instead of the kernel. @throws PointError */
  constructor(folder: string, haproxy?: string) {
    this.folder = folder;
    mkdirSync(join(folder, 'versions'), { recursive: true, mode: 0o700 });
    this.engine = this.#engineOf(haproxy);
  }

  /** Written down, so that the watchdog and whoever goes back command the same one. */
  #engineOf(haproxy?: string): Engine {
    const path = join(this.folder, 'engine.json');
    const known = existsSync(path)
      ? engineSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).haproxy
      : null;
    if (haproxy === undefined || haproxy === known) return known === null ? nftables : new Haproxy(known);
    const { running, before } = this.state();
    if (known !== null || running !== null || before !== null)
      throw new PointError(
        `${this.folder} is kept for ${known ?? 'the kernel'}: name another one by --state`,
      );
    writeDurably(path, `${JSON.stringify({ haproxy })}\n`);
    return new Haproxy(haproxy);
  }

  state(): State {
    const path = join(this.folder, 'state.json');
    if (!existsSync(path)) return nothingYet;
    const parsed = stateSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (!parsed.success) throw new PointError(`${path} is not what Wardline wrote: ${parsed.error.message}`);
    return parsed.data;
  }

  /** Keeps the state, and beside it, for a person without Wardline, the text that brings back what ran before. */
  keep(state: State): void {
    writeDurably(join(this.folder, 'rollback.nft'), this.textOf(state.before));
    writeDurably(join(this.folder, 'state.json'), `${JSON.stringify(state, null, 2)}\n`);
  }

  /** The text that makes the kernel run the version; of none, what takes the table away. */
  textOf(version: Version | null): string {
    return version === null
      ? this.engine.nothing
      : readFileSync(this.versionPath(version.digest, 'nft'), 'utf8');
  }

  versionPath(digest: string, kind: 'nft' | 'kernel.nft' | 'certificate.json'): string {
    return join(this.folder, 'versions', `${digest}.${kind}`);
  }

  keepText(text: string): string {
    const digest = sha256(text);
    writeDurably(this.versionPath(digest, 'nft'), text);
    return digest;
  }

  /** Takes away the oldest versions, never one that the state names. */
  prune({ running, before }: State): void {
    const folder = join(this.folder, 'versions');
    const needed = new Set([running?.digest, before?.digest]);
    const old = readdirSync(folder)
      .filter((name) => name.endsWith('.nft') && !name.endsWith('.kernel.nft'))
      .map((name) => name.slice(0, 64))
      .filter((digest) => !needed.has(digest))
      .toSorted((a, b) => this.#writtenAt(b) - this.#writtenAt(a))
      .slice(VERSIONS_KEPT - needed.size);
    for (const digest of old)
      for (const kind of ['nft', 'kernel.nft', 'certificate.json'] as const)
        rmSync(this.versionPath(digest, kind), { force: true });
  }

  #writtenAt(digest: string): number {
    return statSync(this.versionPath(digest, 'nft')).mtimeMs;
  }

  record(act: JournalEntry['act'], version: Version | null, why: string): void {
    const entry: JournalEntry = {
      time: new Date().toISOString(),
      by: actor(),
      act,
      version: version?.digest ?? null,
      why,
    };
    appendFileSync(join(this.folder, 'journal.jsonl'), `${JSON.stringify(entry)}\n`, { mode: 0o600 });
  }

  /** The last acts, the newest first. */
  journal(): JournalEntry[] {
    const path = join(this.folder, 'journal.jsonl');
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean).slice(-JOURNAL_SHOWN);
    return lines.map((line) => JSON.parse(line) as JournalEntry).toReversed();
  }

  /**
   * One act at a time for one kernel table or gateway. The lock is a name in the network namespace, as the table is: the kernel gives it
   * back when its holder dies, however it dies.
   */
  async alone<T>(act: () => T | Promise<T>): Promise<T> {
    const release = await lock(this.engine.kind, performance.now() + LOCK_MILLIS);
    try {
      return await act();
    } finally {
      release();
    }
  }
}

async function lock(kind: string, until: number): Promise<() => void> {
  for (;;) {
    const held = await tryLock(kind);
    if (held !== null) return held;
    if (performance.now() > until)
      throw new PointError('another wardline command changes this enforcement point and does not end');
    await sleep(20);
  }
}

function tryLock(kind: string): Promise<(() => void) | null> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(`\0wardline-enforcement-${kind}`, () => resolve(() => void server.close()));
  });
}
