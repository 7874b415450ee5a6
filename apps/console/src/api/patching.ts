import { post } from './client.ts';

export type { MaintenanceWindow, PatchItem, PatchPlan } from '@wardline/model';

export interface NewWindow {
  on: 'asset' | 'class' | 'all';
  onId: string | null;
  day: number;
  fromHour: number;
  hours: number;
  timeZone: string;
  note: string;
}

/** What persons say of when devices may be taken out of use. */
export const patchActs = {
  addWindow: (window: NewWindow, reason: string) => post('/maintenance-windows', { ...window, reason }),
  removeWindow: (id: string, reason: string) =>
    post(`/maintenance-windows/${encodeURIComponent(id)}/removal`, { reason }),
};
