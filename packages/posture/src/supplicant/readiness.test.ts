import type { Mds2Answer } from '@wardline/formats';
import type { Facts } from '@wardline/model';
import { describe, expect, it } from 'vitest';
import { type SupplicantEvidence, supplicantReadiness } from './readiness.ts';

const nothing: SupplicantEvidence = {
  name: 'pump 7',
  criticality: 'low',
  os: '',
  eap: [],
  stations: [],
  networks: [],
  statement: null,
  certificate: null,
};
const saying = (value: Mds2Answer['value']): SupplicantEvidence['statement'] => ({
  document: 'pump.xlsx',
  edition: '2019',
  answers: [{ id: 'NAUT-3', section: 'NAUT', about: '', value, text: value, note: null, place: 'MDS2!C1' }],
});
const eap = (method?: string, more: Partial<Facts['eapol.party']> = {}): SupplicantEvidence['eap'] => [
  { facts: { role: 'supplicant', ...(method === undefined ? {} : { method }), ...more }, at: 5 },
];
const network = (authentication: string[], managementFrames = 'optional'): SupplicantEvidence['networks'] => [
  {
    facts: {
      ssid: 'ward',
      security: 'wpa2',
      authentication,
      ciphers: ['ccmp'],
      managementFrames: managementFrames as 'optional',
    },
    at: 5,
  },
];
const certificate = { zone: 'icu', until: Date.UTC(2027, 0, 1) * 1000, isRenewalDue: false };
const judged = (known: Partial<SupplicantEvidence>) => supplicantReadiness({ ...nothing, ...known });
const state = (known: Partial<SupplicantEvidence>) => judged(known).state;

describe('whether a device can join by certificate', () => {
  it('is unknown without evidence, whatever certificate it holds', () => {
    expect(state({})).toBe('unknown');
    expect(state({ certificate })).toBe('unknown');
    for (const value of ['see-note', 'blank', 'unclear', 'not-applicable'] as const)
      expect(state({ statement: saying(value) })).toBe('unknown');
    expect(state({ os: 'Linux' })).toBe('unknown');
  });

  it('is not shown by what shows something else', () => {
    // A handshake of keys is done on networks with a shared key, too; a hardware address proves nothing either way.
    expect(state({ eap: eap(undefined, { keyHandshake: true }) })).toBe('unknown');
    expect(state({ stations: [{ facts: { proof: 'mac-address', result: 'accepted' }, at: 5 }] })).toBe(
      'unknown',
    );
    expect(state({ networks: network(['psk', '802.1x']) })).toBe('unknown');
    expect(state({ networks: network([]) })).toBe('unknown');
  });

  it.each<[string, Partial<SupplicantEvidence>, string]>([
    ['seen by certificate', { eap: eap('TLS') }, 'in-use'],
    ['seen by certificate against the maker’s word', { eap: eap('TLS'), statement: saying('no') }, 'in-use'],
    ['seen by password', { eap: eap('PEAP') }, 'other-method'],
    ['seen by both', { eap: [...eap('PEAP'), ...eap('TLS')] }, 'in-use'],
    ['seen by a method nobody saw', { eap: eap() }, 'ask-maker'],
    ['let in by EAP', { stations: [{ facts: { proof: 'eap', result: 'accepted' }, at: 5 }] }, 'ask-maker'],
    ['on a network of 802.1X alone', { networks: network(['802.1x', 'ft-802.1x']) }, 'ask-maker'],
    [
      'on it against the maker’s word',
      { networks: network(['802.1x']), statement: saying('no') },
      'ask-maker',
    ],
    ['stated', { statement: saying('yes') }, 'enrol'],
    ['stated, and enrolled', { statement: saying('yes'), certificate }, 'ready'],
    ['stated not to', { statement: saying('no'), os: 'Windows 10' }, 'cannot'],
    ['a system that can', { os: 'Microsoft Windows 10 Pro 1809' }, 'ask-maker'],
    ['a system that cannot', { os: 'Windows XP SP3' }, 'cannot'],
    [
      'a system that cannot, whatever is stated',
      { os: 'Windows CE 6.0', statement: saying('yes') },
      'cannot',
    ],
  ])('%s', (_, known, expected) => {
    expect(state(known)).toBe(expected);
  });

  it('names its grounds with place and time, and what contradicts', () => {
    const { grounds } = judged({ eap: eap('TLS'), statement: saying('no'), certificate });
    expect(grounds).toEqual([
      { kind: 'seen', text: 'It was seen to sign in by certificate (EAP-TLS)', at: 5 },
      {
        kind: 'stated',
        text: 'The maker states that it does not prove itself by certificates: NAUT-3 "no" (pump.xlsx, MDS2!C1)',
        at: null,
      },
      { kind: 'certificate', text: 'It holds a certificate of the zone icu until 2027-01-01', at: null },
    ]);
  });

  it('knows of protected management frames only from a network that takes nothing else', () => {
    expect(judged({ networks: network(['psk']) }).managementFrames).toBeNull();
    expect(judged({ networks: network(['sae'], 'required') }).managementFrames).toBe('required');
  });

  it('always has something to do but where all is well', () => {
    expect(judged({ eap: eap('TLS'), certificate }).todo).toEqual([]);
    expect(judged({ eap: eap('TLS') }).todo).toHaveLength(1);
    expect(
      judged({ eap: eap('TLS'), certificate: { ...certificate, isRenewalDue: true } }).todo,
    ).toHaveLength(1);
    for (const known of [{}, { eap: eap('PEAP') }, { statement: saying('yes') }, { statement: saying('no') }])
      expect(judged(known).todo.length).toBeGreaterThan(0);
  });

  it('warns before what keeps somebody alive is changed', () => {
    const warned = (known: Partial<SupplicantEvidence>) =>
      judged({ criticality: 'life-critical', ...known }).todo.some((one) =>
        one.includes('no patient depends'),
      );
    expect(warned({ statement: saying('yes') })).toBe(true);
    expect(warned({ statement: saying('no') })).toBe(false);
  });
});
