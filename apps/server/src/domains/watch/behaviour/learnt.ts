import type { DeviceBaseline, Watch } from '@wardline/watch';
import { habitOf } from './words.ts';

/** Which devices are asked for. */
export interface DevicesQuestion {
  what: 'devices';
  site: number;
  /** In small letters; devices are named by addresses. Empty: all. */
  words: string;
  /** Devices that go by other names than their addresses. */
  named: readonly string[];
  held: boolean;
  offset: number;
  limit: number;
}

export interface LearntDeviceFound {
  device: string;
  firstSeen: number;
  lastSeen: number;
  heldBack: boolean;
  spoke: number;
  longestPauseSeconds: number;
  mostSentInAnHour: number;
  habits: string[];
  habitCount: number;
  commands: string[];
}

export interface DevicesAnswer {
  total: number;
  items: LearntDeviceFound[];
}

const SHOWN = 60;

/** Devices in the order of their names, those that were held back first. */
export function learntDevices({ learnt }: Watch, question: DevicesQuestion): DevicesAnswer {
  const { words, named, held, offset, limit } = question;
  const wanted = new Set(named);
  const found = [...learnt.entries()].filter(
    ([device, { suspicious }]) =>
      (!held || suspicious) && (words === '' || device.includes(words) || wanted.has(device)),
  );
  const sorted = found.toSorted(
    ([a, { suspicious: one }], [b, { suspicious: other }]) => Number(other) - Number(one) || (a < b ? -1 : 1),
  );
  return { total: found.length, items: sorted.slice(offset, offset + limit).map(deviceOf) };
}

function deviceOf([device, baseline]: [string, DeviceBaseline]): LearntDeviceFound {
  const { first, last, suspicious, spoke, longestPause, mostSent, relations, commands } = baseline;
  const habits = Object.keys(relations)
    .toSorted()
    .map((key) => habitOf(key));
  return {
    device,
    firstSeen: first,
    lastSeen: last,
    heldBack: suspicious,
    spoke,
    longestPauseSeconds: Math.round(longestPause / 1e6),
    mostSentInAnHour: mostSent,
    habits: habits.slice(0, SHOWN),
    habitCount: habits.length,
    commands: Object.keys(commands).toSorted().slice(0, SHOWN),
  };
}
