import { AUDIT_LINE_CHARS } from '../limits.ts';

/** What binds one received audit message to the ledger that sent it. */
export type ReceivedMessage =
  | { kind: 'act'; sequence: number; leaf: string }
  | { kind: 'checkpoint'; note: string }
  | { kind: 'other' };

const other: ReceivedMessage = { kind: 'other' };

/** Reads one line of a collector's file, whatever the collector put before and after the message. */
export function readReceived(line: string): ReceivedMessage {
  if (line.length > AUDIT_LINE_CHARS) return other;
  const note = detail(line, 'ledger-checkpoint');
  if (note !== null) return { kind: 'checkpoint', note };
  const sequence = Number(detail(line, 'ledger-sequence') ?? NaN);
  const leaf = detail(line, 'ledger-leaf');
  const isAct =
    Number.isSafeInteger(sequence) && sequence > 0 && leaf !== null && /^[0-9a-f]{64}$/.test(leaf);
  return isAct ? { kind: 'act', sequence, leaf } : other;
}

/** The text of a ParticipantObjectDetail, as `auditMessageOf` writes it. */
function detail(line: string, type: string): string | null {
  const before = `<ParticipantObjectDetail type="${type}" value="`;
  const start = line.indexOf(before);
  if (start < 0) return null;
  const end = line.indexOf('"', start + before.length);
  return end < 0 ? null : Buffer.from(line.slice(start + before.length, end), 'base64').toString('utf8');
}
