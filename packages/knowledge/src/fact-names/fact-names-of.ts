/** Every fact of every kind of a family, held complete by the compiler. */
export type FactNamesOf<Family> = {
  readonly [K in keyof Family]: { readonly [F in keyof Required<Family[K]>]: true };
};
