import type { AdvisoryImport } from '@wardline/model';
import { post } from './client.ts';

export interface NewFeed {
  name: string;
  location: string;
  everyHours: number;
  keys: string;
}

const path = (id: string, act: string) => `/feeds/${encodeURIComponent(id)}/${act}`;

/** @throws where the document could not be read; it then lies in quarantine */
export async function addAdvisory(
  file: { name: string; text: string },
  reason: string,
): Promise<AdvisoryImport> {
  const answer = await post<AdvisoryImport>('/advisories', { ...file, reason });
  const [fault] = answer.faults;
  if (answer.outcome === 'quarantined')
    throw new Error(`It could not be read. ${fault === undefined ? '' : `${fault.place}: ${fault.message}`}`);
  return answer;
}

/** Standing orders to take advisories from somewhere. */
export const feeds = {
  add: (feed: NewFeed, reason: string) => post<{ id: string }>('/feeds', { ...feed, reason }),
  run: (id: string, reason: string) => post(path(id, 'run'), { reason }),
  remove: (id: string, reason: string) => post(path(id, 'removal'), { reason }),
};
