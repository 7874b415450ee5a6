import { createHash } from 'node:crypto';
import {
  Decrypter,
  Encrypter,
  generateX25519Identity,
  identityToRecipient,
  type Recipient,
  Stanza,
} from 'age-encryption';
import { beforeAll, describe, expect, it } from 'vitest';
import { SEAL_HEADER_BYTES } from '../limits.ts';
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

/** By the library alone, as another program would. */
async function sealedBy(recipients: (string | Recipient)[], image: Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(image);
}

const describing = (image: Uint8Array): Firmware => ({
  ...firmware,
  plaintext: { length: image.length, sha256: createHash('sha256').update(image).digest('hex') },
});

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

  it.each([1, 65_535, 65_536, 65_537, 131_072, 131_073])(
    'of %i bytes is what any program of age opens, and makes',
    async (length) => {
      const image = content.subarray(0, length);
      const recipient = await identityToRecipient(identity);
      const ours = await whole((await sealImage(inPieces(image), recipient)).bytes);
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      expect(Buffer.from(await decrypter.decrypt(ours))).toEqual(image);
      const theirs = await sealedBy([recipient], image);
      expect(await opened(theirs, identity, describing(image))).toEqual(image);
    },
  );

  it('does not open without its last chunk, nor with chunks in another order', async () => {
    const payload = sealed.length - (200_000 + 4 * 16);
    const chunk = (at: number) =>
      sealed.subarray(payload + at * 65_552, Math.min(payload + (at + 1) * 65_552, sealed.length));
    const begin = sealed.subarray(0, payload);
    expect(await opened(Buffer.concat([begin, ...[0, 1, 2, 3].map(chunk)]))).toEqual(content);
    for (const order of [
      [0, 1, 2],
      [1, 0, 2, 3],
      [0, 1, 2, 3, 3],
    ])
      await expect(opened(Buffer.concat([begin, ...order.map(chunk)]))).rejects.toMatchObject({
        code: 'mismatch',
      });
  });

  it('has a header within a bound', async () => {
    const recipient = await identityToRecipient(identity);
    const one = Buffer.from(await sealedBy([recipient], content));
    const before = one.length - (200_000 + 4 * 16 + 16);
    // A stanza of others takes what its body takes in base64, with a line feed after each 64 signs, and its name.
    const padded = async (lines: number) => {
      const other = { wrapFileKey: () => [new Stanza(['other'], new Uint8Array(48 * lines))] };
      return Buffer.from(await sealedBy([recipient, other], content));
    };
    const lines = Math.floor((SEAL_HEADER_BYTES - before - '-> other\n\n'.length) / 65);
    expect(await opened(await padded(lines))).toEqual(content);
    await expect(opened(await padded(lines + 1))).rejects.toMatchObject({ code: 'too-long' });
    const endless = Buffer.alloc(SEAL_HEADER_BYTES + 1, sealed.subarray(0, 60));
    await expect(opened(endless)).rejects.toMatchObject({ code: 'too-long' });
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
