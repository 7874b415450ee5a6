import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { readSbom } from '@wardline/formats';
import type { firmwarePaperBody, firmwarePaperDocument } from '@wardline/model';
import {
  type Firmware,
  type Papers,
  type Provenance,
  readFirmware,
  readProvenance,
  type TargetFile,
  UpdatesFault,
} from '@wardline/updates';
import { sql, type Transaction } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { append } from '../../ledger/append.ts';
import { JSON_BODY_BYTES } from '../../limits.ts';
import type { Executor } from '../../store/database.ts';
import type { Tables } from '../../store/tables.ts';
import { keepReleaseSbom } from '../vulnerabilities/index.ts';

type Paper = z.infer<typeof firmwarePaperBody>;

/**
 * Takes in a document that belongs to an image: read, and of provenance the builder's signature verified, before it is kept.
 * @throws Refusal
 */
export async function takePaper(
  { database, now }: Context,
  actor: string,
  { kind, text, builderKey, reason }: Paper,
): Promise<{ sha256: string; isNew: boolean }> {
  const bytes = Buffer.from(text, 'utf8');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const facts = kind === 'sbom' ? await sbomFacts(text) : provenanceFacts(bytes, builderKey);
  const document = await promisify(gzip)(bytes);
  const at = now();
  return database.transaction().execute(async (transaction) => {
    const { numAffectedRows } = await sql`
      insert into firmware_paper (sha256, kind, document, builder_key, facts, at, actor)
      values (${sha256}, ${kind}, ${document}, ${builderKey}, ${JSON.stringify(facts)}::jsonb, ${at}, ${actor})
      on conflict do nothing`.execute(transaction);
    const isNew = Number(numAffectedRows ?? 0) > 0;
    if (isNew) {
      const subject = `firmware:paper:${sha256}`;
      const changes = { sha256, kind, ...facts };
      await append(transaction, { at, actor, action: 'firmware.attach', subject, changes, reason });
    }
    return { sha256, isNew };
  });
}

async function sbomFacts(text: string): Promise<Record<string, unknown>> {
  const reading = await readSbom(text);
  if (!reading.ok) {
    const [fault] = reading.faults;
    throw new Refusal(
      'invalid-request',
      `No bill of materials: ${fault?.place ?? ''} ${fault?.message ?? ''}`,
    );
  }
  const { format, specVersion, components } = reading.sbom;
  return { format: `${format} ${specVersion}`, components: components.length };
}

type Told = Omit<Provenance, 'subjects'>;

function provenanceFacts(bytes: Buffer, builderKey: string): Record<string, unknown> & Told {
  try {
    const { subjects: _subjects, ...told } = readProvenance(bytes, builderKey);
    return told;
  } catch (error) {
    if (error instanceof UpdatesFault) throw new Refusal('invalid-request', `${error.message}.`);
    throw error;
  }
}

interface By {
  at: number;
  actor: string;
  reason: string | null;
}

/**
 * What the listed images name has to be here, and provenance has to be of the very image. A bill of materials becomes that of its maker,
 * model and version, so that the release is scored by it from now on.
 * @throws Refusal
 */
export async function takePapers(
  transaction: Transaction<Tables>,
  targets: readonly TargetFile[],
  by: By,
): Promise<void> {
  for (const target of targets) {
    const firmware = readFirmware(target);
    const { papers } = firmware;
    if (papers?.provenance != null)
      await checkProvenance(transaction, target.path, firmware, papers.provenance);
    if (papers?.sbom == null) continue;
    const { text } = await paper(transaction, target.path, 'sbom', papers.sbom);
    const { manufacturer: vendor, model, version: software } = firmware;
    const { at, actor, reason } = by;
    const product = { vendor, model, software };
    await keepReleaseSbom(transaction, { product, name: target.path, text, actor, at, reason });
  }
}

async function checkProvenance(
  transaction: Executor,
  path: string,
  { plaintext }: Firmware,
  named: NonNullable<Papers['provenance']>,
): Promise<void> {
  const { text, key } = await paper(transaction, path, 'provenance', named.sha256);
  const { subjects, builderKey } = readProvenance(Buffer.from(text, 'utf8'), key);
  if (builderKey !== named.builderKey)
    throw new Refusal(
      'conflict',
      `${path}: its provenance was signed by another builder than the one that was said.`,
    );
  if (!subjects.includes(plaintext.sha256))
    throw new Refusal('conflict', `${path}: its provenance is of other things than this image.`);
}

/** @throws Refusal where there is none */
export async function readPaper(
  database: Executor,
  sha256: string,
): Promise<z.infer<typeof firmwarePaperDocument>> {
  const { rows } = await sql<{ kind: Paper['kind']; document: Buffer; key: string }>`
    select kind, document, builder_key as key from firmware_paper where sha256 = ${sha256}`.execute(database);
  const [row] = rows;
  if (row === undefined) throw new Refusal('not-found');
  return { kind: row.kind, text: await opened(row.document), builderKey: row.key };
}

const opened = async (document: Buffer): Promise<string> =>
  (await promisify(gunzip)(document, { maxOutputLength: JSON_BODY_BYTES })).toString('utf8');

async function paper(
  transaction: Executor,
  path: string,
  kind: Paper['kind'],
  sha256: string,
): Promise<{ text: string; key: string }> {
  const { rows } = await sql<{ document: Buffer; key: string }>`
    select document, builder_key as key from firmware_paper where sha256 = ${sha256} and kind = ${kind}`.execute(
    transaction,
  );
  const [row] = rows;
  if (row === undefined)
    throw new Refusal(
      'conflict',
      `${path}: hand in its ${kind === 'sbom' ? 'bill of materials' : 'provenance'} first.`,
    );
  return { text: await opened(row.document), key: row.key };
}
