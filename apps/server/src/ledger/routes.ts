import {
  consistencyProof,
  entryBundle,
  type Hash,
  inclusionProof,
  parseTilePath,
  parseVerifier,
  TILE_LEVELS,
  TILE_WIDTH,
  type Tile,
  verifierText,
} from '@wardline/ledger';
import {
  formatMicros,
  ledgerCollectorSchema,
  ledgerConsistencyQuery,
  ledgerConsistencySchema,
  ledgerEraseBody,
  ledgerExportQuery,
  ledgerHeadSchema,
  ledgerProofSchema,
  ledgerQuery,
  ledgerResponse,
  ledgerTrustBody,
  ledgerVerificationSchema,
} from '@wardline/model';
import type { FastifyReply } from 'fastify';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { listPage, listRows } from '../http/list.ts';
import { Refusal } from '../http/problems.ts';
import type { App } from '../http/routes.ts';
import { type ForeignForm, foreignForms, foreignLines } from './audit/export.ts';
import { auditSource } from './audit/source.ts';
import { erasePersonal } from './erase.ts';
import { exportLines } from './export.ts';
import type { Head } from './head.ts';
import { conditions, ledgerPlan } from './list.ts';
import { BrokenTree, ledgerSize, readNodes } from './nodes.ts';
import { verifyNow } from './verify.ts';
import { cosignatureLines, keepCosignatures, trustWitness, witnessStates } from './witnesses.ts';
import { isWitnessPlace } from './witnessing/request.ts';

/** The record of every act, and everything by which an outsider can check it. */
export function ledgerRoutes(app: App, context: Context): void {
  listRoute(app, context);
  proofRoutes(app, context);
  tileRoutes(app, context);
  checkRoutes(app, context);
  witnessRoutes(app, context);
}

const hex = (hash: Hash): string => Buffer.from(hash).toString('hex');

function listRoute(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/ledger',
    config: { action: 'ledger.list' },
    schema: {
      summary: 'Every act that changed state',
      querystring: ledgerQuery,
      response: { 200: ledgerResponse },
    },
    handler: async ({ query }) => {
      // Newest first where nobody asks for an order.
      const order = query.sort === undefined ? 'desc' : query.order;
      return (await listPage(
        context.database,
        ledgerPlan(query),
        { ...query, order },
        context.now(),
      )) as never;
    },
  });
}

/** A head that must not be signed is a fault for people, not for the log alone. */
async function headOf({ heads, log }: Context): Promise<Head> {
  try {
    return await heads.current();
  } catch (error) {
    if (!(error instanceof BrokenTree)) throw error;
    log.fatal({ reason: error.message }, 'the ledger is not what it was; nothing more is signed');
    throw new Refusal('ledger-broken', error.message);
  }
}

async function describeHead(context: Context, head: Head): Promise<z.infer<typeof ledgerHeadSchema>> {
  const witnesses = await witnessStates(context.database);
  const lines = await cosignatureLines(context.database, head.size);
  return {
    note: `${head.note}${lines.map((line) => `${line}\n`).join('')}`,
    size: head.size,
    root: hex(head.root),
    signedAt: formatMicros(head.at),
    key: verifierText(context.heads.signer.log),
    witnesses: witnesses.map((one) => ({
      ...one,
      seenAt: one.seenAt === null ? null : formatMicros(one.seenAt),
      trouble: context.witnessing.trouble(one.name),
    })),
    unsigned: (await ledgerSize(context.database)) - head.size,
  };
}

function proofRoutes(app: App, context: Context): void {
  const { database } = context;
  app.route({
    method: 'GET',
    url: '/ledger/checkpoint',
    config: { action: 'ledger.head' },
    schema: {
      summary: 'The signed head of the ledger, with its witnesses',
      response: { 200: ledgerHeadSchema },
    },
    handler: async () => describeHead(context, await headOf(context)),
  });
  app.route({
    method: 'GET',
    url: '/ledger/consistency',
    config: { action: 'ledger.consistency' },
    schema: {
      summary: 'That a later ledger begins with an earlier one (RFC 9162)',
      querystring: ledgerConsistencyQuery,
      response: { 200: ledgerConsistencySchema },
    },
    handler: async ({ query: { from, to } }) => {
      if (from > to || to > (await ledgerSize(database)))
        throw new Refusal('invalid-request', 'from and to: expected sizes of the ledger, the smaller first');
      const proof = await consistencyProof(from, to, (places) => readNodes(database, places));
      return { from, to, proof: proof.map(hex) };
    },
  });
  app.route({
    method: 'GET',
    url: '/ledger/:sequence',
    config: { action: 'ledger.prove' },
    schema: {
      summary: 'One act with the proof that it stands in the signed ledger',
      params: z.object({ sequence: z.coerce.number().int().min(1) }),
      response: { 200: ledgerProofSchema },
    },
    handler: async ({ params }) => proofOf(context, params.sequence),
  });
}

async function proofOf(context: Context, sequence: number): Promise<z.infer<typeof ledgerProofSchema>> {
  const { database } = context;
  const head = await headOf(context);
  const paging = { limit: 1, order: 'asc' } as const;
  const plan = ledgerPlan({ ...paging });
  const { items } = await listRows(database, { ...plan, where: [sql`l.sequence = ${sequence}`] }, paging);
  const { rows } = await sql<{
    entry: string;
  }>`select entry from ledger where sequence = ${sequence}`.execute(database);
  if (rows[0] === undefined || sequence > head.size) throw new Refusal('not-found');
  const texts = await sql<{ name: string; salt: Buffer; value: string }>`
    select name, salt, value from ledger_personal where sequence = ${sequence}`.execute(database);
  const proof = await inclusionProof(sequence - 1, head.size, (places) => readNodes(database, places));
  return {
    entry: items[0] as never,
    text: rows[0].entry,
    personal: Object.fromEntries(
      texts.rows.map(({ name, salt, value }) => [name, { salt: salt.toString('hex'), value }]),
    ),
    proof: proof.map(hex),
    head: await describeHead(context, head),
  };
}

/** C2SP tlog-tiles, so that any monitor can follow this log as it follows others. */
function tileRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/ledger/log/*',
    config: { action: 'ledger.tiles' },
    schema: {
      summary: 'Checkpoint, tiles and bundles of entries at the paths of C2SP tlog-tiles',
      params: z.object({ '*': z.string().max(80) }),
    },
    handler: async (request, reply) => {
      const path = request.params['*'];
      const raw = (type: string, body: string | Uint8Array) =>
        reply
          .type(type)
          .serializer((payload: unknown) => payload as string)
          .send(body);
      if (path === 'checkpoint') {
        const { note } = await describeHead(context, await headOf(context));
        return raw('text/plain; charset=utf-8', note);
      }
      const tile = parseTilePath(path);
      const body = tile === null ? null : await tileBytes(context, tile);
      if (body === null) throw new Refusal('not-found');
      return raw('application/octet-stream', Buffer.from(body));
    },
  });
}

async function tileBytes({ database }: Context, { level, index, width }: Tile): Promise<Uint8Array | null> {
  const first = index * TILE_WIDTH;
  const below = 2 ** (level === 'entries' ? 0 : level * TILE_LEVELS);
  if ((first + width) * below > (await ledgerSize(database))) return null;
  if (level === 'entries') {
    const { rows } = await sql<{ entry: string }>`select entry from ledger
      where sequence > ${first} and sequence <= ${first + width} order by sequence`.execute(database);
    return entryBundle(rows.map(({ entry }) => Buffer.from(entry, 'utf8')));
  }
  const places = Array.from({ length: width }, (_, at) => ({
    level: level * TILE_LEVELS,
    index: first + at,
  }));
  return Buffer.concat(await readNodes(database, places));
}

function checkRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/ledger/verification',
    config: { action: 'ledger.verify', rateLimit: { max: 6, timeWindow: 60_000 } },
    schema: {
      summary: 'Walk through the whole ledger and work it out anew',
      response: { 200: ledgerVerificationSchema },
    },
    handler: async () => {
      const { entries, faults } = await verifyNow(context.database, context.heads);
      return { entries, faults, whole: faults.length === 0 };
    },
  });
  app.route({
    method: 'GET',
    url: '/ledger/export',
    config: { action: 'ledger.export' },
    schema: {
      summary:
        'The whole ledger with its signed head, to be verified offline; or acts as FHIR, ATNA or OCSF have them',
      querystring: ledgerExportQuery,
    },
    handler: async ({ query }, reply) => {
      const head = await headOf(context);
      if (query.form !== 'ledger') return sendForeign(context, head, query as ForeignQuery, reply);
      if (conditions(query).length > 0)
        throw new Refusal(
          'invalid-request',
          'form: a part of the ledger cannot be verified; expected fhir, atna or ocsf',
        );
      const { note } = await describeHead(context, head);
      void reply
        .header('content-disposition', 'attachment; filename="wardline-ledger.jsonl"')
        .type('application/jsonl');
      return reply.send(exportLines(context.database, head, note));
    },
  });
  app.route({
    method: 'GET',
    url: '/ledger/collector',
    config: { action: 'ledger.collector' },
    schema: {
      summary: 'How far acts were sent to the audit collector',
      response: { 200: ledgerCollectorSchema },
    },
    handler: async () => {
      const state = (await context.delivery?.state()) ?? null;
      if (state === null) return { collector: null };
      const size = await ledgerSize(context.database);
      return { collector: { ...state, waiting: Math.max(0, size - state.sent) } };
    },
  });
  app.route({
    method: 'POST',
    url: '/ledger/erasures',
    config: { action: 'ledger.erase', changes: true },
    schema: {
      summary: 'Erase the personal texts of one actor or subject; acts and proofs stay',
      body: ledgerEraseBody,
      response: { 200: z.object({ texts: z.int() }) },
    },
    handler: async ({ body, actor }) => {
      const texts = await erasePersonal(context.database, { actor, ...body }, context.now());
      context.events.emit('ledger');
      return { texts };
    },
  });
}

type ForeignQuery = z.infer<typeof ledgerExportQuery> & { form: ForeignForm };

function sendForeign(context: Context, head: Head, query: ForeignQuery, reply: FastifyReply): FastifyReply {
  const { type, file } = foreignForms[query.form];
  const range = { after: 0, upTo: head.size, personal: query.personal, where: conditions(query) };
  const source = auditSource(context.config.hospital);
  return reply
    .header('content-disposition', `attachment; filename="${file}"`)
    .type(type)
    .send(foreignLines(context.database, query.form, range, source));
}

function witnessRoutes(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/ledger/witnesses',
    config: { action: 'ledger.trust', changes: true },
    schema: {
      summary: 'Trust an outsider’s key as a witness of the ledger',
      body: ledgerTrustBody,
      response: { 200: z.object({ name: z.string() }) },
    },
    handler: async ({ body, actor }) => {
      const verifier = parseVerifier(body.key);
      if (verifier?.kind !== 'cosignature')
        throw new Refusal(
          'invalid-request',
          'key: expected a witness’s key, as name+id+key with a cosignature key',
        );
      const { url = null, reason } = body;
      if (url !== null && !isWitnessPlace(new URL(url)))
        throw new Refusal(
          'invalid-request',
          'url: expected https, or http on this machine, without a password',
        );
      const by = { actor, verifier, url, reason };
      if (!(await trustWitness(context.database, by, context.now())))
        throw new Refusal('conflict', `A witness ${verifier.name} is trusted already`);
      context.events.emit('ledger');
      return { name: verifier.name };
    },
  });
  app.route({
    method: 'POST',
    url: '/ledger/cosignatures',
    config: { action: 'ledger.cosign' },
    schema: {
      summary: 'Hand over a head that a trusted witness signed',
      body: z.object({ note: z.string().max(65_536) }),
      response: { 200: z.object({ kept: z.array(z.string()) }) },
    },
    handler: async ({ body }) => {
      const kept = await keepCosignatures(context.database, body.note);
      if (kept === null)
        throw new Refusal('invalid-request', 'note: is no signed head, or a signature does not hold');
      return { kept };
    },
  });
}
