import { factText } from '../../text/wire-text.ts';
import { MAX_BANNER, MAX_MECHANISMS, MAX_NAME } from './limits.ts';

/** The clock of some servers is in their greeting; without it, the same server says the same each time. */
const CLOCK = /[,;]? *\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? \d.*$/;

export function bannerOf(text: string): string {
  return factText(text.replace(CLOCK, ''), MAX_BANNER) ?? '';
}

/** The first word of a greeting is the server's name (RFC 5321 §4.2), where it looks like one. */
export function hostIn(text: string): string | undefined {
  const word = text.trim().split(/\s/, 1)[0] ?? '';
  return /^[A-Za-z0-9][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)+$/.test(word) ? factText(word, MAX_NAME) : undefined;
}

/** The name with which a client says hello; addresses in brackets are none (RFC 5321 §4.1.3). */
export function helloName(text: string): string | undefined {
  const word = text.trim().split(/\s/, 1)[0] ?? '';
  return /^[A-Za-z0-9][\w.-]*$/.test(word) && !/^[\d.]+$/.test(word) ? factText(word, MAX_NAME) : undefined;
}

/** What the lines of a reply to EHLO offer (RFC 5321 §4.1.1.1). */
export function offersOf(lines: readonly string[]): { startTls: boolean; mechanisms: string[] } {
  const words = lines.map((line) => line.trim().toUpperCase());
  const auth = words.find((line) => /^AUTH[ =]/.test(line));
  const mechanisms =
    auth
      ?.slice(5)
      .split(' ')
      .filter((word) => /^[A-Z0-9_-]{1,20}$/.test(word)) ?? [];
  return { startTls: words.includes('STARTTLS'), mechanisms: mechanisms.slice(0, MAX_MECHANISMS) };
}
