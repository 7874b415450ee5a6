import type { PolicyEffect, VersionRow } from '@wardline/model';
import { count, counted } from '../../format/number.ts';

export const stateWords: Record<VersionRow['state'], string> = {
  proposed: 'Waits for approval',
  approved: 'In force',
  refused: 'Refused',
  superseded: 'Was in force',
  withdrawn: 'Withdrawn',
};

export const modeWords = {
  observe: 'Observes only',
  alert: 'Alerts',
  enforce: 'Enforces',
} as const;

/** What a policy would do to what was recorded, in one sentence. */
export function effectSentence(effect: PolicyEffect): string {
  const { cut, cutLifeCritical, assets, passes, watched } = effect;
  if (cut === 0)
    return `Cuts nothing that was recorded: ${counted(passes, 'conversation')} declared, ${count(watched)} let through because nothing is enforced there.`;
  const life =
    cutLifeCritical === 0
      ? 'none of a life-critical device'
      : `${count(cutLifeCritical)} of them of life-critical devices`;
  return `Cuts ${counted(cut, 'recorded conversation')} on ${counted(assets, 'asset')}, ${life}.`;
}
