import type { Evidence, Micros } from '@wardline/model';
import type { Logged, NamedLogRule, Scene, Told } from '../engine/scene.ts';
import { defaultLimits } from '../limits.ts';
import { eventOfLine, eventOfSighting, type LogEvent } from '../sigma/event.ts';
import { groupOf } from '../sigma/read.ts';
import type { Correlation } from '../sigma/rule.ts';
import {
  addDistinct,
  type Counted,
  counted,
  HOUR,
  keepEvidence,
  spanOf,
  WindowDetector,
  Windows,
} from './window.ts';

interface Tally extends Counted {
  count: number;
  /** Distinct values, or searches that found something, in their order. */
  members: string[];
}

interface Happening {
  event: LogEvent;
  device: string;
  at: Micros;
  evidence: Evidence;
  /** What is told of it. */
  words: string;
}

/** Characters of a line that are told. */
const TOLD = 160;

/** What rules of Sigma find in lines of logs and facts of protocols. */
export class LogRuleDetector extends WindowDetector {
  readonly name = 'log-rules';
  readonly #tallies = new Windows<Tally>(defaultLimits.window, 24 * HOUR, () => ({ count: 0, members: [] }));
  protected readonly windows = { tallies: this.#tallies };

  log({ line, device, at }: Logged, scene: Scene): void {
    const rules = scene.rules?.logRules ?? [];
    if (rules.length === 0) return;
    const program = line.application === null ? '' : `${line.application}: `;
    const words = `logged “${program}${line.text.slice(0, TOLD)}${line.text.length > TOLD ? '…' : ''}”`;
    this.#judge({ event: eventOfLine(line), device, at, evidence: line.evidence, words }, rules, scene);
  }

  sighting({ sighting, subject, at }: Told, scene: Scene): void {
    const rules = scene.rules?.logRules ?? [];
    if (!rules.some(({ facts }) => facts)) return;
    const words = `was seen with ${sighting.kind}`;
    this.#judge(
      { event: eventOfSighting(sighting), device: subject, at, evidence: sighting.evidence, words },
      rules,
      scene,
    );
  }

  #judge(one: Happening, rules: readonly NamedLogRule[], scene: Scene): void {
    for (const named of rules) {
      const { searches, correlation } = named.rule;
      if (correlation === null) {
        if (searches[0]!.matches(one.event)) this.#tell(named, one, null, scene);
        continue;
      }
      for (const [place, search] of correlation.of.entries())
        if (searches[search]!.matches(one.event)) this.#correlate(named, correlation, place, one, scene);
    }
  }

  #correlate(
    named: NamedLogRule,
    correlation: Correlation,
    place: number,
    one: Happening,
    scene: Scene,
  ): void {
    const { type, groupBy, within, field, reached } = correlation;
    const group = groupOf(groupBy, one.event, one.device);
    const tally = this.#tallies.at(`${named.name}|${group}`.slice(0, 500), one.at);
    if (one.at - tally.start >= within)
      Object.assign(tally, { start: one.at, last: one.at, evidence: [], count: 0, members: [] });
    tally.count += 1;
    keepEvidence(tally.evidence, one.evidence);
    const isNext = type !== 'temporal_ordered' || place === tally.members.length;
    if (type.startsWith('temporal') && isNext)
      addDistinct(tally.members, String(place), defaultLimits.members);
    if (type === 'value_count')
      for (const value of one.event.valuesOf(field!))
        addDistinct(tally.members, value.slice(0, 256), defaultLimits.members);
    if (reached(type === 'event_count' ? tally.count : tally.members.length))
      this.#tell(named, one, tally, scene);
  }

  #tell(
    { name, rule }: NamedLogRule,
    { device, at, evidence, words }: Happening,
    tally: Tally | null,
    scene: Scene,
  ): void {
    const many =
      tally === null
        ? ''
        : `; ${counted(tally.count, 'such event')}${tally.members.length > 1 ? ` of ${tally.members.length} kinds` : ''} within ${spanOf(tally.last - tally.start)}`;
    scene.raise({
      detection: 'own-rule',
      about: name,
      title: rule.title,
      severity: rule.severity,
      confidence: 'high',
      basis: 'wrong-in-itself',
      actor: device,
      targets: [],
      summary: `{actor} ${words}, which the rule “${name}” names${many}.`,
      firstSeen: tally?.start ?? at,
      lastSeen: at,
      evidence: tally?.evidence ?? [evidence],
      facts: {
        rule: name,
        ...(tally === null ? {} : { events: tally.count }),
        ...(rule.advice === null ? {} : { advice: rule.advice }),
      },
    });
  }
}
