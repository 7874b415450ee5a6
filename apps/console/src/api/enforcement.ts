import { queryOptions } from '@tanstack/react-query';
import type {
  Enforcement,
  EnforcementPoint,
  HoldPreview,
  HoldRow,
  OrderAct,
  PointDetail,
  PointPreview,
} from '@wardline/model';
import { get, post } from './client.ts';

/** Points change with the policy and with what they report; both are told under one word. */
const topic = 'segmentation';
const at = (id: string, rest = '') => `/enforcement/points/${encodeURIComponent(id)}${rest}`;

export const enforcementQueries = {
  all: () => queryOptions({ queryKey: [topic, 'points'], queryFn: () => get<Enforcement>('/enforcement') }),
  point: (id: string) =>
    queryOptions({ queryKey: [topic, 'point', id], queryFn: () => get<PointDetail>(at(id)) }),
  holds: () => queryOptions({ queryKey: [topic, 'holds'], queryFn: () => get<Holds>('/enforcement/holds') }),
  holdPreview: (asset: string) =>
    queryOptions({
      queryKey: [topic, 'hold', asset],
      queryFn: () => get<HoldPreview>(`/enforcement/holds/${encodeURIComponent(asset)}/preview`),
      retry: false,
    }),
  preview: (id: string, act: PointPreview['act']) =>
    queryOptions({
      queryKey: [topic, 'preview', id, act],
      queryFn: () => get<PointPreview>(at(id, `/preview?act=${act}`)),
      retry: false,
    }),
};

/** Life-critical devices that wait for a person. */
export interface Holds {
  items: HoldRow[];
}

export interface NewOrder {
  act: OrderAct;
  trialSeconds?: number;
  cutLifeCritical?: number;
  reason: string;
}

export const enforcementActs = {
  add: (point: Pick<EnforcementPoint, 'name' | 'place' | 'kind'> & { reason: string }) =>
    post('/enforcement/points', point),
  remove: (id: string, reason: string) => post(at(id, '/removal'), { reason }),
  order: (id: string, order: NewOrder) => post(at(id, '/orders'), { ...order }),
  decide: (asset: string, follow: boolean, reason: string) =>
    post(`/enforcement/holds/${encodeURIComponent(asset)}/decision`, { follow, reason }),
  withdraw: (order: string, reason: string) =>
    post(`/enforcement/orders/${encodeURIComponent(order)}/withdrawal`, { reason }),
};
