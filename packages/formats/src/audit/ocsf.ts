import { type AuditedAct, type AuditSource, kindOfThing } from './act.ts';
import { type AuditKind, kindOf } from './kinds.ts';

/** The version of the Open Cybersecurity Schema Framework that is written. */
const OCSF_VERSION = '1.3.0';
/** Category 3: identity and access management. */
const CATEGORY = 3;
const OTHER = 99;

interface OcsfClass {
  uid: number;
  activity: number;
  /** What this class must carry besides what all carry. */
  own: Record<string, unknown>;
}

/** An act as an OCSF event of the category of identity and access management. */
export function ocsfEventOf(act: AuditedAct, source: AuditSource): Record<string, unknown> {
  const kind = kindOf(act.action);
  const { uid, activity, own } = classOf(act, kind);
  return {
    category_uid: CATEGORY,
    class_uid: uid,
    activity_id: activity,
    ...(activity === OTHER ? { activity_name: act.action } : {}),
    type_uid: uid * 100 + activity,
    // High where people have to look at it, low where something failed, informational otherwise.
    severity_id: kind.isLoud ? 4 : kind.failed ? 2 : 1,
    status_id: kind.failed ? 2 : 1,
    time: Math.floor(act.at / 1000),
    message: act.action,
    ...(act.reason === null ? {} : { comment: act.reason }),
    actor: { user: user(act.actor, act.actorName) },
    metadata: {
      version: OCSF_VERSION,
      product: { name: 'Wardline', vendor_name: 'Wardline', version: source.version },
      log_provider: source.host,
      log_name: 'ledger',
      uid: act.leaf,
      sequence: act.sequence,
    },
    unmapped: { action: act.action, subject: act.subject, changes: act.changes },
    ...own,
  };
}

const user = (uid: string, name: string | null) => ({ uid, ...(name === null ? {} : { name }) });

const entityActivity = { C: 1, U: 3, D: 4, E: OTHER } as const;
const accountActivity = { C: 1, U: OTHER, D: 6, E: OTHER } as const;

function classOf(act: AuditedAct, { about, action, type }: AuditKind): OcsfClass {
  if (about === 'session')
    return { uid: 3002, activity: type.meaning === 'Logout' ? 2 : 1, own: session(act) };
  if (about === 'account')
    return { uid: 3001, activity: accountActivity[action], own: { user: concerned(act) } };
  if (about === 'privilege') return privilege(act, action, type.meaning);
  const entity = { uid: act.subject, type: kindOfThing(act.subject) };
  return { uid: 3004, activity: entityActivity[action], own: { entity } };
}

const session = (act: AuditedAct) => ({
  user: user(act.actor, act.actorName),
  service: { name: 'Wardline' },
  session: { uid: act.subject },
});

/** 3005 User Access Management: assigned or revoked. */
function privilege(act: AuditedAct, action: AuditKind['action'], meaning: string): OcsfClass {
  const revoked = action === 'D' || meaning === 'Emergency Override Stopped';
  const { role } = act.changes;
  const privileges = [typeof role === 'string' ? role : act.action];
  return { uid: 3005, activity: revoked ? 2 : 1, own: { user: concerned(act), privileges } };
}

/** Whose account or privilege it is: the subject where that is somebody, and otherwise who acted. */
function concerned({ subject, actor, actorName }: AuditedAct) {
  const isSomebody = subject !== actor && /^(person|token|sensor):/.test(subject);
  return isSomebody ? user(subject, null) : user(actor, actorName);
}
