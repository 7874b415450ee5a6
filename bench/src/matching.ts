import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Advisory, readAdvisory } from '@wardline/formats';
import { loadKnowledge } from '@wardline/knowledge';
import { matchAdvisory } from '@wardline/vulnerabilities';

const shared = fileURLToPath(new URL('../../../shared/data/advisories/cisa-csaf/', import.meta.url));
const fixture = new URL('../../fixtures/matching/pairs.json', import.meta.url);

interface Pair {
  kind: string;
  heldOut: boolean;
  advisory: string;
  vendor: string;
  model: string;
  software: string | null;
  verdict: string;
}

/** Prints precision, recall and unknown of matching over the labelled pairs, apart for those held out. */
export async function run(args: string[]): Promise<void> {
  if (!existsSync(shared)) return console.log('the shared advisories are not here; nothing is measured');
  const advisories = await loadAdvisories();
  const pairs = JSON.parse(readFileSync(fixture, 'utf8')) as Pair[];
  const { vendors } = loadKnowledge([]);
  const judged = pairs.map((pair) => ({
    ...pair,
    answer: answerOf(vendors, pair, advisories.get(pair.advisory)!),
  }));
  for (const held of [false, true])
    report(
      judged.filter((pair) => pair.heldOut === held),
      held ? 'held out' : 'tuned on',
    );
  const wrong = judged.filter((pair) => pair.answer !== pair.verdict);
  if (args.includes('--wrong')) for (const pair of wrong) console.log(JSON.stringify(pair));
}

async function loadAdvisories(): Promise<Map<string, Advisory>> {
  const found = new Map<string, Advisory>();
  for (const path of globSync('**/*.json', { cwd: shared })) {
    const reading = await readAdvisory(readFileSync(shared + path, 'utf8'));
    if (reading.ok) found.set(reading.advisory.id, reading.advisory);
  }
  return found;
}

/** The gravest answer over the advisory's weaknesses; `none` where it does not name the asset. */
function answerOf(vendors: Parameters<typeof matchAdvisory>[0], pair: Pair, advisory: Advisory): string {
  const { vendor, model, software } = pair;
  const asset = { id: 'a', vendor, family: null, model, serial: null, software };
  const verdicts = matchAdvisory(vendors, asset, advisory).map((match) => match.verdict);
  return (['affected', 'unknown', 'not-affected'] as const).find((one) => verdicts.includes(one)) ?? 'none';
}

function report(pairs: readonly (Pair & { answer: string })[], title: string): void {
  const count = (wanted: (pair: Pair & { answer: string }) => boolean) => pairs.filter(wanted).length;
  const found = count(({ answer, verdict }) => answer === 'affected' && verdict === 'affected');
  const said = count(({ answer }) => answer === 'affected');
  const real = count(({ verdict }) => verdict === 'affected');
  const decidable = count(({ verdict }) => verdict !== 'unknown');
  const open = count(({ answer, verdict }) => verdict !== 'unknown' && answer === 'unknown');
  const harm = count(
    ({ answer, verdict }) => verdict === 'affected' && (answer === 'not-affected' || answer === 'none'),
  );
  const stated = count(({ answer, verdict }) => verdict === 'affected' && answer === 'not-affected');
  console.log(
    `${title}: ${pairs.length} pairs; precision ${ratio(found, said)}, recall ${ratio(found, real)}, unknown ${ratio(open, decidable)} of the decidable, ` +
      `false "not affected" ${stated}, missed ${harm - stated}`,
  );
}

const ratio = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${(part / whole).toFixed(3)} (${part}/${whole})`;
