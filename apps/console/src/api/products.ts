import type { ProductDetails } from '@wardline/model';
import { post, put } from './client.ts';

export interface Vouching {
  control: string;
  statement: string;
  owner: string;
  document: string;
  sha256: string;
  until: string;
}

export interface Planning {
  weakness: string;
  version: string;
  day: string;
  owner: string;
  note: string;
}

const at = (id: string) => `/products/${encodeURIComponent(id)}`;

/** Acts on the security files of products. */
export const products = {
  add: (details: ProductDetails, reason: string) => post<{ id: string }>('/products', { ...details, reason }),
  change: (id: string, revision: number, details: ProductDetails, reason: string) =>
    put(at(id), { ...details, revision, reason }),
  vouch: (id: string, said: Vouching, reason: string) => post(`${at(id)}/words`, { ...said, reason }),
  takeBack: (id: string, word: string, reason: string) =>
    post(`${at(id)}/words/${encodeURIComponent(word)}/withdrawal`, { reason }),
  plan: (id: string, plan: Planning, reason: string) => post(`${at(id)}/plans`, { ...plan, reason }),
};
