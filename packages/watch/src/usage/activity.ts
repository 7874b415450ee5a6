import type { Conversation, Micros, UsageHour } from '@wardline/model';

export const HOUR: Micros = 3_600_000_000;

/**
 * Protocols that carry the work of care, and how many bytes in a conversation's slice are more than a sign of life: an
 * HL7 message is work; a DICOM association that only asks whether anybody is there (C-ECHO) takes about a kilobyte.
 */
export const workBytes: ReadonlyMap<string, number> = new Map([
  ['hl7', 200],
  ['dicom', 4096],
  ['dicom-tls', 16_384],
  ['astm', 200],
  ['poct1a', 1024],
  ['intellivue', 8192],
  ['carescape', 8192],
  ['sdc', 16_384],
]);

/** What one conversation tells of an hour of its client and of its server. */
export interface Trace {
  hour: Micros;
  /** The protocol of care that was at work; null where none was. */
  work: string | null;
}

/** The hour a conversation's slice falls into, and whether it was work of care. Linear, keeps nothing. */
export function traceOf(conversation: Conversation): Trace {
  const { application, bytesFromClient, bytesFromServer, firstSeen } = conversation;
  const least = application === null ? undefined : workBytes.get(application);
  // Work that nobody answers is an attempt.
  const worked = least !== undefined && bytesFromServer > 0 && bytesFromClient + bytesFromServer >= least;
  return { hour: Math.floor(firstSeen / HOUR) * HOUR, work: worked ? application : null };
}

/** Hours of a device in which it sent anything, by their start, with the work that showed in them. */
export type ActiveHours = Map<Micros, string | null>;

export function addTrace(hours: ActiveHours, { hour, work }: Trace): void {
  hours.set(hour, work ?? hours.get(hour) ?? null);
}

/** How long silence is told from a device that is away: after a week it may stand in a store, or be elsewhere. */
const AWAY_AFTER: Micros = 7 * 24 * HOUR;

export interface Listening {
  /** Whether a sensor that can hear the device was listening all through that hour. */
  heard: (hour: Micros) => boolean;
  /** Whether the wire shows this device's work at all; by default true once any work was seen. */
  showsWork?: boolean;
}

/**
 * What the device was doing in each hour of `[from, until)`. Work shows itself; that there was none is only said of an hour that
 * was listened to all through. `off` is only said of a device that was heard idling as well, for one that speaks only when
 * it works may be standing ready in silence, and not for longer than a week after it last spoke.
 */
export function hoursOf(active: ActiveHours, from: Micros, until: Micros, listening: Listening): UsageHour[] {
  const told = [...active.values()];
  const showsWork = listening.showsWork ?? told.some((work) => work !== null);
  const chatters = told.some((work) => work === null);
  const hours: UsageHour[] = [];
  let spokeLast = Number.NEGATIVE_INFINITY;
  for (let hour = Math.floor(from / HOUR) * HOUR; hour < until; hour += HOUR) {
    const because = active.get(hour) ?? null;
    if (active.has(hour)) spokeLast = hour;
    hours.push({ hour, state: because === null ? withoutWork(hour) : 'in-use', because });
  }
  return hours;

  function withoutWork(hour: Micros): UsageHour['state'] {
    if (!listening.heard(hour)) return 'unknown';
    if (spokeLast === hour) return showsWork ? 'idle' : 'unknown';
    return chatters && hour - spokeLast <= AWAY_AFTER ? 'off' : 'unknown';
  }
}
