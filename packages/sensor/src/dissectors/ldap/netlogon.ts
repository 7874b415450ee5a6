import type { Facts } from '@wardline/model';
import { BerReader } from '../../bytes/ber.ts';
import { Cursor } from '../../bytes/cursor.ts';
import { factText, latin1, present } from '../../text/wire-text.ts';
import { MAX_ASSERTIONS, MAX_LABELS, MAX_TEXT } from './limits.ts';

/** LOGON_SAM_LOGON_RESPONSE_EX and its kind for an unknown user ([MS-ADTS] §6.3.1.3). */
const ANSWERS = new Set([23, 25]);
const EQUALITY = 0xa3;
const AND = 0xa0;

/** The names that a search filter asks for by equality: a ping for a domain controller says who asks. */
export function assertionsOf(filter: Uint8Array): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  const outer = new BerReader(filter).next();
  const reader = new BerReader(outer?.tag === AND ? outer.content : filter);
  for (let count = 0; reader.left > 0 && count < MAX_ASSERTIONS; count++) {
    const element = reader.next();
    if (element?.tag !== EQUALITY) continue;
    const pair = new BerReader(element.content);
    const [name, value] = [pair.take(4), pair.take(4)];
    if (name !== null && value !== null) found.set(latin1(name).toLowerCase(), value);
  }
  return found;
}

/**
 * A domain controller's answer to the ping, in the form with compressed names ([MS-ADTS] §6.3.1.9): flags, the domain's
 * identifier, then forest, domain, host, NetBIOS domain, NetBIOS host, user, site. The user is never read.
 */
export function readNetlogon(blob: Uint8Array): Facts['ldap.server'] | null {
  const cursor = new Cursor(blob);
  if (!ANSWERS.has(cursor.u16le()) || !cursor.skip(2 + 4 + 16)) return null;
  const names: (string | undefined)[] = [];
  for (let count = 0; count < 7; count++) names.push(factText(compressedName(cursor), MAX_TEXT));
  if (cursor.failed) return null;
  const [, domain, hostname, , netbios, , site] = names;
  return present<Facts['ldap.server']>({ hostname: hostname ?? netbios?.replace(/^\\+/, ''), domain, site });
}

/** A name as in DNS messages (RFC 1035 §4.1.4), with pointers from the blob's start; the cursor steps over it. */
function compressedName(cursor: Cursor): string {
  const labels: string[] = [];
  let reading = cursor;
  for (let count = 0; count < MAX_LABELS; count++) {
    const length = reading.u8();
    if (length === 0) break;
    if (length >= 0xc0) {
      reading = new Cursor(cursor.bytes, ((length & 0x3f) << 8) | reading.u8());
      continue;
    }
    labels.push(latin1(reading.take(length)));
    if (reading.failed) break;
  }
  return labels.join('.');
}
