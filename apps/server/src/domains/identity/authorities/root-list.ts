import { fromPem, isListOf, PkiError, parseList, type RevocationList } from '@wardline/pki';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { act } from '../../../ledger/append.ts';
import type { Executor } from '../../../store/database.ts';
import { mustParse, type StoredAuthority } from './authorities.ts';

interface StoredRoot {
  fingerprint: string;
  certificate: Buffer;
  number: number;
  revoked: string[];
}

/** What a ceremony published. */
export interface Published {
  root: string;
  number: number;
  /** Zones whose authority it ended here. */
  withdrawn: string[];
}

/**
 * Takes the list that a root made in its ceremony: it is told from here, and what stands on it is taken no more.
 * @throws Refusal where no root of ours signed it, where it is over, or older than the one that is kept
 */
export async function publishRootList(
  context: Context,
  actor: string,
  given: { list: string; reason: string },
): Promise<Published> {
  const at = context.now();
  const { der, list } = readList(given.list);
  const root = await signerOf(context.database, list);
  mustBeNews(list, root, at);
  const serials = [...list.revoked.keys()];
  const ended = (await context.authorities.all()).filter((row) => isOn(row, root.fingerprint, serials));
  const entry = {
    at,
    actor,
    action: 'authority.publish',
    subject: `root:${root.fingerprint}`,
    changes: {
      number: list.number,
      revoked: serials.length,
      withdrawn: ended.map(({ id, zone }) => ({ id, zone })),
    },
    reason: given.reason,
  };
  await act(context.database, entry, async (transaction) => {
    const { numAffectedRows } = await sql`
      update trust_root set list = ${Buffer.from(der)}, list_number = ${list.number}, list_until = ${list.nextUpdate}, revoked = ${serials}
      where fingerprint = ${root.fingerprint} and list_number < ${list.number}`.execute(transaction);
    if (numAffectedRows !== 1n) throw new Refusal('conflict', 'Somebody else published a list meanwhile');
    await sql`update authority set state = 'withdrawn' where id = any(${ended.map(({ id }) => id)}::uuid[])`.execute(
      transaction,
    );
  });
  return { root: root.fingerprint, number: list.number, withdrawn: ended.map(({ zone }) => zone) };
}

function readList(text: string): { der: Uint8Array; list: RevocationList } {
  const blocks = blocksOf(text);
  if (blocks.length !== 1)
    throw new Refusal('invalid-request', `One list (PEM) is expected, found ${blocks.length}`);
  const read = parseList(blocks[0]!);
  if (!read.ok) throw new Refusal('invalid-request', read.refused.message);
  return { der: blocks[0]!, list: read.value };
}

function blocksOf(text: string): Uint8Array[] {
  try {
    return fromPem(text, 'X509 CRL');
  } catch (error) {
    throw error instanceof PkiError ? new Refusal('invalid-request', error.message) : error;
  }
}

async function signerOf(database: Executor, list: RevocationList): Promise<StoredRoot> {
  const { rows } = await sql<StoredRoot>`
    select fingerprint, certificate, list_number as number, revoked from trust_root`.execute(database);
  const found = rows.find(({ certificate }) => isListOf(list, mustParse(certificate)));
  if (found === undefined) throw new Refusal('conflict', 'None of the roots that are known here signed it');
  return found;
}

/** A list that brings back what was revoked, or that is of before, is a mistake or an attack. */
function mustBeNews(list: RevocationList, { number, revoked }: StoredRoot, at: number): void {
  if (list.number <= number)
    throw new Refusal('conflict', `Its number is ${list.number}, and ${number} is published already`);
  if (list.nextUpdate <= at) throw new Refusal('conflict', 'It is over; make a new one');
  if (list.thisUpdate > at)
    throw new Refusal('conflict', 'It begins in the future: the clock of the ceremony’s machine was wrong');
  const back = revoked.find((serial) => !list.revoked.has(serial));
  if (back !== undefined)
    throw new Refusal('conflict', `It no longer has ${back}, which was revoked; a revocation is for good`);
}

const isOn = (row: StoredAuthority, root: string, serials: readonly string[]): boolean =>
  row.root === root &&
  row.certificate !== null &&
  row.state !== 'withdrawn' &&
  serials.includes(mustParse(row.certificate).serial);

/** @throws Refusal where the root itself revoked it */
export async function mustNotBeRevoked(database: Executor, root: string, serial: string): Promise<void> {
  const { rows } = await sql`
    select 1 from trust_root where fingerprint = ${root} and ${serial} = any(revoked)`.execute(database);
  if (rows.length > 0) throw new Refusal('conflict', 'The root’s own list says that it was revoked');
}
