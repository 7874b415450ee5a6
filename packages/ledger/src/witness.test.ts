import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkpointText, parseCheckpoint } from './checkpoint.ts';
import { WITNESS_PROOF_LINES } from './limits.ts';
import { createSigner, formatNote, parseNote, signNote } from './note.ts';
import { MemoryTree } from './testing/memory-tree.ts';
import { consistencyProof, rootOf } from './tree.ts';
import { type AddCheckpoint, addCheckpointText, judgeCheckpoint, parseAddCheckpoint } from './witness.ts';

const log = createSigner('hospital.example', Buffer.alloc(32, 1));

async function treeOf(size: number, from = 'act'): Promise<MemoryTree> {
  const tree = new MemoryTree();
  for (let index = 0; index < size; index += 1) await tree.append(Buffer.from(`${from} ${index}`));
  return tree;
}

async function noteOf(tree: MemoryTree, size: number, signer = log): Promise<string> {
  const text = checkpointText({ origin: signer.name, size, root: await rootOf(size, tree.read) });
  return formatNote({ text, signatures: [signNote(text, signer)] });
}

async function requestOf(tree: MemoryTree, old: number, size: number): Promise<AddCheckpoint> {
  return { old, proof: await consistencyProof(old, size, tree.read), note: await noteOf(tree, size) };
}
const headOf = async (tree: MemoryTree, size: number) =>
  parseCheckpoint(parseNote(await noteOf(tree, size))!.text);

it('is written and read back, whatever the sizes', async () => {
  const tree = await treeOf(60);
  await fc.assert(
    fc.asyncProperty(fc.nat(60), fc.nat(60), async (a, b) => {
      const request = await requestOf(tree, Math.min(a, b), Math.max(a, b));
      const read = parseAddCheckpoint(addCheckpointText(request))!;
      expect(read).toMatchObject({ old: request.old, note: request.note });
      expect(read.proof.map((hash) => Buffer.from(hash).toString('hex'))).toEqual(
        request.proof.map((hash) => Buffer.from(hash).toString('hex')),
      );
      const last = request.old === 0 ? null : await headOf(tree, request.old);
      expect(judgeCheckpoint(read, log, last).kind).toBe('continues');
    }),
  );
});

describe('is refused', () => {
  it.each<[string, (tree: MemoryTree, other: MemoryTree) => Promise<AddCheckpoint>, object]>([
    [
      'where it is of another log',
      async (tree) => {
        const stranger = createSigner('other.example', Buffer.alloc(32, 1));
        return { ...(await requestOf(tree, 5, 9)), note: await noteOf(tree, 9, stranger) };
      },
      { kind: 'unknown-log' },
    ],
    [
      'where another key signed it',
      async (tree) => {
        const stranger = createSigner(log.name, Buffer.alloc(32, 2));
        return { ...(await requestOf(tree, 5, 9)), note: await noteOf(tree, 9, stranger) };
      },
      { kind: 'unsigned' },
    ],
    [
      'where it is older than what it continues',
      async (tree) => ({ ...(await requestOf(tree, 3, 3)), old: 5 }),
      { kind: 'malformed' },
    ],
    ['where the witness saw another head', (tree) => requestOf(tree, 4, 9), { kind: 'conflict', size: 5 }],
    ['where as many acts are others', (_, other) => requestOf(other, 5, 5), { kind: 'conflict', size: 5 }],
    ['where the ledger was rewritten', (_, other) => requestOf(other, 5, 9), { kind: 'unproved' }],
    [
      'without its proof',
      async (tree) => ({ ...(await requestOf(tree, 5, 9)), proof: [] }),
      { kind: 'unproved' },
    ],
    ['where the note is none', async () => ({ old: 5, proof: [], note: 'no note' }), { kind: 'malformed' }],
  ])('%s', async (_name, make, judgement) => {
    const [tree, other] = [await treeOf(9), await treeOf(9, 'another act')];
    expect(judgeCheckpoint(await make(tree, other), log, await headOf(tree, 5))).toEqual(judgement);
  });

  it('where a first head comes with a proof of something', async () => {
    const tree = await treeOf(9);
    const request = { ...(await requestOf(tree, 5, 9)), old: 0 };
    expect(judgeCheckpoint(request, log, null).kind).toBe('unproved');
  });

  it.each([
    '',
    'old 5',
    'old -1\n\nx',
    'old 05\n\nx',
    'old 9007199254740993\n\nx',
    'new 5\n\nx',
    'old 5\nAAAA\n\nx',
  ])('as a request: %j', (text) => {
    expect(parseAddCheckpoint(text)).toBeNull();
  });

  it('beyond so many hashes', () => {
    const text = (count: number) =>
      addCheckpointText({ old: 1, proof: Array.from({ length: count }, () => Buffer.alloc(32)), note: 'x' });
    expect(parseAddCheckpoint(text(WITNESS_PROOF_LINES))).not.toBeNull();
    expect(parseAddCheckpoint(text(WITNESS_PROOF_LINES + 1))).toBeNull();
  });
});
