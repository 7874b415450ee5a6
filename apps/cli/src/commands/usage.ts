import { randomBytes } from 'node:crypto';
import { formatMicros, type SafeWindow } from '@wardline/model';
import { hourOfWeekIn } from '@wardline/watch';
import type { Command } from 'commander';
import { findCaptures } from '../assessment/captures.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { knowledgeOption, knowledgeWith } from '../own-knowledge.ts';
import { givenLimits, limitsOption } from '../sensor-limits.ts';
import { pageWidth, writeOut } from '../terminal/output.ts';
import { indented, printable } from '../terminal/printable.ts';
import { createProgress } from '../terminal/progress.ts';
import { styleFor } from '../terminal/style.ts';
import { byteSize, counted } from '../terminal/units.ts';
import { type DeviceUsage, type Usages, usage } from '../usage/usage.ts';
import { userDirectory } from '../working-directory.ts';

interface UsageFlags {
  timeZone?: string;
  json?: boolean;
  knowledge?: string;
  limits?: string;
}

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const WINDOWS_SHOWN = 3;

const examples = `
Examples:
  wardline usage week1/ week2/ --time-zone Europe/Berlin
  wardline usage captures/ --json | jq '.devices[] | {name, utilisation}'

In use: a protocol of care carried more than signs of life in that hour. Idle: it only said other things. Off: it idles aloud, and
said nothing while others were heard. Unknown: nobody was heard, or the wire does not show this device's work.

Exit codes: 0 done, 2 bad usage, 3 nothing could be read.`;

export function addUsage(program: Command): void {
  program
    .command('usage')
    .summary('say when devices were in use, idle or off, and when they seldom are')
    .description(
      'Reads captures and tells per device how many hours it was in use, and proposes safe windows for maintenance. No server is needed and no packet is sent.',
    )
    .argument('<capture...>', 'as for assess; the more weeks, the surer the windows')
    .option('--time-zone <name>', "the site's own, as Europe/Berlin; UTC where it is not given", 'UTC')
    .option(...knowledgeOption)
    .option(...limitsOption)
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', examples)
    .action(runUsage);
}

async function runUsage(args: string[], flags: UsageFlags): Promise<void> {
  const found = await findCaptures(args, userDirectory());
  const progress = createProgress(process.stderr, () => performance.now());
  const usages = await usage({
    captures: found.captures,
    knowledge: knowledgeWith(flags.knowledge),
    hourOfWeek: zoneOf(flags.timeZone ?? 'UTC'),
    key: randomBytes(32),
    limits: givenLimits(flags.limits),
    onProgress: (capture, bytesRead, packets) =>
      progress.step(`reading ${capture.name}: ${byteSize(bytesRead)}, ${counted(packets, 'packet')}`),
  });
  progress.clear();
  usages.errors.unshift(...found.errors);
  await writeOut([flags.json ? usageJson(usages) : usageText(usages)]);
  if (usages.captures.length > 0) return;
  process.exitCode = exitCodes.nothingRead;
  process.stderr.write('wardline: nothing could be read\n');
}

function zoneOf(name: string): ReturnType<typeof hourOfWeekIn> {
  try {
    return hourOfWeekIn(name);
  } catch {
    throw new CommandError(`there is no time zone "${name}"; expected a name as Europe/Berlin`);
  }
}

const times = new Set(['from', 'until', 'lastInUse', 'firstSeen', 'lastSeen']);

function usageJson(usages: Usages): string {
  const instant = (key: string, value: unknown): unknown =>
    times.has(key) && typeof value === 'number' ? formatMicros(value) : value;
  return `${JSON.stringify({ version: 1, ...usages }, instant, 2)}\n`;
}

function usageText({ devices, errors }: Usages): string {
  const style = styleFor(process.stdout);
  const lines = devices
    .filter(({ clinical }) => clinical)
    .flatMap((device) => deviceLines(device, (text) => style.bold(text)));
  const others = devices.filter(({ clinical }) => !clinical).length;
  const damage = errors.slice(0, 5).map(({ file, message }) => printable(`${file}: ${message}`));
  const rest = others === 0 ? [] : [`${counted(others, 'other device')} not of care; --json has them.`];
  return `${[...(lines.length > 0 ? lines : ['No device of care was heard.']), ...rest, ...damage].join('\n')}\n`;
}

function deviceLines(device: DeviceUsage, bold: (text: string) => string): string[] {
  const { 'in-use': inUse, idle, off, unknown } = device.hours;
  const share =
    device.utilisation === null ? 'use unknown' : `${Math.round(device.utilisation * 100)} % in use`;
  const windows = device.safeWindows.slice(0, WINDOWS_SHOWN).map(windowText);
  const told = [
    `${share}: hours in use ${inUse}, idle ${idle}, off ${off}, unknown ${unknown}`,
    windows.length === 0 ? 'No safe window shows.' : `Seldom in use: ${windows.join('; ')}`,
  ];
  return [
    bold(printable(`${device.name}${device.classLabel === null ? '' : ` (${device.classLabel})`}`)),
    ...told.flatMap((line) => indented(line, pageWidth(), '  ')),
  ];
}

function windowText({ day, fromHour, hours, atMostInUse }: SafeWindow): string {
  const until = String((fromHour + hours) % 24).padStart(2, '0');
  return `${days[day]} ${String(fromHour).padStart(2, '0')}:00–${until}:00 (in use at most ${Math.round(atMostInUse * 100)} % of it)`;
}
