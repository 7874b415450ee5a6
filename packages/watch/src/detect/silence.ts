import type { Evidence, Micros } from '@wardline/model';
import { hourOfWeekUtc } from '../baseline/device-baseline.ts';
import { BoundedMap } from '../engine/bounded-map.ts';
import { anyEvidence, isRecord } from '../engine/likeness.ts';
import type { Detector, Scene, Seen } from '../engine/scene.ts';
import { defaultLimits } from '../limits.ts';
import { HOUR, MINUTE, spanOf } from './window.ts';

interface Voice {
  last: Micros;
  evidence: Evidence;
}

/** Signs of life while learning from which on a pause means something. */
const LEAST_TIMES = 20;
const LEAST_PAUSE: Micros = 5 * MINUTE;
/** Silence beyond so many times its longest pause. */
const TIMES = 3;
const WEEK = 168 * HOUR;
/** A pause of everybody, or of the capture. */
const BREAK: Micros = 10 * MINUTE;

/** A device that always spoke, and does not any more, while others still do. */
export class SilenceDetector implements Detector {
  readonly name = 'silence';
  readonly #voices = new BoundedMap<Voice>(defaultLimits.devices, { last: 0, evidence: anyEvidence });
  #checked: Micros = 0;
  /** Since when somebody is heard without a break. */
  #listening: Micros = 0;
  /** Signs of life since the last check. */
  #speaking = 0;

  conversation({ conversation, client, server, clientOutside, serverOutside, toGroup }: Seen): void {
    const { lastSeen: last, evidence } = conversation;
    if (!clientOutside && conversation.packetsFromClient > 0) this.#heard(client, last, evidence);
    if (!serverOutside && !toGroup && conversation.packetsFromServer > 0) this.#heard(server, last, evidence);
  }

  #heard(device: string, last: Micros, evidence: Evidence): void {
    const voice = this.#voices.touch(device, () => ({ last, evidence }));
    if (last <= voice.last) return;
    voice.last = last;
    voice.evidence = evidence;
    this.#speaking += 1;
  }

  advance(scene: Scene): void {
    const { baselines, now } = scene;
    if (baselines === null || now - this.#checked < MINUTE) return;
    // Nothing is said of a time in which nobody was heard: silence of all is the sensor's.
    if (this.#speaking < 2 || now - this.#checked > BREAK) this.#listening = now;
    this.#checked = now;
    this.#speaking = 0;
    for (const [device, baseline] of baselines.entries()) {
      const voice = this.#voices.get(device);
      if (baseline.spoke < LEAST_TIMES || baseline.suspicious) continue;
      const silent = now - Math.max(voice?.last ?? 0, this.#listening);
      // Where others of its kind pause for hours, as pumps of empty beds do, it may as well.
      const ofKind = baselines.classes?.of(device)?.longestPause ?? 0;
      const longest = Math.max(baseline.longestPause, ofKind);
      if (silent < Math.max(LEAST_PAUSE, TIMES * longest)) continue;
      const learnt = baseline.last - baseline.first;
      // Who was heard for more than a week has shown at which hours it rests.
      if (learnt > WEEK && baseline.week[hourOfWeekUtc(now)] === 0) continue;
      if (silent > 24 * HOUR + TIMES * longest) continue;
      scene.raise({
        detection: 'silence',
        title: 'A device fell silent',
        severity: 'medium',
        confidence: learnt > 24 * HOUR ? 'high' : 'medium',
        basis: 'baseline',
        actor: null,
        targets: [device],
        summary: `{target} has said nothing for ${spanOf(silent)}; while normal traffic was learnt ${ofKind > baseline.longestPause ? 'its kind' : 'it'} never paused longer than ${spanOf(longest)}, and others still speak.`,
        firstSeen: now - silent,
        lastSeen: now,
        evidence: voice === undefined ? [] : [voice.evidence],
        facts: { seconds: Math.round(silent / 1e6), longestPause: Math.round(longest / 1e6) },
      });
    }
  }

  save(): unknown {
    return {
      voices: this.#voices.save(),
      checked: this.#checked,
      listening: this.#listening,
      speaking: this.#speaking,
    };
  }

  accepts(state: unknown): boolean {
    return (
      isRecord(state) &&
      this.#voices.accepts(state.voices) &&
      ['checked', 'listening', 'speaking'].every((name) => Number.isFinite(state[name]))
    );
  }

  load(state: unknown): void {
    const { voices, checked, listening, speaking } = state as {
      voices: [string, Voice][];
      checked: number;
      listening: number;
      speaking: number;
    };
    this.#listening = listening;
    this.#voices.load(voices);
    this.#checked = checked;
    this.#speaking = speaking;
  }
}
