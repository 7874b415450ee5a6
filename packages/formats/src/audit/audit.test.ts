import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AUDIT_LINE_CHARS } from '../limits.ts';
import { type AuditedAct, instantOf } from './act.ts';
import { auditMessageOf, checkpointMessageOf } from './atna.ts';
import { auditEventOf } from './fhir.ts';
import { kindOf } from './kinds.ts';
import { ocsfEventOf } from './ocsf.ts';
import { readReceived } from './received.ts';
import { syslogFrame } from './syslog.ts';

const source = { hospital: 'St. Anna', host: 'wardline.hospital.example', version: '0.1.0' };
const act: AuditedAct = {
  sequence: 17,
  at: 1_795_590_000_123_456,
  actor: 'person:7d1f',
  actorName: null,
  action: 'inventory.approve',
  subject: 'asset:4711',
  changes: { location: 'ICU <2> & "3"' },
  reason: null,
  leaf: 'ab'.repeat(32),
};

const anyText = fc.string({ unit: 'binary', maxLength: 60 });
const anyAct: fc.Arbitrary<AuditedAct> = fc.record({
  sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  at: fc.integer({ min: 0, max: 4_000_000_000_000_000 }),
  actor: anyText,
  actorName: fc.option(anyText),
  action: fc.oneof(
    anyText,
    fc.constantFrom(
      ...'session.open session.close emergency.start emergency.end grant.assign grant.withdraw people.add server.stop constructor'.split(
        ' ',
      ),
    ),
  ),
  subject: fc.oneof(anyText, fc.constantFrom('person:1', 'asset:2', 'person:')),
  changes: fc.dictionary(anyText, fc.jsonValue()) as fc.Arbitrary<Record<string, unknown>>,
  reason: fc.option(anyText),
  leaf: fc.constant('0f'.repeat(32)),
});

it('writes times to the microsecond', () => {
  expect(instantOf(1_795_590_000_000_007)).toBe('2026-11-25T07:00:00.000007Z');
  expect(instantOf(-1)).toBe('1969-12-31T23:59:59.999999Z');
});

describe('what sort of act it is', () => {
  it.each([
    ['session.open', '110114', '110122', 'E', 'session'],
    ['session.step-up', '110114', '110122', 'E', 'session'],
    ['session.close', '110114', '110123', 'E', 'session'],
    ['emergency.start', '110113', '110127', 'E', 'privilege'],
    ['emergency.open', '110113', '110127', 'E', 'privilege'],
    ['emergency.end', '110113', '110138', 'E', 'privilege'],
    ['emergency.stop', '110113', '110138', 'E', 'privilege'],
    ['emergency.prepare', '110113', '110136', 'C', 'entity'],
    ['emergency.review', '110113', '110136', 'U', 'entity'],
    ['grant.assign', '110113', '110136', 'C', 'privilege'],
    ['grant.withdraw', '110113', '110136', 'D', 'privilege'],
    ['elevation.approve', '110113', '110136', 'C', 'privilege'],
    ['elevation.request', '110113', '110136', 'C', 'entity'],
    ['token.make', '110113', '110137', 'C', 'account'],
    ['account.add-passkey', '110113', '110137', 'C', 'account'],
    ['account.remove-passkey', '110113', '110137', 'D', 'account'],
    ['server.stop', '110100', '110121', 'E', 'entity'],
    ['inventory.approve', '110113', '110129', 'C', 'entity'],
    ['identity.merge', '110113', '110129', 'U', 'entity'],
    ['ledger.erase', '110113', '110129', 'D', 'entity'],
    ['constructor', '110113', '110129', 'U', 'entity'],
    ['', '110113', '110129', 'U', 'entity'],
  ])('%s', (action, event, type, letter, about) => {
    expect(kindOf(action)).toMatchObject({
      event: { code: event },
      type: { code: type },
      action: letter,
      about,
    });
  });
});

it('tells what failed as a failure, in every form', () => {
  for (const [action, failed] of [
    ['session.refused', true],
    ['import.fail', true],
    ['elevation.refuse', false],
  ] as const) {
    const one = { ...act, action };
    expect(auditEventOf(one, source)).toMatchObject({ outcome: failed ? '4' : '0' });
    expect(ocsfEventOf(one, source)).toMatchObject({
      status_id: failed ? 2 : 1,
      severity_id: failed ? 2 : 1,
    });
    expect(auditMessageOf(one, source)).toContain(`EventOutcomeIndicator="${failed ? 4 : 0}"`);
  }
});

describe('FHIR', () => {
  /** R4 AuditEvent: what must be there, cardinalities and bound codes; nothing besides. */
  const coding = z.strictObject({ system: z.url(), code: z.string(), display: z.string().optional() });
  const reference = z.strictObject({
    display: z.string().optional(),
    identifier: z.strictObject({ system: z.url(), value: z.string() }).optional(),
  });
  const agent = z.strictObject({
    type: z.strictObject({ coding: z.array(coding).min(1) }),
    who: reference,
    requestor: z.boolean(),
  });
  const auditEvent = z.strictObject({
    resourceType: z.literal('AuditEvent'),
    id: z.string().regex(/^[A-Za-z0-9\-.]{1,64}$/),
    type: coding,
    subtype: z.array(coding).min(1),
    action: z.enum(['C', 'R', 'U', 'D', 'E']),
    recorded: z.iso.datetime({ precision: 6 }),
    purposeOfEvent: z.array(z.strictObject({ coding: z.array(coding).min(1) })).optional(),
    outcome: z.enum(['0', '4', '8', '12']),
    agent: z
      .array(agent)
      .min(1)
      .refine((agents) => agents.filter(({ requestor }) => requestor).length === 1),
    source: z.strictObject({ site: z.string(), observer: reference, type: z.array(coding) }),
    entity: z.array(
      z.strictObject({
        what: reference,
        type: coding,
        role: coding,
        detail: z.array(z.strictObject({ type: z.string().min(1), valueString: z.string().min(1) })),
      }),
    ),
  });

  it('has the structure of an R4 AuditEvent, whatever the act', () => {
    fc.assert(
      fc.property(anyAct, (one) => {
        expect(
          auditEvent.safeParse(auditEventOf({ ...one, reason: one.reason || null }, source)).error,
        ).toBeUndefined();
      }),
    );
  });

  it.each([
    ['BTG', [{ coding: [{ code: 'BTG' }] }]],
    ['ETREAT', [{ coding: [{ code: 'ETREAT' }] }]],
    ['constructor', undefined],
  ])('names the purpose of an act in an emergency (%s)', (purpose, expected) => {
    const event = auditEventOf({ ...act, action: 'emergency.start', changes: { purpose } }, source);
    if (expected === undefined) expect(event).not.toHaveProperty('purposeOfEvent');
    else expect(event).toMatchObject({ purposeOfEvent: expected, subtype: [{ code: '110127' }, {}] });
  });

  it('names act, actor and place in the ledger, and no person', () => {
    const event = auditEventOf(act, source);
    expect(event).toMatchObject({
      subtype: [{ code: '110129' }, { code: 'inventory.approve' }],
      recorded: '2026-11-25T07:00:00.123456Z',
      agent: [{ who: { identifier: { value: 'person:7d1f' } }, requestor: true }, { requestor: false }],
    });
    const details = (event as { entity: [{ detail: unknown[] }] }).entity[0].detail;
    expect(details).toContainEqual({ type: 'ledger-sequence', valueString: '17' });
    expect(details).toContainEqual({ type: 'ledger-leaf', valueString: act.leaf });
  });
});

describe('OCSF', () => {
  const base = z.object({
    category_uid: z.literal(3),
    class_uid: z.int(),
    activity_id: z.int(),
    type_uid: z.int(),
    severity_id: z.int().min(0).max(99),
    time: z.int(),
    actor: z.object({ user: z.object({ uid: z.string() }) }),
    metadata: z.object({
      version: z.string(),
      product: z.object({ name: z.string(), vendor_name: z.string() }),
      sequence: z.int(),
      uid: z.string(),
    }),
  });
  const someone = z.object({ uid: z.string() });
  /** What each class requires of its own, and the activities it knows. */
  const classes: Record<number, z.ZodType> = {
    3001: z.object({ user: someone, activity_id: z.literal([1, 6, 99]) }),
    3002: z.object({
      user: someone,
      service: z.object({ name: z.string() }),
      activity_id: z.literal([1, 2]),
    }),
    3004: z.object({
      entity: z.object({ uid: z.string(), type: z.string() }),
      activity_id: z.literal([1, 3, 4, 99]),
    }),
    3005: z.object({ user: someone, privileges: z.array(z.string()).min(1), activity_id: z.literal([1, 2]) }),
  };

  it('carries what every event and its class require, whatever the act', () => {
    fc.assert(
      fc.property(anyAct, (one) => {
        const event = ocsfEventOf(one, source);
        const { class_uid: uid, activity_id: activity, type_uid: type } = base.parse(event);
        expect(classes[uid]?.safeParse(event).success).toBe(true);
        expect(type).toBe(uid * 100 + activity);
        if (activity === 99) expect(event).toHaveProperty('activity_name');
      }),
    );
  });

  it.each([
    ['session.open', 'session:1', 300_201, 1],
    ['session.close', 'session:1', 300_202, 1],
    ['grant.assign', 'person:9', 300_501, 1],
    ['grant.withdraw', 'person:9', 300_502, 1],
    ['emergency.start', 'person:9', 300_501, 4],
    ['emergency.end', 'person:9', 300_502, 4],
    ['people.add', 'person:9', 300_101, 1],
    ['inventory.approve', 'asset:1', 300_401, 1],
    ['ledger.erase', 'person:9', 300_404, 1],
  ])('%s of %s is %i', (action, subject, type, severity) => {
    expect(ocsfEventOf({ ...act, action, subject }, source)).toMatchObject({
      type_uid: type,
      severity_id: severity,
      time: 1_795_590_000_123,
    });
  });
});

interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
}

function parse(xml: string): Element {
  const top: Element = { name: '', attributes: {}, children: [] };
  const open = [top];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: attributes as Record<string, string>, children: [] };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  return top.children[0]!;
}

describe('ATNA', () => {
  /** PS3.15 A.5.1: elements in order (`*` any number, `+` one or more, `?` one or none) and attributes (`?` optional). */
  const grammar: Record<string, { elements: string[]; attributes: string[] }> = {
    AuditMessage: {
      elements: [
        'EventIdentification',
        'ActiveParticipant+',
        'AuditSourceIdentification',
        'ParticipantObjectIdentification*',
      ],
      attributes: [],
    },
    EventIdentification: {
      elements: ['EventID', 'EventTypeCode*'],
      attributes: ['EventActionCode', 'EventDateTime', 'EventOutcomeIndicator'],
    },
    ActiveParticipant: {
      elements: ['RoleIDCode*'],
      attributes: [
        'UserID',
        'UserName?',
        'UserIsRequestor',
        'NetworkAccessPointID?',
        'NetworkAccessPointTypeCode?',
      ],
    },
    AuditSourceIdentification: {
      elements: ['AuditSourceTypeCode*'],
      attributes: ['AuditEnterpriseSiteID?', 'AuditSourceID'],
    },
    AuditSourceTypeCode: { elements: [], attributes: ['csd-code'] },
    ParticipantObjectIdentification: {
      elements: ['ParticipantObjectIDTypeCode', 'ParticipantObjectName', 'ParticipantObjectDetail*'],
      attributes: ['ParticipantObjectID', 'ParticipantObjectTypeCode?', 'ParticipantObjectTypeCodeRole?'],
    },
    ParticipantObjectName: { elements: [], attributes: [] },
    ParticipantObjectDetail: { elements: [], attributes: ['type', 'value'] },
  };
  const coded = { elements: [], attributes: ['csd-code', 'codeSystemName', 'originalText'] };

  function expectValid(element: Element): void {
    const { elements, attributes } = grammar[element.name] ?? coded;
    const names = element.children.map(({ name }) => `${name} `).join('');
    const order = elements
      .map((one) => `(${one.replace(/[*+?]$/, '')} )${/[*+?]$/.exec(one)?.[0] ?? ''}`)
      .join('');
    expect(names).toMatch(new RegExp(`^${order}$`));
    for (const name of attributes)
      if (!name.endsWith('?')) expect(element.attributes, element.name).toHaveProperty(name);
    for (const name of Object.keys(element.attributes))
      expect(attributes.map((one) => one.replace('?', ''))).toContain(name);
    for (const child of element.children) expectValid(child);
  }

  it('is an audit message of DICOM, whatever the act', () => {
    fc.assert(fc.property(anyAct, (one) => expectValid(parse(auditMessageOf(one, source)))));
    expectValid(parse(checkpointMessageOf('a note\n', 7, act.at, source)));
  });

  it('carries the changes as they are', () => {
    const [, , , , object] = parse(auditMessageOf(act, source)).children;
    const detail = object!.children.find(({ attributes }) => attributes.type === 'changes')!;
    expect(JSON.parse(Buffer.from(detail.attributes.value!, 'base64').toString('utf8'))).toEqual(act.changes);
    expect(object!.attributes.ParticipantObjectID).toBe('asset:4711');
  });

  it('is framed by its octets, with the act’s number', () => {
    const frame = syslogFrame({ at: act.at, host: 'wärd line', sequence: 17 }, auditMessageOf(act, source));
    const text = frame.toString('utf8');
    const [, octets, message] = /^(\d+) ([\s\S]*)$/.exec(text)!;
    expect(Buffer.byteLength(message!)).toBe(Number(octets));
    expect(message).toMatch(
      /^<85>1 2026-11-25T07:00:00\.123456Z wrdline wardline - DICOM\+RFC3881 \[meta sequenceId="17"\] \ufeff<\?xml/,
    );
  });

  it('numbers as RFC 5424 does, from 1 again after the last number', () => {
    const numberOf = (sequence: number | null) =>
      / (-|\[meta sequenceId="\d+"\]) \ufeff/.exec(
        syslogFrame({ at: 0, host: '', sequence }, '').toString(),
      )?.[1];
    expect(numberOf(2_147_483_647)).toBe('[meta sequenceId="2147483647"]');
    expect(numberOf(2_147_483_648)).toBe('[meta sequenceId="1"]');
    expect(numberOf(null)).toBe('-');
  });
});

describe('what a collector holds', () => {
  it('is read back, whatever stands around it', () => {
    fc.assert(
      fc.property(anyAct, anyText, (one, around) => {
        const line = `${around}${auditMessageOf(one, source)}${around}`;
        expect(readReceived(line)).toEqual({ kind: 'act', sequence: one.sequence, leaf: one.leaf });
      }),
    );
    const note = 'wardline\n7\nAAAA\n\n— wardline BBBB\n';
    expect(readReceived(checkpointMessageOf(note, 7, 0, source))).toEqual({ kind: 'checkpoint', note });
  });

  it('is nothing of ours where it is anything else, is cut off, or is too long', () => {
    const whole = auditMessageOf(act, source);
    const last = whole.indexOf('"/>', whole.indexOf('ledger-leaf'));
    for (let end = 0; end <= last; end += 1) expect(readReceived(whole.slice(0, end)).kind).toBe('other');
    const padding = ' '.repeat(AUDIT_LINE_CHARS - whole.length);
    expect(readReceived(whole + padding).kind).toBe('act');
    expect(readReceived(`${whole}${padding} `).kind).toBe('other');
  });
});
