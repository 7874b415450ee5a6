import type { Packet } from '@wardline/policy';
import { RECORD_OCTETS } from '../limits.ts';
import { packetOf } from './headers.ts';

/** One packet that the kernel told of. */
export interface Told {
  /** Microseconds since the epoch. */
  time: number;
  verdict: 'alert' | 'drop';
  /** The declaration that decided; `undeclared` where none did. */
  declaration: string;
  packet: Packet;
  /** Numbers of the interfaces by which it came and would have gone. */
  interfaces: { in: number | null; out: number | null };
}

export class LogError extends Error {
  override name = 'LogError';
}

const HEADER = 24;
const RECORD = 16;
/** LINKTYPE_NFLOG (https://www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html) in a pcap of this machine's byte order. */
const MAGIC = 0xa1b2c3d4;
const NFLOG = 239;

/** Reads what `tcpdump -i nflog:… -w -` writes, in whatever pieces it comes. */
export class ToldPackets {
  #rest: Buffer = Buffer.alloc(0);
  #begun = false;

  /** @throws LogError where the stream is something else */
  push(octets: Buffer): Told[] {
    this.#rest = this.#rest.length === 0 ? octets : Buffer.concat([this.#rest, octets]);
    if (!this.#begun && !this.#begin()) return [];
    const told: Told[] = [];
    for (let record = this.#next(); record !== null; record = this.#next()) {
      const one = toldIn(record);
      if (one !== null) told.push(one);
    }
    return told;
  }

  #begin(): boolean {
    if (this.#rest.length < HEADER) return false;
    if (this.#rest.readUInt32LE(0) !== MAGIC || this.#rest.readUInt32LE(20) !== NFLOG)
      throw new LogError('this is no record of the netfilter log');
    this.#rest = this.#rest.subarray(HEADER);
    this.#begun = true;
    return true;
  }

  #next(): { time: number; octets: Buffer } | null {
    const rest = this.#rest;
    if (rest.length < RECORD) return null;
    const length = rest.readUInt32LE(8);
    if (length > RECORD_OCTETS) throw new LogError(`a record of ${length} octets`);
    if (rest.length < RECORD + length) return null;
    this.#rest = rest.subarray(RECORD + length);
    const time = rest.readUInt32LE(0) * 1_000_000 + rest.readUInt32LE(4);
    return { time, octets: rest.subarray(RECORD, RECORD + length) };
  }
}

/** Attributes of a message (linux/netfilter/nfnetlink_log.h). */
const IN = 4;
const OUT = 5;
const PAYLOAD = 9;
const PREFIX = 10;

function toldIn({ time, octets }: { time: number; octets: Buffer }): Told | null {
  const attributes = attributesOf(octets);
  const packet = packetOf(attributes.get(PAYLOAD) ?? Buffer.alloc(0));
  const said = /^wardline (alert|drop) (.+?)\0*$/s.exec(attributes.get(PREFIX)?.toString('latin1') ?? '');
  if (packet === null || said === null) return null;
  const interfaceOf = (type: number) => {
    const value = attributes.get(type);
    return value?.length === 4 ? value.readUInt32BE(0) : null;
  };
  return {
    time,
    verdict: said[1] as Told['verdict'],
    declaration: said[2]!,
    packet,
    interfaces: { in: interfaceOf(IN), out: interfaceOf(OUT) },
  };
}

/** Length and type in this machine's order, the value, and what fills up to four octets. */
function attributesOf(octets: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 4; at + 4 <= octets.length; ) {
    const length = octets.readUInt16LE(at);
    if (length < 4 || at + length > octets.length) break;
    found.set(octets.readUInt16LE(at + 2), octets.subarray(at + 4, at + length));
    at += (length + 3) & ~3;
  }
  return found;
}
