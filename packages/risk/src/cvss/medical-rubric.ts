import { type CvssVector, readCvss } from './vector.ts';

/**
 * CVSS asked as questions about a medical device, after MITRE's rubric for applying CVSS to medical devices (qualified by the
 * FDA as a Medical Device Development Tool, October 2020). Names of the questions are the rubric's; the wording is ours. The
 * rubric is made for CVSS 3.0, and so is the vector. An answer that is missing widens the result; it is never the best case.
 */
export type RubricAnswer = 'yes' | 'no';
export type Impact = 'high' | 'low' | 'none';

type Flow = string | { ask: string; yes: Flow; no: Flow };

export interface RubricQuestion {
  id: string;
  /** The metric that it decides. */
  metric: string;
  text: string;
}

export const rubricQuestions: readonly RubricQuestion[] = [
  { id: 'XAVN', metric: 'AV', text: 'Can it be used over a network or another communication of the device?' },
  { id: 'XAVT', metric: 'AV', text: 'Can the attacker’s packets be routed to it, as with TCP/IP?' },
  { id: 'XAVW', metric: 'AV', text: 'Is that communication wireless?' },
  { id: 'XAVR', metric: 'AV', text: 'Does it reach farther than about three metres?' },
  { id: 'XAVP', metric: 'AV', text: 'Does the attacker have to touch or open the device?' },
  {
    id: 'XACL',
    metric: 'AC',
    text: 'Does it work whenever the attacker wants, without circumstances that he cannot bring about?',
  },
  { id: 'XPRL', metric: 'PR', text: 'Does the attacker have to be signed in before?' },
  {
    id: 'XPRZ',
    metric: 'PR',
    text: 'Is that sign-in worth nothing, because its password is fixed, published or shared by all devices?',
  },
  { id: 'XPRS', metric: 'PR', text: 'Does it take the account of a service technician or administrator?' },
  {
    id: 'XUI',
    metric: 'UI',
    text: 'Does somebody else have to do something, such as open a file or plug something in?',
  },
  {
    id: 'XS',
    metric: 'S',
    text: 'Does it harm something that another authority answers for, such as other devices or the hospital’s network?',
  },
];

const flows: Readonly<Record<string, Flow>> = {
  AV: {
    ask: 'XAVN',
    yes: {
      ask: 'XAVT',
      yes: 'N',
      no: { ask: 'XAVW', yes: { ask: 'XAVR', yes: 'A', no: 'L' }, no: 'A' },
    },
    no: { ask: 'XAVP', yes: 'P', no: 'L' },
  },
  AC: { ask: 'XACL', yes: 'L', no: 'H' },
  PR: {
    ask: 'XPRL',
    yes: { ask: 'XPRZ', yes: 'N', no: { ask: 'XPRS', yes: 'H', no: 'L' } },
    no: 'N',
  },
  UI: { ask: 'XUI', yes: 'R', no: 'N' },
  S: { ask: 'XS', yes: 'C', no: 'U' },
};

/** What is asked of confidentiality (`XC`), integrity (`XI`) and availability (`XA`), each with one letter after it. */
export const rubricData: readonly { letter: string; what: string }[] = [
  { letter: 'P', what: 'data by which a patient can be known' },
  { letter: 'D', what: 'data or functions of diagnosis or monitoring' },
  { letter: 'T', what: 'data or functions by which therapy is delivered' },
  { letter: 'W', what: 'data or functions of clinical workflow' },
  { letter: 'S', what: 'secrets of the system, such as passwords and keys' },
  { letter: 'O', what: 'anything else that is critical' },
];

const losses = { C: 'be read', I: 'be changed', A: 'be withheld' } as const;

export interface RubricResult {
  /** The gravest and the lightest vector that the answers leave possible; the same where all is answered. */
  gravest: CvssVector;
  lightest: CvssVector;
  /** One sentence per metric. */
  reasons: string[];
  /** Questions that would have to be answered for one vector. */
  open: string[];
}

const gravity: Readonly<Record<string, string>> = { AV: 'NALP', AC: 'LH', PR: 'NLH', UI: 'NR', S: 'CU' };

/** @param answers by the question's name: yes or no; for the questions on data: high, low or none */
export function applyRubric(answers: Readonly<Record<string, RubricAnswer | Impact>>): RubricResult {
  const open: string[] = [];
  const reasons: string[] = [];
  const ranges = [
    ...Object.keys(flows).map((metric) => flowRange(metric, answers, open, reasons)),
    ...(['C', 'I', 'A'] as const).map((metric) => impactRange(metric, answers, open, reasons)),
  ];
  const vectorOf = (end: 'gravest' | 'lightest'): CvssVector => {
    const reading = readCvss(`CVSS:3.0/${ranges.map((one) => `${one.metric}:${one[end]}`).join('/')}`);
    if (!reading.ok) throw new RangeError(reading.fault.message);
    return reading.vector;
  };
  return { gravest: vectorOf('gravest'), lightest: vectorOf('lightest'), reasons, open };
}

interface MetricRange {
  metric: string;
  gravest: string;
  lightest: string;
}

type Answers = Readonly<Record<string, RubricAnswer | Impact>>;

function flowRange(metric: string, answers: Answers, open: string[], reasons: string[]): MetricRange {
  const path: string[] = [];
  const values = leavesOf(flows[metric]!, answers, open, path);
  const possible = gravity[metric]!.split('').filter((value) => values.includes(value));
  reasons.push(`${metric} is ${possible.join(' or ')}: ${path.join(' ')}`);
  return { metric, gravest: possible[0]!, lightest: possible.at(-1)! };
}

function leavesOf(flow: Flow, answers: Answers, open: string[], path: string[]): string[] {
  if (typeof flow === 'string') return [flow];
  const { text } = rubricQuestions.find(({ id }) => id === flow.ask)!;
  const answer = answers[flow.ask];
  if (answer === 'yes' || answer === 'no') {
    path.push(`${text} ${answer === 'yes' ? 'Yes.' : 'No.'}`);
    return leavesOf(flow[answer], answers, open, path);
  }
  open.push(flow.ask);
  path.push(`${text} Not answered.`);
  return [...leavesOf(flow.yes, answers, open, path), ...leavesOf(flow.no, answers, open, path)];
}

const impacts: readonly Impact[] = ['high', 'low', 'none'];

/** The worst over the six kinds of data; one that is not answered could be high. */
function impactRange(
  metric: 'C' | 'I' | 'A',
  answers: Answers,
  open: string[],
  reasons: string[],
): MetricRange {
  const told = rubricData.map(({ letter, what }) => {
    const answer = impacts.find((one) => one === answers[`X${metric}${letter}`]);
    if (answer === undefined) open.push(`X${metric}${letter}`);
    return { what, answer };
  });
  const least = impacts.find((one) => told.some(({ answer }) => answer === one)) ?? 'none';
  const unanswered = told.some(({ answer }) => answer === undefined);
  const most = unanswered ? 'high' : least;
  const grounds = told
    .filter(({ answer }) => (most === least ? answer === least : answer === undefined || answer === least))
    .map(({ what, answer }) => `${what} (${answer ?? 'not answered'})`);
  const range = most === least ? most : `between ${least} and ${most}`;
  reasons.push(`${metric} is ${range}, by what can ${losses[metric]}: ${grounds.join('; ')}.`);
  const letterOf = (impact: Impact): string => impact.charAt(0).toUpperCase();
  return { metric, gravest: letterOf(most), lightest: letterOf(least) };
}
