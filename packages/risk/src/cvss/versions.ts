import { type Metric, modified, optional, required } from './metric.ts';

export const cvssVersions = ['2.0', '3.0', '3.1', '4.0'] as const;
export type CvssVersion = (typeof cvssVersions)[number];

/** CVSS 2.0 complete guide, §2. */
const second: readonly Metric[] = [
  required('AV', 'L A N'),
  required('AC', 'H M L'),
  required('Au', 'M S N'),
  required('C', 'N P C'),
  required('I', 'N P C'),
  required('A', 'N P C'),
  optional('E', 'U POC F H', 'ND'),
  optional('RL', 'OF TF W U', 'ND'),
  optional('RC', 'UC UR C', 'ND'),
  optional('CDP', 'N L LM MH H', 'ND'),
  optional('TD', 'N L M H', 'ND'),
  optional('CR', 'L M H', 'ND'),
  optional('IR', 'L M H', 'ND'),
  optional('AR', 'L M H', 'ND'),
];

const thirdBase: readonly Metric[] = [
  required('AV', 'N A L P'),
  required('AC', 'L H'),
  required('PR', 'N L H'),
  required('UI', 'N R'),
  required('S', 'U C'),
  required('C', 'H L N'),
  required('I', 'H L N'),
  required('A', 'H L N'),
];

/** CVSS 3.1 specification, table 15. */
const third: readonly Metric[] = [
  ...thirdBase,
  optional('E', 'U P F H'),
  optional('RL', 'O T W U'),
  optional('RC', 'U R C'),
  optional('CR', 'L M H'),
  optional('IR', 'L M H'),
  optional('AR', 'L M H'),
  ...modified(thirdBase),
];

const fourthBase: readonly Metric[] = [
  required('AV', 'N A L P'),
  required('AC', 'L H'),
  required('AT', 'N P'),
  required('PR', 'N L H'),
  required('UI', 'N P A'),
  required('VC', 'H L N'),
  required('VI', 'H L N'),
  required('VA', 'H L N'),
  required('SC', 'H L N'),
  required('SI', 'H L N'),
  required('SA', 'H L N'),
];

/** `S`: harm to people can follow; only what is modified for an environment can say so. */
const withSafety = (metric: Metric): Metric =>
  metric.key === 'MSI' || metric.key === 'MSA' ? { ...metric, values: [...metric.values, 'S'] } : metric;

/** CVSS 4.0 specification, table 23. */
const fourth: readonly Metric[] = [
  ...fourthBase,
  optional('E', 'A P U'),
  optional('CR', 'H M L'),
  optional('IR', 'H M L'),
  optional('AR', 'H M L'),
  ...modified(fourthBase).map(withSafety),
  optional('S', 'N P'),
  optional('AU', 'N Y'),
  optional('R', 'A U I'),
  optional('V', 'D C'),
  optional('RE', 'L M H'),
  optional('U', 'Clear Green Amber Red'),
];

interface Grammar {
  prefix: string;
  metrics: readonly Metric[];
  /** The metrics have to come in the order of the specification (4.0, §7). */
  ordered: boolean;
}

export const grammars: Readonly<Record<CvssVersion, Grammar>> = {
  '2.0': { prefix: '', metrics: second, ordered: false },
  '3.0': { prefix: 'CVSS:3.0/', metrics: third, ordered: false },
  '3.1': { prefix: 'CVSS:3.1/', metrics: third, ordered: false },
  '4.0': { prefix: 'CVSS:4.0/', metrics: fourth, ordered: true },
};
