import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Firmware, firmwareDocument, firmwareFrom } from './description.ts';
import { isSealed, openImage, sealImage } from './seal.ts';

const content = Buffer.alloc(200_000, 'firmware ');
let identity: string;
let sealed: Buffer;
let firmware: Firmware;

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000);
}

async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

beforeAll(async () => {
  identity = await generateX25519Identity();
  const made = await sealImage(inPieces(content), await identityToRecipient(identity));
  sealed = await whole(made.bytes);
  const names = { manufacturer: 'B. Braun', model: 'Infusomat', version: '2.1', group: 'pumps' };
  firmware = { ...names, securityVersion: 8, plaintext: made.plaintext(), makerKey: '' };
});

const opened = (bytes: Uint8Array, by = identity, as = firmware) => whole(openImage(inPieces(bytes), by, as));

describe('a sealed image', () => {
  it('opens with the key of its group to what was sealed', async () => {
    expect(isSealed(sealed)).toBe(true);
    expect(await opened(sealed)).toEqual(content);
  });

  it('does not open when it is in clear, cut off, changed, or sealed to others', async () => {
    expect(isSealed(content)).toBe(false);
    const changed = Buffer.from(sealed);
    changed[100_000]! ^= 1;
    for (const bytes of [content, sealed.subarray(0, 150_000), sealed.subarray(0, 40), changed])
      await expect(opened(bytes)).rejects.toMatchObject({ code: 'mismatch' });
    await expect(opened(sealed, await generateX25519Identity())).rejects.toMatchObject({ code: 'mismatch' });
  });

  it('does not open to anything but what was signed', async () => {
    const other = { ...firmware, plaintext: { ...firmware.plaintext, sha256: 'ab'.repeat(32) } };
    await expect(opened(sealed, identity, other)).rejects.toMatchObject({ code: 'mismatch' });
    const shorter = { ...firmware, plaintext: { ...firmware.plaintext, length: 100 } };
    await expect(opened(sealed, identity, shorter)).rejects.toMatchObject({ code: 'too-long' });
  });

  it('is sealed to a public key only', async () => {
    await expect(sealImage(inPieces(content), 'a passphrase')).rejects.toMatchObject({ code: 'malformed' });
  });
});

describe('what is signed of an image', () => {
  it('is read as it was written', () => {
    expect(firmwareFrom(firmwareDocument(firmware))).toEqual(firmware);
    const digest = 'cd'.repeat(32);
    const papers = {
      sbom: digest,
      provenance: { sha256: digest, builderKey: digest },
      advisories: ['CVE-2026-1'],
    };
    for (const some of [papers, { ...papers, sbom: null }, { sbom: null, provenance: null, advisories: [] }])
      expect(firmwareFrom(firmwareDocument({ ...firmware, papers: some }))).toEqual({
        ...firmware,
        papers: some,
      });
  });

  it.each([
    ['manufacturer', ''],
    ['model', 'x'.repeat(101)],
    ['version', 'line\nbreak'],
    ['security_version', -1],
    ['plaintext', { length: 0, sha256: 'ab'.repeat(32) }],
    ['plaintext', { length: 1, sha256: 'AB'.repeat(32) }],
    ['maker_key', 'somebody'],
    ['group', 7],
  ])('is none with %s %j', (name, value) => {
    expect(() => firmwareFrom({ ...firmwareDocument(firmware), [name]: value })).toThrow(
      /firmware|integer|text/,
    );
  });
});
