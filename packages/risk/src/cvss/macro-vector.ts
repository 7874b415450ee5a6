/** A metric's value in effect: as modified for the environment, and the worst where it is not defined. */
export type Effective = (key: string) => string;

export interface MacroVector {
  eq1: number;
  eq2: number;
  eq3: number;
  eq4: number;
  eq5: number;
  eq6: number;
}

/** CVSS 4.0, tables 24–29: the levels of the six equivalence sets. */
export function macroVectorOf(of: Effective): MacroVector {
  return { eq1: eq1(of), eq2: eq2(of), eq3: eq3(of), eq4: eq4(of), eq5: eq5(of), eq6: eq6(of) };
}

function eq1(of: Effective): number {
  const free = [of('AV'), of('PR'), of('UI')].filter((value) => value === 'N').length;
  if (free === 3) return 0;
  return free > 0 && of('AV') !== 'P' ? 1 : 2;
}

const eq2 = (of: Effective): number => (of('AC') === 'L' && of('AT') === 'N' ? 0 : 1);

function eq3(of: Effective): number {
  if (of('VC') === 'H' && of('VI') === 'H') return 0;
  return ['VC', 'VI', 'VA'].some((key) => of(key) === 'H') ? 1 : 2;
}

function eq4(of: Effective): number {
  if (of('SI') === 'S' || of('SA') === 'S') return 0;
  return ['SC', 'SI', 'SA'].some((key) => of(key) === 'H') ? 1 : 2;
}

const eq5 = (of: Effective): number => ['A', 'P', 'U'].indexOf(of('E'));

const eq6 = (of: Effective): number =>
  ['C', 'I', 'A'].some((key) => of(`${key}R`) === 'H' && of(`V${key}`) === 'H') ? 0 : 1;
