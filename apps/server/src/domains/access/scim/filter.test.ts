import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScimRefusal } from './error.ts';
import { meets, parseFilter, parsePath } from './filter.ts';
import { SCIM_FILTER_DEPTH, SCIM_FILTER_LETTERS, SCIM_OPERATIONS } from './limits.ts';
import { patched } from './patch.ts';
import { readGroup, readUser } from './user.ts';

const nurse = {
  userName: 'Bjensen@hospital.example',
  externalId: 'AbC',
  active: true,
  name: { familyName: "O'Malley" },
  emails: [
    { type: 'work', value: 'b@hospital.example', primary: true },
    { type: 'home', value: 'b@home.example' },
  ],
};

describe('SCIM filters', () => {
  // The examples of RFC 7644 §3.4.2.2, and what real providers ask.
  it.each([
    ['userName eq "bjensen@hospital.example"', true],
    ['username Eq "BJENSEN@HOSPITAL.EXAMPLE"', true],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "B"', true],
    ['externalId eq "abc"', false],
    ['externalId eq "AbC"', true],
    ['name.familyName co "O\'Malley"', true],
    ['title pr', false],
    ['userName pr and not (active eq false)', true],
    ['emails[type eq "work" and value co "@hospital.example"]', true],
    ['emails[type eq "home" and value co "@hospital.example"]', false],
    ['emails co "home.example" or userName eq "x"', true],
    ['emails.type eq "other"', false],
    ['active ne true', false],
    ['userName gt "a" and userName lt "c"', true],
    ['title eq null', true],
  ])('%s', (text, expected) => {
    expect(meets(parseFilter(text), nurse)).toBe(expected);
  });

  it.each([
    ['userName', 'letter 9'],
    ['userName eq', 'letter 12'],
    ['userName is "x"', 'letter 10'],
    ['(userName pr', 'closing parenthesis'],
    ['emails[type eq "x"', 'closing bracket'],
    ['userName eq "x" 7', 'the end'],
    ['', 'name of an attribute'],
  ])('refuses %j and says where', (text, place) => {
    expect(() => parseFilter(text)).toThrow(place);
  });

  it('have bounds, with something just within and just beyond', () => {
    const nested = (depth: number) => `${'('.repeat(depth)}a pr${')'.repeat(depth)}`;
    expect(meets(parseFilter(nested(SCIM_FILTER_DEPTH)), { a: 1 })).toBe(true);
    expect(() => parseFilter(nested(SCIM_FILTER_DEPTH + 1))).toThrow(ScimRefusal);
    const long = (letters: number) => `a eq "${'x'.repeat(letters - 7)}"`;
    expect(meets(parseFilter(long(SCIM_FILTER_LETTERS)), {})).toBe(false);
    expect(() => parseFilter(long(SCIM_FILTER_LETTERS + 1))).toThrow('more than');
  });

  it('end in an answer or a refusal, whatever comes', () => {
    const piece = fc.constantFrom(
      'userName',
      'eq',
      'and',
      'or',
      'not',
      '(',
      ')',
      '[',
      ']',
      '"x"',
      '.',
      'pr',
      '7',
      ' ',
      '\\',
      '"',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.string(), (pieces, noise) => {
        for (const text of [pieces.join(' '), pieces.join(''), noise])
          for (const read of [parseFilter, parsePath]) {
            try {
              read(text);
            } catch (error) {
              expect(error).toBeInstanceOf(ScimRefusal);
            }
          }
      }),
      { numRuns: 500 },
    );
  });
});

const patch = (...Operations: unknown[]) => readUser(patched(nurse, { Operations }));

describe('SCIM changes', () => {
  // Forms in which directories say that somebody has left: all of them have to end in the same.
  it.each<[string, unknown]>([
    ['RFC 7644', { op: 'replace', path: 'active', value: false }],
    ['a text', { op: 'replace', path: 'active', value: 'False' }],
    ['capitals', { op: 'Replace', path: 'active', value: 'False' }],
    ['no path', { op: 'replace', value: { active: false } }],
    ['no path, a text', { op: 'Replace', value: { active: 'false' } }],
    [
      'the whole name',
      { op: 'replace', path: 'urn:ietf:params:scim:schemas:core:2.0:User:active', value: false },
    ],
    [
      'below its schema',
      { op: 'replace', value: { 'urn:ietf:params:scim:schemas:core:2.0:User': { active: false } } },
    ],
    ['add', { op: 'add', path: 'active', value: 'False' }],
    ['in a list', { op: 'replace', path: 'active', value: [{ value: 'False' }] }],
    ['a number', { op: 'replace', path: 'Active', value: 0 }],
  ])('active: false as %s', (_, operation) => {
    expect(patch(operation).active).toBe(false);
  });

  it('refuse what cannot be understood rather than let somebody stay in', () => {
    expect(() => patch({ op: 'replace', path: 'active', value: 'maybe' })).toThrow(
      'active: expected true or false',
    );
    expect(() => patch({ op: 'move', path: 'active', value: false })).toThrow('Operations[0].op');
    expect(() => patch({ op: 'remove' })).toThrow('needs a path');
    expect(() => patch()).toThrow('at least one');
    expect(() =>
      patch(...Array.from({ length: SCIM_OPERATIONS + 1 }, () => ({ op: 'add', value: {} }))),
    ).toThrow('more than');
    expect(() => readUser({ active: true })).toThrow('userName');
    expect(() => readUser({ userName: 'x'.repeat(321) })).toThrow('more than 320 letters');
    expect(readUser({ userName: 'x'.repeat(320) }).active).toBe(true);
  });

  it('follow paths into lists and names', () => {
    const changed = patch(
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'new@hospital.example' },
      { op: 'add', path: 'emails[type eq "other"].value', value: 'other@hospital.example' },
      { op: 'remove', path: 'emails[type eq "home"]' },
      { op: 'add', value: { 'name.givenName': 'Barbara', displayName: 'B. O’Malley' } },
    );
    expect(changed.emails.map(({ value }) => value)).toEqual([
      'new@hospital.example',
      'other@hospital.example',
    ]);
    expect(changed.name).toEqual({ givenName: 'Barbara', familyName: "O'Malley" });
    expect(changed.displayName).toBe('B. O’Malley');
    expect(() => patch({ op: 'remove', path: 'emails[type eq "fax"]' })).not.toThrow();
    expect(() => patch({ op: 'remove', path: 'emails[type eq "fax"].value' })).toThrow('nothing meets');
  });

  it('add and take members in each form', () => {
    const group = { displayName: 'ICU', members: [{ value: 'a' }, { value: 'b' }] };
    const members = (...Operations: unknown[]) => readGroup(patched(group, { Operations })).members;
    expect(members({ op: 'Add', path: 'members', value: [{ value: 'c' }, { value: 'a' }] })).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(members({ op: 'add', value: { members: [{ value: 'c' }] } })).toEqual(['a', 'b', 'c']);
    expect(members({ op: 'remove', path: 'members[value eq "a"]' })).toEqual(['b']);
    expect(members({ op: 'Remove', path: 'members', value: [{ value: 'b' }] })).toEqual(['a']);
    expect(members({ op: 'remove', path: 'members' })).toEqual([]);
    expect(members({ op: 'replace', path: 'members', value: [{ value: 'z' }] })).toEqual(['z']);
  });

  it('leave the resource that they are applied to as it was', () => {
    const before = structuredClone(nurse);
    patch(
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'x@y' },
      { op: 'remove', path: 'name' },
    );
    expect(nurse).toEqual(before);
  });
});
