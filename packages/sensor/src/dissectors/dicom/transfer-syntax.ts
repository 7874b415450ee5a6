/** How a dataset's elements are written. `guess`: the negotiation was missed. `unreadable`: compressed as a whole. */
export type Encoding = 'implicit-little' | 'explicit-little' | 'explicit-big' | 'guess' | 'unreadable';

const encodings: Readonly<Record<string, Encoding>> = {
  '1.2.840.10008.1.2': 'implicit-little',
  '1.2.840.10008.1.2.2': 'explicit-big',
  '1.2.840.10008.1.2.1.99': 'unreadable', // deflated
  '1.2.840.10008.1.2.4.95': 'unreadable', // JPIP referenced deflate
  '1.2.840.10008.1.2.4.205': 'unreadable', // JPIP HTJ2K referenced deflate
  '1.2.840.113619.5.2': 'implicit-little', // GE private: only its pixels are big endian
};

/** All others are explicit VR little endian, encapsulated ones too (PS3.5 annex A.4). */
export function encodingOf(transferSyntax: string | undefined): Encoding {
  if (transferSyntax === undefined || transferSyntax === '') return 'guess';
  return encodings[transferSyntax] ?? 'explicit-little';
}

const representations = new Set(
  'AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV'.split(
    ' ',
  ),
);

export function isRepresentation(name: string): boolean {
  return representations.has(name);
}

/** These have two reserved bytes and a length of four bytes (PS3.5 §7.1.2). */
const long = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));

export function isLong(name: string): boolean {
  return long.has(name);
}

/** From a dataset's first eight bytes: a known value representation, and the low group number's byte order. */
export function guessEncoding(head: Uint8Array): Encoding {
  const explicit = isRepresentation(String.fromCharCode(head[4] ?? 0, head[5] ?? 0));
  if (!explicit) return 'implicit-little';
  return head[0] === 0 && head[1] !== 0 ? 'explicit-big' : 'explicit-little';
}
