import { expect, it } from 'vitest';
import { parsePolicy } from '../language/parse.ts';
import { prove } from '../prove/prove.ts';
import { readCiscoIos } from '../read/cisco-ios.ts';
import { resolvePolicy } from '../resolve.ts';
import { compileCiscoIos } from './cisco-ios.ts';

const { policy } = parsePolicy(`policy "p" version 1
undeclared enforce
zone pumps
  addresses 10.1.0.1, 10.1.0.3
zone ward
  addresses 10.1.0.0/24
zone servers
  addresses 10.2.0.1
conduit narrow
  from pumps
  to servers
  allow tcp 80 443
  mode enforce
conduit wide
  from ward
  to servers
  allow tcp 1-1000
  mode enforce
`);

it('writes what each conduit asks, and where that does not fit leaves out what other lines hold', () => {
  const resolved = resolvePolicy(policy!, [], 0);
  const plain = compileCiscoIos(resolved);
  // Four lines, one, their answers, and the ends of both lists.
  expect([plain.entries, plain.files[0]!.text.includes('remark conduit narrow')]).toEqual([14, true]);
  const tight = compileCiscoIos(resolved, 13);
  expect([tight.entries, tight.files[0]!.text.includes('remark conduit narrow')]).toEqual([6, false]);
  expect(compileCiscoIos(resolved, 5)).toMatchObject({ entries: 6, files: [] });
  const result = readCiscoIos(tight.files[0]!.text);
  const lists = 'rulesets' in result ? result.rulesets : [];
  expect(lists.map((list, index) => prove(resolved, list, [index === 0 ? 4 : 6]).equal)).toEqual([
    true,
    true,
  ]);
});
