import { createHash } from 'node:crypto';

/** A question that has no answer, in words for whoever asked. */
export class Unanswerable extends Error {
  override readonly name = 'Unanswerable';
}

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
