import { type AddCheckpoint, addCheckpointText } from '@wardline/ledger';
import { WITNESS_ANSWER_BYTES } from '../../limits.ts';
import type { Outgoing } from '../../outgoing/index.ts';

/** A witness that does not answer within this time is away. */
const ANSWER_MILLISECONDS = 10_000;

/** What a witness answered (C2SP tlog-witness). */
export type WitnessAnswer =
  | { kind: 'signed'; lines: string }
  /** It saw so many acts last. */
  | { kind: 'conflict'; size: number }
  | { kind: 'refused'; reason: string };

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Nobody between may learn what is asked for, but the signature needs no protection of its own. */
export function isWitnessPlace({ protocol, hostname, username, password }: URL): boolean {
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && loopback.has(hostname));
}

/** Asks a witness to sign a head. @throws where it cannot be reached */
export async function askWitness(
  outgoing: Outgoing,
  url: string,
  request: AddCheckpoint,
): Promise<WitnessAnswer> {
  const place = new URL('add-checkpoint', url.endsWith('/') ? url : `${url}/`);
  const answer = await outgoing.request(place, {
    method: 'POST',
    body: addCheckpointText(request),
    most: WITNESS_ANSWER_BYTES,
    milliseconds: ANSWER_MILLISECONDS,
  });
  const text = await answer.text();
  if (answer.status === 200) return { kind: 'signed', lines: text };
  if (answer.status === 409 && /^\d{1,15}\n$/.test(text)) return { kind: 'conflict', size: Number(text) };
  return { kind: 'refused', reason: reasons[answer.status] ?? `it answered ${answer.status}` };
}

const reasons: Readonly<Record<number, string>> = {
  400: 'it saw a newer head of this ledger',
  403: 'it does not know the key of this ledger',
  404: 'it does not know this ledger',
  422: 'this ledger does not begin with what it saw',
};
