import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import {
  cycloneDxOf,
  readSbom,
  type Sbom,
  type SbomComponent,
  type SbomFormat,
  sbomDifferences,
} from '@wardline/formats';
import type { SbomDifferencesAnswer } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { type StoredSbom, sbomColumns, sbomRow } from './lists.ts';

export interface Document {
  text: string;
  type: string;
  /** What the format has no place for. */
  lost: readonly string[];
}

const types: Readonly<Record<SbomFormat, string>> = {
  'cyclonedx-json': 'application/vnd.cyclonedx+json',
  'cyclonedx-xml': 'application/vnd.cyclonedx+xml',
  'spdx-json': 'application/spdx+json',
  'spdx-tag-value': 'text/spdx',
  'spdx-json-ld': 'application/spdx+json',
};

interface Stored extends StoredSbom {
  text: Buffer;
}

/** @throws Refusal where there is none */
export async function storedSbom(context: Context, id: string): Promise<Stored> {
  const { rows } = await sql<Omit<Stored, 'text'> & { packed: Buffer }>`
    select ${sbomColumns}, s.document as packed from sbom s where s.id = ${id}`.execute(context.database);
  const [row] = rows;
  if (row === undefined) throw new Refusal('not-found');
  const { packed, ...rest } = row;
  return { ...rest, text: await promisify(gunzip)(packed) };
}

/** The document as it came, byte for byte, or what its component model holds in CycloneDX. */
export async function documentOf(
  context: Context,
  id: string,
  as: 'original' | 'cyclonedx',
): Promise<Document> {
  const stored = await storedSbom(context, id);
  if (as === 'original')
    return { text: stored.text.toString('utf8'), type: types[stored.format as SbomFormat], lost: [] };
  return { ...cycloneDxOf(await readAgain(stored)), type: types['cyclonedx-json'] };
}

/** What was taken in once is read by the same rules again. */
async function readAgain({ text, id }: { text: Buffer; id: string }): Promise<Sbom> {
  const reading = await readSbom(text.toString('utf8'));
  if (!reading.ok)
    throw new Error(`the bill of materials ${id} cannot be read any more: ${reading.faults[0]?.message}`);
  return reading.sbom;
}

export async function differencesOf(
  context: Context,
  before: string,
  after: string,
): Promise<SbomDifferencesAnswer> {
  const [old, now] = await Promise.all([storedSbom(context, before), storedSbom(context, after)]);
  const { added, removed, changed, unchanged } = sbomDifferences(await readAgain(old), await readAgain(now));
  return {
    before: rowOf(old),
    after: rowOf(now),
    added: added.map(shortly),
    removed: removed.map(shortly),
    changed: changed.map((one) => ({
      before: shortly(one.before),
      after: shortly(one.after),
      what: [...one.what],
    })),
    unchanged,
  };
}

const rowOf = ({ text: _text, ...row }: Stored) => sbomRow(row);

const shortly = ({ name, version, type, purl, supplier }: SbomComponent) => ({
  name,
  version,
  type,
  purl,
  supplier,
});
