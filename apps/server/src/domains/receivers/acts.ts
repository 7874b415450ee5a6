import { randomBytes, randomUUID, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { ReceiverBody, ReceiverSettings } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import { numbersKept } from '../watch/index.ts';
import { RECEIVERS } from './limits.ts';
import { sealSecret } from './secret.ts';

const SECRET_BYTES = 32;
/** Characters of a secret that somebody else made, at the least. */
const WEBHOOK_SECRET = 16;

/** From now on it is told what the watch tells. @throws Refusal */
export async function addReceiver(
  context: Context,
  actor: string,
  { name, settings, secret: given, after, reason }: ReceiverBody,
): Promise<{ id: string; secret: string | null }> {
  mustFit(settings, given);
  const made = settings.kind === 'webhook' && given === undefined ? randomBytes(SECRET_BYTES) : null;
  const secret = given ?? made?.toString('base64url') ?? null;
  const [id, at] = [randomUUID(), context.now()];
  const sealed = secret === null ? null : await sealSecret(context.keys, id, secret);
  const { latest } = await numbersKept(context.database);
  const start = after ?? latest;
  if (start > latest) throw new Refusal('conflict', `The latest number is ${latest}.`);
  const changes = { name, settings: told(settings), from: start };
  const entry = { at, actor, action: 'receiver.add', subject: `receiver:${id}`, changes, reason };
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql<{ n: number; taken: boolean }>`
      select count(*)::int as n, coalesce(bool_or(name = ${name}), false) as taken from alert_receiver where removed is null`.execute(
      transaction,
    );
    if (rows[0]!.taken) throw new Refusal('conflict', `There is a receiver ${name} already.`);
    if (rows[0]!.n >= RECEIVERS)
      throw new Refusal('conflict', `More than ${RECEIVERS} receivers are not served.`);
    await sql`insert into alert_receiver (id, name, settings, sealed, start, added, added_by)
      values (${id}, ${name}, ${JSON.stringify(settings)}::jsonb, ${sealed}, ${start}, ${at}, ${actor})`.execute(
      transaction,
    );
    await sql`insert into alert_receiver_state (receiver, sent, sure) values (${id}, ${start}, ${start})`.execute(
      transaction,
    );
  });
  announce(context);
  return { id, secret: made === null ? null : secret };
}

/** Certificates are public, but long. */
const told = (settings: ReceiverSettings) => ({
  ...settings,
  ca: settings.ca === null ? null : 'given',
  ...('certificate' in settings ? { certificate: settings.certificate === null ? null : 'given' } : {}),
});

/** What could never work is refused at once. @throws Refusal */
function mustFit(settings: ReceiverSettings, secret: string | undefined): void {
  const certificates = settings.ca === null ? null : readable(() => new X509Certificate(settings.ca!));
  if (certificates === false)
    throw new Refusal('invalid-request', 'The authority’s certificate cannot be read.');
  if (settings.kind === 'webhook' && secret !== undefined && secret.length < WEBHOOK_SECRET)
    throw new Refusal('invalid-request', `The secret has fewer than ${WEBHOOK_SECRET} characters.`);
  if (settings.kind === 'mail' && (settings.user === null) !== (secret === undefined))
    throw new Refusal('invalid-request', 'A user and a password are given both or neither.');
  if (settings.kind !== 'syslog') return;
  const { certificate } = settings;
  if ((certificate === null) !== (secret === undefined))
    throw new Refusal('invalid-request', 'A certificate and its key are given both or neither.');
  if (certificate !== null && !readable(() => createSecureContext({ cert: certificate, key: secret })))
    throw new Refusal(
      'invalid-request',
      'The certificate and its key cannot be read, or do not belong together.',
    );
}

function readable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

/** Pauses it, or goes on with what it lacks. @throws Refusal */
export async function changeReceiver(
  context: Context,
  actor: string,
  id: string,
  { paused, reason }: { paused: boolean; reason: string },
): Promise<void> {
  const at = context.now();
  const entry = {
    at,
    actor,
    action: 'receiver.change',
    subject: `receiver:${id}`,
    changes: { paused },
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    const { numAffectedRows } = await sql`update alert_receiver set paused = ${paused}, version = version + 1
      where id = ${id} and removed is null and paused <> ${paused}`.execute(transaction);
    if (numAffectedRows !== 1n)
      throw new Refusal('conflict', `It is ${paused ? 'paused' : 'served'} already, or there is none.`);
    // What troubled it before a pause is no news after it.
    await sql`update alert_receiver_state set trouble = null, trouble_since = null where receiver = ${id}`.execute(
      transaction,
    );
  });
  announce(context);
}

/** It is sent nothing any more, and its secret is gone. @throws Refusal */
export async function removeReceiver(
  context: Context,
  actor: string,
  id: string,
  reason: string,
): Promise<void> {
  const at = context.now();
  const entry = { at, actor, action: 'receiver.remove', subject: `receiver:${id}`, changes: {}, reason };
  await act(context.database, entry, async (transaction) => {
    const { numAffectedRows } =
      await sql`update alert_receiver set removed = ${at}, sealed = null, version = version + 1
      where id = ${id} and removed is null`.execute(transaction);
    if (numAffectedRows !== 1n) throw new Refusal('not-found');
  });
  announce(context);
}

function announce(context: Context): void {
  context.receiversSoon();
  context.events.emit('watch', 'ledger');
}
