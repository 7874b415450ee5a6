import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Knowledge } from '@wardline/knowledge';
import type { Assessment } from '@wardline/model';
import type { Command } from 'commander';
import { assess, type Step } from '../assessment/assess.ts';
import { explainSystemError, findCaptures } from '../assessment/captures.ts';
import { assessmentJson } from '../assessment/json.ts';
import { rankedRisks, riskLines } from '../assessment/risks.ts';
import { readSboms } from '../assessment/sboms.ts';
import { weaknessesOf, weaknessLines } from '../assessment/weaknesses.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { givenKey } from '../intake/site-key.ts';
import { knowledgeOption, knowledgeWith } from '../own-knowledge.ts';
import { collected, readRegister } from '../register-file.ts';
import { csvFiles } from '../report/csv.ts';
import { digest } from '../report/digest.ts';
import { htmlReport } from '../report/html/report.ts';
import { textReport } from '../report/text/report.ts';
import { givenLimits, limitsOption } from '../sensor-limits.ts';
import { pageWidth, writeOut } from '../terminal/output.ts';
import { createProgress } from '../terminal/progress.ts';
import { styleFor } from '../terminal/style.ts';
import { byteSize, counted } from '../terminal/units.ts';
import { version } from '../version.ts';
import { userDirectory, userPath } from '../working-directory.ts';

interface AssessFlags {
  register?: string;
  map?: string[];
  out?: string;
  html?: string;
  json?: boolean;
  key?: string;
  knowledge?: string;
  limits?: string;
  advisories?: string;
  sboms?: string;
}

const examples = `
Examples:
  wardline assess ward3.pcapng
  wardline assess captures/ --register cmms.csv --out report/
  wardline assess ward3.pcapng --advisories mirror/csaf/
  wardline assess ward3.pcapng --advisories mirror/osv/ --sboms sboms/
  tcpdump -i eth1 -c 100000 -w - | wardline assess -
  wardline assess ward3.pcap.gz --json | jq '.assets[] | {name, class}'

Exit codes: 0 done (damage in captures is reported, not fatal), 2 bad usage, 3 nothing could be read.`;

export function addAssess(program: Command): void {
  program
    .command('assess')
    .summary('say what is in captures: devices, conversations, findings')
    .description(
      'Reads captures and says which devices are in them, what they do, whom they talk to and what is wrong. No server is needed and no packet is sent.',
    )
    .argument(
      '<capture...>',
      'pcap or pcapng, plain, gzip or zstd, logs of Zeek, EVE of Suricata, scans of Nmap and Nessus; a folder is searched; - is standard input',
    )
    .option('--register <file>', 'CMMS register (CSV) to compare with')
    .option(
      '--map <column=field>',
      'which column of the register is which field, over what the headings say; may be given several times',
      collected,
    )
    .option(...knowledgeOption)
    .option('--out <folder>', 'write report.html, assessment.json and CSV tables into this folder')
    .option('--html <file>', 'write the report as one web page')
    .option(
      '--advisories <path>',
      'file or folder of advisories (CSAF, CVE, NVD, OSV, OpenVEX), KEV and EPSS to hold against the devices; what can harm patients most is told first',
    )
    .option(
      '--sboms <path>',
      'file or folder of bills of materials (CycloneDX, SPDX), whose parts the advisories are held against too',
    )
    .option(...limitsOption)
    .option('--json', 'print one JSON object (docs/schema/assessment.schema.json) and nothing else')
    .option(
      '--key <file>',
      'key of the hashes that stand for secrets and patient data (16 bytes or more); else a new one each run',
    )
    .addHelpText('after', examples)
    .action(runAssess);
}

async function runAssess(args: string[], flags: AssessFlags): Promise<void> {
  if (args.filter((arg) => arg === '-').length > 1)
    throw new CommandError('standard input (-) can be read once only');
  if ((flags.map ?? []).length > 0 && flags.register === undefined)
    throw new CommandError('--map needs --register');
  if (flags.json && flags.advisories !== undefined)
    throw new CommandError(
      '--advisories prints text; with --out it is written as vulnerabilities.json and risks.json as well',
    );
  if (flags.sboms !== undefined && flags.advisories === undefined)
    throw new CommandError('--sboms needs --advisories');
  const limits = givenLimits(flags.limits);
  const knowledge = knowledgeWith(flags.knowledge);
  const register = flags.register === undefined ? null : await readRegister(flags.register, flags.map ?? []);
  const key = flags.key === undefined ? randomBytes(32) : await givenKey(userPath(flags.key));
  const found = await findCaptures(args, userDirectory());
  const progress = createProgress(process.stderr, () => performance.now());
  const { assessment, readable } = await assess({
    captures: found.captures,
    errors: found.errors,
    register,
    knowledge,
    key,
    limits,
    generator: `wardline ${version}`,
    now: () => performance.now(),
    onProgress: (step) => progress.step(describeStep(step)),
  });
  progress.clear();
  await deliver(assessment, knowledge, flags);
  if (readable === 0) failNothingRead(assessment, flags);
}

function failNothingRead(assessment: Assessment, flags: AssessFlags): void {
  process.exitCode = exitCodes.nothingRead;
  const reasons = assessment.errors.slice(0, 5).map((error) => `  ${error.file}: ${error.message}`);
  const list = flags.json ? `\n${reasons.join('\n')}` : '';
  process.stderr.write(`wardline: nothing could be read${list}\n`);
}

function describeStep(step: Step): string {
  if (step.doing !== 'reading')
    return `${step.doing}: ${counted(step.conversations, 'conversation')}, ${counted(step.sightings, 'sighting')}`;
  const { capture, index, of, bytesRead, packets } = step;
  // A compressed file's size says little of what is in it.
  const share =
    capture.bytes && !/\.(gz|zst)$/.test(capture.name)
      ? ` ${Math.min(100, Math.floor((bytesRead / capture.bytes) * 100))} %,`
      : '';
  return `reading ${capture.name} (${index + 1} of ${of}):${share} ${byteSize(bytesRead)}, ${counted(packets, 'packet')}`;
}

async function deliver(assessment: Assessment, knowledge: Knowledge, flags: AssessFlags): Promise<void> {
  if (flags.html !== undefined) await save(userPath(flags.html), htmlReport(assessment, knowledge));
  if (flags.out !== undefined) await saveFolder(userPath(flags.out), assessment, knowledge);
  if (flags.json) return await writeOut(assessmentJson(assessment));
  const page = { width: pageWidth(), style: styleFor(process.stdout) };
  await writeOut([textReport(assessment, knowledge, page)]);
  if (flags.advisories !== undefined) await deliverWeaknesses(assessment, knowledge, flags, flags.advisories);
  if (flags.out !== undefined) process.stderr.write(`written: ${flags.out}\n`);
}

async function deliverWeaknesses(
  assessment: Assessment,
  knowledge: Knowledge,
  flags: AssessFlags,
  path: string,
): Promise<void> {
  const sboms = flags.sboms === undefined ? undefined : await readSboms(flags.sboms);
  const weaknesses = await weaknessesOf(assessment, knowledge, path, sboms);
  const { matches, read, sboms: bills, refused } = weaknesses;
  const risks = rankedRisks(assessment, weaknesses, knowledge, Date.now() * 1000);
  if (flags.out !== undefined) {
    const folder = userPath(flags.out);
    await save(
      join(folder, 'vulnerabilities.json'),
      `${JSON.stringify({ matches, read, sboms: bills, refused }, null, 2)}\n`,
    );
    await save(join(folder, 'risks.json'), `${JSON.stringify(risks, null, 2)}\n`);
  }
  const width = pageWidth();
  await writeOut([
    `${[...weaknessLines(weaknesses, assessment, width), ...riskLines(risks, width)].join('\n')}\n`,
  ]);
}

async function saveFolder(folder: string, assessment: Assessment, knowledge: Knowledge): Promise<void> {
  const files = {
    'report.html': htmlReport(assessment, knowledge),
    ...csvFiles(assessment, digest(assessment, knowledge)),
  };
  for (const [name, text] of Object.entries(files)) await save(join(folder, name), text);
  await save(join(folder, 'assessment.json'), assessmentJson(assessment));
}

async function save(path: string, content: string | Iterable<string>): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  } catch (error) {
    throw new CommandError(`cannot write ${path}: it ${explainSystemError(error)}`, exitCodes.failed);
  }
}
