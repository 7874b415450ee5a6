import { MAX_BANNER, MAX_REPLY_LINES } from './limits.ts';

export interface Reply {
  code: number;
  text: string;
}

/** Puts the lines of a reply together (RFC 959 §4.2): `220-` opens one of several lines, `220 ` ends it. */
export class ReplyAssembler {
  #open: Reply | null = null;
  #lines = 0;

  /** The reply that this line ends, null where more lines follow, `invalid` for what is no reply. */
  line(line: string): Reply | 'invalid' | null {
    const match = /^(\d{3})([ -]?)(.*)$/.exec(line);
    if (this.#open) return this.#further(line, match);
    if (match === null) return 'invalid';
    const reply = { code: Number(match[1]), text: (match[3] ?? '').slice(0, MAX_BANNER) };
    if (match[2] !== '-') return reply;
    this.#open = reply;
    this.#lines = 1;
    return null;
  }

  #further(line: string, match: RegExpExecArray | null): Reply | null {
    const open = this.#open as Reply;
    const last = match !== null && Number(match[1]) === open.code && match[2] !== '-';
    const text = match !== null && Number(match[1]) === open.code ? (match[3] ?? '') : line;
    open.text = `${open.text} ${text}`.slice(0, MAX_BANNER);
    if (!last && ++this.#lines < MAX_REPLY_LINES) return null;
    this.#open = null;
    return open;
  }
}
