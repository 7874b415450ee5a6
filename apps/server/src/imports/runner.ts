import { Worker } from 'node:worker_threads';
import type { ImportJob, SensorBatch } from '@wardline/model';
import type { CaptureSummary } from '@wardline/sensor';
import { sql } from 'kysely';
import type { Context, LiveProgress } from '../context.ts';
import { isDatabaseAway } from '../http/problems.ts';
import type { Intake } from '../intake/accept.ts';
import { endpointsOfBatch } from '../intake/merge.ts';
import { takeBatch } from '../intake/routes.ts';
import { append } from '../ledger/append.ts';
import { IMPORT_ATTEMPTS, IMPORT_ENDPOINTS, IMPORT_ERRORS } from '../limits.ts';
import { CLAIM_BEAT_MILLISECONDS } from '../servers/index.ts';
import type { Spool } from './spool.ts';
import { beatImport, claimImport, countAssets, findImport, IMPORT_SENSOR } from './store.ts';
import type { WorkerTask } from './worker.ts';

type Import = NonNullable<Awaited<ReturnType<typeof findImport>>>;
type Message =
  | { kind: 'progress'; bytesRead: number; packets: number }
  | { kind: 'batch'; batch: SensorBatch }
  | { kind: 'passed'; endpoints: string[] }
  | { kind: 'done'; summary: CaptureSummary };

const RETRY_MILLISECONDS = 300;
const FAILURE_MILLISECONDS = 5000;
const DATABASE_PATIENCE_MILLISECONDS = 120_000;
const WORKER_MEGABYTES = 1500;

/**
 * Reads spooled captures one after the other, each in a thread of its own, and takes their batches in. What was
 * acknowledged is never read twice: after any death the next run goes on behind it.
 */
export class ImportRunner {
  readonly #context: Context;
  readonly #intake: Intake;
  readonly #spool: Spool;
  readonly #identifyNow: () => Promise<boolean>;
  #live: { id: string; progress: LiveProgress } | null = null;
  #worker: Worker | null = null;
  #seen = new Set<string>();
  #cancelled: string | null = null;
  /** The import that another server has now, or that was cancelled at another. */
  #lost: string | null = null;
  #looking: NodeJS.Timeout | null = null;
  #loop: Promise<void> | null = null;
  #closed = false;

  constructor(context: Context, intake: Intake, spool: Spool, identifyNow: () => Promise<boolean>) {
    this.#context = context;
    this.#intake = intake;
    this.#spool = spool;
    this.#identifyNow = identifyNow;
  }

  progress(id: string): LiveProgress | undefined {
    return this.#live?.id === id ? this.#live.progress : undefined;
  }

  /** Reads what waits; where other servers share the database, what they leave over too. */
  start(): void {
    this.wake();
    if (this.#context.config.databaseUrl !== null)
      this.#looking = setInterval(() => this.wake(), CLAIM_BEAT_MILLISECONDS).unref();
  }

  wake(): void {
    if (this.#closed) return;
    this.#loop ??= this.#runAll().finally(() => {
      this.#loop = null;
    });
  }

  /** Stops reading; what was taken in before stays. */
  cancel(id: string): void {
    if (this.#live?.id !== id) return;
    this.#cancelled = id;
    void this.#worker?.terminate();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#looking ?? undefined);
    await this.#worker?.terminate();
    await this.#loop;
  }

  /** The thread that reads now, for tests that end it. */
  get worker(): Worker | null {
    return this.#worker;
  }

  async #runAll(): Promise<void> {
    while (!this.#closed) {
      const due = await this.#patiently(() => this.#claim()).catch(() => null);
      if (due === null) return;
      try {
        await this.#run(due);
      } catch (error) {
        if (this.#closed) return;
        this.#context.log.error({ err: error }, 'import failed');
        // Where not even that can be stored, it is due again: after a pause.
        await this.#finish(due, 'failed', 'Stopped by an error of the server; see its log').catch(
          () => new Promise((resolve) => setTimeout(resolve, FAILURE_MILLISECONDS).unref()),
        );
      }
      this.#live = null;
    }
  }

  #claim(): Promise<Import | null> {
    const { database, server } = this.#context;
    return claimImport(database, server, (sha256) => this.#spool.has(sha256));
  }

  async #run(due: Import): Promise<void> {
    const beat = setInterval(() => void this.#beat(due), CLAIM_BEAT_MILLISECONDS).unref();
    try {
      await this.#readAll(due);
      if (this.#lost === due.id) await this.#letGo(due);
    } finally {
      clearInterval(beat);
      this.#lost = null;
    }
  }

  /** Says that this server is still at it. Where it is its no more, another goes on behind the last batch, or nobody does. */
  async #beat({ id }: Import): Promise<void> {
    const { database, server, log } = this.#context;
    const bytesRead = this.#live?.progress.bytesRead ?? 0;
    const isOurs = await beatImport(database, server, { id, bytesRead }).catch(() => true);
    if (isOurs || this.#live?.id !== id) return;
    log.warn({ import: id }, 'an import is no longer this server’s');
    this.#lost = id;
    await this.#worker?.terminate();
  }

  async #letGo({ id, sha256 }: Import): Promise<void> {
    const row = await this.#patiently(() => findImport(this.#context.database, { id }));
    if (row?.finished_at !== null) await this.#spool.remove(sha256);
  }

  async #readAll(due: Import): Promise<void> {
    const path = this.#spool.pathOf(due.sha256);
    if (!this.#spool.has(due.sha256))
      return this.#finish(due, 'failed', 'The capture is no longer there; hand it in again');
    this.#live = {
      id: due.id,
      progress: { bytesRead: due.bytes_read, packets: due.stream_packets, step: 'Reading packets' },
    };
    this.#context.events.emit('imports');
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#read(due, path);
      if (this.#closed || this.#lost === due.id) return;
      if (this.#cancelled === due.id) return this.#finishCancelled(due);
      if (outcome !== null) return this.#complete(due, outcome);
      if (attempt >= IMPORT_ATTEMPTS)
        return this.#finish(due, 'failed', 'Reading the capture broke off several times');
      await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS));
    }
  }

  /** Null where the thread died before the end. */
  async #read(due: Import, path: string): Promise<CaptureSummary | null> {
    this.#seen = new Set();
    const after = await this.#patiently(() => this.#intake.lastNumber(IMPORT_SENSOR, due.sha256, due.site));
    const { redactionKey, knowledge, config } = this.#context;
    const task: WorkerTask = {
      path,
      file: due.file,
      sensor: IMPORT_SENSOR,
      stream: due.sha256,
      after,
      redactionKey,
      limits: config.sensorLimits,
      credentials: knowledge.defaultCredentials,
    };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: task,
      // A small young generation: what the sensor makes dies young, and slack would be memory.
      resourceLimits: { maxOldGenerationSizeMb: WORKER_MEGABYTES, maxYoungGenerationSizeMb: 16 },
    });
    this.#worker = worker;
    try {
      return await this.#follow(worker, due.site);
    } finally {
      this.#worker = null;
      await worker.terminate();
    }
  }

  #follow(worker: Worker, site: number): Promise<CaptureSummary | null> {
    return new Promise((resolve, reject) => {
      worker.on('message', (message: Message) => {
        if (message.kind === 'done') resolve(message.summary);
        else if (message.kind === 'progress') this.#advance(message);
        else if (message.kind === 'passed') this.#note(message.endpoints);
        else
          this.#take(message.batch, site).then(
            // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
            () => worker.postMessage('taken'),
            reject,
          );
      });
      worker.on('error', (error) => {
        this.#context.log.warn({ err: error }, 'the thread that reads a capture died');
        resolve(null);
      });
      worker.on('exit', () => resolve(null));
    });
  }

  async #take(batch: SensorBatch, site: number): Promise<void> {
    await this.#patiently(() => takeBatch(this.#context, this.#intake, batch, site));
    this.#note(endpointsOfBatch(batch).map(({ key }) => key));
  }

  /** Whom this capture showed; a capture full of made-up addresses does not fill the memory. */
  #note(keys: readonly string[]): void {
    for (const key of keys) if (this.#seen.size < IMPORT_ENDPOINTS) this.#seen.add(key);
  }

  #advance({ bytesRead, packets }: { bytesRead: number; packets: number }): void {
    if (this.#live) Object.assign(this.#live.progress, { bytesRead, packets });
    this.#context.events.emit('imports');
  }

  async #complete(due: Import, summary: CaptureSummary): Promise<void> {
    if (this.#live) this.#live.progress.step = 'Finding out what the devices are';
    this.#context.events.emit('imports');
    await this.#identify();
    if (this.#closed || this.#lost === due.id) return;
    const nothing = summary.packets === 0;
    const step = nothing
      ? 'Nothing in it could be read'
      : summary.errors.length > 0
        ? 'Read as far as it is whole'
        : 'Done';
    await this.#finish(due, nothing && summary.errors.length > 0 ? 'failed' : 'done', step, summary);
  }

  /** What was seen is stored by now. A run that fails, the database being away, is made again; but not for ever. */
  async #identify(): Promise<void> {
    for (let attempt = 1; attempt <= IMPORT_ATTEMPTS && !this.#closed; attempt += 1) {
      if (await this.#identifyNow()) return;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS * attempt));
    }
  }

  async #finishCancelled(due: Import): Promise<void> {
    this.#cancelled = null;
    await this.#finish(due, 'cancelled', 'Cancelled; what was read before stays');
  }

  /** The end of an import is an act; its capture leaves the disk. */
  async #finish(
    due: Import,
    state: ImportJob['state'],
    step: string,
    summary?: CaptureSummary,
  ): Promise<void> {
    const { database, server } = this.#context;
    const at = this.#context.now();
    const errors = JSON.stringify((summary?.errors ?? []).slice(0, IMPORT_ERRORS));
    const isOurs = await this.#patiently(() =>
      database.transaction().execute(async (transaction) => {
        const assets = await countAssets(transaction, due.site, [...this.#seen]);
        const { numAffectedRows } =
          await sql`update import set state = ${state}, step = ${step}, finished_at = ${at}, assets_found = ${assets},
        errors = ${errors}::jsonb, packets = ${summary?.packets ?? due.packets},
        bytes_read = case when ${state} = 'done' then coalesce(bytes_total, bytes_read) else bytes_read end
        where id = ${due.id} and holder = ${server} and state = 'running'`.execute(transaction);
        if (numAffectedRows === 0n) return false;
        const changes = { state, packets: summary?.packets ?? null, errors: summary?.errors.length ?? 0 };
        const what = { action: 'import.finish', subject: `import:${due.id}`, changes, reason: null };
        await append(transaction, { at, actor: 'server', ...what });
        return true;
      }),
    );
    this.#live = null;
    if (!isOurs) return this.#letGo(due);
    await this.#spool.remove(due.sha256);
    this.#context.events.emit('imports', 'assets', 'findings', 'ledger');
  }

  /** Tries again while the database is away: its supervisor brings it back. */
  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    const until = performance.now() + DATABASE_PATIENCE_MILLISECONDS;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isDatabaseAway(error) || this.#closed || performance.now() > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS));
      }
    }
  }
}
