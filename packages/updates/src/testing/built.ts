import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A builder that signs what it built. For tests only. */
export class Builder {
  readonly privateKey: KeyObject;
  /** In PEM. */
  readonly publicKey: string;

  constructor(pair: { privateKey: KeyObject; publicKey: KeyObject } = generateKeyPairSync('ed25519')) {
    this.privateKey = pair.privateKey;
    this.publicKey = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  }

  get keyDigest(): string {
    const spki = Buffer.from(this.publicKey.replaceAll(/-----[A-Z ]+-----|\s/g, ''), 'base64');
    return createHash('sha256').update(spki).digest('hex');
  }

  /** An envelope of DSSE. */
  envelope(statement: object, type = 'application/vnd.in-toto+json', digest: string | null = null): string {
    const payload = Buffer.from(JSON.stringify(statement));
    const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `;
    const sig = sign(digest, Buffer.concat([Buffer.from(head), payload]), this.privateKey).toString('base64');
    return JSON.stringify({
      payloadType: type,
      payload: payload.toString('base64'),
      signatures: [{ keyid: '', sig }],
    });
  }
}

export const slsa1 = (...digests: string[]) => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: digests.map((sha256) => ({ name: 'pump.bin', digest: { sha256 } })),
  predicateType: 'https://slsa.dev/provenance/v1',
  predicate: {
    buildDefinition: {
      buildType: 'https://build.example/firmware/v1',
      externalParameters: { ratio: 0.5 },
      resolvedDependencies: [
        { uri: 'git+https://git.example/pump@refs/tags/v2.1', digest: { gitCommit: 'ab12' } },
      ],
    },
    runDetails: {
      builder: { id: 'https://build.example/line-4' },
      metadata: { invocationId: '77', finishedOn: '2026-11-20T10:00:00Z' },
    },
  },
});

export const slsa02 = (...digests: string[]) => ({
  ...slsa1(...digests),
  _type: 'https://in-toto.io/Statement/v0.1',
  predicateType: 'https://slsa.dev/provenance/v0.2',
  predicate: {
    builder: { id: 'https://build.example/line-3' },
    buildType: 'https://build.example/make',
    invocation: { configSource: {} },
    metadata: { buildFinishedOn: '2026-11-19T10:00:00Z' },
    materials: [{ uri: 'git+https://git.example/pump', digest: { sha1: 'cd34' } }],
  },
});
