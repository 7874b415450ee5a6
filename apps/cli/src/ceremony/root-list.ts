import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Authority,
  fromPem,
  isListOf,
  type Moment,
  parseList,
  type RevocationList,
  type RevocationReason,
  type Revoked,
  signList,
  toPem,
} from '@wardline/pki';
import { z } from 'zod';
import { writeDurably } from '../enforcement/durable-file.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { RECORD, record } from './root.ts';

export const LIST = 'root.crl';
const LABEL = 'X509 CRL';
/** The clock of a machine without a network may be ahead of the others. */
const BEFORE_MICROS = 3_600_000_000;
const DAY_MICROS = 86_400_000_000;

/** Why a zone's authority holds no more. */
export const authorityWhys = ['authority-compromise', 'superseded', 'out-of-service', 'unspecified'] as const;

export interface RootListOrder {
  /** Serial numbers in hexadecimal, as the record has them. */
  revoke: readonly string[];
  why: (typeof authorityWhys)[number];
  days: number;
}

const lineSchema = z.discriminatedUnion('what', [
  z.object({ what: z.literal('zone'), zone: z.string(), serial: z.string() }),
  z.object({
    what: z.literal('revoked'),
    at: z.iso.datetime(),
    serial: z.string(),
    why: z.enum(authorityWhys),
  }),
  z.object({ what: z.literal('list'), number: z.int() }),
  z.object({ what: z.literal('root') }),
]);
type Line = z.infer<typeof lineSchema>;

/**
 * The root's own list (RFC 5280 §5): which zones' authorities hold no more. What the folder's record says was revoked stays so; the list of before
 * has to agree with the record. @returns the list, PEM
 */
export async function makeRootList(
  folder: string,
  root: Authority,
  { revoke, why, days }: RootListOrder,
  moment: Pick<Moment, 'at'>,
): Promise<{ pem: string; number: number; revoked: readonly Revoked[] }> {
  const lines = readRecord(folder);
  const before = keptList(folder, root);
  const revoked = revokedOf(lines);
  mustAgree(before, revoked);
  for (const serial of revoke) revoked.set(...newlyRevoked(lines, serial, why, moment.at));
  const numbers = lines.flatMap((line) => (line.what === 'list' ? [line.number] : []));
  const number = Math.max(0, before?.number ?? 0, ...numbers) + 1;
  const all = [...revoked.values()].toSorted((a, b) => a.at - b.at);
  const order = {
    number,
    thisUpdate: moment.at - BEFORE_MICROS,
    nextUpdate: moment.at + days * DAY_MICROS,
    revoked: all,
  };
  const pem = toPem(LABEL, await signList(root, order));
  // The record first: what it holds and no list has yet is on the next one.
  for (const serial of revoke.map(plainSerial))
    record(folder, { at: moment.at, what: 'revoked', serial, why });
  record(folder, { at: moment.at, what: 'list', number, until: order.nextUpdate });
  writeDurably(join(folder, LIST), pem, 0o644);
  return { pem, number, revoked: all };
}

function readRecord(folder: string): Line[] {
  const path = join(folder, RECORD);
  if (!existsSync(path)) throw new CommandError(`${path} is missing`, exitCodes.failed);
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, index) => {
      const read = lineSchema.safeParse(parsedJson(line));
      if (read.success) return read.data;
      throw new CommandError(`${path}, line ${index + 1}: not as Wardline writes it`, exitCodes.failed);
    });
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function keptList(folder: string, root: Authority): RevocationList | null {
  const path = join(folder, LIST);
  if (!existsSync(path)) return null;
  const [der] = fromPem(readFileSync(path, 'utf8'), LABEL);
  const read = der === undefined ? null : parseList(der);
  if (read === null || !read.ok || !isListOf(read.value, root.certificate))
    throw new CommandError(`${path} is no list that this root signed`, exitCodes.failed);
  return read.value;
}

const revokedOf = (lines: readonly Line[]): Map<string, Revoked> =>
  new Map(
    lines.flatMap((line) =>
      line.what === 'revoked'
        ? [[line.serial, { serial: line.serial, at: Date.parse(line.at) * 1000, reason: line.why }] as const]
        : [],
    ),
  );

/** Whoever takes a line out of the record must not bring an authority back by it. */
function mustAgree(before: RevocationList | null, revoked: ReadonlyMap<string, unknown>): void {
  const lost = [...(before?.revoked.keys() ?? [])].find((serial) => !revoked.has(serial));
  if (lost !== undefined)
    throw new CommandError(
      `${LIST} of this folder revokes ${lost}, and ${RECORD} does not know of it; find out who changed which`,
      exitCodes.failed,
    );
}

const plainSerial = (serial: string): string => serial.toLowerCase().replace(/^0+(?=.)/, '');

function newlyRevoked(
  lines: readonly Line[],
  given: string,
  reason: RevocationReason,
  at: number,
): [string, Revoked] {
  const serial = plainSerial(given);
  const isKnown = lines.some((line) => line.what === 'zone' && line.serial === serial);
  if (!isKnown)
    throw new CommandError(`This root signed no authority with the serial number ${given}`, exitCodes.failed);
  if (lines.some((line) => line.what === 'revoked' && line.serial === serial))
    throw new CommandError(`${given} is revoked already`, exitCodes.failed);
  return [serial, { serial, at, reason }];
}
