import { describe, expect, it } from 'vitest';
import { isGuessable } from './guessable.ts';
import { hashPassword, verifyPassword, weakness } from './password.ts';
import { base32, codeAt, otpauthUri, stepOfCode } from './totp.ts';

const secret = Buffer.from('12345678901234567890');

describe('a code of an authenticator', () => {
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('is that of RFC 6238 appendix B at %d seconds', (seconds, code) => {
    expect(codeAt(secret, Math.floor(seconds / 30), 8)).toBe(code);
  });

  it('counts in its own half minute and never twice', () => {
    const now = 1_700_000_000 * 1_000_000;
    const step = Math.floor(1_700_000_000 / 30);
    const begin = step * 30 * 1_000_000;
    for (const at of [begin, now, begin + 29_999_999])
      expect(stepOfCode(secret, codeAt(secret, step), at, 0)).toBe(step);
    for (const at of [begin - 1, begin + 30_000_000])
      expect(stepOfCode(secret, codeAt(secret, step), at, 0)).toBeNull();
    expect(stepOfCode(secret, codeAt(secret, step), now, step)).toBeNull();
    for (const code of ['', '12345', '1234567', 'ï¿½23456'])
      expect(stepOfCode(secret, code, now, 0)).toBeNull();
  });

  it('is handed over as authenticators read it', () => {
    expect(base32(Buffer.from('foobar'))).toBe('MZXW6YTBOI');
    expect(otpauthUri(secret, 'a b', 'Ward: line')).toBe(
      'otpauth://totp/Ward%3A%20line%3Aa%20b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Ward%3A+line',
    );
  });
});

describe('a password', () => {
  it('is known again by its hash, in any form of the same letters, and by no other', async () => {
    const hash = await hashPassword('correct horsé battery');
    expect(hash).not.toContain('horse');
    expect(await verifyPassword('correct horse\u0301 battery', hash)).toBe(true);
    expect(await verifyPassword('correct horse battery', hash)).toBe(false);
    expect(await verifyPassword('anything at all', null)).toBe(false);
  });

  it.each([
    ['short', /fewer than 12/],
    ['x'.repeat(300), /more than 256/],
    ['PasswordPassword', /commonest/],
    ['Unbelievable', /commonest/],
    ['sonyericsson', /commonest/],
    ['abababababab', /repeats/],
    ['Summer2026!!', /tried first/],
    ['P@ssw0rd#1234', /tried first/],
    ['1qaz2wsx3edc', /commonest/],
    ['q1w2e3r4t5y6', /commonest/],
    ['adminADMINadmin', /tried first/],
    ['zxcvbnm-2025-X', /tried first/],
    ['my name is Weber!', /"weber"/i],
  ])('%s is not taken', (password, why) => {
    expect(weakness(password, ['weber'])).toMatch(why);
  });

  it('of twelve characters without any rule of digits and signs is', () => {
    expect(weakness('twelve chars', [])).toBeNull();
    for (const password of [
      'nine lives of a cat',
      'Herbstlaub im Krankenhausflur',
      'x7Kq92mLpZ4t',
      'kiwi-Lampe-Zug-44',
      'summer of seventy swallows',
    ])
      expect(weakness(password, []), password).toBeNull();
  });

  it('however long and strange is judged without delay', () => {
    for (const text of ['a'.repeat(256), 'qwerty'.repeat(42), '1qaz'.repeat(64), '😀'.repeat(128)])
      expect(typeof isGuessable(text)).toBe('boolean');
  });
});
