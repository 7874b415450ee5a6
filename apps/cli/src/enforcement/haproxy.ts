import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decidingLine, joinFiles, readListing, splitFiles } from '@wardline/policy';
import { GatewayError, say } from '../gateway/runtime.ts';
import { writeDurably } from './durable-file.ts';
import { type Engine, EngineError } from './engine.ts';
import { gatewaySessionsIn, type WorkerSession, workersIn } from './haproxy-answers.ts';
import { MAP_COMMAND_CHARACTERS, RELOAD_MILLIS } from './limits.ts';

/** Where a compiled text has its certificate and authorities. */
const COMPILED_FOR = '/etc/haproxy/wardline/';
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Comments name declarations; where only they are others, HAProxy need not be started anew. */
const digestOf = (text: string): string => sha256(text.replaceAll(/^ *#.*\n/gm, ''));

interface Placed {
  /** The configuration as it lies in the folder, but for the lines that are ours. */
  text: string;
  digest: string;
  maps: readonly { name: string; text: string }[];
}

/**
 * HAProxy as master and worker, with configuration and maps in one folder. The process names the configuration that it was started
 * from by its digest, so that a file which was changed under it is told; maps are asked of the process itself.
 */
export class Haproxy implements Engine {
  readonly kind = 'haproxy';
  readonly title = 'HAProxy';
  /** A gateway that nobody passes. */
  readonly nothing =
    `# nothing passes\nglobal\n    log stderr local0\n\ndefaults\n    mode tcp\n    timeout connect 5s\n    timeout client 1h\n    timeout server 1h\n\nbackend wl_onward\n    source 0.0.0.0 usesrc clientip\n    server onward 0.0.0.0\n`;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(join(folder, 'maps'), { recursive: true, mode: 0o755 });
    if (!existsSync(this.#file)) this.#write(this.#placed(this.nothing));
  }

  get #file(): string {
    return join(this.#folder, 'haproxy.cfg');
  }

  readonly #worker = (command: string): Promise<string> => told(join(this.#folder, 'worker.sock'), command);
  readonly #master = (command: string): Promise<string> => told(join(this.#folder, 'master.sock'), command);

  async check(text: string): Promise<void> {
    const trial = mkdtempSync(join(this.#folder, 'check-'));
    try {
      const placed = this.#placed(text, trial);
      this.#write(placed, trial);
      const { status, stderr, error } = spawnSync('haproxy', ['-c', '-f', join(trial, 'haproxy.cfg')], {
        encoding: 'utf8',
        env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin` },
      });
      if (error !== undefined) throw new EngineError('the program haproxy is not installed');
      if (status !== 0) throw new EngineError(stderr.trim().split('\n').slice(0, 3).join(' '));
    } finally {
      rmSync(trial, { recursive: true, force: true });
    }
  }

  /** Where only maps differ they are changed while it runs; else it is reloaded, and open sessions go on in the worker that leaves. */
  async load(text: string): Promise<void> {
    const next = this.#placed(text);
    const running = await this.#runningDigest();
    if (running === null) throw new EngineError('HAProxy does not run');
    const before = this.#kept();
    this.#write(next);
    try {
      if (running === next.digest) await this.#exchange(next.maps);
      else await this.#reload(next.digest);
    } catch (error) {
      this.#write(before);
      throw error;
    }
  }

  async listing(): Promise<string | null> {
    const running = await this.#runningDigest();
    if (running === null || running === this.#placed(this.nothing).digest) return null;
    const { text, digest, maps } = this.#kept();
    const notes = digest === running ? [] : ['# the file is not what HAProxy was started from\n'];
    const live: { name: string; text: string }[] = [];
    for (const { name, text: kept } of maps) {
      const lines = await this.#liveLines(name);
      live.push({ name, text: lines.map((line) => `${line}\n`).join('') });
      if (lines.join('\n') !== linesOf(kept).join('\n')) notes.push(`# ${name} is not what HAProxy has\n`);
    }
    const config = `${notes.join('')}${text.replaceAll(`${this.#folder}/maps/`, 'maps/').replaceAll(`${this.#folder}/`, COMPILED_FOR)}`;
    return joinFiles([{ name: 'wardline.haproxy', text: config }, ...live]);
  }

  again(listing: string): string {
    return listing.replaceAll(/^# .* is not what HAProxy .*\n/gm, '');
  }

  /** What else decides on this machine is nftables, which is a point of its own. */
  others(): [] {
    return [];
  }

  /** HAProxy counts sessions by port, not by declaration. */
  counts(): [] {
    return [];
  }

  /** Also those that a worker carries on which was replaced by a reload. */
  async endUndeclared(listing: string | null): Promise<number | null> {
    const read = readListing(this.kind, listing ?? this.nothing);
    const [ruleset] = 'fault' in read ? [] : read.rulesets;
    if (ruleset === undefined) return null;
    const passes = ({ packet }: WorkerSession) =>
      (decidingLine(ruleset, packet)?.action ?? ruleset.otherwise) === 'permit';
    let ended = 0;
    for (const pid of workersIn(await this.#master('show proc'))) {
      const all = gatewaySessionsIn(await this.#master(`@!${pid} show sess all`));
      for (const session of all.filter((one) => !passes(one))) {
        await this.#master(`@!${pid} shutdown session ${session.id}`);
        ended += 1;
      }
    }
    return ended;
  }

  /** The configuration that the process says it was started from; null where none runs. */
  async #runningDigest(): Promise<string | null> {
    try {
      return /^description: wardline-([0-9a-f]{64})$/m.exec(await this.#worker('show info'))?.[1] ?? '';
    } catch (error) {
      if (error instanceof EngineError) return null;
      throw error;
    }
  }

  #placed(text: string, folder = this.#folder): Placed {
    const { first, others } = splitFiles(text);
    const placed = first
      .replaceAll(COMPILED_FOR, `${this.#folder}/`)
      .replaceAll(/(?<=map_(?:ip|str)\()maps\//g, `${folder}/maps/`);
    const maps = [...others].map(([name, content]) => ({ name, text: content }));
    return { text: placed, digest: digestOf(placed), maps };
  }

  #write({ text, digest, maps }: Placed, folder = this.#folder): void {
    mkdirSync(join(folder, 'maps'), { recursive: true });
    for (const { name, text: lines } of maps) writeDurably(join(folder, checked(name)), lines, 0o644);
    const names = new Set(maps.map(({ name }) => name));
    for (const name of readdirSync(join(folder, 'maps')))
      if (!names.has(`maps/${name}`)) rmSync(join(folder, 'maps', name));
    const own = `    description wardline-${digest}\n    stats socket ${this.#folder}/worker.sock mode 600 level admin\n`;
    writeDurably(join(folder, 'haproxy.cfg'), text.replace(/^global\n/m, `global\n${own}`), 0o644);
  }

  #kept(): Placed {
    const own = /^ {4}(description wardline-|stats socket ).*\n/gm;
    const text = readFileSync(this.#file, 'utf8').replaceAll(own, '');
    const names = new Set([...text.matchAll(/maps\/[\w-]+\.map/g)].map(([name]) => name));
    const textOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
    const maps = [...names].map((name) => ({ name, text: textOf(join(this.#folder, name)) }));
    return { text, digest: digestOf(text), maps };
  }

  async #liveLines(name: string): Promise<string[]> {
    const answer = await this.#worker(`show map ${this.#folder}/${name}`);
    return linesOf(answer.replaceAll(/^0x[0-9a-f]+ /gm, ''));
  }

  /**
   * Groups are named anew in each set of maps, so that an old pair must never meet new groups: between two commits of one line, nobody
   * passes.
   */
  async #exchange(maps: Placed['maps']): Promise<void> {
    const [closing, changing, opening]: string[][] = [[], [], []];
    for (const { name, text } of maps) {
      const path = `${this.#folder}/${name}`;
      const isPairs = name.startsWith('maps/pairs-');
      if (isPairs) closing!.push(`commit map @${await this.#prepared(path)} ${path}`);
      const version = await this.#prepared(path);
      for (const some of chunks(linesOf(text)))
        await this.#quietly(`add map @${version} ${path} <<\n${some.join('\n')}\n`);
      (isPairs ? opening! : changing!).push(`commit map @${version} ${path}`);
    }
    await this.#quietly([...closing!, ...changing!, ...opening!].join('; '));
  }

  async #prepared(path: string): Promise<string> {
    const answer = await this.#worker(`prepare map ${path}`);
    const version = /version created: (\d+)/.exec(answer)?.[1];
    if (version === undefined) throw new EngineError(`HAProxy refused to prepare a map: ${answer.trim()}`);
    return version;
  }

  async #quietly(command: string): Promise<void> {
    const answer = (await this.#worker(command)).trim();
    if (answer !== '') throw new EngineError(`HAProxy refused a change of its maps: ${answer.slice(0, 300)}`);
  }

  /** The master, too, is away for a moment while it takes a configuration. */
  async #hasTaken(digest: string): Promise<boolean> {
    if ((await this.#runningDigest()) !== digest) return false;
    return this.#master('show proc').then(
      (answer) => workersIn(answer).length > 0,
      () => false,
    );
  }

  async #reload(digest: string): Promise<void> {
    await this.#master('reload');
    const until = performance.now() + RELOAD_MILLIS;
    while (!(await this.#hasTaken(digest))) {
      if (performance.now() > until)
        throw new EngineError('HAProxy did not take the configuration; it runs on with what it had');
      await sleep(50);
    }
  }
}

async function told(socket: string, command: string): Promise<string> {
  try {
    return await say(socket, command);
  } catch (error) {
    if (error instanceof GatewayError) throw new EngineError(error.message);
    throw error;
  }
}

/** A text that is kept may have come from a listing; no name of it leaves the folder. */
function checked(name: string): string {
  if (/^maps\/[\w-]+\.map$/.test(name)) return name;
  throw new EngineError(`${name} is no name of a map`);
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .toSorted();

/** HAProxy takes one command in a buffer of 16 kB. */
function* chunks(lines: readonly string[]): Iterable<string[]> {
  let some: string[] = [];
  let length = 0;
  for (const line of lines) {
    if (length + line.length > MAP_COMMAND_CHARACTERS) {
      yield some;
      [some, length] = [[], 0];
    }
    some.push(line);
    length += line.length + 1;
  }
  if (some.length > 0) yield some;
}
