import { formatMicros } from '@wardline/model';
import { sql, type Transaction } from 'kysely';
import type { Context } from '../../context.ts';
import { append } from '../../ledger/append.ts';
import { type DutyMessage, tellDutyContact } from '../../outgoing/index.ts';
import type { Tables } from '../../store/tables.ts';
import { ALARM_AGAIN_MICROS, ALARM_MILLISECONDS } from '../limits.ts';
import { type AlarmRow, alarmRow } from './alarm-row.ts';
import { backupWarnings } from './list.ts';
import type { Warning } from './standing.ts';

type Needs = Pick<Context, 'database' | 'config' | 'backups' | 'now' | 'outgoing' | 'log' | 'events'>;
type Step = { event: 'backup.alarm' | 'backup.well'; what: string; remedy: string | null; since: number };

/** Tells the duty contact when backups are overdue or cannot be restored, again each day while they are, and when they are well again. */
export class BackupAlarm {
  readonly #needs: Needs;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  start(): void {
    if (this.#needs.config.backups === null) return;
    this.#timer ??= setInterval(() => void this.look(), ALARM_MILLISECONDS).unref();
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#looking;
  }

  /** One look at a time; its failure is logged, and the next one comes. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((err: unknown) =>
        this.#needs.log.error({ err }, 'whether backups are overdue could not be told'),
      )
      .finally(() => {
        this.#looking = null;
      });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { database, now } = this.#needs;
    const worst = (await backupWarnings(this.#needs)).find(({ urgent }) => urgent) ?? null;
    // Which server tells is settled before it tells: its row and its act are one transaction.
    const step = await database.transaction().execute((transaction) => decide(transaction, worst, now()));
    if (step === null) return;
    this.#needs.events.emit('backups', 'ledger');
    await this.#tell(step);
  }

  async #tell(step: Step): Promise<void> {
    const { database, config, outgoing, now, log } = this.#needs;
    const notices = await tellDutyContact(
      { duty: config.duty, outgoing, now },
      messageOf(config.hospital, step),
    );
    for (const { channel, detail } of notices)
      if (detail !== null) log.error({ channel, detail }, 'the duty contact could not be told');
    await sql`update backup_alarm set notices = ${JSON.stringify(notices)}::jsonb`.execute(database);
    this.#needs.events.emit('backups');
  }
}

/** What is to be told now; null where nothing is. */
async function decide(
  transaction: Transaction<Tables>,
  worst: Warning | null,
  now: number,
): Promise<Step | null> {
  await sql`select pg_advisory_xact_lock(7400006)`.execute(transaction);
  const told = await alarmRow(transaction);
  if (worst === null) return told === undefined ? null : end(transaction, told, now);
  if (told !== undefined && now - told.told < ALARM_AGAIN_MICROS) return null;
  const since = told?.since ?? now;
  await sql`insert into backup_alarm (id, what, since, told, notices) values (true, ${worst.what}, ${since}, ${now}, '[]')
    on conflict (id) do update set what = excluded.what, told = excluded.told, notices = '[]'`.execute(
    transaction,
  );
  await record(transaction, 'backup.alarm', worst.what, now);
  return { event: 'backup.alarm', ...worst, since };
}

async function end(transaction: Transaction<Tables>, { what, since }: AlarmRow, now: number): Promise<Step> {
  await sql`delete from backup_alarm`.execute(transaction);
  await record(transaction, 'backup.well', what, now);
  return { event: 'backup.well', what, remedy: null, since };
}

const record = (transaction: Transaction<Tables>, action: string, what: string, at: number) =>
  append(transaction, { at, actor: 'server', action, subject: 'backups', changes: { what }, reason: null });

function messageOf(hospital: string, { event, what, remedy, since }: Step): DutyMessage {
  const isOver = event === 'backup.well';
  return {
    event,
    subject: isOver
      ? `Backups at ${hospital} are well again`
      : `Backups at ${hospital} need somebody: ${what}`,
    fields: {
      hospital,
      [isOver ? 'was' : 'what']: what,
      ...(remedy === null ? {} : { remedy }),
      since: formatMicros(since),
    },
  };
}
