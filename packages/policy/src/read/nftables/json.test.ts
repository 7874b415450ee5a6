import { describe, expect, it } from 'vitest';
import { readNftables } from './index.ts';

const rule = (...expr: unknown[]) => ({ rule: { family: 'inet', table: 'f', chain: 'c', expr } });
const chain = {
  chain: { family: 'inet', table: 'f', name: 'c', type: 'filter', hook: 'forward', prio: 0, policy: 'drop' },
};
const listing = (...objects: unknown[]) => ({
  nftables: [
    { metainfo: { json_schema_version: 1 } },
    { table: { family: 'inet', name: 'f' } },
    chain,
    ...objects,
  ],
});
const payload = (protocol: string, field: string) => ({ payload: { protocol, field } });
const match = (left: unknown, right: unknown, op = '==') => ({ match: { op, left, right } });

const whole = listing(
  {
    set: {
      family: 'inet',
      table: 'f',
      name: 's',
      type: ['ipv4_addr', 'inet_service'],
      elem: [{ concat: ['10.0.0.1', 22] }],
    },
  },
  rule(match({ concat: [payload('ip', 'saddr'), payload('tcp', 'dport')] }, '@s'), { accept: null }),
  rule(
    match(payload('ip', 'daddr'), {
      set: [{ prefix: { addr: '10.1.0.0', len: 16 } }, { elem: { val: '10.2.0.1', comment: 'x' } }],
    }),
    {
      limit: { rate: 5, per: 'minute', inv: true },
    },
    { drop: null },
  ),
  rule({
    vmap: {
      key: payload('udp', 'dport'),
      data: {
        set: [
          [53, { accept: null }],
          [{ range: [1, 9] }, { drop: null }],
        ],
      },
    },
  }),
);

describe('a ruleset in JSON', () => {
  it('is read with its sets, maps and conditions, each line by the number of its object', () => {
    const result = readNftables(JSON.stringify(whole));
    const list = 'fault' in result ? null : result.rulesets[0]!;
    expect(
      list?.lines.filter(({ family }) => family === 4).map(({ line, action }) => [line, action]),
    ).toEqual([
      [5, 'permit'],
      [7, 'permit'],
      [7, 'deny'],
    ]);
    expect(list?.unmodelled).toEqual([{ line: 6, what: 'limit rate over 5/minute' }]);
  });

  it('is located by its lines where each object has its own', () => {
    const text = JSON.stringify(listing(rule({ frobnicate: null })), null, 1);
    const result = readNftables(text);
    const line = text.split('\n').findIndex((one) => one.includes('"rule"'));
    expect('fault' in result && result.fault).toEqual({
      line,
      message: 'the statement "frobnicate" is not known here',
    });
  });

  it.each([
    [
      listing(rule('jump {\n accept\n}')),
      'object 4: expected a statement, found one that nft does not put into JSON',
    ],
    [
      listing(rule({ xt: { type: 'match', name: 'conntrack' } })),
      'object 4: the statement "xt" is not known',
    ],
    [listing(rule(match({ payload: { base: 'th', offset: 16, len: 16 } }, 80))), 'bytes by their place'],
    [
      listing(rule(match(payload('ip', 'saddr'), '10.0.0.1 accept'), { drop: null })),
      'object 4: 10.0.0.1 accept is no',
    ],
    [listing(rule(match(payload('tcp', 'dport'), '@gone'))), 'object 4: the set gone is not declared'],
    [listing({ rule: { family: 'inet', table: 'f;', chain: 'c', expr: [] } }), 'object 4: expected a word'],
    [listing({ marvel: {} }), 'expected a word under "family"'],
    [{ nftables: 1 }, 'expected a list'],
  ])('is refused with its object: %#', (given, message) => {
    const result = readNftables(JSON.stringify(given));
    expect(JSON.stringify(result)).toContain(JSON.stringify(message).slice(1, -1));
    expect('fault' in result).toBe(true);
  });

  it('ends in a list or a located fault wherever it is cut off', () => {
    const text = JSON.stringify(whole);
    for (let end = 0; end < text.length; end += 1) {
      const result = readNftables(text.slice(0, end));
      if (end > 12) expect('fault' in result && result.fault.line).toBeGreaterThan(0);
    }
  });
});
