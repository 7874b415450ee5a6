import type { Context } from '../../../context.ts';
import { Exposures } from '../register/facts.ts';
import { threatModels } from './class-threats.ts';

/** Threats of all classes of which there are devices, by where they stand. */
export async function threatCounts(
  context: Context,
): Promise<{ classes: number; open: number; unknown: number; answered: number }> {
  const { classes } = await threatModels(context, new Exposures(context), null);
  const sum = (of: (one: (typeof classes)[number]) => number) =>
    classes.reduce((total, one) => total + of(one), 0);
  return {
    classes: classes.length,
    open: sum(({ threats }) => threats.open),
    unknown: sum(({ threats }) => threats.unknown),
    answered: sum(({ threats }) => threats.mitigated),
  };
}
