import fc from 'fast-check';
import { expect, it } from 'vitest';
import { batchSubject, signedStatement, siteOfSubject, subjectToken } from './batch-message.ts';

it('writes a subject that a broker takes, whatever a sensor and its stream are called', () => {
  expect(batchSubject({ site: 2, sensor: 'north 1', stream: 'follow-ä.>*' })).toBe(
    'wardline.2.north=201.follow-=c3=a4=2e=3e=2a',
  );
  const names = fc.string({ minLength: 1, unit: 'grapheme' });
  fc.assert(
    fc.property(names, names, (sensor, stream) => {
      const subject = batchSubject({ site: 7, sensor, stream });
      expect(subject).toMatch(/^wardline\.7\.[\w=-]+\.[\w=-]+$/);
      expect(siteOfSubject(subject)).toBe(7);
    }),
  );
});

it('gives no two names one token', () => {
  const back = (token: string) => decodeURIComponent(token.replaceAll('=', '%'));
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      expect(back(subjectToken(name))).toBe(name.toWellFormed());
    }),
  );
});

it.each([
  'wardline',
  'wardline.1',
  'wardline.1.a',
  'wardline.0.a.b',
  'wardline.x.a.b',
  'wardline.1.a.b.c',
  'other.1.a.b',
])('finds no site in %s', (subject) => expect(siteOfSubject(subject)).toBeNull());

it('signs another text for another place, number or content', () => {
  const texts = [
    ['wardline.1.a.b', 1, 'aa'],
    ['wardline.2.a.b', 1, 'aa'],
    ['wardline.1.a.b', 2, 'aa'],
    ['wardline.1.a.b', 1, 'ab'],
  ] as const;
  const said = texts.map(([subject, number, digest]) =>
    Buffer.from(signedStatement(subject, number, digest)).toString(),
  );
  expect(new Set(said).size).toBe(4);
});
