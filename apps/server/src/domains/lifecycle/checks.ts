import type { Check, Condition, DeviceBackup, Finding, Hardening, LifecycleState } from '@wardline/model';
import { backupStanding } from './backups.ts';

/** What is known of a device when its checklist is asked. */
export interface DeviceFacts {
  class: string;
  serial: string;
  udi: boolean;
  register: string;
  /** Zones of the policy in force that hold it; null where no policy is in force. */
  zones: readonly string[] | null;
  hardening: Hardening;
  findings: readonly Pick<Finding, 'rule' | 'title' | 'severity'>[];
  hasForm: boolean;
  hasSbom: boolean;
  conditions: readonly Condition[];
  lastSeen: number;
  /** Microseconds since which it is in its state; null while nobody has said any. */
  since: number | null;
  state: LifecycleState;
  sanitised: boolean;
  /** Certificates of it that hold. */
  certificates: number;
  software: string;
  /** The newest copy of its settings. */
  backup: DeviceBackup | null;
  /** The day on which the list is asked, as 2026-01-31. */
  today: string;
}

const check = (id: string, title: string, answer: Check['answer'], reason: string): Check => ({
  id,
  title,
  answer,
  reason,
});

/** What has to be so before a device serves patients. What nobody has looked at is unknown, and never done. */
export function commissioningChecks(facts: DeviceFacts): Check[] {
  return [
    identity(facts),
    registered(facts),
    zone(facts),
    baseline(facts),
    credentials(facts),
    findings(facts),
    documents(facts),
    backup(facts),
    ...conditions(facts),
  ];
}

function identity({ class: kind, serial, udi }: DeviceFacts): Check {
  const title = 'It is known which device it is';
  const isKnown = kind !== '' && kind !== 'unknown';
  if (isKnown && (serial !== '' || udi))
    return check(
      'identity',
      title,
      'done',
      `Kind, and ${udi ? 'device identifier' : 'serial number'}, are known.`,
    );
  const missing = [
    ...(isKnown ? [] : ['what kind of device it is']),
    ...(serial !== '' || udi ? [] : ['a serial number or device identifier']),
  ];
  return check('identity', title, 'open', `Not known: ${missing.join(', ')}.`);
}

const registered = ({ register }: DeviceFacts): Check =>
  register === 'matched'
    ? check('register', 'The register knows it', 'done', 'It is matched with an entry.')
    : check('register', 'The register knows it', 'open', 'No entry of the register is matched with it.');

function zone({ zones }: DeviceFacts): Check {
  const title = 'The policy has a zone for it';
  if (zones === null) return check('zone', title, 'unknown', 'No policy is in force.');
  return zones.length > 0
    ? check('zone', title, 'done', `It is in ${zones.join(', ')}.`)
    : check('zone', title, 'open', 'It is in no zone of the policy in force.');
}

function baseline({ hardening: { baseline: held, items } }: DeviceFacts): Check {
  const title = 'It meets the baseline of its kind';
  if (held === null) return check('baseline', title, 'unknown', 'Its kind is not known, or has no baseline.');
  const bad = items.filter(({ answer }) => answer === 'not-met');
  const open = items.filter(({ answer }) => answer === 'unknown');
  if (bad.length > 0)
    return check('baseline', title, 'open', `Not met: ${bad.map(({ title: what }) => what).join('; ')}.`);
  return open.length > 0
    ? check(
        'baseline',
        title,
        'unknown',
        `Nobody has looked at: ${open.map(({ title: what }) => what).join('; ')}.`,
      )
    : check('baseline', title, 'done', `All of "${held.label}" is met.`);
}

const passwordRules = ['default-credential', 'default-credential-accepted', 'unauthenticated-service'];

function credentials({ findings: open, hardening }: DeviceFacts): Check {
  const title = 'Its passwords are its own';
  const bad = open.filter(({ rule }) => passwordRules.includes(rule));
  if (bad.length > 0) return check('credentials', title, 'open', `${bad[0]!.title}.`);
  const item = hardening.items.find(({ question }) => question === 'credentials');
  return item?.answer === 'met'
    ? check('credentials', title, 'done', item.reason)
    : check('credentials', title, 'unknown', 'No check of default logins is known.');
}

function findings({ findings: open }: DeviceFacts): Check {
  const title = 'No grave finding is open';
  const grave = open.filter(({ severity }) => severity === 'critical' || severity === 'high');
  return grave.length === 0
    ? check('findings', title, 'done', 'None of critical or high severity.')
    : check(
        'findings',
        title,
        'open',
        `${grave.length} open: ${[...new Set(grave.map((one) => one.title))].slice(0, 3).join('; ')}.`,
      );
}

function documents({ hasForm, hasSbom }: DeviceFacts): Check {
  const title = "The maker's statement and bill of materials are here";
  const missing = [...(hasForm ? [] : ['MDS2 form']), ...(hasSbom ? [] : ['bill of materials'])];
  return missing.length === 0
    ? check('documents', title, 'done', 'Both are here.')
    : check('documents', title, 'open', `Missing: ${missing.join(', ')}.`);
}

function backup({ backup: newest, software, today }: DeviceFacts): Check {
  const { answer, reason } = backupStanding(newest, software, today);
  return check('backup', 'Its settings are backed up', answer, reason);
}

const conditions = ({ conditions: all }: DeviceFacts): Check[] =>
  all.map(({ id, text, due, met }) =>
    check(
      `condition-${id}`,
      text,
      met ? 'done' : 'open',
      `A condition of its purchase${due === null ? '' : `, due ${due}`}.`,
    ),
  );

/** What has to be gone before a device leaves, and stays gone (NIST SP 800-88 rev. 1 §4). */
export function leavingChecks({
  state,
  since,
  lastSeen,
  zones,
  sanitised,
  certificates,
}: DeviceFacts): Check[] {
  const hasLeft = state === 'decommissioned' || state === 'lost';
  const isBack = hasLeft && since !== null && lastSeen > since;
  return [
    check(
      'sanitised',
      'Its data are removed, and that is recorded',
      sanitised ? 'done' : 'open',
      sanitised ? 'The record stands in its history.' : 'There is no record of it.',
    ),
    hasLeft
      ? check(
          'silent',
          'It is off the network',
          isBack ? 'open' : 'done',
          isBack ? 'It was seen after it had left.' : 'It was not seen since.',
        )
      : check('silent', 'It is off the network', 'open', 'It is still in use.'),
    zones === null
      ? check('flows', 'No zone lets it through any more', 'unknown', 'No policy is in force.')
      : check(
          'flows',
          'No zone lets it through any more',
          zones.length === 0 ? 'done' : 'open',
          zones.length === 0 ? 'It is in no zone.' : `It is still in ${zones.join(', ')}.`,
        ),
    check(
      'certificates',
      'Its certificates are revoked',
      certificates === 0 ? 'done' : 'open',
      certificates === 0 ? 'None of Wardline’s authorities holds.' : `${certificates} of them still hold.`,
    ),
    check(
      'credentials',
      'Its accounts are withdrawn',
      'unknown',
      'Nothing tells of it here; say so in the reason.',
    ),
  ];
}
