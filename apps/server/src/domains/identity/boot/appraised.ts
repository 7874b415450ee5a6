import { randomUUID } from 'node:crypto';
import type { bootAnswerBody, bootVerdictResponse } from '@wardline/model';
import {
  type Appraisal,
  appraiseBoot,
  parseEventLog,
  type QuoteExpectation,
  type ReferenceValues,
  type TpmClock,
} from '@wardline/pki';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { append } from '../../../ledger/append.ts';
import type { Database, Executor } from '../../../store/database.ts';
import { closeFinding, type HeldFinding, holdFinding } from '../../findings/index.ts';
import { tpmOf } from '../enrolment/attestation.ts';
import type { ShownDevice } from '../enrolment/shown-device.ts';
import { BOOT_EVENTS } from '../limits.ts';
import { BANK, QUOTED_PCRS } from './asked.ts';
import { type Product, productOf, referencesFor, type StoredReference } from './references.ts';

const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
/** TCG PFP §10.4.1 */
const NO_ACTION = 3;

interface Asked {
  challenge: Buffer;
  secret: Buffer;
  ak_name: Buffer;
  devices: Buffer[];
  ak_public: Buffer;
  expires: number;
}

type Said = z.infer<typeof bootAnswerBody>;

/** Appraises what a device showed of its boot (RFC 9334); each question takes one answer, whatever it is. */
export async function takeBoot(
  context: Context,
  device: ShownDevice,
  said: Said,
): Promise<z.infer<typeof bootVerdictResponse>> {
  const { database } = context;
  const at = context.now();
  const asked = await spent(database, device, said.id);
  const product = await productOf(database, device.asset);
  const tpm = await tpmOf(database, device.certificate);
  if (tpm === null)
    throw new Refusal('forbidden', 'The key of this certificate is not proved to lie in a TPM any more');
  const before = await lastClock(database, device.asset, tpm);
  const expectation: QuoteExpectation = {
    challenge: { value: asked.challenge, expires: asked.expires, spent: false },
    trust: {
      by: 'activation',
      activation: { secret: asked.secret, akName: asked.ak_name, devices: asked.devices },
      answer: bytesOf(said.secret),
    },
    bank: BANK,
    pcrs: QUOTED_PCRS,
    before,
    at,
  };
  const pcrs = new Map(said.pcrs.map(({ pcr, value }) => [pcr, bytesOf(value)]));
  const log = said.log === null ? null : bytesOf(said.log);
  const quote = {
    akPublic: asked.ak_public,
    quoted: bytesOf(said.quoted),
    signature: bytesOf(said.signature),
    pcrs,
  };
  const references = await referencesFor(database, product);
  const { appraisal, reference } = best(references, (values) =>
    appraiseBoot({ signedClaim: false, quote, log }, expectation, values),
  );
  await keep(context, device, { product, tpm, appraisal, reference, pcrs, log, at });
  return { status: appraisal.status, grade: appraisal.grade };
}

/** Takes the question away, so that nothing is answered twice. @throws Refusal where it was never asked of this device, or answered */
async function spent(database: Database, { certificate }: ShownDevice, id: string): Promise<Asked> {
  const { rows } =
    await sql<Asked>`delete from boot_challenge where id = ${id} and certificate = ${certificate}
    returning challenge, secret, ak_name, devices, ak_public, expires`.execute(database);
  if (rows[0] === undefined)
    throw new Refusal(
      'conflict',
      'This question was answered before, is too old, or was never asked of this device',
    );
  return rows[0];
}

/** Several boots of one version may be good, as with two revisions of a board; what fits best counts. */
function best(
  references: readonly StoredReference[],
  appraise: (values: ReferenceValues | null) => Appraisal,
): { appraisal: Appraisal; reference: string | null } {
  const all = references.map(({ id, values }) => ({ appraisal: appraise(values), reference: id }));
  const affirmed = all.find(({ appraisal }) => appraisal.status === 'affirmed');
  const [nearest] = all.toSorted((a, b) => a.appraisal.differences.length - b.appraisal.differences.length);
  return affirmed ?? nearest ?? { appraisal: appraise(null), reference: null };
}

/** Each TPM has a clock of its own: a board that was replaced begins anew. */
async function lastClock(database: Database, asset: string, tpm: string): Promise<TpmClock | null> {
  const { rows } = await sql<{ clock: { clock: string; resets: number; restarts: number; safe: boolean } }>`
    select clock from boot_appraisal where asset = ${asset} and tpm = ${tpm} and clock is not null order by at desc limit 1`.execute(
    database,
  );
  const [last] = rows;
  return last === undefined ? null : { ...last.clock, clock: BigInt(last.clock.clock) };
}

interface Kept {
  product: Product;
  /** In which the key of the device's certificate lies. */
  tpm: string;
  appraisal: Appraisal;
  reference: string | null;
  pcrs: ReadonlyMap<number, Buffer>;
  log: Buffer | null;
  at: number;
}

async function keep(context: Context, device: ShownDevice, kept: Kept): Promise<void> {
  const { product, tpm, appraisal, reference, at } = kept;
  const { grade, status, refused, differences, secureBoot, quote } = appraisal;
  const accepted = quote?.accepted === true ? quote : null;
  const pcrs =
    accepted === null ? {} : Object.fromEntries([...kept.pcrs].map(([pcr, value]) => [pcr, hex(value)]));
  const isLogGood = accepted !== null && !refused.some(({ what }) => what === 'log');
  const events = isLogGood ? eventsOf(kept.log) : {};
  const clock = accepted === null ? null : { ...accepted.clock, clock: accepted.clock.clock.toString() };
  await context.database.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(7400061, hashtext(${device.asset}))`.execute(transaction);
    if (await isSame(transaction, device.asset, { tpm, status, grade, reference, pcrs, refused, clock, at }))
      return;
    const id = randomUUID();
    await sql`insert into boot_appraisal (id, asset, at, heard, tpm, grade, status, refused, differences, secure_boot, rebooted, clock,
        pcrs, events, reference, vendor, model, software)
      values (${id}, ${device.asset}, ${at}, ${at}, ${tpm}, ${grade}, ${status}, ${JSON.stringify(refused)}::jsonb,
        ${JSON.stringify(differences)}::jsonb, ${secureBoot}, ${accepted?.rebooted ?? false}, ${JSON.stringify(clock)}::jsonb,
        ${JSON.stringify(pcrs)}::jsonb, ${JSON.stringify(events)}::jsonb, ${reference}, ${product.vendor}, ${product.model},
        ${product.software})`.execute(transaction);
    await append(transaction, {
      at,
      actor: `device:${device.holder}`,
      action: 'boot.appraise',
      subject: device.asset,
      changes: {
        appraisal: id,
        grade,
        status,
        refused: refused.length,
        differences: differences.length,
        reference,
      },
      reason: null,
    });
    await findingFor(
      transaction,
      context.knowledge,
      { rule: 'boot-changed', asset: device.asset, at },
      appraisal,
    );
  });
  context.events.emit('trust', 'findings', 'ledger');
}

interface Same extends Pick<Appraisal, 'status' | 'grade' | 'refused'> {
  tpm: string;
  reference: string | null;
  pcrs: object;
  clock: object | null;
  at: number;
}

/** The same as the last time only says that the device was heard. */
async function isSame(
  transaction: Executor,
  asset: string,
  { tpm, status, grade, reference, pcrs, refused, clock, at }: Same,
): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    update boot_appraisal set heard = ${at}, clock = ${JSON.stringify(clock)}::jsonb
    where id = (select id from boot_appraisal where asset = ${asset} order by at desc limit 1)
      and tpm = ${tpm} and status = ${status} and grade = ${grade} and reference is not distinct from ${reference}::uuid
      and pcrs = ${JSON.stringify(pcrs)}::jsonb and refused = ${JSON.stringify(refused)}::jsonb
    returning id`.execute(transaction);
  return rows.length > 0;
}

/** Digests of what was measured, by PCR: what reference values are made of. */
function eventsOf(log: Buffer | null): Record<number, string[]> {
  const read = log === null ? null : parseEventLog(log);
  const measured = (read?.events ?? [])
    .slice(0, BOOT_EVENTS)
    .flatMap(({ pcr, type, digests }) => (type === NO_ACTION ? [] : [{ pcr, digest: digests.get(BANK) }]));
  const events: Record<number, string[]> = {};
  for (const [pcr, of] of Map.groupBy(measured, (event) => event.pcr))
    events[pcr] = of.flatMap(({ digest }) => (digest === undefined ? [] : [hex(digest)]));
  return events;
}

async function findingFor(
  transaction: Executor,
  knowledge: Context['knowledge'],
  finding: HeldFinding,
  { status, refused, differences }: Appraisal,
): Promise<void> {
  if (status === 'affirmed') return closeFinding(transaction, finding);
  // Whoever shows less than before has not shown that it is good.
  if (status === 'unknown') return;
  const why =
    refused.length > 0
      ? `What it showed of its boot was refused: ${refused.map((one) => one.why).join('; ')}.`
      : `What it booted differs from what is known to be good in ${differences.length} ${differences.length === 1 ? 'place' : 'places'} (PCR ${[...new Set(differences.map(({ pcr }) => pcr))].join(', ')}).`;
  return holdFinding(transaction, knowledge, finding, why);
}
