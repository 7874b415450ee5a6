import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { frameOf, type Header } from '../frames.ts';
import { CHANGES_AT_ONCE } from '../limits.ts';
import { parseMessage } from './message.ts';
import { changesUpTo, lsnText } from './slot.ts';

export const changesForm = 'wardline changes 1';

export interface SegmentOf {
  line: string;
  number: number;
  /** Digest of the segment before, so that none can be left out or exchanged; null for the first of a line. */
  before: string | null;
  /** Up to where, and when that was. */
  to: { at: number; lsn: string };
}

/** What a segment turned out to hold. */
export interface SegmentEnd {
  lsn: string;
  /** Whatever was committed up to here is in it or before it, in microseconds since the epoch. */
  until: number;
  transactions: number;
  /** More is waiting: it ends earlier than was asked. */
  isFull: boolean;
}

/** Changes since the last segment, as bytes; `ended` hears what was in it, behind the last byte. */
export async function* segmentBytes(
  client: pg.Client,
  { to, ...of }: SegmentOf,
  ended: (end: SegmentEnd) => void,
  most = CHANGES_AT_ONCE,
): AsyncGenerator<Uint8Array> {
  yield header({ is: 'changes', form: changesForm, ...of });
  const end: SegmentEnd = { lsn: to.lsn, until: to.at, transactions: 0, isFull: false };
  const last = { at: 0, lsn: 0n };
  let changes = 0;
  for await (const message of messages(client, to.lsn, most)) {
    changes += 1;
    const parsed = message[0] === BEGIN || message[0] === COMMIT ? parseMessage(message) : null;
    if (parsed?.is === 'begin') last.at = parsed.at;
    else if (parsed?.is === 'commit') {
      last.lsn = parsed.end;
      end.transactions += 1;
    }
    yield frameOf({ kind: 'data', bytes: message });
  }
  if (changes >= most) {
    end.isFull = true;
    end.until = Math.min(last.at, to.at);
    end.lsn = lsnText(last.lsn);
  }
  yield header({ is: 'end-of-changes', until: end.until, transactions: end.transactions });
  ended(end);
}

const BEGIN = 'B'.charCodeAt(0);
const COMMIT = 'C'.charCodeAt(0);
const header = (of: Header): Buffer => frameOf({ kind: 'header', header: of });

/** One message for each line of hexadecimal digits. */
async function* messages(client: pg.Client, lsn: string, most: number): AsyncGenerator<Buffer> {
  const stream = client.query(copyTo(changesUpTo(lsn, most)));
  let pieces: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      pieces.push(chunk.subarray(from, end));
      yield Buffer.from(Buffer.concat(pieces).toString('latin1'), 'hex');
      pieces = [];
      from = end + 1;
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from));
  }
}
