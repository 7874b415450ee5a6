import { DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { certificateFacts, leafOf } from './certificate.ts';
import { agreedVersion, stateClientHello, stateServerHello } from './facts.ts';
import { HandshakeBuffer, type HandshakeMessage } from './handshake-buffer.ts';
import { readClientHello, readServerHello } from './hello.ts';
import { MAX_MESSAGES } from './limits.ts';
import { contentTypes, messageTypes, RECORD_HEADER, readRecordHeader } from './record.ts';
import { readSsl2Hello, SSL2_HELLO_HEAD } from './sslv2.ts';

const TLS13 = 0x0304;
const DRAFT = 0x7f00;

/**
 * Follows one connection until its handshake is no longer readable: behind the ServerHello in TLS 1.3, behind the
 * client's ChangeCipherSpec before that. What comes then is not looked at.
 */
export class TlsSession implements StreamSession {
  readonly #report: Reporter;
  readonly #handshakes: Record<Side, HandshakeBuffer> = {
    client: new HandshakeBuffer(),
    server: new HandshakeBuffer(),
  };
  #clientSide: Side = 'client';
  #clientSeen = false;
  #version: number | null = null;
  #messages = 0;

  constructor(report: Reporter) {
    this.#report = report;
  }

  get heldBytes(): number {
    return this.#handshakes.client.heldBytes + this.#handshakes.server.heldBytes;
  }

  onData(from: Side, bytes: Uint8Array): number {
    const mayBeOld = this.#version === null && bytes[0]! >= 0x80;
    if (mayBeOld && bytes.length < SSL2_HELLO_HEAD) return 0;
    const old = mayBeOld ? readSsl2Hello(bytes) : null;
    if (old !== null) return this.#onSsl2(from, old.type, old.version, old.length);
    if (bytes.length < RECORD_HEADER) return 0;
    const header = readRecordHeader(bytes);
    if (header === null) return this.#refuse('tls-record');
    if (header.type === contentTypes.applicationData) return this.#onData(header.length);
    if (bytes.length < RECORD_HEADER + header.length) return 0;
    const fragment = bytes.subarray(RECORD_HEADER, RECORD_HEADER + header.length);
    const goesOn = this.#onRecord(from, header.type, fragment);
    return goesOn ? RECORD_HEADER + header.length : DETACH;
  }

  /** Before the ServerHello it is early data (RFC 8446 §2.3), or the server's direction is not in the capture. */
  #onData(length: number): number {
    return this.#version === null ? RECORD_HEADER + length : DETACH;
  }

  #onRecord(from: Side, type: number, fragment: Uint8Array): boolean {
    if (type === contentTypes.changeCipherSpec) return this.#version === null || from !== this.#clientSide;
    if (type !== contentTypes.handshake) return true;
    const buffer = this.#handshakes[from];
    if (!buffer.add(fragment)) return this.#refuse('tls-handshake-length') !== DETACH;
    for (let message = buffer.next(); message !== null; message = buffer.next()) {
      if (++this.#messages > MAX_MESSAGES || !this.#onMessage(from, message)) return false;
    }
    return true;
  }

  #onMessage(from: Side, { type, body }: HandshakeMessage): boolean {
    if (type === messageTypes.clientHello) return this.#onClientHello(from, body);
    if (type === messageTypes.serverHello) return this.#onServerHello(from, body);
    if (type === messageTypes.certificate) this.#onCertificate(from, body);
    return true;
  }

  /** A second hello, after a retry or in a renegotiation, says nothing new. */
  #onClientHello(from: Side, body: Uint8Array): boolean {
    if (this.#clientSeen) return true;
    const hello = readClientHello(body);
    if (hello === null) return this.#refuse('tls-client-hello') !== DETACH;
    this.#clientSeen = true;
    this.#clientSide = from;
    stateClientHello(hello, from, 't', this.#report);
    return true;
  }

  #onServerHello(from: Side, body: Uint8Array): boolean {
    const hello = readServerHello(body);
    if (hello === null) return this.#refuse('tls-server-hello') !== DETACH;
    this.#clientSide = from === 'client' ? 'server' : 'client';
    if (hello.retry || this.#version !== null)
      return !isEncryptedFromHere(agreedVersion(hello)) || hello.retry;
    this.#version = stateServerHello(hello, from, this.#report);
    return !isEncryptedFromHere(this.#version);
  }

  #onCertificate(from: Side, body: Uint8Array): void {
    const leaf = leafOf(body);
    if (leaf === null) return;
    const facts = certificateFacts(leaf, from === this.#clientSide ? 'client' : 'server');
    if (facts === null) this.#report.malformed('tls-certificate');
    else this.#report.sight('tls.certificate', from, facts);
  }

  /** A client that begins in the old form may still agree on a new version; a server that answers so has SSL 2.0. */
  #onSsl2(from: Side, type: 'client' | 'server', version: number, length: number): number {
    if (type === 'client') {
      this.#clientSide = from;
      this.#report.note('ssl2-hello', true);
      if (version === 2) this.#report.note('ssl2-only', true);
      return length;
    }
    this.#report.protection('ssl2');
    return DETACH;
  }

  #refuse(cause: string): typeof DETACH {
    this.#report.malformed(cause);
    return DETACH;
  }
}

function isEncryptedFromHere(version: number): boolean {
  return version >= TLS13 && (version === TLS13 || (version & 0xff00) === DRAFT);
}
