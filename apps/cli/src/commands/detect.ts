import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { findCaptures } from '../assessment/captures.ts';
import { accessPointsOf, accessPointsOption } from '../detection/access-points.ts';
import { detect } from '../detection/detect.ts';
import { detectionJson } from '../detection/json.ts';
import { detectionText } from '../detection/text.ts';
import { exitCodes } from '../exit-codes.ts';
import { knowledgeOption, knowledgeWith } from '../own-knowledge.ts';
import { givenLimits, limitsOption } from '../sensor-limits.ts';
import { pageWidth, writeOut } from '../terminal/output.ts';
import { createProgress } from '../terminal/progress.ts';
import { styleFor } from '../terminal/style.ts';
import { byteSize, counted } from '../terminal/units.ts';
import { version } from '../version.ts';
import { userDirectory } from '../working-directory.ts';

interface DetectFlags {
  learn?: string[];
  accessPoints?: string;
  json?: boolean;
  knowledge?: string;
  limits?: string;
}

const examples = `
Examples:
  wardline detect suspicious.pcapng
  wardline detect tuesday.pcap --learn monday.pcap --learn sunday.pcap
  wardline detect air.pcapng --access-points ours.txt      false access points, devices thrown off the air
  wardline detect captures/ --learn normal/ --json | jq '.stories[] | {title, severity, summary}'

Without --learn only what is wrong in itself is found (scans, guessed passwords, forged addresses, tunnels, floods …);
the report says what could not be judged. Traffic that looks wrong while learning is not learnt.

Exit codes: 0 done, whatever was found; 2 bad usage, 3 nothing could be read.`;

export function addDetect(program: Command): void {
  program
    .command('detect')
    .summary('find attacks and abnormal behaviour in captures')
    .description(
      'Reads captures in the order given and tells what is wrong in them as stories, the gravest for patients first, each with its evidence. No server is needed and no packet is sent.',
    )
    .argument(
      '<capture...>',
      'pcap or pcapng, plain, gzip or zstd, logs of Zeek, EVE of Suricata; a folder is searched; - is standard input',
    )
    .option('--learn <capture...>', 'normal traffic to learn from first; files or folders')
    .option(...accessPointsOption)
    .option(...knowledgeOption)
    .option(...limitsOption)
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', examples)
    .action(runDetect);
}

async function runDetect(args: string[], flags: DetectFlags): Promise<void> {
  const limits = givenLimits(flags.limits);
  const knowledge = knowledgeWith(flags.knowledge);
  const accessPoints = await accessPointsOf(flags.accessPoints);
  const found = await findCaptures(args, userDirectory());
  const learn = await findCaptures(flags.learn ?? [], userDirectory());
  const progress = createProgress(process.stderr, () => performance.now());
  const report = await detect({
    captures: found.captures,
    learn: learn.captures,
    knowledge,
    key: randomBytes(32),
    limits,
    ...(accessPoints === undefined ? {} : { accessPoints }),
    onProgress: (doing, capture, bytesRead, packets) =>
      progress.step(`${doing} ${capture.name}: ${byteSize(bytesRead)}, ${counted(packets, 'packet')}`),
  });
  progress.clear();
  report.errors.unshift(...found.errors, ...learn.errors);
  if (flags.json) await writeOut([detectionJson(report, `wardline ${version}`)]);
  else await writeOut([detectionText(report, { width: pageWidth(), style: styleFor(process.stdout) })]);
  if (report.captures.length > 0) return;
  process.exitCode = exitCodes.nothingRead;
  process.stderr.write('wardline: nothing could be read\n');
}
