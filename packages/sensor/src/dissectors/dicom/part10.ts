import type { Reporter, Side } from '../../dissector.ts';
import { latin1, startsWith } from '../../text/wire-text.ts';
import { DatasetReader } from './dataset.ts';
import { ObjectReader, type ReadObject } from './object-reader.ts';
import { encodingOf } from './transfer-syntax.ts';

const PREAMBLE = 128;
const META = PREAMBLE + 4;
const TRANSFER_SYNTAX = 0x00020010;
const LAST_OF_META = 0x0002ffff;
/** Tag, representation and length of the group length, and its value. */
const GROUP_LENGTH = 12;

/** True where a file of PS3.10 §7.1 begins: 128 bytes of anything and `DICM`. */
export function isPart10(bytes: Uint8Array, at = 0): boolean {
  return startsWith(bytes, 'DICM', at + PREAMBLE);
}

/** Reads the beginning of a file: patient data is reported at once, equipment returned; null where its head is damaged. */
export function readPart10(bytes: Uint8Array, from: Side, report: Reporter): ReadObject | null {
  const start = datasetStart(bytes);
  if (start === null) return null;
  const encoding = encodingOf(transferSyntax(bytes.subarray(META, start)));
  const reader = new ObjectReader('object', encoding, from, report);
  reader.reader.push(bytes.subarray(start));
  return reader.object;
}

/** The group length stands first in the meta information, which is explicit little endian (PS3.10 §7.1). */
function datasetStart(bytes: Uint8Array): number | null {
  if (bytes.length < META + GROUP_LENGTH || !startsWith(bytes, '\x02\0\0\0UL\x04\0', META)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = META + GROUP_LENGTH + view.getUint32(META + 8, true);
  return start <= bytes.length ? start : null;
}

function transferSyntax(meta: Uint8Array): string {
  let found = '';
  const reader = new DatasetReader('explicit-little', {
    lastTag: LAST_OF_META,
    wants: (tag) => tag === TRANSFER_SYNTAX,
    meets: () => {},
    take: (_, value) => {
      found = latin1(value).replace(/[\0 ]+$/, '');
    },
  });
  reader.push(meta);
  return found;
}
