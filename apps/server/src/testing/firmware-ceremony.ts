import { createHash, generateKeyPairSync } from 'node:crypto';
import type { FirmwareKey } from '@wardline/model';
import {
  type DelegationPlan,
  type DocumentSigner,
  draftOf,
  type Firmware,
  firmwareDocument,
  type MetadataSource,
  type Papers,
  rootDocument,
  sealImage,
  signDocument,
  signerOf,
  type TargetPlan,
  type TargetSource,
  targetsDocument,
  UpdatesFault,
} from '@wardline/updates';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import type { TestServer } from './running-server.ts';

const YEAR = 365 * 86_400_000;
const newSigner = (): DocumentSigner => signerOf(generateKeyPairSync('ed25519').privateKey);

async function* once(content: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content);
}

export interface SealedImage {
  bytes: Buffer;
  target: TargetPlan;
}

/** People with root and targets keys, who sign away from the server. */
export class Ceremony {
  root = [newSigner(), newSigner()];
  targets = newSigner();
  maker = newSigner();
  identity = '';
  readonly #server: Pick<TestServer, 'post' | 'raw'>;
  readonly #product: { manufacturer: string; model: string };

  /** @param product what its images are for */
  constructor(
    server: Pick<TestServer, 'post' | 'raw'>,
    product = { manufacturer: 'B. Braun', model: 'Infusomat' },
  ) {
    this.#server = server;
    this.#product = product;
  }

  get expires(): number {
    return Date.now() + YEAR;
  }

  /** A root that the given people sign; its online keys are those of the server that are given. */
  rootText(version: number, online: readonly FirmwareKey[], by = this.root, threshold = 1): Promise<string> {
    const keys = [...this.root.map(({ key }) => key), this.targets.key, ...online.map(asKey)];
    const onlineRole = { keyIds: online.map(({ id }) => id), threshold: 1 };
    const roles = {
      root: { keyIds: this.root.map(({ key }) => key.id), threshold },
      targets: { keyIds: [this.targets.key.id], threshold: 1 },
      snapshot: onlineRole,
      timestamp: onlineRole,
    };
    return signed(rootDocument({ version, expires: this.expires, keys, roles }), by);
  }

  /** Targets that delegate to one maker. */
  targetsText(version: number, targets: readonly TargetPlan[] = []): Promise<string> {
    const maker: DelegationPlan = {
      name: 'braun',
      keyIds: [this.maker.key.id],
      threshold: 1,
      paths: ['braun/*/*'],
      isTerminating: true,
    };
    const delegations = { keys: [this.maker.key], roles: [maker] };
    return signed(targetsDocument({ version, expires: this.expires, targets, delegations }), [this.targets]);
  }

  makerText(version: number, targets: readonly TargetPlan[]): Promise<string> {
    return signed(targetsDocument({ version, expires: this.expires, targets }), [this.maker]);
  }

  /** An image for the group of infusion pumps, encrypted. */
  async image(
    version: string,
    securityVersion: number,
    content = `image ${version}`,
    papers?: Papers,
  ): Promise<SealedImage> {
    this.identity ||= await generateX25519Identity();
    const sealed = await sealImage(once(content), await identityToRecipient(this.identity));
    const chunks: Uint8Array[] = [];
    for await (const chunk of sealed.bytes) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const firmware: Firmware = {
      ...this.#product,
      version,
      securityVersion,
      group: 'pumps',
      plaintext: sealed.plaintext(),
      makerKey: '',
      ...(papers === undefined ? {} : { papers }),
    };
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const path = `braun/infusomat/${version}.age`;
    return {
      bytes,
      target: { path, length: bytes.length, sha256, custom: { firmware: firmwareDocument(firmware) } },
    };
  }

  upload({ bytes, target }: SealedImage, sha256 = target.sha256): Promise<Response> {
    return this.#server.raw(`/api/v1/firmware/images?sha256=${sha256}&reason=test`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: new Uint8Array(bytes),
    });
  }

  async newKey(): Promise<FirmwareKey> {
    const response = await this.#server.post('firmware/keys', { reason: 'test' });
    return (await response.json()) as FirmwareKey;
  }

  publish(documents: readonly (readonly [role: string, text: string])[]): Promise<Response> {
    const listed = documents.map(([role, text]) => ({ role, text }));
    return this.#server.post('firmware/publications', { documents: listed, reason: 'test' });
  }
}

const asKey = ({ id, public: text }: FirmwareKey) => ({
  id,
  type: 'ed25519',
  scheme: 'ed25519',
  public: text,
});

const signed = async (
  document: ReturnType<typeof rootDocument>,
  by: readonly DocumentSigner[],
): Promise<string> => Buffer.from(await signDocument(draftOf(document), by)).toString();

/** The server's repository as a device asks it. */
export const repositoryOf = (server: Pick<TestServer, 'raw'>): MetadataSource & TargetSource => ({
  async metadata(name) {
    const response = await server.raw(`/api/v1/firmware/repository/metadata/${name}`);
    return response.ok ? Buffer.from(await response.arrayBuffer()) : null;
  },
  async *target(path) {
    const response = await server.raw(`/api/v1/firmware/repository/targets/${path}`);
    if (!response.ok) throw new UpdatesFault('missing', path);
    yield Buffer.from(await response.arrayBuffer());
  },
});
