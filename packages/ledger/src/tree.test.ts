import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafHash } from './hash.ts';
import { MemoryTree } from './testing/memory-tree.ts';
import { naivePath, naiveProof, naiveRoot } from './testing/naive-tree.ts';
import { consistencyProof, inclusionProof, rootOf } from './tree.ts';
import { type Inclusion, verifyConsistency, verifyInclusion } from './verify.ts';

const entriesOf = (size: number) => Array.from({ length: size }, (_, index) => Buffer.from(`entry ${index}`));

async function treeOf(entries: readonly Uint8Array[]): Promise<MemoryTree> {
  const tree = new MemoryTree();
  for (const entry of entries) await tree.append(entry);
  return tree;
}

const hex = (hashes: readonly Uint8Array[]) => hashes.map((hash) => Buffer.from(hash).toString('hex'));

it('has the roots and proofs that RFC 6962 defines, for every tree of up to 40 entries', async () => {
  const entries = entriesOf(40);
  const tree = await treeOf(entries);
  for (let size = 0; size <= entries.length; size += 1) {
    const part = entries.slice(0, size);
    expect(hex([await rootOf(size, tree.read)])).toEqual(hex([naiveRoot(part)]));
    for (let index = 0; index < size; index += 1)
      expect(hex(await inclusionProof(index, size, tree.read))).toEqual(hex(naivePath(index, part)));
    for (let earlier = 1; earlier <= size; earlier += 1)
      expect(hex(await consistencyProof(earlier, size, tree.read))).toEqual(hex(naiveProof(earlier, part)));
  }
});

it('verifies its own proofs, and refuses them for any other leaf, place, size, root or hash', async () => {
  const entries = entriesOf(300);
  const tree = await treeOf(entries);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 300 }),
      fc.nat(),
      fc.nat(),
      fc.nat(7),
      async (size, place, byte, bit) => {
        const index = place % size;
        const root = await rootOf(size, tree.read);
        const proof = await inclusionProof(index, size, tree.read);
        const inclusion = { leaf: leafHash(entries[index]!), index, size, root, proof };
        expect(verifyInclusion(inclusion)).toBe(true);
        const earlier = 1 + (byte % size);
        const firstRoot = await rootOf(earlier, tree.read);
        const steps = await consistencyProof(earlier, size, tree.read);
        const consistency = { first: earlier, second: size, firstRoot, secondRoot: root, proof: steps };
        expect(verifyConsistency(consistency)).toBe(true);
        for (const bad of forgedInclusions(inclusion, byte, bit)) expect(verifyInclusion(bad)).toBe(false);
        if (earlier === size) return;
        for (const bad of [
          { ...consistency, firstRoot: flipped(firstRoot, byte, bit) },
          { ...consistency, secondRoot: flipped(root, byte, bit) },
          { ...consistency, proof: [...steps, root] },
          { ...consistency, proof: steps.slice(1) },
        ])
          expect(verifyConsistency(bad)).toBe(false);
      },
    ),
    { numRuns: 300 },
  );
});

function flipped(hash: Uint8Array, byte: number, bit: number): Uint8Array {
  const copy = Uint8Array.from(hash);
  copy[byte % copy.length]! ^= 1 << bit;
  return copy;
}

function forgedInclusions(inclusion: Inclusion, byte: number, bit: number): Inclusion[] {
  const { leaf, root, proof, index, size } = inclusion;
  const changed = proof.map((hash, at) => (at === byte % proof.length ? flipped(hash, byte, bit) : hash));
  return [
    { ...inclusion, leaf: flipped(leaf, byte, bit) },
    { ...inclusion, root: flipped(root, byte, bit) },
    { ...inclusion, proof: [...proof, root] },
    { ...inclusion, index: size },
    { ...inclusion, index: -1 },
    ...(proof.length === 0
      ? []
      : [
          { ...inclusion, proof: changed },
          { ...inclusion, proof: proof.slice(1) },
        ]),
    ...(size > 1 ? [{ ...inclusion, index: index === 0 ? 1 : index - 1 }] : []),
  ];
}

const vectors = resolve(import.meta.dirname, '../../../../shared/data/conformance/merkle-rfc6962');
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map(({ parentPath, name }) => join(parentPath, name));
const bytes = (text: string | null) => Buffer.from(text ?? '', 'base64');

interface Vector {
  leafIdx: number;
  treeSize: number;
  root: string | null;
  leafHash: string | null;
  size1: number;
  size2: number;
  root1: string | null;
  root2: string | null;
  proof: string[] | null;
  wantErr: boolean;
}

describe.skipIf(!existsSync(vectors))('the public vectors of RFC 6962 proofs', () => {
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Vector;

  it('of inclusion', () => {
    const files = filesBelow(join(vectors, 'inclusion'));
    for (const file of files) {
      const { leafIdx, treeSize, root, leafHash: leaf, proof, wantErr } = read(file);
      const inclusion = { index: leafIdx, size: treeSize, root: bytes(root), leaf: bytes(leaf) };
      const hashes = (proof ?? []).map(bytes);
      expect(verifyInclusion({ ...inclusion, proof: hashes }), file).toBe(!wantErr);
    }
    console.log(`RFC 6962 inclusion vectors: ${files.length}`);
    expect(files.length).toBeGreaterThan(30);
  });

  it('of consistency', () => {
    const files = filesBelow(join(vectors, 'consistency'));
    for (const file of files) {
      const { size1, size2, root1, root2, proof, wantErr } = read(file);
      const hashes = (proof ?? []).map(bytes);
      const consistency = {
        first: size1,
        second: size2,
        firstRoot: bytes(root1),
        secondRoot: bytes(root2),
        proof: hashes,
      };
      expect(verifyConsistency(consistency), file).toBe(!wantErr);
    }
    console.log(`RFC 6962 consistency vectors: ${files.length}`);
    expect(files.length).toBeGreaterThan(30);
  });
});
