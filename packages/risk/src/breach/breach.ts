/** What is known of an event by which protected health information may have been compromised. */
export interface BreachFacts {
  /** First day on which anybody of the workforce or an agent knew of it; `YYYY-MM-DD` as all days here. */
  known: string;
  /** The day on which reasonable diligence would have shown it, where that is earlier. */
  shouldHaveKnown: string | null;
  /** Secured information (encrypted or destroyed as the HHS guidance says, key not taken) is outside the rule. */
  secured: 'yes' | 'no' | 'unknown';
  /** One of the three exceptions of 45 CFR 164.402(1), with the reason; null where none holds. */
  exception: { kind: BreachException; reason: string } | null;
  factors: Readonly<Record<BreachFactor, { weight: FactorWeight; reason: string }>>;
  /** Whose information; null while nobody has counted. */
  individuals: number | null;
  /** The largest number of residents of one state or jurisdiction; null while nobody has counted. */
  mostInOneState: number | null;
  /** A business associate tells its covered entity, which tells everybody else. */
  role: 'covered-entity' | 'business-associate';
  delay: LawEnforcementDelay | null;
}

export const breachExceptions = [
  'unintentional-acquisition',
  'inadvertent-disclosure',
  'not-retained',
] as const;
export type BreachException = (typeof breachExceptions)[number];
/** 45 CFR 164.402(2)(i) to (iv). */
export const breachFactors = ['nature', 'recipient', 'acquired', 'mitigated'] as const;
export type BreachFactor = (typeof breachFactors)[number];
/** `low` speaks for a low probability that the information was compromised. */
export type FactorWeight = 'low' | 'not-low' | 'unknown';

/** A statement of a law-enforcement official (45 CFR 164.412). */
export interface LawEnforcementDelay {
  form: 'written' | 'oral';
  /** The day of the statement. */
  stated: string;
  /** The day until which a written statement asks to wait. */
  until: string | null;
}

export interface BreachConclusion {
  /** Notification is due. */
  notifiable: boolean;
  verdict: 'secured' | 'excepted' | 'low-probability' | 'presumed' | 'breach';
  /** Sentences with their clauses. */
  because: string[];
}

const clauseOf: Readonly<Record<BreachFactor, string>> = {
  nature: '164.402(2)(i)',
  recipient: '164.402(2)(ii)',
  acquired: '164.402(2)(iii)',
  mitigated: '164.402(2)(iv)',
};
const nameOf: Readonly<Record<BreachFactor, string>> = {
  nature: 'what kind of information it was',
  recipient: 'who had it',
  acquired: 'whether it was really seen or taken',
  mitigated: 'how far the risk was taken away',
};

/**
 * Whether an event counts as a breach (45 CFR 164.402). It is presumed to be one: only when all four factors were weighed, each
 * with its reason, and each speaks for a low probability, the presumption falls. What is unknown never helps.
 */
export function assessBreach(facts: BreachFacts): BreachConclusion {
  // 45 CFR 164.402, "unsecured protected health information"
  if (facts.secured === 'yes')
    return conclude('secured', [
      'The information was secured, so that the rule does not ask for notification (164.402).',
    ]);
  // 45 CFR 164.402(1)(i) to (iii)
  if (facts.exception !== null && isSaid(facts.exception.reason))
    return conclude('excepted', [`An exception holds (164.402(1)): ${facts.exception.reason}`]);
  const weighed = breachFactors.map((factor) => ({ factor, weight: weightOf(facts, factor) }));
  // 45 CFR 164.402(2)
  if (weighed.every(({ weight }) => weight === 'low'))
    return conclude(
      'low-probability',
      weighed.map(({ factor }) => `Low: ${nameOf[factor]} (${clauseOf[factor]}).`),
    );
  const against = weighed.filter(({ weight }) => weight === 'not-low');
  const open = weighed.filter(({ weight }) => weight === 'unknown');
  return conclude(against.length > 0 ? 'breach' : 'presumed', [
    ...against.map(({ factor }) => `Not low: ${nameOf[factor]} (${clauseOf[factor]}).`),
    ...open.map(
      ({ factor }) =>
        `Not weighed yet: ${nameOf[factor]} (${clauseOf[factor]}); until then it counts as a breach.`,
    ),
  ]);
}

/** A weight without its reason was not documented, and the burden of proof is the entity's (45 CFR 164.414(b)). */
function weightOf({ factors }: BreachFacts, factor: BreachFactor): FactorWeight {
  const { weight, reason } = factors[factor];
  return isSaid(reason) || weight === 'not-low' ? weight : 'unknown';
}

const isSaid = (reason: string): boolean => reason.trim().length > 0;

const conclude = (verdict: BreachConclusion['verdict'], because: string[]): BreachConclusion => ({
  verdict,
  notifiable: verdict === 'presumed' || verdict === 'breach',
  because,
});

/** The first day on which it was known or would have been (45 CFR 164.404(a)(2), 164.410(a)(2)). */
export function discoveredOn({
  known,
  shouldHaveKnown,
}: Pick<BreachFacts, 'known' | 'shouldHaveKnown'>): string {
  return shouldHaveKnown !== null && shouldHaveKnown < known ? shouldHaveKnown : known;
}
