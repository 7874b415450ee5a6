import type {
  elevationBody,
  elevationListResponse,
  emergencyListResponse,
  emergencyPlanBody,
  emergencyPlanListResponse,
  emergencyStatusResponse,
  permittedResponse,
  Elevation as StoredElevation,
  Emergency as StoredEmergency,
} from '@wardline/model';
import { post, remove } from './client.ts';

type Parsed<S extends { parse: (input: unknown) => unknown }> = ReturnType<S['parse']>;
export type Elevation = StoredElevation;
export type ElevationList = Parsed<typeof elevationListResponse>;
export type Wish = Omit<Parsed<typeof elevationBody>, 'reason' | 'holder'>;
export type Emergency = StoredEmergency;
export type EmergencyList = Parsed<typeof emergencyListResponse>;
export type EmergencyStatus = Parsed<typeof emergencyStatusResponse>;
export type EmergencyPlan = EmergencyStatus['plans'][number];
export type EmergencyPlans = Parsed<typeof emergencyPlanListResponse>;
export type Preparation = Omit<Parsed<typeof emergencyPlanBody>, 'reason'>;
export type Permitted = Parsed<typeof permittedResponse>;

/** Roles for a time. */
export const elevations = {
  request: (wish: Wish, reason: string) => post('/elevations', { ...wish, reason }),
  approve: (id: string, reason: string) => post(`/elevations/${id}/approval`, { reason }),
  refuse: (id: string, reason: string) => post(`/elevations/${id}/refusal`, { reason }),
  end: (id: string, reason: string) => remove(`/elevations/${id}`, { reason }),
};

/** Emergency access. */
export const emergencies = {
  start: (plan: string, code: string, reason: string) => post('/emergencies', { plan, code, reason }),
  open: (credential: string, code: string, reason: string) =>
    post('/emergency/open', { credential, code, reason }),
  end: (id: string, reason: string) => post(`/emergencies/${id}/end`, { reason }),
  stop: (id: string, reason: string) => post(`/emergencies/${id}/stop`, { reason }),
  review: (id: string, verdict: string, reason: string) =>
    post(`/emergencies/${id}/review`, { verdict, reason }),
  prepare: (plan: Preparation, reason: string) => post('/emergency/plans', { ...plan, reason }),
  withdraw: (id: string, reason: string) => remove(`/emergency/plans/${id}`, { reason }),
  seal: (id: string, reason: string) =>
    post<{ credential: string }>(`/emergency/plans/${id}/seal`, { reason }),
};
