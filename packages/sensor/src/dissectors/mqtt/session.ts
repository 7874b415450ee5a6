import { type CredentialUse, DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { factText, latin1 } from '../../text/wire-text.ts';
import { type Connect, parseConnect } from './connect.ts';
import { AUTH, CONNACK, CONNECT, readFixedHeader } from './fixed-header.ts';
import { LONG_SECRET, MAX_CLIENT_ID, MAX_CONNECT, SHORT_SECRET } from './limits.ts';

interface Asked {
  version: Connect['version'];
  by: Side;
  enhanced: boolean;
  user: Uint8Array | null;
  password: Uint8Array | null;
}

/** Follows a connection to its CONNACK; what is published behind it is never looked at. */
export class MqttSession implements StreamSession {
  readonly #report: Reporter;
  #asked: Asked | null = null;

  constructor(report: Reporter) {
    this.#report = report;
  }

  get heldBytes(): number {
    return (this.#asked?.user?.length ?? 0) + (this.#asked?.password?.length ?? 0);
  }

  onData(from: Side, bytes: Uint8Array): number {
    const header = readFixedHeader(bytes);
    if (header === null) return 0;
    if (header === 'invalid') return this.#leave('mqtt-length');
    const total = header.size + header.remaining;
    const read = (header.type === CONNECT || header.type === CONNACK) && total <= MAX_CONNECT;
    if (!read) {
      if (header.type === 0) return this.#leave('mqtt-type');
      if (header.type === AUTH && this.#asked) this.#asked.enhanced = true;
      return total;
    }
    if (bytes.length < total) return 0;
    const body = bytes.subarray(header.size, total);
    return header.type === CONNECT ? this.#connect(from, body, total) : this.#connack(from, body, total);
  }

  onGap(): boolean {
    return false;
  }

  onEnd(): void {
    this.#settle('unknown');
  }

  #connect(from: Side, body: Uint8Array, total: number): number {
    const connect = parseConnect(body);
    if (connect === null) return this.#leave('mqtt-connect');
    this.#settle('unknown');
    this.#report.protection('clear');
    const { version, enhanced } = connect;
    this.#report.sight('mqtt.client', from, { clientId: statedClientId(connect), version });
    this.#asked = { version, by: from, enhanced, user: copy(connect.user), password: copy(connect.password) };
    return total;
  }

  #connack(from: Side, body: Uint8Array, total: number): number {
    const asked = this.#asked;
    const code = body[1];
    if (asked === null || asked.by === from || code === undefined) return total;
    this.#report.sight('mqtt.server', from, { version: asked.version });
    const nothingProved = asked.user === null && asked.password === null && !asked.enhanced;
    if (code === 0 && nothingProved) {
      this.#report.sight('service.unauthenticated', from, { protocol: 'mqtt', operation: 'CONNECT' });
    }
    this.#settle(outcomeOf(code));
    return DETACH;
  }

  #settle(outcome: CredentialUse['outcome']): void {
    const asked = this.#asked;
    this.#asked = null;
    if (asked === null || (asked.user === null && asked.password === null)) return;
    this.#report.credential({
      protocol: 'mqtt',
      field: 'CONNECT',
      user: asked.user,
      secret: asked.password,
      acceptedBy: asked.by === 'client' ? 'server' : 'client',
      outcome,
    });
  }

  #leave(cause: string): number {
    this.#report.malformed(cause);
    this.#settle('unknown');
    return DETACH;
  }
}

/** CONNACK return codes (3.1.1 §3.2.2.3) and reason codes (5.0 §3.2.2.2) that speak of who asks. */
function outcomeOf(code: number): CredentialUse['outcome'] {
  if (code === 0) return 'accepted';
  return [4, 5, 0x86, 0x87, 0x8a, 0x8c].includes(code) ? 'refused' : 'unknown';
}

/** A client id that repeats the user name or password is a secret too; then none is stated. */
function statedClientId({ clientId, user, password }: Connect): string {
  const id = latin1(clientId).toLowerCase();
  const leaks = [user, password].some((value) => value !== null && repeats(id, latin1(value).toLowerCase()));
  return leaks ? '' : (factText(clientId, MAX_CLIENT_ID) ?? '');
}

/** A long secret may stand anywhere; a short one must be a word of the id, since "pass" stands in "passport" too. */
function repeats(id: string, secret: string): boolean {
  if (secret.length >= LONG_SECRET) return id.includes(secret);
  return secret.length >= SHORT_SECRET && (id === secret || id.split(/[^a-z0-9]+/).includes(secret));
}

function copy(bytes: Uint8Array | null): Uint8Array | null {
  return bytes === null ? null : new Uint8Array(bytes);
}
