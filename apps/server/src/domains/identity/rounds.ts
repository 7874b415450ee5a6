import { randomBytes } from 'node:crypto';
import {
  encodeCertificateId,
  issueResponder,
  keySigner,
  type RevocationReason,
  renewalAt,
  signAnswer,
  signList,
} from '@wardline/pki';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { DebouncedJob } from '../../jobs/debounced-job.ts';
import { act } from '../../ledger/append.ts';
import { mustParse, type OpenAuthority, responderKey } from './authorities/authorities.ts';
import { ANSWER_MICROS, ANSWERS_AT_ONCE, LIST_MICROS, RESPONDER_DAYS } from './limits.ts';

/** How often it is looked for what has to be signed anew. */
const ROUND_MS = 60_000;

/** Signs lists and answers of revocation ahead of their time, so that asking costs no signature and no open key. */
export class TrustRounds {
  readonly #context: Context;
  readonly #job: DebouncedJob;
  #timer: NodeJS.Timeout | null = null;

  constructor(context: Context) {
    this.#context = context;
    this.#job = new DebouncedJob('signing of revocations', () => this.#round(), context.log, context.turns);
  }

  start(): void {
    this.#timer = setInterval(() => this.soon(), ROUND_MS);
    this.#timer.unref();
    this.soon();
  }

  soon(): void {
    this.#job.soon();
  }

  /** Signs at once what is due, as after a revocation. */
  async now(): Promise<void> {
    await this.#job.now();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer ?? undefined);
    await this.#job.close();
  }

  async #round(): Promise<void> {
    const { authorities, log } = this.#context;
    for (const row of await authorities.all()) {
      if (row.state !== 'issuing' && row.state !== 'retiring') continue;
      const open = await authorities.open(row);
      if (open === null)
        log.warn({ zone: row.zone }, 'the key of a zone is closed; its list and its answers grow old');
      else if (open.certificate.notAfter > this.#context.now()) await keepAhead(this.#context, open);
    }
  }
}

async function keepAhead(context: Context, authority: OpenAuthority): Promise<void> {
  await keepResponder(context, authority);
  await keepList(context, authority);
  while (await keepAnswers(context, authority)) {
    // The next step of what is due.
  }
}

/** A new responder at two thirds of the life of the last. */
async function keepResponder(context: Context, { row, ...authority }: OpenAuthority): Promise<void> {
  const at = context.now();
  if (row.responder !== null && renewalAt(mustParse(row.responder)) > at) return;
  const random = randomBytes(16);
  const id = responderKey(row.id, serialTextOf(random));
  const { key, sealed } = await context.authorities.newKey(row.zone, id);
  const order = { key: keySigner(key).publicKey, days: RESPONDER_DAYS };
  const certificate = mustParse(await issueResponder(authority, authority.scope, order, { at, random }));
  const entry = {
    at,
    actor: 'server',
    action: 'authority.responder',
    subject: `authority:${row.id}`,
    changes: { zone: row.zone, serial: certificate.serial },
    reason: null,
  };
  await act(context.database, entry, async (transaction) => {
    await sql`delete from authority_key where id like ${`${row.id}/%`}`.execute(transaction);
    await sql`insert into authority_key (id, sealed) values (${id}, ${sealed})`.execute(transaction);
    await sql`update authority set responder = ${Buffer.from(certificate.der)}, responder_until = ${certificate.notAfter}
      where id = ${row.id}`.execute(transaction);
  });
  Object.assign(row, { responder: Buffer.from(certificate.der), responder_until: certificate.notAfter });
}

/** As `serialFrom` makes it of the same chance. */
function serialTextOf(random: Uint8Array): string {
  const serial = Buffer.from(random.subarray(0, 16));
  serial[0] = (serial[0]! & 0x3f) | 0x40;
  return serial.toString('hex');
}

async function keepList(context: Context, authority: OpenAuthority): Promise<void> {
  const { row } = authority;
  const at = context.now();
  if (row.list_due > at) return;
  const { rows } = await sql<{ serial: string; at: number; reason: RevocationReason }>`
    select serial, revoked as at, revoked_why as reason from certificate
    where authority = ${row.id} and revoked is not null and not_after > ${at} order by revoked`.execute(
    context.database,
  );
  const order = { number: row.list_number + 1, thisUpdate: at, nextUpdate: at + LIST_MICROS, revoked: rows };
  const list = Buffer.from(await signList(authority, order));
  // Another server may have been first; what was revoked meanwhile makes it due again.
  await sql`update authority set list = ${list}, list_number = ${order.number}, list_until = ${order.nextUpdate},
      list_due = case when exists (select 1 from certificate where authority = ${row.id} and revoked > ${at}) then 0
        else ${at + LIST_MICROS / 2}::bigint end
    where id = ${row.id} and list_number = ${row.list_number}`.execute(context.database);
  Object.assign(row, { list_number: order.number });
}

interface Due {
  id: string;
  serial: string;
  revoked: number | null;
  why: RevocationReason | null;
}

/** True where there may be more to do. */
async function keepAnswers(context: Context, authority: OpenAuthority): Promise<boolean> {
  const at = context.now();
  const responder = await context.authorities.responder(authority.row);
  if (responder === null) return false;
  const { rows } = await sql<Due>`select id, serial, revoked, revoked_why as why from certificate
    where authority = ${authority.row.id} and not_after > ${at} and answer_until < ${at + ANSWER_MICROS / 2}
    order by answer_until limit ${ANSWERS_AT_ONCE}`.execute(context.database);
  const times = { thisUpdate: at, nextUpdate: at + ANSWER_MICROS };
  const answers = await Promise.all(
    rows.map(async ({ serial, revoked, why }) => {
      const id = encodeCertificateId(authority.certificate, serial, 'sha1');
      return Buffer.from(await signAnswer(responder, [{ id, standing: standingOf(revoked, why) }], times));
    }),
  );
  // What was revoked while it was signed keeps no answer that says otherwise.
  await sql`update certificate c set answer = n.answer, answer_until = ${times.nextUpdate}
    from unnest(${rows.map(({ id }) => id)}::uuid[], ${answers}::bytea[], ${rows.map(({ revoked }) => revoked)}::bigint[])
      as n (id, answer, revoked)
    where c.id = n.id and c.revoked is not distinct from n.revoked`.execute(context.database);
  return rows.length === ANSWERS_AT_ONCE;
}

export const standingOf = (revoked: number | null, why: RevocationReason | null) =>
  revoked === null
    ? ({ state: 'good' } as const)
    : ({ state: 'revoked', at: revoked, reason: why ?? 'unspecified' } as const);
