import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  type Authority,
  type Certificate,
  keySigner,
  type Places,
  parseCertificate,
  type ZoneScope,
} from '@wardline/pki';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { type Keyring, placeIn } from '../../../keys/index.ts';
import type { Database, Executor } from '../../../store/database.ts';

/** An authority as it is stored. Times are microseconds since the epoch. */
export interface StoredAuthority {
  id: string;
  zone: string;
  organization: string;
  domain: string;
  mail_domain: string | null;
  state: 'requested' | 'issuing' | 'retiring' | 'withdrawn';
  key_digest: string;
  certificate: Buffer | null;
  root: string | null;
  not_before: number | null;
  not_after: number | null;
  added: number;
  responder: Buffer | null;
  responder_until: number | null;
  list_number: number;
  list_until: number | null;
  list_due: number;
}

export const scopeOf = ({
  organization,
  zone,
  domain,
  mail_domain: mailDomain,
}: StoredAuthority): ZoneScope => ({
  organization,
  zone,
  domain,
  mailDomain,
});

/** One that can sign. */
export interface OpenAuthority extends Authority {
  row: StoredAuthority;
  scope: ZoneScope;
}

const keyZone = (zone: string): string => `zone:${zone}`;
const placeOf = (id: string): string => placeIn({ table: 'authority_key' }, id);

/** The zones' authorities. Their keys lie sealed by the key of their zone, and are open in memory only. */
export class Authorities {
  readonly #database: Database;
  readonly #keys: Keyring;
  readonly #revocationUrl: string | null;
  /** By the id of the stored key. */
  readonly #opened = new Map<string, KeyObject>();

  constructor({ database, keys, config }: Pick<Context, 'database' | 'keys' | 'config'>) {
    this.#database = database;
    this.#keys = keys;
    this.#revocationUrl = config.trust.revocationUrl;
  }

  async all(database: Executor = this.#database): Promise<StoredAuthority[]> {
    const { rows } = await sql<StoredAuthority>`
      select id, zone, organization, domain, mail_domain, state, key_digest, certificate, root, not_before, not_after,
        added, responder, responder_until, list_number, list_until, list_due
      from authority order by zone, added`.execute(database);
    return rows;
  }

  /** The one that issues for a zone; null where none does. */
  async issuing(zone: string): Promise<StoredAuthority | null> {
    return (await this.all()).find((row) => row.zone === zone && row.state === 'issuing') ?? null;
  }

  /** Whose certificates are taken, by the digest of the authority's key. */
  async zones(): Promise<{
    scopes: ReadonlyMap<string, ZoneScope>;
    between: Certificate[];
    roots: Certificate[];
  }> {
    const trusted = (await this.all()).filter(({ state }) => state === 'issuing' || state === 'retiring');
    const { rows } = await sql<{ certificate: Buffer }>`select certificate from trust_root`.execute(
      this.#database,
    );
    return {
      scopes: new Map(trusted.map((row) => [row.key_digest, scopeOf(row)])),
      between: trusted.map(({ certificate }) => mustParse(certificate!)),
      roots: rows.map(({ certificate }) => mustParse(certificate)),
    };
  }

  /** Null where it has no certificate yet, or its zone's key does not open. */
  async open(row: StoredAuthority): Promise<OpenAuthority | null> {
    const key = await this.#key(row.id);
    if (row.certificate === null || key === null) return null;
    return { row, scope: scopeOf(row), certificate: mustParse(row.certificate), signer: keySigner(key) };
  }

  /** Whoever answers for it; null where there is none yet, or the zone's key does not open. */
  async responder(row: StoredAuthority): Promise<Authority | null> {
    if (row.responder === null) return null;
    const certificate = mustParse(row.responder);
    const key = await this.#key(responderKey(row.id, certificate.serial));
    return key === null ? null : { certificate, signer: keySigner(key) };
  }

  /** A new key, sealed by the key of its zone. The caller stores it in its transaction. */
  async newKey(zone: string, id: string): Promise<{ key: KeyObject; sealed: Buffer }> {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const plain = privateKey.export({ type: 'pkcs8', format: 'der' });
    return { key: privateKey, sealed: await this.#keys.seal(plain, placeOf(id), keyZone(zone)) };
  }

  async #key(id: string): Promise<KeyObject | null> {
    const known = this.#opened.get(id);
    if (known !== undefined) return known;
    const { rows } = await sql<{ sealed: Buffer }>`select sealed from authority_key where id = ${id}`.execute(
      this.#database,
    );
    const plain = rows[0] === undefined ? null : await this.#keys.open(rows[0].sealed, placeOf(id));
    if (plain === null) return null;
    const key = createPrivateKey({ key: plain, format: 'der', type: 'pkcs8' });
    plain.fill(0);
    this.#opened.set(id, key);
    return key;
  }

  /** Where certificates of an authority say that revocation can be asked for. */
  places(id: string): Places | null {
    const base = this.#revocationUrl;
    return base === null
      ? null
      : {
          ocsp: `${base}/pki/ocsp`,
          crl: `${base}/pki/lists/${id}.crl`,
          issuer: `${base}/pki/authorities/${id}.cer`,
        };
  }
}

export const responderKey = (authority: string, serial: string): string => `${authority}/${serial}`;

/** What was read once before it was stored. */
export function mustParse(der: Uint8Array): Certificate {
  const read = parseCertificate(der);
  if (!read.ok) throw new Error(`a stored certificate cannot be read: ${read.refused.message}`);
  return read.value;
}
