import {
  type AlertRow,
  type StoryDetail,
  type StoryRow,
  storyDetailSchema,
  storyListResponse,
} from '@wardline/model';
import type { Command } from 'commander';
import { askFor, serverAccess } from '../../api/client.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { tableLines } from '../../terminal/table.ts';
import { minute } from '../../terminal/units.ts';
import { type Flags, withServer } from '../access/asking.ts';

type Listing = Flags & {
  state?: string;
  severity?: string;
  detection?: string;
  query?: string;
  late?: boolean;
};

/** What can be read of what the watch tells. */
export function addReading(noun: Command): void {
  withServer(noun.command('list').summary('stories, the gravest that nobody has resolved first'))
    .option('--state <states>', 'open, taken, acknowledged, resolved; several with commas')
    .option('--severity <severities>', 'critical, high, medium, low, info; several with commas')
    .option('--detection <names>', 'as vertical-scan; several with commas')
    .option('--query <words>', 'words of the story, a device or an address')
    .option('--late', 'only those at which nobody looked in time')
    .addHelpText('after', '\nExample:\n  wardline alert list --state open --severity critical,high')
    .action(runList);
  withServer(noun.command('show').summary('one story: what it means, what to do, and the packets behind it'))
    .argument('<story>', 'as "wardline alert list" names it')
    .addHelpText('after', '\nExample:\n  wardline alert show 1-5b2f3c9a7d1e4f60a8c2b4d6')
    .action(runShow);
}

const storyPath = (id: string): string => `api/v1/watch/stories/${encodeURIComponent(id)}`;

async function runList(flags: Listing): Promise<void> {
  const query = new URLSearchParams({ limit: '200' });
  const given = {
    state: flags.state,
    severity: flags.severity,
    detection: flags.detection,
    q: flags.query,
    overdue: flags.late ? 'yes' : undefined,
  };
  for (const [name, value] of Object.entries(given)) if (value !== undefined) query.set(name, value);
  const found = await askFor(
    await serverAccess(flags),
    `api/v1/watch/stories?${query.toString()}`,
    storyListResponse,
  );
  if (flags.json) return writeOut(`${JSON.stringify(found)}\n`);
  if (found.total === 0) return writeOut('No story.\n');
  const more = found.total - found.items.length;
  const lines = tableLines(found.items, columns, process.stdout.columns ?? 140);
  return writeOut(`${printable(lines.join('\n'))}\n${more > 0 ? `and ${more} more\n` : ''}`);
}

const columns = [
  { heading: 'Story', value: ({ id }: StoryRow) => id, least: 26 },
  { heading: 'Severity', value: ({ severity }: StoryRow) => severity, least: 8 },
  { heading: 'State', value: ({ state, verdict }: StoryRow) => verdict ?? state, least: 12 },
  { heading: 'Last seen', value: ({ lastSeen }: StoryRow) => minute(lastSeen), least: 16 },
  { heading: 'Who', value: ({ actor }: StoryRow) => actor?.name ?? '–', least: 12 },
  { heading: 'What', value: ({ title }: StoryRow) => title, least: 20 },
];

async function runShow(id: string, flags: Flags): Promise<void> {
  const story = await askFor(await serverAccess(flags), storyPath(id), storyDetailSchema);
  if (flags.json) return writeOut(`${JSON.stringify(story)}\n`);
  const lines = [...head(story), ...story.shown.flatMap(alertLines), ...doings(story)];
  return writeOut(lines.map((line) => `${printable(line)}\n`));
}

const head = (story: StoryDetail): string[] => [
  `${story.severity.toUpperCase()} ${story.title}`,
  `${story.verdict ?? story.state}${story.takenBy === null ? '' : ` by ${story.takenBy}`}, ${minute(story.firstSeen)} to ${minute(story.lastSeen)}, ${story.site.name}, confidence ${story.confidence}`,
  ...(story.incident === null ? [] : [`incident ${story.incident}`]),
  '',
  `What was seen: ${story.summary}`,
  `What it means: ${story.meaning}`,
  `What to do first: ${story.advice}`,
  '',
];

const alertLines = (alert: AlertRow): string[] => [
  `${minute(alert.firstSeen)} ${alert.detection} (${alert.severity}, ${alert.count} times, number ${alert.number})`,
  `  ${alert.summary}`,
  `  ${alert.evidence.map(({ capture, packet }) => `packet ${packet} of ${capture}`).join(', ') || 'no packet'}`,
];

const doings = ({ entries }: StoryDetail): string[] =>
  entries.length === 0
    ? []
    : ['', ...entries.map(({ at, kind, by, text }) => `${minute(at)} ${kind.padEnd(12)} ${by}: ${text}`)];
