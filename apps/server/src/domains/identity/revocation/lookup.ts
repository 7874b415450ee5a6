import type { CertificateId, RevocationReason } from '@wardline/pki';
import { issuerNames } from '@wardline/pki';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { mustParse, type StoredAuthority } from '../authorities/authorities.ts';
import { AUTHORITIES_AGAIN_MS, LOOKED_UP_AT_ONCE, WAITING_LOOKUPS } from '../limits.ts';

/** What is stored of a certificate that is asked about. */
export interface Known {
  revoked: number | null;
  why: RevocationReason | null;
  answer: Buffer | null;
  answer_until: number;
}

interface Waiting {
  authority: string;
  serial: string;
  resolve: (known: Known | null) => void;
  reject: (error: unknown) => void;
}

/** More wait than can be told soon: whoever asks comes again. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
}

/**
 * Looks up certificates that are asked about. Each is read after it was asked for, so that a revocation holds from its transaction on;
 * what is asked for while the database reads is read together next. Which authority a question means changes never and is kept.
 */
export class Lookup {
  readonly #context: Pick<Context, 'database' | 'authorities'>;
  #authorities = new Map<string, string>();
  #readAt = Number.NEGATIVE_INFINITY;
  #waiting: Waiting[] = [];
  #isReading = false;

  constructor(context: Pick<Context, 'database' | 'authorities'>) {
    this.#context = context;
  }

  /** The id of the authority that a question means; null where it is none of here. */
  async authorityOf(asked: CertificateId): Promise<string | null> {
    const name = nameOf(asked.hash, asked);
    const known = this.#authorities.get(name);
    // Whoever asks for strangers costs one reading a second and no more.
    if (known !== undefined || performance.now() - this.#readAt < AUTHORITIES_AGAIN_MS) return known ?? null;
    this.#readAt = performance.now();
    const rows = await this.#context.authorities.all();
    this.#authorities = new Map(rows.flatMap(namesOf));
    return this.#authorities.get(name) ?? null;
  }

  /** @throws Overloaded */
  certificate(authority: string, serial: string): Promise<Known | null> {
    if (this.#waiting.length >= WAITING_LOOKUPS) return Promise.reject(new Overloaded());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ authority, serial, resolve, reject });
      void this.#read();
    });
  }

  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    while (this.#waiting.length > 0) {
      const asked = this.#waiting.splice(0, LOOKED_UP_AT_ONCE);
      try {
        const found = await this.#found(asked);
        for (const one of asked) one.resolve(found.get(`${one.authority}/${one.serial}`) ?? null);
      } catch (error) {
        for (const { reject } of asked) reject(error);
      }
    }
    this.#isReading = false;
  }

  async #found(asked: readonly Waiting[]): Promise<ReadonlyMap<string, Known>> {
    const [authorities, serials] = [
      asked.map(({ authority }) => authority),
      asked.map(({ serial }) => serial),
    ];
    const { rows } = await sql<Known & { authority: string; serial: string }>`
      select c.authority, c.serial, c.revoked, c.revoked_why as why, c.answer, c.answer_until
      from unnest(${authorities}::uuid[], ${serials}::text[]) as q (authority, serial)
      join certificate c on c.authority = q.authority and c.serial = q.serial`.execute(
      this.#context.database,
    );
    return new Map(rows.map((row) => [`${row.authority}/${row.serial}`, row]));
  }
}

const nameOf = (hash: string, { issuerName, issuerKey }: { issuerName: string; issuerKey: string }): string =>
  `${hash}/${issuerName}/${issuerKey}`;

function namesOf({ id, certificate }: StoredAuthority): [string, string][] {
  if (certificate === null) return [];
  const parsed = mustParse(certificate);
  return (['sha1', 'sha256'] as const).map((hash) => [nameOf(hash, issuerNames(parsed, hash)), id]);
}
