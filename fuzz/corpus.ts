import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { decode, encode, type Input, nameOf } from './input.ts';

export const root = join(import.meta.dirname, '..');
/** What is kept with the sources, and what the campaigns of this machine found. */
export const committed = join(import.meta.dirname, 'corpus');
export const working = join(root, '.tmp/fuzz/corpus');
/** Where `--gather` puts what the tests and captures show. */
export const gathered = join(root, '.tmp/fuzz/gathered');

/** Inputs of one target, one behind the other, each with its length in front (32 bits, big-endian). */
export function load(folder: string, id: string): Input[] {
  const file = join(folder, `${id}.bin`);
  if (!existsSync(file)) return [];
  const bytes = readFileSync(file);
  const inputs: Input[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    inputs.push(decode(bytes.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return inputs;
}

export function save(folder: string, id: string, inputs: readonly Input[]): void {
  const file = join(folder, `${id}.bin`);
  mkdirSync(dirname(file), { recursive: true });
  const parts = inputs.flatMap((input) => {
    const bytes = encode(input);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  });
  writeFileSync(file, Buffer.concat(parts));
}

/** All inputs of a target, each once. */
export function loadAll(folders: readonly string[], id: string): Input[] {
  const byName = new Map(
    folders.flatMap((folder) => load(folder, id)).map((input) => [nameOf(input), input]),
  );
  return [...byName.values()];
}
