import { post } from './client.ts';

export interface NewFeed {
  name: string;
  location: string;
  everyHours: number;
  keys: string;
}

const path = (id: string, act: string) => `/feeds/${encodeURIComponent(id)}/${act}`;

/** Standing orders to take advisories from somewhere. */
export const feeds = {
  add: (feed: NewFeed, reason: string) => post<{ id: string }>('/feeds', { ...feed, reason }),
  run: (id: string, reason: string) => post(path(id, 'run'), { reason }),
  remove: (id: string, reason: string) => post(path(id, 'removal'), { reason }),
};
