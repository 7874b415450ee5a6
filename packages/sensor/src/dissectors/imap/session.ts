import { type CredentialUse, DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { Lines } from '../../text/lines.ts';
import { type PlainLogin, readPlainText } from '../../text/sasl-plain.ts';
import { bannerOf } from '../smtp/greeting.ts';
import type { Upgrade } from '../tls/handover.ts';

/** A word of IMAP: quoted, or without blanks (RFC 9051 §4.3); literals are not read. */
const WORD = '("(?:[^"\\\\]|\\\\.){0,1024}"|[^\\s"{]{1,1024})';
const loginWords = new RegExp(`^${WORD} +${WORD}$`);

/** A mailbox's connection up to its login (RFC 9051). */
export class ImapSession implements StreamSession {
  readonly #report: Reporter;
  readonly #upgrade: Upgrade;
  readonly #lines = new Lines();
  #greeted = false;
  #tag = '';
  #verb = '';
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
    else this.#answer(text);
  }

  #command(line: string): void {
    if (this.#verb === 'AUTHENTICATE PLAIN') {
      this.#take(readPlainText(line), 'AUTHENTICATE PLAIN');
      return;
    }
    const [, tag = '', verb = '', rest = ''] = /^([^\s]{1,64}) ([A-Za-z]{2,20})(?: (.*))?$/.exec(line) ?? [];
    this.#tag = tag;
    this.#verb = verb.toUpperCase();
    if (this.#verb === 'LOGIN') this.#words(rest);
    const [mechanism = '', initial = ''] = rest.split(' ');
    if (this.#verb !== 'AUTHENTICATE' || mechanism.toUpperCase() !== 'PLAIN') return;
    if (initial === '') this.#verb = 'AUTHENTICATE PLAIN';
    else this.#take(readPlainText(initial), 'AUTHENTICATE PLAIN');
  }

  #words(rest: string): void {
    const [, user, secret] = loginWords.exec(rest.trim()) ?? [];
    if (user === undefined || secret === undefined) return;
    this.#take({ user: bytesOf(unquoted(user)), secret: bytesOf(unquoted(secret)) }, 'LOGIN');
  }

  #take(login: PlainLogin | null, field: string): void {
    this.#verb = 'LOGIN';
    if (login !== null) this.#login = { ...login, field };
  }

  #answer(line: string): void {
    if (!this.#greeted) this.#greeting(line);
    if (this.#tag === '' || !line.startsWith(`${this.#tag} `)) return;
    const good = line.startsWith('OK', this.#tag.length + 1);
    if (this.#verb === 'STARTTLS' && good) this.#upgrade();
    else if (this.#verb === 'LOGIN') this.#settle(good ? 'accepted' : 'refused');
    // Behind any login there is mail, which is not read.
    if (good && /^(LOGIN|AUTHENTICATE|SELECT|EXAMINE)$/.test(this.#verb)) this.#over = true;
    this.#tag = '';
  }

  /** "* OK [CAPABILITY …] words" (RFC 9051 §7.1). */
  #greeting(line: string): void {
    this.#greeted = true;
    const startTls = /\bSTARTTLS\b/i.test(line);
    const banner = bannerOf(line.replace(/^\* (?:OK|PREAUTH|BYE) ?/i, '').replace(/^\[[^\]]*\] ?/, ''));
    const offer = /\[CAPABILITY /i.test(line) ? { startTls } : {};
    this.#report.sight('mail.server', 'server', { protocol: 'imap', banner, ...offer });
  }

  #settle(outcome: CredentialUse['outcome']): void {
    const login = this.#login;
    this.#login = null;
    if (login) this.#report.credential({ protocol: 'imap', ...login, acceptedBy: 'server', outcome });
  }
}

function unquoted(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1).replaceAll(/\\(.)/g, '$1') : word;
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
