import type { BackupPlan } from '../../config/backups.ts';

export interface Standing {
  plan: BackupPlan;
  now: number;
  /** When the plan could first have made one. */
  since: number;
  /** As of when the newest full backup is that is kept, and whether it could be restored. */
  full: { at: number; proofTrouble: string | null } | null;
  /** Up to when changes were written; null where none are followed. */
  until: number | null;
  /** Why only full backups can be made. */
  hindrance: string | null;
  /** Why the last attempt failed. */
  trouble: string | null;
}

export interface Warning {
  what: string;
  remedy: string;
  /** True where something would be lost, so that whoever is on duty is told. */
  urgent: boolean;
}

const MINUTE = 60_000_000;

/** What is wrong with backups, the worst first; nothing where all is well. */
export function warningsOf(of: Standing): Warning[] {
  return [proof(of), overdueFull(of), overdueChanges(of), failing(of), hindered(of)].flatMap(
    (one) => one ?? [],
  );
}

function proof({ full }: Standing): Warning | null {
  if (full === null || full.proofTrouble === null) return null;
  return {
    what: `The newest backup could not be restored: ${full.proofTrouble}.`,
    remedy:
      'Run a backup now. Where it fails again, look at the folder’s medium and at the room in the data folder.',
    urgent: true,
  };
}

/** Half as long again as planned: one that takes its time is not overdue. */
function overdueFull({ plan, now, since, full }: Standing): Warning | null {
  const age = now - (full?.at ?? since);
  if (age <= plan.every * 1.5 + 10 * MINUTE) return null;
  return {
    what:
      full === null
        ? `No full backup was made yet, for ${spoken(age)}.`
        : `The newest full backup is ${spoken(age)} old; one is due every ${spoken(plan.every)}.`,
    remedy: `See that ${plan.folder} is there, has room and can be written, then run one now.`,
    urgent: true,
  };
}

function overdueChanges({ plan, now, full, until, hindrance }: Standing): Warning | null {
  if (plan.changes === null || hindrance !== null || full === null) return null;
  const age = now - (until ?? full.at);
  if (age <= plan.changes * 3 + MINUTE) return null;
  return {
    what: `Changes were last written ${spoken(age)} ago: so much would be lost with this machine.`,
    remedy: `See that ${plan.folder} is there, has room and can be written.`,
    urgent: true,
  };
}

function failing({ trouble }: Standing): Warning | null {
  if (trouble === null) return null;
  return {
    what: `The last attempt failed: ${trouble}.`,
    remedy: 'It is tried again by itself.',
    urgent: false,
  };
}

function hindered({ hindrance }: Standing): Warning | null {
  if (hindrance === null) return null;
  return {
    what: `Only the moments of full backups can be restored: ${hindrance}.`,
    remedy: 'Ask whoever runs the database for it, then start Wardline again.',
    urgent: false,
  };
}

/** As people say it: 90 minutes, 3 days. */
function spoken(micros: number): string {
  const minutes = Math.max(1, Math.round(micros / MINUTE));
  if (minutes < 120) return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
  const hours = Math.round(minutes / 60);
  return hours < 72 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
