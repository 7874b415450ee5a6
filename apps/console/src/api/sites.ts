import { post } from './client.ts';

export interface SiteText {
  name: string;
  region: string;
  timeZone: string;
}

/** Naming sites. */
export const sites = {
  add: (site: SiteText, reason: string) => post('/sites', { ...site, reason }),
  change: (id: number, site: SiteText, reason: string) => post(`/sites/${id}`, { ...site, reason }),
};
