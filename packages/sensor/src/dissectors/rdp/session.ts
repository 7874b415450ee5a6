import { DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { present } from '../../text/wire-text.ts';
import type { Upgrade } from '../tls/handover.ts';
import { MAX_PACKET, MAX_PACKETS } from './limits.ts';
import { packetLength, readConfirm, readRequest } from './packet.ts';
import { clientSettings, isConnect, serverEncryption } from './settings.ts';

/** Protocols of the negotiation, as bits and as the server's choice ([MS-RDPBCGR] §2.2.1.1.1, §2.2.1.2.1). */
const PROTOCOLS: readonly [number, string][] = [
  [1, 'tls'],
  [2, 'nla'],
  [4, 'rdstls'],
  [8, 'nla-extended'],
  [16, 'entra'],
];
/** Reasons of refusal that tell what the server insists on (§2.2.1.2.2). */
const INSISTS: ReadonlyMap<number, string> = new Map([
  [1, 'tls required'],
  [2, 'rdp only'],
  [5, 'nla required'],
  [6, 'tls with client certificate required'],
]);

/** A remote desktop's connection until its content is encrypted. */
export class RdpSession implements StreamSession {
  readonly #report: Reporter;
  readonly #upgrade: Upgrade;
  #packets = 0;
  #offered: string[] = [];

  constructor(report: Reporter, upgrade: Upgrade) {
    this.#report = report;
    this.#upgrade = upgrade;
  }

  onData(from: Side, bytes: Uint8Array): number {
    const length = packetLength(bytes);
    if (length === 0) return this.#leave();
    if (length === null) return 0;
    if (++this.#packets > MAX_PACKETS) return DETACH;
    if (length > MAX_PACKET) return length;
    if (bytes.length < length) {
      this.#packets -= 1;
      return 0;
    }
    const packet = bytes.subarray(0, length);
    const goesOn = isConnect(packet) ? this.#settings(from, packet) : this.#negotiation(packet);
    return goesOn ? length : DETACH;
  }

  #negotiation(packet: Uint8Array): boolean {
    const request = readRequest(packet);
    const confirm = request === null ? readConfirm(packet) : null;
    if (request !== null) this.#request(request.user, request.protocols);
    if (confirm === null) return true;
    if (confirm.failure !== null) return this.#refused(confirm.failure);
    const name = PROTOCOLS.find(([bit]) => bit === confirm.selected)?.[1];
    this.#report.sight('rdp.server', 'server', { security: name ?? 'rdp' });
    if (name !== undefined) this.#upgrade();
    return true;
  }

  #request(user: string | null, protocols: number | null): void {
    const known = PROTOCOLS.filter(([bit]) => protocols !== null && (protocols & bit) !== 0);
    this.#offered = ['rdp', ...known.map(([, name]) => name)];
    this.#report.sight('rdp.client', 'client', { security: this.#offered });
    if (user === null || user === '') return;
    const use = { protocol: 'rdp', field: 'mstshash', user, secret: null } as const;
    this.#report.credential({ ...use, acceptedBy: 'server', outcome: 'unknown' });
  }

  #refused(code: number): boolean {
    const security = INSISTS.get(code);
    if (security !== undefined) this.#report.sight('rdp.server', 'server', { security });
    return false;
  }

  /** RDP's own security: the client's settings are in clear, and the server's say how the rest is encrypted. */
  #settings(from: Side, packet: Uint8Array): boolean {
    if (from === 'client') {
      const facts = clientSettings(packet);
      if (facts === null) this.#report.malformed('rdp-settings');
      else this.#report.sight('rdp.client', 'client', { security: this.#offered, ...facts });
      return true;
    }
    const encryption = serverEncryption(packet);
    const facts = present({ security: 'rdp', encryption: encryption ?? undefined });
    this.#report.sight('rdp.server', 'server', facts as { security: string });
    this.#report.protection(encryption === null || encryption === 'none' ? 'clear' : 'encrypted');
    return false;
  }

  #leave(): number {
    this.#report.malformed('rdp-packet');
    return DETACH;
  }
}
