import type { AttackPathsAnswer } from '../../api/types.ts';

export type Grade = AttackPathsAnswer['level'];
export const grades: readonly Grade[] = ['open', 'exploited', 'published', 'demanding', 'undisclosed'];

/** The grade in a word, and what it takes. */
export const gradeWords: Record<Grade | 'none', { word: string; means: string }> = {
  open: {
    word: 'Nothing to overcome',
    means: 'It answers without a login, or to a password from its manual.',
  },
  exploited: { word: 'Exploited elsewhere', means: 'By a weakness that is known to be exploited.' },
  published: { word: 'Published weakness', means: 'Usable over the network without an account.' },
  demanding: {
    word: 'Demanding',
    means: 'It takes an account, a person’s help or luck, or may not be there.',
  },
  undisclosed: { word: 'No known weakness', means: 'It takes a weakness that nobody has published.' },
  none: { word: 'No way', means: 'No packets get there.' },
};

export const groundWords = {
  'same-segment': 'same network',
  observed: 'seen',
  'not-excluded': 'not excluded',
} as const;

export const footholdWords = {
  internet: 'The internet',
  guest: 'A device that guests or nobody watches',
  workstation: 'A computer that people work at',
  supplier: 'A supplier’s connection',
} as const;
