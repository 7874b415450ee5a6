import { createHash, generateKeyPairSync, getHashes } from 'node:crypto';
import { asSegment, type TrustedStore } from '../client/ports.ts';
import { UpdatesFault } from '../fault.ts';
import { addressOf, type MetadataSource, type TargetSource } from '../index.ts';
import { TOP_ROLES } from '../metadata/delegations.ts';
import { readMetadata } from '../metadata/envelope.ts';
import {
  describe,
  draftOf,
  rootDocument,
  signDocument,
  snapshotDocument,
  targetsDocument,
  timestampDocument,
} from '../repository/document.ts';
import { type DocumentSigner, signerOf } from '../repository/signer.ts';

/** What tests change at will, right or wrong, before it is signed. */
// biome-ignore lint/suspicious/noExplicitAny: metadata of every shape, also of wrong ones
export type Loose = any;

export const DAY = 86_400_000;
export const NOW = Date.UTC(2026, 10, 26);
const text = new TextEncoder();

export const newSigner = (): DocumentSigner => signerOf(generateKeyPairSync('ed25519').privateKey);

const digestOf = (name: string, bytes: Uint8Array): string =>
  createHash(getHashes().includes(name) ? name : 'sha512')
    .update(bytes)
    .digest('hex');

/** A repository in memory of which a test holds every key, and in which it can do wrong. */
export class SimulatedRepository implements MetadataSource, TargetSource {
  readonly signed: Record<string, Loose> = {};
  readonly signers = new Map<string, DocumentSigner[]>();
  /** What is served, by name. */
  readonly files = new Map<string, Uint8Array>();
  readonly targets = new Map<string, Uint8Array>();
  /** What was asked for, in order. */
  readonly asked: string[] = [];
  /** What is served at a version before another came. */
  readonly #versions = new Map<string, number>();
  hasHashes = true;

  static async create(): Promise<SimulatedRepository> {
    const repository = new SimulatedRepository();
    await repository.#begin();
    return repository;
  }

  async #begin(): Promise<void> {
    for (const name of TOP_ROLES) this.signers.set(name, [newSigner()]);
    const until = { version: 1, expires: NOW + 30 * DAY };
    const keys = TOP_ROLES.map((name) => this.signers.get(name)![0]!.key);
    const roles = Object.fromEntries(
      TOP_ROLES.map((name, at) => [name, { keyIds: [keys[at]!.id], threshold: 1 }]),
    );
    this.signed.root = structuredClone(rootDocument({ ...until, keys, roles: roles as Loose }));
    this.signed.targets = structuredClone(targetsDocument({ ...until, targets: [] }));
    const nothing = { version: 1, length: 1, sha256: '00' };
    this.signed.snapshot = structuredClone(snapshotDocument({ ...until, roles: new Map() }));
    this.signed.timestamp = structuredClone(timestampDocument({ ...until, snapshot: nothing }));
    await this.publish(['root', 'targets', 'snapshot', 'timestamp']);
  }

  /** Signs roles and serves them, each a version higher than before. */
  async publish(roles: readonly string[], raise = true): Promise<void> {
    for (const role of roles) {
      const signed = this.signed[role];
      if (raise && this.#versions.has(role)) signed.version++;
      await this.serve(role, await signDocument(draftOf(signed), this.signers.get(role) ?? []));
    }
  }

  /** Everything anew but the root. */
  update = (): Promise<void> => this.publish(['targets', 'snapshot', 'timestamp']);

  async serve(role: string, bytes: Uint8Array): Promise<void> {
    const { version } = this.signed[role];
    this.#versions.set(role, version);
    this.files.set(role === 'timestamp' ? 'timestamp.json' : `${version}.${asSegment(role)}.json`, bytes);
    const { length, sha256: digest } = describe(bytes);
    const said = this.hasHashes ? { version, length, hashes: { sha256: digest } } : { version };
    if (role === 'snapshot') this.signed.timestamp.meta['snapshot.json'] = said;
    else if (role !== 'timestamp' && role !== 'root') this.signed.snapshot.meta[`${role}.json`] = said;
  }

  /** What is served of a role now. */
  served(role: string): Uint8Array {
    const version = this.#versions.get(role);
    return this.files.get(role === 'timestamp' ? 'timestamp.json' : `${version}.${asSegment(role)}.json`)!;
  }

  addKey(role: string, signer = newSigner(), delegator?: string): DocumentSigner {
    const holder = delegator === undefined ? this.signed.root : this.signed[delegator].delegations;
    const entry =
      delegator === undefined ? holder.roles[role] : holder.roles.find((found: Loose) => found.name === role);
    const { id, type, scheme, public: value } = signer.key;
    holder.keys[id] = { keytype: type, scheme, keyval: { public: value } };
    entry.keyids.push(id);
    this.signers.set(role, [...(this.signers.get(role) ?? []), signer]);
    return signer;
  }

  /** Other keys in place of all that a role has. */
  rotate(role: string): void {
    this.signed.root.roles[role].keyids = [];
    this.signers.set(role, []);
    this.addKey(role);
  }

  delegate(from: string, name: string, rules: Loose = {}): void {
    const delegator = this.signed[from];
    delegator.delegations ??= { keys: {}, roles: [] };
    const terms = { terminating: false, paths: ['*'], ...rules };
    delegator.delegations.roles.push({ name, keyids: [], threshold: 1, ...terms });
    this.signed[name] ??= structuredClone(
      targetsDocument({ version: 1, expires: NOW + 30 * DAY, targets: [] }),
    );
    this.addKey(name, newSigner(), from);
  }

  /** @param digests by their names; what is no name of a digest has the value of one all the same */
  addTarget(
    role: string,
    path: string,
    content: string | Uint8Array,
    custom?: Loose,
    digests: readonly string[] = ['sha256'],
  ): void {
    const bytes = typeof content === 'string' ? text.encode(content) : content;
    const hashes = digests.map((name): [string, string] => [name, digestOf(name, bytes)]);
    const target = { length: bytes.length, hashes: Object.fromEntries(hashes) };
    this.signed[role].targets[path] = custom === undefined ? target : { ...target, custom };
    const root = readMetadata('root', this.files.get('1.root.json')!);
    const file = { path, length: bytes.length, hashes: new Map(hashes), custom: null };
    this.targets.set(addressOf(root, file), bytes);
  }

  async metadata(name: string, most: number): Promise<Uint8Array | null> {
    this.asked.push(name);
    const bytes = this.files.get(name) ?? null;
    if (bytes !== null && bytes.length > most) throw new UpdatesFault('too-long', name);
    return bytes;
  }

  async *target(path: string): AsyncGenerator<Uint8Array> {
    this.asked.push(path);
    const bytes = this.targets.get(path);
    if (bytes === undefined) throw new UpdatesFault('missing', path);
    for (let at = 0; at < bytes.length; at += 999) yield bytes.subarray(at, at + 999);
  }
}

/** What a client trusts, in memory. */
export class MemoryStore implements TrustedStore {
  readonly files = new Map<string, Uint8Array>();

  async read(role: string): Promise<Uint8Array | null> {
    return this.files.get(role) ?? null;
  }

  async write(role: string, bytes: Uint8Array): Promise<void> {
    this.files.set(role, bytes);
  }

  async remove(role: string): Promise<void> {
    this.files.delete(role);
  }

  version(role: string): number | null {
    const bytes = this.files.get(role);
    return bytes === undefined ? null : describe(bytes).version;
  }

  /** `root 1 · snapshot 2`, sorted. */
  get trusted(): string {
    return [...this.files.keys()]
      .sort()
      .map((role) => `${role} ${this.version(role)}`)
      .join(' · ');
  }
}
