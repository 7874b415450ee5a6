import type { Recognition, StreamDissector } from '../../dissector.ts';
import { latin1 } from '../../text/wire-text.ts';
import { MAX_PROLOGUE } from './limits.ts';
import { messageType } from './messages.ts';
import { PoctSession } from './session.ts';

/** A tag, blanks before it, or the mark of UTF-8. */
const firstBytes: readonly number[] = [0x3c, 0xef, 0x0d, 0x0a, 0x20, 0x09];

/**
 * POCT1-A (CLSI POCT01): what point-of-care devices say of themselves, patient data by field, operators' passwords, and
 * data managers that take results from anybody.
 */
export const poct1a: StreamDissector = {
  name: 'poct1a',
  cost: 12,
  firstBytes: { client: firstBytes, server: firstBytes },
  recognise(fromClient, fromServer) {
    const answers = [recogniseSide(fromClient), recogniseSide(fromServer)];
    if (answers.includes('no')) return 'no';
    return answers.includes('yes') ? 'yes' : 'more';
  },
  open: (report) => new PoctSession(report),
};

function recogniseSide(bytes: Uint8Array): Recognition {
  if (bytes.length === 0) return 'more';
  if (!firstBytes.includes(bytes[0] ?? 0)) return 'no';
  const type = messageType(latin1(bytes, 0, MAX_PROLOGUE + 16));
  if (type === undefined) return 'more';
  return type === null ? 'no' : 'yes';
}
