import type { Knowledge } from '@wardline/knowledge';
import { type Conversation, type Sighting, severities } from '@wardline/model';
import { type AlertRecord, type Directory, directoryOf, tellAlert, Watch } from '@wardline/watch';
import { sql, type Transaction } from 'kysely';
import { type Act, append } from '../../ledger/append.ts';
import {
  WATCH_AHEAD_MICROS,
  WATCH_HELD_BACK,
  WATCH_OPEN_ALERTS,
  WATCH_RUN_BATCHES,
  WATCH_RUN_ROWS,
} from '../../limits.ts';
import type { Tables } from '../../store/tables.ts';
import { approvedAccessPoints } from '../wireless/index.ts';
import { alertId, alertsLeft, reviseQuiet, storedAlerts, type ToldAlert, writeAlerts } from './alerts.ts';
import type { ClassBook } from './behaviour/class-book.ts';
import type { Governor } from './governor.ts';
import { countLoss, unpackBatch } from './inbox.ts';
import type { RuleBook } from './rules/book.ts';
import { loadWatch, saveWatch } from './state.ts';
import { assignStories, tellStories } from './stories.ts';

export interface WatchQuestion {
  now: number;
  /** What devices are may have changed: what is still open is told anew. */
  retell: boolean;
}

export interface WatchResult {
  batches: number;
  /** Alerts that were told anew or for the first time. */
  alerts: number;
  /** Bytes of state that were written. */
  written: number;
  /** True where more waits. */
  more: boolean;
  /** In words, what was begun anew since its state was damaged. */
  faults: string[];
}

interface InboxRow {
  number: number;
  kind: 'batch' | 'end-learning' | 'learn-on' | 'learn-anew' | 'trust';
  sensor: string;
  stream: string;
  received: number;
  rows: number;
  body: Buffer | null;
  device: string | null;
}

/** The watch of a site as this process holds it, and which stored state it goes on from. */
export interface Kept {
  watch: Watch;
  saved: number;
}

type Work = Transaction<Tables>;

/** What one transaction did; its watch is kept once that is on disk. */
interface Outcome extends WatchResult {
  kept: Kept;
}

/** What is done about a batch that the engine failed at. */
export type Doubt = 'row-by-row' | 'lost';

/** A batch that the engine can't take; it is taken otherwise when the run is made again. */
export class UnwatchableBatch extends Error {
  readonly number: number;

  constructor(number: number, cause: unknown) {
    super(`batch ${number} of the inbox can’t be judged`, { cause });
    this.number = number;
  }
}

/** What a run asks beside the database. */
interface Judges {
  knowledge: Knowledge;
  governor: Governor;
  rules: RuleBook;
  classes: ClassBook;
}

/** One run of one site, within one transaction. */
export class SiteRun {
  readonly #transaction: Work;
  readonly #site: number;
  readonly #question: WatchQuestion;
  readonly #knowledge: Knowledge;
  readonly #governor: Governor;
  readonly #rules: RuleBook;
  readonly #classes: ClassBook;
  readonly #faults: string[] = [];
  /** What the ledger hears of when everything else is done. */
  readonly #acts: Act[] = [];

  constructor(
    transaction: Work,
    site: number,
    question: WatchQuestion,
    { knowledge, governor, rules, classes }: Judges,
  ) {
    this.#governor = governor;
    this.#rules = rules;
    this.#classes = classes;
    this.#transaction = transaction;
    this.#site = site;
    this.#question = question;
    this.#knowledge = knowledge;
  }

  async carryOut(before: Kept | null, bad: ReadonlyMap<number, Doubt>): Promise<Outcome> {
    const kept = await this.#open(before);
    const { taken, more } = await this.#waiting();
    await this.#allow(kept.watch);
    const found = await this.#take(kept, taken, bad);
    const alerts = await this.#tell(kept.watch, found);
    await reviseQuiet(this.#transaction, this.#site, this.#question.now);
    const hasChanged = taken.length > 0 || this.#faults.length > 0;
    const written = hasChanged ? await this.#close(kept, taken) : 0;
    for (const one of this.#acts) await append(this.#transaction, one);
    const batches = taken.filter(({ kind }) => kind === 'batch').length;
    return { batches, alerts, written, more, faults: this.#faults, kept };
  }

  /** The watch as it was stored last. One that can't be used is begun anew, and that is told. */
  async #open(before: Kept | null): Promise<Kept> {
    const { now } = this.#question;
    await sql`insert into watch_site (site, mode, since) values (${this.#site}, 'learning', ${now})
      on conflict do nothing`.execute(this.#transaction);
    const { rows } = await sql<{
      saved: number;
    }>`select saved from watch_site where site = ${this.#site} for update`.execute(this.#transaction);
    const saved = rows[0]!.saved;
    if (before?.saved === saved) return before;
    const loaded = await loadWatch(this.#transaction, this.#site);
    if (loaded === null) return { watch: new Watch('learning'), saved };
    if ('watch' in loaded) return { watch: loaded.watch, saved };
    await this.#begunAnew(loaded.fault);
    return { watch: new Watch('learning'), saved };
  }

  async #begunAnew(fault: string): Promise<void> {
    const { now } = this.#question;
    this.#faults.push(`site ${this.#site}: ${fault}`);
    await sql`update watch_site set mode = 'learning', since = ${now}, fault = ${fault}, fault_at = ${now}
      where site = ${this.#site}`.execute(this.#transaction);
    this.#acts.push({
      at: now,
      actor: 'server',
      action: 'watch.begin-anew',
      subject: `site:${this.#site}`,
      changes: { fault },
      reason: 'What was learnt of this site could not be used, and is learnt anew.',
    });
  }

  async #waiting(): Promise<{ taken: InboxRow[]; more: boolean }> {
    const { rows } = await sql<InboxRow & { before: number }>`
      select number, kind, sensor, stream, received, rows, body, device from (
        select *, sum(rows) over (order by number) - rows as before from (
          select * from watch_inbox where site = ${this.#site} order by number limit ${WATCH_RUN_BATCHES + 1}) as first
      ) as summed where before < ${WATCH_RUN_ROWS} order by number`.execute(this.#transaction);
    const { rows: left } = await sql<{ more: boolean }>`
      select exists (select from watch_inbox where site = ${this.#site} and number > ${rows[Math.min(rows.length, WATCH_RUN_BATCHES) - 1]?.number ?? 0}) as more`.execute(
      this.#transaction,
    );
    return { taken: rows.slice(0, WATCH_RUN_BATCHES), more: left[0]!.more };
  }

  /** What persons called normal counts until they take it back or it is over. */
  async #allow(watch: Watch): Promise<void> {
    const { learnt } = watch;
    const { rows } = await sql<{ device: string; what: string }>`
      select device, detection as what from watch_allowed
      where site = ${this.#site} and ended is null and (until is null or until > ${this.#question.now})`.execute(
      this.#transaction,
    );
    learnt.allowOnly(rows);
    watch.rule(await this.#rules.of(this.#transaction, this.#site, this.#question.now));
    watch.approve(await approvedAccessPoints(this.#transaction, this.#site));
    const { now, retell } = this.#question;
    watch.classify(await this.#classes.of(this.#transaction, this.#site, now, retell));
    watch.govern(await this.#governor.governing(this.#transaction, now, retell));
  }

  /** Returns alerts that are new or have grown, as they stand at the end. */
  async #take(
    kept: Kept,
    taken: readonly InboxRow[],
    bad: ReadonlyMap<number, Doubt>,
  ): Promise<Map<string, AlertRecord>> {
    const found = new Map<string, AlertRecord>();
    for (const row of taken) {
      const doubt = bad.get(row.number) ?? null;
      if (doubt === 'lost') await this.#lose(row, 'not-judged', row.rows, 1);
      else if (row.kind !== 'batch') await this.#order(kept, row);
      else for (const record of await this.#batch(kept.watch, row, doubt)) found.set(record.id, record);
    }
    return found;
  }

  /** A watch that is begun anew is told what people decided, as the one before was. */
  async #order(kept: Kept, row: InboxRow): Promise<void> {
    const before = kept.watch;
    kept.watch = ordered(before, row);
    if (kept.watch !== before) await this.#allow(kept.watch);
  }

  async #batch(watch: Watch, row: InboxRow, doubt: Doubt | null): Promise<AlertRecord[]> {
    try {
      const { conversations, sightings, logs = [] } = unpackBatch(row.body!);
      const latest = row.received + WATCH_AHEAD_MICROS;
      // Whether it is a row at all is asked where one fails.
      const inTime = (one: Conversation | Sighting | null) => !((one?.lastSeen ?? 0) > latest);
      const kept = { conversations: conversations.filter(inTime), sightings: sightings.filter(inTime) };
      const lines = logs.filter((line) => !((line?.at ?? 0) > latest));
      const ahead = row.rows - kept.conversations.length - kept.sightings.length - lines.length;
      if (ahead > 0) await this.#lose(row, 'clock-ahead', ahead);
      if (doubt === null) return watch.take(kept.conversations, kept.sightings, lines);
      const { records, left } = watch.takeEach(kept.conversations, kept.sightings, lines);
      if (left > 0) await this.#lose(row, 'not-judged', left);
      return records;
    } catch (error) {
      throw new UnwatchableBatch(row.number, error);
    }
  }

  async #lose(
    { sensor, stream }: InboxRow,
    cause: 'not-judged' | 'clock-ahead',
    rows: number,
    batches = 0,
  ): Promise<void> {
    await countLoss(this.#transaction, {
      site: this.#site,
      sensor,
      stream,
      cause,
      batches,
      rows,
    });
  }

  /** Writes what was found, with what is known of its devices now; returns how many alerts were told. */
  async #tell(watch: Watch, found: Map<string, AlertRecord>): Promise<number> {
    if (this.#question.retell) for (const record of await this.#stillOpen()) this.#keep(found, record);
    if (found.size === 0) return 0;
    const directory = await this.#directory(watch, found.values());
    const told = [...found.values()].map((record) => {
      const alert = tellAlert(record, directory);
      return { record, alert: { ...alert, id: alertId(this.#site, alert.id) } };
    });
    return this.#write(told);
  }

  #keep(found: Map<string, AlertRecord>, record: AlertRecord): void {
    if (!found.has(record.id)) found.set(record.id, record);
  }

  /** Alerts of stories that nobody has closed. */
  async #stillOpen(): Promise<AlertRecord[]> {
    const { rows } = await sql<{ record: AlertRecord }>`
      select a.record from watch_alert a join watch_story s on s.id = a.story
      where s.site = ${this.#site} and s.state <> 'resolved' order by a.last_seen desc, a.id limit ${WATCH_OPEN_ALERTS}`.execute(
      this.#transaction,
    );
    return rows.map(({ record }) => record);
  }

  async #directory(watch: Watch, records: Iterable<AlertRecord>): Promise<Directory> {
    const devices = new Set<string>();
    for (const { actor, targets } of records)
      for (const device of [actor, ...targets]) if (device !== null) devices.add(device);
    const { rows } = await sql<{
      id: string;
      name: string;
      class: string | null;
      criticality: string;
      ips: string[];
      macs: string[];
    }>`select id, name, nullif(class, '') as class, criticality, ips, macs from asset
      where site = ${this.#site} and not gone and (ips && ${[...devices]}::text[] or macs && ${[...devices]}::text[])
      order by id`.execute(this.#transaction);
    return directoryOf(rows, this.#knowledge, (device) => watch.place(device));
  }

  async #write(told: readonly ToldAlert[]): Promise<number> {
    const { now } = this.#question;
    const known = await storedAlerts(
      this.#transaction,
      told.map(({ alert }) => alert.id),
    );
    const left = await alertsLeft(this.#transaction, this.#site, now);
    const fresh = told.filter(({ alert }) => !known.has(alert.id)).toSorted(byGravity);
    await this.#tooMany(fresh.slice(left));
    const kept = fresh.slice(0, left).map(({ alert }) => alert);
    const stories = await assignStories(this.#transaction, this.#site, kept);
    const rows = told.flatMap((one) => {
      const story = known.get(one.alert.id)?.story ?? stories.get(one.alert.id);
      return story === undefined ? [] : [{ ...one, story }];
    });
    await writeAlerts(this.#transaction, this.#site, rows, now);
    const ids = rows.map(({ story }) => story);
    this.#acts.push(...(await tellStories(this.#transaction, ids, now)));
    return rows.length;
  }

  async #tooMany(alerts: readonly ToldAlert[]): Promise<void> {
    if (alerts.length === 0) return;
    const loss = { sensor: '', stream: '', cause: 'too-many-alerts', batches: 0 } as const;
    await countLoss(this.#transaction, {
      site: this.#site,
      ...loss,
      rows: alerts.length,
    });
  }

  /** Stores the watch and takes out of the inbox what it has seen. */
  async #close(kept: Kept, taken: readonly InboxRow[]): Promise<number> {
    const { watch } = kept;
    const written = await saveWatch(this.#transaction, this.#site, watch.save());
    kept.saved += 1;
    const batches = taken.filter(({ kind }) => kind === 'batch');
    const rows = batches.reduce((sum, row) => sum + row.rows, 0);
    const learnt = learntOf(watch);
    await sql`update watch_site set mode = ${watch.mode === 'watching' ? 'watching' : 'learning'},
        saved = ${kept.saved}, heard = greatest(heard, ${watch.now}), last_run = ${this.#question.now},
        batches = batches + ${batches.length}, rows = rows + ${rows}, devices = ${learnt.devices},
        learnt_from = ${learnt.from}, learnt_until = ${learnt.until},
        held_back = ${JSON.stringify(learnt.heldBack.slice(0, WATCH_HELD_BACK))}::jsonb, held_back_count = ${learnt.heldBack.length}
      where site = ${this.#site}`.execute(this.#transaction);
    await sql`delete from watch_inbox where number = any(${taken.map(({ number }) => number)}::bigint[])`.execute(
      this.#transaction,
    );
    return written;
  }
}

/** Carries out what a person ordered, at its place among what was seen. */
function ordered(watch: Watch, { kind, device }: InboxRow): Watch {
  if (kind === 'learn-anew') return new Watch('learning');
  if (kind === 'end-learning' && watch.mode !== 'watching') watch.endLearning();
  if (kind === 'learn-on') watch.resumeLearning();
  if (kind === 'trust' && device !== null) watch.learnt.trust(device);
  return watch;
}

function learntOf({ learnt }: Watch) {
  let [from, until]: (number | null)[] = [null, null];
  const heldBack: string[] = [];
  for (const [device, { first, last, suspicious }] of learnt.entries()) {
    from = Math.min(from ?? first, first);
    until = Math.max(until ?? last, last);
    if (suspicious) heldBack.push(device);
  }
  return { devices: learnt.size, from, until, heldBack };
}

/** The gravest first: where too many come, these are told. */
function byGravity({ alert: a }: ToldAlert, { alert: b }: ToldAlert): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity) || a.firstSeen - b.firstSeen;
}
