import { describe, expect, it } from 'vitest';
import { JSON_DEPTH } from '../limits.ts';
import { parseLocatedJson } from './located-json.ts';
import { readOpenconfig } from './openconfig.ts';

const entry = (number: number, rest: string, action = 'ACCEPT') =>
  `{"sequence-id":${number},${rest},"actions":{"config":{"forwarding-action":"oc-acl:${action}"}}}`;
const set = (...entries: readonly string[]) =>
  `{"openconfig-defined-sets:defined-sets":{"ipv4-prefix-sets":{"ipv4-prefix-set":[{"name":"PUMPS","config":{"prefix":["10.1.0.0/24"]}}]}},\n"openconfig-acl:acl":{"acl-sets":{"acl-set":[{"name":"A","type":"oc-acl:ACL_IPV4","acl-entries":{"acl-entry":[\n${entries.join(',\n')}\n]}}]}}}`;

describe('sets of entries of OpenConfig', () => {
  it('are read in the order of their numbers, with prefix sets, names of protocols and conditions', () => {
    const text = set(
      entry(20, '"ipv4":{"config":{"protocol":"oc-pkt-match-types:IP_TCP","dscp":46}}'),
      entry(
        10,
        '"ipv4":{"config":{"source-address-prefix-set":"PUMPS"}},"transport":{"config":{"destination-port":"80..90"}}',
        'DROP',
      ),
      entry(30, '"ipv4":{"config":{"dscp":1}}', 'DROP'),
    );
    const result = readOpenconfig(text);
    if ('fault' in result) throw new Error(result.fault.message);
    const { ruleset, family } = result.lists[0]!;
    expect(family).toBe(4);
    expect(ruleset.lines.map(({ line, action }) => [line, action])).toEqual([
      [4, 'deny'],
      [3, 'permit'],
    ]);
    expect(ruleset.lines[0]!.boxes).toEqual([
      { source: [{ first: 0x0a010000n, last: 0x0a0100ffn }], destinationPort: [{ first: 80n, last: 90n }] },
    ]);
    expect(ruleset.unmodelled.map(({ line }) => line)).toEqual([3, 5]);
  });

  it.each([
    [set(entry(10, '"ipv4":{"config":{"source-address":"10.0.0.1/8"}}')), 3, 'is no prefix of IPv4'],
    [
      set(entry(10, '"ipv4":{"config":{"source-address-prefix-set":"GONE"}}')),
      3,
      'there is no prefix set GONE',
    ],
    [set(entry(10, '"transport":{"config":{"source-port":"9..1"}}')), 3, 'is no port'],
    [set(entry(10, '"config":{}', 'LET_IN')), 3, 'the action "LET_IN"'],
    [set(entry(10, '"config":{}'), entry(10, '"config":{}')), 2, 'stands twice'],
    ['{"a":1,\n"a":2}', 2, '"a" stands twice'],
    ['{"a":\n01}', 2, 'JSON does not allow'],
  ])('are refused with the line', (text, line, message) => {
    const result = readOpenconfig(text);
    expect('fault' in result && result.fault).toEqual({ line, message: expect.stringContaining(message) });
  });

  it('stand as deep as the bound says, and no deeper', () => {
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect('root' in parseLocatedJson(deep(JSON_DEPTH + 1))).toBe(true);
    expect('fault' in parseLocatedJson(deep(JSON_DEPTH + 2))).toBe(true);
  });
});
