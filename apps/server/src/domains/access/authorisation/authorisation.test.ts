import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { grantOrigins, roles } from '@wardline/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { routeFacts } from '../../../openapi.ts';
import type { Grant, Principal } from '../principal.ts';
import { Authorisation } from './authorisation.ts';

const facts = (await routeFacts()).filter(({ action }) => action !== undefined);
const actions = [...new Set(facts.map(({ action }) => action!))];
const everywhere = { sites: null, zones: null, until: null, origin: 'assigned' } as const;
const person = (grants: Grant[], steppedUp: number | null = null): Principal => ({
  id: 'person:1',
  name: 'P',
  grants,
  session: { id: 's', person: '1', method: 'passkey', since: 0, seen: 0, expires: 1e15, steppedUp },
});

it('knows every action that a route names', () => {
  const authorisation = new Authorisation();
  expect(actions.length).toBeGreaterThan(40);
  expect(actions.filter((action) => !authorisation.rolesFor(action).includes('administrator'))).toEqual([]);
});

it('remembers what Cedar itself answers, for any holder, role, action, place and circumstance', () => {
  const cached = new Authorisation();
  const fresh = new Authorisation();
  const grant = fc.record({
    role: fc.constantFrom(...roles),
    sites: fc.option(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 })),
    zones: fc.constant(null),
    until: fc.constant(null),
    origin: fc.constantFrom(...grantOrigins),
  });
  fc.assert(
    fc.property(
      fc.array(grant, { maxLength: 3 }),
      fc.constantFrom(...actions),
      fc.boolean(),
      fc.boolean(),
      (grants, action, proved, rows) => {
        const principal = person(grants, proved ? 1_000_000 : null);
        const counting = rows ? grants : grants.filter(({ sites }) => sites === null);
        const ask = (one: Grant | null, steppedUp: boolean) =>
          (one?.sites ?? [null]).some((site) =>
            fresh.ask({
              holder: principal.id,
              role: one?.role ?? null,
              action,
              site,
              steppedUp,
              emergency: one?.origin === 'break-glass',
            }),
          );
        const decision = cached.decide(principal, action, 2_000_000, rows);
        const asked = cached.asked;
        expect(cached.decide(principal, action, 2_000_000, rows)).toEqual(decision);
        expect(cached.asked).toBe(asked);
        const isAllowed = counting.some((one) => ask(one, proved)) || ask(null, proved);
        expect(decision.kind === 'allowed').toBe(isAllowed);
        if (decision.kind === 'step-up') expect([null, ...counting].some((one) => ask(one, true))).toBe(true);
      },
    ),
    { numRuns: 1500 },
  );
});

describe('a person', () => {
  const authorisation = new Authorisation();
  const decide = (principal: Principal, action: string, rows = false) =>
    authorisation.decide(principal, action, 1000, rows);

  it('without a role reaches their own session and nothing else', () => {
    const allowed = actions.filter((action) => decide(person([]), action).kind === 'allowed');
    const beyond = allowed.filter((action) => !/^(session|account|elevation|emergency)\./.test(action));
    expect(beyond.toSorted()).toEqual(['events.follow', 'platform.docs', 'platform.openapi']);
  });

  it('with a role for one site gets lists cut to it, and nothing that concerns everything', () => {
    const scoped = person([{ ...everywhere, role: 'biomedical-engineer', sites: [2] }]);
    expect(decide(scoped, 'inventory.list', true)).toEqual({
      kind: 'allowed',
      scope: [{ sites: [2], zones: null }],
    });
    expect(decide(scoped, 'register.import')).toMatchObject({ kind: 'denied' });
  });

  it('is asked for a fresh proof before a dangerous act, within five minutes of one not', () => {
    const grants = [{ ...everywhere, role: 'administrator' as const }];
    expect(decide(person(grants), 'ledger.erase')).toEqual({ kind: 'step-up' });
    expect(authorisation.decide(person(grants, 0), 'ledger.erase', 299_000_000, false)).toMatchObject({
      kind: 'allowed',
    });
    expect(authorisation.decide(person(grants, 0), 'ledger.erase', 301_000_000, false)).toEqual({
      kind: 'step-up',
    });
  });

  it('is told which roles could', () => {
    expect(decide(person([]), 'ledger.trust')).toEqual({
      kind: 'denied',
      roles: ['compliance-officer', 'administrator'],
    });
  });
});

describe('a hospital’s own policies', () => {
  function withOwn(text: string): Authorisation {
    const folder = mkdtempSync(join(tmpdir(), 'wardline-policies-'));
    try {
      writeFileSync(join(folder, 'own.cedar'), text);
      return new Authorisation([folder]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it('can forbid what the shipped ones permit', () => {
    const own = withOwn(
      'forbid (principal, action == Wardline::Action::"inventory.export", resource) when { principal.kind == "person" };',
    );
    const admin = person([{ ...everywhere, role: 'administrator' }]);
    expect(own.decide(admin, 'inventory.export', 0, true)).toMatchObject({ kind: 'denied' });
    expect(own.decide(admin, 'inventory.list', 0, true)).toMatchObject({ kind: 'allowed' });
  });

  it.each([
    [
      'an action that does not exist',
      'permit (principal,\n action == Wardline::Action::"inventory.lsit", resource);',
      /own\.cedar:2: .*inventory\.lsit/,
    ],
    [
      'an attribute that does not exist',
      'forbid (principal, action, resource) when { principal.age > 3 };',
      /own\.cedar:1: .*age/,
    ],
    ['what is no policy', 'permit (principal', /own\.cedar/],
  ])('are refused with file and line for %s', (_name, text, fault) => {
    expect(() => withOwn(text)).toThrow(fault);
  });
});
