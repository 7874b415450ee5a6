/** A metric: its short name, the values it can have, and the value that stands for one not given. */
export interface Metric {
  key: string;
  values: readonly string[];
  /** Null where it has to be given. */
  otherwise: string | null;
}

export const required = (key: string, values: string): Metric => ({
  key,
  values: values.split(' '),
  otherwise: null,
});

/** Not defined, unless given: `X`, or `ND` in CVSS 2.0. */
export const optional = (key: string, values: string, otherwise = 'X'): Metric => ({
  key,
  values: [otherwise, ...values.split(' ')],
  otherwise,
});

/** The base metrics as modified for an environment: the same values. */
export const modified = (base: readonly Metric[]): Metric[] =>
  base.map(({ key, values }) => optional(`M${key}`, values.join(' ')));
