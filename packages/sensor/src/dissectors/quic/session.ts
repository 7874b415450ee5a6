import type { DatagramSession, Reporter, Side } from '../../dissector.ts';
import { stateClientHello, stateServerHello } from '../tls/facts.ts';
import { readClientHello, readServerHello } from '../tls/hello.ts';
import { messageTypes } from '../tls/record.ts';
import { CryptoStream } from './crypto-stream.ts';
import { cryptoPieces } from './frames.ts';
import { type LongHeader, readLongHeader } from './header.ts';
import { initialKeys, type PacketKeys } from './keys.ts';
import { MAX_COALESCED, MAX_DATAGRAMS, MAX_MESSAGES, MIN_FIRST_CONNECTION_ID } from './limits.ts';
import { type PlainPacket, unprotect } from './packet.ts';

const LONG = 0x80;

type Role = 'client' | 'server';
type Keys = Record<Role, PacketKeys>;

/** One role's part of the handshake. */
class Half {
  readonly stream = new CryptoStream();
  largest = -1;
  messages = 0;
  done = false;
}

/**
 * Follows one connection until both hellos were read or its packets are no longer readable. The hellos are those of TLS
 * 1.3 (RFC 9001 §4), in packets whose keys follow from their own headers.
 */
export class QuicSession implements DatagramSession {
  readonly #halves: Record<Role, Half> = { client: new Half(), server: new Half() };
  #keys: Keys | null = null;
  #clientSide: Side = 'client';
  #datagrams = 0;

  onDatagram(payload: Uint8Array, from: Side, report: Reporter): boolean {
    this.#datagrams += 1;
    if ((payload[0]! & LONG) === 0 || this.#datagrams > MAX_DATAGRAMS) return false;
    let rest = payload;
    for (let count = 0; count < MAX_COALESCED && rest.length > 0; count++) {
      const header = readLongHeader(rest);
      if (header === null) break;
      if (header.isInitial) this.#onInitial(rest, header, from, report);
      rest = rest.subarray(header.end);
    }
    return !this.#halves.server.done;
  }

  #onInitial(packet: Uint8Array, header: LongHeader, from: Side, report: Reporter): void {
    const role: Role = this.#keys === null || from === this.#clientSide ? 'client' : 'server';
    const plain = this.#open(packet, header, role) ?? this.#openAnew(packet, header, from, report);
    if (plain === null || this.#halves[role].done) return;
    const half = this.#halves[role];
    half.largest = Math.max(half.largest, plain.number);
    for (const piece of cryptoPieces(plain.payload)) {
      if (half.stream.add(piece)) continue;
      report.malformed('quic-crypto-length');
      half.done = true;
    }
    this.#readMessages(half, role, report);
  }

  #open(packet: Uint8Array, header: LongHeader, role: Role): PlainPacket | null {
    return this.#keys && unprotect(packet, header, this.#keys[role], this.#halves[role].largest);
  }

  /** The first packet of a client, or its first after a Retry (RFC 9001 §5.2), says by its destination what its keys are. */
  #openAnew(packet: Uint8Array, header: LongHeader, from: Side, report: Reporter): PlainPacket | null {
    if (this.#keys !== null && from !== this.#clientSide) return null;
    if (this.#keys === null && header.destination.length < MIN_FIRST_CONNECTION_ID) return null;
    const keys = initialKeys(header.version, header.destination);
    const plain = unprotect(packet, header, keys.client, this.#halves.client.largest);
    if (plain === null) return null;
    this.#keys = keys;
    this.#clientSide = from;
    report.note('quic-version', header.version.name);
    // RFC 9001 §4.2: no earlier version of TLS is spoken over QUIC.
    report.protection('tls1.3');
    return plain;
  }

  #readMessages(half: Half, role: Role, report: Reporter): void {
    while (!half.done && half.messages < MAX_MESSAGES) {
      const message = half.stream.next();
      if (message === null) return;
      half.messages += 1;
      if (message.type === messageTypes.clientHello && role === 'client')
        this.#client(half, message.body, report);
      else if (message.type === messageTypes.serverHello) this.#server(half, message.body, report);
    }
  }

  #client(half: Half, body: Uint8Array, report: Reporter): void {
    half.done = true;
    const hello = readClientHello(body);
    if (hello === null) report.malformed('tls-client-hello');
    else stateClientHello(hello, this.#clientSide, 'q', report);
  }

  /** Behind a retry (RFC 8446 §4.1.4) the hello proper comes. */
  #server(half: Half, body: Uint8Array, report: Reporter): void {
    const hello = readServerHello(body);
    if (hello?.retry === true) return;
    half.done = true;
    if (hello === null) report.malformed('tls-server-hello');
    else stateServerHello(hello, this.#clientSide === 'client' ? 'server' : 'client', report);
  }
}
