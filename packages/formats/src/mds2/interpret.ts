import { FORM_WARNINGS } from '../limits.ts';
import type { Sheets } from '../spreadsheet/sheet.ts';
import { columnsOf } from './columns.ts';
import { editionOf, questionsIn } from './find-questions.ts';
import {
  FormFault,
  isHeading,
  type Mds2Answer,
  type Mds2Edition,
  type Mds2Form,
  type Mds2Warning,
} from './form.ts';
import { Grid } from './grid.ts';
import { orderOf } from './ids.ts';
import { Notes } from './notes.ts';
import { productOf } from './product.ts';
import { answerOf } from './read-answers.ts';

/** What the sheets say, each question once. @throws FormFault where they are no form */
export function interpret({ sheets, warnings: before }: Sheets): Mds2Form {
  const warnings: Mds2Warning[] = [...before];
  const warn = (warning: Mds2Warning) => void warnings.push(warning);
  const grids = sheets.map((sheet) => new Grid(sheet));
  const edition = editionOf(grids);
  if (edition === null) {
    const [cause] = before;
    const message = 'no questions of an MDS2 form (2019 or 2013) were found in it';
    throw new FormFault(cause?.place ?? '1', cause === undefined ? message : `${message}: ${cause.message}`);
  }
  const answers = withoutRepeats(
    grids.flatMap((grid) => answersIn(grid, edition, warn)),
    warn,
  );
  const order = orderOf(edition);
  const found = new Set(answers.map(({ id }) => id));
  return {
    edition,
    product: productOf(grids, answers),
    answers: answers.toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id)),
    missing: order.filter((id) => !found.has(id) && !isHeading(id)),
    warnings: capped(warnings),
  };
}

function answersIn(grid: Grid, edition: Mds2Edition, warn: (warning: Mds2Warning) => void): Mds2Answer[] {
  const questions = questionsIn(grid, edition, warn);
  const asked = new Set(questions.map(({ cell }) => cell.row));
  const the = {
    grid,
    edition,
    warn,
    asked,
    columns: columnsOf(grid, questions),
    notes: new Notes(grid, asked),
  };
  return questions.map((question) => answerOf(question, the));
}

/** A question that is answered twice, and differently, is not answered. */
function withoutRepeats(answers: readonly Mds2Answer[], warn: (warning: Mds2Warning) => void): Mds2Answer[] {
  const kept = new Map<string, Mds2Answer>();
  for (const answer of answers) {
    const first = kept.get(answer.id);
    if (first === undefined || first.value === 'blank') kept.set(answer.id, answer);
    else if (answer.value !== 'blank') {
      const agrees = answer.value === first.value && (answer.value !== 'text' || answer.text === first.text);
      const but = agrees ? 'the same' : 'something else; neither counts';
      warn({ place: answer.place, message: `${answer.id} is answered again, after ${first.place}: ${but}` });
      if (!agrees) kept.set(answer.id, { ...first, value: 'unclear' });
    }
  }
  return [...kept.values()];
}

function capped(warnings: readonly Mds2Warning[]): Mds2Warning[] {
  if (warnings.length <= FORM_WARNINGS) return [...warnings];
  const rest = warnings.length - FORM_WARNINGS;
  return [
    ...warnings.slice(0, FORM_WARNINGS),
    { place: '', message: `${rest} more warnings are not listed` },
  ];
}
