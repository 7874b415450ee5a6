import { existsSync, readFileSync } from 'node:fs';
import {
  type Certificate,
  fromPem,
  isListOf,
  PkiError,
  parseCertificate,
  parseList,
  type RevocationList,
  type RevocationReason,
  toPem,
} from '@wardline/pki';
import { z } from 'zod';
import { writeDurably } from '../enforcement/durable-file.ts';
import { FETCH_MILLIS, LIST_OCTETS, LISTS } from './limits.ts';

/** What a plan says of revocation: where the lists of the zones are told, and the file in which they are kept. */
export const revocationSchema = z.strictObject({
  lists: z
    .array(z.url({ protocol: /^https?$/ }))
    .min(1)
    .max(LISTS),
  file: z.string().regex(/^\/[\w./@-]{1,250}$/, 'an absolute path of plain characters'),
});
export type RevocationPlan = z.infer<typeof revocationSchema>;

interface Kept {
  der: Uint8Array;
  list: RevocationList;
}

/** What a look at the lists brought. */
export interface Look {
  /** The file is another now. */
  changed: boolean;
  /** Lists that could not be had or are not believed, each with the reason. */
  faults: string[];
}

/**
 * Lists of revoked certificates, followed where the server tells them and kept in a file that other programs read. A list is believed when one
 * of the authorities signed it and it is no older than the one that is kept; an old list stays where no new one can be had.
 */
export class Revocations {
  readonly #plan: RevocationPlan;
  readonly #authorities: readonly Certificate[];
  /** By the name of the authority. */
  readonly #kept = new Map<string, Kept>();

  /** `authorities`: a file with their certificates (PEM). */
  constructor(plan: RevocationPlan, authorities: string) {
    this.#plan = plan;
    this.#authorities = fromPem(readFileSync(authorities, 'utf8'), 'CERTIFICATE', 2 * LISTS).flatMap(
      (der) => {
        const read = parseCertificate(der);
        return read.ok ? [read.value] : [];
      },
    );
    if (!existsSync(plan.file)) return;
    for (const der of fromPem(readFileSync(plan.file, 'utf8'), 'X509 CRL', LISTS)) this.#take(der);
  }

  /** Looks at every list once. */
  async look(): Promise<Look> {
    const before = this.text;
    const faults: string[] = [];
    for (const url of this.#plan.lists) {
      const fault = await fetched(url).then(
        (der) => this.#take(der),
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      if (fault !== null) faults.push(`${url}: ${fault}`);
    }
    const changed = this.text !== before || (this.text !== '' && !existsSync(this.#plan.file));
    if (changed) writeDurably(this.#plan.file, this.text, 0o644);
    return { changed, faults };
  }

  get file(): string {
    return this.#plan.file;
  }

  /** All lists, as PEM. */
  get text(): string {
    return [...this.#kept.values()].map(({ der }) => toPem('X509 CRL', der)).join('');
  }

  /** Why a certificate holds no more, by its serial number in hexadecimal; null where no list has it. */
  whyRevoked(serial: string): RevocationReason | null {
    const number = serial.toLowerCase().replace(/^0+(?=.)/, '');
    for (const { list } of this.#kept.values()) {
      const reason = list.revoked.get(number);
      if (reason !== undefined) return reason;
    }
    return null;
  }

  /** Why a list is not believed; null where it was taken. */
  #take(der: Uint8Array): string | null {
    const read = parseList(der);
    if (!read.ok) return read.refused.message;
    const list = read.value;
    if (!this.#authorities.some((authority) => isListOf(list, authority)))
      return 'none of the authorities signed it';
    const name = Buffer.from(list.issuer.der).toString('hex');
    const kept = this.#kept.get(name);
    if (kept !== undefined && list.number < kept.list.number)
      return `its number ${list.number} is older than ${kept.list.number}, which is kept`;
    this.#kept.set(name, { der, list });
    return null;
  }
}

async function fetched(url: string): Promise<Uint8Array> {
  const answer = await fetch(url, {
    signal: AbortSignal.timeout(FETCH_MILLIS),
    headers: { 'cache-control': 'no-cache' },
    redirect: 'error',
  });
  if (!answer.ok || answer.body === null)
    throw new PkiError('malformed', `the server answers ${answer.status}`);
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > LIST_OCTETS) throw new PkiError('oversized', `a list of more than ${LIST_OCTETS} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
