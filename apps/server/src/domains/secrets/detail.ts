import { formatMicros, type SecretDetail } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import type { Executor } from '../../store/database.ts';
import { HISTORY_SHOWN } from './limits.ts';
import {
  rotationJson,
  type StoredRotation,
  type StoredRow,
  secretColumns,
  secretFrom,
  told,
  toldRotation,
} from './list.ts';

/** One secret with its versions, rotations step by step, and history; never a value. @throws Refusal */
export async function secretDetail(context: Context, id: string): Promise<SecretDetail> {
  const { database } = context;
  const { rows } = await sql<StoredRow & { hostKey: string | null; command: string | null }>`
    select ${secretColumns(context)}, s.host_key as "hostKey", s.command from ${secretFrom}
    where s.id = ${id} and s.removed is null`.execute(database);
  const [row] = rows;
  if (row === undefined) throw new Refusal('not-found');
  const { hostKey, command, ...stored } = row;
  return {
    ...told(stored),
    hostKey,
    command,
    versions: await versions(database, id),
    rotations: await rotations(database, id),
    history: await history(database, id),
  };
}

async function versions(database: Executor, id: string): Promise<SecretDetail['versions']> {
  const { rows } = await sql<{
    number: number;
    state: SecretDetail['versions'][number]['state'];
    made: number;
    ended: number | null;
  }>`
    select number, state, made, ended from device_secret_version where secret = ${id} order by number desc limit 50`.execute(
    database,
  );
  return rows.map(({ made, ended, ...rest }) => ({
    ...rest,
    made: formatMicros(made),
    ended: ended === null ? null : formatMicros(ended),
  }));
}

interface Step {
  at: number;
  step: string;
  outcome: 'begun' | 'done' | 'failed';
  said: string;
}

async function rotations(database: Executor, id: string): Promise<SecretDetail['rotations']> {
  const { rows } = await sql<{ rotation: StoredRotation; steps: Step[] }>`
    select ${rotationJson} as rotation, coalesce((select jsonb_agg(jsonb_build_object('at', t.at, 'step', t.step, 'outcome', t.outcome, 'said', t.said)
        order by t.id) from secret_rotation_step t where t.rotation = r.id), '[]'::jsonb) as steps
    from secret_rotation r where r.secret = ${id} order by r.proposed desc limit 20`.execute(database);
  return rows.map(({ rotation, steps }) => ({
    ...toldRotation(rotation),
    steps: steps.map(({ at, ...step }) => ({ at: formatMicros(at), ...step })),
  }));
}

interface Entry {
  at: number;
  actor: string;
  action: string;
  changes: Record<string, unknown>;
  reason: string | null;
}

/** From the ledger, the latest first. */
async function history(database: Executor, id: string): Promise<SecretDetail['history']> {
  const { rows } = await sql<Entry>`
    select l.at, coalesce(p.name, l.actor) as actor, l.action, l.changes, t.value as reason
    from ledger l left join ledger_personal t on t.sequence = l.sequence and t.name = 'reason'
      left join person p on l.actor = 'person:' || p.id::text
    where l.subject = ${`secret:${id}`} order by l.sequence desc limit ${HISTORY_SHOWN}`.execute(database);
  return rows.map(({ at, actor, action, changes, reason }) => ({
    at: formatMicros(at),
    actor,
    text: `${sentences[action]?.(changes) ?? `${action}.`}${reason === null ? '' : ` ${reason}`}`,
  }));
}

const sentences: Readonly<Record<string, (changes: Record<string, unknown>) => string>> = {
  'secret.adopt': () => 'Taken into keeping.',
  'secret.change': () => 'Changed by hand on the device.',
  'secret.check-out': ({ minutes }) => `Taken out for ${String(minutes)} minutes.`,
  'secret.return': () => 'Returned.',
  'secret.expire': () => 'The time was over; counted as returned.',
  'secret.rotate': ({ standing }) =>
    standing === undefined ? 'Ordered to be changed.' : 'To be changed by the standing order.',
  'secret.cancel': () => 'The order was taken back.',
  'secret.rotation-start': () => 'The change began.',
  'secret.switch': () => 'The device lets the new secret in: from here on it counts.',
  'secret.rotation-end': ({ state }) => `The change ended: ${String(state)}.`,
};
