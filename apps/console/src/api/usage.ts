import { post } from './client.ts';

export type {
  AssetUsage,
  SafeWindow,
  UsageClass,
  UsageClasses,
  UsageList,
  UsageRow,
  UsageState,
} from '@wardline/model';

export interface AdoptedWindow {
  on: 'asset' | 'class';
  onId: string;
  day: number;
  fromHour: number;
  hours: number;
  note: string;
}

/** A proposed window, or a part of it, becomes a maintenance window. */
export const adoptWindow = (window: AdoptedWindow, reason: string) =>
  post('/usage/windows', { ...window, reason });
