import { describe, expect, it, test } from 'vitest';
import type { Side } from '../../dissector.ts';
import { allDamage, hex } from '../../testing/damage.ts';
import { runDatagram } from '../../testing/harness.ts';
import { expectNothingLeaks, factLines } from '../../testing/properties.ts';
import { coap } from './index.ts';

const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const join = (...parts: (string | Uint8Array)[]) =>
  Uint8Array.from(parts.flatMap((part) => [...(typeof part === 'string' ? hex(part) : part)]));
const home = { around: { serverPort: 5683 } };

/** GET /.well-known/core with the token 7f. */
const discover = join('41 01 0001 7f', 'bb', ascii('.well-known'), '04', ascii('core'));
const links = join(
  '61 45 0001 7f',
  'c1 28 ff',
  ascii('</ZZMARK>;rt="oic.r.pump core.s";if="sensor",</x>;ct=40'),
);
const observe = join('41 01 0002 7e', '60', '56', ascii('ZZMARK'));
const put = join('41 03 0003 7d', 'b6', ascii('ZZMARK'), 'ff', ascii('ZZMARK'));
const changed = join('61 44 0003 7d');
const sealed = join('61 44 0003 7d 90 ff 01');
const empty = join('60 00 0004');

const all: [Side, Uint8Array][] = [
  ['client', discover],
  ['server', links],
  ['client', observe],
  ['client', put],
  ['server', changed],
  ['server', sealed],
  ['server', empty],
];

describe('coap', () => {
  it('tells methods, answers, resources and changes that nobody proved a right to', () => {
    expect(factLines(runDatagram(coap, all, home))).toEqual([
      'coap.use client {"role":"client","method":"GET","observe":false}',
      'coap.use server {"role":"server","method":"2.05","observe":false}',
      'coap.resources server {"types":["oic.r.pump","core.s","sensor"]}',
      'coap.use client {"role":"client","method":"GET","observe":true}',
      'coap.use client {"role":"client","method":"PUT","observe":false}',
      'coap.use server {"role":"server","method":"2.04","observe":false}',
      'service.unauthenticated server {"protocol":"coap","operation":"change"}',
      'coap.use server {"role":"server","method":"2.04","observe":false}',
    ]);
  });

  it('lets out neither paths nor contents', () => expectNothingLeaks(runDatagram(coap, all, home), 'zzmark'));

  it('is known away from its port by well-known names only', () => {
    const recognised = (payload: Uint8Array) => runDatagram(coap, [['client', payload]]).recognised;
    expect([discover, links, observe, put, changed].map(recognised)).toEqual([
      'yes',
      'yes',
      'no',
      'no',
      'no',
    ]);
  });

  it('shows who serves', () => {
    expect([discover, changed, empty].map((payload) => coap.serverSide?.(payload))).toEqual([
      'receiver',
      'sender',
      null,
    ]);
  });

  test.each([
    ['another version', join('81 01 0001 7f')],
    ['a token of nine bytes', join('49 01 0001 010203040506070809')],
    ['an option that nobody assigned', join('40 01 0001 20')],
    ['a marker without payload', join('60 45 0001 ff')],
    ['bytes behind an empty message', join('40 00 0001 11')],
    ['a class of codes that is none', join('40 21 0001')],
  ])('does not take %s for it', (_, payload) =>
    expect(runDatagram(coap, [['client', payload]], home).recognised).toBe('no'),
  );

  it('takes any damage', () => {
    for (const [from, payload] of all) {
      for (const damaged of allDamage(payload))
        runDatagram(coap, [[from, damaged]], { ...home, force: true });
    }
  });
});
