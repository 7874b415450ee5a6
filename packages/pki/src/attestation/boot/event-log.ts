import { createHash } from 'node:crypto';
import { BANKS, EVENT_BYTES, EVENT_LOG_BYTES, EVENTS, PCRS } from '../limits.ts';
import { type HashAlgorithm, hashOf } from '../tpm/algorithms.ts';
import { Octets, sameBytes } from '../tpm/octets.ts';

/** TCG PC Client Platform Firmware Profile §10.4: event types that are looked at. */
export const NO_ACTION = 0x0000_0003;
export const VARIABLE_DRIVER_CONFIG = 0x8000_0001;

/** One measurement of a boot. */
export interface BootEvent {
  /** Place in the log, from 0; the header is not counted. */
  index: number;
  pcr: number;
  type: number;
  /** By bank; banks of hashes that are not accepted are left out. */
  digests: ReadonlyMap<HashAlgorithm['name'], Uint8Array>;
  data: Uint8Array;
}

export interface EventLog {
  events: readonly BootEvent[];
  /** PFP §10.4.5.3: the locality from which the TPM was started; it is the first value of PCR 0. */
  startupLocality: number;
}

const SIGNATURE = 'Spec ID Event03\0';
const LOCALITY = 'StartupLocality\0';

/** Null where the bytes are no whole log of the crypto-agile form, or one beyond the bounds. */
export function parseEventLog(bytes: Uint8Array): EventLog | null {
  if (bytes.length > EVENT_LOG_BYTES) return null;
  const octets = new Octets(bytes, 'little');
  const sizes = readHeader(octets);
  if (sizes === null) return null;
  const events: BootEvent[] = [];
  while (octets.left > 0) {
    const event = events.length < EVENTS ? readEvent(octets, sizes, events.length) : null;
    if (event === null) return null;
    events.push(event);
  }
  return octets.failed ? null : { events, startupLocality: localityOf(events) };
}

/** PFP §10.2.1, §10.4.5.1: a header in the old form tells the digests' sizes. */
function readHeader(octets: Octets): ReadonlyMap<number, number> | null {
  const [pcr, type] = [octets.u32(), octets.u32()];
  octets.take(20);
  const header = new Octets(octets.take(octets.u32()), 'little');
  const signature = Buffer.from(header.take(16)).toString('latin1');
  header.take(8); // platform class, version, errata, size of a pointer
  const banks = header.u32();
  if (pcr !== 0 || type !== NO_ACTION || signature !== SIGNATURE || banks === 0 || banks > BANKS) return null;
  const sizes = new Map(Array.from({ length: banks }, () => [header.u16(), header.u16()] as const));
  header.take(header.u8()); // the vendor's own
  return header.complete && sizes.size === banks ? sizes : null;
}

/** PFP §10.2.2 */
function readEvent(octets: Octets, sizes: ReadonlyMap<number, number>, index: number): BootEvent | null {
  const [pcr, type, count] = [octets.u32(), octets.u32(), octets.u32()];
  if (pcr >= PCRS || count !== sizes.size) return null;
  const digests = readDigests(octets, sizes);
  const length = octets.u32();
  if (digests === null || length > EVENT_BYTES) return null;
  const data = octets.take(length);
  return octets.failed ? null : { index, pcr, type, digests, data };
}

/** Each bank of the header once, as long as the header says. */
function readDigests(octets: Octets, sizes: ReadonlyMap<number, number>): BootEvent['digests'] | null {
  const seen = new Map<number, Uint8Array>();
  for (let place = 0; place < sizes.size; place += 1) {
    const id = octets.u16();
    const size = sizes.get(id);
    if (size === undefined || seen.has(id)) return null;
    seen.set(id, octets.take(size));
  }
  const accepted = [...seen].flatMap(([id, digest]) => {
    const hash = hashOf(id);
    return hash === undefined ? [] : [[hash, digest] as const];
  });
  if (accepted.some(([hash, digest]) => digest.length !== hash.bytes)) return null;
  return new Map(accepted.map(([hash, digest]) => [hash.name, digest]));
}

function localityOf(events: readonly BootEvent[]): number {
  const event = events.find(
    ({ type, data }) =>
      type === NO_ACTION &&
      data.length === LOCALITY.length + 1 &&
      Buffer.from(data.subarray(0, LOCALITY.length)).toString('latin1') === LOCALITY,
  );
  return event?.data.at(-1) ?? 0;
}

/** PCRs of the dynamic root of trust start as all ones (PC Client Platform TPM Profile §4.6.2). */
const startsHigh = (pcr: number): boolean => pcr >= 17 && pcr <= 22;

/** What the PCRs of one bank hold after the events of the log. */
export function replay({ events, startupLocality }: EventLog, bank: HashAlgorithm): Map<number, Uint8Array> {
  const pcrs = new Map<number, Uint8Array>();
  for (const { pcr, type, digests } of events) {
    const digest = digests.get(bank.name);
    if (type === NO_ACTION || digest === undefined) continue;
    const value = pcrs.get(pcr) ?? startOf(pcr, bank, startupLocality);
    pcrs.set(pcr, createHash(bank.name).update(value).update(digest).digest());
  }
  return pcrs;
}

/** The value of a PCR that nothing was measured into. */
export function startOf(pcr: number, { bytes }: HashAlgorithm, startupLocality: number): Uint8Array {
  const value = Buffer.alloc(bytes, startsHigh(pcr) ? 0xff : 0);
  if (pcr === 0) value[bytes - 1] = startupLocality;
  return value;
}

/** True where the event's own bytes are what was measured, so that they may be believed; others only describe it. */
export function isMeasured({ digests, data }: BootEvent, bank: HashAlgorithm): boolean {
  const digest = digests.get(bank.name);
  return digest !== undefined && sameBytes(createHash(bank.name).update(data).digest(), digest);
}
