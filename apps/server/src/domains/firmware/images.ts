import { createHash } from 'node:crypto';
import { isSealed, SEAL_BYTES } from '@wardline/updates';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { append } from '../../ledger/append.ts';
import { FIRMWARE_CHUNK_BYTES, FIRMWARE_IMAGE_BYTES } from '../../limits.ts';
import type { Executor } from '../../store/database.ts';

export interface Upload {
  sha256: string;
  reason: string;
}

/**
 * Takes in an image, which has to be encrypted to its group of devices. Kept only when all of it came and has the digest that was said.
 * @throws Refusal
 */
export async function takeImage(
  { database, now }: Context,
  actor: string,
  { sha256, reason }: Upload,
  body: AsyncIterable<Uint8Array>,
): Promise<{ sha256: string; length: number; isNew: boolean }> {
  const known = await imageLength(database, sha256);
  if (known !== null) return { sha256, length: known, isNew: false };
  const at = now();
  return database.transaction().execute(async (transaction) => {
    const length = await keepPieces(transaction, sha256, body);
    await sql`insert into firmware_image (sha256, length, at) values (${sha256}, ${length}, ${at})`.execute(
      transaction,
    );
    const subject = `firmware:image:${sha256}`;
    await append(transaction, {
      at,
      actor,
      action: 'firmware.upload',
      subject,
      changes: { sha256, length },
      reason,
    });
    return { sha256, length, isNew: true };
  });
}

async function keepPieces(
  transaction: Executor,
  sha256: string,
  body: AsyncIterable<Uint8Array>,
): Promise<number> {
  const digest = createHash('sha256');
  let [length, number] = [0, 0];
  for await (const piece of pieces(body)) {
    if (number === 0 && !isSealed(piece))
      throw new Refusal(
        'invalid-request',
        'The image is not encrypted to a group of devices (age-encryption.org/v1).',
      );
    length += piece.length;
    if (length > FIRMWARE_IMAGE_BYTES) throw new Refusal('body-too-large');
    digest.update(piece);
    await sql`insert into firmware_chunk (sha256, number, bytes) values (${sha256}, ${number++}, ${piece})`.execute(
      transaction,
    );
  }
  if (length < SEAL_BYTES) throw new Refusal('invalid-request', 'The image is empty.');
  if (digest.digest('hex') !== sha256)
    throw new Refusal('invalid-request', 'The image has another digest than the one that was said.');
  return length;
}

/** Pieces of one length, so that any place in an image is found by its number; the last may be shorter. */
async function* pieces(body: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let held = 0;
  for await (const chunk of body) {
    waiting.push(Buffer.from(chunk));
    held += chunk.length;
    if (held < FIRMWARE_CHUNK_BYTES) continue;
    const whole = Buffer.concat(waiting);
    let at = 0;
    for (; whole.length - at >= FIRMWARE_CHUNK_BYTES; at += FIRMWARE_CHUNK_BYTES)
      yield whole.subarray(at, at + FIRMWARE_CHUNK_BYTES);
    waiting = [whole.subarray(at)];
    held = whole.length - at;
  }
  if (held > 0) yield Buffer.concat(waiting);
}

/** Null where there is no such image. */
export async function imageLength(database: Executor, sha256: string): Promise<number | null> {
  const { rows } = await sql<{
    length: number;
  }>`select length from firmware_image where sha256 = ${sha256}`.execute(database);
  return rows[0]?.length ?? null;
}

/** An image from one of its bytes on, so that a device that was cut off can go on. */
export async function* imageBytes(
  database: Executor,
  sha256: string,
  from: number,
): AsyncGenerator<Uint8Array> {
  for (let number = Math.floor(from / FIRMWARE_CHUNK_BYTES); ; number++) {
    const { rows } = await sql<{ bytes: Uint8Array }>`
      select bytes from firmware_chunk where sha256 = ${sha256} and number = ${number}`.execute(database);
    if (rows[0] === undefined) return;
    yield rows[0].bytes.subarray(Math.max(0, from - number * FIRMWARE_CHUNK_BYTES));
  }
}
