import type { Behaviour } from '@wardline/model';
import { type DeviceBaseline, isYoung, type Watch } from '@wardline/watch';
import { type HabitFound, habitFound, type SummaryFound, summaryOf } from './classes.ts';
import { habitKindOf } from './words.ts';

export interface OwnFound {
  device: string;
  firstSeen: number;
  lastSeen: number;
  heldBack: boolean;
  young: boolean;
  spoke: number;
  week: number[];
  mostSentInAnHour: number;
  longestPauseSeconds: number;
}

export interface BehaviourFound {
  judgedBy: Behaviour['judgedBy'];
  own: OwnFound | null;
  class: SummaryFound | null;
  habits: (HabitFound & { own: boolean })[];
  habitCount: number;
}

const SHOWN = 200;

/** What a device was learnt to do beside what others of its class do, by the address under which it was heard most. */
export function behaviourOf({ learnt, mode }: Watch, addresses: readonly string[]): BehaviourFound {
  const heard = addresses.flatMap((device) => {
    const baseline = learnt.get(device);
    return baseline === undefined ? [] : [{ device, baseline }];
  });
  const [most] = heard.toSorted((a, b) => b.baseline.spoke - a.baseline.spoke);
  const device = most?.device ?? addresses[0] ?? '';
  const classes = learnt.classes;
  const found = classes?.whose(device) ?? null;
  const own = new Set(
    most === undefined
      ? []
      : [...Object.keys(most.baseline.relations), ...Object.keys(most.baseline.commands)],
  );
  const of = { members: found?.members.length ?? 0 };
  const ofClass = found === null ? [] : [...found.practices, ...found.commands];
  const practised = new Set([...own].map((key) => classes?.practiceOf(key) ?? key));
  const shared = ofClass.map(([key, have]) => ({
    ...habitFound(classes!, found!, key, have),
    own: practised.has(key),
  }));
  const known = new Set(ofClass.map(([key]) => key));
  const alone = [...practised]
    .filter((key) => !known.has(key))
    .map((key) => ({
      key,
      kind: habitKindOf(key),
      have: 0,
      of: of.members,
      counts: false,
      verdict: null,
      own: true,
    }));
  const habits = [...alone, ...shared].toSorted(byOwn);
  return {
    judgedBy: judgeOf(mode, most?.baseline, learnt.judgedByClass(device) !== null),
    own: most === undefined ? null : ownOf(most.device, most.baseline),
    class: found === null ? null : summaryOf(found),
    habits: habits.slice(0, SHOWN),
    habitCount: habits.length,
  };
}

/** Its own first, and of each those that most share. */
function byOwn(a: HabitFound & { own: boolean }, b: HabitFound & { own: boolean }): number {
  return Number(b.own) - Number(a.own) || b.have - a.have || (a.key < b.key ? -1 : 1);
}

function judgeOf(
  mode: Watch['mode'],
  own: DeviceBaseline | undefined,
  byClass: boolean,
): Behaviour['judgedBy'] {
  if (mode !== 'watching') return 'learning';
  if (byClass) return 'class';
  return own === undefined || own.suspicious ? 'nothing' : 'own';
}

function ownOf(device: string, baseline: DeviceBaseline): OwnFound {
  const { first, last, suspicious, spoke, week, mostSent, longestPause } = baseline;
  return {
    device,
    firstSeen: first,
    lastSeen: last,
    heldBack: suspicious,
    young: isYoung(baseline),
    spoke,
    week,
    mostSentInAnHour: mostSent,
    longestPauseSeconds: Math.round(longestPause / 1e6),
  };
}
