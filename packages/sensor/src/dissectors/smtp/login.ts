import { Buffer } from 'node:buffer';
import { type PlainLogin, readPlainText } from '../../text/sasl-plain.ts';

/** One AUTH exchange (RFC 4954 §4): what the client sends in answer to 334 is no command. */
export class SmtpLogin {
  readonly mechanism: string;
  #user: Uint8Array | null = null;
  #login: PlainLogin | null = null;

  constructor(mechanism: string, initial: string) {
    this.mechanism = mechanism.toUpperCase();
    if (initial !== '') this.answer(initial);
  }

  /** User and password, where the mechanism sends them in clear and both were seen. */
  get login(): PlainLogin | null {
    return this.#login;
  }

  answer(line: string): void {
    if (this.mechanism === 'PLAIN') this.#login ??= readPlainText(line);
    if (this.mechanism !== 'LOGIN') return;
    const value = Buffer.from(line, 'base64');
    if (this.#user === null) this.#user = value;
    else this.#login ??= { user: this.#user, secret: value };
  }
}
