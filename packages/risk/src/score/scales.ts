import { exposures, harmSeverities, riskLevels } from '@wardline/model';

/** Ordinal scales, each from the least grave. Nothing is added, multiplied or averaged over them. */
export const scales = {
  /** ISO 14971, severity of harm; used on each of the three axes for what is lost on it. */
  severity: harmSeverities,
  /** FDA and AAMI SW96: for security, exploitability stands in the place of probability. */
  exploitability: riskLevels,
  /** NIST SP 800-30, table I-2. */
  level: riskLevels,
  /** What is known of its being exploited anywhere. */
  activity: ['none known', 'proof of concept', 'likely', 'active'],
  /** What stands in the way of who can reach it: at the device itself; an account, help or luck; nothing. */
  effort: ['at the device', 'demanding', 'unaided'],
  /** How it is reached: shown to be cut off; from no known foothold; after other steps; directly from outside the hospital's hands. */
  exposure: exposures,
  /** What it does to the device. */
  effect: ['none', 'degraded', 'lost', 'controlled'],
  criticality: ['low', 'medium', 'high', 'life-critical'],
  sensitivity: ['no-phi', 'possible-phi', 'phi'],
  /** How much of what the device holds can be read. */
  disclosure: ['none', 'some', 'all'],
  /** Whether it holds data of few patients, or hangs on few other devices; or many. */
  scale: ['few', 'many'],
  /** How much the verified controls take away. */
  strength: ['strong', 'partial', 'none'],
  /** FDA, Postmarket Management of Cybersecurity in Medical Devices (2016), §VI. */
  control: ['controlled', 'uncontrolled'],
} as const;

export type ScaleName = keyof typeof scales;
export type Grade<S extends ScaleName> = (typeof scales)[S][number];

/** The place of a word in its scale. @throws RangeError where it is not in it */
export function placeIn<S extends ScaleName>(scale: S, word: Grade<S>): number {
  const place = (scales[scale] as readonly string[]).indexOf(word);
  if (place < 0) throw new RangeError(`"${word}" is not in the scale of ${scale}`);
  return place;
}

export const topOf = (scale: ScaleName): number => scales[scale].length - 1;
