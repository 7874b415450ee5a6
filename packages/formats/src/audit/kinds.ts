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

const emergencies: ReadonlySet<string> = new Set(['emergency', 'break-glass', 'breakglass']);
/** Emergency access begins and ends by these; what prepares or reviews it changes who may do what. */
const overrides: ReadonlySet<string> = new Set(['start', 'open', 'end', 'stop']);
const privileges: ReadonlySet<string> = new Set(['access', 'elevation', 'grant', 'role', 'privilege']);
const accounts: ReadonlySet<string> = new Set([
  'person',
  'token',
  'passkey',
  'password',
  'scim',
  'account',
  'sign-in',
]);
const creations: ReadonlySet<string> = new Set(
  'add approve create enrol grant import invite issue open request start trust'.split(' '),
);
const endings: ReadonlySet<string> = new Set(
  'cancel close delete end erase leave refuse remove revoke sign-out stop withdraw'.split(' '),
);

/** What sort of act `domain.verb` is. An act of a domain that is not named here changes how Wardline protects. */
export function kindOf(action: string): AuditKind {
  const [domain = '', verb = ''] = action.split('.', 2);
  const ends = endings.has(verb);
  const letter = ends ? 'D' : creations.has(verb) ? 'C' : 'U';
  const quiet = { isLoud: false } as const;
  if (domain === 'session')
    return { event: authentication, type: ends ? logout : login, action: 'E', about: 'session', ...quiet };
  if (emergencies.has(domain) && overrides.has(verb)) return emergency(ends);
  if (domain === 'server' || domain === 'platform')
    return { event: application, type: ends ? stopped : started, action: 'E', about: 'entity', ...quiet };
  if (privileges.has(domain) || emergencies.has(domain))
    return { event: securityAlert, type: rolesChanged, action: letter, about: 'privilege', ...quiet };
  if (accounts.has(domain))
    return { event: securityAlert, type: userChanged, action: letter, about: 'account', ...quiet };
  return { event: securityAlert, type: configuration, action: letter, about: 'entity', ...quiet };
}

function emergency(ends: boolean): AuditKind {
  const type = ends ? overrideStopped : overrideStarted;
  return { event: securityAlert, type, action: 'E', about: 'privilege', isLoud: true };
}
