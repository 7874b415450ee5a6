import { SECURITY_TXT_LINES } from '../limits.ts';

/** Where a `security.txt` says that the domain's provider metadata lies (CSAF 2.0 §7.1.9; fields as RFC 9116 §2.2 has them). */
export function readProviderPlaces(text: string): string[] {
  return text
    .split(/\r?\n/, SECURITY_TXT_LINES)
    .flatMap((line) => /^csaf:\s*(https?:\/\/\S{1,2000})\s*$/i.exec(line)?.[1] ?? []);
}
