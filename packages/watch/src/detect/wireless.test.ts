import type { Endpoint, Facts, Sighting } from '@wardline/model';
import { describe, expect, it, test } from 'vitest';
import { Watch } from '../engine/watch.ts';
import { fact, feed, namesOf, play, range, type Scenario } from '../testing/scenes.ts';

const radio = (last: number): Endpoint => ({ mac: `00:11:22:33:44:0${last}`, ip: null, vlan: null });
const station = (last: number): Endpoint => ({
  mac: `00:aa:bb:cc:dd:${String(last).padStart(2, '0')}`,
  ip: null,
  vlan: null,
});
const OURS = radio(1);
const THEIRS = radio(6);
const approved = { accessPoints: [{ ssid: 'ward', bssid: '00:11:22:33:44:01' }] };

const beacon = (at: Endpoint, ssid: string, second: number, over: Partial<Facts['wifi.network']> = {}) =>
  fact(
    'wifi.network',
    at,
    {
      ssid,
      channel: 6,
      security: 'wpa2',
      authentication: ['802.1x'],
      ciphers: ['ccmp'],
      managementFrames: 'optional',
      ...over,
    },
    second,
  );
const joins = (who: Endpoint, at: Endpoint, second: number) =>
  fact('wifi.client', who, { bssid: at.mac! }, second);
const leave = (who: Endpoint, at: Endpoint, second: number, count = 1, seconds = 0): Sighting => {
  const message = fact(
    'wifi.disconnect',
    who,
    { message: 'deauthentication', reason: 7, bssid: at.mac! },
    second,
    { count },
  );
  return { ...message, lastSeen: message.firstSeen + seconds * 1_000_000 };
};

const scenes: readonly [name: string, expected: string[], scenario: Scenario][] = [
  ['an approved access point', [], { sightings: [beacon(OURS, 'ward', 0)], options: approved }],
  [
    'our name from an address that is not on the list',
    ['rogue-access-point'],
    { sightings: [beacon(THEIRS, 'ward', 0)], options: approved },
  ],
  [
    'a name that looks like ours',
    ['rogue-access-point'],
    { sightings: [beacon(THEIRS, 'W\u00e4rd ', 0), beacon(THEIRS, 'WARD', 1)], options: approved },
  ],
  ["a neighbour's network", [], { sightings: [beacon(THEIRS, 'cafe', 0)], options: approved }],
  [
    'all radios of one access point, by how their addresses begin',
    [],
    {
      sightings: [beacon(radio(2), 'ward', 0), beacon(radio(3), 'ward', 1)],
      options: { accessPoints: [{ ssid: 'ward', bssid: '00:11:22:33:44:*' }] },
    },
  ],
  [
    'an open radio under the name of an encrypted network',
    ['rogue-access-point'],
    { sightings: [beacon(OURS, 'ward', 0), beacon(THEIRS, 'ward', 1, { security: 'open' })] },
  ],
  [
    'WPA2 and WPA3 beside one another',
    [],
    { sightings: [beacon(OURS, 'ward', 0), beacon(THEIRS, 'ward', 1, { security: 'wpa2/wpa3' })] },
  ],
  [
    'an address that is open and encrypted at once',
    ['rogue-access-point'],
    {
      sightings: [0, 2, 4].flatMap((n) => [
        beacon(OURS, 'ward', n),
        beacon(OURS, 'ward', n + 1, { security: 'open' }),
      ]),
    },
  ],
  [
    'an access point that was set up anew',
    [],
    { sightings: [beacon(OURS, 'ward', 0), beacon(OURS, 'ward', 9, { security: 'open' })] },
  ],
  [
    'one that answers to every name',
    ['rogue-access-point'],
    { sightings: range(6).map((n) => beacon(THEIRS, `home ${n}`, n)) },
  ],
  ['one with five names', [], { sightings: range(5).map((n) => beacon(THEIRS, `home ${n}`, n)) }],
  [
    'a burst of messages that end connections',
    ['deauthentication-flood'],
    { sightings: [leave(OURS, OURS, 0, 64, 1)] },
  ],
  [
    'in the name of each device',
    ['deauthentication-flood'],
    { sightings: range(64).map((n) => leave(station(n % 20), OURS, n % 50)) },
  ],
  [
    'an access point that is switched off',
    [],
    { sightings: [leave(OURS, OURS, 0, 63, 1), leave(OURS, OURS, 70, 10, 1)] },
  ],
  ['a day of devices that leave', [], { sightings: [leave(OURS, OURS, 0, 5000, 86_400)] }],
];

describe('in the air', () => {
  test.each(scenes)('%s', (_name, expected, scenario) => {
    expect(namesOf(play(scenario))).toEqual(expected);
  });

  it('names the devices that are thrown off, for what it means to their patients', () => {
    const [alert] = play({
      sightings: [joins(station(1), OURS, 0), joins(station(2), OURS, 1), leave(OURS, OURS, 2, 200, 3)],
    });
    expect(alert).toMatchObject({
      detection: 'deauthentication-flood',
      actor: null,
      targets: [station(1).mac, station(2).mac],
      confidence: 'high',
    });
  });

  it('names the devices that join one that does not belong', () => {
    const found = play({
      sightings: [beacon(THEIRS, 'ward', 0), joins(station(1), THEIRS, 5)],
      options: approved,
    });
    expect(found).toMatchObject([{ actor: THEIRS.mac, targets: [station(1).mac], severity: 'high' }]);
  });

  it('tells of a device of the house that joins a stranger, and of no visitor', () => {
    const sightings = [
      joins(station(1), OURS, 0),
      joins(station(1), THEIRS, 5),
      joins(station(2), THEIRS, 6),
    ];
    const found = play({ sightings, options: approved });
    expect(found.map(({ targets }) => targets)).toEqual([[station(1).mac]]);
    const known = { ...approved, classOf: (device: string) => (device === station(2).mac ? 'pump' : null) };
    expect(namesOf(play({ sightings: [sightings[2]!], options: known }))).toEqual(['rogue-access-point']);
  });

  it('tells of a new access point for a network that was learnt, and of no network that is new', () => {
    const learn = { sightings: [beacon(OURS, 'ward', 0)] };
    const later = (at: Endpoint, ssid: string) => namesOf(play({ learn, sightings: [beacon(at, ssid, 60)] }));
    expect(later(OURS, 'ward')).toEqual([]);
    expect(later(THEIRS, 'ward')).toEqual(['rogue-access-point']);
    expect(later(THEIRS, 'cafe')).toEqual([]);
  });

  it('tells of a Bluetooth address that goes by two names of care', () => {
    const advert = (name: string, second: number) =>
      fact('ble.advert', station(1), { address: 'public', services: ['glucose'], name }, second);
    expect(namesOf(play({ sightings: [advert('Meter A', 0), advert('Meter A', 9)] }))).toEqual([]);
    expect(namesOf(play({ sightings: [advert('Meter A', 0), advert('Meter B', 9)] }))).toEqual([
      'impersonation',
    ]);
    expect(namesOf(play({ sightings: [advert('Meter A', 0), advert('Meter B', 3700)] }))).toEqual([]);
  });

  it('goes on from a stored state as if it had never stopped', () => {
    const first = [beacon(OURS, 'ward', 0), joins(station(1), OURS, 1), leave(OURS, OURS, 2, 40, 1)];
    const then = [leave(OURS, OURS, 12, 40, 1), beacon(THEIRS, 'ward', 13, { security: 'open' })];
    const before = new Watch('unlearnt');
    feed(before, [], first);
    const after = new Watch('unlearnt');
    after.load(JSON.parse(JSON.stringify(before.save())));
    const found = feed(after, [], then);
    expect(found).toEqual(feed(before, [], then));
    expect(namesOf(found)).toEqual(['deauthentication-flood', 'rogue-access-point']);
  });
});
