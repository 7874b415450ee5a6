import type { SmbOperation } from '@wardline/model';
import { DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { SmbHost } from './host.ts';
import { HEADER_BYTES, MAX_ASKED, MAX_HELD, MAX_MESSAGES } from './limits.ts';
import { HEADER, hostName, magicAt, packetTypes, readPacketHeader, sessionNames } from './netbios-session.ts';
import { readNtlm } from './ntlm.ts';
import * as smb1 from './smb1.ts';
import * as smb2 from './smb2.ts';
import { smb1Use, smb2Uses } from './use.ts';

const SUCCESS = 0;
/** MS-ERREF §2.3: logon failure, wrong password, no such user, account restricted, disabled, expired, or locked out. */
const REFUSALS = new Set([
  0xc000006d, 0xc000006a, 0xc0000064, 0xc000006e, 0xc0000072, 0xc0000193, 0xc0000234,
]);
/** One object for each, so that equal facts are found again by themselves. */
const USES: { readonly [K in SmbOperation]: { operation: K } } = {
  read: { operation: 'read' },
  write: { operation: 'write' },
  create: { operation: 'create' },
  rename: { operation: 'rename' },
  delete: { operation: 'delete' },
  'admin-share': { operation: 'admin-share' },
  'service-control': { operation: 'service-control' },
  'task-scheduler': { operation: 'task-scheduler' },
  registry: { operation: 'registry' },
};

/**
 * Follows negotiation and sign-in, and the headers of what is asked after: which kind of work, how often, and whether a
 * share demands encryption on its own. What is read and written is never looked at.
 */
export class SmbSession implements StreamSession {
  readonly #report: Reporter;
  readonly #hosts: Record<Side, SmbHost> = { client: new SmbHost('client'), server: new SmbHost('server') };
  #offered: string[] = [];
  #clearPasswords = false;
  #anonymous = false;
  #pendingCredential: { user: string; secret: Uint8Array } | null = null;
  #messages = 0;

  constructor(report: Reporter) {
    this.#report = report;
    report.protection('clear');
  }

  onData(from: Side, bytes: Uint8Array): number {
    if (bytes.length < HEADER) return 0;
    const { type, length } = readPacketHeader(bytes);
    if (type !== packetTypes.message) return this.#onSessionPacket(bytes, type, length);
    if (bytes.length < HEADER + Math.min(length, HEADER_BYTES)) return 0;
    const magic = magicAt(bytes, HEADER);
    if (magic === null) return this.#refuse('smb-magic');
    if (magic === 'encrypted') return this.#end('encrypted');
    const wanted = magic !== 'compressed' && this.#signsIn(magic, bytes.subarray(HEADER));
    if (!wanted || length > MAX_HELD) return this.#other(from, magic, bytes, length);
    if (bytes.length < HEADER + length) return 0;
    this.#onMessage(from, magic, bytes.subarray(HEADER, HEADER + length));
    return this.#counted(HEADER + length);
  }

  onEnd(): void {
    this.#state();
  }

  /** A message that signs nobody in. */
  #other(from: Side, magic: 'smb1' | 'smb2' | 'compressed', bytes: Uint8Array, length: number): number {
    const whole = length <= MAX_ASKED;
    if (whole && bytes.length < HEADER + length) return 0;
    const seen = bytes.subarray(HEADER, HEADER + Math.min(length, whole ? MAX_ASKED : HEADER_BYTES));
    if (from === 'client' && magic === 'smb2') for (const operation of smb2Uses(seen)) this.#used(operation);
    const older = from === 'client' && magic === 'smb1' ? smb1Use(seen) : null;
    if (older !== null) this.#used(older);
    return this.#counted(HEADER + length);
  }

  #used(operation: SmbOperation): void {
    this.#report.sight('smb.use', 'server', USES[operation], { peer: 'client' });
  }

  /** Counts a message once, when it is consumed, however many segments it came in. */
  #counted(consumed: number): number {
    return ++this.#messages > MAX_MESSAGES ? this.#end('clear') : consumed;
  }

  #onSessionPacket(bytes: Uint8Array, type: number, length: number): number {
    if (type < packetTypes.request || type > packetTypes.keepAlive || length > 1024) {
      return this.#refuse('smb-session');
    }
    if (bytes.length < HEADER + length) return 0;
    const names = type === packetTypes.request ? sessionNames(bytes.subarray(HEADER)) : null;
    if (names !== null) {
      this.#hosts.client.learn({ hostname: hostName(names.calling) });
      this.#hosts.server.learn({ hostname: hostName(names.called) });
    }
    return HEADER + length;
  }

  #signsIn(magic: 'smb1' | 'smb2', bytes: Uint8Array): boolean {
    if (magic === 'smb1')
      return bytes[4] === smb1.smb1Commands.negotiate || bytes[4] === smb1.smb1Commands.sessionSetup;
    return bytes[12]! <= smb2.smb2Commands.sessionSetup && bytes[13] === 0;
  }

  #onMessage(from: Side, magic: 'smb1' | 'smb2', bytes: Uint8Array): void {
    const message = magic === 'smb1' ? smb1.readSmb1(bytes) : smb2.readSmb2(bytes);
    if (message === null) this.#report.malformed('smb-header');
    else if ('words' in message) this.#onSmb1(from, message);
    else this.#onSmb2(from, message);
  }

  #onSmb1(from: Side, message: smb1.Smb1Message): void {
    if (message.command === smb1.smb1Commands.negotiate) this.#onSmb1Negotiate(from, message);
    else if (message.response) this.#onSmb1SetupResponse(from, message);
    else this.#onSmb1SetupRequest(from, message);
  }

  #onSmb1Negotiate(from: Side, message: smb1.Smb1Message): void {
    if (!message.response) {
      this.#offered = smb1.dialectsOf(message);
      return;
    }
    const agreed = smb1.readNegotiated(message);
    if (agreed === null) return;
    this.#clearPasswords = !agreed.challengeResponse;
    const dialect = this.#offered[agreed.index] ?? 'SMB 1';
    this.#hosts[from].learn({
      dialect: `SMB 1 (${dialect})`.replace('SMB 1 (SMB 1)', 'SMB 1'),
      signing: agreed.signing,
    });
    this.#learnToken(from, agreed.token);
    this.#hosts[from].state(this.#report);
  }

  #onSmb1SetupRequest(from: Side, message: smb1.Smb1Message): void {
    const setup = smb1.readSetupRequest(message);
    if (setup === null) return;
    this.#learnToken(from, setup.token);
    this.#hosts[from].learn({ os: setup.os });
    if (setup.token.length === 0) this.#anonymous = setup.anonymous;
    const clear = this.#clearPasswords && setup.account !== '' && setup.password.length > 1;
    this.#pendingCredential = clear ? { user: setup.account, secret: trimmed(setup.password) } : null;
    this.#hosts[from].state(this.#report);
  }

  #onSmb1SetupResponse(from: Side, message: smb1.Smb1Message): void {
    const setup = smb1.readSetupResponse(message);
    if (setup !== null) {
      this.#learnToken(from, setup.token);
      this.#hosts[from].learn({ os: setup.os });
    }
    this.#stateCredential(from, message.status === SUCCESS);
    if (REFUSALS.has(message.status))
      this.#report.sight(
        'login.outcome',
        from,
        { protocol: 'smb', outcome: 'refused' },
        { peer: otherSide(from) },
      );
    if (message.status === SUCCESS) this.#onSignedIn(from, setup?.guest === true, this.#anonymous);
    this.#hosts[from].state(this.#report);
  }

  #onSmb2(from: Side, message: smb2.Smb2Message): void {
    if (message.command === smb2.smb2Commands.negotiate) this.#onSmb2Negotiate(from, message);
    else if (message.response) this.#onSmb2SetupResponse(from, message);
    else this.#learnToken(from, smb2.setupToken(message));
    this.#hosts[from].state(this.#report);
  }

  #onSmb2Negotiate(from: Side, message: smb2.Smb2Message): void {
    if (!message.response) {
      this.#hosts[from].learn({ signing: smb2.clientSigning(message) });
      return;
    }
    const agreed = smb2.readNegotiated(message);
    if (agreed === null || agreed.dialect === undefined) return;
    this.#hosts[from].learn({ dialect: agreed.dialect, signing: agreed.signing });
  }

  #onSmb2SetupResponse(from: Side, message: smb2.Smb2Message): void {
    const setup = smb2.readSetupResponse(message);
    this.#learnToken(from, setup.token);
    const outcome = message.status === SUCCESS ? 'accepted' : REFUSALS.has(message.status) ? 'refused' : null;
    const told = outcome !== null && !setup.guest && !setup.anonymous;
    if (told)
      this.#report.sight('login.outcome', from, { protocol: 'smb', outcome }, { peer: otherSide(from) });
    if (message.status !== SUCCESS) return;
    if (setup.encrypted) this.#report.protection('encrypted');
    this.#onSignedIn(from, setup.guest, setup.anonymous || this.#anonymous);
  }

  #learnToken(from: Side, token: Uint8Array): void {
    const facts = token.length === 0 ? null : readNtlm(token);
    if (facts === null) return;
    this.#hosts[from].learnNtlm(facts);
    if (facts.type === 3) this.#anonymous = facts.anonymous;
  }

  #onSignedIn(server: Side, guest: boolean, anonymous: boolean): void {
    const operation = guest ? 'guest session' : anonymous ? 'anonymous session' : null;
    if (operation !== null)
      this.#report.sight('service.unauthenticated', server, { protocol: 'smb', operation });
  }

  #stateCredential(acceptedBy: Side, accepted: boolean): void {
    if (this.#pendingCredential === null) return;
    const outcome = accepted ? 'accepted' : 'refused';
    this.#report.credential({
      protocol: 'smb',
      field: 'SessionSetup',
      ...this.#pendingCredential,
      acceptedBy,
      outcome,
    });
    this.#pendingCredential = null;
  }

  #state(): void {
    this.#hosts.client.state(this.#report);
    this.#hosts.server.state(this.#report);
  }

  #end(protection: 'clear' | 'encrypted'): typeof DETACH {
    this.#report.protection(protection);
    this.#state();
    return DETACH;
  }

  #refuse(cause: string): typeof DETACH {
    this.#report.malformed(cause);
    this.#state();
    return DETACH;
  }
}

function otherSide(side: Side): Side {
  return side === 'client' ? 'server' : 'client';
}

function trimmed(password: Uint8Array): Uint8Array {
  return password.at(-1) === 0 ? password.subarray(0, -1) : password;
}
