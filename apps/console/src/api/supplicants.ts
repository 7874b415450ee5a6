import { queryOptions } from '@tanstack/react-query';
import type { SupplicantNetwork, SupplicantReadinessList } from '@wardline/model';
import { get, post } from './client.ts';

const topic = 'trust';

export const supplicantQueries = {
  readiness: (state: string | undefined) =>
    queryOptions({
      queryKey: [topic, 'supplicants', state ?? ''],
      queryFn: () => get<SupplicantReadinessList>('/supplicants/readiness', { state }),
      placeholderData: (before) => before,
    }),
  networks: () =>
    queryOptions({
      queryKey: [topic, 'supplicant-networks'],
      queryFn: () => get<{ items: SupplicantNetwork[] }>('/supplicants/networks'),
    }),
};

export interface NewNetwork {
  name: string;
  ssid: string;
  servers: string[];
  wpa2Too: boolean;
}

export const supplicantActs = {
  /** By cable where it has no SSID. */
  add: ({ name, ssid, servers, wpa2Too }: NewNetwork, reason: string) =>
    post('/supplicants/networks', {
      name,
      servers,
      reason,
      ...(ssid === ''
        ? { medium: 'wired' }
        : { medium: 'wifi', ssid, managementFrames: wpa2Too ? 'optional' : 'required' }),
    }),
  remove: (id: string, reason: string) =>
    post(`/supplicants/networks/${encodeURIComponent(id)}/removal`, { reason }),
  file: (id: string, format: string, of: { zone: string } | { asset: string }) =>
    get<{ name: string; type: string; text: string }>(
      `/supplicants/networks/${encodeURIComponent(id)}/file`,
      { format, ...of },
    ),
};
