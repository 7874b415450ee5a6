import type { CredentialUse, Reporter, Side, StreamSession } from '../../dissector.ts';
import { imageInName } from '../../firmware/image.ts';
import { Lines } from '../../text/lines.ts';
import { factText } from '../../text/wire-text.ts';
import type { Upgrade } from '../tls/handover.ts';
import { MAX_BANNER, MAX_PENDING } from './limits.ts';
import { type Reply, ReplyAssembler } from './reply.ts';

/** A command that waits for its final reply. `image`: the kind of firmware that a transfer's file name claims. */
interface Pending {
  verb: string;
  image: string | null;
  user: string | null;
  secret: string | null;
}

/** Accounts for anybody (RFC 1635); what is sent as their password is an address, not a secret. */
const anonymous = new Set(['anonymous', 'ftp']);

/** The control connection of FTP (RFC 959); `serverSide` is who greeted. */
export class FtpSession implements StreamSession {
  readonly #report: Reporter;
  readonly #lines = new Lines();
  readonly #replies = new ReplyAssembler();
  readonly #pending: Pending[] = [];
  #banner: string | undefined;
  #greeted = false;
  #user: string | null = null;
  readonly #upgrade: Upgrade;

  constructor(report: Reporter, upgrade: Upgrade) {
    this.#report = report;
    this.#upgrade = upgrade;
    report.protection('clear');
  }

  get heldBytes(): number {
    return this.#pending.reduce(
      (sum, { user, secret }) => sum + (user?.length ?? 0) + (secret?.length ?? 0),
      0,
    );
  }

  onData(from: Side, bytes: Uint8Array): number {
    const consumed = this.#lines.read(from, bytes, (side, text) => this.#line(side, text));
    return consumed;
  }

  onEnd(): void {
    for (const pending of this.#pending.splice(0))
      if (pending.verb === 'PASS') this.#credential(pending, 'unknown');
  }

  #line(from: Side, text: string): void {
    if (from === 'client') this.#command(text);
    else this.#replyLine(text);
  }

  #command(line: string): void {
    const [, verb = '', argument = ''] = /^([A-Za-z]{3,4})(?: +(.*))?$/.exec(line.trimEnd()) ?? [];
    if (verb === '') {
      this.#report.malformed('ftp-command');
      return;
    }
    if (this.#pending.length >= MAX_PENDING) {
      this.#report.malformed('ftp-pending');
      return;
    }
    const pending: Pending = { verb: verb.toUpperCase(), image: null, user: null, secret: null };
    this.#pending.push(pending);
    if (pending.verb === 'USER') this.#user = argument;
    if (pending.verb === 'USER' || pending.verb === 'PASS') pending.user = this.#user;
    if (pending.verb === 'PASS') pending.secret = argument;
    if (/^(RETR|STOR|STOU|APPE)$/.test(pending.verb)) pending.image = imageInName(argument);
  }

  #replyLine(line: string): void {
    const reply = this.#replies.line(line);
    if (reply === 'invalid') {
      this.#report.malformed('ftp-reply');
      return;
    }
    if (reply === null) return;
    if (this.#greeted) this.#reply(reply);
    else this.#greeting(reply);
  }

  #greeting(reply: Reply): void {
    if (reply.code < 200) return; // 120: ready in some minutes
    this.#greeted = true;
    this.#banner = factText(reply.text, MAX_BANNER);
    this.#report.sight('ftp.server', 'server', { banner: this.#banner ?? '' });
  }

  #reply(reply: Reply): void {
    if (reply.code < 200) {
      this.#preliminary(reply);
      return;
    }
    const pending = this.#pending.shift();
    if (pending === undefined) return;
    if (pending.verb === 'USER' && reply.code === 230) this.#loggedIn(pending);
    else if (pending.verb === 'PASS') this.#passwordAnswered(pending, reply.code);
    else if (pending.verb === 'SYST' && reply.code === 215) this.#system(reply.text);
    else if (pending.verb === 'AUTH' && (reply.code === 234 || reply.code === 334)) this.#protect();
  }

  /** 125 and 150 (RFC 959 §5.4): the transfer starts. */
  #preliminary(reply: Reply): void {
    const transfer = this.#pending[0];
    if (!transfer?.image || (reply.code !== 150 && reply.code !== 125)) return;
    const bytes = /\((\d{1,15}) bytes?\)/i.exec(reply.text)?.[1];
    const sender = transfer.verb === 'RETR' ? 'server' : 'client';
    const size = bytes === undefined ? {} : { bytes: Number(bytes) };
    this.#report.sight('firmware.cleartext', sender, { protocol: 'ftp', image: transfer.image, ...size });
    transfer.image = null;
  }

  /** 230 straight after USER: nobody asked for a password. */
  #loggedIn(pending: Pending): void {
    if (isAnonymous(pending.user)) {
      this.#anonymous();
      return;
    }
    this.#report.sight('service.unauthenticated', 'server', {
      protocol: 'ftp',
      operation: 'login without password',
    });
  }

  #passwordAnswered(pending: Pending, code: number): void {
    if (!isAnonymous(pending.user)) this.#credential(pending, outcomeOf(code));
    else if (outcomeOf(code) === 'accepted') this.#anonymous();
  }

  #anonymous(): void {
    this.#report.sight('service.unauthenticated', 'server', {
      protocol: 'ftp',
      operation: 'anonymous login',
    });
  }

  #credential({ user, secret }: Pending, outcome: CredentialUse['outcome']): void {
    if (isAnonymous(user)) return;
    this.#report.credential({ protocol: 'ftp', field: 'PASS', user, secret, acceptedBy: 'server', outcome });
  }

  #system(text: string): void {
    const system = factText(text, 128);
    if (system !== undefined)
      this.#report.sight('ftp.server', 'server', { banner: this.#banner ?? '', system });
  }

  /** RFC 4217 §4: what follows is a TLS handshake (or GSS-API, RFC 2228) on the same connection. */
  #protect(): void {
    this.#report.application('ftps');
    this.#upgrade();
  }
}

function isAnonymous(user: string | null): boolean {
  return user !== null && anonymous.has(user.trim().toLowerCase());
}

/** Replies to PASS (RFC 959 §5.4). */
function outcomeOf(code: number): CredentialUse['outcome'] {
  if (code === 230 || code === 232 || code === 202) return 'accepted';
  return code === 530 || code === 430 || code === 532 ? 'refused' : 'unknown';
}
