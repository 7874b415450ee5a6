import { alertSchema, storySchema } from '@wardline/model';
import { expect, it } from 'vitest';
import { endpoint, fact, knock, play, range, talk } from '../testing/scenes.ts';
import { rankOf, storiesOf } from './stories.ts';
import { type Directory, tellAlert } from './tell.ts';
import { tellings } from './tellings.ts';

const pump = {
  asset: 'a1',
  name: 'Pump 3',
  classLabel: 'Infusion pump',
  criticality: 'life-critical',
  hazards: {
    degraded: { severity: 'serious', situation: 'it delivers late', harm: 'a patient gets too little' },
    lost: { severity: 'critical', situation: 'it stops', harm: 'a patient worsens' },
    controlled: {
      severity: 'catastrophic',
      situation: 'it delivers what nobody ordered',
      harm: 'a patient dies',
    },
  },
} as const;
const directory: Directory = {
  facts: (device) => (device === '10.0.0.2' ? { ...pump, hazards: pump.hazards } : null),
  place: (device) => ({ mac: null, ip: device }),
};
const scan = range(40).map((n) => knock(1, 2, n, { serverPort: n + 1 }));
const guesses = range(8).map((n) =>
  fact(
    'credential.cleartext',
    2,
    { protocol: 'ftp', field: 'PASS', outcome: 'refused', secretHash: `s${n}` },
    100 + n,
    { peer: endpoint(1) },
  ),
);
const told = play({ conversations: scan, sightings: guesses }).map((record) => tellAlert(record, directory));

it('tells alerts by name, with what they mean for a patient', () => {
  const [alert] = told.filter(({ detection }) => detection === 'vertical-scan');
  expect(alert!.summary).toMatch(/^10\.0\.0\.1 tried 40 TCP ports of Pump 3 \(10\.0\.0\.2\)/);
  expect(alert!.meaning).toContain(
    'For Pump 3 (Infusion pump) the worst is that it delivers late; then a patient gets too little.',
  );
  for (const each of told) expect(alertSchema.parse(each)).toEqual(each);
});

it('makes one story of what one does, the gravest first', () => {
  const lone = play({ conversations: range(40).map((n) => knock(7, 8, n, { serverPort: n + 1 })) }).map(
    (record) => tellAlert(record, directory),
  );
  const stories = storiesOf([...lone, ...told]);
  expect(stories.map(({ actor, detections }) => [actor?.ip, detections])).toEqual([
    ['10.0.0.1', ['vertical-scan', 'brute-force']],
    ['10.0.0.7', ['vertical-scan']],
  ]);
  expect(stories[0]!.title).toBe('Passwords are being guessed; scan of a device');
  for (const story of stories) expect(storySchema.parse(story)).toEqual(story);
});

it('ranks the same deed higher at a device that keeps somebody alive', () => {
  const [alert] = told;
  expect(rankOf(alert!)).toBeGreaterThan(
    rankOf({
      ...alert!,
      targets: alert!.targets.map((party) => ({ ...party, criticality: 'low' as const })),
    }),
  );
});

it('tells what is new in a day as one story for each kind', () => {
  const learn = { conversations: range(30).map((n) => talk(1, 2, n)) };
  const found = play({ learn, conversations: [talk(11, 2, 400), talk(12, 2, 401), talk(13, 2, 402)] });
  const stories = storiesOf(found.map((record) => tellAlert(record, directory)));
  expect(stories.map(({ title }) => title)).toEqual(['A device that is new: 3 times']);
});

it('has words for every detection', () => {
  for (const { meaning, advice } of Object.values(tellings))
    expect(Math.min(meaning.length, advice.length)).toBeGreaterThan(10);
});
