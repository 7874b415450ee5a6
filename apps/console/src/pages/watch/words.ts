import type { StoryEntryKind, StoryRow, WatchStatus } from '../../api/watch.ts';

export const storyStateWords: Readonly<Record<StoryRow['state'], string>> = {
  open: 'Nobody has it',
  taken: 'Taken',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
};

export const storyVerdictWords: Readonly<Record<NonNullable<StoryRow['verdict']>, string>> = {
  true: 'It was real',
  benign: 'Real and harmless',
  'false-alarm': 'False alarm',
};

export const storyEntryWords: Readonly<Record<StoryEntryKind, string>> = {
  taken: 'Taken',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
  reopened: 'Opened again',
  note: 'Note',
  incident: 'Incident',
  allowed: 'Taught',
};

export const confidenceWords: Readonly<Record<StoryRow['confidence'], string>> = {
  high: 'Sure',
  medium: 'Fairly sure',
  low: 'Not sure',
};

/** `dns-tunnel` → "dns tunnel": a detection's name never changes, so that it can be searched for. */
export const detectionWord = (name: string): string => name.replaceAll('-', ' ');

export const lossWords: Readonly<Record<WatchStatus['losses'][number]['cause'], string>> = {
  'inbox-full': 'More came in than could be watched',
  'not-judged': 'Could not be judged',
  'clock-ahead': 'Its time lies ahead of the clock',
  'too-many-alerts': 'More new alerts than a day may have',
};
