import type { Facts } from '@wardline/model';
import { type CredentialUse, DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { Lines } from '../../text/lines.ts';
import { present } from '../../text/wire-text.ts';
import type { Upgrade } from '../tls/handover.ts';
import { bannerOf, helloName, hostIn, offersOf } from './greeting.ts';
import { MAX_PENDING } from './limits.ts';
import { SmtpLogin } from './login.ts';

/** A mail connection up to its first mail (RFC 5321): what both call themselves, what is offered, who logs in. */
export class SmtpSession implements StreamSession {
  readonly #report: Reporter;
  readonly #upgrade: Upgrade;
  readonly #dialogue = new Lines();
  readonly #pending: string[] = [];
  #lines: string[] = [];
  #server: Facts['mail.server'] | null = null;
  #login: SmtpLogin | null = null;
  #recipients = 0;
  #over = false;

  constructor(report: Reporter, upgrade: Upgrade) {
    this.#report = report;
    this.#upgrade = upgrade;
    report.protection('clear');
  }

  onData(from: Side, bytes: Uint8Array): number {
    const consumed = this.#dialogue.read(from, bytes, (side, text) => this.#line(side, text));
    return this.#over ? DETACH : consumed;
  }

  onEnd(): void {
    this.#settle('unknown');
  }

  #line(from: Side, text: string): void {
    if (from === 'server') this.#replyLine(text);
    else if (this.#login) this.#login.answer(text);
    else this.#command(text);
  }

  #command(line: string): void {
    const [, verb = '', argument = ''] = /^([A-Za-z]{4,8})(?:[ :]+(.*))?$/.exec(line.trim()) ?? [];
    const name = verb.toUpperCase();
    if (name === '' || this.#pending.length >= MAX_PENDING) {
      this.#report.malformed('smtp-command');
      return;
    }
    this.#pending.push(name);
    if (/^(EHLO|HELO|LHLO)$/.test(name)) this.#hello(argument);
    else if (name === 'AUTH') this.#authenticate(argument);
    else if (name === 'RCPT') this.#recipients += 1;
    else if (name === 'BDAT') this.#mail();
  }

  #hello(argument: string): void {
    const hostname = helloName(argument);
    if (hostname !== undefined) this.#report.sight('mail.client', 'client', { protocol: 'smtp', hostname });
  }

  #authenticate(argument: string): void {
    const [mechanism = '', initial = ''] = argument.trim().split(/ +/);
    this.#login = new SmtpLogin(mechanism, initial === '=' ? '' : initial);
  }

  #replyLine(line: string): void {
    const [, code, mark, text = ''] = /^(\d{3})([ -]?)(.*)$/.exec(line) ?? [];
    if (code === undefined) {
      this.#report.malformed('smtp-reply');
      return;
    }
    if (this.#lines.length < MAX_PENDING) this.#lines.push(text);
    if (mark === '-') return;
    const lines = this.#lines;
    this.#lines = [];
    if (this.#server === null) this.#greeting(Number(code), lines);
    else this.#reply(Number(code), lines);
  }

  #greeting(code: number, lines: readonly string[]): void {
    if (code !== 220) return;
    const first = lines[0] ?? '';
    const facts = { protocol: 'smtp', banner: bannerOf(lines.join(' ')), hostname: hostIn(first) };
    this.#server = present<Facts['mail.server']>(facts as Facts['mail.server']);
    this.#report.sight('mail.server', 'server', this.#server);
  }

  #reply(code: number, lines: readonly string[]): void {
    const [verb] = this.#pending;
    // 334 asks for more of a login (RFC 4954 §4): AUTH is not answered yet.
    if (verb === undefined || (verb === 'AUTH' && code === 334)) return;
    this.#pending.shift();
    if (verb === 'EHLO' && code === 250) this.#offers(lines);
    else if (verb === 'STARTTLS' && code === 220) this.#upgrade();
    else if (verb === 'DATA' && code === 354) this.#mail();
    else if (verb === 'AUTH') this.#settle(outcomeOf(code));
  }

  #offers(lines: readonly string[]): void {
    const { startTls, mechanisms } = offersOf(lines.slice(1));
    const server: Facts['mail.server'] = { ...this.#server!, startTls };
    if (mechanisms.length > 0) server.mechanisms = mechanisms;
    this.#server = server;
    this.#report.sight('mail.server', 'server', server);
  }

  #settle(outcome: CredentialUse['outcome']): void {
    const { mechanism, login } = this.#login ?? { mechanism: '', login: null };
    this.#login = null;
    if (login === null) return;
    const field = `AUTH ${mechanism}`;
    this.#report.credential({ protocol: 'smtp', field, ...login, acceptedBy: 'server', outcome });
  }

  /** Mails are not read: who gets them is counted, and that is all. */
  #mail(): void {
    this.#report.note('mail-recipients', this.#recipients);
    this.#over = true;
  }
}

/** RFC 4954 §6. */
function outcomeOf(code: number): CredentialUse['outcome'] {
  if (code === 235) return 'accepted';
  return code === 535 || code === 530 || code === 534 ? 'refused' : 'unknown';
}
