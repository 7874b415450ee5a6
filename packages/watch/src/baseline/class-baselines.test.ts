import type { Conversation } from '@wardline/model';
import { describe, expect, it } from 'vitest';
import { Watch } from '../engine/watch.ts';
import { fact, feed, knock, namesOf, range, talk } from '../testing/scenes.ts';
import { habitKey, type HabitVerdict, LEAST_MEMBERS } from './class-baselines.ts';

const HOUR = 3600;
/** Pumps are 1 to 9, their servers 20 and 21, one that nobody knows 30. */
const classes = new Map<string, string>([
  ...range(9).map((n) => [`10.0.0.${n + 1}`, 'infusion-pump'] as const),
  ['10.0.0.20', 'pump-server'] as const,
  ['10.0.0.21', 'pump-server'] as const,
]);
const classOf = (device: string) => classes.get(device) ?? null;

/** One talk each hour for thirty hours. */
const hourly = (from: number, to: number, over: Partial<Conversation> = {}) =>
  range(30).map((n) => talk(from, to, n * HOUR + from, over));
const pumps = [1, 2, 3].flatMap((pump) => hourly(pump, 20, { serverPort: 5000 }));
const later = 31 * HOUR;

function learnt(conversations: Conversation[], reviews: [string, HabitVerdict][] = []): Watch {
  const watch = new Watch('learning');
  feed(watch, conversations, []);
  watch.endLearning();
  watch.classify({ classOf, reviews: new Map(reviews) });
  return watch;
}
const told = (watch: Watch, ...conversations: Conversation[]) => feed(watch, conversations, []);
const byClass = (watch: Watch, ...conversations: Conversation[]) =>
  namesOf(told(watch, ...conversations)).filter((name) => name !== 'new-device');

describe('a device that is new', () => {
  it('is judged by its class: what others of its kind do is nothing to tell, at another server of that kind, too', () => {
    expect(byClass(learnt(pumps), talk(4, 20, later, { serverPort: 5000 }))).toEqual([]);
    expect(byClass(learnt(pumps), talk(4, 21, later, { serverPort: 5000 }))).toEqual([]);
  });

  it('is told where it does what none of its kind does, and how many that are', () => {
    const [alert, ...others] = told(learnt(pumps), talk(4, 30, later, { serverPort: 9999 })).filter(
      ({ detection }) => detection === 'new-peer',
    );
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ facts: { kind: 'infusion-pump', others: 3, othersWho: 0 }, basis: 'baseline' });
    expect(alert!.summary).toContain('None of the 3 others of its kind (infusion pump) does.');
  });

  it('is told of a service that no other of its kind offers, and of an amount beyond all of them', () => {
    const offered = talk(30, 4, later, { serverPort: 8080, application: 'http' });
    expect(byClass(learnt(pumps), offered)).toContain('new-service');
    const much = talk(4, 20, later, { serverPort: 5000, bytesFromClient: 30_000_000 });
    const [alert] = told(learnt(pumps), much).filter(({ detection }) => detection === 'unusual-volume');
    expect(alert!.summary).toContain('its kind never sent more than');
  });

  it.each([LEAST_MEMBERS - 1, LEAST_MEMBERS])('of a class of which %i were learnt: only three are a class', (count) => {
    const some = range(count).flatMap((n) => hourly(n + 1, 20, { serverPort: 5000 }));
    const found = byClass(learnt(some), talk(4, 30, later, { serverPort: 9999 }));
    expect(found).toEqual(count < LEAST_MEMBERS ? [] : ['new-peer']);
  });

  it('uses commands of its class, and is told for changes all the same', () => {
    const asks = (n: number, second: number) =>
      fact('modbus.use', n, { role: 'client', unit: 1, function: 'read-coils', access: 'read' }, second);
    const writes = (n: number, second: number) =>
      fact('modbus.use', n, { role: 'client', unit: 1, function: 'write-coils', access: 'write' }, second);
    const watch = new Watch('learning');
    const all = [1, 2, 3].flatMap((n) => [asks(n, 10 * HOUR), writes(n, 11 * HOUR)]);
    feed(watch, pumps, all);
    watch.endLearning();
    watch.classify({ classOf, reviews: new Map() });
    expect(namesOf(feed(watch, [], [asks(4, later)]))).toEqual([]);
    const coils = fact('modbus.use', 4, { role: 'client', unit: 1, function: 'read-registers', access: 'read' }, later);
    expect(namesOf(feed(watch, [], [coils]))).toEqual(['new-command']);
    expect(namesOf(feed(watch, [], [writes(4, later)]))).toEqual(['unsafe-command']);
  });
});

describe('what a class is taught', () => {
  const odd = { serverPort: 6666 };

  it('is not what one device alone did', () => {
    const one = [...pumps, ...hourly(1, 30, odd)];
    expect(byClass(learnt(one), talk(4, 30, later, odd))).toEqual(['new-peer']);
    const two = [...one, ...hourly(2, 30, odd)];
    expect(byClass(learnt(two), talk(4, 30, later, odd))).toEqual([]);
  });

  it('is not what was done by those who were held back, who are judged by their class meanwhile', () => {
    const scans = [1, 2].flatMap((n) => range(40).map((port) => knock(n, 40, 29 * HOUR + port, { serverPort: port + 1 })));
    const poisoned = [...pumps, ...hourly(4, 20, { serverPort: 5000 }), ...hourly(5, 20, { serverPort: 5000 })];
    const watch = learnt([...poisoned, ...hourly(1, 30, odd), ...hourly(2, 30, odd), ...scans]);
    const pump = watch.learnt.classes!.whose('10.0.0.9')!;
    expect(pump).toMatchObject({ heldBack: 2, members: ['10.0.0.3', '10.0.0.4', '10.0.0.5'] });
    expect(byClass(watch, talk(3, 30, later, odd))).toEqual(['new-peer']);
    expect(watch.learnt.judgedByClass('10.0.0.1')).toBe(pump);
    expect(byClass(watch, talk(1, 31, later, odd))).toContain('new-peer');
    watch.learnt.trust('10.0.0.1');
    expect(watch.learnt.judgedByClass('10.0.0.1')).toBeNull();
  });

  it('is not what those do who were heard too little', () => {
    const young = range(30).flatMap((n) => [2, 3].map((pump) => talk(pump, 30, 28 * HOUR + n * 60, odd)));
    const watch = learnt([...hourly(1, 20), ...young]);
    expect(watch.learnt.classes!.whose('10.0.0.9')).toMatchObject({ young: 2, members: ['10.0.0.1'] });
  });

  it('is what a person says: normal though one alone does it, and not normal though all do', () => {
    const one = [...pumps, ...hourly(1, 30, odd)];
    const allowed = learnt(one, [[habitKey('infusion-pump', 'c|10.0.0.30|tcp/6666'), 'normal']]);
    expect(byClass(allowed, talk(4, 30, later, odd))).toEqual([]);
    const refused = learnt(pumps, [[habitKey('infusion-pump', 'c|class:pump-server|tcp/5000'), 'not-normal']]);
    expect(byClass(refused, talk(4, 20, later, { serverPort: 5000 }))).toEqual(['new-peer']);
  });

  it('never is to steer others of a class: those are asked for by address', () => {
    const steer = { serverPort: 22 };
    const many = [1, 2, 3].flatMap((n) => hourly(n, 20, steer));
    expect(byClass(learnt(many), talk(4, 20, later, steer))).toEqual([]);
    expect(byClass(learnt(many), talk(4, 21, later, steer))).toEqual(['lateral-movement']);
  });

  it('is how long its devices rest: silence is told beyond that of the kind, not of the one alone', () => {
    // Two of the kind rest for five hours; the third never longer than one.
    const rests = [1, 2].flatMap((pump) =>
      hourly(pump, 20, { serverPort: 5000 }).filter((_, hour) => hour < 10 || hour > 15),
    );
    const busy = range(200).map((n) => talk(8, 20, n * 600 + 7, { serverPort: 5000 }));
    const silent = (hours: number, of: (device: string) => string | null) => {
      const watch = new Watch('learning');
      feed(watch, [...rests, ...hourly(3, 20, { serverPort: 5000 }), ...busy], []);
      watch.endLearning();
      watch.classify({ classOf: of, reviews: new Map() });
      const others = range(hours * 12).map((n) => talk(8, 20, 30 * HOUR + n * 300, { serverPort: 5000 }));
      const found = feed(watch, others, []).filter(({ detection }) => detection === 'silence');
      return found.flatMap(({ targets }) => targets).filter((target) => target === '10.0.0.3');
    };
    expect(silent(10, () => null)).toEqual(['10.0.0.3']);
    expect(silent(10, classOf)).toEqual([]);
    expect(silent(24, classOf)).toEqual(['10.0.0.3']);
  });

  it('is its rhythm: hours in which members spoke', () => {
    const { week, longestPause, mostSent } = learnt(pumps).learnt.classes!.whose('10.0.0.9')!;
    expect([Math.max(...week), longestPause > 0, mostSent]).toEqual([3, true, 500]);
  });
});
