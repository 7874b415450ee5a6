import type { Values } from './record.ts';

/** One side's packets and bytes (from the IP header on), and its TCP flags, all together; null where they are not told. */
export interface Half {
  packets: number;
  octets: number;
  flags: number | null;
}

/** What an exporter says of one flow: one direction, or both where `back` is given. */
export interface Flow {
  source: string;
  destination: string;
  sourceMac: string | null;
  destinationMac: string | null;
  vlan: number | null;
  protocol: number;
  sourcePort: number;
  destinationPort: number;
  /** µs since the epoch. */
  start: number;
  end: number;
  out: Half;
  back: Half | null;
  /** True where the exporter itself says that the source began. */
  begins: boolean;
  /** Counters are multiplied by it already. */
  sampledOneIn: number;
}

/** What the times and counters of a record are relative to. */
export interface FlowSetting {
  /** µs since the epoch. */
  exported: number;
  /** Milliseconds since the exporter started, when the message was sent; null where it does not say. */
  upTime: number | null;
  /** When the exporter started, in ms since the epoch, where it says so. */
  initMillis: number | null;
  sampledOneIn: number;
}

const VLAN_MAX = 4094;
const BIFLOW_INITIATOR = 1;
/** A flow that ends this much after its message was sent has a clock that cannot be used. */
const SKEW = 86_400_000_000;

/** The flow that a record states; null where it is of no two addresses or its numbers make no sense. */
export function flowOf(values: Values, setting: FlowSetting): Flow | null {
  const source = text(values.source4) ?? text(values.source6);
  const destination = text(values.destination4) ?? text(values.destination6);
  const protocol = number(values.protocol);
  const times = timesOf(values, setting);
  if (source === null || destination === null || protocol === null || protocol > 255 || times === null)
    return null;
  const [sourcePort, destinationPort] = [number(values.sourcePort) ?? 0, number(values.destinationPort) ?? 0];
  if (sourcePort > 65_535 || destinationPort > 65_535) return null;
  const counters = countersOf(values, setting.sampledOneIn);
  if (counters === null) return null;
  return {
    source,
    destination,
    sourceMac: text(values.sourceMac),
    destinationMac: text(values.destinationMac) ?? text(values.postDestinationMac),
    vlan: vlanOf(values),
    protocol,
    sourcePort,
    destinationPort,
    ...times,
    ...counters,
    begins: number(values.biflowDirection) === BIFLOW_INITIATOR || values.initiatorOctets !== undefined,
    sampledOneIn: setting.sampledOneIn,
  };
}

function countersOf(values: Values, oneIn: number): Pick<Flow, 'out' | 'back'> | null {
  const octets = first(values.octets, values.totalOctets, values.initiatorOctets, values.postOctets);
  const packets = first(values.packets, values.totalPackets, values.initiatorPackets, values.postPackets);
  const out = half(packets, octets, number(values.flags), oneIn);
  const backOctets = first(values.reverseOctets, values.responderOctets);
  const backPackets = first(values.reversePackets, values.responderPackets);
  if (out === null) return null;
  if (backOctets === null && backPackets === null) return { out, back: null };
  const back = half(backPackets, backOctets, number(values.reverseFlags), oneIn);
  return back === null ? null : { out, back };
}

/** A firewall that counts bytes alone sent at least one packet with them. */
function half(
  packets: number | null,
  octets: number | null,
  flags: number | null,
  oneIn: number,
): Half | null {
  const bytes = (octets ?? 0) * oneIn;
  const count = (packets ?? (bytes > 0 ? 1 : 0)) * oneIn;
  return Number.isSafeInteger(count) && Number.isSafeInteger(bytes + count * 18)
    ? { packets: count, octets: bytes, flags }
    : null;
}

function timesOf(values: Values, setting: FlowSetting): { start: number; end: number } | null {
  const start = timeOf(values, setting, 'start');
  const end = timeOf(values, setting, 'end');
  const from = start ?? end ?? setting.exported;
  const to = Math.max(from, end ?? from);
  return from >= 0 && to - setting.exported < SKEW && Number.isSafeInteger(to)
    ? { start: from, end: to }
    : null;
}

function timeOf(
  values: Values,
  { exported, upTime, initMillis }: FlowSetting,
  side: 'start' | 'end',
): number | null {
  const exact = first(values[`${side}Nanos`], values[`${side}Micros`]);
  if (exact !== null) return exact;
  const millis = number(values[`${side}Millis`]);
  if (millis !== null) return millis * 1000;
  const delta = number(values[`${side}Delta`]);
  if (delta !== null) return exported - delta;
  const up = number(values[`${side}UpTime`]);
  if (up !== null && upTime !== null) return exported + behind(up, upTime) * 1000;
  if (up !== null && initMillis !== null) return (initMillis + up) * 1000;
  const seconds = number(values[`${side}Seconds`]);
  return seconds === null ? null : seconds * 1e6;
}

/** Milliseconds from one reading of a clock of 32 bits, which begins again after 49.7 days, to another. */
export function behind(then: number, now: number): number {
  return (then - now) | 0;
}

function vlanOf(values: Values): number | null {
  const vlan = first(values.vlan, values.dot1qVlan);
  return vlan === null || vlan === 0 || vlan > VLAN_MAX ? null : vlan;
}

function first(...values: (number | string | undefined)[]): number | null {
  return values.map(number).find((value) => value !== null) ?? null;
}

function number(value: number | string | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

function text(value: number | string | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
