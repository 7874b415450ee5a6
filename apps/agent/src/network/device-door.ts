import { AgentError } from '../agent-error.ts';
import type { Ask, Exchange, Identity } from './exchange.ts';

export interface DoorSettings extends Pick<Ask, 'server' | 'judge'> {
  exchange: Exchange;
  /** By what the device shows who it is: its certificate, or the one-time code. */
  as: Identity | null;
  code: string | null;
}

/** What an answer at the door holds at the most in one field: structures of a TPM in base64. */
const FIELD_CHARACTERS = 16_384;

/** Says something at the door of devices, and reads the answer. @throws AgentError where nobody answers, or the server says no */
export async function sentToDoor(
  { code, ...ask }: DoorSettings,
  path: string,
  body: object,
): Promise<Record<string, unknown>> {
  const basic =
    code === null ? {} : { authorization: `Basic ${Buffer.from(`device:${code}`).toString('base64')}` };
  const { exchange, server, judge, as } = ask;
  const headers = { 'content-type': 'application/json', ...basic };
  const answer = await exchange({
    server,
    judge,
    as,
    method: 'POST',
    path: `/device/v1/${path}`,
    headers,
    body: JSON.stringify(body),
  });
  if (answer.status >= 500 || answer.status === 429)
    throw new AgentError('network', `The server answers ${answer.status}`, answer.status);
  const read = objectOf(answer.body);
  if (answer.status === 200) return read;
  const why = typeof read.detail === 'string' ? read.detail : `the server answers ${answer.status}`;
  throw new AgentError('refused', why.slice(0, 400), answer.status);
}

function objectOf(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said by whoever looks for a field.
  }
  return {};
}

/** @throws AgentError where the answer has no such text */
export function textAt(answer: Record<string, unknown>, name: string): string {
  const text = answer[name];
  if (typeof text !== 'string' || text.length > FIELD_CHARACTERS)
    throw new AgentError('network', `An answer without ${name}`);
  return text;
}

export const bytesAt = (answer: Record<string, unknown>, name: string): Buffer =>
  Buffer.from(textAt(answer, name), 'base64');

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The question to a TPM that an answer holds. @throws AgentError where it is not whole */
export const questionAt = (answer: Record<string, unknown>) => ({
  challenge: bytesAt(answer, 'challenge'),
  blob: bytesAt(answer, 'blob'),
  seed: bytesAt(answer, 'seed'),
});
