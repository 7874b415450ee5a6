import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSecurityTxt } from './security-contacts.ts';

const plain = `# who to tell
Contact: mailto:psirt@acme.example
Contact: https://acme.example/report
Expires: 2027-01-01T00:00:00Z
Preferred-Languages: en, de
CSAF: https://acme.example/csaf/provider-metadata.json
Unheard-Of: x
`;

test('fields are read in their order, others are left alone', () => {
  expect(readSecurityTxt(plain)).toEqual({
    contacts: ['mailto:psirt@acme.example', 'https://acme.example/report'],
    expires: '2027-01-01T00:00:00Z',
    encryption: [],
    policy: [],
    languages: ['en', 'de'],
    canonical: [],
    csaf: ['https://acme.example/csaf/provider-metadata.json'],
    faults: [],
  });
});

test('of a signed one only what is signed counts', () => {
  const signed = `Contact: mailto:mallory@evil.example\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n- ${plain}-----BEGIN PGP SIGNATURE-----\nContact: tel:1\n`;
  expect(readSecurityTxt(signed).contacts).toEqual([
    'mailto:psirt@acme.example',
    'https://acme.example/report',
  ]);
});

test('what breaks a rule is named by its line', () => {
  const text = 'Contact: psirt@acme.example\nExpires: tomorrow\nExpires: 2027-01-01T00:00:00Z\nnonsense';
  expect(readSecurityTxt(text).faults.map(({ line, message }) => `${line} ${message.slice(0, 20)}`)).toEqual([
    '1 Contact has to be a ',
    '2 Expires has to be a ',
    '3 Expires stands here ',
    '4 expected a field and',
    '1 there is no Contact',
  ]);
});

test('any text is read', () => {
  fc.assert(fc.property(fc.string(), (text) => Array.isArray(readSecurityTxt(text).faults)));
});
