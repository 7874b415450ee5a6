import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { verifierText } from '@wardline/ledger';
import pg from 'pg';
import type { Logger } from 'pino';
import type { BackupPlan } from '../../config/backups.ts';
import { append } from '../../ledger/append.ts';
import type { Heads } from '../../ledger/head.ts';
import type { Connection } from '../../store/cluster/cluster.ts';
import type { Database } from '../../store/database.ts';
import { type SegmentEnd, segmentBytes } from '../changes/segment.ts';
import { advanceTo, dropSlot, hindrance, makeSlot, position, publish, slotState } from '../changes/slot.ts';
import { backupsIn, changesName, fullName, writeSealed } from '../folder.ts';
import { RETRY_MICROS, ROUND_MILLISECONDS } from '../limits.ts';
import { backupBytes } from '../write.ts';
import { Prover } from './prove.ts';
import { needless, outlived } from './retention.ts';
import {
  askForRun,
  type BackupLine,
  beginLine,
  endLine,
  extendLine,
  keptRuns,
  lastRuns,
  lineInUse,
  markRun,
  removedNames,
  waitingRun,
} from './runs.ts';

interface Needs {
  database: Database;
  connection: Connection;
  heads: Heads;
  plan: BackupPlan | null;
  dataDir: string;
  log: Logger;
  now: () => number;
  changed: () => void;
}

/** Any number of its own: of several servers on one database, one makes backups at a time. */
const LOCK = 7_400_005;

/** Makes full backups by the plan and when asked, writes changes behind them, proves and removes them. */
export class BackupRounds {
  readonly #needs: Needs;
  readonly #prover = new Prover();
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #proving: Promise<void> = Promise.resolve();
  #proofWaits = false;
  /** Since when backups could have been made. */
  readonly since: number;
  /** Bytes of the full backup that is being written. */
  written = 0;
  /** Why only full backups can be made; null where changes can be followed. */
  hindrance: string | null = null;
  /** Why the last round failed. */
  trouble: string | null = null;

  constructor(needs: Needs) {
    this.#needs = needs;
    this.since = needs.now();
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.round(), ROUND_MILLISECONDS).unref();
    void this.round();
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#running;
    await this.#proving;
  }

  /** Does what is due; one at a time. */
  round(): Promise<void> {
    this.#running ??= this.#round().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #round(): Promise<void> {
    const { plan, log, changed } = this.#needs;
    const before = this.trouble;
    try {
      if (plan === null) await this.#unfollow();
      else if (await this.#isDue(plan)) await this.#alone((client) => this.#work(client, plan));
      this.trouble = null;
    } catch (error) {
      this.trouble = (error as Error).message;
      if (this.trouble !== before) log.error({ reason: this.trouble }, 'no backup was made');
    }
    if (this.trouble !== before) changed();
  }

  /** Where no backups are planned the database must not keep its log for them. */
  async #unfollow(): Promise<void> {
    const { database, now } = this.#needs;
    if ((await lineInUse(database)) === null) return;
    await this.#alone(async (client) => {
      await dropSlot(client);
      await endLine(database, now());
    });
  }

  async #isDue(plan: BackupPlan): Promise<boolean> {
    return (await this.#fullIsDue(plan)) || (await this.#changesAreDue(plan));
  }

  async #fullIsDue({ every, changes }: BackupPlan): Promise<boolean> {
    const { database, now } = this.#needs;
    if ((await waitingRun(database)) !== null) return true;
    const [last] = await lastRuns(database, 1);
    if (last === undefined) return true;
    if (last.state === 'failed') return now() - (last.ended ?? last.asked) >= RETRY_MICROS;
    if (changes !== null && this.hindrance === null && last.line !== (await lineInUse(database))?.id)
      return true;
    return now() - last.asked >= every;
  }

  async #changesAreDue({ changes }: BackupPlan): Promise<boolean> {
    const { database, now } = this.#needs;
    if (changes === null) return false;
    const line = await lineInUse(database);
    return line !== null && now() - (line.until ?? 0) >= changes;
  }

  async #alone(work: (client: pg.Client) => Promise<void>): Promise<void> {
    const client = new pg.Client(this.#needs.connection);
    await client.connect();
    try {
      const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [
        LOCK,
      ]);
      if (rows[0]!.mine) await work(client);
    } finally {
      await client.end();
    }
  }

  async #work(client: pg.Client, plan: BackupPlan): Promise<void> {
    const line = await this.#line(client, plan);
    const isFull = await this.#fullIsDue(plan);
    if (line !== null && (isFull || (await this.#changesAreDue(plan))))
      await this.#writeChanges(client, plan, line);
    if (!isFull) return;
    await this.#full(plan);
    // What happened while it was written is behind it at once.
    const now = await lineInUse(this.#needs.database);
    if (now !== null) await this.#writeChanges(client, plan, now);
    await this.#removeOld(plan);
    if (plan.prove) this.#proveSoon(plan);
  }

  /** The line of changes that is written; null where none can be. A slot that is gone begins a new one. */
  async #line(client: pg.Client, { changes }: BackupPlan): Promise<BackupLine | null> {
    const { database, now, log } = this.#needs;
    this.hindrance = changes === null ? null : await hindrance(client);
    const line = await lineInUse(database);
    if (changes === null || this.hindrance !== null) {
      if (line !== null) {
        await dropSlot(client);
        await endLine(database, now());
      }
      return null;
    }
    const state = await slotState(client);
    if (line !== null && state === 'good') return line;
    if (state !== 'none') await dropSlot(client);
    if (line !== null)
      log.error('changes were not read in time; a new full backup begins a new line of them');
    await endLine(database, now());
    await publish(client);
    await makeSlot(client);
    return beginLine(database, now());
  }

  async #writeChanges(client: pg.Client, plan: BackupPlan, line: BackupLine): Promise<void> {
    // What was written before a crash is not written twice.
    if (line.lsn !== null) await advanceTo(client, line.lsn);
    let isFull = true;
    for (let at = line; isFull; ) {
      const number = at.number + 1;
      const of = { line: at.id, number, before: at.digest, to: await position(client) };
      let end: SegmentEnd | null = null;
      const bytes = segmentBytes(client, of, (found) => {
        end = found;
      });
      const written = await this.#write(plan, changesName(at.id, number), bytes);
      const { lsn, until, isFull: more } = end as unknown as SegmentEnd;
      at = await extendLine(this.#needs.database, at, { ...written, lsn, until });
      await advanceTo(client, lsn);
      isFull = more;
    }
    this.#needs.changed();
  }

  async #write(plan: BackupPlan, name: string, bytes: AsyncIterable<Uint8Array>) {
    const own = plan.prove ? [await this.#prover.recipient()] : [];
    return writeSealed(plan.folder, name, bytes, { recipients: [...plan.recipients, ...own] });
  }

  async #full(plan: BackupPlan): Promise<void> {
    const { database, now, changed } = this.#needs;
    const run = await waitingRun(database);
    const id = run?.id ?? (await askForRun(database, 'server', now()));
    await markRun(database, id, { state: 'running' });
    changed();
    try {
      await this.#keep(plan, id);
    } catch (error) {
      const trouble = (error as Error).message;
      await this.#record(id, 'backup.fail', { trouble }, { state: 'failed', ended: now(), trouble });
      throw error;
    } finally {
      this.written = 0;
      changed();
    }
  }

  async #keep(plan: BackupPlan, id: string): Promise<void> {
    const { database, heads, connection, dataDir, now } = this.#needs;
    const line = await lineInUse(database);
    const { origin, size, root } = await heads.current();
    const { log, clock } = heads.signer;
    // The last changes once more, which are left out where the backup holds them: one may have been seen in the log before it was done.
    const follows = line === null ? undefined : { line: line.id, next: Math.max(line.number, 1) };
    const begun = now();
    const bytes = backupBytes({
      connection,
      dataDir,
      head: { origin, size, root: Buffer.from(root).toString('hex') },
      keys: { log: verifierText(log), clock: verifierText(clock) },
      ...(follows === undefined ? {} : { follows }),
    });
    const name = fullName(begun, line?.id ?? '0'.repeat(12));
    const written = await this.#write(plan, name, this.#counting(bytes));
    const about = { name, line: follows?.line ?? null, next: follows?.next ?? null, at: begun, ...written };
    await this.#record(id, 'backup.keep', { name, ...written }, { state: 'kept', ended: now(), ...about });
  }

  async *#counting(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of bytes) {
      this.written += piece.length;
      yield piece;
    }
  }

  /** What became of a backup, and its act. */
  async #record(
    id: string,
    action: string,
    changes: Record<string, unknown>,
    of: Parameters<typeof markRun>[2],
  ): Promise<void> {
    const { database, now } = this.#needs;
    await database.transaction().execute(async (transaction) => {
      await markRun(transaction, id, of);
      const what = { action, subject: `backup:${id}`, changes, reason: null };
      await append(transaction, { at: now(), actor: 'server', ...what });
    });
  }

  async #removeOld({ folder, keep }: BackupPlan): Promise<void> {
    const { database, now } = this.#needs;
    const kept = (await keptRuns(database)).map((run) => ({
      ...run,
      at: run.at!,
      name: run.name!,
      line: run.line ?? '',
      next: run.next ?? 0,
    }));
    const old = outlived(kept, now(), keep);
    for (const { id, name } of old) await this.#record(id, 'backup.expire', { name }, { state: 'removed' });
    for (const name of await removedNames(database)) rmSync(join(folder, name), { force: true });
    const still = kept.filter((run) => !old.includes(run));
    const line = await lineInUse(database);
    for (const name of needless(backupsIn(folder), still, line?.id ?? null))
      rmSync(join(folder, name), { force: true });
  }

  /** The newest is proved; one that waits to be is enough. */
  #proveSoon(plan: BackupPlan): void {
    if (this.#proofWaits) return;
    this.#proofWaits = true;
    this.#proving = this.#proving.then(() => {
      this.#proofWaits = false;
      return this.#proveLast(plan);
    });
  }

  async #proveLast({ folder }: BackupPlan): Promise<void> {
    const { database, dataDir, now, log, changed } = this.#needs;
    try {
      const [run] = await keptRuns(database);
      const trouble = await this.#prover.prove(folder, dataDir);
      const changes = trouble === null ? {} : { trouble };
      await this.#record(run!.id, 'backup.prove', changes, { proved: now(), proof_trouble: trouble });
      if (trouble !== null) log.error({ reason: trouble }, 'the last backup cannot be restored');
      changed();
    } catch (error) {
      log.error(
        { reason: (error as Error).message },
        'whether the last backup can be restored was not tried',
      );
    }
  }
}
