import { queryOptions } from '@tanstack/react-query';
import type {
  AssetFirmware,
  FirmwareRelease,
  FirmwareStatus,
  Rollout,
  RolloutDetail,
  rolloutSteps,
} from '@wardline/model';
import { get, post } from './client.ts';

const topic = 'firmware';
export type RolloutPlan = Rollout['plan'];
export type RolloutStep = (typeof rolloutSteps)[number];

export const firmwareQueries = {
  status: () =>
    queryOptions({ queryKey: [topic, 'status'], queryFn: () => get<FirmwareStatus>('/firmware') }),
  releases: () =>
    queryOptions({
      queryKey: [topic, 'releases'],
      queryFn: () => get<{ asOf: string; items: FirmwareRelease[] }>('/firmware/releases'),
    }),
  rollouts: () =>
    queryOptions({
      queryKey: [topic, 'rollouts'],
      queryFn: () => get<{ asOf: string; items: Rollout[] }>('/firmware/rollouts'),
    }),
  rollout: (id: string) =>
    queryOptions({
      queryKey: [topic, 'rollout', id],
      queryFn: () => get<RolloutDetail>(`/firmware/rollouts/${encodeURIComponent(id)}`),
    }),
};

export const assetFirmware = (asset: string) =>
  queryOptions({
    queryKey: [topic, 'asset', asset],
    queryFn: () => get<AssetFirmware>(`/assets/${encodeURIComponent(asset)}/firmware`),
  });

export const firmwareActs = {
  begin: (path: string, plan: RolloutPlan, reason: string) =>
    post<{ id: string }>('/firmware/rollouts', { path, plan, reason }),
  step: (id: string, step: RolloutStep, reason: string) =>
    post(`/firmware/rollouts/${encodeURIComponent(id)}/steps`, { step, reason }),
};
