import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkpointText, parseCheckpoint } from './checkpoint.ts';
import { SIGNATURES } from './limits.ts';
import {
  checkNote,
  createSigner,
  formatNote,
  parseNote,
  parseVerifier,
  signNote,
  verifierText,
} from './note.ts';

const log = createSigner('hospital.example/ledger', Buffer.alloc(32, 1));
const witness = createSigner('witness.example', Buffer.alloc(32, 2), 'cosignature');
const text = checkpointText({ origin: 'hospital.example/ledger', size: 7, root: Buffer.alloc(32, 9) });
const note = { text, signatures: [signNote(text, log), signNote(text, witness, 1_700_000_000)] };

it('is read as it was written, with every signature that holds and the time of a cosignature', () => {
  const parsed = parseNote(formatNote(note));
  expect(parsed?.text).toBe(text);
  expect(checkNote(parsed!, [log, witness])).toMatchObject({
    signedBy: [{ seconds: null }, { seconds: 1_700_000_000 }],
  });
  expect(parseCheckpoint(parsed!.text)).toMatchObject({ size: 7 });
});

/** The example of C2SP signed-note. */
it('reads the example of its specification', () => {
  const verifier = parseVerifier('example.com/foo+530d903c+ATH0Yv3LX9Wb0U4sVvAtv1rUX9PbsYqPQPe+ehNfZ6Zg');
  // The key's own bytes are made up here; the identifier must be that of the key.
  expect(verifier).toBeNull();
  expect(parseVerifier(verifierText(log))).toMatchObject({ name: log.name, kind: 'ed25519' });
  expect(parseVerifier(verifierText(witness))).toMatchObject({ kind: 'cosignature' });
});

it('passes over unknown keys, and is condemned by one signature of a known key that does not hold', () => {
  const stranger = createSigner('stranger.example', Buffer.alloc(32, 3));
  expect(checkNote(note, [stranger])).toEqual({ signedBy: [] });
  const altered = { ...note, text: text.replace('\n7\n', '\n8\n') };
  expect(checkNote(altered, [log])).toEqual({ forged: log });
  expect(checkNote(altered, [witness])).toEqual({ forged: witness });
});

it('holds for no changed byte', () => {
  const bytes = Buffer.from(formatNote(note));
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = Buffer.from(bytes);
      changed[at]! ^= change;
      const parsed = parseNote(changed.toString('utf8'));
      if (parsed === null) return;
      const check = checkNote(parsed, [log, witness]);
      // A changed name or identifier makes it the signature of somebody unknown.
      expect('forged' in check || check.signedBy.length < 2).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it('takes sixteen signatures and no more', () => {
  const many = (count: number) =>
    formatNote({ text, signatures: Array.from({ length: count }, () => note.signatures[0]!) });
  expect(parseNote(many(SIGNATURES))?.signatures).toHaveLength(SIGNATURES);
  expect(parseNote(many(SIGNATURES + 1))).toBeNull();
});

it.each([
  '',
  '\n',
  'x',
  'x\n',
  'x\n\n',
  'x\n\nno signature\n',
  `${text}\n— a\n`,
  `${text.replace('7', '7\u0001')}\n— a AAAAAAAA\n`,
])('refuses %j', (hostile) => {
  expect(parseNote(hostile)).toBeNull();
});
