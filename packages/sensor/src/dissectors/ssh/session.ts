import { DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { hassh, hostKeyFingerprint } from './fingerprint.ts';
import { type Identification, readIdentification } from './identification.ts';
import { MAX_CLEAR_PACKETS } from './limits.ts';
import {
  type ClearPacket,
  KEX_METHOD_FIRST,
  KEX_METHOD_LAST,
  type KexInit,
  parseHostKey,
  parseKexInit,
  readClearPacket,
  SSH_MSG_KEXINIT,
  SSH_MSG_NEWKEYS,
} from './packet.ts';

interface Speaker {
  identification: Identification | null;
  init: KexInit | null;
  packets: number;
  /** Its packets are encrypted, or cannot be read: only skipped from here on. */
  closed: boolean;
}

const EVERYTHING = Number.MAX_SAFE_INTEGER;

export class SshSession implements StreamSession {
  readonly #report: Reporter;
  readonly #speakers: Record<Side, Speaker> = { client: newSpeaker(), server: newSpeaker() };
  /** Which side of the connection is the SSH server; the other one only in a connection that was opened backwards. */
  #serverSide: Side = 'server';
  #stated = false;

  constructor(report: Reporter) {
    this.#report = report;
  }

  onData(from: Side, bytes: Uint8Array): number {
    const speaker = this.#speakers[from];
    if (speaker.closed) return EVERYTHING;
    const consumed = speaker.identification ? this.#packet(from, bytes) : this.#identification(from, bytes);
    return this.#speakers.client.closed && this.#speakers.server.closed ? this.#leave() : consumed;
  }

  onEnd(): void {
    this.#state();
  }

  #leave(): number {
    this.#state();
    return DETACH;
  }

  #identification(from: Side, bytes: Uint8Array): number {
    const found = readIdentification(bytes);
    if (found === null) return 0;
    if (found === 'invalid') return this.#close(from, 'ssh-identification');
    const speaker = this.#speakers[from];
    speaker.identification = found;
    if (found.version === 1) {
      // Version 1 has other packets; what they protect is stated, their content is not read.
      this.#report.protection('ssh1');
      speaker.closed = true;
    }
    return found.length;
  }

  #packet(from: Side, bytes: Uint8Array): number {
    const packet = readClearPacket(bytes);
    if (packet === null) return 0;
    const speaker = this.#speakers[from];
    if (packet === 'invalid' || ++speaker.packets > MAX_CLEAR_PACKETS) return this.#close(from, 'ssh-packet');
    this.#message(from, packet);
    return packet.length;
  }

  #message(from: Side, { message, body }: ClearPacket): void {
    if (message === SSH_MSG_KEXINIT) this.#offer(from, body);
    else if (message === SSH_MSG_NEWKEYS) this.#speakers[from].closed = true;
    else if (message >= KEX_METHOD_FIRST && message <= KEX_METHOD_LAST) this.#exchange(from, message, body);
  }

  #offer(from: Side, body: Uint8Array): void {
    const init = parseKexInit(body);
    if (init === null) {
      this.#report.malformed('ssh-kexinit');
      return;
    }
    this.#speakers[from].init ??= init;
    this.#report.protection('ssh2');
  }

  #exchange(from: Side, message: number, body: Uint8Array): void {
    // Even numbers come from the SSH client, odd ones from the server (RFC 4253 §8, 4419 §5, 5656 §7.1).
    const sentByServer = message % 2 === 1;
    if (!this.#stated) this.#serverSide = sentByServer ? from : otherSide(from);
    this.#state();
    const key = sentByServer ? parseHostKey(body) : null;
    if (key === null) return;
    const { algorithm, blob } = key;
    this.#report.sight('ssh.hostkey', from, { algorithm, sha256: hostKeyFingerprint(blob) });
  }

  #state(): void {
    if (this.#stated) return;
    this.#stated = true;
    for (const side of ['client', 'server'] as const) this.#stateSoftware(side);
  }

  #stateSoftware(side: Side): void {
    const { identification, init } = this.#speakers[side];
    if (identification === null) return;
    const role = side === this.#serverSide ? 'server' : 'client';
    const fingerprint = init === null ? {} : { hassh: hassh(init, role) };
    this.#report.sight('ssh.software', side, { role, banner: identification.banner, ...fingerprint });
  }

  #close(from: Side, cause: string): number {
    this.#report.malformed(cause);
    this.#speakers[from].closed = true;
    return EVERYTHING;
  }
}

function newSpeaker(): Speaker {
  return { identification: null, init: null, packets: 0, closed: false };
}

function otherSide(side: Side): Side {
  return side === 'client' ? 'server' : 'client';
}
