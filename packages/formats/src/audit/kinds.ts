/** A code of DICOM's ontology (PS3.16 CID 400 to 403). */
export interface DicomCode {
  code: string;
  meaning: string;
}

export interface AuditKind {
  event: DicomCode;
  type: DicomCode;
  /** Create, update, delete or execute, as PS3.15 A.5.2 and FHIR name them. */
  action: 'C' | 'U' | 'D' | 'E';
  /** Whom it concerns more than its subject: who may do what is a matter of its own in OCSF. */
  about: 'session' | 'account' | 'privilege' | 'entity';
  /** An act that people have to look at. */
  isLoud: boolean;
  /** What was tried did not come about: a sign-in that was refused, an import that failed. */
  failed: boolean;
}

const code = (number: number, meaning: string): DicomCode => ({ code: String(number), meaning });

const securityAlert = code(110113, 'Security Alert');
const authentication = code(110114, 'User Authentication');
const application = code(110100, 'Application Activity');
const login = code(110122, 'Login');
const logout = code(110123, 'Logout');
const overrideStarted = code(110127, 'Emergency Override Started');
const overrideStopped = code(110138, 'Emergency Override Stopped');
const rolesChanged = code(110136, 'Security Roles Changed');
const userChanged = code(110137, 'User Security Attributes Changed');
const configuration = code(110129, 'Security Configuration');
const started = code(110120, 'Application Start');
const stopped = code(110121, 'Application Stop');

/** Emergency access begins and ends by these; what prepares or reviews it changes who may do what. */
const overrides: Readonly<Record<string, DicomCode | undefined>> = {
  'emergency.start': overrideStarted,
  'emergency.open': overrideStarted,
  'emergency.end': overrideStopped,
  'emergency.stop': overrideStopped,
};
/** Who may do what; of it, the acts by which somebody holds more than before, or no more. */
const authority: ReadonlySet<string> = new Set(['elevation', 'emergency', 'grant']);
const changesOfPrivilege: ReadonlySet<string> = new Set(
  'grant.assign grant.withdraw elevation.approve elevation.end'.split(' '),
);
const accounts: ReadonlySet<string> = new Set(['account', 'people', 'person', 'token', 'scim']);
const creations: ReadonlySet<string> = new Set(
  'add approve assign create enrol import invite issue make open prepare request start trust'.split(' '),
);
const failures: ReadonlySet<string> = new Set(['fail', 'refused']);
const endings: ReadonlySet<string> = new Set(
  'cancel close delete end erase expire refuse remove revoke stop withdraw'.split(' '),
);

/** What sort of act `domain.verb` is. An act of a domain that is not named here changes how Wardline protects. */
export function kindOf(action: string): AuditKind {
  const [domain = '', verb = ''] = action.split('.', 2);
  // `add-passkey` adds.
  const [does = ''] = verb.split('-', 1);
  const ends = endings.has(does);
  const letter = ends ? 'D' : creations.has(does) ? 'C' : 'U';
  const quiet = { isLoud: false, failed: failures.has(verb) };
  if (domain === 'session')
    return { event: authentication, type: ends ? logout : login, action: 'E', about: 'session', ...quiet };
  const override = Object.hasOwn(overrides, action) ? overrides[action] : undefined;
  if (override !== undefined)
    return { event: securityAlert, type: override, action: 'E', about: 'privilege', ...quiet, isLoud: true };
  if (domain === 'server' || domain === 'platform')
    return { event: application, type: ends ? stopped : started, action: 'E', about: 'entity', ...quiet };
  if (authority.has(domain)) {
    const about = changesOfPrivilege.has(action) ? 'privilege' : 'entity';
    return { event: securityAlert, type: rolesChanged, action: letter, about, ...quiet };
  }
  if (accounts.has(domain))
    return { event: securityAlert, type: userChanged, action: letter, about: 'account', ...quiet };
  return { event: securityAlert, type: configuration, action: letter, about: 'entity', ...quiet };
}
