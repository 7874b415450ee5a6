import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadKnowledge } from '@wardline/knowledge';
import type { Corpus } from './case.ts';
import { hospitalCorpora } from './hospital.ts';
import { judgeAll } from './judge.ts';
import { picture } from './picture.ts';
import { report } from './report.ts';
import { sentinelCorpus } from './sentinel.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const USAGE = `Holds identification against labelled devices: the testbed's ground truth and labelled captures.

  npm run bench -- identify [--captures DIR] [--write]

  --captures DIR   a folder that holds iot-sentinel/ with labels.csv
  --write          writes docs/benchmarks-identify.md and its picture; refused where a part is missing
`;

/** Prints how many answers are right and how far their confidence can be trusted. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      captures: { type: 'string', default: join(ROOT, '../shared/data/pcap') },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) console.log(USAGE);
  else await measure(values.captures, values.write);
}

async function measure(captures: string, write: boolean): Promise<void> {
  const { corpora, missing } = await observeAll(captures);
  const judgements = judgeAll(
    corpora.flatMap(({ cases }) => cases),
    loadKnowledge(),
  );
  const page = report(corpora, judgements);
  console.log(page);
  for (const what of missing) console.error(`not measured: ${what}`);
  if (write && missing.length === 0) {
    writeFileSync(join(ROOT, 'docs/benchmarks-identify.md'), page);
    writeFileSync(join(ROOT, 'docs/images/calibration.svg'), picture(judgements));
  } else if (write) process.exitCode = 1;
}

async function observeAll(captures: string): Promise<{ corpora: Corpus[]; missing: string[] }> {
  const knowledge = loadKnowledge();
  const corpora: Corpus[] = [];
  const missing: string[] = [];
  const sentinel = await sentinelCorpus(captures, knowledge);
  if (sentinel === null) missing.push(`iot-sentinel is not in ${captures}`);
  else corpora.push(sentinel);
  for (const [folder, half] of [
    ['sample-hospital', 'training'],
    ['held-out-hospital', 'held out'],
  ] as const) {
    const path = join(ROOT, 'fixtures', folder);
    if (existsSync(path)) corpora.push(...(await hospitalCorpora(path, half, knowledge)));
    else missing.push(`fixtures/${folder} is not there`);
  }
  return { corpora, missing };
}
