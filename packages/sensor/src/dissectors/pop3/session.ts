import { type CredentialUse, DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { Lines } from '../../text/lines.ts';
import { type PlainLogin, readPlainText } from '../../text/sasl-plain.ts';
import { bannerOf } from '../smtp/greeting.ts';
import type { Upgrade } from '../tls/handover.ts';

/** A mailbox's connection up to its login (RFC 1939): commands and answers take turns. */
export class Pop3Session implements StreamSession {
  readonly #report: Reporter;
  readonly #upgrade: Upgrade;
  readonly #lines = new Lines();
  #greeted = false;
  #verb = '';
  #user: string | null = null;
  #login: (PlainLogin & { field: string }) | null = null;
  #over = false;

  constructor(report: Reporter, upgrade: Upgrade) {
    this.#report = report;
    this.#upgrade = upgrade;
    report.protection('clear');
  }

  onData(from: Side, bytes: Uint8Array): number {
    const consumed = this.#lines.read(from, bytes, (side, text) => this.#line(side, text));
    return this.#over ? DETACH : consumed;
  }

  onEnd(): void {
    this.#settle('unknown');
  }

  #line(from: Side, text: string): void {
    if (from === 'client') this.#command(text);
    else this.#reply(text);
  }

  #command(line: string): void {
    if (this.#verb === 'AUTH PLAIN') {
      this.#take(readPlainText(line), 'AUTH PLAIN');
      return;
    }
    const [verb = '', argument = ''] = line.split(/ (.*)/, 2);
    this.#verb = verb.toUpperCase();
    if (this.#verb === 'USER') this.#user = argument;
    if (this.#verb === 'PASS')
      this.#take({ user: bytesOf(this.#user ?? ''), secret: bytesOf(argument) }, 'PASS');
    const [mechanism = '', initial = ''] = argument.split(' ');
    if (this.#verb !== 'AUTH' || mechanism.toUpperCase() !== 'PLAIN') return;
    if (initial === '') this.#verb = 'AUTH PLAIN';
    else this.#take(readPlainText(initial), 'AUTH PLAIN');
  }

  #take(login: PlainLogin | null, field: string): void {
    this.#verb = 'PASS';
    if (login !== null) this.#login = { ...login, field };
  }

  #reply(line: string): void {
    const good = line.startsWith('+OK');
    if (!good && !line.startsWith('-ERR')) return;
    if (!this.#greeted) this.#greeting(line);
    else if (this.#verb === 'STLS' && good) this.#upgrade();
    else if (this.#verb === 'PASS') this.#settle(good ? 'accepted' : 'refused');
    // Behind any login there is mail, which is not read.
    if (good && /^(PASS|APOP|STAT|LIST|RETR)$/.test(this.#verb)) this.#over = true;
    this.#verb = '';
  }

  /** A greeting may end in the server's challenge, which differs each time (RFC 1939 §7). */
  #greeting(line: string): void {
    this.#greeted = true;
    const banner = bannerOf(line.slice(3).replace(/<[^>]*>/, ''));
    this.#report.sight('mail.server', 'server', { protocol: 'pop3', banner });
  }

  #settle(outcome: CredentialUse['outcome']): void {
    const login = this.#login;
    this.#login = null;
    if (login) this.#report.credential({ protocol: 'pop3', ...login, acceptedBy: 'server', outcome });
  }
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
