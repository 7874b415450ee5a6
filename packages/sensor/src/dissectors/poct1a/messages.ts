import { latin1 } from '../../text/wire-text.ts';
import { MAX_MESSAGE, MAX_PROLOGUE } from './limits.ts';

/** Messages of POCT1-A2 appendix B, and vendors' own forms of them. */
const types = 'HEL ACK DST OBS EVS REQ EOT END ESC DTV KPA OPL PTL ORD TRM UPD PGM RCF'.split(' ');

/** What a text begins with: a message's type, `null` for another text, `undefined` where more is needed. */
export function messageType(text: string): string | null | undefined {
  const at = prologueEnd(text);
  if (at === null) return text.length > MAX_PROLOGUE ? null : undefined;
  const start = text.slice(at, at + 9);
  const match = /^<([A-Z]{3})\.R0[1-9](?=[\s>/])/.exec(start);
  if (match !== null) return types.includes(match[1] ?? '') ? match[0].slice(1) : null;
  return start.length < 9 && /^(<([A-Z]{0,3}|[A-Z]{3}\.(R0?[1-9]?)?))?$/.test(start) ? undefined : null;
}

/** Where the first element begins; null where that has not come yet. */
function prologueEnd(text: string): number | null {
  let at = text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0;
  while (at < text.length && /\s/.test(text.charAt(at))) at++;
  if (!text.startsWith('<?', at)) return text.length === at ? null : at;
  const end = text.indexOf('?>', at);
  if (end < 0) return null;
  at = end + 2;
  while (at < text.length && /\s/.test(text.charAt(at))) at++;
  return text.length === at ? null : at;
}

/** What a reader finds. */
export interface MessageListener {
  /** The text of one message, or its first `MAX_MESSAGE` characters. */
  message(type: string, text: string): void;
  /** Text that is no message. Nothing is read behind it. */
  stray(): void;
}

/** Cuts one direction into messages: XML documents one after the other, without any other frame. */
export class MessageReader {
  readonly #listener: MessageListener;
  #text = '';
  #type: string | null = null;
  /** What was kept of a message that is longer than the bound, whose end is still looked for. */
  #kept: string | null = null;
  #searched = 0;
  #lost = false;

  constructor(listener: MessageListener) {
    this.#listener = listener;
  }

  push(bytes: Uint8Array): void {
    if (this.#lost) return;
    this.#text += latin1(bytes);
    while (this.#step());
  }

  /** After lost bytes the next message shows itself by its beginning only. */
  resynchronise(): void {
    this.#lost = true;
  }

  #step(): boolean {
    if (this.#type === null && !this.#start()) return false;
    const end = this.#end();
    if (end === null) return this.#shorten();
    this.#listener.message(this.#type ?? '', this.#kept ?? this.#text.slice(0, end));
    this.#text = this.#text.slice(end);
    this.#type = null;
    this.#kept = null;
    this.#searched = 0;
    return this.#text !== '';
  }

  #start(): boolean {
    const type = messageType(this.#text);
    if (type === null) {
      this.#lost = this.#text.trim() !== '';
      if (this.#lost) this.#listener.stray();
      this.#text = '';
    }
    this.#type = type ?? null;
    return this.#type !== null;
  }

  /** Behind the end tag of the first element. */
  #end(): number | null {
    const tag = `</${this.#type}`;
    const found = this.#text.indexOf(tag, Math.max(0, this.#searched - tag.length));
    const close = found < 0 ? -1 : this.#text.indexOf('>', found);
    this.#searched = found < 0 ? this.#text.length : found;
    return close < 0 ? null : close + 1;
  }

  #shorten(): false {
    if (this.#text.length > MAX_MESSAGE) {
      this.#kept ??= this.#text.slice(0, MAX_MESSAGE);
      this.#text = this.#text.slice(-64);
      this.#searched = 0;
    }
    return false;
  }
}
