import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UpdatesFault } from '../fault.ts';
import { PROVENANCE_BYTES } from '../limits.ts';
import { Builder, slsa1, slsa02 } from '../testing/built.ts';
import { readProvenance } from './provenance.ts';

const builder = new Builder();
const IMAGE = 'ab'.repeat(32);
const read = (text: string, by = builder) => readProvenance(Buffer.from(text), by.publicKey);

describe('provenance', () => {
  it('says who built an image, how, when and from what, by SLSA 1 and 0.2', () => {
    expect(read(builder.envelope(slsa1(IMAGE, 'AB'.repeat(32))))).toEqual({
      predicate: 'https://slsa.dev/provenance/v1',
      builder: 'https://build.example/line-4',
      buildType: 'https://build.example/firmware/v1',
      source: { uri: 'git+https://git.example/pump@refs/tags/v2.1', digest: 'gitCommit:ab12' },
      finished: '2026-11-20T10:00:00Z',
      subjects: [IMAGE, IMAGE],
      builderKey: builder.keyDigest,
    });
    expect(read(builder.envelope(slsa02(IMAGE)))).toMatchObject({
      builder: 'https://build.example/line-3',
      source: { uri: 'git+https://git.example/pump', digest: 'sha1:cd34' },
      finished: '2026-11-19T10:00:00Z',
    });
  });

  it.each([
    ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'sha256'],
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }), 'sha384'],
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }), 'sha256'],
  ])('is read when %s signed it', (_, pair, digest) => {
    const other = new Builder(pair);
    const text = other.envelope(slsa1(IMAGE), 'application/vnd.in-toto+json', digest);
    expect(read(text, other).subjects).toEqual([IMAGE]);
    expect(() => read(text)).toThrow('not signed');
  });

  it('is found in a bundle, and in a file of many statements', () => {
    const envelope = builder.envelope(slsa1(IMAGE));
    expect(read(JSON.stringify({ dsseEnvelope: JSON.parse(envelope) })).subjects).toEqual([IMAGE]);
    const other = builder.envelope({ ...slsa1(IMAGE), predicateType: 'https://spdx.dev/Document' });
    const strange = new Builder().envelope(slsa1('cd'.repeat(32)));
    expect(read(`${strange}\n${other}\n${envelope}\n`).subjects).toEqual([IMAGE]);
  });

  const changed = (
    change: (envelope: { payload: string; payloadType: string; signatures: object[] }) => void,
  ) => {
    const envelope = JSON.parse(builder.envelope(slsa1(IMAGE)));
    change(envelope);
    return JSON.stringify(envelope);
  };

  it.each<[string, string, string]>([
    ['another payload', changed((one) => (one.payload = Buffer.from('{}').toString('base64'))), 'not signed'],
    ['another type', changed((one) => (one.payloadType = 'text/plain')), 'not signed'],
    ['no signature', changed((one) => (one.signatures = [])), 'not signed'],
    [
      'too many signatures',
      changed((one) => (one.signatures = Array.from({ length: 33 }, () => ({ sig: '' })))),
      'more than 32',
    ],
    ['no envelope', '{"a":1}', 'no envelope'],
    ['no JSON', 'a text\n{"a":1}', 'line 1'],
    ['nothing', '', 'not signed'],
    ['another statement', builder.envelope({ _type: 'x' }), 'no in-toto statement'],
    ['no subject', builder.envelope(slsa1()), 'subject'],
    ['no builder', builder.envelope({ ...slsa1(IMAGE), predicate: {} }), 'runDetails.builder.id'],
    ['another predicate', builder.envelope({ ...slsa1(IMAGE), predicateType: 'x' }), 'nothing in it'],
  ])('is refused with %s', (_, text, why) => {
    expect(() => read(text)).toThrow(why);
    expect(() => read(text)).toThrow(UpdatesFault);
  });

  it('is refused with a key that is none, and beyond its bound', () => {
    expect(() => readProvenance(Buffer.from('{}'), 'a key')).toThrow('no public key');
    expect(() => read(' '.repeat(PROVENANCE_BYTES + 1))).toThrow('longer than');
  });

  it('is refused cut off at every byte, and never otherwise than with a fault, whatever it holds', () => {
    const text = builder.envelope(slsa1(IMAGE));
    for (let end = 0; end < text.length; end += 1)
      expect(() => read(text.slice(0, end))).toThrow(UpdatesFault);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const signed of [JSON.stringify(value), builder.envelope({ ...slsa1(IMAGE), predicate: value })])
          try {
            expect(read(signed).subjects).toEqual([IMAGE]);
          } catch (error) {
            expect(error).toBeInstanceOf(UpdatesFault);
          }
      }),
    );
  });
});
