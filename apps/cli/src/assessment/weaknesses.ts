import { type Advisory, readWeaknessFile } from '@wardline/formats';
import type { Knowledge } from '@wardline/knowledge';
import type { Assessment } from '@wardline/model';
import { type CombinedMatch, combine, type Match, matchAdvisory } from '@wardline/vulnerabilities';
import { advisoryFiles, advisoryText } from '../advisory-files.ts';
import { indented, printable } from '../terminal/printable.ts';
import { counted } from '../terminal/units.ts';
import { userPath } from '../working-directory.ts';
import { partAnswers, type Sboms, tellParts } from './sboms.ts';

/** What a folder of advisories says of the assets of an assessment. */
export interface Weaknesses {
  matches: CombinedMatch[];
  read: number;
  /** Bills of materials that name their product. */
  sboms: number;
  /** What the documents tell of each weakness. */
  told: Map<string, { vector: string | null; exploitedSince: string | null; ssvc: Record<string, string> }>;
  /** What KEV lists, and since when; null where no catalogue was read. */
  kev: Map<string, string> | null;
  /** Null where no scores were read. */
  epss: { date: string; scores: Map<string, number> } | null;
  /** Files that could not be read, with the place of the fault. */
  refused: { file: string; place: string; message: string }[];
}

/** Holds every advisory of a file or folder against every asset, and against the parts of what it is known to be made of. */
export async function weaknessesOf(
  assessment: Assessment,
  knowledge: Knowledge,
  path: string,
  sboms: Sboms = { products: [], refused: [] },
): Promise<Weaknesses> {
  const found: Match[] = [];
  const weaknesses: Weaknesses = {
    matches: [],
    read: 0,
    sboms: sboms.products.length,
    refused: [...sboms.refused],
    told: new Map(),
    kev: null,
    epss: null,
  };
  for (const file of await advisoryFiles(userPath(path))) {
    const reading = await readWeaknessFile(await advisoryText(file));
    if (reading.kind === 'advisories') {
      weaknesses.read += reading.advisories.length;
      for (const advisory of reading.advisories) {
        tell(weaknesses, advisory);
        for (const asset of assessment.assets)
          found.push(...matchAdvisory(knowledge.vendors, asset, advisory));
        tellParts(sboms, advisory);
      }
    }
    if (reading.kind === 'kev')
      weaknesses.kev = new Map(reading.exploited.map(({ vulnerability, since }) => [vulnerability, since]));
    if (reading.kind === 'epss')
      weaknesses.epss = {
        date: reading.date,
        scores: new Map(reading.scores.map(({ vulnerability, probability }) => [vulnerability, probability])),
      };
    if (reading.kind === 'advisories' || reading.kind === 'unread')
      weaknesses.refused.push(...reading.faults.slice(0, 1).map((fault) => ({ file, ...fault })));
  }
  found.push(...partAnswers(sboms, knowledge, assessment.assets));
  const order = { affected: 0, unknown: 1, 'not-affected': 2 };
  weaknesses.matches = combine(found).sort((a, b) => order[a.verdict] - order[b.verdict]);
  return weaknesses;
}

/** The gravest score of the first document that gives one; what several say of SSVC adds up. */
function tell({ told }: Weaknesses, { vulnerabilities }: Advisory): void {
  for (const { id, scores, exploitedSince, ssvc } of vulnerabilities) {
    const known = told.get(id);
    const worst = scores.toSorted((a, b) => b.base - a.base)[0];
    told.set(id, {
      vector: known?.vector ?? worst?.vector ?? null,
      exploitedSince: known?.exploitedSince ?? exploitedSince,
      ssvc: { ...known?.ssvc, ...ssvc },
    });
  }
}

/** Assets with what affects them; what stays open is counted, for it is not safe. */
export function weaknessLines(weaknesses: Weaknesses, assessment: Assessment, width: number): string[] {
  const { matches, read, sboms, refused } = weaknesses;
  const count = (verdict: string) => matches.filter((match) => match.verdict === verdict).length;
  const names = new Map(assessment.assets.map((asset) => [asset.id, asset.name]));
  const affected = Map.groupBy(
    matches.filter((match) => match.verdict === 'affected'),
    (match) => match.asset,
  );
  return [
    '',
    'Vulnerabilities',
    `  ${counted(read, 'advisory', 'advisories')}${sboms === 0 ? '' : ` and ${counted(sboms, 'bill')} of materials`} read, ${counted(refused.length, 'file')} refused. Answers: ${count('affected')} affected, ${count('unknown')} unknown, ${count('not-affected')} not affected.`,
    ...[...affected].flatMap(([asset, some]) => [
      printable(`  ${names.get(asset) ?? asset}: ${some.map((match) => match.vulnerability).join(', ')}`),
      ...indented(printable(some[0]!.reason), width, '      '),
    ]),
    ...refused
      .slice(0, 10)
      .map((fault) => printable(`  not read: ${fault.file}: ${fault.place} ${fault.message}`)),
  ];
}
