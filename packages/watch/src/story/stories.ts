import { createHash } from 'node:crypto';
import {
  type Alert,
  type AlertParty,
  type Criticality,
  type Detection,
  type Micros,
  type Severity,
  type Story,
  severities,
  TARGETS_NAMED,
} from '@wardline/model';

/** Doings of one actor further apart than this are two stories. */
const APART: Micros = 12 * 3_600_000_000;
/** New things that are of little weight each: told together, once a day. */
const novelties: ReadonlySet<Detection> = new Set([
  'new-device',
  'new-peer',
  'new-service',
  'new-command',
  'clock-drift',
]);
const DAY: Micros = 86_400_000_000;
const severityRank: Readonly<Record<Severity, number>> = {
  critical: 80,
  high: 60,
  medium: 40,
  low: 20,
  info: 5,
};
const criticalityRank: Readonly<Record<Criticality, number>> = {
  'life-critical': 20,
  high: 12,
  medium: 6,
  unknown: 3,
  low: 0,
};
const confidenceShare = { high: 1, medium: 0.85, low: 0.6 } as const;

/**
 * Groups alerts to stories, the gravest for patients first. What one actor does is one story; what a device does after it was taken
 * over belongs to the story of who took it; what merely happened to a device belongs to the story that touches it.
 */
export function storiesOf(alerts: readonly Alert[]): Story[] {
  return groupsOf(alerts)
    .map((group) => tellStory(group))
    .toSorted((a, b) => b.rank - a.rank || b.lastSeen - a.lastSeen || (a.id < b.id ? -1 : 1));
}

/** Alerts that belong together, each group with the key of whom or what it is about. */
export function groupsOf(alerts: readonly Alert[]): AlertGroup[] {
  const groups = new Groups();
  const sorted = alerts.toSorted((a, b) => a.firstSeen - b.firstSeen || (a.id < b.id ? -1 : 1));
  for (const alert of sorted)
    if (alert.actor !== null && !isNovelty(alert)) groups.add(alert.actor.key, alert);
  for (const alert of sorted) if (alert.actor === null && !isNovelty(alert)) groups.join(alert);
  for (const alert of sorted) if (isNovelty(alert)) groups.addNovelty(alert);
  return groups.all();
}

function isNovelty({ detection, severity }: Alert): boolean {
  return novelties.has(detection) && (severity === 'low' || severity === 'info');
}

/** At least one alert. */
export interface AlertGroup {
  key: string;
  alerts: Alert[];
}

interface Group extends AlertGroup {
  lastSeen: Micros;
  /** Devices that this story gave into others' hands. */
  taken: Set<string>;
}

class Groups {
  readonly #groups: Group[] = [];

  add(actor: string, alert: Alert): void {
    const group =
      this.#latest(({ key }) => key === actor, alert) ??
      this.#latest(({ taken }) => taken.has(actor), alert) ??
      this.#open(actor);
    this.#put(group, alert);
  }

  /** Nobody is known to have done it: it belongs to who lately touched the device, else it is a story of its own. */
  join(alert: Alert): void {
    const [target] = alert.targets;
    const touches = (group: Group) =>
      group.alerts.some(({ targets, actor }) =>
        [...targets, actor].some((party) => party?.key === target?.key),
      );
    this.#put(this.#latest(touches, alert) ?? this.#open(`${target?.key ?? ''}|${alert.detection}`), alert);
  }

  /** A new peer of somebody who does worse is part of that; else all that is new in a day is one story. */
  addNovelty(alert: Alert): void {
    const doer = alert.actor?.key ?? alert.targets[0]?.key ?? '';
    const worse = this.#latest(
      (group) =>
        group.key === doer ||
        (alert.actor === null && group.alerts.some(({ targets }) => targets[0]?.key === doer)),
      alert,
    );
    const key = `new|${alert.detection}|${Math.floor(alert.firstSeen / DAY)}`;
    this.#put(worse ?? this.#groups.find((group) => group.key === key) ?? this.#open(key), alert);
  }

  all(): AlertGroup[] {
    return this.#groups.map(({ key, alerts }) => ({ key, alerts }));
  }

  #latest(matches: (group: Group) => boolean, { firstSeen, lastSeen }: Alert): Group | undefined {
    return this.#groups.findLast(
      (group) =>
        matches(group) &&
        !group.key.startsWith('new|') &&
        firstSeen - group.lastSeen < APART &&
        group.alerts[0]!.firstSeen - lastSeen < APART,
    );
  }

  #open(key: string): Group {
    const group: Group = { key, alerts: [], lastSeen: 0, taken: new Set() };
    this.#groups.push(group);
    return group;
  }

  #put(group: Group, alert: Alert): void {
    group.alerts.push(alert);
    group.lastSeen = Math.max(group.lastSeen, alert.lastSeen);
    const takes =
      alert.detection === 'lateral-movement' ||
      alert.facts.accepted === true ||
      alert.detection === 'default-credential';
    if (takes) for (const { key } of alert.targets) group.taken.add(key);
  }
}

/** A group as a story for people. Its id hangs on its earliest alert, unless it had one before that it is to keep. */
export function tellStory({ key, alerts: unsorted }: AlertGroup, id: string | null = null): Story {
  const alerts = unsorted.toSorted((a, b) => a.firstSeen - b.firstSeen);
  const leading = alerts.toSorted(byWeight)[0]!;
  const targets = distinctParties(alerts.flatMap((alert) => alert.targets));
  const more = alerts.length - 1;
  const firstSeen = alerts[0]!.firstSeen;
  const isNew = key.startsWith('new|');
  return {
    id: id ?? createHash('sha256').update(`${key}|${alerts[0]!.id}`).digest('hex').slice(0, 24),
    title: isNew && more > 0 ? `${leading.title}: ${alerts.length} times` : titleOf(leading, alerts),
    severity: leading.severity,
    confidence: leading.confidence,
    harms: [...new Set(alerts.flatMap(({ harms }) => harms))],
    rank: Math.round(Math.max(...alerts.map(rankOf)) * 10) / 10,
    summary: leading.summary,
    meaning: leading.meaning,
    advice: leading.advice,
    actor: isNew && more > 0 ? null : (alerts.find(({ actor }) => actor !== null)?.actor ?? null),
    targets: targets.slice(0, TARGETS_NAMED),
    targetCount: Math.max(targets.length, ...alerts.map(({ targetCount }) => targetCount)),
    detections: [...new Set(alerts.map(({ detection }) => detection))],
    alerts,
    firstSeen,
    lastSeen: Math.max(...alerts.map(({ lastSeen }) => lastSeen)),
  };
}

function titleOf(leading: Alert, alerts: readonly Alert[]): string {
  const others = new Set(alerts.map(({ title }) => title));
  others.delete(leading.title);
  const [one] = others;
  if (one === undefined) return leading.title;
  return others.size === 1
    ? `${leading.title}; ${lower(one)}`
    : `${leading.title}, and ${others.size} other things`;
}

function lower(title: string): string {
  return `${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}

function byWeight(a: Alert, b: Alert): number {
  return (
    rankOf(b) - rankOf(a) ||
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    a.firstSeen - b.firstSeen
  );
}

/** For the order alone: how grave, whom it touches, how sure. */
export function rankOf({ severity, confidence, actor, targets }: Alert): number {
  const parties = [...targets, ...(actor === null ? [] : [actor])];
  const touched = Math.max(
    0,
    ...parties.map(({ criticality, outside }) => (outside ? 0 : criticalityRank[criticality])),
  );
  return Math.min(100, (severityRank[severity] + touched) * confidenceShare[confidence]);
}

function distinctParties(parties: readonly AlertParty[]): AlertParty[] {
  return [...new Map(parties.map((party) => [party.key, party])).values()];
}
