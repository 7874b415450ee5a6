import type { Checkout, SecretAdopt } from '@wardline/model';
import { post } from './client.ts';

export type { Checkout, SecretDetail, SecretList, SecretRow, SecretWork } from '@wardline/model';

const path = (id: string, act: string) => `/secrets/${encodeURIComponent(id)}/${act}`;

/** Secrets of accounts on devices. */
export const secrets = {
  adopt: (body: Omit<SecretAdopt, 'reason'>, reason: string) =>
    post<{ id: string }>('/secrets', { ...body, reason }),
  checkOut: (id: string, minutes: number, reason: string) =>
    post<Checkout>(path(id, 'checkouts'), { minutes, reason }),
  giveBack: (id: string, checkout: string) =>
    post(path(id, `checkouts/${encodeURIComponent(checkout)}/return`), {}),
  rotate: (id: string, window: { opens: string; closes: string }, reason: string) =>
    post(path(id, 'rotation'), { ...window, reason }),
  cancel: (id: string, reason: string) => post(path(id, 'rotation/cancellation'), { reason }),
  remove: (id: string, reason: string) => post(path(id, 'removal'), { reason }),
};
