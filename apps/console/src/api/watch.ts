import type { ReceiverSettings, RuleTried } from '@wardline/model';
import { post } from './client.ts';

export type {
  AlertList,
  AlertReceiver,
  AlertReceiverList,
  AlertRow,
  AllowedList,
  AllowedRow,
  Behaviour,
  BehaviourHabit,
  ClassBehaviour,
  ClassBehaviourList,
  ClassHabit,
  LearntDevice,
  LearntList,
  LogLineList,
  StoryDetail,
  StoryEntryKind,
  StoryList,
  StoryRow,
  WatchRule,
  WatchRuleList,
  WatchStatus,
  WatchStatusList,
} from '@wardline/model';

type Made = { id: string; incident: number | null };
const story = (id: string, act: string) => `/watch/stories/${encodeURIComponent(id)}/${act}`;

/** What people do with stories, and with what the watch has learnt. */
export const watchActs = {
  take: (id: string) => post<Made>(story(id, 'take'), {}),
  acknowledge: (id: string, reason: string) => post<Made>(story(id, 'acknowledge'), { reason }),
  note: (id: string, text: string) => post<Made>(story(id, 'notes'), { text }),
  resolve: (id: string, body: { verdict: string; reason: string; allow: { until: string | null } | null }) =>
    post<Made>(story(id, 'resolve'), body),
  open: (id: string, reason: string) => post<Made>(story(id, 'open'), { reason }),
  incident: (id: string, body: { playbook: string; drill: boolean; reason: string }) =>
    post<Made>(story(id, 'incident'), body),
  disallow: (id: string, reason: string) => post(`/watch/allowed/${encodeURIComponent(id)}/end`, { reason }),
  learning: (site: number, order: 'end' | 'on' | 'anew', reason: string) =>
    post(`/watch/sites/${site}/learning`, { order, reason }),
  trust: (site: number, device: string, reason: string) =>
    post(`/watch/sites/${site}/trust`, { device, reason }),
  reviewClass: (
    site: number,
    body: { class: string; habit: string; verdict: 'normal' | 'not-normal' | null; reason: string },
  ) => post(`/watch/sites/${site}/classes/review`, body),
};

/** Who is sent alerts by the server itself. */
export const receiverActs = {
  add: (name: string, settings: ReceiverSettings, secret: string | undefined, reason: string) =>
    post<{ id: string; secret: string | null }>('/watch/receivers', { name, settings, secret, reason }),
  change: (id: string, paused: boolean, reason: string) =>
    post(`/watch/receivers/${id}/change`, { paused, reason }),
  remove: (id: string, reason: string) => post(`/watch/receivers/${id}/removal`, { reason }),
};

/** Rules that the hospital wrote itself. */
export const ruleActs = {
  try: (text: string, site: number, days: number) =>
    post<RuleTried>('/watch/rules/trial', { text, site, days }),
  save: (name: string, text: string, site: number | null, reason: string) =>
    post('/watch/rules', { name, text, site, reason }),
  enable: (id: string, anyway: boolean, reason: string) =>
    post(`/watch/rules/${id}/enable`, { anyway, reason }),
  disable: (id: string, reason: string) => post(`/watch/rules/${id}/disable`, { reason }),
  remove: (id: string, reason: string) => post(`/watch/rules/${id}/removal`, { reason }),
};
