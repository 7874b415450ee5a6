import type { Facts } from '@wardline/model';
import type { Scene, Told } from '../engine/scene.ts';
import { defaultLimits, MARKS_KEPT } from '../limits.ts';
import {
  addDistinct,
  type Counted,
  counted,
  HOUR,
  keepEvidence,
  MINUTE,
  spanOf,
  WindowDetector,
  Windows,
} from './window.ts';

interface Asked extends Counted {
  count: number;
  marks: string[];
}

/** Long questions below one zone within ten minutes: a lookup of reputation or a content network asks a few. */
const TUNNEL = { count: 30, marks: 16 };
const FAILED = { count: 60, marks: 24 };
/** Different names that one host answers for on a link: a computer has one, sometimes two. */
const ANSWERED = { llmnr: 3, nbns: 5 };

/** Names as a way in or out: tunnels in DNS, searches for a rendezvous, answers for names of others. */
export class NameDetector extends WindowDetector {
  readonly name = 'names';
  readonly #asked = new Windows<Asked>(defaultLimits.window, 10 * MINUTE, fresh);
  readonly #failed = new Windows<Asked>(defaultLimits.window, 10 * MINUTE, fresh);
  readonly #answered = new Windows<Asked>(defaultLimits.window, HOUR, fresh);
  protected readonly windows = { asked: this.#asked, failed: this.#failed, answered: this.#answered };

  sighting(told: Told, scene: Scene): void {
    const { kind } = told.sighting;
    if (kind === 'dns.query') this.#query(told, scene);
    else if (kind === 'dns.failure') this.#failure(told, scene);
    else if (kind === 'name.answer') this.#answer(told, scene);
  }

  #query(told: Told, scene: Scene): void {
    const { zone, type } = told.sighting.facts as Facts['dns.query'];
    const asked = add(this.#asked, `${told.subject}|${zone}`, told);
    // A sighting carries eight marks at the most, so that haste shows less of them.
    const many =
      asked.marks.length >= TUNNEL.marks || (asked.count >= 3 * TUNNEL.count && asked.marks.length >= 8);
    if (asked.count < TUNNEL.count || !many) return;
    scene.raise({
      detection: 'dns-tunnel',
      about: zone,
      title: 'Tunnel through DNS',
      severity: 'high',
      confidence: asked.count >= 3 * TUNNEL.count ? 'high' : 'medium',
      basis: 'wrong-in-itself',
      actor: told.subject,
      targets: [],
      service: { transport: 'udp', port: 53, application: 'dns' },
      summary: `{actor} asked ${counted(asked.count, 'question')} for long, ever new names below ${zone} (${type}) within ${spanOf(asked.last - asked.start)}: names that carry data.`,
      firstSeen: asked.start,
      lastSeen: asked.last,
      evidence: asked.evidence,
      facts: { zone, questions: asked.count, type },
    });
  }

  #failure(told: Told, scene: Scene): void {
    const failed = add(this.#failed, told.subject, told);
    if (failed.count < FAILED.count || failed.marks.length < FAILED.marks) return;
    scene.raise({
      detection: 'failed-names',
      title: 'Search for names that do not exist',
      severity: 'medium',
      confidence: 'medium',
      basis: 'wrong-in-itself',
      actor: told.subject,
      targets: [],
      service: { transport: 'udp', port: 53, application: 'dns' },
      summary: `{actor} asked for ${failed.marks.length >= MARKS_KEPT ? `${MARKS_KEPT} or more` : failed.marks.length} different names that do not exist (${counted(failed.count, 'answer')}) within ${spanOf(failed.last - failed.start)}, as malware does that looks for its master.`,
      firstSeen: failed.start,
      lastSeen: failed.last,
      evidence: failed.evidence,
      facts: { answers: failed.count },
    });
  }

  #answer(told: Told, scene: Scene): void {
    const { protocol } = told.sighting.facts as Facts['name.answer'];
    const answered = add(this.#answered, `${told.subject}|${protocol}`, told);
    if (answered.marks.length < ANSWERED[protocol]) return;
    scene.raise({
      detection: 'name-poisoning',
      about: protocol,
      title: "Answers in others' names",
      severity: 'high',
      confidence: protocol === 'llmnr' ? 'high' : 'medium',
      basis: 'wrong-in-itself',
      actor: told.subject,
      targets: [],
      service: { transport: 'udp', port: told.sighting.service?.port ?? null, application: protocol },
      summary: `{actor} answered for ${answered.marks.length} different computers' names that others asked the network for, so that they would sign in to it.`,
      firstSeen: answered.start,
      lastSeen: answered.last,
      evidence: answered.evidence,
      facts: { names: answered.marks.length },
    });
  }
}

function fresh(): Omit<Asked, keyof Counted> {
  return { count: 0, marks: [] };
}

function add(windows: Windows<Asked>, key: string, { sighting, at }: Told): Asked {
  const entry = windows.at(key, at);
  entry.count += sighting.count;
  for (const mark of sighting.marks) addDistinct(entry.marks, mark, MARKS_KEPT);
  keepEvidence(entry.evidence, sighting.evidence);
  return entry;
}
