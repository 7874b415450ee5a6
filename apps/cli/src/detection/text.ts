import { formatMicros, type Severity, type Story } from '@wardline/model';
import type { Page } from '../report/text/report.ts';
import { indented, printable } from '../terminal/printable.ts';
import { byteSize, counted, minute } from '../terminal/units.ts';
import type { DetectionReport } from './detect.ts';

/** Alerts of one story that the text names; `--json` has all. */
const ALERTS_SHOWN = 6;
const STORIES_SHOWN = 20;
const EVIDENCE_SHOWN = 3;
/** What is low stands in one line each. */
const brief = new Set<Severity>(['low', 'info']);

/** The report for a terminal: stories first, what was not judged last. */
export function detectionText(report: DetectionReport, page: Page): string {
  const shown = report.stories.slice(0, STORIES_SHOWN);
  const sections = [
    headLines(report, page),
    ...shown
      .filter(({ severity }) => !brief.has(severity))
      .map((story, index) => storyLines(story, index + 1, page)),
    briefLines(shown, report.stories.length - shown.length, page),
    learntLines(report, page),
    doubtLines(report, page),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function headLines({ stories, alerts, captures, devices }: DetectionReport, page: Page): string[] {
  const packets = captures.reduce((sum, capture) => sum + capture.packets, 0);
  const bytes = captures.reduce((sum, capture) => sum + capture.bytes, 0);
  const grave = stories.filter(({ severity }) => severity === 'critical' || severity === 'high').length;
  const head =
    stories.length === 0
      ? 'Nothing was found that is wrong.'
      : `${counted(stories.length, 'story', 'stories')} (${counted(alerts, 'alert')}), ${grave === 0 ? 'none' : grave} of them grave.`;
  const basis = `${counted(packets, 'packet')} (${byteSize(bytes)}) of ${counted(devices, 'device')} in ${counted(captures.length, 'capture')}. Nothing was sent to any device.`;
  return [
    ...indented(head, page.width, '').map((text) => page.style.bold(text)),
    ...indented(basis, page.width, '').map((text) => page.style.dim(text)),
  ];
}

function storyLines(story: Story, number: number, page: Page): string[] {
  const word = story.severity.toUpperCase();
  const painted = story.severity === 'critical' ? page.style.red(word) : page.style.yellow(word);
  const span = `${minute(formatMicros(story.firstSeen))} to ${minute(formatMicros(story.lastSeen))} UTC, confidence ${story.confidence}`;
  const line = (text: string, first = '   ') => indented(printable(text), page.width, first, '   ');
  const more = story.alerts.filter(({ summary }) => summary !== story.summary);
  return [
    `${String(number).padStart(2)} ${painted} ${page.style.bold(printable(story.title))}`,
    ...line(span).map((text) => page.style.dim(text)),
    ...line(story.summary),
    ...more
      .slice(0, ALERTS_SHOWN)
      .flatMap(({ summary }) => indented(printable(summary), page.width, '   · ')),
    ...(more.length > ALERTS_SHOWN ? line(`and ${counted(more.length - ALERTS_SHOWN, 'more alert')}`) : []),
    ...line(`What it means: ${story.meaning}`),
    ...line(`What to do: ${story.advice}`),
    ...line(`Evidence: ${evidenceOf(story)}`).map((text) => page.style.dim(text)),
  ];
}

function evidenceOf({ alerts }: Story): string {
  const packets = alerts.flatMap(({ evidence }) => evidence).slice(0, EVIDENCE_SHOWN);
  return packets.map(({ capture, packet }) => `packet ${packet} of ${capture}`).join(', ') || 'none';
}

function briefLines(shown: readonly Story[], left: number, page: Page): string[] {
  const low = shown.filter(({ severity }) => brief.has(severity));
  if (low.length === 0 && left <= 0) return [];
  const lines = low.flatMap(({ title, summary }) =>
    indented(printable(`${title}: ${summary}`), page.width, ' · '),
  );
  return [
    page.style.bold('Of little weight'),
    ...lines,
    ...(left > 0 ? [` and ${left} more stories; --json has all`] : []),
  ];
}

function learntLines({ learnt }: DetectionReport, page: Page): string[] {
  if (learnt === null || learnt.devices === 0) return [];
  const span = `${minute(formatMicros(learnt.from))} to ${minute(formatMicros(learnt.until))} UTC`;
  const wrong = learnt.stories.filter(({ severity }) => !brief.has(severity));
  return [
    page.style.bold('Learnt as normal'),
    ...indented(`${counted(learnt.devices, 'device')}, ${span}.`, page.width, ' '),
    ...wrong.flatMap(({ summary }) =>
      indented(printable(`Looked wrong and was not learnt: ${summary}`), page.width, ' · '),
    ),
  ];
}

function doubtLines({ notJudged, errors }: DetectionReport, page: Page): string[] {
  const lines = notJudged.flatMap((sentence) => indented(printable(sentence), page.width, ' · '));
  const damage = errors
    .slice(0, 5)
    .flatMap(({ file, message }) => indented(printable(`${file}: ${message}`), page.width, ' · '));
  return lines.length + damage.length === 0
    ? []
    : [page.style.bold('What could not be judged'), ...lines, ...damage];
}
