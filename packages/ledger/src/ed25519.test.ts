import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isSignedBy, publicKeyOf } from './ed25519.ts';

const vectors = resolve(
  import.meta.dirname,
  '../../../../shared/data/conformance/wycheproof/ed25519_test.json',
);

interface Vectors {
  numberOfTests: number;
  testGroups: { publicKey: { pk: string }; tests: Case[] }[];
}
interface Case {
  tcId: number;
  comment: string;
  msg: string;
  sig: string;
  result: 'valid' | 'invalid';
}

describe.skipIf(!existsSync(vectors))('Wycheproof’s Ed25519 cases', () => {
  const { testGroups, numberOfTests } = JSON.parse(
    existsSync(vectors) ? readFileSync(vectors, 'utf8') : '{}',
  ) as Vectors;

  it('are told as they are, each of them', () => {
    const bytes = (hex: string) => Buffer.from(hex, 'hex');
    let cases = 0;
    for (const { publicKey, tests } of testGroups)
      for (const { tcId, comment, msg, sig, result } of tests) {
        const holds = isSignedBy(publicKeyOf(bytes(publicKey.pk)), bytes(msg), bytes(sig));
        expect(holds, `case ${tcId}: ${comment}`).toBe(result === 'valid');
        cases += 1;
      }
    console.log(`Wycheproof Ed25519 cases: ${cases}`);
    expect(cases).toBe(numberOfTests);
    expect(cases).toBeGreaterThan(100);
  });
});
