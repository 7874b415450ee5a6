import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MAX_DEPTH, MAX_ELEMENTS } from './limits.ts';
import { isWithin, scanXml } from './scan.ts';

const said = (text: string) =>
  scanXml(text).map(({ name, parent, attributes, text: own }) => [
    name,
    parent?.name ?? null,
    Object.fromEntries(attributes),
    own.trim(),
  ]);

it('reads elements, attributes, text, comments and data', () => {
  const text = `<?xml version="1.0"?><!-- <no/> --><s:A x:b='1' c = "&lt;&#65;&#x42;&nope;"><B/>t&amp;<![CDATA[<C>]]></s:A>`;
  expect(said(text)).toEqual([
    ['A', null, { b: '1', c: '<AB&nope;' }, 't&<C>'],
    ['B', 'A', {}, ''],
  ]);
});

it('stops at a document type, so that no entity grows', () => {
  expect(scanXml('<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>')).toEqual([]);
});

it('knows what stands around an element', () => {
  const inner = scanXml('<a><b><c/></b></a>').at(-1)!;
  expect([isWithin(inner, 'b', 'a'), isWithin(inner, 'a'), isWithin(inner, 'b', 'a', 'z')]).toEqual([
    true,
    false,
    false,
  ]);
});

it('ends at its bounds', () => {
  expect(scanXml('<a>'.repeat(MAX_DEPTH + 5))).toHaveLength(MAX_DEPTH);
  expect(scanXml(`<r>${'<a/>'.repeat(MAX_ELEMENTS + 5)}</r>`)).toHaveLength(MAX_ELEMENTS);
});

it('takes any text, and prefixes of XML', () => {
  const text = `<a b="c" d='e'>f<g h="&#1114112;"/><!-- x --></a>`;
  for (let length = 0; length < text.length; length++) scanXml(text.slice(0, length));
  const pieces = fc.array(
    fc.constantFrom('<', '>', '/', '"', "'", '=', ' ', 'a', '<!--', '-->', '<![CDATA[', '&#x', ';', '?'),
    {
      maxLength: 200,
    },
  );
  fc.assert(
    fc.property(pieces, (parts) => void scanXml(parts.join(''))),
    { seed: 20_261_125 },
  );
});
