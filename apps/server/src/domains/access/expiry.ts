import { type EmergencyCode, emergencyCodes } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { append } from '../../ledger/append.ts';
import type { Database } from '../../store/database.ts';

/** How often roles that are over are written down as over. They give nothing any more from the microsecond of their end. */
const SWEEP_MS = 5000;
/** A role's holder is reminded when so much of it is left. */
const REMIND_MICROS = 5 * 60_000_000;

/** Writes down what ended by itself, and reminds of what soon will. Returns the function that stops it. */
export function watchExpiry(context: Context): () => Promise<void> {
  let reminded: ReadonlySet<string> = new Set();
  let running: Promise<void> = Promise.resolve();
  const sweep = async () => {
    const now = context.now();
    const ended = await endExpired(context.database, now);
    const soon = await endingSoon(context.database, now);
    if (ended > 0) context.events.emit('access', 'ledger');
    else if (soon.some((id) => !reminded.has(id))) context.events.emit('access');
    reminded = new Set(soon);
  };
  const next = () => {
    running = running
      .then(sweep)
      .catch((err: unknown) => context.log.warn({ err }, 'expiry was not written'));
  };
  const timer = setInterval(next, SWEEP_MS);
  timer.unref();
  next();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

interface Expired {
  id: string;
  holder: string;
  role: string;
  until: number;
  emergency: string | null;
  code: EmergencyCode | null;
  elevation: string | null;
}

/** One act for each role that is over, in the transaction that marks it. Returns how many. */
export async function endExpired(database: Database, now: number): Promise<number> {
  return database.transaction().execute(async (transaction) => {
    const { rows } = await sql<Expired>`
      update role_grant g set ended = g.until, ended_by = 'server'
      where g.ended is null and g.origin <> 'assigned' and g.until <= ${now}
      returning g.id, g.holder, g.role, g.until,
        (select e.id from emergency e where e.role_grant = g.id) as emergency,
        (select e.code from emergency e where e.role_grant = g.id) as code,
        (select v.id from elevation v where v.role_grant = g.id) as elevation`.execute(transaction);
    for (const { id, holder, role, until, emergency, code, elevation } of rows) {
      // DICOM CID 403: 110138 Emergency Override Stopped.
      const action = emergency === null ? 'elevation.end' : 'emergency.end';
      const which = code === null ? { elevation } : { emergency, purpose: emergencyCodes[code].purpose };
      const changes = { ...which, grant: id, role, until };
      const what = { action, subject: holder, changes, reason: null };
      await append(transaction, { at: now, actor: 'server', ...what });
    }
    return rows.length;
  });
}

async function endingSoon(database: Database, now: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from role_grant where ended is null and origin <> 'assigned'
      and until > ${now} and until <= ${now + REMIND_MICROS}`.execute(database);
  return rows.map(({ id }) => id);
}
