import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ApprovedAccessPoint } from '@wardline/watch';
import { explainSystemError } from '../assessment/captures.ts';
import { CommandError } from '../exit-codes.ts';
import { userPath } from '../working-directory.ts';

/** A hospital has some thousand radios, each with a few networks. */
const LINES = 50_000;
const BYTES = 4_000_000;
/** IEEE 802.11 §9.4.2.2: 32 bytes. */
const NAME_BYTES = 32;
const address = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$|^([0-9a-f]{2}:){1,5}[0-9a-f]?\*$/;

export const accessPointsOption = [
  '--access-points <file>',
  "the house's access points, one a line: hardware address (or its beginning and *), a blank, the network's name",
] as const;

/**
 * The list that people keep; undefined where they gave none.
 * @throws CommandError (bad usage) with the line that is wrong
 */
export async function accessPointsOf(given: string | undefined): Promise<ApprovedAccessPoint[] | undefined> {
  if (given === undefined) return undefined;
  const path = userPath(given);
  try {
    if (statSync(path).size > BYTES) throw new CommandError(`${given} is larger than ${BYTES} bytes`);
    const read = readAccessPoints(await readFile(path, 'utf8'));
    if ('fault' in read) throw new CommandError(`${given}: ${read.fault}`);
    return read.list;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${given} can’t be read: ${explainSystemError(error)}`);
  }
}

/** Reads the list; blank lines and those that begin with # do not count. */
export function readAccessPoints(text: string): { list: ApprovedAccessPoint[] } | { fault: string } {
  const lines = text.split(/\r?\n/);
  if (lines.length > LINES) return { fault: `it has more than ${LINES} lines` };
  const list: ApprovedAccessPoint[] = [];
  for (const [at, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [first = ''] = line.split(/[ \t]/, 1);
    const bssid = first.toLowerCase();
    const ssid = line.slice(first.length + 1);
    if (!address.test(bssid))
      return {
        fault: `line ${at + 1}: expected a hardware address as 00:1a:2b:3c:4d:5e or 00:1a:2b:3c:4d:*`,
      };
    if (ssid === '' || Buffer.byteLength(ssid) > NAME_BYTES)
      return {
        fault: `line ${at + 1}: expected a network’s name of 1 to ${NAME_BYTES} bytes behind the address`,
      };
    list.push({ bssid, ssid });
  }
  return { list };
}
